# SPDX-License-Identifier: BSD-3-Clause
"""tools/ab from outside."""

import os
import tempfile

import ab_catalogue
import harness
from harness import ab, ab_json, check, test


@test()
def ab_says_what_there_is():
    out = ab("--list").stdout
    for name in ab_catalogue.library():
        check(f"  {name} " in out, f"--list: no {name}")
    check("examples:" in ab("--help").stdout, "no examples in --help")


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
            (["bulk-loss", "--backend", "alt,alt"], "different names"),
            (["bulk-loss", "--host", "z=alt"], "no host 'z'"),
            (["bulk-loss", "--seeds", "0"], "not a number from 1"),
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
