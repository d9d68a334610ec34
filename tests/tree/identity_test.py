#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Legacy users pay nothing: objects from the neutral tree equal those from lwIP as it is.

usage: identity_test.py VERSION PRISTINE NEUTRAL BUILD [--fast]
Every C file of lwIP's src is compiled in both trees and the object files are
compared byte by byte: code, data, symbols, and the debug information with the line
of every statement and declaration. Objects of the pristine tree are kept in BUILD.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tap import REPOSITORY, check, run

VERSION = sys.argv[1]
PRISTINE, NEUTRAL, BUILD = (Path(a).resolve() for a in sys.argv[2:5])
HERE = REPOSITORY / "tests/tree"
COMPILERS = {
    "gcc": "-Os",
    "arm-none-eabi-gcc": "-Os -mcpu=cortex-m3 -mthumb",
}
PAIRS = (("gcc", "small"), ("gcc", "rich"), ("arm-none-eabi-gcc", "rich"))
HOST_TOOLS = {"makefsdata.c", "fsdata.c", "fsdata_custom.c"}  # parts of others, not lwIP's objects


def objects(tree, compiler, configuration, out, flags=""):
    """Compiles the tree's src; {name: object file}."""
    result = subprocess.run(
        ["make", "-s", f"-j{os.cpu_count()}", "-C", tree, "-f", HERE / "objects.mk", f"CC={compiler}",
         f"FLAGS={COMPILERS[compiler]} -w {flags}", f"OUT={out}",
         f"CONFIG={HERE / 'config' / configuration}", f"TESTS={HERE / 'config'}"],
        capture_output=True, text=True, check=False)
    check(result.returncode == 0, f"{tree.name} does not compile: {result.stderr[:600]}")
    return {p.relative_to(out).as_posix(): p for p in out.rglob("*.o")}


def identical(compiler, configuration):
    def test():
        place = f"{VERSION}/{compiler}-{configuration}"
        expected = {p.relative_to(PRISTINE).with_suffix(".o").as_posix()
                    for p in (PRISTINE / "src").rglob("*.c") if p.name not in HOST_TOOLS}
        pristine = objects(PRISTINE, compiler, configuration, BUILD / "pristine" / place)
        neutral = objects(NEUTRAL, compiler, configuration, BUILD / "neutral" / place)
        check(set(pristine) == expected, f"compiled {len(pristine)} of {len(expected)} files")
        check(set(neutral) == expected, f"other files: {sorted(set(neutral) ^ expected)}")
        differ = [n for n in sorted(expected)
                  if pristine[n].read_bytes() != neutral[n].read_bytes()]
        check(not differ, f"{len(differ)} of {len(expected)} objects differ: {differ}")
    return f"identical_objects_{VERSION}_{compiler}_{configuration}", test


def notices(what, change):
    """The comparison is worth something: a small change in one file shows."""
    def test():
        with tempfile.TemporaryDirectory(prefix="identity.") as folder:
            tree = Path(folder) / "tree"
            (tree / "src/core").mkdir(parents=True)
            (tree / "src/include").symlink_to(NEUTRAL / "src/include")
            shutil.copy(NEUTRAL / "src/core/pbuf.c", tree / "src/core/pbuf.c")
            before = objects(tree, "gcc", "rich", Path(folder) / "a")["src/core/pbuf.o"].read_bytes()
            again = objects(tree, "gcc", "rich", Path(folder) / "b")["src/core/pbuf.o"].read_bytes()
            check(before == again, "the same file gives two objects")
            text = (tree / "src/core/pbuf.c").read_bytes()
            (tree / "src/core/pbuf.c").write_bytes(change(text))
            after = objects(tree, "gcc", "rich", Path(folder) / "c")["src/core/pbuf.o"].read_bytes()
            check(before != after, "went unnoticed")
    return f"comparison_notices_{what}_{VERSION}", test


def more_code(text):
    changed = text.replace(b"tcp_has_ooseq(pcb)", b"!tcp_has_ooseq(pcb)")
    check(changed != text, "nothing to change")
    return changed


if __name__ == "__main__":
    pairs = PAIRS[:1] if "--fast" in sys.argv else PAIRS
    run([notices("a_moved_line", lambda text: b"\n" + text), notices("a_changed_test", more_code),
         *(identical(cc, options) for cc, options in pairs)])
