# SPDX-License-Identifier: BSD-3-Clause
"""The scenarios there are, and what each says of itself."""

import difflib
import functools
import json
import os
import subprocess

import ab_figures
import simlib

HERE = os.path.dirname(os.path.abspath(__file__))
LIBRARY = os.path.join(HERE, "scenarios")

# What the first part of a name says, in the order of --list.
GROUPS = {
    "bulk": "bulk transfers",
    "path": "paths that reorder, duplicate, stall or break",
    "queue": "queues that overflow or mark",
    "rr": "requests and responses",
    "connect": "opening and closing",
    "window": "closed windows and slow readers",
    "many": "many connections, floods, idle ones",
    "fair": "flows that compete",
}


class UsageError(Exception):
    """What the user wrote cannot be done; the text says what and where."""


def library():
    """Names of the library's scenarios, group by group."""
    names = [name.removesuffix(".sim") for name in os.listdir(LIBRARY) if name.endswith(".sim")]
    order = list(GROUPS)
    return sorted(names, key=lambda name: (order.index(group_of(name)), name))


def group_of(name):
    group = name.split("-")[0]
    if group not in GROUPS:
        raise UsageError(f"{name}: its name begins with none of {', '.join(GROUPS)}")
    return group


def locate(word):
    """The file of a scenario, given by its name in the library or by its path."""
    if os.sep in word or word.endswith(".sim"):
        if not os.path.isfile(word):
            raise UsageError(f"no file '{word}'")
        return os.path.abspath(word)
    path = os.path.join(LIBRARY, word + ".sim")
    if not os.path.isfile(path):
        near = difflib.get_close_matches(word, library(), 3, 0.5)
        near = near or [name for name in library() if word in name or name in word][:3]
        hint = f" (did you mean {', '.join(near)}?)" if near else ""
        raise UsageError(f"no scenario '{word}'{hint}; --list says what there is, and a file of "
                         "your own is given by its path")
    return path


@functools.cache
def _describe(simrun, file, variables):
    options = [word for name, value in variables for word in ("--set", f"{name}={value}")]
    done = subprocess.run([simrun, "--describe", *options, simlib.shorter(file)], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise UsageError(done.stderr.strip().removeprefix("simrun: "))
    return json.loads(done.stdout)


def describe(simrun, file, variables=None):
    """What the scenario says of itself with these variables."""
    return _describe(simrun, file, tuple(sorted((variables or {}).items())))


class Scenario:
    """A scenario of the library or of the user."""

    def __init__(self, simrun, file):
        self.simrun = simrun
        self.file = file
        self.name = os.path.basename(file).removesuffix(".sim")
        said = describe(simrun, file)
        self.about = said["about"] or "(no about line)"
        self.variables = said["variables"]
        self.measures = said["measures"]
        self.grid = said["grid"]
        self.seeds = said["seeds"]
        self.quick = said["quick"]
        if not self.measures:
            raise UsageError(f"{file}: nothing to measure; a line like 'measure goodput Mbit/s "
                             "higher goodput app=serve' says what")
        try:
            for measure in self.measures:
                ab_figures.check(measure, said)
        except ab_figures.MeasureError as why:
            raise UsageError(str(why)) from None

    def with_variables(self, variables):
        """What a cell with these variables is; raises UsageError for a value that is none."""
        return describe(self.simrun, self.file, variables)


def print_list(scenarios):
    group = None
    for scenario in scenarios:
        if group_of(scenario.name) != group:
            group = group_of(scenario.name)
            print(f"{GROUPS[group]}:")
        print(f"  {scenario.name:22} {scenario.about}")
        for variable, values in scenario.grid.items():
            print(f"  {'':22}   {variable}: {' '.join(values)}")
