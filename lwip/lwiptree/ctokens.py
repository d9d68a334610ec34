# SPDX-License-Identifier: BSD-3-Clause
"""C text to tokens.

Blanks and comments are no tokens, but every token knows its place in the text,
so that a rewriter changes what it means to change and not one byte more. CR is
a blank: files with CRLF line ends need no conversion. A preprocessor directive
is one token of kind 'pp', continuation lines and all.
"""

import bisect
import re
from typing import NamedTuple


class Token(NamedTuple):
    kind: str  # 'id', 'num', 'str', 'op' or 'pp'
    text: str
    start: int
    end: int


_SPLICE = r"\\\r?\n"
_BLOCK_COMMENT = r"/\*.*?(?:\*/|\Z)"
_STRING = r'"(?:\\(?:\r\n|.)|[^"\\\n])*(?:"|(?=\n)|\Z)'
_CHAR = r"'(?:\\(?:\r\n|.)|[^'\\\n])*(?:'|(?=\n)|\Z)"

_BLANK = re.compile(
    rf"(?:[ \t\r\n\f\v]|{_SPLICE}|{_BLOCK_COMMENT}|//(?:{_SPLICE}|[^\n])*)+", re.S)
_DIRECTIVE = re.compile(
    rf"#(?:{_SPLICE}|{_BLOCK_COMMENT}|//[^\n]*|{_STRING}|{_CHAR}|[^\n])*", re.S)
_TOKEN = re.compile(
    rf"(?P<id>[A-Za-z_$][\w$]*)"
    rf"|(?P<str>{_STRING}|{_CHAR})"
    rf"|(?P<num>\.?[0-9](?:[eEpP][+-]|[\w.])*)"
    rf"|(?P<op>->|\+\+|--|<<=|>>=|\.\.\.|<<|>>|[-+*/%&|^=!<>]=|&&|\|\||##|.)", re.S)


def tokenize(text, start=0, end=None, directives=True):
    """The tokens of text[start:end]; with directives=False a '#' is an operator."""
    end = len(text) if end is None else end
    tokens = []
    position, fresh_line = start, True
    while position < end:
        blank = _BLANK.match(text, position, end)
        if blank:
            fresh_line = fresh_line or "\n" in blank.group()
            position = blank.end()
            continue
        if directives and fresh_line and text[position] == "#":
            match = _DIRECTIVE.match(text, position, end)
            kind = "pp"
        else:
            match = _TOKEN.match(text, position, end)
            kind = match.lastgroup
        tokens.append(Token(kind, match.group(), match.start(), match.end()))
        position, fresh_line = match.end(), False
    return tokens


def directive(token):
    """The name and the rest of a 'pp' token: '#  if A' gives ('if', 'A')."""
    match = re.match(r"#[ \t]*(\w*)(.*)", token.text, re.S)
    return match.group(1), match.group(2).strip()


def matching(tokens, index):
    """The index of the bracket that closes the one at index, or None."""
    pairs = {"(": ")", "[": "]", "{": "}"}
    closer = [pairs[tokens[index].text]]
    for place in range(index + 1, len(tokens)):
        word = tokens[place].text if tokens[place].kind == "op" else ""
        if word in pairs:
            closer.append(pairs[word])
        elif word and word == closer[-1]:
            closer.pop()
            if not closer:
                return place
    return None


class Lines:
    """Line numbers of places in a text."""

    def __init__(self, text):
        self._starts = [0] + [m.end() for m in re.finditer("\n", text)]

    def number(self, position):
        return bisect.bisect_right(self._starts, position)
