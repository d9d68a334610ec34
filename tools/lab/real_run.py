#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""One run of tools/ab --real, in namespaces of its own; its figures as simrun would print them.

`tools/ab --real` says of a failed run which command repeats it: one of these. Build first, which
`tools/ab --real` does.

exit: 0 what TCP promises was kept, 1 it was not, or the run could not be made, 2 usage
"""

import argparse
import ctypes
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
REPO = HERE.parents[1]
for folder in ("tests/net", "tests/sim", "tools/lab"):
    sys.path.insert(0, str(REPO / folder))

# pylint: disable=wrong-import-position
import isolation
import real_scenarios
from ab_arguments import pair
from ab_catalogue import UsageError

PROGRAMS = REPO / "build" / "real" / "plain"
LINUX, PEER = "linux", "peer"
BACKENDS = ["legacy", "alt", LINUX]
EPILOG = """example:
  tools/lab/real_run.py --backend alt --seed 3 --set loss=2% --pcap captures bulk-to-linux"""


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, epilog=EPILOG,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenario")
    parser.add_argument("--backend", default="alt", choices=BACKENDS,
                        help="of end a (default alt)")
    parser.add_argument("--seed", type=int, default=1, help="of the link (default 1)")
    parser.add_argument("--set", action="append", default=[], type=pair, metavar="VAR=VALUE")
    parser.add_argument("--pcap", metavar="DIR", help="writes DIR/a.pcap and DIR/b.pcap")
    parser.add_argument("--json", action="store_true", help="all on one line")
    parser.add_argument("--programs", default=PROGRAMS, metavar="DIR", help="where they are built")
    return parser.parse_args()


def host(backend, cell):
    """The program that is end a."""
    return PEER if backend == LINUX else f"{backend}-{cell.profile}"


def specification(args, scenario, cell):
    """What real_inside.py gets."""
    wire = ["--seed", str(args.seed), "--both", cell.wire()]
    for rule in scenario.rules(cell):
        wire += ["--rule", rule]
    return {"programs": str(args.programs),
            "host": host(args.backend, cell),
            "roles": scenario.roles(cell), "wire": wire, "linux": cell.linux(),
            "timestamps": cell.timestamps, "seconds": cell.seconds,
            "measured": scenario.measured(),
            "pcap": os.path.abspath(args.pcap) if args.pcap else None}


def application(end, figures):
    """Like an application in simrun's JSON. Goodput is that of the whole time where it ran out:
    what counts is what had arrived by then."""
    span = figures["now_s"] - figures["connected_s"]
    if not figures["finished"] and figures["opened"]:
        figures["goodput_bps"] = figures["rx_bytes"] * 8 / span
    return {"host": end, **figures}


def data_of(outcome, seed, wanted):
    """The run as simrun would tell it."""
    data = {"seed": seed, "ok": not outcome["failures"], "failures": outcome["failures"],
            "notes": [], "apps": [], "links": []}
    if "ends" in outcome:
        data["apps"] = [application(end, outcome["ends"][end]) for end in "ab"]
        data["links"] = outcome["wire"].pop("links")
        data["wire"] = outcome["wire"]
        data["real_time"] = outcome["real_time"]
        answered = sum(app["responses"] for app in data["apps"])
        if answered < wanted:
            data["notes"].append(f"{answered} of {wanted} requests were answered in time")
    return data


def run(args):
    scenario = real_scenarios.named([args.scenario])[0]
    cell = scenario.cell(scenario.with_variables(dict(args.set))["variables"])
    words = isolation.isolated(sys.executable, "-B", str(HERE / "real_inside.py"),
                               json.dumps(specification(args, scenario, cell)))
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        return {"seed": args.seed, "ok": False, "notes": [], "apps": [], "links": [],
                "failures": [f"the namespaces' first process ended with {done.returncode}"]}
    return data_of(json.loads(done.stdout), args.seed, scenario.wants(cell))


def end_with_parent():
    """However our parent ends; our own children are bound to us the same way (isolation.py)."""
    set_pdeathsig = 1
    ctypes.CDLL(None).prctl(set_pdeathsig, signal.SIGKILL)


def main():
    args = arguments()
    end_with_parent()
    try:
        data = run(args)
    except UsageError as why:
        print(f"real_run: {why}", file=sys.stderr)
        return 2
    print(json.dumps(data, indent=None if args.json else 1))
    return 0 if data["ok"] else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
