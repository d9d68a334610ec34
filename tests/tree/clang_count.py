#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Counts accesses to a PCB outside TCP, and calls in IP, with libclang, independently of the rewriter.

usage: clang_count.py PRISTINE VERSION (with the system's python3, for python3-clang)

No single configuration compiles every access, so the union of several counts. An
access counts where its member is written in the file itself, in code or as an
argument of a macro; those in bodies of lwIP's macros are the headers' business. Of the calls
in the table's rows, each function or macro counts wherever its file uses it.
"""

import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from ctypes import byref, c_uint
from pathlib import Path

from clang.cindex import CursorKind, File, Index, TranslationUnit, c_object_p, conf
from tap import REPOSITORY, check, run

ROOT, VERSION = Path(sys.argv[1]), sys.argv[2]
CONFIG = REPOSITORY / "tests/tree/config"
LEGACY_TCP = {"src/core/tcp.c", "src/core/tcp_in.c", "src/core/tcp_out.c"}
PCBS = {"tcp_pcb", "tcp_pcb_listen"}
CALLS = (CursorKind.CALL_EXPR, CursorKind.MACRO_INSTANTIATION)
CONFIGURATIONS = {
    "rich": ("rich", ()),
    "rich, no altcp": ("rich", ("-DLWIP_ALTCP=0",)),
    "small": ("small", ()),
}


def table():
    """The rows that the rewriter is checked against."""
    rows = (REPOSITORY / f"lwip/sites/{VERSION}.txt").read_text(encoding="ascii").splitlines()
    return [r for r in rows if not r.startswith("#")]


def called():
    """{file: what the table says it calls}."""
    found = {}
    for row in table():
        place, name, mode = row.split()
        if mode == "call":
            found.setdefault(place.split(":")[0], set()).add(name)
    return found


CALLED = called()


def files():
    for top in ("src", "contrib"):
        for path in sorted((ROOT / top).rglob("*.c")):
            name = path.relative_to(ROOT).as_posix()
            if name not in LEGACY_TCP and "/ports/" not in name:
                yield name


def file_location(location):
    """(file, offset) where the text of a location is written, arguments of macros included."""
    handle, offset = c_object_p(), c_uint()
    conf.lib.clang_getFileLocation(location, byref(handle), None, None, byref(offset))
    return (Path(File(handle).name) if handle else None), offset.value


def accesses(job):
    """{(file, line, place, member or function called)} of one file in one configuration."""
    name, folder, flags = job
    arguments = ["-std=gnu99", f"-I{CONFIG / folder}", f"-I{CONFIG}", f"-I{ROOT}/src/include",
                 f"-I{ROOT}/contrib", f"-I{ROOT}/contrib/addons", *flags]
    called = CALLED.get(name, set())
    unit = Index.create().parse(str(ROOT / name), args=arguments, options=(
        TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD if called else 0))
    text = (ROOT / name).read_bytes()
    found = set()
    for cursor in unit.cursor.walk_preorder():
        if cursor.kind in CALLS and cursor.spelling in called:
            found.add((name, cursor.location.line, cursor.location.offset, cursor.spelling))
        if cursor.kind != CursorKind.MEMBER_REF_EXPR:
            continue
        owner = cursor.referenced and cursor.referenced.semantic_parent
        if not owner or owner.spelling not in PCBS:
            continue
        path, start = file_location(cursor.location)
        member = cursor.spelling
        if path == ROOT / name and text[start:start + len(member)] == member.encode():
            found.add((name, text.count(b"\n", 0, start) + 1, start, member))
    return found


def union():
    """{file:line member: number of accesses} over all files and configurations."""
    jobs = [(n, f, d) for n in files() for f, d in CONFIGURATIONS.values()]
    with ProcessPoolExecutor() as pool:
        found = set().union(*pool.map(accesses, jobs, chunksize=8))
    return Counter(f"{name}:{line} {member}" for name, line, _, member in found)


def agrees():
    """The same accesses, line by line, as the table that the rewriter is checked against."""
    known = Counter(r.rsplit(" ", 1)[0] for r in table())
    seen = union()
    check(known and CALLED and known == seen,
          f"libclang sees {seen.total()}, the table has {known.total()}; only libclang: "
          f"{dict(seen - known)}; only the table: {dict(known - seen)}")


if __name__ == "__main__":
    run([(f"libclang_agrees_on_{VERSION}", agrees)])
