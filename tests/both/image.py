# SPDX-License-Identifier: BSD-3-Clause
"""What is in a program with both backends: its symbols, in several configurations, and what must not compile."""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
SYMBOLS = REPO / "tests/symbols"
OUT = REPO / "build/both/image"
sys.path.insert(0, str(REPO / "lwip"))
from lwiptree import both  # noqa: E402

WARNINGS = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "-Wundef", "-Wcast-qual"]
# Configurations of tests/symbols that are compiled: between them most conditions of the list have either value.
LINKED = (("2.2.1", "clang", "full"), ("2.1.3", "gcc", "odd"))
LEGACY = ("tcp", "tcp_in", "tcp_out")
# Of alt alone, and nothing to choose: it makes words of a number.
NOT_LISTED = {"tcp_info_stop_str"}


def run(command):
    """(exit code, output)"""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, done.stdout


def variants():
    """{name: flags} of tests/symbols."""
    rows = (line.partition(":") for line in (SYMBOLS / "variants").read_text().splitlines()
            if line and not line.startswith("#"))
    return {name: flags.split() for name, _, flags in rows}


def arguments(version, flags, select=2):
    """What every compilation has."""
    tree = REPO / f"build/lwip-{version}"
    return [f"-DLWIP_TCP_ALT={select}", *flags, f"-I{SYMBOLS}/config", "-isystem", str(tree / "src/include")]


def sources(version):
    """TCP's C files: legacy's, alt's, and what lies between."""
    tree = REPO / f"build/lwip-{version}/src"
    return [*(tree / f"core/{name}.c" for name in LEGACY), *sorted((REPO / "tcp_alt").rglob("*.c")),
            *sorted(tree.glob("tcp_both/*.c"))]


def compiled(version, compiler, name, flags):
    """{name of a file: its object}; a warning in our files is an error."""
    folder = OUT / f"{version}-{compiler}-{name}"
    folder.mkdir(parents=True, exist_ok=True)

    def one(source):
        target = folder / f"{source.stem}.o"
        warnings = ["-std=c99", "-w"] if source.stem in LEGACY else WARNINGS
        code, said = run([compiler, *warnings, "-O0", "-c", str(source), "-o", str(target), *arguments(version, flags)])
        if code:
            raise ValueError(next((line for line in said.splitlines() if "error" in line), said[:200]))
        return target

    files = {source.stem: source for source in sources(version)}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(files, pool.map(one, files.values())))


def nm(target):
    """(exported, imported) names of an object."""
    exported, imported = set(), set()
    for line in run(["nm", "-g", str(target)])[1].splitlines():
        kind, name = line.split()[-2:]
        (imported if kind in "Uw" else exported).add(name)
    return exported, imported


def owner_problem(exported):
    """A name that its file must not have; `exported` is {name of a file: names}."""
    listed = {entry.name for entry in both.read((REPO / "lwip/both/interface.txt").read_text())}
    for stem, names in exported.items():
        for name in sorted(names):
            if stem in LEGACY:
                wrong = name in listed or name.startswith("tcp_alt")
            elif stem == "tcp_both_calls":
                wrong = name not in listed and not name.startswith("tcp_both_")
            elif stem.startswith("tcp_both"):
                wrong = not re.match(r"tcp_both|lwip_tcp_backend_|tcp_init$", name)
            else:
                wrong = name in listed or not (name.startswith("tcp_alt_") or name in NOT_LISTED)
            if wrong:
                return f"{stem} exports {name}"
    return None


def symbols_problem(objects):
    """What is wrong with the names of a program's objects, or None."""
    names = {stem: nm(target) for stem, target in objects.items()}
    exported = {stem: pair[0] for stem, pair in names.items()}
    owners = {}
    for stem, found in exported.items():
        for name in found:
            if name in owners:
                return f"{name} is in {owners[name]} and in {stem}"
            owners[name] = stem
    missing = sorted({name for _, imported in names.values() for name in imported if re.match(r"tcp_|lwip_tcp_b", name)}
                     - owners.keys() - {"tcp_timer_needed"})
    return owner_problem(exported) or (f"not defined: {', '.join(missing)}" if missing else None)


def configurations():
    """Yield (name, problem) for each configuration that is compiled and looked at."""
    known = variants()
    for version, compiler, name in LINKED:
        try:
            objects = compiled(version, compiler, name, known[name])
            yield f"symbols/{version}/{compiler}/{name}", symbols_problem(objects)
        except ValueError as error:
            yield f"symbols/{version}/{compiler}/{name}", str(error).replace(f"{REPO}/", "")


def seeded():
    """Yield (name, problem): the tests above notice what they are for."""
    wrong = {"tcp": {"tcp_write"}, "tcp_alt_in": {"tcp_input"}, "tcp_both_calls": {"helper"}}
    for stem, names in wrong.items():
        yield f"seeded/{stem}", None if owner_problem({stem: names}) else f"{names} goes unnoticed"


def refusals():
    """Yield (name, problem): what must not compile, or not link."""
    folder = OUT / "refused"
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "user.c"
    source.write_text('#include "lwip/tcp.h"\nstruct tcp_pcb *user(void);\n'
                      "struct tcp_pcb *user(void) { return tcp_new(); }\n")
    code, said = run(["gcc", "-fsyntax-only", str(source), *arguments("2.2.1", ["-DLWIP_TCP_PCB_COMPAT=1"])])
    good = code != 0 and "does not go with both backends" in said
    yield "refused/compat", None if good else f"LWIP_TCP_PCB_COMPAT compiles: {said[:100]}"
    wanted = []
    for select in (0, 1, 2):
        target = folder / f"user{select}.o"
        run(["gcc", "-c", str(source), "-o", str(target), *arguments("2.2.1", [], select)])
        wanted += [name for name in nm(target)[1] if "new" in name]
    good = len(set(wanted)) == len(wanted) == 3
    yield "refused/objects-of-one-backend", None if good else f"they would link: {wanted}"


def headers():
    """Yield (name, problem): what an application includes, in its dialects."""
    source = OUT / "headers.c"
    OUT.mkdir(parents=True, exist_ok=True)
    source.write_text('#include "lwip/tcp.h"\n#include "lwip/tcp_backend.h"\n#include "lwip/priv/tcp_priv.h"\n'
                      "int user(void);\n"
                      "int user(void) { return tcp_active_pcbs == 0 && tcp_listen_pcbs.pcbs == 0 && tcp_pcb_lists[0] &&\n"
                      "  lwip_tcp_backend_get() == LWIP_TCP_BACKEND_ALT; }\n")
    for name, command in (("c90", "gcc -std=c90 -pedantic-errors"), ("c99", "clang -std=c99"),
                          ("c++98", "g++ -x c++ -std=c++98 -pedantic-errors")):
        code, said = run([*command.split(), "-fsyntax-only", "-Wall", "-Wextra", "-Werror", str(source),
                          *arguments("2.2.1", variants()["full"])])
        yield f"headers/{name}", said[:200] if code else None


def every_problem(fast):
    """All of it."""
    yield from () if fast else configurations()
    yield from seeded()
    yield from refusals()
    yield from headers()
