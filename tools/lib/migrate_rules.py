# SPDX-License-Identifier: BSD-3-Clause
"""The semantic patch by which Coccinelle turns accesses to a PCB's members into accessors.

One rule after the other, each on what the ones before left: writes that have an accessor; then what must
stay as it is (other writes, addresses taken) gets a name that no later rule knows; then reads. Only
the expression itself is replaced, never a whole statement, so that the layout around it stays.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "lwip"))
from lwiptree.access import ACCESS, LISTEN_PCB, PCB, Access  # noqa: E402

KEPT = "tcp_migrate_kept_"  # begins the name of a member that must stay; taken off at the end

# What applications may use beside what lwIP itself does: functions that lwIP has always had.
MEMBERS = {
    **ACCESS,
    "prio": Access("tcp_prio_get", "tcp_setprio"),
    "callback_arg": Access("tcp_callback_arg_get", "tcp_arg"),
    "snd_buf": Access("tcp_sndbuf"),
    "snd_queuelen": Access("tcp_sndqueuelen"),
    "mss": Access("tcp_mss"),
}
# Callbacks: functions set them, nothing reads them.
CALLBACKS = {"recv": "tcp_recv", "sent": "tcp_sent", "errf": "tcp_err"}
# Bits of these are set and cleared one by one.
BITS = {"flags": ("tcp_set_flags", "tcp_clear_flags"),
        "so_options": ("ip_set_option", "ip_reset_option")}
COMPOUND = ("+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>")

# lwIP's macros and functions that write to the address they get first.
ADDRESS_WRITERS = ("ip_addr_set", "ip_addr_copy", "ip_addr_set_zero", "ip_addr_set_any", "ip_addr_set_loopback",
                   "ip_addr_set_ip4_u32", "ip_addr_copy_from_ip4", "ip4_addr_set", "ip4_addr_copy",
                   "ip4_addr_set_u32", "IP4_ADDR", "IP_ADDR4", "memcpy", "memset")
# Expressions that must not be evaluated twice.
EFFECTS = ("h(...)", "(x++)", "(x--)", "(++x)", "(--x)", "(x = y)")
EFFECTS += ("x[h(...)]", "x[y++]", "x[y--]", "x[++y]", "x[--y]")


def _names(kind, names=None):
    """A metavariable `f` for any of the members."""
    return f'identifier f =~ "^({"|".join(names or [m for m, a in MEMBERS.items() if a.kind == kind])})$";'


def _fresh(variable, before, behind=""):
    return f'fresh identifier {variable} = "{before}" ## f' + (f' ## "{behind}";' if behind else ";")


def _rule(declarations, *patches):
    """A rule of one pattern, or of several of which the first that fits counts."""
    body = patches[0] if len(patches) == 1 else "(\n" + "|\n".join(patches) + ")\n"
    return f"@@ {declarations} @@\n{body}\n"


def _statement(old, new):
    return f"- {old}\n+ {new}\n  ;\n"


def _expression(old, new):
    return f"- {old}\n+ {new}\n"


def _keep(before, behind=""):
    return f"  {before}\n- f\n+ k\n  {behind}\n"


class _Rules:
    """The rules for one kind of PCB."""

    def __init__(self, pcb):
        self.pcb = f"{pcb} *E;"
        self.listens = pcb == LISTEN_PCB
        self.base = "(struct tcp_pcb *)E" if self.listens else "E"

    def bits(self):
        """Flags and options set and cleared."""
        def statement(old, new):
            return _rule(f"{self.pcb} expression X;" + (" type T;" if "(T)" in old else ""), _statement(old, new))

        for member, (set_bits, clear_bits) in BITS.items():
            for left in (f"E->{member}", f"(*E).{member}"):
                cleared = [f"{left} &= ~X", f"{left} &= (T)~X", f"{left} = {left} & ~X",
                           f"{left} = (T)({left} & ~X)", f"{left} = (T)({left} & (T)~X)"]
                added = [f"{left} |= X", f"{left} = {left} | X", f"{left} = (T)({left} | X)"]
                for old in cleared:
                    yield statement(old, f"{clear_bits}({self.base}, X)")
                for old in added:
                    yield statement(old, f"{set_bits}({self.base}, X)")

    def sets(self):
        """A value assigned, and computed from the old one."""
        named = {m: a.setter for m, a in MEMBERS.items() if a.setter and a.kind == "value"}
        named.update(CALLBACKS)
        if self.listens:
            named["accept"] = "tcp_accept"
        for member, function in named.items():
            for left in (f"E->{member}", f"(*E).{member}"):
                yield _rule(f"{self.pcb} expression X;", _statement(f"{left} = X", f"{function}({self.base}, X)"))
        plain = _names("", [m for m in named if named[m] == f"tcp_{m}_set"])
        for operator in COMPOUND:
            yield _rule(f"{self.pcb} expression X; {plain} {_fresh('g', 'tcp_', '_get')} {_fresh('s', 'tcp_', '_set')}",
                        _statement(f"E->f {operator}= X", f"s({self.base}, g({self.base}) {operator} (X))"))

    def kept(self):
        """What no accessor can stand for."""
        members = _names("", [*MEMBERS, *CALLBACKS])
        declarations = f"{self.pcb} {members} {_fresh('k', KEPT)}"
        yield _rule(f"{declarations} expression X; assignment operator op;", _keep("E->", "op X"))
        yield _rule(declarations, _keep("E->", "++"), _keep("E->", "--"), _keep("++E->"), _keep("--E->"))
        values = _names("", [m for m, a in MEMBERS.items() if a.kind != "address"])
        yield _rule(f"{self.pcb} {values} {_fresh('k', KEPT)}", _keep("&E->"))
        addresses = _names("address")
        declarations = f"{self.pcb} {addresses} {_fresh('k', KEPT)}"
        yield _rule(f"{declarations} identifier m; expression X; assignment operator op;", _keep("E->", ".m op X"))
        for writer in ADDRESS_WRITERS:
            yield _rule(declarations, _keep(f"{writer}(&E->", ", ...)"), _keep(f"{writer}(E->", ", ...)"))

    def addresses(self):
        """Local and remote address: the accessor gives a pointer to it, const with alt."""
        addresses = _names("address")
        get = f"g({self.base})"
        declarations = f"{self.pcb} {addresses} {_fresh('g', 'tcp_', '_get')}"
        yield _rule(f"{self.pcb} expression X; {addresses} {_fresh('s', 'tcp_', '_type_set')}",
                    _expression("IP_SET_TYPE_VAL(E->f, X)", f"s({self.base}, X)"))
        for old in ("&E->f", "&(E->f)", "&(*E).f"):
            known = "" if self.listens or old != "&E->f" else "typedef ip_addr_t;"
            yield _rule(f"{known} {declarations} identifier v;",
                        f"+ const\n  ip_addr_t *v =\n{_expression(old, get)}  ;\n")
            yield _rule(declarations, _expression(old, get))
        for old in ("E->f", "(*E).f"):
            yield _rule(f"{declarations} identifier m;", _expression(f"{old}.m", f"{get}->m"))
            yield _rule(declarations, _expression(old, f"(*{get})"))

    def present(self):
        """Queues, which may be asked whether something is in them."""
        declarations = f"{self.pcb} {_names('present')} {_fresh('g', 'tcp_has_')}"
        for old in ("E->f", "(*E).f"):
            yield _rule(declarations, _expression(f"{old} == NULL", f"!g({self.base})"))
            yield _rule(declarations, _expression(f"{old} != NULL", f"g({self.base})"))

    def reads(self):
        """All that is left."""
        for old in ("E->", "(*E)."):
            plain = [m for m, a in MEMBERS.items() if a.getter == f"tcp_{m}_get" and a.kind == "value"]
            if self.listens:
                plain.remove("next")  # needs a cast, which the other reader adds
            yield _rule(f"{self.pcb} {_names('', plain)} {_fresh('g', 'tcp_', '_get')}",
                        _expression(f"{old}f", f"g({self.base})"))
            for member, access in MEMBERS.items():
                if access.kind == "value" and access.getter != f"tcp_{member}_get":
                    yield _rule(self.pcb, _expression(f"{old}{member}", f"{access.getter}({self.base})"))

    def all(self):
        """In the order in which they are to be applied."""
        for part in (self.bits, self.sets, self.kept, self.addresses, self.present, self.reads):
            yield from part()


def semantic_patch():
    """The text for spatch."""
    names = _names("", [*MEMBERS])
    twice = "".join(_rule(f"expression h, x, y, X; {names} {_fresh('k', KEPT)}",
                          *(_keep(f"{effect}->", f"{operator}= X") for effect in EFFECTS))
                    for operator in COMPOUND)
    return twice + "".join(rule for pcb in (PCB, LISTEN_PCB) for rule in _Rules(pcb).all())
