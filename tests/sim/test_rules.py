# SPDX-License-Identifier: BSD-3-Clause
"""Rules: each condition against a count in the captures, each verdict by what it does."""

import collections

import packets
from packets import ACK, FIN, PSH, RST, SYN
from simtest import captured, check, good, link, run_lines, test
from test_links import DELAY, flood, lost_of, near, share_deviation

RR = ["host a", "host b", "link a b rate=10M delay=10ms", "app b rrserve"]


def missing(sent, received, src):
    """What `src` sent and the far end did not get; times are those of sending."""
    left = collections.Counter(p.data for p in received if p.src == src)
    lacking = []
    for p in sent:
        if p.src == src:
            if left[p.data] == 0:
                lacking.append(p)
            left[p.data] -= 1
    return lacking


def both_ends(lines, **how):
    """The outcome, and what a and b sent and received, parsed."""
    outcome, at_a, at_b = captured(lines, "a", "b", **how)
    return outcome, packets.parsed(at_a), packets.parsed(at_b)


# ---- conditions ----------------------------------------------------------------------------

class Side:
    def __init__(self):
        self.start = self.next = None
        self.window = 1
        self.turn = self.segments = self.turn_start = 0


class View:
    """What a packet is within its connection, told from all that was sent before it."""

    def __init__(self, at_a, at_b):
        a, b = packets.node(0), packets.node(1)
        self.conns = {}
        self.count = 0
        sent = [p for p in at_a if p.src == a] + [p for p in at_b if p.src == b]
        self.seen = []
        for p in sorted(sent, key=lambda p: p.time_ns):
            self.look(p)
            if p.src == a:
                self.seen.append(p)
                p.frame = len(self.seen)

    def look(self, p):
        key = frozenset(((p.src, p.sport), (p.dst, p.dport)))
        if key not in self.conns or (p.flags & SYN and self.conns[key][1][p.src].start
                                     not in (None, p.seq + 1)):
            self.count += 1
            self.conns[key] = [self.count, {p.src: Side(), p.dst: Side()}, None]
        conn = self.conns[key]
        side = conn[1][p.src]
        p.flow = conn[0]
        p.reopens = False
        if not p.flags & RST:
            if side.start is None:
                side.start = p.seq + bool(p.flags & SYN)
                side.next = p.seq
            p.reopens = side.window == 0 and p.window != 0
            side.window = p.window
        p.byte = p.seq - side.start
        end = p.seq + p.space
        p.again = p.space > 0 and end <= side.next
        p.first = p.space > 0 and end > side.next
        p.segment = 0
        if p.first:
            side.next = end
            if p.len:
                if conn[2] != p.src:
                    conn[2] = p.src
                    side.turn, side.segments, side.turn_start = side.turn + 1, 0, p.byte
                side.segments += 1
                p.segment = side.segments
        own = side.turn and p.byte >= side.turn_start
        p.turn = side.turn if own else 0
        p.at = p.byte - side.turn_start if own else None


def bare(p, flags):
    return p.flags & (SYN | FIN | RST | ACK) == flags


def carries(p, first, last):
    return p is not None and p.len and p.byte <= last and p.byte + p.len > first


CONDITIONS = {
    "syn": lambda p: p.flags & (SYN | ACK) == SYN,
    "synack": lambda p: p.flags & (SYN | ACK) == SYN | ACK,
    "fin": lambda p: p.flags & FIN,
    "rst": lambda p: p.flags & RST,
    "psh": lambda p: p.flags & PSH,
    "data": lambda p: p.len > 0,
    "!data": lambda p: p.len == 0,
    "ack": lambda p: bare(p, ACK) and p.len == 0,
    "first": lambda p: p.first,
    "again": lambda p: p.again,
    "reopens": lambda p: p.reopens,
    "tcp": lambda p: True,
    "other": lambda p: False,
    "ect": lambda p: False,
    "!ect data again": lambda p: p.len and p.again,
    "frame=20-50": lambda p: 20 <= p.frame <= 50,
    "frame=7": lambda p: p.frame == 7,
    "time=100ms-200ms": lambda p: 100_000_000 <= p.time_ns <= 200_000_000,
    "time=1s-": lambda p: p.time_ns >= 10**9,
    "len=1460": lambda p: p.len == 1460,
    "len=1-1200": lambda p: 1 <= p.len <= 1200,
    "size=40": lambda p: p.size == 40,
    "size=-41": lambda p: p.size <= 41,
    "window=0": lambda p: p.window == 0,
    "window=1-11679": lambda p: 1 <= p.window <= 11679,
    "port=5002": lambda p: 5002 in (p.sport, p.dport),
    "flow=2": lambda p: p.flow == 2,
    "flow=3-4 data": lambda p: p.flow in (3, 4) and p.len,
    "byte=4000-4999": lambda p: carries(p, 4000, 4999),
    "turn=2 data": lambda p: p.turn == 2 and p.len,
    "response=3-4 data first": lambda p: p.turn in (3, 4) and p.len and p.first,
    "segment=3": lambda p: p.segment == 3,
    "at=1459": lambda p: p.at is not None and p.len and p.at <= 1459 < p.at + p.len,
    "last=4000": lambda p: p.at is not None and p.len and p.at <= 3999 < p.at + p.len,
}
NTH = {"data nth=4": lambda n: min(n, 1) if n >= 4 else 0, "data once": lambda n: 1,
       "data nth=3-6": lambda n: 4, "data every=7": lambda n: n // 7}


@test()
def conditions_hold_for_what_they_say():
    lines = ["host a", "host b", "link a b rate=10M delay=10ms loss=3%", "app b rrserve",
             "app a rr to=b requests=20 request=4000 response=3000 connections=3 parallel=3",
             "app a serve rx=100k pauseat=50ms pause=3s", "app b stream to=a tx=100k"]
    for backend in ("legacy", "alt"):
        for text, holds in CONDITIONS.items():
            outcome, at_a, at_b = both_ends([*lines, f"rule a>b {text} pass"], backend=backend)
            good(outcome)
            told = link(outcome, "a", "b")["rules"][0]
            wanted = sum(bool(holds(p)) for p in View(at_a, at_b).seen)
            check(told["met"] == told["applied"] == wanted,
                  f"{backend}, '{text}': met {told['met']}, the captures show {wanted}")
            never = text in ("other", "ect", "rst")
            check((wanted == 0) == never, f"{backend}: '{text}' holds for {wanted}")
        for text, times in NTH.items():
            outcome, at_a, _ = both_ends([*lines, f"rule a>b {text} pass"], backend=backend)
            told = link(outcome, "a", "b")["rules"][0]
            met = sum(p.len > 0 for p in at_a if p.src == packets.node(0))
            check((told["met"], told["applied"]) == (met, times(met)), f"'{text}': {told} of {met}")


@test()
def conditions_on_what_is_not_tcp_and_on_ect():
    lines = ["host a profile=PMTU", "host b profile=PMTU", "router r", "link a r rate=10M delay=5ms",
             "link r b mtu=1000", "app b serve rx=20k", "app a stream to=b tx=20k",
             "flood a to=b port=99 ect=1 count=7 rate=10k",
             "rule r>a other pass", "rule a>r ect pass", "rule a>r !tcp pass"]
    outcome = good(run_lines(lines))
    check(link(outcome, "r", "a")["rules"][0]["met"] > 0, "no ICMP was seen")
    counts = [rule["met"] for rule in link(outcome, "a", "r")["rules"]]
    check(counts == [7, 0], f"{counts}")


@test()
def a_share_is_drawn_and_every_tenth_is_not():
    count = 20000
    lost = lost_of(count, flood("", count, rate=5000, extra=["rule r>b syn share=10% drop"])[1])
    near("share", len(lost) / count, 0.1, share_deviation(0.1, count))
    lost = lost_of(1000, flood("", 1000, extra=["rule r>b syn every=10 drop"])[1])
    check(lost == list(range(10, 1001, 10)), f"every tenth: {lost[:9]}")


# ---- verdicts ------------------------------------------------------------------------------

@test()
def the_first_verdict_wins():
    extra = ["rule r>b frame=5 pass", "rule r>b frame=4-6 drop", "rule r>b frame=6-7 duplicate"]
    figures, seen = flood("", 10, extra=extra)
    numbers = [number for number, _, _ in seen]
    check(numbers == [1, 2, 3, 5, 7, 7, 8, 9, 10], f"{numbers}")
    check([(r["met"], r["applied"]) for r in figures["rules"]] == [(1, 1), (2, 2), (1, 1)],
          f"{figures['rules']}")
    check((figures["rule_dropped"], figures["lost"]) == (2, 0), f"{figures}")


@test()
def delay_keeps_one_back_alone():
    figures, seen = flood("", 100, extra=["rule r>b nth=10 delay=7500us"])
    for number, sent, arrived in seen:
        wanted = DELAY + (7_500_000 if number == 10 else 0)
        check(arrived - sent == wanted, f"{number}: {arrived - sent}")
    check(figures["late"] == 1, f"{figures['late']} late")


@test()
def mark_sets_ce_where_it_may():
    for ect in (0, 1):
        lines = ["host a", "host b", "router r", "link r b", "link a r", "app b serve",
                 "app a stream to=b keep=2s", f"flood r to=b port=99 count=9 ect={ect}",
                 "rule r>b port=99 nth=4-5 mark"]
        outcome, records = captured(lines, "b")
        good(outcome)
        seen = [p for p in packets.parsed(records) if p.dport == 99]
        check(all(p.right for p in seen), "a checksum is wrong")
        wanted = [3 if n in (4, 5) and ect else 2 * ect for n in range(1, 10)]
        check([p.ecn for p in seen] == wanted, f"ECN {[p.ecn for p in seen]}")
        check(link(outcome, "r", "b")["marked"] == 2 * ect, "marked")


@test()
def corrupt_is_seen_by_the_checksum():
    outcome, _, at_b = both_ends([*RR, "app a rr to=b requests=3", "rule a>b data nth=2 corrupt"])
    good(outcome)
    wrong = [p for p in at_b if not p.right]
    check(len(wrong) == 1 and outcome.host("b")["tcp_chkerr"] == 1, f"{len(wrong)} wrong")


@test()
def the_last_segment_of_the_second_response_is_lost():
    for backend in ("legacy", "alt"):
        outcome, at_a, at_b = both_ends(
            [*RR, "app a rr to=b requests=4 response=5000",
             "rule b>a data response=2 last=5000 once drop"], backend=backend)
        good(outcome)
        lost = missing(at_b, at_a, packets.node(1))
        check(len(lost) == 1, f"{backend}: {len(lost)} lost")
        start = next(p.seq for p in at_b if p.src == packets.node(1) and p.flags & SYN) + 1
        check(lost[0].seq - start + lost[0].len == 10000, f"{backend}: lost up to "
              f"{lost[0].seq - start + lost[0].len}")
        times = outcome.app("rr")["latency_us"]
        check(times[1] > 2 * times[2], f"{backend}: {times}")


@test()
def the_first_syn_is_lost():
    outcome, at_a, at_b = both_ends([*RR, "app a rr to=b requests=1", "rule a>b syn once drop"])
    good(outcome)
    lost = missing(at_a, at_b, packets.node(0))
    check(len(lost) == 1 and lost[0].flags == SYN, f"{len(lost)} lost")
    check(outcome.app("rr")["connected_s"] > 0.5, "connected at once")


@test()
def the_update_that_reopens_the_window_is_lost():
    lines = ["host a", "host b", "link a b rate=10M delay=10ms", "rule b>a reopens once drop",
             "app b serve rx=100k pauseat=50ms pause=3s", "app a stream to=b tx=100k"]
    for backend in ("legacy", "alt"):
        outcome, at_a, at_b = both_ends(lines, backend=backend)
        good(outcome)
        lost = missing(at_b, at_a, packets.node(1))
        check(len(lost) == 1 and lost[0].len == 0 and lost[0].window > 0, f"{backend}: {lost}")
        before = [p.window for p in at_b
                  if p.src == packets.node(1) and p.time_ns < lost[0].time_ns]
        check(before[-1] == 0, f"{backend}: the window before was {before[-1]}")


@test()
def every_ack_of_three_seconds_is_lost():
    outcome, at_a, at_b = both_ends(
        ["host a", "host b", "link a b rate=400k delay=10ms", "rule b>a ack time=5s-8s drop",
         "app b serve rx=500k", "app a stream to=b tx=500k"])
    good(outcome)
    lost = missing(at_b, at_a, packets.node(1))
    wanted = [p for p in at_b if p.src == packets.node(1) and bare(p, ACK) and p.len == 0 and
              5e9 <= p.time_ns <= 8e9]
    check(len(lost) >= 3 and [p.time_ns for p in lost] == [p.time_ns for p in wanted],
          f"{len(lost)} lost, {len(wanted)} ACKs in these seconds")


def injected(kind, fails=False):
    """What arrives at b of an injection behind the third data segment of a; and the outcome."""
    outcome, at_a, at_b = both_ends(
        [*RR, "app a rr to=b requests=5", f"rule a>b data nth=3 inject={kind}",
         *(["mayfail"] if fails else [])])
    check(outcome.data["links"][0]["injected"] == 1, f"{kind}: not injected")
    extra = missing(at_b, at_a, packets.node(0)) if kind != "copy@50ms" else []
    sent = [p for p in at_a if p.src == packets.node(0) and p.len][2]
    check(all(p.right for p in at_b), f"{kind}: a checksum is wrong")
    return outcome, sent, extra, at_b


@test()
def injected_segments_are_what_they_say():
    outcome, sent, extra, _ = injected("rst", fails=True)
    check(len(extra) == 1 and extra[0].flags & RST and extra[0].seq == sent.seq + sent.len and
          extra[0].sport == sent.sport, f"rst: {len(extra)}")
    check(outcome.app("rrserve")["aborted"] == 1, "the RST aborted nothing")
    outcome, sent, extra, _ = injected("rst+100")
    check(extra[0].seq == sent.seq + sent.len + 100, "rst+100: seq")
    good(outcome)  # RFC 5961 3.2: a challenge ACK, and the connection lives
    outcome, sent, extra, at_b = injected("syn@5ms")
    arrived = next(p.time_ns for p in at_b if p.data == sent.data)
    check(extra[0].flags == SYN and extra[0].sport == sent.sport and
          extra[0].time_ns - arrived == 5_000_000, "syn@5ms")
    good(outcome)  # RFC 5961 4.2


@test()
def injected_copies_and_forged_syns():
    outcome, sent, _, at_b = injected("copy@50ms")
    times = [p.time_ns for p in at_b if p.data == sent.data]
    check(len(times) == 2 and times[1] - times[0] == 50_000_000, f"copy: {times}")
    good(outcome)
    lines = [*RR, "app a rr to=b requests=5", "rule a>b data nth=3 inject=forgedsyn"]
    outcome, at_b = captured(lines, "b")
    good(outcome)
    forged = [p for p in packets.parsed(at_b) if p.src[:1] == b"\xc6"]
    check(len(forged) == 1 and forged[0].flags == SYN and forged[0].dport == 5002 and
          forged[0].right, f"{len(forged)} forged")
    answers = [p for p in packets.parsed(at_b) if p.dst == forged[0].src]
    check(answers and answers[0].flags == SYN | ACK, "the forged SYN was not answered")
