# SPDX-License-Identifier: BSD-3-Clause
"""Running simrun many times, so that what is finished is not lost when somebody has enough."""

import concurrent.futures
import os
import signal
import subprocess
import sys
import threading
import time

import simlib

TIMEOUT_S = 600


class Progress:
    """A counter with the time that is left: one live line on a terminal, else one now and then."""

    def __init__(self, total):
        self.total = total
        self.count = 0
        self.begin = time.monotonic()
        self.shown = self.begin
        self.live = sys.stderr.isatty()

    def text(self, note):
        elapsed = time.monotonic() - self.begin
        left = elapsed / self.count * (self.total - self.count)
        return f"ab: {self.count}/{self.total} runs, about {left:.0f} s left, {note}"

    def step(self, note):
        self.count += 1
        now = time.monotonic()
        if self.count == self.total or now - self.shown < (0.1 if self.live else 10):
            return
        self.shown = now
        if self.live:
            print(f"\r\033[K{self.text(note)}", end="", file=sys.stderr, flush=True)
        else:
            print(self.text(note), file=sys.stderr, flush=True)

    def over(self):
        if self.live:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


class Runner:
    """Runs commands on all processors until they are done or a signal says stop."""

    def __init__(self, workers=None):
        self.workers = workers or os.cpu_count() or 1
        self.lock = threading.Lock()
        self.children = set()
        self.stopped = False

    def stop(self, *_):
        """No further run begins, those under way are ended. The main thread's, which never
        holds the lock otherwise, so that a signal's handler may take it."""
        self.stopped = True
        with self.lock:
            for child in self.children:
                child.terminate()

    def run_one(self, command):
        """The Outcome of one command, or None if it was stopped."""
        with self.lock:
            if self.stopped:
                return None
            child = subprocess.Popen([command[0], "--json", *command[1:]], text=True,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                     process_group=0)  # ^C is ours alone
            self.children.add(child)
        try:
            out, errors = child.communicate(timeout=TIMEOUT_S)
        except subprocess.TimeoutExpired:
            child.kill()
            out, errors = child.communicate()
            errors += f"\nsimrun: no end within {TIMEOUT_S} s of real time"
        finally:
            with self.lock:
                self.children.discard(child)
        outcome = simlib.Outcome(command, child.returncode, out, errors)
        return None if self.stopped and not outcome.ok else outcome

    def gather(self, futures, results, progress):
        try:
            for future in concurrent.futures.as_completed(futures):
                key, outcome = futures[future], future.result()
                if outcome is not None:
                    results[key] = outcome
                    progress.step(str(key[0]))
        except BaseException:
            self.stop()   # else the pool would run all the rest before it lets go
            raise

    def run_all(self, jobs):
        """Runs (key, command) pairs; returns {key: Outcome} of those that ended."""
        before = {number: signal.signal(number, self.stop)
                  for number in (signal.SIGINT, signal.SIGTERM)}
        results = {}
        progress = Progress(len(jobs))
        try:
            with concurrent.futures.ThreadPoolExecutor(self.workers) as pool:
                futures = {pool.submit(self.run_one, command): key for key, command in jobs}
                self.gather(futures, results, progress)
        finally:
            progress.over()
            for number, handler in before.items():
                signal.signal(number, handler)
        return results
