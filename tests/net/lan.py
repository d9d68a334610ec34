# SPDX-License-Identifier: BSD-3-Clause
"""For tests inside a network namespace that is already ours: a TAP device, and an lwIP host on it.

The script is the namespace's first process: when it ends, the kernel ends all others."""

import filecmp
import os
import re
import signal
import subprocess
import threading

HOST, HERE = "10.77.0.2", "10.77.0.1"  # lwIP, and our side of the TAP
HOST6, HERE6 = "fd77::2", "fd77::1"
LIMIT = 60  # seconds for anything; it takes well below one


class Failure(Exception):
    """A test's reason to fail."""


def command(*words, env=None):
    """What it prints; it must succeed."""
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=LIMIT, env=env, check=False)
    if done.returncode != 0:
        raise Failure(f"{words[0]} ended with {done.returncode}: {done.stdout.strip()[-300:]}")
    return done.stdout


def make_network():
    for words in (("link", "set", "lo", "up"),
                  ("tuntap", "add", "tap0", "mode", "tap"),
                  ("address", "add", f"{HERE}/24", "dev", "tap0"),
                  ("address", "add", f"{HERE6}/64", "dev", "tap0", "nodad"),
                  ("link", "set", "tap0", "up")):
        command("ip", *words)


class Program:
    """A program in the background; its output is kept, line by line. For use within `with`."""

    def __init__(self, *words, **environment):
        self.name = words[0].rpartition("/")[2]
        self.lines = []
        self.news = threading.Condition()
        self.process = subprocess.Popen(words, text=True, errors="replace", env={**os.environ, **environment},
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def _read(self):
        for line in self.process.stdout:
            with self.news:
                self.lines.append(line.rstrip())
                self.news.notify_all()
        with self.news:
            self.lines.append("(ended)")
            self.news.notify_all()

    def _find(self, pattern):
        matches = (re.match(pattern, line) for line in self.lines)
        return next((match for match in matches if match), None)

    def wait_for(self, pattern):
        """The first line that matches from its start."""
        found = self.says_within(LIMIT, pattern)
        if not found:
            raise Failure(f"{self.name} did not print {pattern!r}: {self.lines[-3:]}")
        return found

    def says_within(self, seconds, pattern):
        """The first line that matches from its start, or None if none comes in this time."""
        with self.news:
            self.news.wait_for(lambda: self._find(pattern) or "(ended)" in self.lines, seconds)
            return self._find(pattern)

    def stop(self):
        """Ask it to end, and wait until it has."""
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise Failure(f"{self.name} did not end after SIGTERM") from None
        if code != 0:
            raise Failure(f"{self.name} ended with {code}: {self.lines[-3:]}")


class Host(Program):
    """An lwIP host, on the TAP if nothing else is said."""

    device = ("--tap", "tap0")
    prefix = ()

    def __init__(self, binary, *options, **environment):
        super().__init__(*self.prefix, binary, *self.device, *options, **environment)
        try:
            self.wait_for("up$")
        except Failure:
            self.process.kill()
            raise

    def stop(self):
        """Ask it to end; it then says what is still in use."""
        super().stop()
        self.wait_for(r"pool pbuf_pool")


def same(expected, received):
    if not received.exists():
        raise Failure("nothing was received")
    if not filecmp.cmp(expected, received, shallow=False):
        raise Failure(f"bytes differ ({received.stat().st_size} of {expected.stat().st_size})")


def say(name, why=None):
    why = " ".join(str(why).split()) if why else None  # one line
    print(f"not-ok {name}: {why}" if why else f"ok {name}", flush=True)
