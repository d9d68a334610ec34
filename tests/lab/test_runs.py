# SPDX-License-Identifier: BSD-3-Clause
"""tools/ab: scenarios of every kind, the recorded figures, and being interrupted."""

import glob
import os
import signal
import subprocess
import tempfile
import time

import ab_golden
import harness
import simlib
from harness import ab, ab_json, check, test

# One or more for each thing that a network or an application can do, with the profiles MCU and BIG.
FEATURES = ("bulk-clean", "bulk-both-ways", "path-ack-loss", "path-asymmetric", "path-blackout",
            "path-burst", "path-duplicate", "path-fade", "path-jitter", "path-nat", "path-reorder",
            "path-spike", "path-spikes", "queue-bloat", "queue-codel", "queue-ecn", "queue-shallow",
            "rr-fresh-loss", "rr-head", "rr-tail", "rr-think", "connect-syn", "connect-synack",
            "window-refused", "window-slow-reader", "window-zero", "many-idle", "many-streams",
            "many-time-wait", "fair-two")


@test(slow=True)
def every_feature_gives_figures():
    results, _ = ab_json("--quick", "--seeds", "1", *FEATURES)
    seen = {scenario["name"] for scenario in results["scenarios"]}
    check(seen == set(FEATURES), f"missing: {set(FEATURES) - seen}")
    for scenario in results["scenarios"]:
        for cell in scenario["cells"]:
            for figure in cell["figures"]:
                for label, value in figure["median"].items():
                    check(value is not None, f"{scenario['name']}: no {figure['name']} of {label}")


@test(slow=True)
def the_recorded_figures_have_not_moved():
    done = ab("--golden", "check", code=None)
    check(done.returncode == 0, "\n" + done.stdout[-4000:] + done.stderr[-500:])


@test()
def a_moved_figure_is_shown():
    old = {"a, x ms, alt": 10.0, "b, x ms, alt": 1.0, "gone, x ms, alt": 2.0}
    new = {"a, x ms, alt": 11.0, "b, x ms, alt": 1.0, "came, x ms, alt": None}
    lines = ab_golden.compare(old, new)
    check(lines == ["  a, x ms, alt: 10.0 -> 11.0 (+10.0 %)", "  came, x ms, alt: new, None",
                    "  gone, x ms, alt: 2.0 -> not measured any more"], f"{lines}")
    done = ab("--golden", "check", "--seeds", "2", code=2)
    check("decides itself" in done.stderr, done.stderr)


def children(process):
    """The command lines of a process's children."""
    threads = glob.glob(f"/proc/{process}/task/*/children")
    lines = []
    for child in " ".join(open(path, encoding="utf-8").read() for path in threads).split():
        try:
            lines.append(open(f"/proc/{child}/cmdline", encoding="utf-8").read())
        except OSError:
            pass    # it has just ended
    return lines


def not_yet(process):
    return not any("--json" in line and "4G" in line for line in children(process))


@test(slow=True)
def interrupted_it_shows_what_is_finished():
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        path = harness.scenario_file(
            folder, "let bytes 10k", "host a", "host b", "link a b rate=10M delay=5ms",
            "app b serve rx=${bytes}", "app a stream to=b tx=${bytes}",
            "measure g Mbit/s higher goodput app=serve", "grid bytes 10k 20k 4G", name="long.sim")
        out = os.path.join(folder, "ab.json")
        for number in (signal.SIGTERM, signal.SIGINT):
            process = subprocess.Popen(
                [os.path.join(simlib.REPO, "tools", "ab"), path, "--jobs", "1", "--json", out],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
            # One at a time: when the endless one runs, the others are done.
            while process.poll() is None and not_yet(process.pid):
                time.sleep(0.02)
            process.send_signal(number)
            text, errors = process.communicate(timeout=60)
            check(process.returncode == 130, f"exit code {process.returncode}: {errors}")
            check("interrupted after 4 of 6 runs" in errors, errors)
            check("10k" in text and "20k" in text and "4G" not in text, text)
            check(os.path.getsize(out) > 0, "no JSON of what is finished")
            os.remove(out)
