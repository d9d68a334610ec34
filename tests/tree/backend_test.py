#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The switch in the neutral tree: what compiles with which backend, and what must not.

usage: backend_test.py VERSION NEUTRAL
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from tap import REPOSITORY, check, run

VERSION, NEUTRAL = sys.argv[1], Path(sys.argv[2])
CONFIG = REPOSITORY / "tests/tree/config"
ALT, LEGACY = "-DLWIP_TCP_ALT=1", "-DLWIP_TCP_ALT=0"
OURS = sorted((NEUTRAL / "src/tcp_alt").rglob("*.c"))


def compiled(compiler, flags, source, target):
    """(succeeded, messages)"""
    result = subprocess.run(
        [*compiler.split(), *flags, f"-I{NEUTRAL / 'src/include'}", f"-I{CONFIG}", "-c", source,
         "-o", target], capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"})
    return result.returncode == 0, result.stderr


def snippet(text, compiler, *flags, suffix=".c"):
    with tempfile.TemporaryDirectory(prefix="backend.") as folder:
        source = Path(folder) / f"snippet{suffix}"
        source.write_text('#include "lwip/tcp.h"\n#include "lwip/priv/tcp_priv.h"\n' + text)
        return compiled(compiler, [f"-I{CONFIG / 'small'}", *flags], source, Path(folder) / "x.o")


def incomplete(compiler, structure, member):
    """A member of lwIP's structures is out of reach with alt, with an error that says so."""
    def test():
        text = f"void *f({structure} *x) {{ return (void *)(mem_ptr_t)x->{member}; }}\n"
        good, why = snippet(text, compiler, LEGACY)
        check(good, f"legacy: {why}")
        good, why = snippet(text, compiler, ALT)
        check(not good, "compiled with alt")
        words = {"gcc": "invalid use of undefined type", "clang": "incomplete definition of type"}
        check(words[compiler] in why and f"'{structure}'" in why, why)
        check(why.count("error:") == 1, f"more errors than the one: {why}")
    name = f"{structure}_{member}_out_of_reach_{compiler}_{VERSION}".replace("struct ", "")
    return name, test


def accessor_instead():
    text = "int f(struct tcp_pcb *p) { return tcp_sndbuf(p) + tcp_state_get(p); }\n"
    for flag in (LEGACY, ALT):
        good, why = snippet(text, "gcc", flag, "-Wall", "-Wextra", "-Werror")
        check(good, f"{flag}: {why}")


def empty_with_legacy():
    """Our files compile to nothing when legacy is selected, whatever the options."""
    check(OURS, "no files of ours in the tree")
    for configuration in ("rich", "small"):
        for source in OURS:
            with tempfile.TemporaryDirectory(prefix="backend.") as folder:
                target = Path(folder) / "x.o"
                good, why = compiled("gcc", ["-std=c99", "-Wall", "-Wextra", "-Werror", LEGACY,
                                             f"-I{CONFIG / configuration}"], source, target)
                check(good, f"{source.name}: {why}")
                size = subprocess.run(["size", target], capture_output=True, text=True, check=True)
                figures = size.stdout.splitlines()[1].split()[:3]
                check(figures == ["0", "0", "0"], f"{source.name}: {figures}")
                names = subprocess.run(["nm", target], capture_output=True, text=True, check=True)
                check(not names.stdout.strip(), f"{source.name}: {names.stdout}")


def legacy_empty_with_alt():
    """And lwIP's own three when alt is."""
    for name in ("tcp", "tcp_in", "tcp_out"):
        with tempfile.TemporaryDirectory(prefix="backend.") as folder:
            target = Path(folder) / "x.o"
            good, why = compiled("gcc", [ALT, f"-I{CONFIG / 'rich'}"],
                                 NEUTRAL / f"src/core/{name}.c", target)
            check(good, why)
            names = subprocess.run(["nm", target], capture_output=True, text=True, check=True)
            check(not names.stdout.strip(), f"{name}: {names.stdout}")


def headers(compiler, *flags, suffix=".c"):
    """lwip/tcp.h compiles where C90 or C++98 is all there is, with either backend."""
    def test():
        for flag in (LEGACY, ALT):
            for configuration in ("rich", "small"):
                good, why = snippet("", compiler, flag, *flags, "-pedantic", "-Wall", "-Wextra",
                                    "-Werror", f"-I{CONFIG / configuration}", suffix=suffix)
                check(good, f"{flag} {configuration}: {why}")
    return f"headers_{compiler}{''.join(flags[:1])}_{VERSION}", test


def other_files_with_alt():
    """lwIP's other files compile with alt without a warning that legacy does not have."""
    sources = [p for top in ("core", "api", "apps") for p in sorted((NEUTRAL / "src" / top).rglob("*.c"))
               if "tcp_pcb" in p.read_text(encoding="latin-1") or p.name in ("memp.c", "timeouts.c")]
    check(len(sources) >= 9, f"only {len(sources)} files")
    flags = ["-Wall", "-Wextra", "-Wcast-qual", "-Wredundant-decls", f"-I{CONFIG / 'rich'}"]
    with tempfile.TemporaryDirectory(prefix="backend.") as folder:
        for source in sources:
            results = [compiled("gcc", [*flags, flag], source, Path(folder) / "x.o")
                       for flag in (LEGACY, ALT)]
            check(results[1][0], f"{source.name}: {results[1][1]}")
            check(results[0] == results[1], f"{source.name}: {results[1][1]}")


if __name__ == "__main__":
    run([
        *(incomplete(cc, s, m) for cc in ("gcc", "clang") for s, m in (
            ("struct tcp_pcb", "snd_buf"), ("struct tcp_pcb_listen", "accept"),
            ("struct tcp_seg", "len"))),
        (f"accessor_instead_{VERSION}", accessor_instead),
        (f"ours_empty_with_legacy_{VERSION}", empty_with_legacy),
        (f"legacy_empty_with_alt_{VERSION}", legacy_empty_with_alt),
        (f"other_files_with_alt_{VERSION}", other_files_with_alt),
        headers("gcc", "-std=c90", "-Wno-long-long"),
        headers("g++", "-std=c++98", "-Wno-long-long", suffix=".cpp"),
    ])
