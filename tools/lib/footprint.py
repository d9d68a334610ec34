# SPDX-License-Identifier: BSD-3-Clause
"""Writes docs/footprint.md from what tools/sizes weighed: where each byte above legacy goes."""

import weigh
from footprint_tables import GROUPS, MEMBERS, NEW

FILE = weigh.REPOSITORY / "docs/footprint.md"

HEAD = """\
<!-- SPDX-License-Identifier: BSD-3-Clause. Written by tools/sizes --update; do not edit. -->
# Footprint on Cortex-M3

`{compiler}`, `-mcpu=cortex-m3 -mthumb -Os -ffunction-sections -fdata-sections`, no asserts, legacy of
lwIP 2.2.1. The profiles are the lwipopts.h in the folders of `tests/sizes`: minimal, a small device with
TCP_ALT_TINY; recovery, the same with TCP_ALT_FULL and a window of 256 KB; full, dual stack and every option.
`tests/sizes/recorded.json` holds the figures, `tests/sizes/run` compares them, and a change is taken
over knowingly with `tools/sizes --update`, which also writes this page.

Functions that the compiler inlines count where they end up. "Deepest chain" adds up the frames of direct
calls within TCP; callbacks and IP come on top, for either backend.
"""

FOLDERS = ("conn", "rod", "flow", "cong", "demux", "siphash", "timer", "wire")


def table(head, rows):
    """A Markdown table; all columns but the first and last of text are numbers."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def plain(objects):
    """FILE.FUNCTION -> bytes. Constants and what has no name (strings) go to FILE."""
    return {f"{name}.{function}": size
            for name, functions in objects.items() for function, size in functions.items()}


def nameless(result, name):
    """Bytes of an object's text that belong to no symbol: strings, alignment."""
    return result["objects"][name]["text"] - sum(result["functions"][name].values())


def legacy_groups(result):
    """Bytes of each group; every function of legacy must be in one."""
    sizes = {}
    for functions in result["functions"].values():
        sizes.update(functions)
    totals = []
    for _, names, _, _ in GROUPS:
        totals.append(sum(sizes.pop(name, 0) for name in names.split()))
    if sizes:
        raise weigh.WeighError(f"footprint_tables: legacy's {', '.join(sorted(sizes))} in no group")
    return totals


def alt_groups(result):
    """The same for ours; a name of a function goes before that of its file."""
    sizes = plain(result["functions"])
    totals = [0] * len(GROUPS)
    for single in (True, False):
        for number, (_, _, names, _) in enumerate(GROUPS):
            for name in names.split():
                if single == ("." in name):
                    chosen = [key for key in sizes if name in (key, key.split(".")[0])]
                    totals[number] += sum(sizes.pop(key) for key in chosen)
    if sizes:
        raise weigh.WeighError(f"footprint_tables: our {', '.join(sorted(sizes))} in no group")
    return totals


def groups_table(pair):
    """Text of legacy and ours by what it is for."""
    rows = []
    old, new = legacy_groups(pair["legacy"]), alt_groups(pair["alt"])
    for (title, _, _, why), legacy, alt in zip(GROUPS, old, new):
        rows.append((title, legacy, alt, f"{alt - legacy:+}", why))
    rest = [sum(nameless(result, name) for name in result["objects"]) for result in pair.values()]
    rows.append(("strings and alignment", *rest, f"{rest[1] - rest[0]:+}", ""))
    rows.append(("**all**", pair["legacy"]["text"], pair["alt"]["text"],
                 f"{pair['alt']['text'] - pair['legacy']['text']:+}", ""))
    return table(("text, bytes", "legacy", "alt", "difference", "where a difference comes from"), rows)


def new_table(pair):
    """What we have and legacy has not."""
    functions = pair["alt"]["functions"]
    sizes = {}
    for named in functions.values():
        sizes.update(named)
    rows, total = [], 0
    for title, names in NEW:
        if names.startswith("FILE:"):
            size = sum(functions.get(names[5:], {}).values())
        else:
            size = sum(sizes.get(name, 0) for name in names.split())
        total += size
        if size:
            rows.append((title, size))
    difference = pair["alt"]["text"] - pair["legacy"]["text"]
    rows.append(("all of these", total))
    rows.append(("the rest, against legacy", f"{difference - total:+}"))
    rows.append(("**difference to legacy**", f"{difference:+}"))
    return table(("what legacy has not", "bytes"), rows)


def components_table(pair):
    """Text and PCB bytes of each component and floor."""
    alt = pair["alt"]
    rows = []
    for folder in FOLDERS:
        stems = [path.stem for path in (weigh.ALT / folder).glob("*.c")]
        size = alt["structures"].get(f"pcb.{folder}", 0)
        rows.append((folder, sum(alt["objects"][stem]["text"] for stem in stems), size or ""))
    stems = [path.stem for path in weigh.ALT.glob("*.c")]
    rows.append(("doors, way out, assembly", sum(alt["objects"][stem]["text"] for stem in stems), ""))
    rows.append(("**all**", alt["text"], alt["structures"]["pcb"]))
    return table(("component", "text", "PCB"), rows)


def alt_members(folder):
    """component.member -> bytes of our control block."""
    found = {}
    for component, size in weigh.members(folder, "tcp_alt_cb").items():
        if component in ("demux", "timer"):
            found[f"{component}.*"] = size
            continue
        for member, bytes_ in weigh.members(folder, f"tcp_alt_{component}").items():
            found["face.*" if member == "face" else f"{component}.{member}"] = bytes_
    return found


def members_table(profile):
    """The control block, member by member."""
    old = weigh.members(weigh.OUT / profile / "legacy/probe.o", "tcp_pcb")
    new = alt_members(weigh.OUT / profile / "alt/probe.o")
    total = sum(old.values()), sum(new.values())
    rows = []
    for title, ours, theirs in MEMBERS:
        legacy = sum(old.pop(name, 0) for name in theirs.split())
        alt = sum(new.pop(name, 0) for name in ours.split())
        if legacy or alt:
            rows.append((title, legacy, alt, f"{alt - legacy:+}"))
    if old or new:
        raise weigh.WeighError(f"footprint_tables: members in no line: {', '.join([*old, *new])}")
    rows.append(("**all**", *total, f"{total[1] - total[0]:+}"))
    return table(("PCB, bytes with padding", "legacy", "alt", "difference"), rows)


def overview(results):
    """The figures side by side."""
    rows = []
    for profile, pair in results.items():
        for label, pick in (("text", lambda r: r["text"]), ("data", lambda r: r["data"]),
                            ("bss", lambda r: r["bss"]), ("PCB", lambda r: r["structures"]["pcb"]),
                            ("listener", lambda r: r["structures"]["listener"]),
                            ("segment", lambda r: r["structures"]["segment"]),
                            ("largest stack frame", lambda r: r["frame"]["bytes"]),
                            ("deepest chain of calls within TCP", lambda r: r["chain"]["bytes"])):
            rows.append((profile, label, pick(pair["legacy"]), pick(pair["alt"])))
    return table(("profile", "bytes", "legacy", "alt"), rows)


def page(results):
    """The whole page."""
    parts = [HEAD.format(compiler=weigh.compiler()), overview(results)]
    for profile, pair in results.items():
        parts += [f"## Profile {profile}\n", components_table(pair),
                  groups_table(pair), new_table(pair), members_table(profile)]
    return "\n".join(parts)
