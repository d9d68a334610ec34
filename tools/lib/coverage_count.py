# SPDX-License-Identifier: BSD-3-Clause
"""Counting for tools/coverage: compilers that count, gcov, and what cannot be reached by design."""

import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

LWIP = Path(__file__).with_name("coverage_lwip.h")

# Stands before the compiler in PATH. Only tcp_alt's files count, without optimisation: that makes branches of its own,
# and so do lwIP's macros, which coverage_lwip.h makes functions. No sanitizers: theirs are branches too, and a suite
# takes twice as long; they have their turn when the suites are run to test.
COMPILER = """#!/usr/bin/env python3
import os, sys
words = [word for word in sys.argv[1:] if not word.startswith(("-fsanitize", "-fno-sanitize"))]
if "-o" in words and any("/tcp_alt/" in word and word.endswith(".c") for word in words):
    words = [word for word in words if not word.startswith("-O")]
    words += ["-O0", "--coverage", "-fprofile-abs-path", "-Wno-error", "-include", {lwip!r}]
elif "-o" in words and "-c" not in words and "-E" not in words and not any(word.startswith("-M") for word in words):
    words.append("--coverage")
os.execv({real!r}, [{real!r}, *words])
"""


def compilers(folder):
    """A folder with `gcc` and `cc` that count; returns it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("gcc", "cc"):
        path = folder / name
        path.write_text(COMPILER.format(real=shutil.which("gcc"), lwip=str(LWIP)))
        path.chmod(0o755)
    return folder


def gcov(data):
    """What gcov says of one file of counts: a list of files."""
    done = subprocess.run(["gcov", "--json-format", "--stdout", "--branch-probabilities", str(data)],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode or not done.stdout.strip():
        sys.exit(f"coverage: gcov failed for {data}\n{done.stderr.strip()[-2000:]}")
    return json.loads(done.stdout)["files"]


def count(tree):
    """{file: (path, what was counted of it in each object)}, the files by their path in the project."""
    # A neutral tree links to our files under other folders; their own names are unique.
    ours = {path.name: path for path in (tree / "tcp_alt").rglob("tcp_alt*.[ch]") if "test" not in path.name}
    merged = {}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for files in pool.map(gcov, sorted((tree / "build").rglob("*.gcda"))):
            for entry in files:
                path = ours.get(entry["file"].rpartition("/")[2])
                if path is not None:
                    merged.setdefault(str(path.relative_to(tree)), (path, []))[1].append(entry)
    return merged


def html(tree, folder):
    folder.mkdir(parents=True, exist_ok=True)
    command = ["gcovr", "--root", str(tree), "--filter", r".*/tcp_alt[^/]*\.[ch]$", "--exclude", r".*/tcp_alt_test.*",
               "--html-details", str(folder / "index.html"), str(tree / "build")]
    if subprocess.run(command, check=False).returncode:
        sys.exit("coverage: gcovr failed")


# An assertion has no second branch to take.
ASSERTION = re.compile(r"\b(LWIP_ASSERT|TCP_ALT_LIVE)\(")


class File:
    """What was reached of one file: {line: count} and {(line, number): count}."""

    def __init__(self, name, path, entries):
        self.name = name
        self.source = path.read_text().splitlines()
        self.lines = {}
        self.branches = {}
        self.unreachable = set()
        for entry in entries:
            for line in entry["lines"]:
                number = line["line_number"]
                self.lines[number] = self.lines.get(number, 0) + line["count"]
                if ASSERTION.search(self.source[number - 1]):
                    continue
                for at, branch in enumerate(line.get("branches", [])):
                    key = (number, at)
                    self.branches[key] = self.branches.get(key, 0) + branch["count"]

    def exclude(self, number):
        self.unreachable.add(number)

    def missing_lines(self):
        return sorted(line for line, hits in self.lines.items() if not hits and line not in self.unreachable)

    def missing_branches(self):
        return sorted(key for key, hits in self.branches.items() if not hits and key[0] not in self.unreachable)

    def figures(self):
        lines = [line for line in self.lines if line not in self.unreachable]
        branches = [key for key in self.branches if key[0] not in self.unreachable]
        return {"file": self.name, "lines": len(lines), "lines_reached": len(lines) - len(self.missing_lines()),
                "branches": len(branches), "branches_reached": len(branches) - len(self.missing_branches())}


def read_unreachable(path):
    """(file, source text, reason) of each entry: `FILE: TEXT -- REASON`."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            match = re.fullmatch(r"(\S+): (.+?) -- (.+)", line)
            if not match:
                sys.exit(f"coverage: {path.name}:{number}: not FILE: TEXT -- REASON")
            yield match.groups()


def judge(counted, unreachable):
    """The files, with what cannot be reached left out of the figures."""
    files = {name: File(name, path, entries) for name, (path, entries) in sorted(counted.items())}
    for name, text, _ in read_unreachable(unreachable):
        found = [number for number, line in enumerate(files[name].source, 1)
                 if line.strip() == text] if name in files else []
        if not found:
            sys.exit(f"coverage: {unreachable.name}: no line '{text}' in {name}")
        for number in found:
            hits = files[name].lines.get(number, 0)
            missed = any(not hits for key, hits in files[name].branches.items() if key[0] == number)
            if hits and not missed:
                sys.exit(f"coverage: {unreachable.name}: {name}:{number} is reached: '{text}'")
            files[name].exclude(number)
    return [entry for entry in files.values() if entry.lines]


def show(files, missing):
    print(f"{'file':44}{'lines':>7}{'reached':>9}{'branches':>10}{'reached':>9}")
    for entry in files:
        figures = entry.figures()
        print(f"{entry.name:44}{figures['lines']:7}{figures['lines_reached']:9}{figures['branches']:10}"
              f"{figures['branches_reached']:9}")
        if missing:
            for line in entry.missing_lines():
                print(f"  {entry.name}:{line}: {entry.source[line - 1].strip()}")
            for line in sorted({key[0] for key in entry.missing_branches()} - set(entry.missing_lines())):
                ways = [str(key[1]) for key in entry.missing_branches() if key[0] == line]
                print(f"  {entry.name}:{line} branch {','.join(ways)}: {entry.source[line - 1].strip()}")


def shares(files):
    """Percent of lines and branches reached."""
    figures = [entry.figures() for entry in files]
    def share(what):
        total = sum(entry[what] for entry in figures)
        return 100.0 * sum(entry[f"{what}_reached"] for entry in figures) / total if total else 0.0
    return share("lines"), share("branches")
