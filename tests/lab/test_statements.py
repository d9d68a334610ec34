# SPDX-License-Identifier: BSD-3-Clause
"""What a scenario says to the lab, and what is said of a mistake in it."""

import json
import os
import subprocess
import tempfile

import ab_catalogue
import harness
from harness import check, test

TINY = ("let loss 0", "host a", "host b profile=BIG backend=alt",
        "link a b rate=1M delay=5ms loss=${loss}", "app b serve rx=10k", "app a stream to=b tx=10k")


def describe(*lines, options=()):
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        path = harness.scenario_file(folder, *lines)
        return subprocess.run([harness.simrun(), "--describe", *options, path], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)


@test()
def describe_says_all_and_runs_nothing():
    done = describe(*TINY, "about  a text, with = and # in it ", "seeds 7", "grid loss 0 1% 5%",
                    "quick loss 1%", "quick seeds 3",
                    "measure fast Mbit/s higher goodput app=serve@b#1",
                    options=["--set", "loss=2%"])
    said = json.loads(done.stdout)
    check(said["variables"] == {"loss": "2%"}, f"variables {said['variables']}")
    check(said["grid"] == {"loss": ["0", "1%", "5%"]}, f"grid {said['grid']}")
    check(said["quick"] == {"loss": "1%", "seeds": "3"}, f"quick {said['quick']}")
    check(said["seeds"] == 7, f"seeds {said['seeds']}")
    check(said["about"] == "a text, with = and", f"about '{said['about']}'")
    measure = said["measures"][0]
    check(measure["keys"] == {"app": "serve@b#1"} and measure["better"] == "higher"
          and measure["where"].endswith("user.sim:12"), f"measure {measure}")
    check([(h["name"], h["profile"], h["backend"]) for h in said["hosts"]]
          == [("a", "MCU", "self"), ("b", "BIG", "alt")], f"hosts {said['hosts']}")
    check(len(said["links"]) == 2 and len(said["apps"]) == 2, "links or apps are missing")


@test()
def mistakes_name_file_and_line():
    for line, words in (
            ("seeds 0", "seeds are a number"), ("seeds -3", "seeds are a number"),
            ("seeds many", "seeds are a number"), ("about", "takes a text"),
            ("grid loss", "takes values"), ("grid los 1%", "no variable 'los'"),
            ("quick los 1%", "no variable 'los'"), ("quick loss", "takes 2 words"),
            ("measure x ms better latency app=rr", "'higher' or 'lower', not 'better'"),
            ("measure x ms lower", "takes 4 words"),
            ("measure x ms lower latency app", "not key=value"),
            ("about " + "x" * 200, "longer than"),
            ("link a b losss=1", "unknown key"), ("app c serve", "no host or router 'c'"),
            ("frobnicate", "unknown statement"), ("let x ${y}", "no variable 'y'")):
        done = describe(*TINY, line)
        check(done.returncode == 2 and "user.sim:7: " in done.stderr and words in done.stderr,
              f"'{line}': exit code {done.returncode}, {done.stderr.strip()}")
    done = describe(*TINY, "measure x ms lower latency app=rr", "measure x ms lower connect app=rr")
    check("user.sim:8: measure 'x' exists" in done.stderr, done.stderr)


@test()
def measures_that_mean_nothing_name_file_and_line():
    for words, why in (
            ("x per_s lower wakeups host=a", "there is none"),
            ("x ms lower latncy app=stream", "no kind of measure 'latncy'"),
            ("x ms lower latency app=stream", "wants p="),
            ("x ms lower latency app=stream p=high", "could not convert"),
            ("x ms lower latency app=stream p=200", "not a percentile"),
            ("x Mbit/s higher goodput app=stream host=a", "knows no host="),
            ("x Mbit/s higher goodput app=rr", "no application 'rr'"),
            ("x n lower packets host=c", "no host 'c'"),
            ("x % higher utilisation link=a-b", "no link 'a-b'"),
            ("x ms lower silence app=serve minus=5", "not a time")):
        with tempfile.TemporaryDirectory(prefix="lab-") as folder:
            path = harness.scenario_file(folder, *TINY, f"measure {words}")
            try:
                ab_catalogue.Scenario(harness.simrun(), path)
                check(False, f"'{words}' was taken")
            except ab_catalogue.UsageError as error:
                check(f"{path}:7: " in str(error) and why in str(error), f"'{words}': {error}")


@test()
def every_scenario_of_the_library_says_what_it_is():
    names = ab_catalogue.library()
    for name in names:
        scenario = ab_catalogue.Scenario(harness.simrun(), ab_catalogue.locate(name))
        check(len(scenario.about) > 10, f"{name}: about '{scenario.about}'")
        check(set(scenario.quick) <= {"seeds", *scenario.variables}, f"{name}: {scenario.quick}")
        for axis, values in scenario.grid.items():
            for value in values:
                scenario.with_variables({axis: value})
