# SPDX-License-Identifier: BSD-3-Clause
"""Direct accesses to a PCB in one C file become accessors.

The text changes only where an access stands: no line is added or removed, no
blank moved. An access in a shape that no accessor can stand for is left alone
and listed; with the alternative backend the compiler then refuses it, because
`struct tcp_pcb` is incomplete outside TCP.
"""

import re
from typing import NamedTuple

from . import cdecl
from .access import ACCESS, LISTEN_PCB, PCB, member_type
from .cdecl import Names
from .ctokens import Lines, directive, matching, tokenize

_LINE_END = re.compile(r"\\?\r?\n")
_COMPOUND = {"+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="}
_SCALAR_RESULT = {"==", "!=", "<", ">", "<=", ">=", "&&", "||"}
_CONTROL = {"if", "while", "switch"}


class Site(NamedTuple):
    """One access: where it stands, which member, and 'get', 'set' or why it was left alone."""

    line: int
    member: str
    mode: str


class Result(NamedTuple):
    text: str
    sites: list
    left: list
    unknown: list  # members of that name, of something whose type is not known


def rewrite(text, shared, table=ACCESS):
    """The file's text with accessors, the sites rewritten and those left alone."""
    worker = _Rewriter(text, shared, table)
    worker.run()
    return Result(worker.edited(), sorted(worker.sites), sorted(worker.left), sorted(worker.unknown))


class _Rewriter:
    def __init__(self, text, shared, table):
        self.text = text
        self.table = table
        self.lines = Lines(text)
        self.names = Names(shared)
        self.tokens = tokenize(text)
        self.edits = []  # (start, end, replacement), later ones at one place stand outside
        self.sites = []
        self.left = []
        self.unknown = []
        self.branches = []  # the scopes at each open #if, and at the end of its first branch
        self.in_macro = False

    def edited(self):
        order = sorted(range(len(self.edits)), key=lambda n: (self.edits[n][0], -n))
        out, position = [], 0
        for number in order:
            start, end, replacement = self.edits[number]
            line_ends = _LINE_END.findall(self.text, start, end)  # no line may get lost
            out += [self.text[position:start], replacement, *line_ends]
            position = max(position, end)
        return "".join(out) + self.text[position:]

    # Statements and scopes

    def run(self):
        index, end = 0, len(self.tokens)
        while index < end:
            index = self._statement(index, end)

    def _statement(self, index, end):
        token = self.tokens[index]
        if token.kind == "pp":
            self._directive(token)
            return index + 1
        if token.text == "{":
            self.names.scopes.append({})
            return index + 1
        if token.text == "}":
            if len(self.names.scopes) > 1:
                self.names.scopes.pop()
            return index + 1
        if token.text in (";", "else", "do"):
            return index + 1
        if token.text == "for" or token.text in _CONTROL:
            return self._control(index, end)
        return self._declaration(index, end) or self._plain(index, end)

    def _control(self, index, end):
        close = self._group_end(index + 1, end)
        if close is None:
            return index + 1
        if self.tokens[index].text == "for":
            place = index + 2
            while place < close:
                place = self._statement(place, close)
        else:
            self._expression(index + 2, close)
        return close + 1

    def _group_end(self, index, end):
        if index >= end or self.tokens[index].text != "(":
            return None
        close = matching(self.tokens, index)
        return close if close is not None and close < end else None

    def _plain(self, index, end):
        """An expression statement, or a label: up to ';', a brace or the label's colon."""
        stop = self._until(index, end, (";", "{", "}"))
        if self.tokens[index].text in ("case", "default") or (
                index + 1 < stop and self.tokens[index].kind == "id"
                and self.tokens[index + 1].text == ":"):
            colon = self._until(index, stop, (":",))
            self._expression(index + 1, colon)
            return colon + 1
        self._expression(index, stop)
        return max(stop, index + 1)

    def _until(self, index, end, stops):
        while index < end:
            text = self.tokens[index].text
            if text in stops and self.tokens[index].kind == "op":
                return index
            close = matching(self.tokens, index) if text in ("(", "[") else None
            index = index + 1 if close is None or close >= end else close + 1
        return end

    def _declaration(self, index, end):
        """A declaration's next index, or None if this is none."""
        tokens = self.tokens
        parsed = cdecl.specifiers(tokens, index, end, self.names)
        if parsed is None:
            return None
        base, typedef, place = parsed
        first = cdecl.declarator(tokens, place, end, base) if place < end else None
        if first is None:
            # `struct tag { ... };`, or no declaration at all
            return place if place < end and tokens[place].text == ";" and " " in base.base else None
        behind = tokens[first.end].text if first.end < end else ";"
        if place == index + 1 and first.params is not None and tokens[place].text == "(":
            return None
        if first.params is not None and len(self.names.scopes) > 1 and behind != ";":
            return None
        if first.params is None and behind not in ("=", ";", ",", ")"):
            return None
        return self._declared(place, end, base, typedef)

    def _declared(self, place, end, base, typedef):
        tokens = self.tokens
        while place < end:
            item = cdecl.declarator(tokens, place, end, base)
            if item is None:
                return place
            cdecl.record(item, typedef, self.names)
            place = item.end
            if place < end and tokens[place].text == "=":
                stop = self._initialiser_end(place + 1, end)
                self._expression(place + 1, stop)
                place = stop
            if item.params is not None:
                place = self._until(place, end, (";", "{", ","))
                if place < end and tokens[place].text == "{":
                    self.names.scopes.append(
                        dict(cdecl.parameters(tokens, item.params, self.names)))
                    return place + 1
            if place >= end or tokens[place].text != ",":
                return place
            place += 1
        return place

    def _initialiser_end(self, index, end):
        while index < end and self.tokens[index].text not in (",", ";"):
            close = (matching(self.tokens, index)
                     if self.tokens[index].text in ("(", "[", "{") else None)
            index = index + 1 if close is None or close >= end else close + 1
        return min(index, end)

    # Preprocessor

    def _directive(self, token):
        """Each branch of an #if starts from the same scopes; behind it the first branch's count."""
        name, _ = directive(token)
        scopes = self.names.scopes
        if name in ("if", "ifdef", "ifndef"):
            self.branches.append([list(map(dict, scopes)), None])
        elif name in ("else", "elif") and self.branches:
            branch = self.branches[-1]
            branch[1] = branch[1] or scopes
            self.names.scopes = list(map(dict, branch[0]))
        elif name == "endif" and self.branches:
            first = self.branches.pop()[1]
            if first:
                self.names.scopes = first
        elif name == "define":
            self._macro(token)

    def _macro(self, token):
        """A macro's body is walked as an expression in which its parameters are unknown."""
        inside = tokenize(self.text, token.start + 1, token.end, directives=False)
        if len(inside) < 3 or inside[0].text != "define":
            return
        body, params = 2, []
        if inside[2].text == "(" and inside[2].start == inside[1].end:
            close = matching(inside, 2)
            if close is None:
                return
            params = [t.text for t in inside[3:close] if t.kind == "id"]
            body = close + 1
        outside, self.tokens = self.tokens, inside
        scopes, self.names.scopes = self.names.scopes, [self.names.scopes[0], dict.fromkeys(params)]
        self.in_macro = True
        self._expression(body, len(inside))
        self.in_macro = False
        self.tokens, self.names.scopes = outside, scopes

    # Expressions

    def _expression(self, index, end):
        """Walks an expression and gives its type, None if unknown or no pointer."""
        result, blocked, operand = None, False, True
        while index < end:
            token = self.tokens[index]
            if token.kind == "pp":
                self._directive(token)
                index += 1
                continue
            starts = token.kind in ("id", "num", "str") or token.text == "("
            if starts or (operand and token.text in ("*", "&", "!", "~", "-", "+", "++", "--")):
                index, kind = self._unary(index, end)
                result = result or (None if blocked else kind)
                operand = False
                continue
            if token.text in (",", "?", ";"):
                result, blocked = None, False
            elif token.text in _SCALAR_RESULT:
                result, blocked = None, True
            operand = token.text not in (")", "]")
            index += 1
        return result

    def _unary(self, index, end):
        """(next index, type) of an operand with the operators before it."""
        token = self.tokens[index]
        if token.kind != "op" or token.text == "(":
            return self._postfix(index, end)
        if index + 1 >= end:
            return index + 1, None
        following, kind = self._unary(index + 1, end)
        if token.text == "*":
            return following, self._deref(kind)
        if token.text == "&":
            return following, kind and kind.address()
        return following, kind if token.text in ("++", "--") else None

    def _deref(self, kind):
        kind = self.names.resolve(kind)
        return kind.deref() if kind else None

    def _postfix(self, index, end):
        tokens = self.tokens
        start, kind, callee = index, None, None
        token = tokens[index]
        if token.text == "(" and token.kind == "op":
            close = self._group_end(index, end)
            if close is None:
                return index + 1, None
            cast = cdecl.type_name(tokens, index + 1, close, self.names)
            if cast and close + 1 < end and self._starts_operand(tokens[close + 1]):
                following, _ = self._unary(close + 1, end)
                return following, cast
            kind = self._expression(index + 1, close)
            index = close + 1
        elif token.text in _CONTROL and self._group_end(index + 1, end):
            close = self._group_end(index + 1, end)
            self._expression(index + 2, close)
            return close + 1, None
        elif token.kind == "id" and token.text in cdecl.STATEMENT_WORDS:
            return index + 1, None
        else:
            if token.kind == "id":
                kind, callee = self.names.variable(token.text), token.text
            index += 1
        return self._suffixes(start, index, end, kind, callee)

    @staticmethod
    def _starts_operand(token):
        return token.kind in ("id", "num", "str") or token.text in ("(", "*", "&", "!", "~", "-", "+")

    def _suffixes(self, start, index, end, kind, callee):
        tokens = self.tokens
        while index < end:
            word = tokens[index].text if tokens[index].kind == "op" else ""
            if word in ("[", "("):
                close = matching(tokens, index)
                if close is None or close >= end:
                    return index, None
                self._expression(index + 1, close)
                if word == "[":
                    kind = self._deref(kind)
                else:
                    kind = self.names.functions.get(callee)
                index = close + 1
            elif word in ("->", ".") and index + 1 < end and tokens[index + 1].kind == "id":
                kind = self._member(start, index, end, kind)
                index += 2
            elif word in ("++", "--"):
                index += 1
            else:
                break
            callee = None
        return index, kind

    def _member(self, start, index, end, kind):
        """`E->m` or `E.m`: the member's type; an access to a PCB is rewritten."""
        kind = self.names.resolve(kind)
        arrow = self.tokens[index].text == "->"
        target = kind and (kind.deref() if arrow else kind)
        name = self.tokens[index + 1].text
        if target and not target.depth and target.base in (PCB, LISTEN_PCB):
            self._access(start, index, end, target.base, arrow)
            return member_type(target.base, name, self.table)
        if target is None and name in self.table:
            self.unknown.append(Site(self.lines.number(self.tokens[index + 1].start), name, "type unknown"))
        return self.names.member(target, name) if target else None

    # Accesses

    def _access(self, start, index, end, pcb, arrow):
        token = self.tokens[index + 1]
        line = self.lines.number(token.start)
        mode = _Shape(self, start, index, end, pcb, arrow).apply()
        if mode in ("get", "set"):
            self.sites.append(Site(line, token.text, mode))
        else:
            self.left.append(Site(line, token.text, mode))


class _Shape:
    """One access in its surroundings: which accessor stands for it, and the edits for that."""

    def __init__(self, owner, start, index, end, pcb, arrow):
        self.edits, self.text, self.tokens = owner.edits, owner.text, owner.tokens
        self.macro = owner.in_macro
        self.start, self.op, self.end = start, index, end
        self.member = self.tokens[index + 1]
        self.access = owner.table.get(self.member.text)
        self.argument = "" if arrow else "&"
        if pcb == LISTEN_PCB:
            self.argument = "(const struct tcp_pcb *)" + self.argument
        self.listen = pcb == LISTEN_PCB

    def apply(self):
        """Makes the edits; 'get', 'set', or the reason why there are none."""
        following = self._text(self.op + 2)
        if self.access is None:
            return "no accessor"
        if following in ("++", "--") or self._text(self.start - 1) in ("++", "--"):
            return "increment"
        if following == "=" or following in _COMPOUND:
            return self._assignment(following)
        if self._text(self.start - 1) == "(" and self._text(self.start - 2) == "IP_SET_TYPE_VAL":
            return self._set_type()
        if self.access.kind == "address":
            return self._address(following)
        if self._text(self.start - 1) == "&" and self._is_unary(self.start - 1):
            return "address taken"
        if self.access.kind == "present":
            return self._present(following)
        cast = "(struct tcp_pcb_listen *)" if self.listen and self.member.text == "next" else ""
        return self._get(f"({cast}" if cast else "", ")" if cast else "")

    def _text(self, index):
        return self.tokens[index].text if 0 <= index < len(self.tokens) else ""

    def _is_unary(self, index):
        before = self.tokens[index - 1] if index > 0 else None
        if before is None or before.kind == "pp":
            return True
        if before.kind in ("num", "str") or before.text in (")", "]"):
            return False
        return before.kind == "op" or before.text in cdecl.STATEMENT_WORDS

    def _edit(self, start, end, replacement):
        self.edits.append((start, end, replacement))

    def _get(self, before="", behind=""):
        begin = self.tokens[self.start].start
        self._edit(begin, begin, f"{before}{self.access.getter}({self.argument}")
        self._edit(self.tokens[self.op].start, self.member.end, f"){behind}")
        return "get"

    def _address(self, following):
        """The getter gives the address; `&E->m` needs no more, any other use dereferences it."""
        taken = self.start - 1
        if following not in (".", "[") and self._text(taken) == "&" and self._is_unary(taken):
            self._edit(self.tokens[taken].start, self.tokens[taken].end, "")
            if self._text(taken - 1) == "return":
                return self._get("tcp_access_unconst(", ")")
            return self._get()
        return self._get("(*", ")")

    def _present(self, following):
        """A pointer that outside TCP may only be tested: against NULL, or as a condition."""
        before, null = self._text(self.start - 1), ("NULL", "0")
        if following in ("==", "!=") and self._text(self.op + 3) in null:
            self._get("(!" if following == "==" else "", ")" if following == "==" else "")
            self._edit(self.member.end, self.tokens[self.op + 3].end, "")
            return "get"
        if before in ("==", "!=") and self._text(self.start - 2) in null:
            self._edit(self.tokens[self.start - 2].start, self.tokens[self.start].start, "")
            return self._get("(!" if before == "==" else "", ")" if before == "==" else "")
        opens = before in ("&&", "||", "!") or (before == "(" and self._opens_condition())
        if opens and following in (")", "&&", "||", "?"):
            return self._get()
        return "more than a test for NULL"

    def _opens_condition(self):
        owner = self.tokens[self.start - 2] if self.start >= 2 else None
        return owner is None or owner.kind == "op" or owner.text in _CONTROL | {"return"}

    def _set_type(self):
        """IP_SET_TYPE_VAL is the only write to an address outside TCP."""
        if self.access.kind != "address":
            return "no accessor"
        macro = self.tokens[self.start - 2]
        self._edit(macro.start, macro.end, self.access.setter)
        if self.argument:
            begin = self.tokens[self.start].start
            self._edit(begin, begin, self.argument)
        self._edit(self.tokens[self.op].start, self.member.end, "")
        return "set"

    def _assignment(self, operator):
        if self.access.setter is None or self.access.kind != "value":
            return "written"
        if not self._starts_statement():
            return "value of an assignment used"
        first, last = self.op + 3, self._right_side_end()
        if last is None or last == first:
            return "no simple right side"
        target = self.text[self.tokens[self.start].start:self.tokens[self.op].start]
        simple = all(t.kind == "id" or t.text in ("->", ".")
                     for t in self.tokens[self.start:self.op])
        if operator != "=" and not simple:
            return "would be evaluated twice"
        begin = self.tokens[self.start].start
        argument = self.argument.replace("const ", "")
        self._edit(begin, begin, f"{self.access.setter}({argument}")
        right = ", "
        close = ")"
        if operator != "=":
            right = f", {self.access.getter}({self.argument}{target}) {operator[:-1]} ("
            close = "))"
        self._edit(self.tokens[self.op].start, self.tokens[first].start, right)
        self._edit(self.tokens[last - 1].end, self.tokens[last - 1].end, close)
        return "set"

    def _starts_statement(self):
        if self.start == 0:
            return True
        before = self.tokens[self.start - 1]
        if before.kind == "pp" or before.text in (";", "{", "}", ":", "else", "do"):
            return True
        return before.text == ")" and self._closes_call(self.start - 1)

    def _closes_call(self, close):
        """Whether tokens[close] ends `word(...)`: a condition, or a macro without ';'."""
        depth = 0
        for place in range(close, 0, -1):
            depth += {")": 1, "(": -1}.get(self.tokens[place].text, 0)
            if depth == 0:
                return self.tokens[place - 1].kind == "id"
        return False

    def _right_side_end(self):
        """The index behind the right side, None if it has a comma or no end in sight."""
        index, limit = self.op + 3, self.end if self.macro else len(self.tokens)
        while index < limit:
            token = self.tokens[index]
            if token.kind == "pp" or token.text in (",", "{", "}", ")"):
                return None
            if token.text == ";":
                return index
            close = matching(self.tokens, index) if token.text in ("(", "[") else None
            index = index + 1 if close is None else close + 1
        return index if self.macro and index == limit else None
