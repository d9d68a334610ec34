# SPDX-License-Identifier: BSD-3-Clause
"""Inserts preprocessor lines into a file whose line numbers must not change.

An inserted line takes the place of a blank one where there is one; where there
is none, a #line directive in front keeps the numbers of what follows. Places
are found by the names of macros, structures and functions.
"""

import re

from .ctokens import Lines, directive, matching, tokenize
from .errors import TreeError

LEGACY = "#if !LWIP_TCP_ALT"
ENDIF = "#endif /* LWIP_TCP_ALT */"


class Patch:
    """Line ranges are pairs (first, last), counted from 1."""

    def __init__(self, text, name):
        self.name = name
        self.text = text
        self.eol = "\r\n" if "\r\n" in text else "\n"
        self.rows = text.split("\n")
        self.tokens = tokenize(text)
        self.before = {}  # line -> directives that go in front of it
        self.missing = []  # names that were asked for and are not there
        self._numbers = Lines(text)

    # Finding places

    def lines(self, token):
        return self._numbers.number(token.start), self._numbers.number(token.end)

    def defines(self, macro):
        """The ranges of every #define of this macro, continuation lines included."""
        found = [self.lines(t) for t in self.tokens if t.kind == "pp"
                 and re.match(rf"#[ \t]*define[ \t]+{macro}\b", t.text)]
        if not found:
            self.missing.append(f"{self.name}: no #define {macro}")
        return found

    def body(self, keyword, tag):
        """The range of `struct tag { ... };`."""
        for index, token in enumerate(self.tokens[:-2]):
            words = [t.text for t in self.tokens[index:index + 3]]
            if token.kind == "id" and words == [keyword, tag, "{"]:
                close = matching(self.tokens, index + 2)
                return self.lines(token)[0], self.lines(self.tokens[close])[1]
        raise TreeError(f"{self.name}: no {keyword} {tag}: is this an lwIP from 2.1.3 on?")

    def declaration(self, name):
        """The range of a declaration at file scope, such as a prototype; None if it is not there."""
        start = 0
        for index, token in enumerate(self.tokens):
            if token.kind == "pp" or token.text in (";", "{", "}"):
                start = index + 1
            elif token.text == name:
                stop = next(i for i in range(index, len(self.tokens))
                            if self.tokens[i].text == ";")
                return self.lines(self.tokens[start])[0], self.lines(self.tokens[stop])[1]
        self.missing.append(f"{self.name}: no declaration of {name}")
        return None

    def has(self, name):
        return any(t.text == name for t in self.tokens)

    def macros(self, first, last):
        """The range from the first #define of one macro to the last of another, None if not there."""
        opening, closing = self.defines(first), self.defines(last)
        return (opening[0][0], closing[-1][1]) if opening and closing else None

    def declarations(self, first, last):
        """The range from one declaration to another, None if one is not there."""
        opening, closing = self.declaration(first), self.declaration(last)
        return (opening[0], closing[1]) if opening and closing else None

    def directives(self, word):
        """The lines of the directives of this name, such as 'include'."""
        return [self.lines(t)[0] for t in self.tokens
                if t.kind == "pp" and directive(t)[0] == word]

    def balanced(self, span):
        """The range, widened until every #if in it has its #endif in it."""
        first, last = span
        for opening, middle, closing in self._conditionals():
            marks = [opening, *middle, closing]
            inside = [first <= mark <= last for mark in marks]
            if any(inside) and not all(inside):
                return self.balanced((min(first, opening), max(last, closing)))
        return first, last

    def _conditionals(self):
        """(line of #if, lines of its #else and #elif, line of its #endif), inner ones first."""
        stack = []
        for token in self.tokens:
            word = directive(token)[0] if token.kind == "pp" else ""
            line = self.lines(token)[0]
            if word in ("if", "ifdef", "ifndef"):
                stack.append((line, []))
            elif word in ("else", "elif") and stack:
                stack[-1][1].append(line)
            elif word == "endif" and stack:
                opening, middle = stack.pop()
                yield opening, middle, line

    # Changing

    def insert(self, line, *directives):
        """Puts directives in front of a line."""
        self.before.setdefault(line, []).extend(directives)

    def legacy_only(self, span, *otherwise):
        """The range counts for legacy alone; `otherwise` is what stands for it in alt."""
        first, last = self.balanced(span)
        opening = self.before.setdefault(first, [])
        if not otherwise and opening[-1:] == [ENDIF]:
            opening.pop()  # two neighbours share one #if
        else:
            opening.append(LEGACY)
        self.insert(last + 1, *(["#else", *otherwise] if otherwise else []), ENDIF)

    def result(self):
        """The text with the inserted lines; every line of lwIP's keeps its number."""
        resync = self._resync_lines()
        out = []
        for number, row in enumerate(self.rows, 1):
            extra = self.before.get(number, [])
            if len(extra) == 1 and out and not out[-1].strip() and number not in resync:
                out[-1] = self._row(extra[0])
            elif extra or number in resync:
                out.append(self._row(f"#line {number - len(extra)}"))
                out.extend(map(self._row, extra))
            out.append(row)
        return "\n".join(out)

    def _row(self, text):
        return text + self.eol[:-1]

    def _resync_lines(self):
        """Lines behind an #else or #endif of a group that holds inserted lines.

        In a skipped branch a #line directive is skipped as well, but counted as a line.
        """
        found = set()
        for opening, middle, closing in self._conditionals():
            marks = [opening, *middle, closing]
            grown = False
            for start, stop in zip(marks, marks[1:]):
                grown = grown or any(start < n <= stop for n in self.before.keys() | found)
                if grown and stop < len(self.rows):
                    found.add(stop + 1)
        return found
