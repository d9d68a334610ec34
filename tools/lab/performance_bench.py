# SPDX-License-Identifier: BSD-3-Clause
"""From rows to figures: which cells they need, their runs, and each row's value for each backend.

Runs are those of tools/ab. What ended well is kept below build/lab/performance under a hash of
everything it depends on, so that nothing runs twice: not legacy after a change of alt, not what was
measured before an interruption.
"""

import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import types

import ab_builds
import ab_catalogue
import ab_figures
import ab_plan
import ab_run
import performance_rows as rows_of
import real
import real_scenarios
import simlib
from ab_lwipopts import LAB

KEPT = os.path.join(LAB, "performance")
LEGACY, ALT, LINUX = "legacy", "alt", "linux"
QUICK_SEEDS = 3


def traced(rows):
    """What a trace of the sender tells: {name: figure}."""
    open_rows = [row for row in rows if row["cwnd"] and not row["state"].startswith(("SYN", "CLOSED"))]
    windows = [int(row["cwnd"]) for row in open_rows]
    if not windows:
        return {}
    # A timeout leaves one segment (RFC 5681, 3.1); any window begins with more.
    segment = 1460
    falls = sum(after <= segment < before for before, after in zip(windows, windows[1:]))
    begin = max((w for row, w in zip(open_rows, windows) if float(row["t_s"]) < 1), default=windows[0])
    # Until the end the window may have grown beyond what it was.
    return {"timeouts": falls, "kept": min(1.0, windows[-1] / begin)}


class Keeper(ab_run.Runner):
    """Runs, unless the outcome is known; and keeps it."""

    def __init__(self, workers=None):
        super().__init__(workers)
        self.names = {}    # command, as text: (its file, whether it wants a trace)
        os.makedirs(KEPT, exist_ok=True)

    def run_one(self, command):
        path, wants_trace = self.names.get(tuple(command), (None, False))
        if path and os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                return simlib.Outcome(command, 0, file.read(), "")
        if wants_trace:
            with tempfile.TemporaryDirectory(prefix="performance-") as folder:
                outcome = super().run_one([*command[:-1], "--trace", folder, command[-1]])
                if outcome and outcome.ok:
                    with open(os.path.join(folder, "a.csv"), encoding="utf-8") as file:
                        outcome.data["traced"] = traced(list(csv.DictReader(file)))
        else:
            outcome = super().run_one(command)
        if path and outcome and outcome.ok:
            with open(f"{path}.{os.getpid()}", "w", encoding="utf-8") as out:
                json.dump(outcome.data, out)
            os.replace(f"{path}.{os.getpid()}", path)
        return outcome


TRACED = {"timeouts", "kept"}


def value_of(measure, outcomes):
    """The figure of a cell's runs."""
    if isinstance(measure, str):    # of a trace
        values = sorted(o.data["traced"][measure] for o in outcomes if measure in o.data.get("traced", {}))
        return values[len(values) // 2] if values else None
    return ab_figures.of_cell(measure, [o.data for o in outcomes])


class Bench:
    """All cells of some rows."""

    def __init__(self, rows, arguments):
        self.rows = rows
        self.quick = arguments.quick
        self.arguments = types.SimpleNamespace(
            backends=[LEGACY, ALT], host={}, cpu=[], seed=1, report=None, keep_pcap=None, jobs=arguments.jobs)
        self.bench = ab_builds.Bench(self.arguments)
        self.simrun = self.bench.build_simrun()
        self.scenarios = {}
        self.cells = {}     # (scenario, variables): Cell
        self.wanted = {}    # (cell's key, label): seeds
        self.traced = set()
        self.outcomes = {}
        for row in rows:
            self.want(row)

    def scenario(self, name):
        if name not in self.scenarios:
            self.scenarios[name] = ab_catalogue.Scenario(self.simrun, ab_catalogue.locate(name))
        return self.scenarios[name]

    def cell(self, row, label, beside=False):
        """The key of the cell that a row's value comes from."""
        variables = {**row.variables, **(row.legacy or {} if label == LEGACY else {}), **(row.beside if beside else {})}
        key = (row.scenario, tuple(sorted(variables.items())))
        if key not in self.cells:
            scenario = self.scenario(row.scenario)
            for name in variables:
                if name not in scenario.variables:
                    raise ab_catalogue.UsageError(f"{row.id}: {scenario.name} has no variable '{name}'")
            self.cells[key] = ab_plan.Cell(scenario, [], dict(variables), row.seeds)
        return key

    def want(self, row):
        if not row.scenario:
            return
        for label in (LEGACY, ALT) if row.legacy is not None else (ALT,):
            for beside in (False, True) if row.beside else (False,):
                key = self.cell(row, label, beside)
                seeds = min(row.seeds, QUICK_SEEDS) if self.quick else row.seeds
                self.wanted[key, label] = max(seeds, self.wanted.get((key, label), 0))
                if row.measure in TRACED:
                    self.traced.add((key, label))

    def digest(self, path, known={}):  # pylint: disable=dangerous-default-value
        if path not in known:
            with open(path, "rb") as file:
                known[path] = hashlib.sha256(file.read()).hexdigest()
        return known[path]

    def jobs(self, keeper):
        folder = self.bench.main.folder
        for (key, label), seeds in self.wanted.items():
            cell = self.cells[key]
            hosts = [os.path.join(folder, f"{backend.kind}-{profile}.so") for backend, profile in
                     self.bench.hosts(cell, label)]
            depends = [self.digest(path) for path in (self.simrun, cell.scenario.file, *hosts)]
            for seed in range(1, seeds + 1):
                command = self.bench.command(cell, label, seed, [])
                trace = (key, label) in self.traced
                name = hashlib.sha256(json.dumps([command[1:], depends, trace]).encode()).hexdigest()
                keeper.names[tuple(command)] = os.path.join(KEPT, name[:40] + ".json"), trace
                yield (cell.scenario.name, key, label, seed), command

    def run(self):
        """True unless it was interrupted."""
        plan = types.SimpleNamespace(cells=list(self.cells.values()), arguments=self.arguments)
        self.bench.build(plan)
        keeper = Keeper(self.arguments.jobs)
        for (_, key, label, _), outcome in keeper.run_all(list(self.jobs(keeper))).items():
            self.outcomes.setdefault((key, label), []).append(outcome)
        return not keeper.stopped

    def failures(self):
        return {(key, n): outcome for key, outcomes in self.outcomes.items() for n, outcome in enumerate(outcomes)
                if not outcome.ok}

    def raw(self, row, label, beside=False):
        key = self.cell(row, label, beside)
        outcomes = self.outcomes.get((key, label), [])
        if not outcomes or not all(o.ok for o in outcomes):
            return None
        if row.measure in TRACED:
            return value_of(row.measure, outcomes)
        for measure in self.cells[key].measures:
            if measure["name"] == row.measure:
                return value_of(measure, outcomes)
        raise ab_catalogue.UsageError(f"{row.id}: {row.scenario} measures no '{row.measure}'")

    def value(self, row, label):
        """The row's figure of a backend, or None if there is none."""
        if label == LEGACY and row.legacy is None:
            return None
        one = self.raw(row, label)
        if row.how == rows_of.PLAIN or one is None:
            return one
        other = self.raw(row, LEGACY) if row.how == rows_of.OF_LEGACY else self.raw(row, label, True)
        if other is None:
            return None
        return one - other if row.how == rows_of.BEYOND else one / other if other else None


# ---- figures that commands of this repository tell -----------------------------------------------------------

def _told(words, code=(0,)):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False,
                          cwd=simlib.REPO)
    if done.returncode not in code:
        raise simlib.BuildError(f"{' '.join(words)}: {(done.stdout + done.stderr).strip()[-500:]}")
    return done.stdout


def _count(*words):
    with tempfile.TemporaryDirectory(prefix="performance-") as folder:
        path = os.path.join(folder, "count.json")
        _told([sys.executable, "-B", "tests/sim/count", "--connections", "", *words, "--json", path])
        with open(path, encoding="utf-8") as file:
            return json.load(file)


def counted():
    """{measure: {label: instructions}} of tests/sim/count"""
    return _count()


def holes():
    """{measure: {label: how many times what 64 in flight cost}}"""
    told = _count("--profiles", "", "--holes")
    cost = {title.split(",")[0]: by_label for title, by_label in told.items()}
    return {flight: {label: by_label[label] / cost["64 in flight"][label] for label in (LEGACY, ALT)}
            for flight, by_label in cost.items()}


def weighed():
    """The same of tools/sizes"""
    told = json.loads(_told(["tools/sizes", "--json"]))
    return {f"{profile} {name}": {label: pair[label]["text"] if name == "text" else pair[label]["structures"]["pcb"]
                                  for label in (LEGACY, ALT)}
            for profile, pair in told.items() for name in ("text", "pcb")}


SOURCES = {"count": counted, "holes": holes, "sizes": weighed}


# ---- in real time --------------------------------------------------------------------------------------------

class RealBench:
    """The rows that have a counterpart with Linux: three labels in one run."""

    def __init__(self, rows, arguments):
        self.rows = [row for row in rows if row.real]
        self.seeds = 1 if arguments.quick else arguments.real_seeds
        self.arguments = types.SimpleNamespace(
            backends=[LEGACY, ALT, LINUX], host={}, lwipopts=[], cpu=[], golden=None, all=False, seed=1, report=None,
            keep_pcap=None, jobs=arguments.jobs)
        self.bench = real.Bench(self.arguments)
        self.cells = {row.id: self.cell(row.real) for row in self.rows}
        self.outcomes = {}

    def cell(self, real_row):
        scenario = real_scenarios.named([real_row.scenario])[0]
        return ab_plan.Cell(scenario, [], dict(real_row.variables), self.seeds)

    def refused(self):
        return self.bench.refused()

    def run(self):
        plan = types.SimpleNamespace(cells=list(self.cells.values()), arguments=self.arguments)
        self.bench.build(plan)
        jobs = [((row.id, label, seed), self.bench.command(self.cells[row.id], label, seed, []))
                for seed in range(1, self.seeds + 1) for row in self.rows for label in self.arguments.backends]
        runner = ab_run.Runner(self.arguments.jobs)
        for (name, label, _), outcome in runner.run_all(jobs).items():
            self.outcomes.setdefault((name, label), []).append(outcome)
        self.bench.print_remarks({key: o for key, group in self.outcomes.items() for o in group[:1]})
        return not runner.stopped

    def failures(self):
        return {(key, n): outcome for key, outcomes in self.outcomes.items() for n, outcome in enumerate(outcomes)
                if not outcome.ok}

    def value(self, row, label):
        outcomes = [o for o in self.outcomes.get((row.id, label), []) if o.ok]
        for measure in self.cells[row.id].measures if outcomes else ():
            if measure["name"] == row.real.measure:
                keys = {**measure["keys"], **({"minus": row.real.minus} if row.real.minus else {})}
                return ab_figures.of_cell({**measure, "keys": keys}, [o.data for o in outcomes])
        return None


def forget():
    """What was kept."""
    shutil.rmtree(KEPT, ignore_errors=True)
