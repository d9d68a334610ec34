#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What both backends in one program cost on a Cortex-M3: bytes, and instructions of the way to the chosen one.

usage: cost.py            each backend alone, both, and what it takes to choose
       cost.py --check    exit 1 unless docs/both.md has the last
       cost.py --update   writes it there
Instructions on a PC, the whole of TCP: tests/sim/count, as docs/both.md says."""

import re
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPO / "tools/lib"))
import weigh  # noqa: E402

PAGE = REPO / "docs/both.md"
BLOCK = re.compile(r"(<!-- tests/both/cost.py --update -->\n).*?(<!-- end -->)", re.S)
PARTS = ("text", "data", "bss")
# Those of the data path.
CALLS = ("tcp_input", "tcp_output", "tcp_recved", "tcp_sndbuf", "tcp_write")


def chooser(profile):
    """{part: bytes} of what lies between a program and the two backends."""
    folder = weigh.OUT / profile / "chooser"
    folder.mkdir(parents=True, exist_ok=True)
    found = [weigh.sections(weigh.compile_one(profile, "both", source, folder)) for source in weigh.chooser_sources()]
    return {part: sum(entry[part] for entry in found) for part in PARTS}


def instructions(function):
    """How many instructions a call takes more than a call of the backend itself would."""
    text = weigh.run(["arm-none-eabi-objdump", "-d", "--no-show-raw-insn", f"--disassemble={function}",
                      str(weigh.OUT / "minimal/chooser/tcp_both_calls.o")])
    words = [line.split("\t")[1].strip() for line in text.splitlines() if re.match(r" +[0-9a-f]+:\t", line)]
    return words.index("bx") + 1


def block():
    """What the page has: it changes with the interface alone, not with either backend."""
    rows = ["| profile | text | data | bss |", "|---|---|---|---|"]
    for profile in weigh.PROFILES:
        sizes = chooser(profile)
        rows.append(f"| {profile} | " + " | ".join(str(sizes[part]) for part in PARTS) + " |")
    calls = ", ".join(f"`{name}` {instructions(name)}" for name in CALLS)
    return (f"`{weigh.compiler()}`, flags and profiles of [footprint.md](footprint.md), bytes:\n\n"
            + "\n".join(rows) + f"\n\nInstructions of a call beyond those of the backend's own function: {calls}.\n")


def everything():
    """The whole: either backend alone, and a program with both."""
    rows = []
    for profile in weigh.PROFILES:
        found = {backend: weigh.weigh(profile, backend) for backend in weigh.SELECT}
        rows.append(f"{profile:<16}" + "".join(f"{backend:>9}" for backend in found))
        for part in PARTS:
            rows.append(f"  {part:<14}" + "".join(f"{result[part]:9}" for result in found.values()))
        for part in ("pcb", "listener", "segment"):
            rows.append(f"  {part:<14}" + "".join(f"{result['structures'][part]:9}" for result in found.values()))
    return "\n".join(rows) + "\n\n" + block()


def problem():
    """None, or why the page is not as it should be."""
    text = PAGE.read_text()
    if weigh.compiler() not in text:
        return None  # recorded with another compiler
    found = BLOCK.search(text)
    return None if found and found.group() == found[1] + block() + found[2] else \
        "docs/both.md is stale: tests/both/cost.py --update"


def main(words):
    if words == ["--update"]:
        PAGE.write_text(BLOCK.sub(lambda found: found[1] + block() + found[2], PAGE.read_text()))
    elif words == ["--check"]:
        why = problem()
        if why:
            print(why)
            return 1
    elif not words:
        print(everything(), end="")
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
