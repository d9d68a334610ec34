# SPDX-License-Identifier: BSD-3-Clause
"""The pictures of docs/performance.md, of what is recorded. A program of its own: it needs Debian's matplotlib."""

import math
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(os.path.dirname(HERE)), "tests", "sim")]
sys.dont_write_bytecode = True

# pylint: disable=wrong-import-position
import debian

debian.need_packages("python3-matplotlib")
import performance_page as page
import performance_rows as rows_of
import plotstyle as style

LOSS = (0, 1, 2, 5, 10)
SEGMENT, WINDOW, RATE = 1460, 8, 10e6


def ceiling(rtt):
    """Mbit/s: a window per round trip, or the line."""
    return min(WINDOW * SEGMENT * 8 / (rtt * 1e3), RATE * SEGMENT / (SEGMENT + 40) / 1e6)


def mathis(rtt, loss):
    """Mbit/s of a TCP that halves its window at each loss and loses no time otherwise (Mathis et al. 1997)."""
    return min(ceiling(rtt), SEGMENT * 8 / (rtt * 1e3) * math.sqrt(1.5 / (loss / 100)))


def series(figures, column, label, rtt):
    """(loss, Mbit/s) that are known."""
    points = []
    for loss in LOSS:
        name = f"RTT {rtt} ms, loss {loss}{'%' if loss else ''}"
        row = next(r for r in rows_of.eight_segments() if (r.column, r.name) == (column, name))
        value = figures.get(row.id, {}).get(label)
        if value is not None:
            points.append((loss, value))
    return points


LINES = (("alt to alt, SACK", "alt", "alt, SACK", style.SECOND, "s", "-"),
         ("model-based", "alt", "alt, model-based", style.ACKS, "^", "-"),
         ("alt to alt, no SACK", "alt", "alt, no SACK", style.SECOND, "s", "--"),
         ("alt to alt, SACK", "real linux", "Linux", style.SACKS, "D", ":"),
         ("alt to alt, SACK", "legacy", "legacy", style.FIRST, "o", "-"))


def goodput_over_loss(figures):
    plot, panels = style.pyplot.subplots(1, 3, figsize=(10, 3.7))
    plot.subplots_adjust(left=0.06, right=0.99, top=0.92, bottom=0.32, wspace=0.18)
    for axes, rtt in zip(panels, (2, 20, 100)):
        top = ceiling(rtt)
        smooth = [tenth / 10 for tenth in range(1, 10 * LOSS[-1] + 1)]
        axes.plot(smooth, [mathis(rtt, loss) for loss in smooth], color=style.NEUTRAL, linewidth=1,
                  linestyle=(0, (4, 2)), label="halved at each loss (Mathis)")
        axes.axhline(top, color=style.INK, linewidth=0.9, label="window per round trip, or line")
        for column, label, name, color, mark, dash in LINES:
            points = series(figures, column, label, rtt)
            if points:
                axes.plot(*zip(*points), color=color, marker=mark, markersize=4.5, linewidth=1.5, linestyle=dash,
                          label=name)
        axes.set_title(f"RTT {rtt} ms")
        axes.set_xlabel("loss, %")
        axes.set_ylim(0, top * 1.08)
    panels[0].set_ylabel("goodput, Mbit/s")
    handles, names = panels[1].get_legend_handles_labels()
    plot.legend(handles, names, loc="lower center", ncol=4, fontsize=8.5)
    return plot


def main():
    figures = page.read()
    style.save(goodput_over_loss(figures), os.path.join(page.PICTURES, "performance-loss.svg"))


if __name__ == "__main__":
    main()
