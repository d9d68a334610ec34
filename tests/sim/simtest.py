# SPDX-License-Identifier: BSD-3-Clause
"""What the simulator's tests share: the list of them, checks, builds, runs and captures."""

import os
import re
import struct
import tempfile
import traceback

import simlib

PAIRS = ("legacy-legacy", "alt-alt", "alt-legacy", "legacy-alt")
PROFILES = ("MCU", "BIG", "DUAL", "SMALL", "PMTU")
TESTS = []


class Failed(Exception):
    pass


class Skipped(Exception):
    """Why a test cannot be made here."""


def check(condition, why):
    if not condition:
        raise Failed(why)


def test(*, slow=False):
    """Registers a test; `slow` ones are left out by --fast."""
    def register(function):
        TESTS.append((function.__name__.replace("_", "-"), function, slow))
        return function
    return register


class Builds:
    """Builds each variant once, when it is first asked for."""

    def __init__(self):
        self.done = {}

    def get(self, variant="plain", **how):
        key = (variant, *sorted(how.items()))
        if key not in self.done:
            try:
                self.done[key] = simlib.build(variant, **{"profiles": PROFILES, **how})
            except simlib.BuildError as error:
                self.done[key] = Failed(f"build of {key}: " + str(error)[-1500:])
        if isinstance(self.done[key], Failed):
            raise self.done[key]
        return self.done[key]


BUILDS = Builds()


def run(scenario, variables=None, *, seed=1, backends=None, options=(), build=None):
    build = build or BUILDS.get()
    return simlib.run(build.command(scenario, seed, backends, variables, options))


def good(outcome):
    """The outcome, which must be right."""
    check(outcome.ok, f"{outcome.why()} [{outcome.command}]")
    return outcome


def bad(outcome, pattern):
    """The outcome must be a failure that says why."""
    check(outcome.code == 1, f"exit code {outcome.code} instead of 1 [{outcome.command}]")
    found = any(re.search(pattern, line) for line in outcome.data["failures"])
    check(found, f"no /{pattern}/ in {outcome.data['failures']} [{outcome.command}]")
    check("reproduce: " in outcome.errors and f"seed {outcome.data['seed']}" in outcome.errors,
          "no seed or command in the report of the failure")


def run_lines(lines, *, seed=1, backend="alt", options=()):
    """Runs a scenario given as statements."""
    return simlib.run([BUILDS.get().simrun, "--seed", str(seed), "--backend", backend, *options,
                       *[word for line in lines for word in ("-e", line)]])


def capture_records(path):
    """(seconds, nanoseconds, packet) of a capture with nanosecond stamps and raw IP."""
    with open(path, "rb") as file:
        data = file.read()
    magic, _, _, _, _, _, link_type = struct.unpack_from("=IHHiIII", data)
    check(magic == 0xA1B23C4D, f"magic {magic:x} is not that of nanosecond stamps")
    check(link_type == 101, f"link type {link_type} is not raw IP")
    at = 24
    while at < len(data):
        seconds, nano, length, original = struct.unpack_from("=IIII", data, at)
        check(length == original, "a packet was cut")
        yield seconds, nano, data[at + 16:at + 16 + length]
        at += 16 + length


def captured(lines, *hosts, **how):
    """Runs statements; returns the outcome and each host's capture as a list of (ns, packet)."""
    with tempfile.TemporaryDirectory() as folder:
        outcome = run_lines(lines, options=["--pcap", folder], **how)
        check(outcome.data is not None, f"{outcome.why()} [{outcome.command}]")
        return outcome, *([(seconds * 10**9 + nano, packet) for seconds, nano, packet
                           in capture_records(os.path.join(folder, f"{name}.pcap"))]
                          for name in hosts)


def link(outcome, start, end):
    """The figures of one direction."""
    return next(entry for entry in outcome.data["links"]
                if (entry["from"], entry["to"]) == (start, end))


def run_tests(arguments):
    """Runs, or lists, what is registered; returns the exit code."""
    passed = failed = skipped = 0
    for name, function, slow in TESTS:
        if arguments.only not in name:
            continue
        if arguments.list:
            print(name)
        elif slow and arguments.fast:
            skipped += 1
        else:
            try:
                function()
                passed += 1
                print(f"ok {name}", flush=True)
            except Skipped as why:
                skipped += 1
                print(f"skipped {name}: {why}", flush=True)
            except Failed as why:
                failed += 1
                print(f"not ok {name}: {why}", flush=True)
            except Exception:  # pylint: disable=broad-exception-caught
                failed += 1
                print(f"not ok {name}: {traceback.format_exc()}", flush=True)
    if arguments.list:
        return 0
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 0 if passed and not failed else 1
