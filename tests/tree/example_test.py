#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""lwIP's own unix example_app, by lwIP's own make rules, from a tree as a user gets it.

It is built with either backend and then serves lwIP's httpd and tcpecho to Linux on a TAP.

usage: example_test.py LWIP BUILD
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tap import REPOSITORY, check, run

LWIP, BUILD = Path(sys.argv[1]), Path(sys.argv[2])
TREE = BUILD / "example"
APP = TREE / "contrib/ports/unix/example_app"
BACKENDS = {
    "legacy": "",
    # lwIP's rules warn about whatever C90 lacks; our files are C99.
    "alt": "-DLWIP_TCP_ALT=1 -Wno-c90-c99-compat",
}
LEGACY_ONLY = {"tcp_process_refused_data", "tcp_rexmit_rto", "tcp_pcb_purge"}


def prepare():
    result = subprocess.run(
        [sys.executable, REPOSITORY / "tools/lwip-tree", "--refresh", "--lwip-dir", LWIP, TREE],
        capture_output=True, text=True, check=False)
    check(result.returncode == 0, result.stderr)
    shutil.copy(REPOSITORY / "tests/tree/config/example/lwipcfg.h", APP / "lwipcfg.h")


def program(backend):
    return BUILD / f"example_app-{backend}"


def builds(backend):
    def test():
        program(backend).unlink(missing_ok=True)
        prepare()
        flags = BACKENDS[backend]
        subprocess.run(["make", "-s", "-C", APP, "clean"], capture_output=True, check=True)
        result = subprocess.run(
            ["make", "-s", f"-j{os.cpu_count()}", "-C", APP, f"TESTFLAGS={flags}", "example_app"],
            capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"})
        errors = [line for line in result.stderr.splitlines() if "error" in line]
        check(result.returncode == 0, "\n".join(errors[:8]) or result.stderr[-600:])
        names = subprocess.run(["nm", "--defined-only", APP / "example_app"], capture_output=True,
                               text=True, check=True).stdout.split()
        ours = {n for n in names if n.startswith("tcp_alt_")}
        if backend == "alt":
            check({"tcp_alt_new", "tcp_alt_accept"} <= ours, f"ours are missing: {sorted(ours)}")
            check(not LEGACY_ONLY & set(names), "legacy's TCP is in the program")
        else:
            check(not ours, f"ours are in the program: {sorted(ours)}")
            check(LEGACY_ONLY <= set(names), "legacy's TCP is missing")
        shutil.copy(APP / "example_app", program(backend))
    return f"example_app_builds_{backend}", test


def serves(backend):
    """The namespace belongs to the program in it, so nothing stays behind."""
    def test():
        check(program(backend).exists(), "it was not built")
        as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
        result = subprocess.run(
            [*as_root, "unshare", "--net", REPOSITORY / "tests/tree/example_host.py",
             program(backend).resolve()],
            capture_output=True, text=True, check=False, timeout=240)
        check(result.returncode == 0, result.stderr[-600:])
        check(result.stdout.count("echoed") == result.stdout.count("page") == 3, result.stdout)
    return f"example_app_serves_{backend}", test


if __name__ == "__main__":
    run([test(backend) for backend in BACKENDS for test in (builds, serves)])
