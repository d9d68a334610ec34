# SPDX-License-Identifier: BSD-3-Clause
"""Which cells there are, and which runs each of them takes."""

import itertools
import os
import re

from ab_catalogue import UsageError

QUICK_SEEDS = 6


class Cell:
    """One scenario with one value of each variable."""

    def __init__(self, scenario, axes, variables, seeds):
        self.scenario = scenario
        self.axes = axes                  # the names of the variables that the grid varies
        self.variables = variables        # what is set: {name: value}
        self.seeds = seeds
        self.said = scenario.with_variables(variables)
        # A statement may use variables, so that each cell has its own measures.
        self.measures = self.said.get("measures", scenario.measures)

    def folder(self):
        """The name of its folder in reports."""
        parts = [f"{name}={self.variables[name]}" for name in self.axes]
        return re.sub(r"[^\w=.%,+-]", "_", ",".join(parts)) or "cell"


def with_unit(text, unit):
    """A number without a unit in that unit. A share below 1 is one: 0.02 is 2 %; but 2 is 2 %,
    too, since nobody wants all frames to be lost."""
    bare = r"[1-9]\d*(\.\d+)?" if unit == "%" else r"\d+(\.\d+)?"
    return text + unit if re.fullmatch(bare, text) else text


def unit_of(scenario, name):
    """The unit of all values that the scenario itself gives a variable, if it is one of time or %."""
    own = [scenario.variables.get(name, ""), *scenario.grid.get(name, [])]
    units = {match[1] for match in map(re.compile(r"\d+(?:\.\d+)?(%|us|ms|s|min)").fullmatch, own) if match}
    return units.pop() if len(units) == 1 else ""


def given_values(scenario, values, option):
    """What the command line says of variables, with units; each value is a text or a list."""
    given = {}
    for name, value in resolve_rtt(scenario, values).items():
        if name not in scenario.variables:
            raise UsageError(f"{option}: {scenario.name} has no variable '{name}' (it has "
                             f"{', '.join(scenario.variables) or 'none'})")
        unit = unit_of(scenario, name)
        given[name] = ([with_unit(text, unit) for text in value] if isinstance(value, list)
                       else with_unit(value, unit))
    return given


def half(text):
    """Half of a time like 20ms."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([a-z]+)", with_unit(text, "ms"))
    if not match:
        raise UsageError(f"rtt: not a time (20ms): '{text}'")
    return f"{float(match.group(1)) / 2:g}{match.group(2)}"


def resolve_rtt(scenario, values):
    """rtt=20ms means delay=10ms each way, where a scenario has no variable of that name."""
    if "rtt" in scenario.variables or "rtt" not in values or "delay" not in scenario.variables:
        return values
    values = dict(values)
    rtt = values.pop("rtt")
    values["delay"] = [half(t) for t in rtt] if isinstance(rtt, list) else half(rtt)
    return values


def quick_values(scenario):
    """What `quick` statements set: (variables, grid with fewer values)."""
    values = {name: value for name, value in scenario.quick.items() if name != "seeds"}
    grid = dict(scenario.grid)
    for name in scenario.grid:
        if name in values:
            grid[name] = values.pop(name).split(",")
    return values, grid


def seeds_of(scenario, arguments):
    if arguments.seeds:
        return arguments.seeds
    if arguments.quick:
        return int(scenario.quick.get("seeds", min(scenario.seeds, QUICK_SEEDS)))
    return scenario.seeds


def cells_of(scenario, arguments):
    variables, grid = quick_values(scenario) if arguments.quick else ({}, scenario.grid)
    given = given_values(scenario, arguments.set, "--set")
    if arguments.grid:
        grid = given_values(scenario, arguments.grid, "--grid")
    variables = {**variables, **given}
    grid = {name: values for name, values in grid.items() if name not in given}
    axes = list(grid)
    for values in itertools.product(*grid.values()):
        yield Cell(scenario, axes, {**variables, **dict(zip(axes, values))},
                   seeds_of(scenario, arguments))


class Plan:
    """All cells and their runs. A run's key is (scenario's name, cell's number, label, seed)."""

    def __init__(self, scenarios, arguments):
        self.arguments = arguments
        self.cells = [cell for scenario in scenarios for cell in cells_of(scenario, arguments)]

    def artefacts(self, cell, label):
        """The folder of a cell's captures, relative to that of the report."""
        return os.path.join(cell.scenario.name, cell.folder(), re.sub(r"[^\w.@-]", "_", label))

    def options(self, cell, label, seed):
        """What a run writes beside its figures."""
        arguments = self.arguments
        root = arguments.report or arguments.keep_pcap
        if not root or seed != arguments.seed:
            return []
        folder = os.path.join(root, self.artefacts(cell, label))
        os.makedirs(folder, exist_ok=True)
        return ["--pcap", folder, *(["--snaplen", "128", "--trace", folder] if arguments.report else [])]

    def jobs(self, bench):
        """(key, command) of every run; seed by seed, so that cells end one after another."""
        first = self.arguments.seed
        for number, cell in enumerate(self.cells):
            for seed in range(first, first + cell.seeds):
                for label in self.arguments.backends:
                    yield ((cell.scenario.name, number, label, seed),
                           bench.command(cell, label, seed, self.options(cell, label, seed)))
