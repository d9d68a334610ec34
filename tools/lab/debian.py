# SPDX-License-Identifier: BSD-3-Clause
"""Programs that need modules from Debian's packages, which only Debian's own Python has."""

import os
import subprocess
import sys

PYTHON = "/usr/bin/python3"
REPO = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def need(*packages):
    """Installs what is missing; goes on as Debian's Python, if this is another. Call it first of all."""
    script = '. "$0" && need_packages "$@"'
    library = os.path.join(REPO, "tools", "lib", "common.sh")
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", script, library, *packages], check=False)
    if done.returncode != 0:
        sys.exit(1)
    if os.path.realpath(sys.executable) != os.path.realpath(PYTHON):
        os.execv(PYTHON, [PYTHON, *sys.argv])
