# SPDX-License-Identifier: BSD-3-Clause
"""The house that docs/architecture.md describes, as data: floors, owners, and the few exceptions."""

import re

COMPONENTS = ("conn", "rod", "flow", "cong", "demux")
GROUND = ("wire", "siphash", "timer", "seq", "event", "face", "elsewhere", "opts", "tell",
          "component", "side")

DOORS = ("tcp_alt", "tcp_alt_data", "tcp_alt_access", "tcp_alt_ext", "tcp_alt_icmp", "tcp_alt_in",
         "tcp_alt_arrive", "tcp_alt_listen", "tcp_alt_pmtu", "tcp_alt_tmr", "tcp_alt_urgent", "tcp_alt_app", "tcp_alt_life",
         "tcp_alt_isn", "tcp_alt_debug", "tcp_alt_info", "tcp_alt_sock", "tcp_alt_congestion")
WAY_OUT = ("tcp_alt_out", "tcp_alt_send")
ASSEMBLY = ("tcp_alt_pcb", "tcp_alt_scope")
ASSEMBLY_HEADER = "tcp_alt_pcb.h"

FLOORS = {**dict.fromkeys(GROUND, 0), **dict.fromkeys(COMPONENTS, 1), "assembly": 2, "way out": 3,
          "doors": 4}

# Structure -> the only part that writes its members.
OWNERS = {
    "tcp_alt_conn": "conn", "tcp_pcb": "conn", "tcp_pcb_listen": "conn", "tcp_pcb_common": "conn",
    "ip_pcb": "conn", "tcp_pcb_ext_args": "conn",
    "tcp_alt_rod": "rod", "tcp_seg": "rod",
    "tcp_alt_flow": "flow", "tcp_alt_cong": "cong", "tcp_alt_demux": "demux",
    "tcp_alt_timer": "timer", "tcp_alt_cb": "assembly", "tcp_alt_hold": "assembly",
}
# Members that belong to another part than their structure. netif_hints: IP writes it, the way out
# lends it for the time of a packet.
FIELD_OWNERS = {"next": "demux", "netif_hints": "way out"}
FACES = ("tcp_pcb", "tcp_pcb_listen", "tcp_pcb_common")

# lwIP's lists, which demux alone writes.
LISTS = "lwIP's lists:"
LIST_HEADS = ("tcp_active_pcbs", "tcp_tw_pcbs", "tcp_bound_pcbs", "tcp_listen_pcbs")

# Structures that are complete for some parts only: const is shallow, so what a component points to
# must not be known to others.
VISIBLE = {
    "tcp_alt_cb": ("assembly", "way out", "doors"),
    "tcp_seg": ("rod", "assembly"),
}

# Structures of function pointers within a part -> that part, which alone may call through them.
INTERFACES = {"tcp_alt_cc": "cong"}

# Structure -> headers in which the macro stands that turns another pointer into one to it.
CONVERTERS = {"tcp_alt_cb": (ASSEMBLY_HEADER,), "tcp_alt_conn": ("tcp_alt_conn.h",)}

# (file, function) -> what it may do all the same, and why.
EXCUSES = {
    # From a block's face to its links and back, by a distance learnt from the first block.
    ("tcp_alt_demux_hash", "links_of"): ("cast",),
    ("tcp_alt_demux_hash", "pcb_of"): ("cast",),
    ("tcp_alt_demux_hash", "tcp_alt_demux_add"): ("cast",),
    # lwIP's prototype is const; a record without const carries it to IP's hints and the hooks.
    ("tcp_alt_access", "tcp_rst"): ("const",),
}

# What components and ground call outside: memory, pbufs, addresses, byte order; nothing that sends,
# reads the clock or a random source, or calls the application.
OUTSIDE = re.compile(r"strcmp|mem(p_malloc|p_free|cpy|move|set|cmp)|pbuf_\w+|lwip_[hn]to[hn][ls]|"
                     r"ip[46]?_addr_\w+|ip4_addr_isbroadcast_u32|netif_get_by_index|"
                     r"port_(diag|assert)|__builtin_\w+")
SENDS = re.compile(r"(ip|ip4|ip6)_(output|route|select_source)\w*|netif_\w*output\w*")
CLOCK_AND_CHANCE = ("sys_now", "sys_jiffies", "port_random")

OURS = {}  # name of a function of ours -> place of the file that defines it


class Place:
    """Where a file of ours stands."""

    def __init__(self, path):
        self.stem = path.stem
        folder = path.parts[0]
        if folder == "include":
            folder = self.stem.removeprefix("tcp_alt_")
        if self.stem in DOORS or folder in ("api", "ip", "doors", "priv"):
            self.part = "doors"
        elif self.stem in WAY_OUT:
            self.part = "way out"
        elif self.stem in ASSEMBLY:
            self.part = "assembly"
        else:
            self.part = {"seg": "rod", "cc": "cong"}.get(folder, folder)
        if self.part not in FLOORS:
            raise ValueError(f"{path}: on no floor of tests/scopes/house.py")

    @property
    def floor(self):
        """Higher ones may use lower ones."""
        return FLOORS[self.part]


def learn(root):
    """Learns which functions are ours, from their definitions; their names begin a line, or nearly."""
    for path in files(root) + sorted(root.rglob("*.h")):
        if "test" in path.stem:
            continue
        for found in re.finditer(r"^(?:\w[\w *]*\s\**)?(\w+)\([^;{}]*\)\s*\{",
                                 path.read_text(), re.MULTILINE):
            OURS.setdefault(found.group(1), Place(path.relative_to(root)))


def files(root):
    """All files with code, without what only tests use."""
    return sorted(path for path in root.rglob("*.c") if "test" not in path.relative_to(root).parts)


def owner(structure, member):
    """The only part that writes a member, or None: it belongs to no component."""
    if structure == LISTS:
        return "demux"
    if structure in FACES and member in FIELD_OWNERS:
        return FIELD_OWNERS[member]
    return OWNERS.get(structure)


def is_component(structure):
    """Is it one of the structures that have an owner?"""
    return structure in OWNERS


def is_part(structure, member):
    """Is the member a whole component?"""
    return structure == "tcp_alt_cb" or (structure, member) == ("tcp_alt_conn", "face")


def is_handler(function, component):
    """Is the function a handler of the component?"""
    return function.startswith(f"tcp_alt_{component}_")


def excused(where, function, what):
    """Is it one of the exceptions?"""
    return what in EXCUSES.get((where.stem, function), ())


def forbidden_call(where, callee):
    """Why a part may not call a function (empty: through a pointer), or None."""
    if not callee:
        return None if where.part == "doors" else "calls through a pointer"
    place = OURS.get(callee)
    if place is not None:
        if place.floor > where.floor:
            return f"calls up: {callee}() is of {place.part}"
        if place.floor == where.floor == 1 and place.part != where.part:
            return f"calls {callee}() of {place.part}"
        return None
    if SENDS.fullmatch(callee) and where.part != "way out":
        return f"calls {callee}(): only the way out routes and sends"
    if callee in CLOCK_AND_CHANCE and where.part != "doors":
        return f"calls {callee}(): only doors read the clock or a random source"
    if where.floor <= 1 and not OUTSIDE.fullmatch(callee):
        return f"calls {callee}()"
    return None


def may_include(where, header):
    """May a file include a header of ours?"""
    part = header.removeprefix("tcp_alt_").removesuffix(".h")
    if part == "seg":
        return where.part in ("rod", "assembly")
    if part == "cc":
        return where.part == "cong"
    if part in GROUND or part in COMPONENTS:
        return FLOORS[part] <= where.floor
    if part in ("pcb", "scope"):
        return where.floor >= 2
    if part == "send":
        return where.part == "way out"
    if part == "doors":
        return where.floor >= 3  # it also declares what the way out offers
    return False
