# SPDX-License-Identifier: BSD-3-Clause
"""The main program of tools/performance."""

import argparse
import json
import os
import signal
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(HERE)), "tests", "sim"))

# pylint: disable=wrong-import-position
import ab_table
import performance_bench as bench_of
import performance_page as page
import performance_rows as rows_of
import simlib
from ab import print_failures
from ab_arguments import number_from
from ab_catalogue import UsageError
from performance_bench import ALT, LEGACY, LINUX
from performance_reasons import reason_for

DESCRIPTION = """\
Every figure that alt promises, measured: legacy beside alt, the bar, and whether it is met.

Each row is a scenario of tools/ab with some variables; medians over 9 seeds or more, percentiles over
at least 9,000 requests. What was measured before with the same programs is not measured again."""

EPILOG = """\
examples:
  tools/performance                          everything that is simulated, counted or weighed
  tools/performance --only "8 segments" SACK  the rows whose name has all these words
  tools/performance --only tail --quick      three seeds: a glance
  tools/performance --list                   the rows, with the command that runs each in tools/ab
  tools/performance --real                   beside Linux, in real time (needs root, half an hour)
  tools/performance --update                 and writes docs/performance.md

exit: 0 every bar is met, or why not is known and it is no worse than known; 1 a run failed or a bar is
missed otherwise, 2 usage, 130 interrupted"""


def parse():
    parser = argparse.ArgumentParser(prog="tools/performance", description=DESCRIPTION, epilog=EPILOG,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", default=[], metavar="WORD", help="rows whose name has all these words")
    parser.add_argument("--quick", action="store_true", help="three seeds a cell")
    parser.add_argument("--list", action="store_true", help="says which rows there are")
    parser.add_argument("--real", action="store_true", help="the rows that have a counterpart with Linux, in real time")
    parser.add_argument("--real-seeds", type=number_from(1), default=4, metavar="N", help="runs per cell of --real (4)")
    parser.add_argument("--jobs", type=number_from(1), metavar="N", help="runs at a time")
    parser.add_argument("--json", metavar="FILE", help="also writes the figures as JSON")
    parser.add_argument("--update", action="store_true", help="records what was measured, and writes docs/performance.md")
    parser.add_argument("--page", action="store_true", help="only writes docs/performance.md, of what is recorded")
    parser.add_argument("--forget", action="store_true", help="measures again what is known")
    return parser.parse_args()


def chosen(arguments):
    words = [word.lower() for word in arguments.only]
    found = [row for row in rows_of.rows() if all(word in row.id.lower() for word in words)]
    if not found:
        raise UsageError(f"no row has {' and '.join(arguments.only)} in its name; --list says what there is")
    return found


def simulated(rows, arguments):
    """({row's id: {label: value}}, failures, whether all of it ran)"""
    bench = bench_of.Bench([row for row in rows if row.scenario], arguments)
    whole = bench.run()
    figures = {row.id: {label: bench.value(row, label) for label in (LEGACY, ALT)} for row in bench.rows}
    failures = bench.failures()
    for source in sorted({row.source for row in rows if row.source}) if whole else ():
        print(f"performance: {source} ...", file=sys.stderr)
        told = bench_of.SOURCES[source]()
        figures.update({row.id: told[row.measure] for row in rows if row.source == source})
    return figures, failures, whole


def in_real_time(rows, arguments):
    bench = bench_of.RealBench(rows, arguments)
    why = bench.refused()
    if why:
        raise simlib.BuildError(f"--real: {why}")
    whole = bench.run()
    figures = {row.id: {f"real {label}": bench.value(row, label) for label in (LEGACY, ALT, LINUX)}
               for row in bench.rows}
    return figures, bench.failures(), whole


def verdict(row, figures):
    """What came of a row: (text, whether that is good)."""
    value = page.judged(row, figures)
    if value is None:
        return "-", True
    if row.met(value):
        return "met", True
    reason = reason_for(row)
    if reason and reason.covers(row, value):
        return "missed, as known", True
    return "MISSED", False


def print_rows(rows, figures, is_real):
    labels = [f"real {name}" for name in (LEGACY, ALT, LINUX)] if is_real else [LEGACY, ALT]
    table, lines, good = None, [], True
    for row in rows:
        if row.id not in figures:
            continue
        if row.table != table:
            table = row.table
            lines.append([table, *[""] * (len(labels) + 3)])
        text, fine = verdict(row, figures[row.id])
        good = good and fine
        name = ", ".join(filter(None, (row.column, row.name)))
        lines.append([f"  {name}", *[ab_table.number(figures[row.id].get(label)) for label in labels],
                      f"{row.sense} {ab_table.number(row.bar)}", row.unit, text])
    ab_table.print_rows([["", *labels, "bar", "", ""], *lines], 1)
    return good


def write_page():
    page.write()
    done = subprocess.run([sys.executable, "-B", os.path.join(HERE, "performance_plots.py")], check=False)
    if done.returncode != 0:
        raise simlib.BuildError("the plots could not be made")


def measure(arguments):
    rows = chosen(arguments)
    if arguments.list:
        for row in rows:
            print(f"{row.id}: {row.sense} {row.bar:g} {row.unit}\n    {page.command_of(row)}")
        return 0
    if arguments.forget:
        bench_of.forget()
    figures, failures, whole = (in_real_time if arguments.real else simulated)(rows, arguments)
    good = print_rows(rows, figures, arguments.real)
    failed = print_failures(failures)
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as out:
            json.dump([{**page.described(row), "figures": figures[row.id], "verdict": verdict(row, figures[row.id])[0]}
                       for row in rows if row.id in figures], out, indent=1)
            out.write("\n")
    if not whole:
        print("performance: interrupted; what was measured is kept", file=sys.stderr)
        return 130
    if arguments.update and not failed:
        page.record(figures)
        write_page()
    return 0 if good and not failed else 1


def main():
    arguments = parse()
    try:
        if arguments.update and arguments.quick:
            raise UsageError("--update wants the whole measurement, not --quick")
        if arguments.page:
            write_page()
            return 0
        return measure(arguments)
    except UsageError as why:
        print(f"performance: {why}", file=sys.stderr)
        return 2
    except simlib.BuildError as why:
        print(f"performance: {why}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
