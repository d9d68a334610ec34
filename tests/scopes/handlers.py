#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The list of handlers that debug builds check, made from the components' headers.

usage: handlers.py [--update] [TREE]

  --update   write tcp_alt_scope_list.h; otherwise say whether it is as it would be written
  TREE       a backend-neutral lwIP tree (default: build/lwip-2.2.1)

exit code: 0 as it should be, 1 stale
"""

import sys
from pathlib import Path

import house
from clang_ast import Unit, pointee

REPOSITORY = Path(__file__).resolve().parent.parent.parent
PRIV = REPOSITORY / "tcp_alt/include/lwip/priv"
LIST = PRIV / "tcp_alt_scope_list.h"
# These are written by hand: they get the face, or live in another place with the hash.
BY_HAND = ("tcp_alt_demux_add", "tcp_alt_demux_remove", "tcp_alt_demux_list_add",
           "tcp_alt_demux_list_remove")

HEAD = """\
/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Every handler that may write its component, wrapped: see tcp_alt_scope.h. Written by
 * tests/scopes/handlers.py --update from the components' headers.
 */
"""


def declared(tree, flags):
    """{function: (component or face, returns a value)} of what may write."""
    source = REPOSITORY / "build/scopes/handlers.c"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text('#include "lwip/opt.h"\n#include "lwip/priv/tcp_alt_pcb.h"\n')
    unit = Unit(source, ["-std=c99", "-w", "-DLWIP_TCP_ALT=1", *flags,
                         f"-I{REPOSITORY}/tests/symbols/config", f"-I{REPOSITORY}/tcp_alt/include",
                         f"-I{tree}/src/include"])
    found = {}
    for node in unit.root.children:
        parameters = [child for child in node.children if child.kind == "ParmVarDecl"]
        if node.kind != "FunctionDecl" or not parameters or node.name in BY_HAND:
            continue
        target, const = pointee(parameters[0].type)
        part = (target or "").removeprefix("struct tcp_alt_")
        if target == "struct tcp_pcb" and house.is_handler(node.name, "conn"):
            part = "face"
        if not const and (part == "face" or (part in house.COMPONENTS and house.is_handler(node.name, part))):
            found[node.name] = (part, not node.type.startswith("void ("), len(parameters))
    return found


def text(full, minimal):
    """The header."""
    lines = [HEAD]
    for name, (part, value, arguments) in sorted(full.items()):
        if part == "face":
            rest = ", __VA_ARGS__" if arguments > 1 else ""
            macro = (f"#define {name}(pcb{', ...' if rest else ''}) \\\n"
                     f"  TCP_ALT_SCOPED_FACE(conn, pcb, {name}, pcb{rest})")
        else:
            macro = (f"#define {name}(...) \\\n"
                     f"  TCP_ALT_SCOPED{'_VALUE' if value else ''}({part}, {name}, __VA_ARGS__)")
        # What an option leaves out may be a macro there.
        lines.append(macro if name in minimal else f"#ifndef {name}\n{macro}\n#endif")
    return "\n".join(lines) + "\n"


def main():
    """The command."""
    trees = [argument for argument in sys.argv[1:] if argument != "--update"]
    tree = trees[0] if trees else REPOSITORY / "build/lwip-2.2.1"
    variants = dict(line.split(":", 1) for line in
                    (REPOSITORY / "tests/symbols/variants").read_text().splitlines() if ": " in line)
    wanted = text(declared(tree, [*variants["full"].split(), "-DLWIP_TCP_PCB_COMPAT=1"]), declared(tree, []))
    if "--update" in sys.argv:
        LIST.write_text(wanted)
    elif not LIST.exists() or LIST.read_text() != wanted:
        print(f"{LIST.name} is stale: tests/scopes/handlers.py --update")
        return 1
    return 0


if __name__ == "__main__":
    sys.setrecursionlimit(20000)
    sys.exit(main())
