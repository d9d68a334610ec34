# SPDX-License-Identifier: BSD-3-Clause
"""What `tools/ab --real` can run: the scenarios, and what one of their cells means for a run.

End a is the host that is compared (lwIP with either TCP, or Linux), end b is Linux. "to-linux": a
sends what counts; "from-linux": b does.
"""

import difflib
import re

import ab_plan
from ab_catalogue import UsageError

# The simulator's profiles: name, receive window of Linux, whether Linux offers timestamps, data of a segment.
PROFILES = {"8": ("MCU", 8 * 1460, False, 1460), "256K": ("BIG", 256 * 1024, True, 1448)}

LINK = {"rtt": "20ms", "rate": "10M", "queue": "0", "loss": "0", "reorder": "0", "reorderby": "5ms",
        "jitter": "0", "window": "8", "cc": "cubic"}
TIME, SHARE = r"0|\d+(\.\d+)?(us|ms|s)", r"0|0?\.\d+|\d+(\.\d+)?%"
# What the simulator's link understands of these.
LINK_KEYS = {"rate": r"\d+(\.\d+)?[kMG]?", "queue": r"\d+(\.\d+)?([kM]|[KM]i|p)?", "loss": SHARE,
             "reorder": SHARE, "reorderby": TIME, "jitter": TIME}
SEEDS = 4  # with fewer the test of differences can say nothing


class Cell:
    """One cell's variables as what real_inside.py wants to know."""

    def __init__(self, values, to_linux):
        self.values = values
        self.to_linux = to_linux
        if values["window"] not in PROFILES:
            raise UsageError(f"window: {' or '.join(PROFILES)} (segments, bytes), "
                             f"not '{values['window']}'")
        self.profile, self.window, self.timestamps, self.segment = PROFILES[values["window"]]
        self.seconds = self.number("seconds")
        self.delay = ab_plan.half(values["rtt"])
        if not re.fullmatch(r"\w+", values["cc"]):
            raise UsageError(f"cc: no congestion control is called '{values['cc']}'")
        for key, pattern in LINK_KEYS.items():
            if not re.fullmatch(pattern, values[key]):
                raise UsageError(f"{key}: '{values[key]}' makes no sense")

    def number(self, name):
        try:
            value = float(self.values[name])
        except ValueError:
            value = 0
        if not 0 < value < 1e9:
            raise UsageError(f"{name}: not a number above 0: '{self.values[name]}'")
        return value

    def wire(self):
        return " ".join([f"delay={self.delay}", *(f"{key}={self.values[key]}" for key in LINK_KEYS)])

    def linux(self):
        return f"window={self.window} cc={self.values['cc']}"


class Scenario:
    """Looks like ab_catalogue's to plans and tables; but these are no files."""

    def __init__(self, name, about, variables, grid, seeds, quick, to_linux=True):
        self.name = self.file = name
        self.about = about
        self.variables = {**LINK, **variables}
        self.grid = grid
        self.seeds = seeds
        self.quick = quick
        self.to_linux = to_linux
        self.measures = self.what_counts()

    def with_variables(self, variables):
        values = {**self.variables, **variables}
        values = {**values, "rtt": ab_plan.with_unit(values["rtt"], "ms"), "loss": ab_plan.with_unit(values["loss"], "%")}
        cell = self.cell(values)
        self.roles(cell), self.rules(cell)  # or they say what makes no sense
        return {"variables": values}

    def cell(self, values):
        return Cell(values, self.to_linux)

    def measured(self):
        """The end whose figures count: it receives, or asks."""
        return "b" if self.to_linux else "a"

    def rules(self, _cell):
        """Scripted faults of the link."""
        return []

    def wants(self, _cell):
        """Responses that must come."""
        return 0

    def measure(self, name, unit, better, kind, **keys):
        return {"name": name, "unit": unit, "better": better, "kind": kind, "keys": keys,
                "where": self.name}


class Bulk(Scenario):
    """For so many seconds as fast as it goes: whoever would take long to carry a certain amount
    gets no longer than the others. Or for so many bytes, if they are carried earlier."""

    def what_counts(self):
        return [self.measure("goodput", "Mbit/s", "higher", "goodput",
                             app=f"serve@{self.measured()}")]

    def roles(self, cell):
        sender, receiver = (f"{role}={cell.values['bytes']}" for role in ("stream tx", "serve rx"))
        return {"a": sender, "b": receiver} if self.to_linux else {"a": receiver, "b": sender}


class Requests(Scenario):
    """Requests on connections that stay open; who asks is the end that does not send what counts."""

    def what_counts(self):
        return [self.measure(f"p{p}", "ms", "lower", "latency", app=f"rr@{self.measured()}", p=p)
                for p in ("50", "99")]

    def roles(self, cell):
        connections = int(cell.number("connections"))
        client = (f"rr requests={int(cell.number('requests'))} request=100 "
                  f"response={int(cell.number('response'))} connections={connections} parallel={connections}")
        return {"a": "rrserve", "b": client} if self.to_linux else {"a": client, "b": "rrserve"}

    def wants(self, cell):
        return int(cell.number("requests"))


class TailLoss(Requests):
    """Of every second response the last segments are lost, once."""

    def what_counts(self):
        """Half of the responses are hit: the median of these is the third quartile of all."""
        return [self.measure("hit", "ms", "lower", "latency", app=f"rr@{self.measured()}", p="75")]

    def rules(self, cell):
        length, lost = int(cell.number("response")), int(cell.number("lost"))
        segments = -(-length // cell.segment)
        first = max(0, (segments - lost) * cell.segment)
        way = "forth" if self.to_linux else "back"
        return [f"{way} first response={turn} at={first}-{length - 1} drop"
                for turn in range(2, int(cell.number("requests")) + 1, 2)]


def bulk(name, about, to_linux):
    return Bulk(name, about, {"seconds": "6", "bytes": "1G"},
                {"window": ["8", "256K"], "rtt": ["20ms", "100ms"], "loss": ["0", "1%", "2%", "5%"]},
                SEEDS, {"seconds": "3", "seeds": "1", "window": "8,256K", "rtt": "20ms", "loss": "0,2%"},
                to_linux)


def reordering(name, about, to_linux):
    return Bulk(name, about, {"seconds": "6", "bytes": "1G", "window": "256K", "reorder": "1%"},
                {"reorder": ["1%"]}, SEEDS, {"seconds": "3", "seeds": "1"}, to_linux)


def requests(name, about, to_linux, response, losses, count, connections):
    variables = {"rtt": "40ms", "response": response, "requests": count,
                 "connections": connections, "seconds": "40"}
    return Requests(name, about, variables, {"loss": losses}, SEEDS,
                    {"requests": str(int(count) // 4), "seeds": "1", "loss": losses[-1]}, to_linux)


def tail_loss(name, about, to_linux, response, lost):
    variables = {"rtt": "40ms", "response": response, "requests": "12", "connections": "1", "lost": "1",
                 "seconds": "60"}
    return TailLoss(name, about, variables, {"lost": lost}, SEEDS,
                    {"seeds": "1", "requests": "6", "lost": "1"}, to_linux)


SCENARIOS = [
    bulk("bulk-to-linux", "sends to Linux as fast as it goes", True),
    bulk("bulk-from-linux", "receives from Linux as fast as it goes", False),
    reordering("reorder-to-linux", "sends to Linux, some frames come 5 ms later, window 256 KB", True),
    reordering("reorder-from-linux", "receives from Linux, some frames come 5 ms later, window 256 KB", False),
    requests("rr-1k-to-linux", "answers Linux's requests, 100 B -> 1 KB, RTT 40 ms", True, "1000", ["1%", "3%"], "600", "4"),
    requests("rr-1k-from-linux", "asks Linux, 100 B -> 1 KB, RTT 40 ms", False, "1000", ["1%", "3%"], "600", "4"),
    requests("rr-20k-to-linux", "answers Linux's requests, 100 B -> 20 KB, RTT 40 ms", True, "20000", ["3%"], "200", "2"),
    requests("rr-20k-from-linux", "asks Linux, 100 B -> 20 KB, RTT 40 ms", False, "20000", ["3%"], "200", "2"),
    tail_loss("tail-1k-to-linux", "answers with 1 KB, the last segment of every second response is lost once", True,
              "1000", ["1"]),
    tail_loss("tail-1k-from-linux", "asks for 1 KB, the last segment of every second response is lost once", False,
              "1000", ["1"]),
    tail_loss("tail-20k-to-linux", "answers with 20 KB, the last segments of every second response are lost once",
              True, "20000", ["1", "2", "3"]),
    tail_loss("tail-20k-from-linux", "asks for 20 KB, the last segments of every second response are lost once",
              False, "20000", ["1", "2", "3"]),
]


def named(words):
    """The scenarios of these names, or all."""
    known = {scenario.name: scenario for scenario in SCENARIOS}
    for word in words:
        if word not in known:
            near = difflib.get_close_matches(word, known, 3, 0.4)
            hint = f" (did you mean {', '.join(near)}?)" if near else ""
            raise UsageError(f"no real scenario '{word}'{hint}; --real --list says what there is")
    return [known[word] for word in words] or SCENARIOS


def print_list(scenarios):
    for scenario in scenarios:
        print(f"  {scenario.name:20} {scenario.about}")
        for variable, values in scenario.grid.items():
            print(f"  {'':20}   {variable}: {' '.join(values)}")
