# SPDX-License-Identifier: BSD-3-Clause
"""Programs that need Python modules of Debian's packages, which only Debian's own Python has."""

import os
import sys

PYTHON = "/usr/bin/python3"
sys.path.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))

from tapsuite import common  # noqa: E402  pylint: disable=wrong-import-position


def need_packages(*packages):
    """Installs what is missing; goes on as Debian's Python, if this is another. To be called first of all."""
    common("need_packages", *packages)
    if os.path.realpath(sys.executable) != os.path.realpath(PYTHON):
        os.execv(PYTHON, [PYTHON, *sys.argv])
