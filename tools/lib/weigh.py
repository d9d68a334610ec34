# SPDX-License-Identifier: BSD-3-Clause
"""Weighs TCP on a Cortex-M3: compiles either backend's files and reads what the tools say."""

import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
CONFIGS = REPOSITORY / "tests/sizes"
TREE = REPOSITORY / "build/lwip-2.2.1"
OUT = REPOSITORY / "build/sizes"
ALT = REPOSITORY / "tcp_alt"

PROFILES = ("minimal", "recovery", "full")
BACKENDS = ("legacy", "alt")
SELECT = {"legacy": 0, "alt": 1, "both": 2}  # LWIP_TCP_ALT

CC = "arm-none-eabi-gcc"
FLAGS = ["-std=c99", "-mcpu=cortex-m3", "-mthumb", "-Os", "-ffunction-sections",
         "-fdata-sections", "-g", "-fstack-usage", "-fcallgraph-info=su"]

COMPONENTS = ("conn", "rod", "flow", "cong", "demux")

# The structures of a control block, the one with the others inside last.
STRUCTURES = {"legacy": ["tcp_pcb"],
              "alt": ["tcp_pcb", *(f"tcp_alt_{name}" for name in ("conn", "rod", "flow", "cong")),
                      "tcp_alt_cb"]}
STRUCTURES["both"] = STRUCTURES["alt"]

# What GCC appends to a function's name when it splits or specialises it.
CLONE = re.compile(r"\.(?:isra|part|constprop|cold|lto_priv)(?:\.\d+)*")


class WeighError(Exception):
    """Something cannot be built."""


def run(command):
    """The output of a command that must succeed."""
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        first = next((line for line in result.stderr.splitlines() if "error" in line),
                     result.stderr.strip() or "no message")
        raise WeighError(f"{command[0]}: {first}")
    return result.stdout


def compiler():
    """The compiler's version line: recorded sizes hold for this one alone."""
    return run([CC, "--version"]).splitlines()[0]


def chooser_sources():
    """With both backends in one program: what lies between it and them."""
    return sorted((TREE / "src/tcp_both").glob("*.c"))


def sources(backend):
    """The C files of a backend."""
    if backend == "both":
        return [*sources("legacy"), *sources("alt"), *chooser_sources()]
    if backend == "alt":
        return sorted(ALT.rglob("*.c"))
    return [TREE / "src/core" / name for name in ("tcp.c", "tcp_in.c", "tcp_out.c")]


def compile_one(profile, backend, source, folder):
    """Compiles one file; returns its object."""
    target = folder / f"{source.stem}.o"
    run([CC, *FLAGS, f"-DLWIP_TCP_ALT={SELECT[backend]}", "-I", str(CONFIGS / profile),
         "-I", str(CONFIGS), "-I", str(ALT / "include"), "-I", str(TREE / "src/include"),
         "-c", str(source), "-o", str(target)])
    return target


def sections(target):
    """text, data and bss as `size` counts them."""
    fields = run(["arm-none-eabi-size", str(target)]).splitlines()[1].split()
    return dict(zip(("text", "data", "bss"), map(int, fields[:3])))


def symbols(target):
    """Bytes of each function and constant that is in text."""
    found = {}
    for line in run(["arm-none-eabi-nm", "-S", str(target)]).splitlines():
        fields = line.split()
        if len(fields) == 4 and fields[2] in "tTrR":
            name = CLONE.sub("", fields[3])
            found[name] = found.get(name, 0) + int(fields[1], 16)
    return found


def frames(folder):
    """Stack frame of each function, in bytes; a frame of unknown size is an error."""
    found = {}
    for usage in folder.glob("*.su"):
        for line in usage.read_text().splitlines():
            place, size, kind = line.split("\t")
            if kind != "static":
                raise WeighError(f"{place}: stack frame is {kind}")
            name = CLONE.sub("", place.rsplit(":", 1)[1])
            found[name] = max(found.get(name, 0), int(size))
    return found


def calls(folder):
    """Who calls whom among the functions of these files, indirect calls left out."""
    graph = {}
    for info in folder.glob("*.ci"):
        text = info.read_text()
        for caller, callee in re.findall(r'sourcename: "([^"]+)" targetname: "([^"]+)"', text):
            caller, callee = (CLONE.sub("", name.rsplit(":", 1)[-1]) for name in (caller, callee))
            if callee != "__indirect_call":
                graph.setdefault(caller, set()).add(callee)
    return graph


def deepest(graph, frame):
    """The chain of direct calls that needs most stack, and its bytes; recursion is an error."""
    done = {}

    def visit(name, above):
        if name in above:
            raise WeighError("recursion: " + " -> ".join([*above, name]))
        if name not in done:
            best = (0, [])
            for callee in sorted(graph.get(name, ())):
                if callee in frame:
                    best = max(best, visit(callee, [*above, name]), key=lambda chain: chain[0])
            done[name] = (frame[name] + best[0], [name, *best[1]])
        return done[name]

    return max((visit(name, []) for name in sorted(frame)), key=lambda chain: chain[0])


def structures(profile, backend, folder):
    """sizeof of the three pools' elements, and of the components, from a probe's symbols."""
    probes = {"pcb": "TCP_PCB_SIZEOF", "listener": "TCP_PCB_LISTEN_SIZEOF",
              "segment": "TCP_SEG_SIZEOF"}
    text = '#include "lwip/priv/tcp_pool_sizes.h"\n'
    if backend != "legacy":
        text += '#include "lwip/priv/tcp_alt_pcb.h"\n'
        probes["face"] = "sizeof(struct tcp_pcb)"
        probes.update({f"pcb.{name}": f"sizeof(((struct tcp_alt_cb *)0)->{name})"
                       for name in COMPONENTS if name != "demux"})
    for name, size in probes.items():
        text += f"char probe_{name.replace('.', '_')}[{size}];\n"
    if backend != "legacy":
        # What small devices leave out is no member there.
        for name, option in (("demux", "TCP_ALT_HASH"), ("timer", "TCP_ALT_TIMER_WHEEL")):
            text += (f"#if {option}\nchar probe_pcb_{name}[sizeof(((struct tcp_alt_cb *)0)->{name})];"
                     "\n#endif\n")
            probes[f"pcb.{name}"] = None
    # A type that nothing uses has no debug information.
    text += "".join(f"struct {name} *use_{name};\n" for name in STRUCTURES[backend])
    source = folder / "probe.c"
    source.write_text(text)
    target = compile_one(profile, backend, source, folder)
    sizes = {}
    for line in run(["arm-none-eabi-nm", "-S", str(target)]).splitlines():
        fields = line.split()
        sizes[fields[-1]] = int(fields[1], 16)
    return {name: sizes.get(f"probe_{name.replace('.', '_')}", 0) for name in probes}


def weigh(profile, backend):
    """Everything there is to know of a backend in a profile."""
    folder = OUT / profile / backend
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    files = sources(backend)
    with ThreadPoolExecutor(2) as pool:
        objects = list(pool.map(lambda f: compile_one(profile, backend, f, folder), files))
    by_object = {target.stem: sections(target) for target in objects}
    frame = frames(folder)
    largest = max(frame, key=lambda name: (frame[name], name))
    chain_bytes, chain = deepest(calls(folder), frame)
    return {
        **{part: sum(entry[part] for entry in by_object.values()) for part in ("text", "data", "bss")},
        "structures": structures(profile, backend, folder),
        "frame": {"bytes": frame[largest], "function": largest},
        "chain": {"bytes": chain_bytes, "path": chain},
        "objects": by_object,
        "functions": {target.stem: symbols(target) for target in objects},
    }


def members(target, struct):
    """(name, bytes with padding) of a structure's members, from its debug information."""
    text = run(["arm-none-eabi-readelf", "--debug-dump=info", str(target)])
    entries = re.split(r"\n(?= *<[0-9a-f]+><[0-9a-f]+>:)", text)
    for number, entry in enumerate(entries):
        if ("DW_TAG_structure_type" in entry and "DW_AT_byte_size" in entry
                and _attribute(entry, "name") == struct):
            found = []
            for member in entries[number + 1:]:
                if "DW_TAG_member" not in member:
                    break
                found.append((_attribute(member, "name"),
                              int(_attribute(member, "data_member_location"), 0)))
            ends = [place for _, place in found[1:]] + [int(_attribute(entry, "byte_size"), 0)]
            return {name: end - place for (name, place), end in zip(found, ends)}
    raise WeighError(f"{target}: no struct {struct}")


def _attribute(entry, name):
    """The value of a DWARF attribute as readelf writes it."""
    match = re.search(rf"DW_AT_{name}\s*:.*?([^\s:]+)\s*$", entry, re.MULTILINE)
    return match.group(1) if match else ""
