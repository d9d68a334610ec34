# SPDX-License-Identifier: BSD-3-Clause
"""The figures that alt promises: for each a scenario of the lab, a measure of it and a bar.

A row's `how` says what its figure is of the measure's value (median over the seeds, or a percentile of all
requests of all seeds):

plain      the value itself
share      the value by that with the variables `beside` (the clean figure)
beyond     the value less that with the variables `beside` (time lost)
of legacy  the value by legacy's in the same row

Rows without a scenario are told by a command of this repository (`source`).
"""

from dataclasses import dataclass, field

PLAIN, SHARE, BEYOND, OF_LEGACY = "plain", "share", "beyond", "of legacy"
LEAST, MOST = "at least", "at most"
SEEDS = 9
LOSSY = 27   # where the figures of single runs differ by a tenth


@dataclass(frozen=True)
class Real:
    """The same in real time, with Linux in the third column (tools/ab --real)."""
    scenario: str
    variables: dict
    measure: str
    minus: str = ""          # a percentile to take off a latency
    bar: float | None = None  # of alt by Linux; None: for the comparison only


@dataclass(frozen=True)
class Row:
    table: str
    name: str
    bar: float
    sense: str
    unit: str
    scenario: str = ""
    variables: dict = field(default_factory=dict)
    measure: str = ""
    how: str = PLAIN
    beside: dict = field(default_factory=dict)
    legacy: dict | None = field(default_factory=dict)   # what legacy's column has otherwise; None: it has none
    real: Real | None = None
    source: str = ""
    column: str = ""         # of a table that is a grid
    seeds: int = SEEDS

    @property
    def id(self):
        return ", ".join(filter(None, (self.table, self.column, self.name)))

    def met(self, value):
        return value is not None and (value >= self.bar if self.sense == LEAST else value <= self.bar)


def ms(rtt):
    """One way of a round trip, as scenarios write it."""
    return f"{rtt / 2:g}ms"


# ---- goodput with a window of 8 segments ---------------------------------------------------------------------

LOSSES = ("1%", "2%", "5%", "10%")
CLEAN = {2: 9.6, 20: 4.1, 100: 0.90}
GRIDS = (
    ("alt to alt, SACK", "bulk-loss", {"profile": "MCU_SACK"},
     {20: (3.5, 3.0, 2.1, 1.25), 100: (0.80, 0.70, 0.48, 0.29), 2: (9.4, 9.1, 7.8, 5.2)}),
    ("alt to alt, no SACK", "bulk-loss", {"profile": "MCU_NOSACK"},
     {20: (3.4, 2.95, 1.95, 1.0), 100: (0.75, 0.65, 0.45, 0.24), 2: (9.3, 8.9, 6.8, 2.9)}),
    ("alt to legacy", "bulk-peer", {"profile": "MCU", "peer": "legacy"},
     {20: (3.3, 2.75, 1.6, 0.5), 100: (0.73, 0.62, 0.37, 0.12), 2: (9.3, 8.7, 5.6, 0.9)}),
    ("model-based", "bulk-loss", {"profile": "MODEL"},
     {20: (3.75, 3.5, 2.65, 1.8), 100: (0.83, 0.77, 0.60, 0.43), 2: (9.3, 8.9, 7.5, 5.5)}),
)


def eight_segments():
    for column, scenario, variables, bars in GRIDS:
        for rtt, promised in bars.items():
            for loss, bar in zip(("0", *LOSSES), (CLEAN[rtt], *promised)):
                linux = Real("bulk-to-linux", {"window": "8", "rtt": f"{rtt}ms", "loss": loss, "bytes": "1M",
                                               "seconds": "120"}, "goodput")
                yield Row("8 segments of window, 10 Mbit/s", f"RTT {rtt} ms, loss {loss}", bar, LEAST, "Mbit/s",
                          scenario, {**variables, "delay": ms(rtt), "loss": loss,
                                     "bytes": "1M" if rtt == 100 else "4.2M"}, "goodput",
                          legacy={"profile": "MCU_SACK"} if column == "model-based" else {},
                          real=linux if column == "alt to alt, SACK" else None, column=column,
                          seeds=SEEDS if loss == "0" else LOSSY)
    for rtt, bar in CLEAN.items():
        yield Row("8 segments of window, 10 Mbit/s", f"RTT {rtt} ms, loss 0", bar, LEAST, "Mbit/s", "bulk-loss",
                  {"profile": "TINY", "delay": ms(rtt), "loss": "0", "bytes": "1M" if rtt == 100 else "4.2M"}, "goodput",
                  legacy={"profile": "MCU_NOSACK"}, column="tiny (NewReno)")


# ---- large windows -------------------------------------------------------------------------------------------

def large_windows():
    for loss, bar in zip(("1%", "2%", "5%"), (7.8, 7.4, 6.3)):
        yield Row("256 KB of window, model-based, 10 Mbit/s", f"RTT 100 ms, loss {loss}", bar, LEAST, "Mbit/s",
                  "bulk-loss-big", {"profile": "MODELB", "delay": "50ms", "loss": loss}, "goodput",
                  legacy={"profile": "BIG"}, seeds=LOSSY)
    for profile, window, bars in (("BIG", "256 KB", (0.89, 0.87, 0.85)), ("HUGE", "512 KB", (0.98, 0.97, 0.96))):
        for share, bar in zip(("1%", "2%", "5%"), bars):
            yield Row("100 Mbit/s, RTT 20 ms, some come 5 ms late: share of the clean figure",
                      f"{window}, {share}", bar, LEAST, "share", "path-reorder",
                      {"profile": profile, "reorder": share}, "goodput", SHARE, {"reorder": "0"})


def against_linux():
    """By the same bytes: who is slow takes longer, and has no shorter run to be good in."""
    for rtt in (20, 100, 300):
        for loss in ("0.1%", "0.5%", "1%", "2%", "5%"):
            yield Row("256 KB of window, CUBIC beside Linux", f"RTT {rtt} ms, loss {loss}", 0.95, LEAST, "of Linux",
                      real=Real("bulk-to-linux", {"window": "256K", "rtt": f"{rtt}ms", "loss": loss, "bytes": "4.2M",
                                                  "seconds": "420"}, "goodput", bar=0.95))


# ---- paths and queues ----------------------------------------------------------------------------------------

def paths():
    table = "Share of the clean figure"
    for profile, window in (("MCU_SACK", "8 segments, SACK"), ("MCU_NOSACK", "8 segments, no SACK"), ("BIG", "256 KB")):
        yield Row(table, f"{window}, 5 % duplicated", 0.98, LEAST, "share", "path-duplicate",
                  {"profile": profile, "duplicate": "5%"}, "goodput", SHARE, {"duplicate": "0"})
        for loss, bar in (("20%", 0.98), ("50%", 0.97)):
            yield Row(table, f"{window}, ACK loss {loss}", bar, LEAST, "share", "path-ack-loss",
                      {"profile": profile, "loss": loss}, "goodput", SHARE, {"loss": "0"})


def queues():
    for profile, sack, bars in (("MCU_SACK", "SACK", (0.87, 0.95, 0.96)), ("MCU_NOSACK", "no SACK", (0.84, 0.87, 0.96))):
        for packets, bar in zip((2, 4, 8), bars):
            yield Row("Drop-tail, 1 Mbit/s, RTT 20 ms", f"{sack}, queue of {packets} packets", bar, LEAST, "Mbit/s",
                      "queue-shallow", {"profile": profile, "queue": f"{packets}p"}, "goodput",
                      real=Real("bulk-to-linux", {"window": "8", "rtt": "20ms", "rate": "1M", "queue": f"{packets}p",
                                                  "bytes": "1M", "seconds": "60"}, "goodput")
                      if sack == "SACK" else None)
    for kilobytes, bar in ((8, 9.1), (16, 9.5), (32, 9.5), (64, 9.5), (128, 9.5)):
        where = {"profile": "BIG", "queue": f"{kilobytes}Ki"}
        yield Row("Drop-tail, 10 Mbit/s, RTT 20 ms, 256 KB of window", f"queue of {kilobytes} KB", bar, LEAST, "Mbit/s",
                  "queue-big", where, "goodput",
                  real=Real("bulk-to-linux", {"window": "256K", "rtt": "20ms", "queue": f"{kilobytes}Ki",
                                              "bytes": "10M", "seconds": "60"}, "goodput"))
        yield Row("Drop-tail, 10 Mbit/s, RTT 20 ms, 256 KB of window", f"queue of {kilobytes} KB: timeouts", 0, MOST,
                  "timeouts", "queue-big", where, "timeouts")


# ---- requests, tails, connections ----------------------------------------------------------------------------

def requests():
    table = "Requests of 100 B, RTT 40 ms: p99 of 9,000"
    asked = {"1k": "1000", "20k": "20000"}
    late = {"peer": "alt", "client": "MCU_DELACK"}
    for size, what, variables, bars in (
            ("1k", "1 KB, SACK", {"profile": "MCU_SACK"}, (140, 150)),
            ("1k", "1 KB, no SACK", {"profile": "MCU_NOSACK"}, (140, 150)),
            ("1k", "1 KB, the peer delays ACKs 40 ms", {"profile": "MCU_SACK", **late}, (170, 175)),
            ("20k", "20 KB, SACK", {"profile": "MCU_SACK"}, (240, 340)),
            ("20k", "20 KB, no SACK", {"profile": "MCU_NOSACK"}, (275, 425))):
        for loss, bar in zip(("1%", "3%"), bars):
            linux = Real(f"rr-{size}-to-linux", {"loss": loss, "response": asked[size], "seconds": "400",
                                                 "requests": "2400"}, "p99")
            yield Row(table, f"{what}, loss {loss}", bar, MOST, "ms", f"rr-{size}", {**variables, "loss": loss},
                      "p99", real=linux if variables == {"profile": "MCU_SACK"} else None)


def tails():
    table = "The last of ten segments lost: time beyond that without loss"
    promised = (("SACK", "MCU_SACK", lambda rtt, n: (2 * rtt + 30, 3 * rtt + 20, 4.5 * rtt + 15)[n - 1]),
                ("no SACK", "MCU_NOSACK", lambda rtt, n: 2.5 * rtt + 95))
    for sack, profile, bar in promised:
        for rtt in (20, 40, 100):
            for count, begin in ((1, 13140), (2, 11680), (3, 10220)):
                linux = Real("tail-20k-to-linux", {"rtt": f"{rtt}ms", "lost": str(count), "response": "14600",
                                                   "requests": "40"}, "hit", minus="p25")
                yield Row(table, f"{sack}, RTT {rtt} ms, the last {count}", bar(rtt, count), MOST, "ms", "rr-tail",
                          {"profile": profile, "delay": ms(rtt), "from": str(begin)}, "beyond",
                          real=linux if sack == "SACK" else None)


def openings():
    for rtt in (40, 200):
        for scenario, what in (("connect-syn", "SYN"), ("connect-synack", "SYN-ACK")):
            yield Row("Opening", f"{what} lost once, RTT {rtt} ms", 1000 + rtt + 10, MOST, "ms", scenario,
                      {"delay": ms(rtt), "lost": "1"}, "connect")
    yield Row("Opening", "10 KB on a new connection, RTT 100 ms", 215, MOST, "ms", "rr-fresh",
              {"response": "10000", "delay": "50ms"}, "p50")


# ---- outages -------------------------------------------------------------------------------------------------

def spikes():
    table = "A delay spike, order kept, RTT 40 ms: time lost"
    # The window's time: 8 segments last one round trip, 256 KB at 10 Mbit/s 210 ms.
    for profile, what, short, factor, plus in (
            ("MCU_SACK", "8 segments, SACK", (30,), 1, 20), ("MCU_NOSACK", "8 segments, no SACK", (30,), 2.5, 0),
            ("BIG", "256 KB, SACK", (30, 100), 1, 20), ("BIG_NOSACK", "256 KB, no SACK", (30, 100), 2.5, 0)):
        for spike in (30, 100, 300, 1000, 3000):
            bar = factor * 40 + plus if spike in short else spike
            where = {"profile": profile, "spike": f"{spike}ms"}
            yield Row(table, f"{what}, {spike} ms", bar, MOST, "ms", "path-spike", where, "time", BEYOND,
                      {"spike": "0ms"}, seeds=5)
    for profile, what in (("MCU_SACK", "8 segments, SACK"), ("BIG", "256 KB, SACK"),
                          ("MCU_NOSACK", "8 segments, no SACK"), ("BIG_NOSACK", "256 KB, no SACK")):
        for spike in (100, 1000):
            yield Row(table, f"{what}, {spike} ms: congestion window after it, by that before", 1, LEAST, "share",
                      "path-spike", {"profile": profile, "spike": f"{spike}ms"}, "kept", seeds=5)


def blackouts():
    rto = 0.1  # s: RTT 20 ms
    for profile, sack in (("MCU_SACK", "SACK"), ("MCU_NOSACK", "no SACK")):
        for seconds in (5, 30, 120, 600):
            where = {"profile": profile, "blackout": f"{seconds}s"}
            yield Row("A blackout: delivery resumes after its end", f"{sack}, {seconds} s", min(seconds + rto, 60),
                      MOST, "s", "path-blackout", where, "resumes", seeds=5)
            yield Row("A blackout: delivery resumes after its end", f"{sack}, {seconds} s: connections lost", 0, MOST,
                      "connections", "path-blackout", where, "aborted", seeds=5)


# ---- fairness ------------------------------------------------------------------------------------------------

def fairness():
    for queue in (8, 16, 32, 64, 128):
        yield Row("Two flows, 10 Mbit/s, RTT 24 ms: Jain's index", f"CUBIC with itself, queue of {queue} KB", 0.95, LEAST,
                  "index", "fair-two", {"profile": "BIG", "rival": "self", "queue": f"{queue}Ki"}, "jain", seeds=9)
    for queue, bar in ((16, 0.80), (32, 0.95), (64, 0.95), (128, 0.80)):
        yield Row("Two flows, 10 Mbit/s, RTT 24 ms: Jain's index", f"model-based with CUBIC, queue of {queue} KB", bar,
                  LEAST, "index", "fair-two", {"profile": "MODELB", "rivalprofile": "BIG", "rival": "self",
                                               "queue": f"{queue}Ki"}, "jain", legacy=None, seeds=9)
    table = "Beside a legacy flow: what it gets, by what it gets beside another legacy flow"
    for profile, window, sizes in (("MCU", "8 segments", (24, 32, 64)), ("BIG", "256 KB", (8, 16, 32, 64, 512))):
        for queue in sizes:
            yield Row(table, f"{window}, queue of {queue} KB", 0.80, LEAST, "share", "fair-two",
                      {"profile": profile, "rival": "legacy", "queue": f"{queue}Ki"}, "rivals", OF_LEGACY, seeds=9)


# ---- what it costs -------------------------------------------------------------------------------------------

def costs():
    table = "TCP instructions per data segment, x86-64"
    for name, bars in (("MCU", (598, 480)), ("BIG", (0.85 * 1078, 0.85 * 670))):
        for side, bar in zip(("sender", "receiver"), bars):
            yield Row(table, f"{'8 segments' if name == 'MCU' else '256 KB'}, {side}", bar, MOST, "instructions",
                      source="count", measure=f"{name} {side}, per segment")
    for flight in (181, 362):
        yield Row("20 holes in one flight: instructions per ACK beyond those without holes, by those at 64 in flight",
                  f"{flight} in flight", flight / 64, MOST, "times", source="holes", measure=f"{flight} in flight")
    for profile, text, pcb in (("minimal", 13570, 168), ("full", 20480, 248)):
        yield Row("Cortex-M3", f"{profile}: text", text, MOST, "bytes", source="sizes", measure=f"{profile} text")
        yield Row("Cortex-M3", f"{profile}: PCB", pcb, MOST, "bytes", source="sizes", measure=f"{profile} pcb")


PARTS = (eight_segments, large_windows, against_linux, paths, queues, requests, tails, openings, spikes, blackouts,
         fairness, costs)


def rows():
    return [row for part in PARTS for row in part()]
