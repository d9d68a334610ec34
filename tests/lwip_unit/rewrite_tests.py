#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Writes lwIP's unit tests for either backend, with the repairs of table.txt."""

import argparse
import sys
from pathlib import Path

sys.dont_write_bytecode = True
_HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(_HERE), str(_HERE.parent.parent / "lwip")]

from lwiptree import testtable  # noqa: E402 (the path comes first)
from lwiptree.errors import TreeError  # noqa: E402
import table  # noqa: E402

_EPILOG = """\
example:
  tests/lwip_unit/rewrite_tests.py 2.2.1 build/lwip-2.2.1 build/lwip_unit/2.2.1/unit

exit codes: 0 written, 1 failed, 2 wrong usage"""


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=_EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("version", help="lwIP's version, as in table.txt")
    parser.add_argument("tree", type=Path, help="a tree written by tools/lwip-tree")
    parser.add_argument("out", type=Path, help="folder to write; it is replaced")
    options = parser.parse_args()
    try:
        repairs = table.repairs(options.version)
        sites = testtable.write(options.tree, options.out, repairs)
        table.check_sites(options.version, sites)
    except TreeError as error:
        print(f"rewrite_tests: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
