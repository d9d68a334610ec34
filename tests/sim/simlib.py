# SPDX-License-Identifier: BSD-3-Clause
"""Building the simulator and running scenarios, for the drivers beside this file and tools/ab."""

import concurrent.futures
import json
import math
import os
import shlex
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
REPO = os.path.dirname(os.path.dirname(HERE))
SCENARIOS = os.path.join(HERE, "scenarios")
LWIP_VERSION = "2.2.1"
PACKAGES = ["gcc", "make", "libc6-dev", "libpcap-dev"]


class BuildError(Exception):
    pass


def common(function, *args):
    """Calls a function of tools/lib/common.sh; returns what it prints."""
    script = '. "$0" && "$@"'
    library = os.path.join(REPO, "tools", "lib", "common.sh")
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", script, library, function, *args],
                          stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise BuildError(f"{function} failed")
    return done.stdout.strip()


def need_packages(*packages):
    common("need_packages", *packages)


def shorter(path):
    """The path as one would type it here; anything else unchanged."""
    if not path.startswith(REPO + os.sep):
        return path
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else relative


class Build:
    """A folder with simrun and the hosts' shared objects."""

    def __init__(self, folder):
        self.folder = folder
        self.simrun = os.path.join(folder, "simrun")

    def command(self, scenario, seed=1, backends=None, variables=None, options=()):
        """The command line of one run. `scenario` is a name in scenarios/ or a path."""
        if os.sep not in scenario:
            scenario = os.path.join(SCENARIOS, scenario + ".sim")
        line = [self.simrun, "--seed", str(seed)]
        if backends:
            line += ["--backend", ",".join(backends)]
        for name, value in (variables or {}).items():
            line += ["--set", f"{name}={value}"]
        return [shorter(word) for word in [*line, *options, scenario]]


def build(variant="plain", backends=("legacy", "alt"), profiles=("MCU", "BIG"),
          version=LWIP_VERSION, compiler="gcc", folder=None, profiles_at=None, tree=None,
          alt=None):
    """Builds what is missing or old; returns a Build. Raises BuildError.

    `folder` is where, `profiles_at` the folder of other profiles than those beside this file,
    `tree` a neutral tree with another `alt` (folder tcp_alt) than this repository's.
    """
    need_packages(*PACKAGES, *(["clang"] if compiler == "clang" else []))
    tree = tree or common("neutral_tree", version)
    name = variant if compiler == "gcc" else f"{variant}-{compiler}"
    name = name if version == LWIP_VERSION else f"{name}-{version}"
    folder = str(folder or os.path.join(REPO, "build", "sim", name))
    os.makedirs(folder, exist_ok=True)
    backends = sorted({name.partition("-")[0] for name in backends})  # both-alt: both
    make = ["make", "-s", f"-j{os.cpu_count() or 1}", "-C", HERE, f"TREE={tree}", f"OUT={folder}",
            f"VARIANT={variant}", f"CC={compiler}", f"BACKENDS={' '.join(backends)}",
            f"PROFILES={' '.join(profiles)}", *([f"PROFILES_AT={profiles_at}"] if profiles_at else []),
            *([f"ALT={alt}"] if alt else [])]
    done = subprocess.run(["flock", os.path.join(folder, ".lock"), *make],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise BuildError(done.stdout.strip() or "make failed")
    return Build(folder)


class Outcome:
    """What one run gave: `ok`, `data` (the JSON, or None after a crash) and `errors` (text)."""

    def __init__(self, command, code, stdout, stderr):
        self.command = shlex.join(command)
        self.code = code
        self.errors = stderr.strip()
        try:
            self.data = json.loads(stdout)
        except ValueError:
            self.data = None
        self.ok = code == 0 and self.data is not None

    def app(self, role):
        """The first application of that role."""
        return next(app for app in self.data["apps"] if app["role"] == role)

    def host(self, name):
        return next(host for host in self.data["hosts"] if host["name"] == name)

    def why(self):
        """Why it failed, in one line."""
        if self.data and self.data["failures"]:
            return self.data["failures"][0]
        for line in self.errors.splitlines():
            if "ERROR" in line or "runtime error" in line or "simrun:" in line:
                return line.strip()
        return f"exit code {self.code}"


SANITIZERS = {
    "ASAN_OPTIONS": "detect_leaks=1:abort_on_error=0:detect_odr_violation=0",
    "UBSAN_OPTIONS": "print_stacktrace=1",
}


def run(command, timeout=300):
    """Runs one simrun command with --json; returns an Outcome."""
    command = [command[0], "--json", *command[1:]]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              timeout=timeout, check=False, env={**os.environ, **SANITIZERS})
        return Outcome(command, done.returncode, done.stdout, done.stderr)
    except subprocess.TimeoutExpired:
        return Outcome(command, -1, "", f"simrun: no end within {timeout} s of real time")


def run_all(jobs, done=None, workers=None):
    """Runs (key, command) pairs on all processors; returns {key: Outcome}.

    `done(key, outcome)` is called in the main thread as each one finishes.
    """
    results = {}
    with concurrent.futures.ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        futures = {pool.submit(run, command): key for key, command in jobs}
        try:
            for future in concurrent.futures.as_completed(futures):
                key = futures[future]
                results[key] = future.result()
                if done:
                    done(key, results[key])
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return results


class Progress:
    """A counter on stderr: one live line on a terminal, a line now and then elsewhere."""

    def __init__(self, total, what):
        self.total = total
        self.what = what
        self.count = 0
        self.shown = time.monotonic()
        self.live = sys.stderr.isatty()
        self.lock = threading.Lock()

    def step(self, note=""):
        with self.lock:
            self.count += 1
            now = time.monotonic()
            last = self.count == self.total
            if not last and now - self.shown < (0.1 if self.live else 10):
                return
            self.shown = now
            text = f"{self.what}: {self.count}/{self.total} {note}"
            if self.live:
                print(f"\r\033[K{text}", end="\n" if last else "", file=sys.stderr, flush=True)
            else:
                print(text.rstrip(), file=sys.stderr, flush=True)


# Windows of the bulk profiles, and the share of payload in a full segment's packet.
WINDOW = {"MCU": 8 * 1460, "BIG": 256 * 1024}
PAYLOAD = {"MCU": 1460 / 1500, "BIG": 1448 / 1500}


def bulk_bound_mbps(profile, rtt_ms, rate_mbps, size):
    """The goodput that no TCP can exceed: min(rate, window / RTT), seen from the receiver.

    Counted from the opening, as `goodput_bps` is: the first packet and the first window arrive
    with it and cost no time of their own.
    """
    window = WINDOW[profile]
    line = rate_mbps * PAYLOAD[profile] * size / (size - 2 * 1460)
    rounds = -(-size // window) - 1
    return min(line, size * 8 / (rounds * rtt_ms * 1000)) if rounds else line


def percentile(values, share):
    """The smallest value that at least `share` (0..1) of the values do not exceed; None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
