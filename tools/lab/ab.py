# SPDX-License-Identifier: BSD-3-Clause
"""The main program of tools/ab."""

import os
import shlex
import signal
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(HERE)), "tests", "sim"))

# pylint: disable=wrong-import-position
import ab_arguments
import ab_builds
import ab_catalogue
import ab_golden
import ab_lwipopts
import ab_plan
import ab_results
import ab_run
import ab_table
import real
import real_scenarios
import simlib
from ab_catalogue import UsageError


def user_profiles(words):
    """{host's name or None: UserOptions} of --lwipopts."""
    profiles = {}
    for word in words:
        host, equals, file = word.partition("=")
        if not equals:
            host, file = None, word
        if host in profiles:
            raise UsageError(f"--lwipopts: two files for {host or 'all hosts'}")
        profiles[host] = ab_lwipopts.UserOptions(file)
        changes = profiles[host].overruled()
        if changes:
            print(f"ab: {file}: the simulated host needs {', '.join(changes)}", file=sys.stderr)
    return profiles


def scenarios_of(arguments, simrun):
    words = arguments.scenario or ab_catalogue.library()
    return [ab_catalogue.Scenario(simrun, ab_catalogue.locate(word)) for word in words]


def write_files(results, arguments):
    if arguments.json:
        ab_results.write(results, arguments.json)
    if arguments.report:
        ab_results.write(results, os.path.join(arguments.report, "results.json"))
        done = subprocess.run([sys.executable, os.path.join(HERE, "report.py"), arguments.report],
                              stdout=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            print("ab: the report could not be made", file=sys.stderr)
            return 1
        print(f"\nreport: {os.path.join(arguments.report, 'index.html')}")
    return 0


def print_failures(outcomes):
    """Each reason once, with the first run that shows it."""
    reasons = {}
    for outcome in outcomes.values():
        if not outcome.ok:
            reasons.setdefault(outcome.why(), []).append(outcome.command)
    for why, commands in list(reasons.items())[:3]:
        times = f" ({len(commands)} runs)" if len(commands) > 1 else ""
        print(f"\nfailed: {why}{times}\n  reproduce: {commands[0]}", file=sys.stderr)
    if len(reasons) > 3:
        print(f"\n... and {sum(map(len, list(reasons.values())[3:]))} more", file=sys.stderr)
    return len(reasons)


def need_places(arguments):
    """What is written at the end must have a place now."""
    for folder in filter(None, (arguments.report, arguments.keep_pcap)):
        try:
            os.makedirs(folder, exist_ok=True)
        except OSError as why:
            raise UsageError(f"{folder}: {why.strerror}") from None
    for folder in filter(None, (arguments.report, arguments.keep_pcap,
                                arguments.json and (os.path.dirname(arguments.json) or "."))):
        if not os.access(folder, os.W_OK | os.X_OK):
            raise UsageError(f"{folder}: nothing can be written there")
    if arguments.json and os.path.isdir(arguments.json):
        raise UsageError(f"--json: {arguments.json} is a folder")


def compare(arguments, bench, scenarios, remarks=None):
    """Runs the plan, prints what came of it; returns the exit code. Both benches, that of the
    simulator and that of --real, can build what a plan needs and know the command of each run.
    `remarks` prints what there is to say below the table."""
    plan = ab_plan.Plan(scenarios, arguments)
    need_places(arguments)
    bench.build(plan)
    runner = ab_run.Runner(arguments.jobs)
    jobs = list(plan.jobs(bench))
    outcomes = runner.run_all(jobs)
    command = shlex.join(["tools/ab", *sys.argv[1:]])
    results = ab_results.collect(plan, outcomes, command)
    if not arguments.golden:
        ab_table.print_results(results)
    if remarks:
        remarks(outcomes)
    failed = print_failures(outcomes)
    code = write_files(results, arguments)
    if runner.stopped:
        print(f"\nab: interrupted after {len(outcomes)} of {len(jobs)} runs; cells that were not "
              "finished are left out", file=sys.stderr)
        return 130
    if arguments.golden and not failed:
        return ab_golden.settle(arguments.golden, results) or code
    return 1 if failed else code


def with_linux(arguments):
    """tools/ab --real"""
    bench = real.Bench(arguments)
    scenarios = real_scenarios.named(arguments.scenario)
    if arguments.list:
        real_scenarios.print_list(scenarios)
        return 0
    why = bench.refused()
    if why:
        print(f"ab --real: {why}", file=sys.stderr)
        return 1
    return compare(arguments, bench, scenarios, bench.print_remarks)


def main():
    try:
        arguments = ab_arguments.parse()
        if arguments.real:
            return with_linux(arguments)
        if arguments.golden:
            ab_golden.set_arguments(arguments)
        bench = ab_builds.Bench(arguments, user_profiles(arguments.lwipopts))
        simrun = bench.build_simrun()
        scenarios = scenarios_of(arguments, simrun)
        if arguments.list:
            ab_catalogue.print_list(scenarios)
            return 0
        return compare(arguments, bench, scenarios)
    except UsageError as why:
        print(f"ab: {why}", file=sys.stderr)
        return 2
    except simlib.BuildError as why:
        print(f"ab: {why}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
