# SPDX-License-Identifier: BSD-3-Clause
"""What the lab's tests share: the list of them, checks, and commands."""

import functools
import json
import os
import subprocess
import tempfile
import traceback

import simlib

TESTS = []


class Failed(Exception):
    pass


class Skipped(Exception):
    """Why a test cannot be made here."""


def check(condition, why):
    if not condition:
        raise Failed(why)


def test(*, slow=False):
    """Registers a test; `slow` ones are left out by --fast."""
    def register(function):
        TESTS.append((function.__name__.replace("_", "-"), function, slow))
        return function
    return register


def run_tests(arguments):
    passed = failed = skipped = 0
    for name, function, slow in TESTS:
        if arguments.only not in name:
            continue
        if arguments.list:
            print(name)
        elif slow and arguments.fast:
            skipped += 1
        else:
            try:
                function()
                passed += 1
                print(f"ok {name}", flush=True)
            except Skipped as why:
                skipped += 1
                print(f"skipped {name}: {why}", flush=True)
            except Failed as why:
                failed += 1
                print(f"not ok {name}: {why}", flush=True)
            except Exception:  # pylint: disable=broad-exception-caught
                failed += 1
                print(f"not ok {name}: {traceback.format_exc()}", flush=True)
    if arguments.list:
        return 0
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 0 if passed and not failed else 1


@functools.cache
def simrun():
    """The simulator alone, built once."""
    return simlib.build("plain", (), ()).simrun


def command(*words, code=None, timeout=600):
    """Runs a command of the repository; checks its exit code if one is given."""
    done = subprocess.run([os.path.join(simlib.REPO, words[0]), *words[1:]], check=False,
                          timeout=timeout, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True)
    if code is not None:
        check(done.returncode == code, f"{' '.join(words)}: exit code {done.returncode} instead "
                                       f"of {code}: {(done.stdout + done.stderr)[-800:]}")
    return done


def ab(*words, code=0):
    return command("tools/ab", *words, code=code)


def ab_json(*words, code=0):
    """The results of tools/ab with these words, and what it printed."""
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        path = os.path.join(folder, "ab.json")
        done = ab(*words, "--json", path, code=code)
        with open(path, encoding="utf-8") as file:
            return json.load(file), done.stdout


def scenario_file(folder, *lines, name="user.sim"):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
    return path
