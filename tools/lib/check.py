# SPDX-License-Identifier: BSD-3-Clause
"""tools/check: runs the suites tests/*/run and sums up their counts."""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
SUITES = REPOSITORY / "tests"
LOGS = REPOSITORY / "build/check"

DESCRIPTION = """\
Runs the test suites, tests/*/run, two at a time. Failed tests are shown as they
happen, everything else is in build/check/SUITE.log. Suites install the packages
they need. The last line is "N passed, N failed"; a suite that could not run, or
did not end, counts as one failure."""

EXAMPLES = """\
examples:
  tools/check                  everything
  tools/check --fast           a slice of every suite, a minute or two
  tools/check unit consumers   two suites
  tools/check --list           the names of the suites

exit codes: 0 all passed, 1 a test failed, 2 wrong usage, 130 interrupted"""

SUMMARY = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$")


class Suite:
    """One tests/NAME/run and, while and after it runs, what is known of it."""

    def __init__(self, folder, logs):
        self.name = folder.name
        self.command = folder / "run"
        self.alone = (folder / "serial").exists()
        self.log = logs / f"{self.name}.log"
        self.seen = self.bad = self.passed = self.skipped = 0
        self.seconds = 0.0
        # So it counts if it never comes to its end.
        self.failed, self.problem = 1, "did not run"
        self.process = None
        self.ended = None

    def run(self, fast, limit, show):
        """Runs the suite to its end; show(line) hears of failed tests."""
        start = time.monotonic()
        summary = None
        with self.log.open("w", encoding="utf-8") as log:
            try:
                # A session of its own: what the suite leaves running can be ended with it.
                self.process = subprocess.Popen(
                    [str(self.command)] + ["--fast"] * fast, cwd=REPOSITORY, text=True,
                    errors="replace", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT, start_new_session=True)
            except OSError as error:
                self._end(start, None, f"could not start: {error.strerror}")
                return
            alarm = threading.Timer(limit, self._too_long, [limit])
            alarm.start()
            try:
                for line in self.process.stdout:
                    log.write(line)
                    log.flush()
                    summary = self._line(line.rstrip("\n"), summary, show)
            finally:
                alarm.cancel()
            code = self.process.wait()
        self._signal(signal.SIGKILL)
        self._end(start, summary, self._verdict(code, summary))

    def _line(self, line, summary, show):
        if line.startswith(("ok ", "not ok ")):
            self.seen += 1
        if line.startswith("not ok "):
            self.bad += 1
            show(f"{self.name}: {line}")
        return SUMMARY.match(line) or summary

    def _too_long(self, limit):
        self.ended = f"did not end within {limit:.0f} s"
        self.stop()

    def stop(self):
        """Ends the suite, politely first: it may have namespaces and the like to remove."""
        if not self.process:
            return
        for number, patience in ((signal.SIGINT, 10), (signal.SIGTERM, 5), (signal.SIGKILL, 5)):
            self._signal(number)
            try:
                self.process.wait(patience)
                break
            except subprocess.TimeoutExpired:
                pass
        self._signal(signal.SIGKILL)

    def _signal(self, number):
        """To the whole session of the suite, whatever is left of it."""
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            pass

    def _verdict(self, code, summary):
        """Why the suite as a whole failed, or None: it counted its failures itself."""
        if self.ended:
            return self.ended
        if not summary:
            return f"ended with exit code {code} and no count"
        if code != 0 and int(summary[2]) == 0:
            return f"counted no failure, but its exit code is {code}"
        if code == 0 and int(summary[2]) > 0:
            return "counted failures, but its exit code is 0"
        if self.bad > int(summary[2]):
            return f"{self.bad} tests were not ok, but it counted {summary[2]}"
        if int(summary[1]) + int(summary[2]) == 0 and not int(summary[3] or 0):
            return "has no test"
        return None

    def _end(self, start, summary, problem):
        self.seconds = time.monotonic() - start
        self.problem = problem
        if summary:
            self.passed, self.failed, self.skipped = (int(n or 0) for n in summary.groups())
        else:
            self.failed = 0
        if problem:
            self.failed += 1

    def result(self):
        counts = f"{self.passed} passed, {self.failed} failed"
        if self.skipped:
            counts += f", {self.skipped} skipped"
        verdict = "FAILED" if self.failed else "ok"
        row = f"{self.name:<12} {verdict:<6} {counts:<38} {self.seconds:5.0f} s"
        return f"{row}\n{self.name}: {self.problem}, see {shorter(self.log)}" if self.problem else row


def shorter(path):
    return path.relative_to(REPOSITORY) if path.is_relative_to(REPOSITORY) else path


class Progress:
    """What the terminal shows: lines that stay, and one that tells what is running."""

    def __init__(self):
        self.lock = threading.Lock()
        self.start = self.told = time.monotonic()
        self.terminal = sys.stdout.isatty()

    def line(self, text):
        with self.lock:
            print(("\r\033[K" if self.terminal else "") + text, flush=True)

    def tick(self, suites):
        """On a terminal twice a second, in a log once a minute."""
        now = time.monotonic()
        if not suites or (not self.terminal and now - self.told < 60):
            return
        self.told = now
        what = ", ".join(f"{suite.name} {suite.seen}" for suite in suites)
        minutes, seconds = divmod(int(now - self.start), 60)
        with self.lock:
            print(f"\r\033[K{minutes}:{seconds:02} {what}"[:100] if self.terminal
                  else f"... {minutes}:{seconds:02}, tests so far: {what}",
                  end="" if self.terminal else "\n", flush=True)


def run_all(suites, options, progress):
    """At most options.jobs at a time; those that want to be alone come last, one by one."""
    waiting = [s for s in suites if not s.alone] + [s for s in suites if s.alone]
    running = {}
    try:
        while waiting or running:
            while waiting and (not running if waiting[0].alone else len(running) < options.jobs):
                suite = waiting.pop(0)
                thread = threading.Thread(
                    target=suite.run, args=(options.fast, options.limit * 60, progress.line))
                running[suite] = thread
                thread.start()
            time.sleep(0.1 if progress.terminal else 0.2)
            for suite in [s for s, thread in running.items() if not thread.is_alive()]:
                del running[suite]
                progress.line(suite.result())
            progress.tick(running)
    finally:
        for suite, thread in running.items():
            suite.stop()
            thread.join()


def interrupt(*_):
    raise KeyboardInterrupt


def remembered(file):
    """Seconds that each suite took when it last ran in full."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def arguments(argv):
    parser = argparse.ArgumentParser(
        prog="tools/check", description=DESCRIPTION, epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", metavar="NAME", nargs="*", help="only these suites")
    parser.add_argument("--fast", action="store_true", help="a slice of every suite")
    parser.add_argument("--list", action="store_true", help="print the names of the suites")
    parser.add_argument("--jobs", metavar="N", type=int, default=2,
                        help="suites at a time (default 2)")
    parser.add_argument("--limit", metavar="MINUTES", type=float, default=25,
                        help="end a suite that runs longer (default 25)")
    parser.add_argument("--from", metavar="DIR", dest="folder", type=Path, default=SUITES,
                        help="other suites, DIR/*/run; their logs go to DIR/logs")
    options = parser.parse_args(argv)
    known = sorted(path.parent.name for path in options.folder.glob("*/run"))
    unknown = [name for name in options.names if name not in known]
    if unknown:
        parser.error(f"no suite {', '.join(unknown)}: there are {', '.join(known)}")
    if options.jobs < 1 or options.limit <= 0:
        parser.error("--jobs and --limit must be positive")
    options.names = list(dict.fromkeys(options.names)) or known
    return options


def sum_up(suites, progress):
    """The last lines; the exit code."""
    skipped = sum(suite.skipped for suite in suites)
    if skipped:
        progress.line(f"{skipped} skipped: see the logs")
    failed = sum(suite.failed for suite in suites)
    progress.line(f"{sum(suite.passed for suite in suites)} passed, {failed} failed")
    return 1 if failed or not suites else 0


def main(argv):
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)
    options = arguments(argv)
    logs = LOGS if options.folder == SUITES else options.folder / "logs"
    suites = [Suite(options.folder / name, logs) for name in options.names]
    if options.list:
        print("\n".join(suite.name + (" (alone)" if suite.alone else "") for suite in suites))
        return 0
    logs.mkdir(parents=True, exist_ok=True)
    durations = logs / "seconds.json"
    seconds = remembered(durations)
    # The longest first, so that the end is not one long suite.
    suites.sort(key=lambda suite: -seconds.get(suite.name, 0))
    progress = Progress()
    progress.line(f"{len(suites)} suites, logs in {shorter(logs)}/")
    try:
        run_all(suites, options, progress)
    except KeyboardInterrupt:
        progress.line("interrupted: what ran was stopped, what had ended is above")
        return 130
    if not options.fast:
        seconds.update({suite.name: round(suite.seconds) for suite in suites})
        durations.write_text(json.dumps(seconds, indent=1) + "\n", encoding="utf-8")
    return sum_up(suites, progress)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
