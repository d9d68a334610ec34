# SPDX-License-Identifier: BSD-3-Clause
"""One line per test, `ok NAME` or `not ok NAME: why`, as tests/tree/run counts them."""

import sys
import traceback
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent


def check(condition, why):
    """Fails the running test unless the condition holds."""
    if not condition:
        raise AssertionError(why)


def run(tests):
    """Runs (name, function) pairs; any exception fails its test. Exits with the outcome."""
    failed = 0
    for name, test in tests:
        try:
            test()
            print(f"ok {name}", flush=True)
        except Exception as error:  # pylint: disable=broad-except
            failed += 1
            first = (str(error) or type(error).__name__).replace("\n", " | ")
            print(f"not ok {name}: {first}", flush=True)
            if not isinstance(error, AssertionError):
                traceback.print_exc()
    sys.exit(1 if failed else 0)
