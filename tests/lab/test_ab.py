# SPDX-License-Identifier: BSD-3-Clause
"""tools/ab from outside."""

import contextlib
import io
import os
import re
import tempfile
import types

import ab as ab_main
import ab_catalogue
import ab_plan
import harness
import simlib
from harness import ab, ab_json, check, test


@test()
def ab_says_what_there_is():
    out = ab("--list").stdout
    for name in ab_catalogue.library():
        check(f"  {name} " in out, f"--list: no {name}")
    help_text = ab("--help").stdout
    check("examples:" in help_text, "no examples in --help")
    used = re.findall(r"\b(?:bulk|path|queue|rr|connect|window|many|fair)-[\w-]+", help_text)
    for name in set(used) - {"bulk-to-linux"}:
        check(name in ab_catalogue.library(), f"--help has an example with {name}, which there is not")
    check(len(set(used)) > 2, f"{used}")


@test()
def numbers_have_the_unit_of_the_scenario():
    scenario = types.SimpleNamespace(
        name="x", grid={"loss": ["0", "1%"], "mixed": ["1ms", "3s"]},
        variables={"loss": "0", "delay": "10ms", "bytes": "4.2M", "pause": "5s", "mixed": "0ms"})
    given = {"loss": ["0", "1", "2.5", "0.05", "3%"], "rtt": ["20", "30ms", "0"], "bytes": "7",
             "pause": "60", "mixed": "1"}
    read = ab_plan.given_values(scenario, given, "--set")
    check(read == {"loss": ["0", "1%", "2.5%", "0.05", "3%"], "delay": ["10ms", "15ms", "0ms"],
                   "bytes": "7", "pause": "60s", "mixed": "1"}, f"{read}")


@test()
def a_reason_for_failure_is_told_once():
    def outcome(seed, why):
        return simlib.Outcome(["simrun", seed], 2, "", f"simrun: {why}")

    text = io.StringIO()
    with contextlib.redirect_stderr(text):
        count = ab_main.print_failures(
            {1: outcome("1", "no"), 2: outcome("2", "never"), 3: outcome("3", "no")})
    check(count == 2 and "no (2 runs)\n  reproduce: simrun 1" in text.getvalue()
          and "simrun 3" not in text.getvalue(), text.getvalue())


@test()
def ab_refuses_nonsense():
    for words, why in (
            (["bulk-los"], "did you mean bulk-loss"),
            (["bulk-loss", "--grid", "los=1%"], "no variable 'los'"),
            (["bulk-loss", "--grid", "loss=1x"], "bulk-loss.sim:12: not a share"),
            (["bulk-loss", "--grid", "loss"], "no scenario 'loss'"),
            (["bulk-loss", "--grid", "loss=1%,"], "VAR=VALUE"),
            (["bulk-loss", "--set", "x=1"], "no variable 'x'"),
            (["bulk-loss", "--backend", "linux"], "no backend 'linux'"),
            (["bulk-loss", "--backend", "alt@nowhere,alt"], "no revision 'nowhere'"),
            (["bulk-loss", "--backend", "legacy:no/where,alt"], "no lwIP in 'no/where'"),
            (["bulk-loss", "--backend", "alt,alt"], "different names"),
            (["bulk-loss", "--host", "z=alt"], "no host 'z'"),
            (["bulk-loss", "--seeds", "0"], "not a number from 1"),
            (["bulk-loss", "--set", "profile=BIGG"], "no profile 'BIGG' (there are BIG, "),
            (["bulk-loss", "--grid", "rtt=soon"], "rtt: not a time"),
            (["bulk-loss", "--cpu", "8X"], "not instructions per second"),
            (["bulk-loss", "--cpu", "0"], "not instructions per second"),
            (["bulk-loss", "--cpu", "8M:z"], "no host 'z'"),
            (["bulk-loss", "--json", "no/where.json"], "no: nothing can be written there"),
            (["bulk-loss", "--json", "/"], "/ is a folder"),
            (["bulk-loss", "--report", "/dev/null/x"], "/dev/null/x: Not a directory"),
            (["bulk-loss", "--keep-pcap", "/dev/null"], "/dev/null: File exists"),
            (["bulk-loss", "--lwipopts", "nowhere.h"], "no file 'nowhere.h'"),
            (["nowhere.sim"], "no file 'nowhere.sim'"),
            (["--all", "bulk-loss"], "--all")):
        done = ab(*words, code=2)
        check(why in done.stderr, f"{words}: {done.stderr.strip()[-300:]}")


@test(slow=True)
def ab_compares_and_keeps_captures():
    with tempfile.TemporaryDirectory() as folder:
        words = ["bulk-loss", "--quick", "--grid", "loss=2%", "--keep-pcap", folder]
        first, out = ab_json(*words)
        cell = first["scenarios"][0]["cells"][0]
        figure = cell["figures"][0]
        check(figure["name"] == "goodput" and figure["unit"] == "Mbit/s", f"{figure}")
        medians = figure["median"]
        check(abs(medians["alt"] / medians["legacy"] - figure["ratio"]) < 1e-9, "wrong ratio")
        for value in medians.values():
            check(f"{value:.4g}" in out, f"{value} is not in the table")
        for backend in ("legacy", "alt"):
            path = os.path.join(folder, "bulk-loss", "loss=2%", backend, "a.pcap")
            check(os.path.getsize(path) > 1000000, f"{path} is short")
        second, _ = ab_json(*words)
        check(first["scenarios"] == second["scenarios"], "the same command gave other figures")


@test(slow=True)
def a_failing_run_says_how_to_reproduce_it():
    with tempfile.TemporaryDirectory() as folder:
        path = harness.scenario_file(
            folder, "host a", "host b", "link a b rate=1M delay=5ms", "app b serve rx=10k",
            "app a stream to=b tx=10k", "app a leak", "measure g Mbit/s higher goodput app=serve",
            name="leaks.sim")
        done = ab(path, "--backend", "alt", code=1)
        check("PBUF_POOL 1 in use" in done.stderr and "reproduce: " in done.stderr, done.stderr)
        line = done.stderr.split("reproduce: ")[1].splitlines()[0].split()
        check(harness.command(*line).returncode == 1, f"{line} does not fail")
