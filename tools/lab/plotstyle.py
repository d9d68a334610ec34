# SPDX-License-Identifier: BSD-3-Clause
"""One look for all plots: colours that colour-blind readers can tell apart, and SVG that a page can restyle.

Colours in an SVG are written as CSS variables with a fallback, so that a plot is right by itself and follows
the light or dark scheme of the page it stands in.
"""

import io
import re

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot  # noqa: E402
from matplotlib.ticker import FuncFormatter  # noqa: E402

# Okabe and Ito's palette; what each colour means is the same in every plot.
INK, GRID = "#1f2430", "#d5d9e0"
FIRST, SECOND = "#0072b2", "#d55e00"          # the two backends of a comparison
DATA, AGAIN, LATE = "#0072b2", "#d55e00", "#56b4e9"
ACKS, WINDOW, SACKS = "#009e73", "#b8860b", "#a64d8c"
NEUTRAL = "#7a8190"

# Colours of the page: the plot's own colour -> CSS variable.
VARIABLES = {INK: "ink", GRID: "grid", FIRST: "first", SECOND: "second", LATE: "late", ACKS: "acks",
             WINDOW: "window", SACKS: "sacks", NEUTRAL: "neutral"}

pyplot.rcParams.update({
    "svg.fonttype": "none", "svg.hashsalt": "lab", "font.size": 9.5, "font.family": "sans-serif",
    "axes.edgecolor": INK, "axes.labelcolor": INK, "text.color": INK, "xtick.color": INK, "ytick.color": INK,
    "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.color": GRID,
    "grid.linewidth": 0.6, "axes.axisbelow": True, "legend.frameon": False, "axes.titlesize": 10.5,
    "axes.titlelocation": "left", "figure.facecolor": "none", "axes.facecolor": "none", "path.simplify": False,
})


def figure(width, height, margins=None, **how):
    """(figure, axes) in inches. `margins` (left, right, bottom, top) around the axes put plots side by side in line
    and take half the time; without them they are fitted to the labels."""
    if margins is None:
        return pyplot.subplots(figsize=(width, height), layout="constrained", **how)
    plot, axes = pyplot.subplots(figsize=(width, height), **how)
    left, right, bottom, top = margins
    plot.subplots_adjust(left=left / width, right=1 - right / width, bottom=bottom / height, top=1 - top / height)
    return plot, axes


def scaled(value, _=None):
    """1500000 as 1.5 M: ticks of bytes and bits."""
    for factor, unit in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if abs(value) >= factor:
            return f"{value / factor:.4g}{unit}"
    return f"{value:.4g}"


def scaled_axis(axis):
    axis.set_major_formatter(FuncFormatter(scaled))


def _shorter(match):
    """A path with coordinates to a tenth of a point and one-letter level and upright lines: a fifth of the size."""
    out, before = [], ("", "")
    for command, x, y in re.findall(r"([A-Za-z])(?: (-?[\d.]+) (-?[\d.]+)(?=\s*(?:[A-Zz]|$)))?", match[1]) \
            if not re.search(r"[CQS]", match[1]) else ():
        here = (_tenth(x), _tenth(y)) if x else before
        if command == "L" and here == before:
            continue
        out.append(f"V{here[1]}" if command == "L" and here[0] == before[0] else
                   f"H{here[0]}" if command == "L" and here[1] == before[1] else
                   f"{command}{here[0]} {here[1]}" if x else command)
        before = here
    return f' d="{"".join(out) if out else match[1]}"'


def _tenth(number):
    return f"{float(number):.1f}".removesuffix(".0") if number else number


def svg(plot, prefix, label):
    """The figure as an SVG element for a page; `prefix` keeps its ids apart, `label` says what it shows."""
    out = io.StringIO()
    plot.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    pyplot.close(plot)
    text = out.getvalue()
    text = text[text.index("<svg"):]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    text = re.sub(r'(id="|url\(#|xlink:href="#)', rf"\g<1>{prefix}-", text)
    text = re.sub(r' d="([^"]*)"', _shorter, text)
    text = re.sub(r' (x|y|transform)="([^"]*)"', lambda match: f' {match[1]}="' + re.sub(r"(\.\d)\d+", r"\1", match[2]) + '"', text)
    text = re.sub(r"font: ([^;\"]*?px)[^;\"]*", r"font: \1 sans-serif", text)
    for colour, name in VARIABLES.items():
        text = text.replace(colour, f"var(--{name}, {colour})")
    label = label.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return text.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)


def save(plot, path, **how):
    """The figure as a file of its own, on white."""
    plot.savefig(path, facecolor="white", metadata={"Date": None} if str(path).endswith(".svg") else None, **how)
    pyplot.close(plot)
