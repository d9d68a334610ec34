# SPDX-License-Identifier: BSD-3-Clause
"""What was measured, recorded in performance.json, and the page docs/performance.md made of it."""

import json
import math
import os

import performance_rows as rows_of
import simlib
from performance_reasons import REASONS, reason_for

HERE = os.path.dirname(os.path.abspath(__file__))
FILE = os.path.join(HERE, "performance.json")
PAGE = os.path.join(simlib.REPO, "docs", "performance.md")
PICTURES = os.path.join(simlib.REPO, "docs", "img")
# What tells the rows that no scenario does.
SOURCES = {"count": "tests/sim/count --connections ''", "sizes": "tools/sizes",
           "holes": "tests/sim/count --profiles '' --connections '' --holes"}
REAL = ("real legacy", "real alt", "real linux")

HEAD = """\
<!-- SPDX-License-Identifier: BSD-3-Clause. Written by tools/performance --update; do not edit. -->
# Performance

Each figure that alt promises, beside legacy's of lwIP {lwip}. All of it is measured by scenarios of the [lab](lab.md):

    tools/performance                     all that is simulated, counted or weighed: some minutes
    tools/performance --only tail SACK    the rows with these words in their names
    tools/performance --list              every row with the command of tools/ab that runs it
    tools/performance --real              beside Linux, in real time
    tools/performance --update            and writes this page

Simulated figures do not depend on the machine: medians of {seeds} seeds, percentiles of all requests of {seeds} seeds
(9,000). Loss hits both directions. A figure **in bold** misses its bar; [why](#what-is-missed) is below. {summary}

"""

MISSES = """\
## What is missed

"""

REAL_HEAD = """\
## Beside Linux

In real time ([how](lab.md#against-linux)): whoever is named sends to Linux over the same link with the same losses;
the third column is Linux (cubic) itself. These figures do depend on the machine and vary more: medians of a few seeds.
Requests are Linux's in all three columns: one that is lost waits for Linux's timeout, which is the p99 of 1 KB.

"""


# ---- what a row is -------------------------------------------------------------------------------------------

def judged(row, figures):
    """The figure that the bar is for, or None."""
    if row.real and row.real.bar is not None:
        linux, alt = figures.get("real linux"), figures.get("real alt")
        return alt / linux if linux and alt is not None else None
    return figures.get("alt")


def described(row):
    return {"row": row.id, "bar": row.bar, "sense": row.sense, "unit": row.unit, "command": command_of(row)}


def _sets(variables):
    return " ".join(f"--set {name}={value}" for name, value in variables.items())


def command_of(row):
    """How tools/ab runs a row, or what else tells it."""
    if row.source:
        return SOURCES[row.source]
    if not row.scenario:
        return f"tools/ab --real {row.real.scenario} {_sets(row.real.variables)}"
    grid = " ".join(f"{name}={value},{row.variables[name]}" for name, value in row.beside.items())
    words = [_sets({name: value for name, value in row.variables.items() if name not in row.beside}),
             f"--grid {grid}" if grid else "", f"--seeds {row.seeds}"]
    return " ".join(["tools/ab", row.scenario, *filter(None, words)])


# ---- what is recorded ----------------------------------------------------------------------------------------

def read():
    try:
        with open(FILE, encoding="utf-8") as file:
            return json.load(file)["figures"]
    except FileNotFoundError:
        return {}


def record(figures):
    """Takes figures over; rows that were not measured keep theirs, those that are no more go."""
    known = read()
    merged = {row.id: dict(known.get(row.id, {})) for row in rows_of.rows()}
    for name, by_label in figures.items():
        merged[name].update({label: None if value is None else float(f"{value:.5g}")
                             for label, value in by_label.items()})
    with open(FILE, "w", encoding="utf-8") as out:
        json.dump({"written_by": "tools/performance --update", "figures": {n: f for n, f in merged.items() if f}}, out,
                  indent=1)
        out.write("\n")


# ---- the page ------------------------------------------------------------------------------------------------

def number(value):
    """Three digits that mean something; whole numbers beyond."""
    if value is None:
        return "-"
    if value == 0 or abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.{max(0, 2 - math.floor(math.log10(abs(value))))}f}" if abs(value) >= 0.01 else f"{value:.2g}"


def marked(row, value):
    text = number(value)
    return text if value is None or row.met(value) else f"**{text}**"


def markdown(head, lines):
    text = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(text + ["| " + " | ".join(line) + " |" for line in lines]) + "\n"


def split(name):
    """('RTT 20 ms', 'loss 1%')"""
    where, _, what = name.rpartition(", ")
    return where, what


def grid(rows, figures):
    """A table with a column per loss: alt, then in brackets legacy and the bar."""
    losses = list(dict.fromkeys(split(row.name)[1] for row in rows))
    lines = {}
    for row in rows:
        known = figures.get(row.id, {})
        text = f"{marked(row, known.get('alt'))} ({number(known.get('legacy'))}; {number(row.bar)})"
        lines.setdefault((row.column, split(row.name)[0]), {})[split(row.name)[1]] = text
    return markdown(["", "", *losses], [[*where, *(cells.get(loss, "") for loss in losses)]
                                        for where, cells in lines.items()])


def plain(rows, figures):
    head = ["", "legacy", "alt", rows[0].sense, ""]
    return markdown(head, [[row.name, number(figures.get(row.id, {}).get("legacy")),
                            marked(row, figures.get(row.id, {}).get("alt")), number(row.bar), row.unit] for row in rows])


def commands(rows):
    """The commands of a table, each once: what differs between rows as a grid."""
    by_scenario = {}
    for row in rows:
        if row.scenario:
            by_scenario.setdefault((row.scenario, row.seeds, tuple(row.variables), row.variables.get("bytes")), []).append(row)
    for (scenario, seeds, names, _), group in by_scenario.items():
        values = {name: list(dict.fromkeys(v for row in group for v in (row.beside.get(name), row.variables[name]) if v))
                  for name in names}
        sets = _sets({name: v[0] for name, v in values.items() if len(v) == 1})
        axes = " ".join(f"{name}={','.join(v)}" for name, v in values.items() if len(v) > 1)
        yield " ".join(filter(None, ["tools/ab", scenario, sets, f"--grid {axes}" if axes else "", f"--seeds {seeds}"]))
    for source in dict.fromkeys(row.source for row in rows if row.source):
        yield SOURCES[source]


def section(table, rows, figures):
    """A table with its commands."""
    body = grid(rows, figures) if rows[0].column else plain(rows, figures)
    note = "alt (legacy; bar), Mbit/s. The column says who sends to whom.\n\n" if rows[0].column else ""
    ways = "\n".join(f"    {command}" for command in dict.fromkeys(commands(rows)))
    return f"## {table}\n\n{note}{body}\n{ways}\n\n"


def real_section(rows, figures):
    """Three columns of one run."""
    text = REAL_HEAD
    for table in dict.fromkeys(row.table for row in rows):
        lines, factors = [], []
        for row in (row for row in rows if row.table == table):
            known = figures.get(row.id, {})
            if known.get("real alt") is None:
                continue
            factor = known["real alt"] / known["real linux"] if known.get("real linux") else None
            share = marked(row, factor) if row.real.bar is not None else number(factor)
            unit = "Mbit/s" if row.real.measure == "goodput" else "ms"
            lines.append([", ".join(filter(None, (row.column, row.name))), *(number(known.get(label)) for label in REAL),
                          unit, share])
            factors += [factor] if factor else []
        if lines:
            text += f"### {table}\n\n" + markdown(["", "legacy", "alt", "Linux", "", "alt / Linux"], lines)
            mean = math.exp(sum(map(math.log, factors)) / len(factors)) if factors else 0
            text += f"\nGeometric mean of alt / Linux: {mean:.2f}.\n\n"
            first = next(row for row in rows if row.table == table)
            text += f"    tools/performance --real --only '{table}'\n    {real_command(first)}    (and so on)\n\n"
    return text if text != REAL_HEAD else ""


def real_command(row):
    return f"tools/ab --real {row.real.scenario} {_sets(row.real.variables)}"


def misses(rows, figures):
    """Every row below its bar with its cause; what has none is said, too."""
    lines, causes = [], {}
    for row in rows:
        value = judged(row, figures.get(row.id, {}))
        if value is None or row.met(value):
            continue
        reason = reason_for(row)
        causes.setdefault(reason.text() if reason else "Not explained yet.", []).append(f"{row.id}: {number(value)} for {row.sense} {number(row.bar)} {row.unit}")
    for cause, names in causes.items():
        lines += [*(f"- {name}" for name in names), "", cause, ""]
    return MISSES + ("\n".join(lines) if lines else "Nothing.\n")


def pictures(rows, figures):
    shown = [(row, figures[row.id]) for row in rows if row.id in figures]
    return "![Goodput over loss, window of 8 segments](img/performance-loss.svg)\n\n" if shown else ""


def text_of(figures):
    rows = rows_of.rows()
    simulated = [row for row in rows if row.scenario or row.source]
    values = {row.id: judged(row, figures.get(row.id, {})) for row in rows}
    known = [row for row in rows if values[row.id] is not None]
    met = sum(row.met(values[row.id]) for row in known)
    open_rows = len(rows) - len(known)
    summary = f"Of {len(known)} rows {met} meet their bar" + (f"; {open_rows} are not measured yet." if open_rows else ".")
    parts = [HEAD.format(lwip=simlib.LWIP_VERSION, seeds=rows_of.SEEDS, summary=summary), pictures(simulated[:1], figures)]
    for table in dict.fromkeys(row.table for row in simulated):
        parts.append(section(table, [row for row in simulated if row.table == table], figures))
    parts += [real_section([row for row in rows if row.real], figures), misses(rows, figures)]
    return "".join(parts).rstrip("\n") + "\n"


def write():
    figures = read()
    with open(PAGE, "w", encoding="utf-8") as out:
        out.write(text_of(figures))


def stale():
    """Reasons for what is none, and whether the page is what the record says: lines about it."""
    figures = read()
    by_id = {row.id: row for row in rows_of.rows()}
    found = []
    for reason in REASONS:
        concerned = [row for row in by_id.values() if reason.concerns(row)]
        if not concerned:
            found.append(f"a reason for {reason.words}, but no such row")
        elif all(row.met(judged(row, figures.get(row.id, {}))) for row in concerned if row.id in figures):
            found.append(f"a reason for {reason.words}, which is met")
    with open(PAGE, encoding="utf-8") as file:
        if file.read() != text_of(figures):
            found.append("docs/performance.md is not what the record says: tools/performance --page")
    return found
