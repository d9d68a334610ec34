# SPDX-License-Identifier: BSD-3-Clause
"""tools/ab --real: lwIP with either TCP against Linux's, and Linux against itself, over a real link.

The link is the simulator's, in real time, between network namespaces that a run makes and the
kernel removes with it.
"""

import os
import shlex
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPO = HERE.parents[1]
sys.path.insert(0, str(REPO / "tests" / "net"))

# pylint: disable=wrong-import-position
import isolation
import real_run
import simlib
from ab_catalogue import UsageError

PACKAGES = ["gcc", "make", "cmake", "libc6-dev", "libpcap-dev", "iproute2", "util-linux"]
# A run mostly waits. With more at a time they would wait for each other.
RUNS_PER_PROCESSOR = 5
LATE_MS = 2  # from here on the machine shows in the figures


class Bench:
    """What tools/ab needs to know: how to build, and the command of each run."""

    def __init__(self, arguments):
        for option in ("host", "lwipopts", "cpu", "golden", "all"):
            if getattr(arguments, option):
                raise UsageError(f"--{option} is for the simulated network, not for --real")
        for label in arguments.backends:
            if label not in real_run.BACKENDS:
                raise UsageError(f"--real: no backend '{label}' (there are {', '.join(real_run.BACKENDS)})")
        self.backends = arguments.backends
        arguments.jobs = arguments.jobs or RUNS_PER_PROCESSOR * (os.cpu_count() or 1)

    def refused(self):
        """None, or why this machine or user cannot do it."""
        if os.geteuid() == 0:
            simlib.need_packages(*PACKAGES)
        return isolation.refused()

    def build(self, plan):
        print("building lwIP with both TCPs ...", file=sys.stderr)
        cells = [cell.scenario.cell(cell.said["variables"]) for cell in plan.cells]
        hosts = {real_run.host(label, cell) for cell in cells for label in self.backends}
        tree = simlib.common("neutral_tree", simlib.LWIP_VERSION)
        why = isolation.built(real_run.PROGRAMS, HERE / "real", f"LWIP_DIR={tree}",
                              targets=["wire", real_run.PEER, *hosts - {real_run.PEER}])
        if why:
            raise simlib.BuildError(f"tools/lab/real: {why}")

    def command(self, cell, label, seed, options):
        words = [simlib.shorter(str(HERE / "real_run.py")), "--backend", label, "--seed", str(seed)]
        for name, value in cell.variables.items():
            words += ["--set", f"{name}={value}"]
        # Of what a report wants, a real run has the captures.
        return [*words, *options[:2], cell.scenario.name]

    def print_remarks(self, outcomes):
        """What the machine did to the figures."""
        runs = [outcome.data for outcome in outcomes.values()
                if outcome.data and "wire" in outcome.data]
        if not runs:
            return
        late = sorted(run["wire"]["late_p99_us"] / 1000 for run in runs)
        tardy = sum(ms > LATE_MS for ms in late)
        print(f"Of {len(runs)} runs, half had 99 % of all frames delivered within "
              f"{late[len(late) // 2]:g} ms of their time, all of them within {late[-1]:g} ms; "
              f"{tardy or 'none'} later than {LATE_MS} ms.")
        if not all(run["real_time"] for run in runs):
            print("Real-time priority was refused: whatever else this machine did shows.")
