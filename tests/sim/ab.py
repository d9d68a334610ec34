# SPDX-License-Identifier: BSD-3-Clause
"""Runs the same real transfers over lwIP's legacy TCP and over alt, and compares.

Both are the whole of lwIP with the same options and the same applications, in
a simulated network with virtual time: figures do not depend on this machine,
and the same seed gives the same packets. Lossy scenarios are the median of
several seeds. The first run installs what is missing, obtains lwIP and builds.

examples:
  tools/ab                                 all scenarios
  tools/ab bulk-lossy rr-lossy             some
  tools/ab --keep-pcap captures --json ab.json

exit: 0 all runs were right, 1 a run failed, 2 usage
"""

import argparse
import json
import os
import statistics
import sys

import simlib

BACKENDS = ("legacy", "alt")
HIGHER, LOWER = "higher", "lower"


class Scenario:
    """One line of the table: what to run, and how to make one figure of it."""

    def __init__(self, name, about, unit, better, file, variables, figure, seeds=1):
        self.name = name
        self.about = about
        self.unit = unit
        self.better = better
        self.file = file
        self.variables = variables
        self.figure = figure          # list of Outcomes -> number
        self.seeds = seeds


def goodput(role):
    """Median over the seeds, Mbit/s."""
    return lambda outcomes: statistics.median(o.app(role)["goodput_bps"] / 1e6 for o in outcomes)


def latency(share):
    """Percentile over all requests of all seeds, ms."""
    def figure(outcomes):
        pooled = [us / 1000 for o in outcomes for us in o.app("rr")["latency_us"]]
        return simlib.percentile(pooled, share)
    return figure


def both_ways(outcomes):
    return statistics.median(sum(o.app(role)["goodput_bps"] for role in ("serve", "stream")) / 1e6
                             for o in outcomes)


def wakeups(outcomes):
    """Of the server, per second, in the marked 100 s."""
    return outcomes[0].host("b")["marked_wakeups"] / 100


SCENARIOS = [
    Scenario("bulk-clean", "8-segment window, RTT 20 ms", "Mbit/s", HIGHER,
             "bulk", {"profile": "MCU"}, goodput("serve")),
    Scenario("bulk-lossy", "8-segment window, RTT 20 ms, 2 % loss", "Mbit/s", HIGHER,
             "bulk", {"profile": "MCU", "loss": "2%"}, goodput("serve"), 9),
    Scenario("bulk-very-lossy", "8-segment window, RTT 20 ms, 5 % loss", "Mbit/s", HIGHER,
             "bulk", {"profile": "MCU", "loss": "5%", "bytes": "1M"}, goodput("serve"), 9),
    Scenario("big-clean", "256 KB window, RTT 100 ms", "Mbit/s", HIGHER,
             "bulk", {"profile": "BIG", "delay": "50ms"}, goodput("serve")),
    Scenario("big-lossy", "256 KB window, RTT 100 ms, 1 % loss", "Mbit/s", HIGHER,
             "bulk", {"profile": "BIG", "delay": "50ms", "loss": "1%"}, goodput("serve"), 9),
    Scenario("both-ways", "both directions at once, 1 % loss, reordering", "Mbit/s", HIGHER,
             "campaign_bulk", {"bytes": "1M", "loss": "1%"}, both_ways, 9),
    Scenario("shallow-queue", "1 Mbit/s, queue of 4 packets", "Mbit/s", HIGHER,
             "bulk", {"rate": "1M", "queue": "6000", "bytes": "1M"}, goodput("serve")),
    Scenario("rr-clean", "100 B -> 1 KB, RTT 40 ms, median", "ms", LOWER,
             "rr", {}, latency(0.5)),
    Scenario("rr-lossy", "100 B -> 1 KB, RTT 40 ms, 1 % loss, p99", "ms", LOWER,
             "rr", {"loss": "1%", "requests": 1000}, latency(0.99), 9),
    Scenario("rr-20k-lossy", "100 B -> 20 KB, RTT 40 ms, 1 % loss, p99", "ms", LOWER,
             "rr", {"loss": "1%", "requests": 300, "response": "20000"}, latency(0.99), 9),
    Scenario("connect-close", "a new connection for 10 KB, RTT 100 ms, median", "ms", LOWER,
             "rr", {"delay": "50ms", "fresh": 1, "requests": 50, "response": "10000"},
             latency(0.5)),
    Scenario("short-lossy", "50 short connections, 3 % loss, p99", "ms", LOWER,
             "campaign_short", {}, latency(0.99), 9),
    Scenario("idle", "one connection, no traffic: wake-ups", "per s", LOWER,
             "idle", {}, wakeups),
]


def parse_arguments():
    parser = argparse.ArgumentParser(prog="tools/ab", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenario", nargs="*", help="names, see --list (default: all)")
    parser.add_argument("--list", action="store_true", help="says what there is")
    parser.add_argument("--seed", type=int, default=1, help="the first seed (default 1)")
    parser.add_argument("--json", metavar="FILE", help="also writes everything as JSON")
    parser.add_argument("--keep-pcap", metavar="DIR",
                        help="captures of the first seed: DIR/SCENARIO-BACKEND/HOST.pcap")
    arguments = parser.parse_args()
    known = {scenario.name: scenario for scenario in SCENARIOS}
    for name in arguments.scenario:
        if name not in known:
            parser.error(f"no scenario '{name}' (see --list)")
    if arguments.seed < 0:
        parser.error("--seed is not negative")
    arguments.chosen = [known[name] for name in arguments.scenario] or SCENARIOS
    return arguments


def make_jobs(build, arguments):
    for scenario in arguments.chosen:
        for backend in BACKENDS:
            for seed in range(arguments.seed, arguments.seed + scenario.seeds):
                options = []
                if arguments.keep_pcap and seed == arguments.seed:
                    folder = os.path.join(arguments.keep_pcap, f"{scenario.name}-{backend}")
                    os.makedirs(folder, exist_ok=True)
                    options = ["--pcap", folder]
                yield (scenario.name, backend, seed), build.command(
                    scenario.file, seed, [backend], scenario.variables, options)


def measure(build, arguments):
    """Runs everything; returns ({(scenario, backend): [Outcome]}, failed Outcomes)."""
    jobs = list(make_jobs(build, arguments))
    progress = simlib.Progress(len(jobs), "ab")
    results = simlib.run_all(jobs, lambda key, _: progress.step(f"{key[0]} ({key[1]})"))
    table = {}
    for key in sorted(results):
        table.setdefault(key[:2], []).append(results[key])
    return table, [outcome for outcome in results.values() if not outcome.ok]


def figure_of(scenario, outcomes):
    return scenario.figure(outcomes) if all(o.ok for o in outcomes) else None


def verdict(scenario, legacy, alt):
    """Who is better; within half a percent nobody."""
    if None in (legacy, alt):
        return "a run failed"
    if abs(alt - legacy) <= 0.005 * max(abs(alt), abs(legacy)):
        return "same"
    return "alt" if (alt > legacy) == (scenario.better == HIGHER) else "legacy"


def number(value):
    return "failed" if value is None else f"{value:.4g}"


def ratio(legacy, alt):
    """alt / legacy, where that is a number."""
    return alt / legacy if None not in (legacy, alt) and legacy else None


def rows(table, arguments):
    for scenario in arguments.chosen:
        legacy, alt = (figure_of(scenario, table[scenario.name, b]) for b in BACKENDS)
        yield {"scenario": scenario.name, "about": scenario.about, "unit": scenario.unit,
               "better_is": scenario.better, "seeds": scenario.seeds, "legacy": legacy,
               "alt": alt, "alt_to_legacy": ratio(legacy, alt),
               "better": verdict(scenario, legacy, alt),
               "commands": {b: [o.command for o in table[scenario.name, b]] for b in BACKENDS},
               "hashes": {b: [o.data and o.data["hash"] for o in table[scenario.name, b]]
                          for b in BACKENDS}}


def print_table(lines):
    print(f"{'scenario':16}{'':48}{'legacy':>9}{'alt':>9} {'unit':7}{'alt/legacy':>10}  better")
    for row in lines:
        share = row["alt_to_legacy"]
        print(f"{row['scenario']:16}{row['about']:48}{number(row['legacy']):>9}"
              f"{number(row['alt']):>9} {row['unit']:7}"
              f"{'-' if share is None else format(share, '.2f'):>10}  {row['better']}")


def main():
    arguments = parse_arguments()
    if arguments.list:
        for scenario in SCENARIOS:
            print(f"{scenario.name:16} {scenario.about} [{scenario.unit}]")
        return 0
    print("building lwIP with both TCPs ...", file=sys.stderr)
    try:
        build = simlib.build("plain", BACKENDS, ("MCU", "BIG"))
    except simlib.BuildError as error:
        print(f"ab: {error}", file=sys.stderr)
        return 1
    table, failed = measure(build, arguments)
    lines = list(rows(table, arguments))
    print_table(lines)
    for outcome in failed[:3]:
        print(f"\nfailed: {outcome.why()}\n{outcome.command}", file=sys.stderr)
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as out:
            json.dump({"seed": arguments.seed, "lwip": simlib.LWIP_VERSION, "rows": lines}, out,
                      indent=1)
            out.write("\n")
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
