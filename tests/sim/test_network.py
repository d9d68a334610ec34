# SPDX-License-Identifier: BSD-3-Clause
"""NATs, packets that are too big, floods, and mistakes in statements about the network."""

import tempfile

import packets
import simlib
from packets import ACK, RST, SYN
from simtest import BUILDS, captured, check, good, link, run_lines, test

BEHIND_NAT = ["host a", "host b", "nat n forget=60s", "link a n rate=10M delay=5ms",
              "link n b rate=10M delay=5ms", "app b rrserve"]
A, B, NAT = packets.node(0), packets.node(1), packets.node(2)


# ---- NATs ----------------------------------------------------------------------------------

@test()
def a_nat_shows_its_own_address_and_corrects_checksums():
    for backend in ("legacy", "alt"):
        outcome, at_a, at_b = captured(
            [*BEHIND_NAT, "app a rr to=b requests=30 fresh=1 request=3000 response=3000"], "a", "b",
            backend=backend)
        good(outcome)
        for name, records, peers in (("a", at_a, {A, B}), ("b", at_b, {NAT, B})):
            seen = packets.parsed(records)
            check(all(p.right for p in seen), f"{name}: a checksum is wrong")
            check({p.src for p in seen} | {p.dst for p in seen} == peers, f"{name}: addresses")
        nat = outcome.data["nats"][0]
        check((nat["mapped"], nat["forgotten"], nat["inbound_dropped"]) == (30, 0, 0), f"{nat}")


@test()
def a_nat_does_not_repair_what_is_damaged():
    outcome, at_b = captured([*BEHIND_NAT, "path a n corrupt=5%",
                              "app a rr to=b requests=100 request=3000"], "b")
    good(outcome)
    wrong = sum(not p.right for p in packets.parsed(at_b))
    # A port that was hit has no mapping of its own, but gets one: it still arrives wrong.
    check(wrong == link(outcome, "a", "n")["corrupted"] > 10, f"{wrong} arrived with a wrong sum")


@test()
def a_mapping_in_use_is_kept():
    """Requests 50 s apart, for ten minutes: never idle for 60 s."""
    outcome = good(run_lines([*BEHIND_NAT, "app a rr to=b requests=12 think=50s"]))
    nat = outcome.data["nats"][0]
    check((nat["mapped"], nat["inbound_dropped"]) == (1, 0), f"{nat}")


@test()
def a_forgotten_mapping_comes_back_with_another_port():
    """Idle for 90 s: the next request comes from another port, and the server knows it not."""
    for backend in ("legacy", "alt"):
        outcome, at_a, at_b = captured(
            [*BEHIND_NAT, "mayfail", "end 120s", "app a rr to=b requests=3 think=90s"], "a", "b",
            backend=backend)
        check(outcome.data is not None and not outcome.data["failures"], f"{outcome.data}")
        nat = outcome.data["nats"][0]
        check(nat["mapped"] == 2 and nat["forgotten"] >= 1, f"{backend}: {nat}")
        ports = {p.sport for p in packets.parsed(at_b) if p.src == NAT}
        check(len(ports) == 2, f"{backend}: ports {ports}")
        refused = [p for p in packets.parsed(at_a) if p.src == B and p.flags & RST]
        check(refused and refused[0].right, f"{backend}: no RST came back through the NAT")
        check(outcome.app("rr")["aborted"] == 1, f"{backend}: {outcome.app('rr')}")


@test()
def what_comes_in_unknown_or_forgotten_is_dropped():
    outcome, at_a = captured(
        ["host a", "host b", "router r", "nat n", "link a n", "link n r", "link r b delay=1ms",
         "app b rrserve", "app a rr to=b requests=5 think=200ms", "flood r to=n count=25"], "a")
    good(outcome)
    check(outcome.data["nats"][0]["inbound_dropped"] == 25, f"{outcome.data['nats']}")
    check(not any(p.src[:1] == b"\xc6" for p in packets.parsed(at_a)), "a forged SYN came in")
    # The server sends on, but its packets take longer than the NAT remembers.
    outcome, at_a = captured(
        ["host a", "host b", "nat n forget=1s", "link a n", "link n b delay=5ms rate=5M",
         "path b n delayat=200ms:3s", "mayfail", "end 60s", "app b serve tx=500k",
         "app a stream to=b rx=500k"], "a")
    check(outcome.data is not None, outcome.errors)
    nat = outcome.data["nats"][0]
    late = [p for p in packets.parsed(at_a) if p.src == B and p.time_ns > 3e9]
    check(nat["inbound_dropped"] > 0 and nat["forgotten"] > 0 and not late,
          f"{nat}; {len(late)} came in through a mapping that was gone")


# ---- what is too big -----------------------------------------------------------------------

def over_a_small_link(*more, v6=0, profile="PMTU", backend="alt", size=200000):
    return captured(
        [f"host a profile={profile}", f"host b profile={profile}", "router r", "router s",
         "link a r rate=10M delay=5ms", "link s b rate=10M delay=5ms",
         "link r s rate=10M delay=5ms", *more, f"app b serve rx={size} v6={v6}",
         f"app a stream to=b tx={size} v6={v6}"], "a", "b", backend=backend)


def errors_about_size(records, v6):
    wanted = (58, 2, 0) if v6 else (1, 3, 4)
    return [p for p in packets.parsed(records)
            if (p.protocol, p.upper[0], p.upper[1]) == wanted]


@test()
def a_router_says_what_its_link_takes():
    for v6, mtu in ((0, 1000), (1, 1280)):
        outcome, at_a, at_b = over_a_small_link(f"path r s mtu={mtu}", v6=v6)
        good(outcome)
        told = errors_about_size(at_a, v6)
        check(len(told) == link(outcome, "r", "s")["too_big"] > 0, f"{len(told)} ICMP errors")
        for p in told:
            field = p.upper[4:8] if v6 else p.upper[6:8]
            quote = p.upper[8:]
            check(p.right and p.src == packets.node(2, 6 if v6 else 4), "source or checksum")
            check(int.from_bytes(field, "big") == mtu, f"MTU {field}")
            check(any(sent.data[:len(quote)] == quote for sent in packets.parsed(at_a)),
                  "it quotes nothing that was sent")
            check(p.size <= (1280 if v6 else 576), f"an error of {p.size} bytes")
        largest = max(p.size for p in packets.parsed(at_b) if p.src == packets.node(0, 6 if v6 else 4))
        check(largest <= mtu, f"{largest} bytes arrived over a link of {mtu}")
        check(outcome.app("serve")["goodput_bps"] > 3e6, f"{outcome.app('serve')}")


@test()
def a_host_hears_of_its_own_link():
    outcome, at_a, _ = captured(
        ["host a profile=PMTU", "host b profile=PMTU", "router r", "link a r rate=10M mtu=1200",
         "link r b rate=10M delay=5ms", "app b serve rx=50k", "app a stream to=b tx=50k"], "a", "b")
    good(outcome)
    told = errors_about_size(at_a, 0)
    check(told and told[0].src == packets.node(2), "the router at its other end did not answer")


@test()
def a_black_hole_says_nothing():
    outcome, at_a, at_b = over_a_small_link("path r s mtu=1000 blackhole=1", size=50000)
    good(outcome)  # alt finds out by its timeouts, and sends smaller ones
    check(link(outcome, "r", "s")["too_big"] >= 3, "nothing was too big")
    check(not errors_about_size(at_a, 0), "somebody told")
    check(max(p.size for p in packets.parsed(at_b)) <= 1000, "a large one came through")


@test()
def what_may_be_fragmented_is_dropped_without_a_word():
    """IPv4 without DF, as legacy sends: routers here do not fragment."""
    outcome, at_a, _ = over_a_small_link("path r s mtu=1000", "mayfail", "end 20s",
                                         backend="legacy")
    check(outcome.data is not None and link(outcome, "r", "s")["too_big"] > 0, outcome.errors)
    check(not errors_about_size(at_a, 0), "an error about a packet without DF")
    check(all(p.data[6] & 0x40 == 0 for p in packets.parsed(at_a) if p.src == A), "DF is set")


@test()
def errors_find_their_way_through_a_nat():
    """Those of a router outside, and the NAT's own."""
    for keys in ("path r b mtu=1000", "path n r mtu=1000"):
        outcome, at_a = captured(
            ["host a profile=PMTU", "host b profile=PMTU", "nat n", "router r",
             "link a n rate=10M delay=5ms", "link n r rate=10M delay=5ms",
             "link r b rate=10M delay=5ms", keys, "app b serve rx=50k", "app a stream to=b tx=50k"],
            "a")
        good(outcome)
        seen = packets.parsed(at_a)
        told = errors_about_size(at_a, 0)
        check(told and all(p.right and p.dst == A for p in told), f"{keys}: {len(told)} errors came in")
        check(outcome.data["nats"][0]["inbound_dropped"] == 0, f"{keys}: {outcome.data['nats']}")
        for p in told:
            quote = packets.Packet(0, p.upper[8:])
            sent = [s.data for s in seen if s.src == A and s.seq == quote.seq and s.len]
            check(quote.src == A and quote.ip_right and
                  any(data[:len(quote.data)] == quote.data for data in sent),
                  f"{keys}: the quote is not what was sent")


# ---- floods --------------------------------------------------------------------------------

@test()
def a_flood_is_steady_and_forged():
    for v6 in (0, 1):
        outcome, at_b = captured(
            ["host a profile=DUAL", "host b profile=DUAL", "router r", "link a r rate=10M delay=5ms",
             "link r b rate=10M delay=5ms", "app b serve rx=20k", "app b rrserve",
             f"flood r to=b port=5001 rate=200 count=100 at=1s v6={v6}",
             f"app a rr to=b requests=20 think=100ms v6={v6 and 0}"], "b")
        check(outcome.data is not None, outcome.errors)
        forged = [p for p in packets.parsed(at_b) if p.src[:2] in (b"\xc6\x12", b"\xc6\x13", b"\x20\x01")]
        check(len(forged) == 100 and len({p.src for p in forged}) == 100, f"{len(forged)} forged")
        check(all(p.flags == SYN and p.dport == 5001 and p.right for p in forged), "no SYN")
        check([p.seq for p in forged] == list(range(1, 101)), "not numbered")
        gaps = {b.time_ns - a.time_ns for a, b in zip(forged, forged[1:])}
        check(gaps == {5_000_000}, f"gaps {gaps}")
        answers = [p for p in packets.parsed(at_b) if p.dst[:1] in (b"\xc6", b"\x20")]
        check(answers and all(p.flags & ACK for p in answers), "no answers")
        back = link(outcome, "b", "r")["delivered"]
        check(back >= len(answers), "answers do not use the link")
        check(outcome.app("rr")["responses"] == 20, "the flood stopped others")


@test()
def a_flood_ends_with_the_applications():
    """A listener under 500 SYNs a second: others are served, and everything comes back at the end."""
    for backend in ("legacy", "alt"):
        outcome = run_lines(
            ["host a", "host b", "router r", "link a r rate=10M delay=5ms",
             "link r b rate=10M delay=5ms", "app b serve rx=20k", "app b rrserve", "mayfail",
             "flood r to=b port=5001 rate=500", "app a rr to=b requests=20 think=100ms"],
            backend=backend)
        check(outcome.data is not None and not outcome.data["failures"], f"{backend}: {outcome.why()}")
        sent = outcome.data["floods"][0]["sent"]
        lasted = outcome.app("rr")["finished_s"]
        check(abs(sent - 500 * lasted) < 50, f"{backend}: {sent} SYNs in {lasted} s")
        check(outcome.app("rr")["responses"] == 20, f"{backend}: {outcome.app('rr')}")


# ---- congestion control ---------------------------------------------------------------------

@test()
def what_a_connection_chooses_is_what_a_build_would_have():
    """To the nanosecond: the same transfer with the algorithm bound at compile time and chosen by the connection."""
    build = BUILDS.get(profiles=("PICK", "BIG", "NEWRENO", "MODELB"), backends=("alt",))
    figures = {}
    for name, profile in (("cubic", "BIG"), ("newreno", "NEWRENO"), ("model", "MODELB")):
        for host, word in ((profile, ""), ("PICK", f"congestion={name}")):
            words = [f"host a profile={host}", "host b profile=BIG", "link a b rate=10M delay=20ms queue=16Ki loss=0.5%",
                     "app b serve rx=1M", f"app a stream to=b tx=1M {word}"]
            outcome = good(simlib.run([build.simrun, "--seed", "3", "--backend", "alt",
                                       *[part for line in words for part in ("-e", line)]]))
            figures[name, host] = (outcome.data["virtual_s"], outcome.app("serve"), outcome.data["links"])
        check(figures[name, profile] == figures[name, "PICK"],
              f"{name}: {figures[name, profile]} and {figures[name, 'PICK']}")
    times = {figure[1]["last_rx_s"] for figure in figures.values()}
    check(len(times) == 3, f"the three are not three: {times}")
    for word, profile in (("congestion=vegas", "PICK"), ("congestion=cubic", "BIG")):
        outcome = simlib.run([build.simrun, "-e", f"host a profile={profile}", "-e", "host b", "-e", "link a b",
                              "-e", "app b serve", "-e", f"app a stream to=b {word}"])
        check(outcome.code != 0, f"{word} with {profile} was taken")


# ---- mistakes ------------------------------------------------------------------------------

MISTAKES = (
    ("link a b queue=8q", "not bytes (64Ki) or packets (8p)"),
    ("link a b aqm=red", "not droptail, ecn, codel or codelecn"),
    ("link a b aqm=ecn", "needs ecnmark"),
    ("link a b ge=1%;2%", "not P;R;LOSSGOOD;LOSSBAD"),
    ("link a b ge=1%;0;0;1", "with a way back"),
    ("link a b stall=5s", "stall: not like 5s+10s"),
    ("link a b downevery=2s+3s", "downevery: not like 30s+2s"),
    ("link a b rateat=5s:1M;4s:2M", "rateat: not like"),
    ("link a b delayat=5s", "delayat: not like"),
    ("link a b mtu=20", "less than 68"),
    ("nat n forgets=3s", "unknown key 'forgets'"),
    ("rule a-b drop", "one direction, like a>b"),
    ("rule a>c drop", "no host or router 'c'"),
    ("rule b>r drop", "no link b>r"),
    ("rule a>b", "without a verdict"),
    ("rule a>b syn", "a rule ends in"),
    ("rule a>b sin drop", "no condition 'sin'"),
    ("rule a>b frame=x drop", "senseless value: 'frame=x'"),
    ("rule a>b frame=7-3 drop", "senseless value"),
    ("rule a>b time=5 drop", "senseless value"),
    ("rule a>b share=200% drop", "senseless value"),
    ("rule a>b inject=fin", "a rule ends in"),
    ("rule a>b delay=5", "a rule ends in"),
    ("flood r to=c", "no host or router 'c'"),
    ("flood r to=b rate=0", "packets per second"),
    ("flood r to=b size=10", "size: not within"),
)


@test()
def mistakes_about_the_network_are_named_with_file_and_line():
    for line, message in MISTAKES:
        with tempfile.NamedTemporaryFile("w", suffix=".sim") as file:
            file.write(f"host a\nhost b\nrouter r\nlink a b\n{line}\n")
            file.flush()
            outcome = simlib.run([BUILDS.get().simrun, file.name])
            check(outcome.code == 2, f"'{line}': exit code {outcome.code}")
            check(f"{file.name}:5: " in outcome.errors and message in outcome.errors,
                  f"'{line}': {outcome.errors}")
