# SPDX-License-Identifier: BSD-3-Clause
"""The recorded figures: what a change moves, it shows.

The main grid is the quick cells of some scenarios with three seeds. Simulated figures are the same on
every machine and from every compiler, so that they are compared exactly (to six digits).
"""

import json
import os

import ab_catalogue

FILE = os.path.join(ab_catalogue.HERE, "golden.json")
COMMAND = "tools/ab --golden update"
SEEDS = 3
GRID = ("bulk-clean", "bulk-loss", "bulk-loss-big", "path-ack-loss", "path-blackout", "path-burst",
        "path-reorder", "path-spike", "queue-big", "queue-shallow", "rr-1k", "rr-20k", "rr-fresh",
        "rr-tail", "connect-syn", "window-zero", "many-idle", "fair-two")


def set_arguments(arguments):
    """What runs is part of the record, not the user's choice."""
    given = [name for name in ("scenario", "grid", "set", "seeds", "host", "lwipopts", "cpu")
             if getattr(arguments, name)]
    if given or arguments.seed != 1 or arguments.backends != ["legacy", "alt"] or arguments.all:
        raise ab_catalogue.UsageError("--golden decides itself what runs; give nothing else of that")
    arguments.scenario = list(GRID)
    arguments.quick = True
    arguments.seeds = SEEDS


def digits(value):
    return None if value is None else float(f"{value:.6g}")


def figures_of(results):
    """{"scenario, cell, figure (unit), backend": value}"""
    figures = {}
    for scenario in results["scenarios"]:
        for cell in scenario["cells"]:
            where = " ".join(f"{axis}={cell['variables'][axis]}" for axis in scenario["axes"])
            for figure in cell["figures"]:
                for label, value in figure["median"].items():
                    name = [scenario["name"], *([where] if where else []),
                            f"{figure['name']} {figure['unit']}", label]
                    figures[", ".join(name)] = digits(value)
    return figures


def read():
    try:
        with open(FILE, encoding="utf-8") as file:
            return json.load(file)["figures"]
    except FileNotFoundError:
        return {}


def write(figures, lwip):
    with open(FILE, "w", encoding="utf-8") as out:
        json.dump({"written_by": COMMAND, "lwip": lwip, "seeds": SEEDS, "figures": figures}, out,
                  indent=1)
        out.write("\n")


def difference(name, old, new):
    """One line about a figure, or None if it is the same."""
    if old == new:
        return None
    change = f" ({100 * (new - old) / old:+.1f} %)" if old and new is not None else ""
    return f"  {name}: {old} -> {new}{change}"


def compare(old, new):
    """Lines about all figures that moved, came or went."""
    lines = []
    for name in sorted(set(old) | set(new)):
        if name not in new:
            lines.append(f"  {name}: {old[name]} -> not measured any more")
        elif name not in old:
            lines.append(f"  {name}: new, {new[name]}")
        else:
            lines.append(difference(name, old[name], new[name]))
    return [line for line in lines if line]


def settle(action, results):
    """Compares or records; returns the exit code."""
    new = figures_of(results)
    lines = compare(read(), new)
    if lines:
        print(f"\n{len(lines)} of {len(new)} recorded figures differ:")
        print("\n".join(lines))
    else:
        print(f"\nall {len(new)} figures are as recorded")
    if action == "update":
        write(new, results["lwip"])
        return 0
    if lines:
        print(f"If that is meant: {COMMAND}, and say in the commit why they moved.")
    return 1 if lines else 0
