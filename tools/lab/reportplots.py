# SPDX-License-Identifier: BSD-3-Clause
"""The plots of a report. Each function gives a matplotlib figure."""

import math

import plotstyle as style
import reportdata as data
import seqdraw
import seqflow
from seqflow import AGAIN

WIDTH = 5.3
# Inches around the axes: left, right, bottom, top; and with room for a legend of one or two lines.
PLAIN, ONE_LINE, TWO_LINES = (0.68, 0.12, 0.48, 0.1), (0.68, 0.12, 0.48, 0.3), (0.68, 0.12, 0.48, 0.46)
COLORS = (style.FIRST, style.SECOND)
FLOWS = (style.FIRST, style.SECOND, style.ACKS, style.SACKS, style.WINDOW, style.LATE, style.NEUTRAL, style.INK)
LOOKS = ({"marker": "o", "linestyle": "-"}, {"marker": "s", "linestyle": "-"})
# Share of a plot's width below which points are drawn as one.
COLUMNS = 400
# Plots over time end where both have sent so often again.
REPAIRS = 25
MATHIS = math.sqrt(1.5)


# ---- overview -------------------------------------------------------------------------------------------

def _reach(factors):
    """How far the axis of factors goes to either side: all but the utmost twentieth, 16 times at most."""
    finite = sorted(abs(math.log2(f)) for f in factors if f and math.isfinite(f)) or [1]
    return max(1.0, min(4.0, math.ceil(finite[int(0.95 * (len(finite) - 1))] * 2 + 0.2) / 2))


def _place(factor, reach):
    if factor is None:
        return None
    if factor in (0, math.inf):
        return math.copysign(reach, 1 if factor else -1)
    return max(-reach, min(reach, math.log2(factor)))


def _factor_label(place, _=None):
    factor = 2 ** abs(place)
    return "equal" if factor == 1 else f"{factor:g}×"


def overview(groups, backends):
    """A row per scenario: each cell a point at how many times better which backend is. `groups` is
    [(name, [Comparison])]."""
    reach = _reach([each.factor for _, group in groups for each in group])
    names = max(len(name) for name, _ in groups)
    plot, axes = style.figure(WIDTH, 0.75 + 0.215 * len(groups), (0.2 + 0.072 * names, 0.15, 0.35, 0.3))
    axes.axvspan(-reach * 1.04, 0, color=COLORS[0], alpha=0.05, linewidth=0)
    axes.axvspan(0, reach * 1.04, color=COLORS[1], alpha=0.05, linewidth=0)
    axes.axvline(0, color=style.INK, linewidth=0.9)
    for row, (_, group) in enumerate(groups):
        places = [(_place(each.factor, reach), each.winner) for each in group if each.factor is not None]
        if len(places) > 1:
            axes.plot([min(places)[0], max(p for p, _ in places)], [row, row], color=style.NEUTRAL, linewidth=1)
        for place, winner in places:
            color = style.NEUTRAL if winner is None else COLORS[winner]
            beyond = abs(place) >= reach
            axes.plot(place, row, color=color, markersize=6.5 if winner is not None else 5.5, linestyle="none",
                      marker=(">" if place > 0 else "<") if beyond else "o" if winner != 1 else "s",
                      markerfacecolor="none" if winner is None else color)
        if not places:
            axes.text(0, row, " a run failed", va="center", fontsize=8)
    axes.set_yticks(range(len(groups)), [name for name, _ in groups], fontsize=8.5)
    axes.set_ylim(len(groups) - 0.4, -0.6)
    axes.set_xlim(-reach * 1.04, reach * 1.04)
    whole = range(-int(reach), int(reach) + 1)
    axes.set_xticks([tick for tick in whole])
    axes.xaxis.set_major_formatter(style.FuncFormatter(_factor_label))
    axes.grid(axis="y", visible=False)
    axes.tick_params(axis="y", length=0)
    axes.set_title(f"← {backends[0]} is better", loc="left", color=COLORS[0], fontsize=9.5, fontweight="bold")
    axes.set_title(f"{backends[1]} is better →", loc="right", color=COLORS[1], fontsize=9.5, fontweight="bold")
    return plot


# ---- a figure over an axis ------------------------------------------------------------------------------

class Bounds:
    """What a transfer cannot exceed, or hardly does: read off the run's own handshake and segments."""

    def __init__(self, run, variables):
        self.round_trip, self.window, self.mss = run.round_trip(), run.window(), run.mss()
        self.rate = data.quantity(variables.get("rate", ""))

    def limit(self):
        """(Mbit/s, why) of the smaller of window / RTT and the link's rate; None if neither is known."""
        known = []
        if self.window and self.round_trip:
            known.append((self.window * 8 / self.round_trip / 1e6, "window / RTT"))
        if self.rate:
            known.append((self.rate / 1e6, "link rate"))
        return min(known, default=None)

    def mathis(self, loss):
        """Mbit/s at a loss rate (Mathis et al. 1997), None if nothing is known."""
        if not (self.mss and self.round_trip and loss > 0):
            return None
        return self.mss * 8 / self.round_trip * MATHIS / math.sqrt(loss) / 1e6


def _positions(values):
    """(x of each value, ticks or None): numbers where all are, else 0, 1, 2, ..."""
    numbers = [data.quantity(value) for value in values]
    if None in numbers:
        return list(range(len(values))), list(values)
    return numbers, None


def _stretch(axes, xs):
    """Spreads small values out where large ones would press them together: by the root if there is a zero."""
    positive = [x for x in xs if x > 0]
    if len(positive) < 3 or max(positive) < 12 * min(positive):
        return
    if min(xs) == 0:
        axes.set_xscale("function", functions=(lambda x: abs(x) ** 0.5, lambda x: x ** 2))
        axes.set_xlim(0, max(xs) * 1.05)
    else:
        axes.set_xscale("log")


def _legend_above(axes, columns):
    axes.legend(fontsize=8, ncol=columns, loc="lower left", bbox_to_anchor=(-0.02, 0.99), handlelength=1.6,
                columnspacing=1.0, borderaxespad=0.1)


def _draw_medians(axes, backends, xs, figures):
    for backend, color, look in zip(backends, COLORS, LOOKS):
        points = [(x, figure["median"].get(backend), figure["spread"].get(backend) or 0)
                  for x, figure in zip(xs, figures) if figure["median"].get(backend) is not None]
        if points:
            x, y, spread = zip(*sorted(points))
            axes.errorbar(x, y, yerr=spread, color=color, label=backend, capsize=2.5, linewidth=1.6, markersize=5,
                          elinewidth=0.9, **look)


def _draw_bounds(axes, bounds, axis, xs, top):
    """Draws what limits the transfer; returns how high the plot must be to show it."""
    limit = bounds.limit()
    left, right = min(xs), max(xs)
    if limit and limit[0] <= 2.5 * top:
        axes.axhline(limit[0], color=style.INK, linewidth=0.9, linestyle=(0, (5, 2)), label=f"limit: {limit[1]}")
        top = max(top, limit[0])
    if axis == "loss" and right > 0:
        curve = [(loss, bounds.mathis(loss)) for loss in (left + (right - left) * i / 200 for i in range(1, 201))]
        curve = [(loss, value) for loss, value in curve if value is not None]
        if curve:
            axes.plot(*zip(*curve), color=style.NEUTRAL, linewidth=1, linestyle=(0, (1, 1.5)),
                      label="Mathis: MSS/RTT · √(3/2p)")
    return top


def over_axis(backends, axis, cells, name, bounds=None):
    """A figure's medians and spreads over one axis; `cells` differ in that axis alone."""
    figures = [next(f for f in cell["figures"] if f["name"] == name) for cell in cells]
    xs, ticks = _positions([cell["variables"][axis] for cell in cells])
    plot, axes = style.figure(WIDTH, 3.3, TWO_LINES)
    _draw_medians(axes, backends, xs, figures)
    top = max((value + (figure["spread"].get(backend) or 0) for figure in figures
               for backend, value in figure["median"].items() if value is not None), default=1)
    if bounds is not None and figures[0]["unit"] == "Mbit/s":
        top = _draw_bounds(axes, bounds, axis, xs, top)
    axes.set_ylim(0, top * 1.08 or 1)
    _stretch(axes, xs)
    axes.set_xticks(xs, ticks or [cell["variables"][axis] for cell in cells])
    axes.minorticks_off()
    axes.set_xlabel(axis)
    axes.set_ylabel(f"{name} ({figures[0]['unit']})")
    _legend_above(axes, 2)
    return plot


def strips(backends, figure):
    """Every seed of one cell as a point, the median as a bar: for a scenario without an axis."""
    plot, axes = style.figure(WIDTH, 1.5, PLAIN)
    for row, (backend, color, look) in enumerate(zip(backends, COLORS, LOOKS)):
        values = [value for value in figure["values"].get(backend, ()) if value is not None]
        axes.plot(values, [row] * len(values), linestyle="none", marker=look["marker"], color=color, markersize=5,
                  alpha=0.45)
        if values:
            axes.plot([figure["median"][backend]] * 2, [row - 0.3, row + 0.3], color=color, linewidth=2.2)
    axes.set_yticks(range(len(backends)), backends)
    axes.set_ylim(len(backends) - 0.5, -0.5)
    axes.set_xlim(left=0)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(f"{figure['name']} ({figure['unit']}), a point per seed, bar: median")
    return plot


# ---- latencies ------------------------------------------------------------------------------------------

def _thin(points, count=500):
    """Every k-th point and the last ten, so that the tail is whole."""
    if len(points) <= count:
        return points
    step = len(points) / count
    kept = {int(i * step) for i in range(count)} | set(range(len(points) - 10, len(points)))
    return [points[i] for i in sorted(kept)]


def latency_cdf(backends, latencies):
    """Share of requests answered later than x: so a tail is seen that a CDF presses against its top."""
    plot, axes = style.figure(WIDTH, 3.3, (0.75, 0.4, 0.48, 0.3))
    most = max(len(latencies.get(backend, ())) for backend in backends)
    for backend, color in zip(backends, COLORS):
        values = sorted(latencies.get(backend, ()))
        if values:
            points = _thin([(value, 1 - i / len(values)) for i, value in enumerate(values)])
            axes.step(*zip(*points), where="post", color=color, linewidth=1.6, label=backend)
    for share, name in ((0.5, "p50"), (0.01, "p99")):
        axes.axhline(share, color=style.NEUTRAL, linewidth=0.7, linestyle=(0, (2, 2)))
        axes.text(1.0, share, f" {name}", transform=axes.get_yaxis_transform(), va="center", fontsize=8)
    axes.set_yscale("log")
    axes.set_ylim(0.7 / max(most, 2), 1.2)
    axes.yaxis.set_major_formatter(style.FuncFormatter(lambda y, _: f"{y * 100:g} %"))
    values = [value for backend in backends for value in latencies.get(backend, ())]
    if values and min(values) > 0 and max(values) > 8 * min(values):
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(style.FuncFormatter(lambda x, _: f"{x:g}"))
    axes.set_xlabel("latency (ms)")
    axes.set_ylabel("requests that took longer")
    _legend_above(axes, 2)
    return plot


# ---- over time ------------------------------------------------------------------------------------------

def _series(run, column, end):
    """The column's steps over time, in gaps where it is unknown."""
    points = [(t, row[column]) for t, row in run.rows if row[column] is not None and t <= end]
    view = seqdraw.View(0, end, COLUMNS).until(run.connection.end())
    return seqdraw.steps(view, points) if points else ([], [])


def over_time(run, end, top, top_rtt):
    """cwnd, in flight, the peer's window and the RTT estimate of one sender; the limits are for both sides."""
    plot, (upper, lower) = style.figure(WIDTH, 3.9, ONE_LINE, nrows=2, sharex=True,
                                        gridspec_kw={"height_ratios": [3, 1.4], "hspace": 0.22})
    for column, label, look in (
            ("cwnd", "cwnd", {"color": style.DATA, "linewidth": 1.5}),
            ("in_flight", "in flight", {"color": style.ACKS, "linewidth": 1.0}),
            ("ssthresh", "ssthresh", {"color": style.NEUTRAL, "linewidth": 1.0, "linestyle": (0, (1, 1.5))}),
            ("snd_wnd", "peer's window", {"color": style.WINDOW, "linewidth": 1.0, "linestyle": (0, (4, 1.5))})):
        times, values = _series(run, column, end)
        if times:
            upper.plot(times, values, label=label, drawstyle="steps-post", **look)
    again = [event.time for event in run.stream.events if event.kind == AGAIN and event.time <= end]
    upper.plot(again, [0] * len(again), linestyle="none", marker="^", color=style.AGAIN, markersize=5, clip_on=False,
               label="sent again", zorder=5)
    upper.set_ylim(0, top)
    upper.set_ylabel("bytes")
    style.scaled_axis(upper.yaxis)
    _legend_above(upper, 5)
    for column, label, color, dashes in (("srtt_ms", "RTT estimate", style.SACKS, "-"),
                                         ("rto_ms", "timeout", style.WINDOW, (0, (4, 1.5)))):
        times, values = _series(run, column, end)
        if times:
            lower.plot(times, values, color=color, linestyle=dashes, linewidth=1.2, label=label, drawstyle="steps-post")
    lower.set_yscale("log")
    lower.set_ylim(*top_rtt)
    lower.yaxis.set_major_formatter(style.FuncFormatter(lambda y, _: f"{y:g}"))
    lower.set_ylabel("ms")
    lower.set_xlabel("time (s)")
    lower.set_xlim(0, end)
    _legend_above(lower, 2)
    return plot


def flows(transfers, end, top):
    """What each of several transfers at once had acknowledged by when; a colour per sending host."""
    plot, axes = style.figure(WIDTH, 3.3, ONE_LINE)
    hosts = list(dict.fromkeys(host for host, _ in transfers))
    for host, steps in transfers:
        times, values = seqdraw.steps(seqdraw.View(0, end, COLUMNS).until(steps[-1][0]), steps)
        first = host not in axes.get_legend_handles_labels()[1]
        axes.plot(times, values, linewidth=1.2, color=FLOWS[hosts.index(host) % len(FLOWS)],
                  label=host if first else f"_{host}")
    axes.set_xlim(0, end)
    axes.set_ylim(0, top * 1.04)
    axes.set_xlabel("time (s)")
    axes.set_ylabel("bytes acknowledged")
    style.scaled_axis(axes.yaxis)
    _legend_above(axes, 8)
    return plot


def time_limits(runs):
    """(end, bytes, (least ms, most ms)) that fit both runs: until the shorter ends, or both have repaired much.
    ssthresh and windows far above are cut off."""
    end = min(run.connection.end() for run in runs)
    many = [[event.time for event in run.stream.events if event.kind == AGAIN][REPAIRS:] for run in runs]
    if all(many):
        end = min(end, max(times[0] for times in many))
    own = [row[column] for run in runs for _, row in run.rows for column in ("cwnd", "in_flight") if row[column]]
    window = max((run.window() or 0 for run in runs), default=0)
    top = max(own, default=1)
    top = max(top, window) if window <= 2.5 * top else top
    times = [row[column] for run in runs for _, row in run.rows for column in ("srtt_ms", "rto_ms") if row[column]]
    return end, top * 1.08, (min(times, default=1) / 1.5, max(times, default=1000) * 1.5)


# ---- time and sequence ----------------------------------------------------------------------------------

def sequence(run, end, top):
    """The whole connection."""
    plot, axes = style.figure(WIDTH, 3.6, PLAIN)
    need = seqdraw.draw(axes, run.stream, 0, end, columns=COLUMNS)
    axes.set_ylim(-0.03 * top, top)
    return plot, need


def first_loss(run):
    """(from, to, lowest number) of the first repair: from the first sending of what is sent again to the ACK of
    all that was out then; None if nothing was sent again."""
    stream = run.stream
    again = next((event for event in stream.events if event.kind == AGAIN), None)
    if again is None:
        return None
    original = next(event for event in stream.events if event.end > again.start)
    highest = max(event.end for event in stream.events if event.time <= again.time)
    done = next((event.time for event in stream.peer.events if event.ack is not None and event.ack >= highest),
                stream.events[-1].time)
    return original.time, max(done, again.time), again.start


def zoom(run, begin, length, low, height):
    """A piece of a connection."""
    plot, axes = style.figure(WIDTH, 3.6, PLAIN)
    need = seqdraw.draw(axes, run.stream, begin, begin + length, columns=COLUMNS)
    axes.set_ylim(low, low + height)
    return plot, need


def longest_silence(run):
    """(from, to, lowest number) of the longest time in which only a timer could go on; None if there is none."""
    found = max(seqflow.silences(run.stream), key=lambda gap: gap[1] - gap[0], default=None)
    if found is None:
        return None
    acked = [event.ack for event in run.stream.peer.events if event.ack is not None and event.time <= found[1]]
    return found[0], found[1], max(acked, default=0)


def zoom_views(runs, find, same_height):
    """[(run, begin, length, low, height, seconds) or None] of what `find` finds in each run (it lasts `seconds`), in
    the same measure of time and, if asked, of bytes; [] if it finds nothing in any."""
    pieces = [find(run) for run in runs]
    known = [piece for piece in pieces if piece]
    if not known:
        return []
    length = max(end - begin for begin, end, _ in known)
    margin = length * 0.12
    ranges = [seqdraw.span(run.stream, piece[0] - margin, piece[0] + length + margin) if piece else (0, 0)
              for run, piece in zip(runs, pieces)]
    highest = max(high - low for low, high in ranges)
    return [(run, piece[0] - margin, length + 2 * margin, low, highest if same_height else high - low,
             piece[1] - piece[0]) if piece else None for run, piece, (low, high) in zip(runs, pieces, ranges)]
