# SPDX-License-Identifier: BSD-3-Clause
"""Queue disciplines, packet by packet against models, and what they do to TCP."""

import math

import packets
import simlib
from simtest import captured, check, good, link, run, run_lines, test

SERVICE = 1_000_000  # ns: 1250 bytes at 10 Mbit/s
DELAY = 1_000_000


def overload(keys, floods, *, until=10, seed=1):
    """Floods of 1250-byte packets, (port, rate, from s, count, ect, v6), to a 10 Mbit/s link.

    Returns the link's figures, what arrived and what was sent as [(ns, port, number)] in order.
    """
    lines = ["host b profile=DUAL", "host c", "host d", "router r", "link c d", "link r b",
             f"path r b rate=10M delay=1ms {keys}", "app d serve",
             f"app c stream to=d keep={until}s"]
    sent = []
    for port, rate, begin, count, ect, v6 in floods:
        lines.append(f"flood r to=b port={port} rate={rate} at={begin * 1e6:.0f}us count={count} "
                     f"size=1250 ect={ect} v6={v6}")
        sent += [(round(begin * 1e9) + int(n * (1e9 / rate)), port, n + 1) for n in range(count)]
    outcome, records = captured(lines, "b", seed=seed, backend="legacy")
    check(outcome.ok, f"{outcome.why()} [{outcome.command}]")
    seen = [p for p in packets.parsed(records) if p.dst in (packets.node(0), packets.node(0, 6))]
    check(all(p.right for p in seen), "a checksum is wrong")
    return link(outcome, "r", "b"), seen, sorted(sent, key=lambda s: s[0])


@test()
def droptail_admits_what_fits():
    """Twice what the link carries: the queue stays full, each second one finds no room."""
    for queue in ("queue=8p", "queue=10000"):
        figures, seen, _ = overload(queue, [(5001, 2000, 0, 4000, 0, 0)])
        check(figures["queue_peak_frames"] == 8 and figures["queue_peak_bytes"] == 10000,
              f"{queue}: {figures}")
        check(abs(figures["overflowed"] - 2000) < 10, f"{queue}: {figures['overflowed']} dropped")
        check(len(seen) == 4000 - figures["overflowed"], f"{queue}: {len(seen)} arrived")
        wait = figures["queue_ms"]
        # An admitted one finds seven, one of them half sent or about to be.
        check(6 <= wait["max"] <= 7 and 6 <= wait["mean"] <= 7, f"{queue}: {wait}")
    figures, _, _ = overload("queue=0", [(5001, 2000, 0, 2000, 0, 0)])
    check(figures["overflowed"] == 0 and abs(figures["queue_ms"]["max"] - 1000) < 2, f"{figures}")


@test()
def ecn_marks_what_can_be_marked_from_the_threshold_on():
    """CE is for ECT alone; others are dropped at overflow alone, whatever the threshold."""
    for keys in ("queue=12p aqm=ecn ecnmark=4p", "queue=15000 aqm=ecn ecnmark=5000"):
        figures, seen, sent = overload(keys, [(5001, 700, 0.0003, 1400, 1, 0),
                                              (5002, 600, 0, 1200, 0, 0),
                                              (5003, 100, 0.0006, 200, 1, 1)])
        when = {(port, number): ns for ns, port, number in sent}
        check(any(p.ecn == 3 for p in seen if p.version == 6), f"{keys}: IPv6 was never marked")
        for p in seen:
            wait = p.time_ns - DELAY - SERVICE - when[p.dport, p.seq]
            # Marked if four were before it, the first of them partly sent.
            wanted = 0 if p.dport == 5002 else 3 if wait > 3 * SERVICE else 2
            check(p.ecn == wanted, f"{keys}: {p.dport}/{p.seq} waited {wait} ns, ECN {p.ecn}")
        marked = sum(p.ecn == 3 for p in seen)
        check(marked == figures["marked"], f"{keys}: {marked} marked, {figures['marked']} said")
        check(marked > 500 and figures["overflowed"] > 300 and figures["aqm_dropped"] == 0,
              f"{keys}: {figures}")
        check(len(seen) == 2800 - figures["overflowed"], f"{keys}: {len(seen)} arrived")


class Codel:
    """RFC 8289 section 5, as the document's pseudocode has it."""

    def __init__(self, target, interval):
        self.target, self.interval = target, interval
        self.first_above = self.drop_next = 0
        self.count = self.lastcount = 0
        self.dropping = False
        self.queue = []

    def control_law(self, t, count):
        return t + int(self.interval / math.sqrt(count))

    def do_dequeue(self, now):
        if not self.queue:
            self.first_above = 0
            return None, False
        packet = self.queue.pop(0)
        if now - packet[0] < self.target or len(self.queue) <= 1:  # maxpacket: all are of one size
            self.first_above = 0
        elif self.first_above == 0:
            self.first_above = now + self.interval
        elif now >= self.first_above:
            return packet, True
        return packet, False

    def dequeue(self, now, drop):
        packet, ok_to_drop = self.do_dequeue(now)
        if self.dropping:
            if not ok_to_drop:
                self.dropping = False
            while self.dropping and now >= self.drop_next:
                drop(packet)
                self.count += 1
                packet, ok_to_drop = self.do_dequeue(now)
                if ok_to_drop:
                    self.drop_next = self.control_law(self.drop_next, self.count)
                else:
                    self.dropping = False
        elif ok_to_drop:
            drop(packet)
            packet, ok_to_drop = self.do_dequeue(now)
            self.dropping = True
            delta = self.count - self.lastcount
            soon = now - self.drop_next < 16 * self.interval
            self.count = delta if delta > 1 and soon else 1
            self.drop_next = self.control_law(now, self.count)
            self.lastcount = self.count
        return packet


def model(sent, target, interval):
    """What CoDel drops of these, on a line that takes SERVICE for each."""
    codel = Codel(target, interval)
    dropped = []
    free = 0
    waiting = list(sent)
    while waiting or codel.queue:
        if not codel.queue and waiting[0][0] > free:
            free = waiting[0][0]
        while waiting and waiting[0][0] <= free:
            codel.queue.append(waiting.pop(0))
        packet = codel.dequeue(free, dropped.append)
        if packet is None:
            continue
        free += SERVICE
    return dropped


@test()
def codel_drops_what_rfc_8289_drops():
    """Drop for drop against the model: a flood that stays, and one that comes and goes."""
    steady = (5001, 900, 0, 9000, 0, 0)
    for keys, target, interval, floods in (
            ("aqm=codel", 5, 100, [(5001, 1300, 0, 6000, 1, 0)]),
            ("aqm=codel", 5, 100, [steady, (5002, 1009, 1, 300, 0, 0), (5003, 701, 2.5, 600, 0, 0),
                                   (5004, 150, 5.0001, 600, 0, 0)]),
            ("aqm=codel target=15ms interval=300ms", 15, 300, [steady, (5002, 311, 2, 900, 0, 0)])):
        figures, seen, sent = overload(keys, floods, until=14)
        dropped = [(port, number) for _, port, number in
                   model(sent, target * 1_000_000, interval * 1_000_000)]
        arrived = {(p.dport, p.seq) for p in seen}
        missing = [(port, number) for _, port, number in sent if (port, number) not in arrived]
        check(missing == dropped, f"{keys} {floods}: {len(missing)} dropped, the model "
              f"{len(dropped)}; first difference at "
              f"{next(((a, b) for a, b in zip(missing, dropped) if a != b), 'the end')}")
        check(figures["aqm_dropped"] == len(missing) > 20, f"{keys}: {figures['aqm_dropped']}")
        check(figures["marked"] == 0 and all(p.ecn != 3 for p in seen), f"{keys}: CE")


@test()
def codel_with_ecn_marks_instead():
    figures, seen, _ = overload("aqm=codelecn", [(5001, 700, 0, 4200, 1, 0),
                                                 (5002, 600, 0, 3600, 0, 0)])
    marked = [p for p in seen if p.ecn == 3]
    check(marked and all(p.dport == 5001 for p in marked), "CE on what is not ECT")
    check(len(marked) == figures["marked"], f"{len(marked)} marked, {figures['marked']} said")
    came = sum(p.dport == 5001 for p in seen)
    check(came == 4200 and figures["aqm_dropped"] == 7800 - len(seen) > 0,
          f"{came} of 4200 ECT packets came, {figures['aqm_dropped']} dropped")


@test()
def codel_keeps_a_standing_queue_near_its_target():
    """A sender whose window never limits it: 256 KB stand in a tail-drop queue, few in CoDel's."""
    for backend in ("legacy", "alt"):
        waits = {}
        for aqm in ("droptail", "codel"):
            outcome = good(run_lines(
                ["host a profile=BIG", "host b profile=BIG", "link a b rate=10M delay=10ms",
                 f"path a b queue=1M aqm={aqm}", "app b serve rx=40M", "app a stream to=b tx=40M"],
                backend=backend))
            waits[aqm] = link(outcome, "a", "b")["queue_ms"]
            used = outcome.app("serve")["goodput_bps"] / 1e7 / simlib.PAYLOAD["BIG"]
            check(used > (0.9 if backend == "alt" else 0.8), f"{backend}, {aqm}: {used:.2f} of the link used")
        check(waits["droptail"]["p50"] > 180, f"{backend}: {waits['droptail']}")
        check(waits["codel"]["p50"] < 10 and waits["codel"]["mean"] < 15,
              f"{backend}: {waits['codel']}, target 5 ms")


@test()
def flows_share_a_bottleneck():
    """Two senders behind routers: the bottleneck is full, and its counts add up."""
    for aqm in ("droptail", "codel"):
        lines = ["host a profile=BIG", "host b profile=BIG", "host c profile=BIG",
                 "host d profile=BIG", "router r", "router s", "link a r rate=100M delay=1ms",
                 "link b r rate=100M delay=1ms", f"link r s rate=10M delay=10ms queue=64Ki aqm={aqm}",
                 "link s c rate=100M delay=1ms", "link s d rate=100M delay=1ms",
                 "app c serve rx=5M", "app d serve rx=5M", "app a stream to=c tx=5M",
                 "app b stream to=d tx=5M"]
        outcome = good(run_lines(lines))
        middle = link(outcome, "r", "s")
        apps = [app for app in outcome.data["apps"] if app["role"] == "serve"]
        last = max(app["last_rx_s"] for app in apps)
        check(middle["busy_s"] / last > 0.9, f"{aqm}: busy {middle['busy_s']} of {last} s")
        gone = middle["overflowed"] + middle["aqm_dropped"]
        check(gone > 0 and middle["delivered"] == middle["offered"] - gone, f"{aqm}: {middle}")
        behind = link(outcome, "s", "c")["offered"] + link(outcome, "s", "d")["offered"]
        check(behind == middle["delivered"], f"{aqm}: {behind} behind {middle['delivered']}")


@test()
def a_minute_of_bulk_is_cheap():
    """75 MB at 10 Mbit/s are a minute; of real time it takes a fifth of a second."""
    outcome = good(run("bulk", {"profile": "BIG", "bytes": "75M", "delay": "5ms"}, backends=["alt"]))
    check(outcome.data["virtual_s"] > 60, f"only {outcome.data['virtual_s']} s")
