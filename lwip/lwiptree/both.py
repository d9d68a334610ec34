# SPDX-License-Identifier: BSD-3-Clause
"""Both backends in one program (LWIP_TCP_ALT=2): what is made of the list both/interface.txt.

priv/tcp_both_names.h  within a backend's own files each name of the list has another one
priv/tcp_both_table.h  the table: a member for each function and variable
tcp_both_calls.c       the public functions, which call through the table
tcp_both_legacy.c      legacy's table, and functions for what it has as macros or not at all
tcp_both_alt.c         alt's table
priv/tcp_both_sizes.h  legacy's structures under other names, for the sizes of the pools

The last is cut out of lwIP's headers, so it is in the tree alone.
"""

import re
from typing import NamedTuple, Optional

from .errors import TreeError
from .patch import Patch

HEAD = "/* SPDX-License-Identifier: BSD-3-Clause */\n/* Written by tools/lwip-tree: see docs/both.md. */\n"
_DECLARATION = re.compile(r"(?P<type>[\w *]+?[ *])(?P<name>\w+)(?P<rest>\(.*\)|\[\])?")


class Entry(NamedTuple):
    """A line of the list."""

    condition: str
    kind: str  # 'call', 'hand' or 'extern'
    type: str  # of the result, or of the variable
    name: str
    params: str  # with the parentheses; '[]' of an array, None of another variable
    legacy: Optional[str]  # expression, None: a function

    @property
    def core(self):
        """What the names of both sides have in common."""
        return re.sub(r"^tcp_(alt_)?", "", self.name)

    @property
    def on_legacy(self):
        """The name in legacy's files."""
        return f"tcp_legacy_{self.core}"

    @property
    def on_alt(self):
        """The name in alt's files."""
        return f"tcp_alt_api_{self.core}"

    @property
    def arguments(self):
        """The names of the parameters."""
        inner = self.params[1:-1]
        return [] if inner == "void" else [re.search(r"\w+$", word.strip()).group() for word in inner.split(",")]


def read(text):
    """The list's entries."""
    entries, condition = [], ""
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            condition = line.strip("[]")
            continue
        word, _, rest = line.partition(" ")
        kind, line = (word, rest) if word in ("extern", "hand") else ("call", line)
        declaration, equals, legacy = (part.strip() for part in line.partition("="))
        match = _DECLARATION.fullmatch(declaration)
        if not match or (kind != "extern" and not match["rest"]):
            raise TreeError(f"both/interface.txt:{number}: not understood: {line}")
        entries.append(Entry(condition, kind, match["type"].strip(), match["name"], match["rest"],
                             legacy if equals else None))
    return entries


def _under_conditions(entries, row):
    """row(entry), a list of lines each, under the #if of its condition."""
    rows, condition = [], ""
    for entry in entries:
        if entry.condition != condition:
            rows += ["#endif"] if condition else []
            rows += [f"#if {entry.condition}"] if entry.condition else []
            condition = entry.condition
        rows += row(entry)
    return rows + (["#endif"] if condition else [])


def _guarded(name, rows):
    guard = f"LWIP_HDR_{name.upper()}_H"
    return HEAD + "\n".join([f"#ifndef {guard}", f"#define {guard}", "", *rows, "", "#endif", ""])


def _spaced(kind):
    return kind if kind.endswith("*") else f"{kind} "


def names(entries):
    """priv/tcp_both_names.h"""
    functions = [entry for entry in entries if entry.legacy is None]
    return _guarded("tcp_both_names", [
        "#ifdef LWIP_TCP_SIDE_LEGACY",
        *_under_conditions(functions, lambda e: [f"#define {e.name} {e.on_legacy}"]),
        "#else",
        *_under_conditions(entries, lambda e: [f"#define {e.name} {e.on_alt}"]),
        "#endif"])


def _member(entry):
    if entry.kind != "extern":
        return [f"  {_spaced(entry.type)}(*p_{entry.name}){entry.params};"]
    pointer = f"{entry.type} *" if entry.params else f"{_spaced(entry.type)}*"
    return [f"  {pointer}p_{entry.name};"]


def _lvalue(entry):
    star = "" if entry.params else "*"
    return [f"#define {entry.name} ({star}tcp_both->p_{entry.name})"]


def table(entries):
    """priv/tcp_both_table.h"""
    variables = [entry for entry in entries if entry.kind == "extern"]
    return _guarded("tcp_both_table", [
        "struct ip_pcb;", "struct lwip_sock;", "struct tcp_info;", "",
        "struct tcp_both {", "  const u32_t *agreed; /* TCP_BOTH_AGREED as this backend sees it */",
        *_under_conditions(entries, _member), "};", "",
        "#if !defined(LWIP_TCP_SIDE_LEGACY) && !defined(LWIP_TCP_SIDE_ALT)",
        *_under_conditions(variables, _lvalue), "#endif"])


_BEGIN = ["#if LWIP_TCP && LWIP_TCP_BOTH", ""]
_END = ["", "#endif /* LWIP_TCP && LWIP_TCP_BOTH */", ""]


def calls(entries):
    """tcp_both_calls.c"""
    def call(entry):
        back = "" if entry.type == "void" else "return "
        return [f"{entry.type}", f"{entry.name}{entry.params}", "{",
                f"  {back}tcp_both->p_{entry.name}({', '.join(entry.arguments)});", "}", ""]

    dispatched = [entry for entry in entries if entry.kind == "call"]
    return HEAD + "\n".join(['#include "lwip/opt.h"', "", *_BEGIN, '#include "lwip/priv/tcp_both.h"',
                             '#include "lwip/priv/tcp_ip.h"', "#if LWIP_TCP_ALT_TEST",
                             '#include "lwip/tcp_alt_test.h"', "#endif", "",
                             *_under_conditions(dispatched, call), *_END])


def _table_of(side, entries, name):
    def row(entry):
        address = "&" if entry.kind == "extern" and not entry.params else ""
        return [f"  {address}{name(entry)},"]

    rows = _under_conditions(entries, row)
    last = max(number for number, text in enumerate(rows) if text.endswith(","))
    return ["static const u32_t agreed[] = TCP_BOTH_AGREED;", "",
            f"const struct tcp_both tcp_both_{side} = {{", "  agreed,",
            *rows[:last], rows[last], *rows[last + 1:], "};"]


def legacy(entries):
    """tcp_both_legacy.c"""
    def function(entry):
        unused = [f"  LWIP_UNUSED_ARG({name});" for name in entry.arguments]  # a macro may not look at each
        back = "" if entry.type == "void" else "return "
        return ["static " + entry.type, f"{entry.on_legacy}{entry.params}", "{", *unused,
                *([f"  {back}{entry.legacy};"] if entry.legacy else []), "}", ""]

    return HEAD + "\n".join([
        '#include "lwip/priv/tcp_legacy_side.h"', "", *_BEGIN,
        "/* alt's options are conditions of the table; lwIP's own have their values already. */",
        '#include "lwip/tcp_alt_opts.h"', '#include "lwip/priv/tcp_both.h"', '#include "lwip/priv/tcp_both_sizes.h"',
        "#if LWIP_TCP_ALT_TEST", '#include "lwip/tcp_alt_test.h"', "#endif", "",
        "TCP_BOTH_SAME_SIZE(pcb, struct tcp_pcb, struct tcp_legacy_pcb);",
        "TCP_BOTH_SAME_SIZE(listener, struct tcp_pcb_listen, struct tcp_legacy_pcb_listen);",
        "TCP_BOTH_SAME_SIZE(seg, struct tcp_seg, struct tcp_legacy_seg);", "",
        *_under_conditions([e for e in entries if e.legacy is not None], function), "",
        *_table_of("legacy", entries, lambda e: e.name if e.legacy is None else e.on_legacy), *_END])


def alt(entries):
    """tcp_both_alt.c"""
    return HEAD + "\n".join([
        '#include "lwip/priv/tcp_alt_side.h"', "", *_BEGIN, '#include "lwip/priv/tcp_both.h"',
        '#include "lwip/priv/tcp_ip.h"', "#if LWIP_TCP_ALT_TEST", '#include "lwip/tcp_alt_test.h"', "#endif", "",
        *_table_of("alt", entries, lambda e: e.name), *_END])


def _body(text, path, tag):
    """`struct tag { ... };` without the macros that lwIP defines within, as struct tcp_legacy_..."""
    patch = Patch(text, path)
    first, last = patch.body("struct", tag)
    dropped = {line for token in patch.tokens if token.kind == "pp" and re.match(r"#[ \t]*define\b", token.text)
               for line in range(patch.lines(token)[0], patch.lines(token)[1] + 1)}
    rows = [patch.rows[line - 1].rstrip("\r") for line in range(first, last + 1) if line not in dropped]
    new = tag.replace("tcp_", "tcp_legacy_", 1)
    return [re.sub(rf"struct {tag}\b", f"struct {new}", rows[0], count=1), *rows[1:], ""]


def sizes(tcp_h, tcp_priv_h):
    """priv/tcp_both_sizes.h, from lwIP's two headers."""
    return _guarded("tcp_both_sizes", [
        '#include "lwip/priv/tcp_priv.h"', "",
        *_body(tcp_h, "tcp.h", "tcp_pcb_listen"), *_body(tcp_h, "tcp.h", "tcp_pcb"),
        *_body(tcp_priv_h, "tcp_priv.h", "tcp_seg")])
