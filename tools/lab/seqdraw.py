# SPDX-License-Identifier: BSD-3-Clause
"""Draws the time-sequence diagram of one direction, in the manner of tcptrace."""

from matplotlib.lines import Line2D

import plotstyle as style
from seqcap import FIN, RST, SYN
from seqflow import AGAIN, DUPLICATE, KEEPALIVE, LATE, NEW, SPURIOUS, ZERO

# What is closer together than this share of the picture's width is drawn as one.
COLUMNS = 1500
GAP = float("nan")


class View:
    """The part of time that is drawn, in columns."""

    def __init__(self, begin, end, columns=COLUMNS):
        self.begin, self.end = begin, end if end > begin else begin + 1e-3
        self.column = (self.end - self.begin) / columns
        self.last = self.end        # staircases go on until then

    def until(self, time):
        """The view of something that ends at a time."""
        self.last = max(self.begin, min(self.end, time))
        return self

    def has(self, time):
        return self.begin <= time <= self.end

    def at(self, time):
        return int((time - self.begin) / self.column)


def whole(stream):
    """The time in which the direction and its answers stand."""
    times = [event.time for event in stream.events + stream.peer.events]
    return (min(times), max(times)) if times else (0.0, 1.0)


def bars(view, spans):
    """Upright bars (time, low, high) as one line with gaps; touching bars of one column become one."""
    merged = []
    for time, low, high in spans:
        if merged and view.at(merged[-1][0]) == view.at(time) and merged[-1][1] <= low <= merged[-1][2]:
            merged[-1] = (merged[-1][0], merged[-1][1], max(high, merged[-1][2]))
        else:
            merged.append((time, low, high))
    xs = [x for time, _, _ in merged for x in (time, time, GAP)]
    ys = [y for _, low, high in merged for y in (low, high, GAP)]
    return xs, ys


def steps(view, points):
    """A staircase; of the points in one column it keeps the lowest, the highest and the last."""
    columns = {}
    before = None
    for time, value in points:
        if time < view.begin:
            before = (view.begin, value)
        elif time <= view.end:
            columns.setdefault(view.at(time), []).append((time, value))
    kept = [before] if before else []
    for group in columns.values():
        if len(group) > 3:
            least, most = (choose(group, key=lambda point: point[1]) for choose in (min, max))
            group = sorted({least, most, group[-1]})
        kept += group
    if kept:
        kept.append((max(view.last, kept[-1][0]), kept[-1][1]))
    return [time for time, _ in kept], [value for _, value in kept]


def _bars(axes, view, events, **look):
    spans = [(event.time, event.start, event.end) for event in events if view.has(event.time)]
    if spans:
        axes.plot(*bars(view, spans), solid_capstyle="projecting", **look)
    return bool(spans)


def _marks(axes, view, points, **look):
    """Marks (time, value); of several in one column on one height, one."""
    points = list({(view.at(time), round(value)): (time, value) for time, value in points if view.has(time)}.values())
    if points:
        axes.plot(*zip(*points), linestyle="none", **look)
    return bool(points)


def _segments(axes, view, stream):
    """Segments; returns what of the legend is needed."""
    events = [event for event in stream.events if event.end > event.start]
    again = [event for event in events if event.kind == AGAIN]
    honest = [event for event in again if SPURIOUS not in event.marks]
    in_vain = [event for event in again if SPURIOUS in event.marks]
    late = [event for event in events if event.kind == LATE]
    size = 5 if sum(view.has(event.time) for event in again) <= 40 else 3
    need = set()
    if _bars(axes, view, [event for event in events if event.kind == NEW], color=style.DATA, linewidth=1.8):
        need.add("data")
    if _bars(axes, view, late, color=style.LATE, linewidth=2.2):
        need.add("late")
    _bars(axes, view, again, color=style.AGAIN, linewidth=2.2)
    if _marks(axes, view, [(e.time, e.end) for e in honest], color=style.AGAIN, marker="^", markersize=size):
        need.add("again")
    if _marks(axes, view, [(e.time, e.end) for e in in_vain], color=style.AGAIN, marker="^", markersize=size,
              markerfacecolor="none"):
        need.add("spurious")
    if _marks(axes, view, [(e.time, e.start) for e in stream.events if e.kind == KEEPALIVE], color=style.INK,
              marker="3", markersize=7):
        need.add("keepalive")
    return need


def _answers(axes, view, stream):
    told = [event for event in stream.peer.events if event.ack is not None and not event.flags & RST]
    need = set()
    if not told:
        return need
    highest, line = 0, []
    for event in told:
        highest = max(highest, event.ack)
        line.append((event.time, highest))
    axes.plot(*steps(view, line), color=style.ACKS, linewidth=1.1, drawstyle="steps-post")
    axes.plot(*steps(view, [(e.time, e.ack + e.window) for e in told]), color=style.WINDOW, linewidth=1.0,
              linestyle=(0, (4, 1.5)), drawstyle="steps-post")
    need |= {"ack", "window"}
    blocks = [(event.time, left, right) for event in told for left, right in event.sack if view.has(event.time)]
    if blocks:
        axes.plot(*bars(view, sorted(blocks)), color=style.SACKS, linewidth=0.8, solid_capstyle="butt", alpha=0.6, zorder=1.5)
        need.add("sack")
    if _marks(axes, view, [(e.time, e.ack) for e in told if DUPLICATE in e.marks], color=style.ACKS, marker="|",
              markersize=4, markeredgewidth=0.7):
        need.add("duplicate")
    if _marks(axes, view, [(e.time, e.ack) for e in told if ZERO in e.marks], color=style.WINDOW, marker="X",
              markersize=6):
        need.add("zero")
    return need


def _flags(axes, view, stream):
    for flag, name in ((SYN, "SYN"), (FIN, "FIN"), (RST, "RST")):
        for event in stream.events:
            if event.flags & flag and view.has(event.time):
                axes.annotate(name, (event.time, event.end), xytext=(3, 3), textcoords="offset points", fontsize=7.5)
                axes.plot(event.time, event.end, marker="D", markersize=3, color=style.INK, linestyle="none")


def _entry(label, **look):
    return Line2D([], [], label=label, **look)


LEGEND = {
    "data": _entry("data", color=style.DATA, linewidth=2),
    "again": _entry("sent again", color=style.AGAIN, linewidth=2, marker="^", markersize=5),
    "spurious": _entry("sent again in vain", color=style.AGAIN, linewidth=2, marker="^", markersize=5,
                       markerfacecolor="none"),
    "late": _entry("out of order", color=style.LATE, linewidth=2),
    "keepalive": _entry("probe", color=style.INK, linestyle="none", marker="3"),
    "ack": _entry("acknowledged", color=style.ACKS, linewidth=1.2),
    "duplicate": _entry("duplicate ACK", color=style.ACKS, linestyle="none", marker="|"),
    "sack": _entry("SACK block", color=style.SACKS, linewidth=1.6),
    "window": _entry("window's edge", color=style.WINDOW, linewidth=1.2, linestyle=(0, (4, 1.5))),
    "zero": _entry("window closed", color=style.WINDOW, linestyle="none", marker="X"),
}


def draw(axes, stream, begin=None, end=None, columns=COLUMNS):
    """Draws; returns the names of LEGEND's entries that are needed."""
    first, last = whole(stream)
    view = View(first if begin is None else begin, last if end is None else end, columns).until(last)
    need = _answers(axes, view, stream) | _segments(axes, view, stream)
    _flags(axes, view, stream)
    axes.set_xlabel("time (s)")
    axes.set_ylabel("sequence number (bytes)")
    style.scaled_axis(axes.yaxis)
    margin = (view.end - view.begin) * 0.02
    axes.set_xlim(view.begin - margin, view.end + margin)
    return need


def span(stream, begin, end):
    """(lowest, highest) sequence number that matters between two times: segments and acknowledgments, and
    the window's edge where it is near."""
    lows, highs, edges = [], [], []
    for event in stream.events:
        if begin <= event.time <= end and event.end > event.start:
            lows.append(event.start)
            highs.append(event.end)
    for event in stream.peer.events:
        if begin <= event.time <= end and event.ack is not None and not event.flags & RST:
            lows.append(event.ack)
            edges.append(event.ack + event.window)
    if not lows:
        return 0, 1
    low, high = min(lows), max(highs + lows)
    reach = max(edges, default=high)
    room = (high - low) * 0.06 + 1
    return low - room, (reach if reach <= high + 1.0 * (high - low) else high) + room


def legend(target, need, **how):
    target.legend(handles=[entry for name, entry in LEGEND.items() if name in need], handlelength=1.6,
                  columnspacing=1.2, fontsize=8, **how)
