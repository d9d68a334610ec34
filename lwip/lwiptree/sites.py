# SPDX-License-Identifier: BSD-3-Clause
"""The checked table of sites per release: lwip/sites/VERSION.txt.

One line per access to a PCB, `file:line member get|set`, and per call in IP that
passes by TCP, `file:line function call`. A tree of a known release must have exactly these, so that neither a change in the rewriter nor one in the
sources goes unnoticed.
"""

from collections import Counter
from pathlib import Path

from . import calls
from .errors import TreeError

TABLES = Path(__file__).resolve().parent.parent / "sites"
# People ship lwIP without these; what is not there has no sites.
_OPTIONAL = ("contrib/", "src/apps/")


def row(path, site):
    return f"{path}:{site.line} {site.member} {site.mode}"


def counted(rows):
    """How many there are, in words."""
    called = sum(r.endswith(" " + calls.MODE) for r in rows)
    return f"{len(rows) - called} accesses to a PCB and {called} calls in IP"


def table(version):
    """The recorded rows of a release, or None if it has no table."""
    path = TABLES / f"{version}.txt"
    if not path.is_file():
        return None
    rows = path.read_text(encoding="ascii").splitlines()
    return [r for r in rows if r and not r.startswith("#")]


def check(version, found, files, left):
    """Compares what was rewritten with the table; an error lists surplus and missing rows."""
    recorded = [r for r in table(version)
                if not r.startswith(_OPTIONAL) or r.split(":")[0] in files]
    surplus = sorted((Counter(found) - Counter(recorded)).elements())
    missing = sorted((Counter(recorded) - Counter(found)).elements())
    if surplus or missing or left:
        raise TreeError("\n".join([
            f"lwIP {version} has {counted(found)}; known are {counted(recorded)}",
            *(f"  surplus: {r}" for r in surplus), *(f"  missing: {r}" for r in missing),
            *(f"  not changed: {r}" for r in left),
            "if these sources were changed, give their version a name of its own "
            "(LWIP_VERSION_RC in src/include/lwip/init.h)"]))


def record(version, found):
    """Writes the table of a release."""
    per_file = Counter(r.split(":")[0] for r in found)
    head = ["# SPDX-License-Identifier: BSD-3-Clause",
            f"# What lwip-tree changes outside TCP in lwIP {version}: {counted(found)}.",
            "# Written by `tools/lwip-tree --record-sites`.",
            *(f"# {count:3} {path}" for path, count in sorted(per_file.items()))]
    TABLES.mkdir(exist_ok=True)
    (TABLES / f"{version}.txt").write_text("\n".join(head + found) + "\n", encoding="ascii")
