#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""docs/dependencies.md names exactly the packages that scripts here ask for."""

import re
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
PAGE = REPOSITORY / "docs/dependencies.md"

PACKAGE = r"[a-z][a-z0-9+.-]+"
# need_packages a b   |   need_packages("a", "b")   |   PACKAGES = ["a", "b"]
SHELL = re.compile(rf"^\s*need_packages((?: {PACKAGE})+)\s*$", re.M)
PYTHON = re.compile(r"(?:need_packages\(|\bPACKAGES = [\[(])([^\])]*)[\])]")


def scripts():
    """The text of every script and shell or Python file of tools, tests and ports."""
    for top in ("tools", "tests", "ports"):
        for path in sorted((REPOSITORY / top).rglob("*")):
            if path.is_file() and path != Path(__file__).resolve():
                text = path.read_bytes().decode("utf-8", errors="replace")
                if text.startswith("#!") or path.suffix in (".sh", ".py"):
                    yield text


def asked_for():
    found = set()
    for text in scripts():
        for words in SHELL.findall(text):
            found.update(words.split())
        for arguments in PYTHON.findall(text):
            found.update(re.findall(rf'"({PACKAGE})"', arguments))
    return found


def main():
    page = set(re.findall(rf"^\| `({PACKAGE})` \|", PAGE.read_text(encoding="utf-8"), re.M))
    asked = asked_for()
    print(f"asked for: {' '.join(sorted(asked))}")
    found = [f"docs/dependencies.md lacks {name}" for name in sorted(asked - page)]
    found += [f"docs/dependencies.md has {name}, nothing asks for it" for name in sorted(page - asked)]
    for line in found:
        print(line)
    return 1 if found or not asked else 0


if __name__ == "__main__":
    sys.exit(main())
