# SPDX-License-Identifier: BSD-3-Clause
"""What links do to numbered packets: each feature's figures against theory or a model.

A flood of SYNs to a closed port is the source: the n-th has sequence number n and is offered to
the link at its time, whatever happened to those before.
"""

import packets
from simtest import captured, check, link, test

DELAY = 10_000_000
SECOND = 10**9


def flood(keys, count, *, rate=1000, size=40, extra=(), flood_keys="", seed=1):
    """Sends packets through a link; returns its figures and [(number, ns sent, ns arrived)]."""
    keep = count / rate + 2
    lines = ["host b", "host c", "host d", "router r", "link c d", "link r b",
             f"path r b delay=10ms {keys}", *extra,
             f"flood r to=b rate={rate} count={count} size={size} {flood_keys}",
             "app d serve", f"app c stream to=d keep={keep:g}s"]
    outcome, records = captured(lines, "b", seed=seed, backend="legacy")
    check(outcome.ok, f"{outcome.why()} [{outcome.command}]")
    seen = [p for p in packets.parsed(records) if p.dst == packets.node(0)]
    # The C's interval is a double as here; it cuts to whole nanoseconds.
    interval = 1e9 / rate
    return link(outcome, "r", "b"), [(p.seq, int((p.seq - 1) * interval), p.time_ns) for p in seen]


def near(what, got, wanted, deviation):
    """Within five standard deviations."""
    check(abs(got - wanted) <= 5 * deviation,
          f"{what}: {got:g}, expected {wanted:g} +- {5 * deviation:g}")


def share_deviation(share, count, inflation=1.0):
    return (share * (1 - share) * inflation / count) ** 0.5


def lost_of(count, seen):
    return sorted(set(range(1, count + 1)) - {number for number, _, _ in seen})


def runs_of(numbers):
    """Lengths of the runs of consecutive numbers."""
    runs = []
    before = None
    for number in numbers:
        if before is not None and number == before + 1:
            runs[-1] += 1
        else:
            runs.append(1)
        before = number
    return runs


# ---- losses --------------------------------------------------------------------------------

@test()
def bursts_have_their_share_and_length():
    """Gilbert-Elliott: P/(P+R) of the frames are in the bad state, 1/R in a row."""
    count, p, r = 40000, 0.01, 0.25
    figures, seen = flood("ge=1%;25%;0;100%", count, rate=5000)
    lost = lost_of(count, seen)
    runs = runs_of(lost)
    bad = p / (p + r)
    memory = 1 - p - r
    near("share lost", len(lost) / count, bad,
         share_deviation(bad, count, (1 + memory) / (1 - memory)))
    near("mean burst", len(lost) / len(runs), 1 / r, ((1 - r) / r**2 / len(runs)) ** 0.5)
    longest = sum(run >= 8 for run in runs) / len(runs)  # geometric: (1 - r) ** 7
    near("bursts of eight and more", longest, (1 - r)**7,
         share_deviation((1 - r)**7, len(runs)))
    check((figures["lost"], figures["loss_runs"]) == (len(lost), len(runs)),
          f"the capture lacks {len(lost)} in {len(runs)} runs, the link says {figures}")


@test()
def both_states_of_a_burst_have_their_loss():
    count, p, r, good_loss, bad_loss = 40000, 0.02, 0.1, 0.01, 0.5
    _, seen = flood("ge=2%;10%;1%;50%", count, rate=5000)
    bad = p / (p + r)
    memory = 1 - p - r
    wanted = bad * bad_loss + (1 - bad) * good_loss
    states = bad * (1 - bad) * (bad_loss - good_loss) ** 2 * (1 + memory) / (1 - memory)
    each = bad * bad_loss * (1 - bad_loss) + (1 - bad) * good_loss * (1 - good_loss)
    near("share lost", len(lost_of(count, seen)) / count, wanted, ((states + each) / count) ** 0.5)


@test()
def outages_lose_what_was_sent_then():
    for keys, down in (("down=1s+500ms;3s+1s", [(1, 1.5), (3, 4)]),
                       ("downevery=1500ms+200ms", [(1.5, 1.7), (3, 3.2), (4.5, 4.7)])):
        figures, seen = flood(keys, 5000)
        wanted = [n for n in range(1, 5001)
                  if any(start <= (n - 1) / 1000 < end for start, end in down)]
        check(lost_of(5000, seen) == wanted, f"{keys}: lost {lost_of(5000, seen)[:9]}...")
        check((figures["lost"], figures["loss_runs"]) == (len(wanted), len(down)), f"{figures}")


@test()
def one_impairment_leaves_the_choices_of_others_alone():
    """Which frames are lost does not depend on what else is turned on."""
    count = 5000
    alone = lost_of(count, flood("loss=3%", count)[1])
    check(100 < len(alone) < 200, f"{len(alone)} of {count} lost")
    for more in ("reorder=5% reorderby=3ms duplicate=4% corrupt=1%", "jitter=5ms jitterswap=8ms",
                 "rate=10M queue=4p aqm=codel", "stall=1s+1s delayat=2s:50ms", "damage=0.5%"):
        extra = ["rule r>b share=10% delay=7ms", "rule r>b share=5% duplicate"]
        lost = lost_of(count, flood(f"loss=3% {more}", count, extra=extra)[1])
        if "corrupt" in more or "damage" in more:  # which may strike the number
            check(set(alone) <= set(lost), f"{more}: others were lost")
        else:
            check(lost == alone, f"{more}: others were lost")
    bursts = lost_of(count, flood("ge=1%;25%;0;100%", count)[1])
    both = lost_of(count, flood("loss=3% ge=1%;25%;0;100% jitter=1ms", count)[1])
    check(both == sorted(set(alone) | set(bursts)), "loss and bursts are not those of either alone")


# ---- delays --------------------------------------------------------------------------------

def uniform(what, delays, least, most):
    """Mean and quarters of a uniform distribution."""
    count = len(delays)
    check(least <= min(delays) and max(delays) <= most, f"{what}: {min(delays)}..{max(delays)}")
    near(f"{what}, mean", sum(delays) / count, (least + most) / 2,
         (most - least) / (12 * count) ** 0.5)
    for quarter in (0.25, 0.5, 0.75):
        below = sum(d < least + quarter * (most - least) for d in delays) / count
        near(f"{what}, below {quarter}", below, quarter, share_deviation(quarter, count))


@test()
def jitter_is_uniform_and_keeps_the_order():
    figures, seen = flood("jitter=900us", 20000)  # less than their distance: undisturbed
    uniform("jitter", [arrived - sent for _, sent, arrived in seen], DELAY, DELAY + 900_000)
    check(figures["late"] == 0, f"{figures['late']} late")
    figures, seen = flood("jitter=20ms", 5000)
    numbers = [number for number, _, _ in seen]
    check(numbers == list(range(1, 5001)) and figures["late"] == 0, "jitter changed the order")
    times = [arrived for _, _, arrived in seen]
    caught_up = sum(a == b for a, b in zip(times, times[1:]))
    check(caught_up > 1000, f"only {caught_up} of 5000 caught up with the one before")
    check(all(DELAY <= arrived - sent <= DELAY + 20_000_000 for _, sent, arrived in seen),
          "later than jitter allows")


def late_share(distance, jitter, steps=20000):
    """The share of frames that a later one overtakes: frames `distance` apart, uniform jitter."""
    late = 0.0
    for step in range(steps):
        own = (step + 0.5) / steps * jitter
        first = 1.0
        ahead = distance
        while ahead < own:
            first *= 1 - (own - ahead) / jitter
            ahead += distance
        late += 1 - first
    return late / steps


@test()
def jitterswap_reorders_as_theory_says():
    count = 20000
    figures, seen = flood("jitterswap=5ms", count)
    uniform("jitterswap", [arrived - sent for _, sent, arrived in seen], DELAY, DELAY + 5_000_000)
    highest = late = 0
    for number, _, _ in seen:
        late += number < highest
        highest = max(highest, number)
    check(late == figures["late"], f"the capture shows {late} late, the link {figures['late']}")
    wanted = late_share(1, 5)  # of frames at most five apart: eleven depend on each other
    near("late", late / count, wanted, share_deviation(wanted, count, 11))


@test()
def reordered_frames_are_later_by_so_much():
    figures, seen = flood("reorder=2% reorderby=3500us", 20000)
    delays = {arrived - sent for _, sent, arrived in seen}
    check(delays == {DELAY, DELAY + 3_500_000}, f"delays {sorted(delays)[:5]}")
    later = sum(arrived - sent > DELAY for _, sent, arrived in seen)
    near("reordered", later / 20000, 0.02, share_deviation(0.02, 20000))
    check(later == figures["reordered"], f"{later} in the capture, {figures['reordered']} said")


@test()
def duplicates_come_twice():
    figures, seen = flood("duplicate=5%", 10000)
    twice = len(seen) - len({number for number, _, _ in seen})
    near("duplicated", twice / 10000, 0.05, share_deviation(0.05, 10000))
    check(twice == figures["duplicated"], f"{twice} in the capture, {figures['duplicated']} said")


@test()
def spikes_hold_frames_and_keep_their_order():
    for keys, spikes in (("stall=1s+300ms;3s+1s", [(1.0, 1.3), (3.0, 4.0)]),
                         ("stallevery=2s+250ms", [(2.0, 2.25), (4.0, 4.25)])):
        figures, seen = flood(keys, 5000)
        check([number for number, _, _ in seen] == list(range(1, 5001)), f"{keys}: order or loss")
        held = 0
        for number, sent, arrived in seen:
            wanted = sent + DELAY
            for start, end in spikes:
                if start * SECOND <= wanted < end * SECOND:
                    wanted = round(end * SECOND)
                    held += 1
            check(arrived == wanted, f"{keys}: {number} at {arrived}, not {wanted}")
        check(figures["held"] == held, f"{keys}: {held} held, the link says {figures['held']}")


@test()
def delay_changes_when_it_is_to():
    _, seen = flood("delayat=1s:60ms;3s:5ms", 5000)
    before = 0
    for number, sent, arrived in seen:
        delay = 10 if sent < SECOND else 60 if sent < 3 * SECOND else 5
        wanted = max(sent + delay * 1_000_000, before)  # order is kept when it falls
        check(arrived == wanted, f"{number}: at {arrived}, not {wanted}")
        before = wanted
    check([number for number, _, _ in seen] == list(range(1, 5001)), "order or loss")


# ---- rates ---------------------------------------------------------------------------------

def finish(start, bits, rates):
    """When a line that begins at `start` has sent so many bits; rates is [(from ns, bit/s)]."""
    for (_, rate), end in zip(rates, [at for at, _ in rates[1:]] + [float("inf")]):
        if start >= end:
            continue
        if start + bits / rate * SECOND <= end:
            return start + bits / rate * SECOND
        bits -= (end - start) * rate / SECOND
        start = end
    raise AssertionError("no rate")


@test()
def rate_changes_reach_the_frame_on_the_line():
    """Arrivals against a model of a line: 1250 bytes at 5 Mbit/s, through 10, 2.5, 0.1 and 20."""
    rates = [(0, 10e6), (1e9, 2.5e6), (1.5015e9, 1e5), (2.0337e9, 2e7)]
    figures, seen = flood("rate=10M rateat=1s:2500k;1501500us:100k;2033700us:20M", 2000, rate=500, size=1250)
    check(len(seen) == 2000, f"{len(seen)} arrived")
    free = 0.0
    waits = []
    for number, sent, arrived in seen:
        waits.append(max(free - sent, 0.0))
        free = finish(max(free, sent), 10000, rates)
        check(abs(arrived - DELAY - free) < 2000, f"{number}: {arrived - DELAY}, not {free}")
    check(abs(figures["queue_ms"]["max"] - max(waits) / 1e6) < 0.01, f"{figures['queue_ms']}")
    check(abs(figures["queue_ms"]["mean"] - sum(waits) / 2e9) < 0.01, f"{figures['queue_ms']}")
    for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99)):
        exact = sorted(waits)[int(share * 2000) - 1] / 1e6
        check(abs(figures["queue_ms"][name] - exact) <= 0.035 * exact + 0.001,
              f"{name}: {figures['queue_ms'][name]}, exactly {exact}")


@test()
def overhead_takes_time_on_the_line():
    """962 + 38 bytes at 1 Mbit/s: 8 ms each."""
    figures, seen = flood("rate=1M overhead=38", 500, size=962)
    for number, _, arrived in seen:
        check(arrived == DELAY + number * 8_000_000, f"{number}: at {arrived}")
    check(abs(figures["busy_s"] - 4) < 1e-6, f"busy for {figures['busy_s']} s")
    check(figures["delivered_bytes"] == 500 * 962, f"{figures['delivered_bytes']} bytes")


@test()
def directions_differ():
    """`path` after `link`: each way its own rate, delay and loss."""
    outcome, at_a, at_b = captured(
        ["host a", "host b", "link a b rate=10M delay=10ms", "path b a rate=100k delay=30ms drop=5",
         "app b serve rx=200k", "app a stream to=b tx=200k"], "a", "b")
    there, back = link(outcome, "a", "b"), link(outcome, "b", "a")
    check((there["lost"], back["lost"]) == (0, 1), f"{there['lost']}, {back['lost']} lost")
    sent, syn = next((t, p) for t, p in at_a if p[19] == 2)
    got = next(t for t, p in at_b if p[19] == 2)
    answered, answer = next((t, p) for t, p in at_b if p[19] == 1)  # SYN-ACK
    came = next(t for t, p in at_a if p[19] == 1)
    check(got - sent == 10_000_000 + len(syn) * 800, f"there: {got - sent} ns")
    check(came - answered == 30_000_000 + len(answer) * 80000, f"back: {came - answered} ns")
