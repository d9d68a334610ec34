#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Compares the results of lwIP's unit tests, as check's XML has them, with table.txt."""

import argparse
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path
from typing import NamedTuple

sys.dont_write_bytecode = True
_HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(_HERE), str(_HERE.parent.parent / "lwip")]

from lwiptree.errors import TreeError  # noqa: E402 (the path comes first)
import table  # noqa: E402

_EPILOG = """\
example:
  tests/lwip_unit/results.py 2.2.1 alt build/lwip_unit/2.2.1/alt/lwip_unittests.xml alt 1

exit codes: 0 compared (the lines say what is wrong), 2 wrong usage"""


class Outcome(NamedTuple):
    test: str
    passed: bool
    line: str     # where it failed
    message: str


def read(path):
    """The outcome of every test that ran."""
    if not path.is_file():
        return []
    name = "{http://check.sourceforge.net/ns}"
    try:
        root = ElementTree.parse(path).getroot()
    except ElementTree.ParseError:
        return []  # the program died while it wrote
    return [Outcome(node.findtext(name + "id"), node.get("result") == "success",
                    node.findtext(name + "fn").rsplit(":", 1)[-1],
                    " ".join(node.findtext(name + "message").split()))
            for node in root.iter(name + "test")]


def judge(outcome, row, version):
    """(what kind of agreement, None) or (None, what is wrong)."""
    if row is None or row.how != "differs":
        if outcome.passed:
            return "repaired" if row and row.how == "repaired" else "passed", None
        return None, f"line {outcome.line}: {outcome.message}"
    expected = row.what[version]
    if outcome.passed:
        return None, "passes, but table.txt says that it differs"
    if outcome.line != expected:
        return None, (f"differs at line {outcome.line} ({outcome.message}), "
                      f"table.txt says line {expected}")
    return "differs", None


def compare(options):
    rows = {}
    if options.table == "alt":
        rows = table.of_version(options.version)
    elif options.table == "variant":
        rows = table.of_variant(options.name, options.version)
    outcomes = read(options.xml)
    kinds = Counter()
    for outcome in outcomes:
        if options.table == "variant" and outcome.test not in rows:
            continue
        kind, wrong = judge(outcome, rows.get(outcome.test), options.version)
        kinds[kind or "wrong"] += 1
        name = f"{options.version}/{options.name}/{outcome.test}"
        if wrong:
            print(f"not ok {name}: {wrong}")
        else:
            reason = f" ({kind}: {rows[outcome.test].reason})" if kind != "passed" else ""
            print(f"ok {name}{reason}")
    _whole(options, rows, outcomes, kinds)


def _whole(options, rows, outcomes, kinds):
    """What is wrong with the run as a whole, and the counts."""
    where = f"{options.version}/{options.name}"
    expected = table.number("tests", "own" if options.table == "own" else options.version)
    if len(outcomes) != expected:
        print(f"not ok {where}: {len(outcomes)} tests ran, table.txt has {expected} "
              f"(exit code {options.status})")
    for missing in sorted(set(rows) - {o.test for o in outcomes}):
        print(f"not ok {where}/{missing}: in table.txt, but there is no such test")
    whose = "tests of ours" if options.table == "own" else "tests"
    print(f"# lwIP {options.version}, {options.name}: {sum(kinds.values())} {whose}, "
          f"{kinds['passed']} pass, {kinds['repaired']} pass repaired, "
          f"{kinds['differs']} differ as the table says, {kinds['wrong']} wrong")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=_EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("version", help="lwIP's version, as in table.txt")
    parser.add_argument("name", help="of the build, or of the variant")
    parser.add_argument("xml", type=Path, help="what the test program wrote")
    parser.add_argument("table", choices=("legacy", "alt", "own", "variant"),
                        help="legacy, own: all tests must pass; variant: those that have rows for NAME")
    parser.add_argument("status", type=int, help="the program's exit code")
    try:
        compare(parser.parse_args())
    except TreeError as error:
        print(f"not ok table: {error}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
