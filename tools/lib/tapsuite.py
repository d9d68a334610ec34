# SPDX-License-Identifier: BSD-3-Clause
"""What suites of libcheck programs share: building them for a backend, running one, reading its TAP."""

import re
import subprocess
import sys
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


def build(source, folder, tree, backend, targets, options=()):
    """None, or why it failed; `options` are more words for cmake."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "build.log"
    configure = ["cmake", "-S", source, "-B", folder, f"-DLWIP_DIR={tree}", f"-DALT={['legacy', 'alt', 'both'].index(backend)}",
                 *options]
    with open(log, "wb") as out:
        for command in (configure, ["make", "-C", folder, "-j2", *targets]):
            if subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, check=False).returncode:
                errors = [line for line in log.read_text(errors="replace").splitlines() if "error" in line]
                return f"see {log.relative_to(REPO)}" + (f": {errors[0]}" if errors else "")
    return None


def results(binary, environment=None, first=1, some=True):
    """Yield (group, test, turn, None or why it failed) of each test; a loop's turns are numbered from `first`. That
    there is none is a failure, too, if there must be `some`."""
    tap = binary.with_suffix(".tap")
    tap.unlink(missing_ok=True)
    done = subprocess.run([binary, tap], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", check=False)
    binary.with_suffix(".log").write_text(done.stdout)
    lines = tap.read_text().splitlines() if tap.exists() else []
    plan = re.match(r"1\.\.(\d+)", lines[-1]) if lines else None
    seen = {}
    for line in lines:
        match = re.match(r"(not ok|ok) \d+ - \S+?:(\w+):(\w+): (.*)", line)
        if match:
            verdict, group, test, why = match.groups()
            seen[test] = seen.get(test, 0) + 1
            yield group, test, seen[test] + first - 1, why if verdict == "not ok" else None
    if not plan or int(plan.group(1)) != sum(seen.values()) or (some and not seen) or done.returncode not in (0, 1):
        yield "all", "ran", 1, f"exit {done.returncode}, {sum(seen.values())} results: {done.stdout[-300:]}"
