# SPDX-License-Identifier: BSD-3-Clause
"""tests/symbols: what our objects export and import, and that every configuration builds."""

import argparse
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
HERE = REPOSITORY / "tests/symbols"
ALT = REPOSITORY / "tcp_alt"
OUT = REPOSITORY / "build/symbols"
sys.path += [str(REPOSITORY / "tools/lib"), str(REPOSITORY / "tests/scopes")]

import branches  # noqa: E402
import clang_ast  # noqa: E402
import weigh  # noqa: E402

DESCRIPTION = """\
Our objects: only lwIP's names and tcp_alt_... are exported, everything lwip/tcp.h declares is there,
nothing allocates but through lwIP's pools, nothing recurs, no file has a name that lwIP has. And every
configuration of tests/symbols/variants builds without a warning, with gcc and clang, in either release."""

EXAMPLES = """\
examples:
  tests/symbols/run
  tests/symbols/run --fast
  tests/symbols/run --variant full

exit code: 0 all passed, 1 a test failed, 2 wrong usage"""

WARNINGS = ("-std=c99 -pedantic -Wall -Wextra -Werror -Wshadow -Wcast-qual -Wswitch-enum -Wundef "
            "-Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wpointer-arith -Wvla "
            "-Wdeclaration-after-statement").split()
COMPILERS = {"gcc": ["-Wdiscarded-qualifiers", "-Wconversion"],
             "clang": ["-Wincompatible-pointer-types-discards-qualifiers"],
             "arm-none-eabi-gcc": ["-mcpu=cortex-m3", "-mthumb", "-Wconversion"]}
# The older release has the same TCP headers but for details, and on Arm a few types differ: a few
# configurations show.
FEW_VARIANTS = ("ipv4", "full", "odd", "threads", "test")
FAST_VARIANTS = ("ipv4", "full", "odd")

# Headers for applications.
PUBLIC = {"tcp.h", "tcp_access.h", "tcp_soft_error.h", "tcp_urgent.h", "tcp_alt_api.h", "tcp_alt_tell.h", "tcp_alt_ip.h"}
# What lwIP's core, port, tests and other parts of it call (beside lwip/tcp.h).
PRIVATE = """tcp_init tcp_tmr tcp_fasttmr tcp_slowtmr tcp_input tcp_alloc tcp_free tcp_abandon tcp_txnow
    tcp_rst tcp_next_iss tcp_netif_ip_addr_changed tcp_free_ooseq tcp_debug_state_str tcp_ticks
    tcp_active_pcbs tcp_tw_pcbs tcp_bound_pcbs tcp_listen_pcbs tcp_pcb_lists""".split()
ALLOCATORS = {"malloc", "calloc", "realloc", "free", "strdup", "alloca", "mem_malloc", "mem_calloc",
              "mem_free", "sbrk"}

passed = failed = 0  # pylint: disable=invalid-name


def say(name, problem):
    """One line for a test; `problem` empty: it passed."""
    global passed, failed  # pylint: disable=global-statement
    if problem:
        failed += 1
        print(f"not ok {name}: {problem}", flush=True)
    else:
        passed += 1
        print(f"ok {name}", flush=True)


def run(command):
    """(exit code, standard output, standard error)"""
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return result.returncode, result.stdout, result.stderr


def variants():
    """{name: flags}"""
    lines = (HERE / "variants").read_text().splitlines()
    return {name: flags.split() for name, _, flags in
            (line.partition(":") for line in lines if line and not line.startswith("#"))}


def tree(version):
    """The neutral tree that tests/symbols/run has made."""
    return REPOSITORY / f"build/lwip-{version}"


def arguments(version, flags, alt=1):
    """What every compilation has."""
    return [f"-DLWIP_TCP_ALT={alt}", *flags, f"-I{HERE}/config", f"-I{ALT}/include",
            "-isystem", f"{tree(version)}/src/include"]


def sources():
    """Our C files."""
    return sorted(ALT.rglob("*.c"))


def objects(name, flags, alt=1, extra=()):
    """Compiles all our files for a configuration; {file: object}."""
    folder = OUT / name
    folder.mkdir(parents=True, exist_ok=True)

    def one(source):
        target = folder / f"{source.stem}.o"
        code, _, errors = run(["gcc", "-std=c99", "-w", "-O0", "-fcallgraph-info", "-c", str(source),
                               "-o", str(target), *arguments("2.2.1", flags, alt)])
        if code:
            raise SystemExit(f"symbols: {source}: {errors.splitlines()[0]}")
        return target

    files = [*sources(), *extra]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(files, pool.map(one, files)))


def nm(targets):
    """({exported symbol: object}, {imported symbol: object})"""
    exported, imported = {}, {}
    for target in targets:
        for line in run(["nm", "-g", str(target)])[1].splitlines():
            kind, name = line.split()[-2:]
            (imported if kind in "Uw" else exported)[name] = target.stem
    return exported, imported


def declared(header_names, flags):
    """Functions and objects that headers of the tree, or of ours, declare."""
    source = OUT / "declared.c"
    source.write_text('#include "lwip/tcp.h"\n#include "lwip/ip.h"\n#include "lwip/priv/tcp_priv.h"\n'
                      '#include "lwip/tcp_access.h"\n#include "lwip/tcp_soft_error.h"\n#include "lwip/tcp_urgent.h"\n')
    unit = clang_ast.Unit(source, ["-std=c99", "-w", *arguments("2.2.1", flags)])
    found = set()
    for node in unit.root.children:
        if Path(node.place[0]).name in header_names and not node.data.get("inline"):
            if node.kind == "FunctionDecl" or node.data.get("storageClass") == "extern":
                found.add(node.name)
    return found


# ---- the tests ----

def exported_problem(exported, flags):
    """Why the exported symbols are not as they should be, or nothing."""
    allowed = declared(PUBLIC | {"tcp_priv.h", "tcpbase.h"}, flags)
    stray = [f"{name} ({where})" for name, where in sorted(exported.items())
             if name not in allowed and not name.startswith("tcp_alt_")]
    return f"exported: {', '.join(stray)}" if stray else ""


def missing_problem(exported, flags):
    """What lwIP or an application may call and we do not have."""
    wanted = declared(PUBLIC, flags) | set(PRIVATE)
    wanted.discard("lwip_tcp_event")  # the application has it
    if "-DTCP_QUEUE_OOSEQ=0" in flags:
        wanted.discard("tcp_free_ooseq")
    missing = sorted(wanted - exported.keys())
    return f"not defined: {', '.join(missing)}" if missing else ""


def allocator_problem(imported):
    """Who allocates outside lwIP's pools and pbufs."""
    used = [f"{name} ({imported[name]})" for name in sorted(ALLOCATORS & imported.keys())]
    return f"imported: {', '.join(used)}" if used else ""


def recursion_problem(folder):
    """A cycle of direct calls; what goes through a callback or a driver is re-entry, not recursion."""
    graph = weigh.calls(folder)
    try:
        weigh.deepest(graph, dict.fromkeys(graph, 1))
    except weigh.WeighError as error:
        return str(error)
    return ""


def names_problem(names):
    """File names of ours that lwIP has too: its make rules flatten folders."""
    theirs = set()
    for version in ("2.1.3", "2.2.1"):
        theirs |= {path.name for path in (REPOSITORY / f".cache/lwip-{version}").rglob("*")}
    both = sorted(theirs & names)
    return f"lwIP has these names too: {', '.join(both)}" if both else ""


def legacy_problem(targets):
    """Objects that are not empty although the other backend is selected."""
    full = []
    for target in targets:
        numbers = run(["size", str(target)])[1].splitlines()[1].split()[:3]
        if numbers != ["0", "0", "0"] or nm([target]) != ({}, {}):
            full.append(target.stem)
    return f"not empty: {', '.join(full)}" if full else ""


def symbol_tests(chosen):
    """What is in the objects, in the configurations that differ most."""
    for name, flags in chosen.items():
        targets = objects(name, flags)
        exported, imported = nm(targets.values())
        say(f"{name}/exported", exported_problem(exported, flags))
        say(f"{name}/complete", missing_problem(exported, flags))
        say(f"{name}/allocators", allocator_problem(imported))
        say(f"{name}/recursion", recursion_problem(OUT / name))
    ours = {path.name for folder in (ALT, REPOSITORY / "lwip/include")
            for path in folder.rglob("*.[ch]")}
    say("file-names", names_problem(ours))
    say("empty-when-legacy", legacy_problem(objects("legacy", [], alt=0).values()))


def seeded_tests():
    """The tests above must be able to fail."""
    stray = OUT / "stray.c"
    stray.write_text("#include <stdlib.h>\n"
                     "void helper_b(int n);\nvoid *helper_a(int n);\n"
                     "void helper_b(int n) { if (n) helper_a(n - 1); }\n"
                     "void *helper_a(int n) { helper_b(n); return malloc(1); }\n")
    branch = OUT / "branch.c"
    branch.write_text("#if A\nint a;\n#else\nint b;\n#endif\n")
    objects("seeded", [], extra=[stray])
    exported, imported = nm(sorted((OUT / "seeded").glob("*.o")))
    for name, problem in (
            ("exported", "helper_a" in exported_problem(exported, [])),
            ("complete", "tcp_write" in missing_problem(
                {key: where for key, where in exported.items() if key != "tcp_write"}, [])),
            ("allocators", "malloc (stray)" in allocator_problem(imported)),
            ("recursion", "helper_" in recursion_problem(OUT / "seeded")),
            ("file-names", "tcp_in.c" in names_problem({"tcp_in.c", "tcp_alt_in.c"})),
            ("empty-when-legacy", "stray" in legacy_problem([OUT / "seeded/stray.o"])),
            ("every-branch-is-built", branches.unseen([branch], [], [["-DA=1"]]) == [f"{branch}:3"])):
        say(f"seeded/{name}", "" if problem else "the test does not notice")


def build_tests(chosen, compilers, versions):
    """Every configuration compiles without a warning."""
    jobs = [(compiler, version, name) for version in versions for compiler in compilers
            for name in chosen
            if name in FEW_VARIANTS or (version, compiler) in (("2.2.1", "gcc"), ("2.2.1", "clang"))]

    def one(job):
        compiler, version, name = job
        for source in sources():
            code, _, errors = run([compiler, "-fsyntax-only", *WARNINGS, *COMPILERS[compiler],
                                   *arguments(version, chosen[name]), str(source)])
            if code:
                return next((line for line in errors.splitlines() if "error" in line), errors[:200])
        return ""

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for (compiler, version, name), problem in zip(jobs, pool.map(one, jobs)):
            say(f"builds/{version}/{compiler}/{name}", problem.replace(f"{REPOSITORY}/", ""))


def branch_tests(chosen):
    """Each branch of each #if is compiled in some configuration."""
    # The test's header is for the other backend too.
    headers = [path for path in sorted(ALT.rglob("*.h")) if path.name != "tcp_alt_test.h"]
    unseen = branches.unseen(sources(), headers,
                             [arguments("2.2.1", flags) for flags in chosen.values()])
    say("every-branch-is-built", "; ".join(unseen[:5]).replace(f"{REPOSITORY}/", ""))


def main():
    """The command."""
    parser = argparse.ArgumentParser(prog="run", description=DESCRIPTION, epilog=EXAMPLES,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fast", action="store_true", help="gcc and a few configurations")
    parser.add_argument("--variant", choices=sorted(variants()), help="only this configuration builds")
    options = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    known = variants()
    if options.variant:
        build_tests({options.variant: known[options.variant]}, COMPILERS, ("2.2.1", "2.1.3"))
    elif options.fast:
        few = {name: known[name] for name in FAST_VARIANTS}
        symbol_tests({"full": known["full"]})
        build_tests(few, ["gcc"], ["2.2.1"])
    else:
        symbol_tests({name: known[name] for name in FEW_VARIANTS})
        seeded_tests()
        build_tests(known, COMPILERS, ("2.2.1", "2.1.3"))
        branch_tests(known)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.setrecursionlimit(20000)
    sys.exit(main())
