# SPDX-License-Identifier: BSD-3-Clause
"""table.txt: which of lwIP's unit tests are repaired for alt, and which differ there."""

from pathlib import Path
from typing import NamedTuple

from lwiptree.errors import TreeError
from lwiptree.testtable import Repairs

_PATH = Path(__file__).resolve().parent / "table.txt"


class Row(NamedTuple):
    test: str
    how: str     # 'repaired' or 'differs'
    what: dict   # repairs; differs: also version -> line of the assertion that fails
    reason: str


def _rows():
    """(number, words) of each line that says something."""
    for number, line in enumerate(_PATH.read_text(encoding="ascii").splitlines(), 1):
        words = line.split(None, 3)
        if words and not line.startswith("#"):
            yield number, words


def rows():
    found = {}
    for number, words in _rows():
        if words[0] in ("tests", "sites", "variant") or words[1] == "with":
            continue
        if len(words) < 4 or words[1] not in ("repaired", "differs") or words[0] in found:
            raise TreeError(f"{_PATH.name}:{number}: not a row of the table")
        what = dict(part.split("=") if "=" in part else (part, "1")
                    for part in words[2].split(","))
        found[words[0]] = Row(words[0], words[1], what, words[3])
    return found


def number(key, version):
    """How many 'tests' or 'sites' this version has."""
    for _, words in _rows():
        if words[:2] == [key, version]:
            return int(words[2])
    raise TreeError(f"{_PATH.name}: no '{key} {version}'")


def repairs(version):
    """Repairs by test, of the tests this version has."""
    found = {name: _repairs(row) for name, row in of_version(version).items()}
    return {name: repair for name, repair in found.items() if repair != Repairs()}


def of_version(version):
    """The rows that speak of this version."""
    return {name: row for name, row in rows().items()
            if (row.what.get("since", version) <= version <= row.what.get("until", version)
                if row.how == "repaired" else version in row.what)}


def variants():
    """The options of each variant of alt, by its name."""
    return {words[1]: words[3] for _, words in _rows() if words[0] == "variant"}


def of_variant(name, version):
    """The rows that speak of this version in a variant: those that pass there have no line."""
    found = {}
    for number, words in _rows():
        if words[1] != "with" or words[0] == "variant":
            continue
        at, reason = words[3].split(None, 1) if " " in words[3] else (words[3], "")
        asked, result = words[2], at
        if asked not in variants() or (result != "passes" and not reason):
            raise TreeError(f"{_PATH.name}:{number}: not a row of a variant")
        lines = {} if result == "passes" else dict(part.split("=") for part in result.split(","))
        if asked == name and (not lines or version in lines):
            found[words[0]] = Row(words[0], "differs" if lines else "passes", lines, reason)
    return found


def _repairs(row):
    asked = {key: int(value) for key, value in row.what.items() if not _names_release(key)}
    if not set(asked) <= set(Repairs._fields):
        raise TreeError(f"{_PATH.name}: {row.test}: repairs are {', '.join(Repairs._fields)}")
    return Repairs(**asked)


def _names_release(key):
    return key in ("since", "until") or key[0].isdigit()


def check_sites(version, sites):
    expected = number("sites", version)
    if sites != expected:
        raise TreeError(f"lwIP {version}: {sites} accesses to a PCB in the unit tests, "
                        f"table.txt has {expected}")
