# SPDX-License-Identifier: BSD-3-Clause
"""For suites whose tests run inside network and process namespaces of their own: the side outside.

The kernel removes a namespace with its last process, so nothing is left behind, even after a kill -9."""

import os
import queue
import signal
import subprocess
import sys
import threading
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]


def common(function, *words):
    """Call a function of tools/lib/common.sh and return what it prints."""
    script = f'set -euo pipefail; . "{REPO}/tools/lib/common.sh"; "$@"'
    done = subprocess.run(["bash", "-c", script, "run", function, *words],
                          stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.exit(1)
    return done.stdout.strip()


class Results:
    """Counts tests and prints the line of each."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def add(self, name, why=None):
        if why:
            self.failed += 1
            print(f"not ok {name}: {why}", flush=True)
        else:
            self.passed += 1
            print(f"ok {name}", flush=True)

    def skip(self, name, why):
        self.skipped += 1
        print(f"skipped {name}: {why}", flush=True)

    def finish(self):
        tail = f", {self.skipped} skipped" if self.skipped else ""
        print(f"{self.passed} passed, {self.failed} failed{tail}", flush=True)
        return 1 if self.failed or not self.passed + self.skipped else 0


def built(folder, source, *definitions, targets=()):
    """Configure and build a CMake project, or these targets of it; None or why it failed."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "build.log"
    configure = ["cmake", "-S", source, "-B", folder, *(f"-D{text}" for text in definitions)]
    with open(log, "wb") as out:
        for command in (configure, ["make", "-C", folder, "-j2", *targets]):
            if subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, check=False).returncode:
                break
        else:
            return None
    errors = [line for line in log.read_text(errors="replace").splitlines() if "rror" in line]
    return f"see {log.relative_to(REPO)}" + (f": {errors[0]}" if errors else "")


def isolated(*words):
    """A command inside new namespaces, which end with it, and it with us."""
    return ["setpriv", "--pdeathsig", "KILL", "unshare", "--net", "--pid", "--fork", "--kill-child",
            "--mount-proc", *words]


def refused():
    """None, or why no namespace and TAP device can be made here."""
    if os.geteuid() != 0:
        return "it makes network namespaces and TAP devices, which needs root"
    done = subprocess.run(isolated("ip", "tuntap", "add", "tap0", "mode", "tap"), check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        return "no network namespace with a TAP device can be made here: " + " ".join(done.stdout.split())
    return None


def run_inside(script, runs, results):
    """Run a Python script with each of these lists of words at once, each in namespaces of its own.

    Their result lines (`ok NAME`, `not-ok NAME: why`, `skipped NAME: why`) come through pipes and are
    counted here, other lines are printed."""
    lines = queue.Queue()
    processes = [subprocess.Popen(isolated(sys.executable, "-B", str(script), *words),
                                  stdout=subprocess.PIPE, text=True, errors="replace") for words in runs]
    try:
        for process in processes:
            threading.Thread(target=_pass_on, args=(process, lines), daemon=True).start()
        running = len(processes)
        while running:
            line = lines.get()
            if isinstance(line, subprocess.Popen):
                running -= 1
                if line.wait() != 0:
                    results.add("inside", f"the namespace's process ended with {line.returncode}")
            else:
                _count(line, results)
    finally:
        for process in processes:
            process.kill()  # takes its namespaces with it
            process.wait()


def _pass_on(process, lines):
    for line in process.stdout:
        lines.put(line)
    lines.put(process)


def _count(line, results):
    verdict, _, rest = line.rstrip("\n").partition(" ")
    name, _, why = rest.partition(": ")
    if verdict == "ok":
        results.add(name)
    elif verdict == "not-ok":
        results.add(name, why or "no reason given")
    elif verdict == "skipped":
        results.skip(name, why)
    else:
        print(line, end="", flush=True)


def end_on_signals():
    """SIGTERM and SIGINT end us by way of every `finally`."""

    def interrupted(signum, _frame):
        raise KeyboardInterrupt(signum)

    signal.signal(signal.SIGTERM, interrupted)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored, if a shell put us into the background


def descends(pid, ancestor):
    """Whether a process is another's, at any remove."""
    while pid > 1 and pid != ancestor:
        try:
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            return False  # it ended meanwhile
    return pid == ancestor


def net_namespaces():
    """The network namespace of each process: {inode link: [pid...]}."""
    spaces = {}
    for link in Path("/proc").glob("[0-9]*/ns/net"):
        try:
            spaces.setdefault(os.readlink(link), []).append(int(link.parts[2]))
        except OSError:
            pass  # it ended meanwhile
    return spaces
