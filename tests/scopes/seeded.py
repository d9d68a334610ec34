#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Puts forbidden things into copies of our files: the syntax tree's check must find each.

usage: seeded.py TREE OUT [--fast]
"""

import shutil
import sys
from pathlib import Path

import ast_check
import house

HERE = Path(__file__).resolve().parent
SEEDS = HERE / "seeds.txt"


def seeds():
    """{(file, kind): [(message or None, code)]}; an #include is a kind of its own."""
    grouped = {}
    for line in SEEDS.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            name, message, code = (part.strip() for part in line.split("|", 2))
            kind = code.startswith("#include") and message
            grouped.setdefault((name, kind), []).append((None if message == "-" else message, code))
    return grouped


def plant(path, codes):
    """Appends each code inside the file's condition; returns the lines they are on."""
    lines = path.read_text().splitlines()
    end = max(number for number, line in enumerate(lines) if line.startswith("#endif"))
    # Each is a function of its own.
    planted = [code.replace(" s(", f" seed{number}(").replace("**s(", f"**seed{number}(")
               .replace("*s(", f"*seed{number}(") for number, code in enumerate(codes)]
    lines[end:end] = ["#include <stddef.h>", "#include <string.h>", *planted]
    path.write_text("\n".join(lines) + "\n")
    return [end + 3 + number for number in range(len(codes))]


def attempt(root, name, group, base):
    """(name, problem or None) of each seed of one file."""
    lines = plant(root / name, [code for _, code in group])
    found = list(ast_check.includes(root, name)) + sorted(ast_check.Check(root, name, base).run())
    for (message, code), line in zip(group, lines):
        here = [text.split(": ", 1)[1] for text in found if text.startswith(f"{name}:{line}: ")]
        title = f"{name}: {message or 'allowed: ' + code}"
        if message is None:
            yield title, f"the check says {here[0]}" if here else None
        else:
            yield title, None if message in here else f"the check says {here or 'nothing'}: {code}"


def main():
    """The command."""
    tree, out, fast = Path(sys.argv[1]), Path(sys.argv[2]), "--fast" in sys.argv
    failed = 0
    for number, ((name, kind), group) in enumerate(seeds().items()):
        if fast and kind:
            continue
        root = out / str(number) / "tcp_alt"
        shutil.copytree(HERE.parent.parent / "tcp_alt", root)
        house.learn(root)
        base = ["-std=c99", "-w", "-DLWIP_TCP_ALT=1", "-DTCP_ALT_HASH=64", "-DTCP_ALT_TIMER_WHEEL=1",
                f"-I{ast_check.CONFIG}", f"-I{root}/include", f"-I{tree}/src/include"]
        for title, problem in attempt(root, name, group, base):
            failed += problem is not None
            print(f"not ok {title}: {problem}" if problem else f"ok {title}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.setrecursionlimit(20000)
    sys.exit(main())
