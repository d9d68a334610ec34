# SPDX-License-Identifier: BSD-3-Clause
"""What the lab's tests share: the list of them, checks, and commands."""

import functools
import json
import os
import subprocess
import tempfile

import simlib
from simtest import Failed, Skipped, check, run_tests, test  # pylint: disable=unused-import


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
