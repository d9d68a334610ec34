# SPDX-License-Identifier: BSD-3-Clause
"""Which symbols lwIP's headers have, and whether the parity program uses each of them."""

import re
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPO / "lwip"))
from lwiptree import cdecl  # noqa: E402
from lwiptree.ctokens import directive, matching, tokenize  # noqa: E402

HERE = Path(__file__).resolve().parent
PAGE = REPO / "docs" / "compat.md"
PUBLIC = ("lwip/tcp.h", "lwip/tcpbase.h")
FOREIGN = {"pbuf", "netif", "tcp_hdr"}  # declared by other headers
PRIVATE = ("lwip/priv/tcp_priv.h",)


def declared(text):
    """Macros, functions, typedefs, structure and enumeration tags, enumerators and variables of a header."""
    tokens = tokenize(text)
    names = set()
    for token in tokens:
        if token.kind == "pp" and directive(token)[0] == "define":
            names.add(re.match(r"\w+", directive(token)[1]).group())
    known = cdecl.Names()
    cdecl.collect(tokens, known)
    names |= {*known.functions, *known.typedefs, *known.scopes[0]}
    names |= {tag.split()[1] for tag in known.structs if "#" not in tag}
    for index, token in enumerate(tokens[:-2]):
        if token.text == "enum" and tokens[index + 2].text == "{":
            names.add(tokens[index + 1].text)
            names |= {inner.text for inner in tokens[index + 3:matching(tokens, index + 2)] if inner.kind == "id"}
        if token.text in ("struct", "union") and tokens[index + 1].kind == "id":
            names.add(tokens[index + 1].text)
    return {name for name in names if not name.startswith("LWIP_HDR_")}


def used():
    """Every word of the program that is code."""
    words = set()
    for path in HERE.glob("*.c"):
        for token in tokenize(path.read_text()):
            if token.kind == "id":
                words.add(token.text)
            elif token.kind == "pp":
                words |= {t.text for t in tokenize(token.text, directives=False) if t.kind == "id"}
    return words


def left_out():
    """{symbol: why} of the page's table of what alt has no place for."""
    table = PAGE.read_text().partition("| left out with alt |")[2]
    rows = re.findall(r"^\| (`.*?) \| (.+?) \|$", table, re.M)
    return {name: why for names, why in rows for name in re.findall(r"`(\w+)`", names)}


def tests(pristine):
    """Yield (name, why it failed or None) of one release."""
    program = used()
    include = Path(pristine) / "src/include"
    for header in PUBLIC + PRIVATE:
        names = declared((include / header).read_text(encoding="latin-1"))
        why = None
        if len(names) < (10 if header in PUBLIC else 60):
            why = f"only {len(names)} symbols were found"
        excused = left_out() if header in PRIVATE else {}
        # What TCP's header names of other headers is theirs.
        missing = sorted(names - program - set(excused) - FOREIGN)
        if missing:
            why = "not used: " + " ".join(missing)
        surplus = sorted(set(excused) & program)
        if header in PRIVATE and surplus:
            why = "used, but said to be left out: " + " ".join(surplus)
        yield f"every symbol of {header}", why
