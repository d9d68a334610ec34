# SPDX-License-Identifier: BSD-3-Clause
"""Calls in lwIP's IP layer that pass by TCP, since the alternative backend has a word to say there.

Each becomes a macro of lwip/include/lwip/priv/tcp_ip.h with the same arguments; with
legacy that is the call that stood there. No line is added: the #include of that
header takes the place of a blank one.
"""

import re

from .ctokens import Lines, tokenize
from .errors import TreeError
from .rewrite import Site

# file -> {what is called there: the macro in its place}
CALLS = {
    "src/core/ipv4/ip4.c": {"icmp_input": "tcp_icmp_input", "IPH_OFFSET_SET": "tcp_ip4_offset_set"},
    "src/core/ipv6/ip6.c": {"icmp6_input": "tcp_icmp6_input"},
}
MODE = "call"
_INCLUDE = '#include "lwip/priv/tcp_ip.h"'
# The first blank line behind the #include of TCP's own header.
_PLACE = re.compile(r'("lwip/priv/tcp_priv\.h"[^\n]*\n(?:[^\r\n][^\n]*\n)*)(?=\r?\n)')


def rewrite(path, text):
    """(the text of lwIP's file `path` as it stands in the tree, its sites, what is not there)."""
    if path not in CALLS:
        return text, [], []
    names = CALLS[path]
    tokens = tokenize(text)
    lines = Lines(text)
    out, position, found = [], 0, []
    for token, behind in zip(tokens, tokens[1:]):
        if token.kind == "id" and token.text in names and behind.text == "(":
            out += [text[position:token.start], names[token.text]]
            position = token.end
            found.append(Site(lines.number(token.start), token.text, MODE))
    text, placed = _PLACE.subn(rf"\g<1>{_INCLUDE}", "".join(out) + text[position:], count=1)
    if not placed:
        raise TreeError(f"{path}: no place for {_INCLUDE}: is this an lwIP from 2.1.3 on?")
    absent = names.keys() - {site.member for site in found}
    return text, found, [Site(0, name, "no such call") for name in sorted(absent)]
