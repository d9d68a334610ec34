# SPDX-License-Identifier: BSD-3-Clause
"""From runs to results: the structure that --json writes, the table prints and reports read.

docs/lab.md describes it.
"""

import json
import os

import ab_figures
import ab_statistics
import simlib

VERSION = 1


def values_of(measure, outcomes):
    """One figure per seed; runs without one are left out."""
    values = [ab_figures.of_run(measure, outcome.data) for outcome in outcomes]
    return [value for value in values if value is not None]


def against(measure, cell, figure, base, label):
    """How a label compares with the first one."""
    first, second = figure["median"][base], figure["median"][label]
    one, other = figure["values"][base], figure["values"][label]
    ratio = second / first if None not in (first, second) and first else None
    # One seed tells everything where the scenario says that nothing is left to chance.
    enough = min(len(one), len(other)) > 1 or cell.scenario.seeds == 1
    verdict = (ab_statistics.compare(one, other, (first, second), measure["better"])
               if enough else ab_statistics.NOISE)
    return {"ratio": ratio, "verdict": {0: base, 1: label}.get(verdict, verdict)}


def figure(measure, cell, by_label):
    labels = list(by_label)
    values = {label: values_of(measure, outcomes) for label, outcomes in by_label.items()}
    result = {
        "name": measure["name"], "unit": measure["unit"], "better": measure["better"],
        "pooled": measure["kind"] in ab_figures.POOLED,
        "values": values,
        "median": {label: ab_figures.of_cell(measure, [o.data for o in outcomes])
                   for label, outcomes in by_label.items()},
        "spread": {label: ab_statistics.spread(values[label]) for label in labels},
        "noted": {label: any(o.data["notes"] for o in outcomes)
                  for label, outcomes in by_label.items()},
    }
    result["against"] = {label: against(measure, cell, result, labels[0], label)
                         for label in labels[1:]}
    if labels[1:]:
        result.update(result["against"][labels[1]])
    return result


def latencies(cell, by_label):
    """All samples of the first pooled measure, in ms."""
    for measure in cell.measures:
        if measure["kind"] in ab_figures.POOLED:
            in_ms = {**measure, "unit": "ms"}
            return {label: [round(value, 3) for outcome in outcomes
                            for value in ab_figures.samples(in_ms, outcome.data)]
                    for label, outcomes in by_label.items()}
    return None


def run_record(seed, outcome):
    data = outcome.data or {}
    return {"seed": seed, "command": outcome.command, "hash": data.get("hash"), "ok": outcome.ok,
            "failure": None if outcome.ok else outcome.why(), "notes": data.get("notes", [])}


def cell_record(plan, number, outcomes):
    """A cell with all its runs, or None while some are missing."""
    cell = plan.cells[number]
    seeds = range(plan.arguments.seed, plan.arguments.seed + cell.seeds)
    runs = {label: [(seed, outcomes.get((cell.scenario.name, number, label, seed)))
                    for seed in seeds] for label in plan.arguments.backends}
    if any(outcome is None for pairs in runs.values() for _, outcome in pairs):
        return None
    record = {"variables": cell.said["variables"], "figures": [],
              "runs": {label: [run_record(*pair) for pair in pairs]
                       for label, pairs in runs.items()}}
    by_label = {label: [outcome for _, outcome in pairs if outcome.data is not None]
                for label, pairs in runs.items()}
    # A figure of fewer runs than the others' would compare different things.
    if all(outcome.ok for pairs in runs.values() for _, outcome in pairs):
        record["figures"] = [figure(measure, cell, by_label)
                             for measure in cell.measures]
        pooled = latencies(cell, by_label)
        if pooled:
            record["latencies_ms"] = pooled
    if plan.arguments.report:
        record["artefacts"] = {label: plan.artefacts(cell, label)
                               for label in plan.arguments.backends}
    return record


def collect(plan, outcomes, command):
    """The results of all cells that are complete."""
    arguments = plan.arguments
    scenarios = {}
    for number, cell in enumerate(plan.cells):
        record = cell_record(plan, number, outcomes)
        if record is None:
            continue
        scenario = cell.scenario
        entry = scenarios.setdefault(scenario.file, {
            "name": scenario.name, "about": scenario.about,
            "file": simlib.shorter(scenario.file), "axes": cell.axes, "cells": []})
        entry["cells"].append(record)
    return {"version": VERSION, "command": command, "lwip": simlib.LWIP_VERSION,
            "backends": arguments.backends, "first_seed": arguments.seed,
            "scenarios": list(scenarios.values())}


def write(results, path):
    """Whole or not at all."""
    scratch = f"{path}.{os.getpid()}"
    with open(scratch, "w", encoding="utf-8") as out:
        json.dump(results, out, indent=1)
        out.write("\n")
    os.replace(scratch, path)
