# SPDX-License-Identifier: BSD-3-Clause
"""Just enough of C's declarations to know which expression is a PCB.

Nothing is preprocessed: every branch of every #if is read, and what cannot be
understood has the type None, "unknown". A wrong guess costs a compile error in
the tree, never a wrong program, because `struct tcp_pcb` is incomplete there.
"""

from typing import NamedTuple, Optional

from .ctokens import matching

QUALIFIERS = {"const", "volatile", "restrict", "static", "extern", "register", "inline",
              "auto", "typedef", "__inline", "__inline__", "__restrict", "__const"}
BUILTIN = {"void", "char", "short", "int", "long", "float", "double", "signed", "unsigned"}
STATEMENT_WORDS = {"return", "else", "do", "case", "goto", "break", "continue", "default",
                   "if", "while", "for", "switch", "sizeof"}


class Type(NamedTuple):
    """A named base ('struct netconn', 'u8_t') and how many pointers or arrays stand before it."""

    base: str
    depth: int = 0

    def deref(self):
        return Type(self.base, self.depth - 1) if self.depth else None

    def address(self):
        return Type(self.base, self.depth + 1)


class Declarator(NamedTuple):
    name: Optional[str]
    type: Optional[Type]
    params: Optional[tuple]  # token range of a function's parameters
    end: int


class Names:
    """Structures, typedefs, functions and variables, the inner scopes over the outer."""

    def __init__(self, outer=None):
        self.structs = dict(outer.structs) if outer else {}
        self.typedefs = dict(outer.typedefs) if outer else {}
        self.functions = dict(outer.functions) if outer else {}
        self.scopes = [dict(outer.scopes[0]) if outer else {}]

    def variable(self, name):
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        return None

    def declare(self, name, kind):
        self.scopes[-1][name] = kind

    def resolve(self, kind):
        """The type behind its typedefs."""
        for _ in range(10):
            if kind is None or kind.base not in self.typedefs:
                break
            inner = self.typedefs[kind.base]
            kind = inner and Type(inner.base, inner.depth + kind.depth)
        return kind

    def member(self, kind, name):
        kind = self.resolve(kind)
        if kind is None or kind.depth:
            return None
        return self.structs.get(kind.base, {}).get(name)


def _word(tokens, index, end):
    return tokens[index].text if index < end and tokens[index].kind in ("id", "op") else ""


def specifiers(tokens, index, end, names):
    """(base type, is it a typedef, next index) of a declaration's beginning, or None."""
    base, typedef = None, False
    while index < end:
        token = tokens[index]
        if token.kind == "pp":
            index += 1
        elif token.text in QUALIFIERS:
            typedef = typedef or token.text == "typedef"
            index += 1
        elif base is None and token.text in ("struct", "union", "enum"):
            base, index = _tagged(tokens, index, end, names)
        elif token.text in BUILTIN and (base is None or base.base in BUILTIN):
            base, index = Type(token.text), index + 1
        elif base is None and token.kind == "id" and token.text not in STATEMENT_WORDS:
            base, index = Type(token.text), index + 1
        else:
            break
    return None if base is None else (base, typedef, index)


def _tagged(tokens, index, end, names):
    """A struct, union or enum specifier; a body defines its members."""
    keyword = tokens[index].text
    index += 1
    if _word(tokens, index + 2, end) == "{" and tokens[index + 1].kind == "id":
        index += 1  # an attribute macro before the tag
    tag = f"#{tokens[index].start}" if index < end else "#"
    if index < end and tokens[index].kind == "id":
        tag = tokens[index].text
        index += 1
    base = Type(f"{keyword} {tag}")
    if _word(tokens, index, end) == "{":
        close = matching(tokens, index)
        if close is not None and close < end:
            if keyword != "enum":
                names.structs[base.base] = _members(tokens, index + 1, close, names)
            index = close + 1
    return base, index


def _members(tokens, index, end, names):
    found = {}
    while index < end:
        parsed = specifiers(tokens, index, end, names)
        if parsed is None:
            index = _after(tokens, index, end, ";")
            continue
        base, _, index = parsed
        if _word(tokens, index, end) == ";" and base.base in names.structs:
            found.update(names.structs[base.base])  # an unnamed inner struct or union
        for item in declarators(tokens, index, end, base):
            index = item.end
            if item.name:
                found[item.name] = item.type
        index = _after(tokens, index, end, ";")
    return found


def _after(tokens, index, end, stop):
    """The index behind the next `stop` outside brackets."""
    while index < end and _word(tokens, index, end) != stop:
        close = matching(tokens, index) if _word(tokens, index, end) in ("(", "[", "{") else None
        index = index + 1 if close is None else close + 1
    return min(index + 1, end)


def declarators(tokens, index, end, base):
    """The declarators of one declaration; initialisers are left to the caller to walk."""
    while index < end:
        item = declarator(tokens, index, end, base)
        if item is None:
            return
        yield item
        index = item.end
        while index < end and _word(tokens, index, end) not in (",", ";"):
            if _word(tokens, index, end) in (")", "}"):
                return
            close = matching(tokens, index) if _word(tokens, index, end) in ("(", "[", "{") else None
            index = index + 1 if close is None else close + 1
        if _word(tokens, index, end) != ",":
            return
        index += 1


def declarator(tokens, index, end, base):
    """One declarator: its name, its type (of the result, for a function) and where it ends."""
    depth = 0
    while index < end and (tokens[index].text == "*" or tokens[index].text in QUALIFIERS):
        depth += tokens[index].text == "*"
        index += 1
    if index >= end:
        return None
    if tokens[index].text == "(":
        return _nested(tokens, index, end)
    if tokens[index].kind != "id" or tokens[index].text in STATEMENT_WORDS:
        return None
    name = tokens[index].text
    index += 1
    params = None
    while _word(tokens, index, end) in ("[", "("):
        close = matching(tokens, index)
        if close is None or close >= end:
            return None
        if tokens[index].text == "(":
            params = params or (index + 1, close)
        else:
            depth += 1
        index = close + 1
    return Declarator(name, Type(base.base, base.depth + depth), params, index)


def _nested(tokens, index, end):
    """`(*name)(...)` or `(*name)[...]`: a variable of a type we do not follow."""
    close = matching(tokens, index)
    if close is None or close + 1 >= end or tokens[close + 1].text not in ("(", "["):
        return None
    inside = [t.text for t in tokens[index + 1:close] if t.kind == "id" and t.text not in QUALIFIERS]
    if tokens[index + 1].text != "*" or not inside:
        return None
    last = matching(tokens, close + 1)
    return None if last is None else Declarator(inside[0], None, None, last + 1)


def parameters(tokens, span, names):
    """The names and types of a function's parameters."""
    index, end = span
    while index < end:
        parsed = specifiers(tokens, index, end, names)
        if parsed:
            item = declarator(tokens, parsed[2], end, parsed[0])
            if item and item.name:
                yield item.name, None if item.params else item.type
        index = _after(tokens, index, end, ",")


def type_name(tokens, index, end, names):
    """The type that tokens[index:end] name as in a cast, or None if they are no type name."""
    first = tokens[index] if index < end else None
    if first is None or first.kind != "id":
        return None
    parsed = specifiers(tokens, index, end, names)
    if parsed is None:
        return None
    base, _, place = parsed
    depth = 0
    while place < end and (tokens[place].text == "*" or tokens[place].text in QUALIFIERS):
        depth += tokens[place].text == "*"
        place += 1
    if place != end:
        return None
    known = base.base in names.typedefs or base.base in BUILTIN or " " in base.base
    if not known and not depth and first.text not in QUALIFIERS:
        return None
    return Type(base.base, depth)


def collect(tokens, names):
    """File-scope declarations of a header: its structures, typedefs, functions, variables."""
    index, end = 0, len(tokens)
    while index < end:
        if tokens[index].kind == "pp" or tokens[index].text in (";", "}"):
            index += 1
            continue
        if tokens[index].kind == "str" or _is_linkage(tokens, index, end):
            index += 3 if tokens[index].text == "extern" else 1
            continue
        index = _file_scope(tokens, index, end, names)


def _is_linkage(tokens, index, end):
    return (_word(tokens, index, end) == "extern" and index + 2 < end
            and tokens[index + 1].kind == "str")


def _file_scope(tokens, index, end, names):
    parsed = specifiers(tokens, index, end, names)
    if parsed is None:
        return _skip_statement(tokens, index, end)
    base, typedef, index = parsed
    for item in declarators(tokens, index, end, base):
        index = item.end
        record(item, typedef, names)
    return _skip_statement(tokens, index, end)


def record(item, typedef, names):
    """Enters a declared name where it belongs."""
    if typedef:
        names.typedefs[item.name] = item.type if item.params is None else None
    elif item.params is not None:
        names.functions[item.name] = item.type
    else:
        names.declare(item.name, item.type)


def _skip_statement(tokens, index, end):
    """Behind the ';' that ends a declaration, or behind a function's body."""
    while index < end:
        word = _word(tokens, index, end)
        if word == ";" or tokens[index].kind == "pp":
            return index + 1
        close = matching(tokens, index) if word in ("(", "[", "{") else None
        if word == "{":
            return end if close is None else close + 1
        index = index + 1 if close is None else close + 1
    return end
