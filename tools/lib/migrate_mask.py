# SPDX-License-Identifier: BSD-3-Clause
"""Hides from Coccinelle what it cannot parse, and brings it back.

Macros that stand for a piece of a parameter list or a function's head, branches of an #if with unbalanced
brackets, and CR at the ends of lines. What is hidden is in comments, so that it moves with the text around it.
"""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "lwip"))
from lwiptree.ctokens import Lines, directive, tokenize  # noqa: E402

MARK = "@tcp_migrate@"
# Seen in lwIP's own code; more with `tools/migrate --mask NAME`.
PIECES = ("WRITE_DELAYED_PARAM", "END_TEST")
_HEAD = re.compile(r"START_TEST\s*\(\s*(\w+)\s*\)")


class Ends:
    """The ends of a text's lines, which may be LF, CRLF or both."""

    def __init__(self, text):
        self.ends = re.findall(r"\r?\n", text)
        self.usual = "\r\n" if self.ends.count("\r\n") * 2 > len(self.ends) else "\n"

    def restore(self, text):
        """The text, which has only LF, with the ends as they were."""
        rows = text.split("\n")
        same = len(rows) == len(self.ends) + 1
        ends = self.ends if same else [self.usual] * (len(rows) - 1)
        return "".join(row + end for row, end in zip(rows, [*ends, ""]))


def _tokens_hidden(text, pieces):
    """Macros that are no C by themselves."""
    edits = []
    for token in tokenize(text):
        if token.kind != "id":
            continue
        if token.text in pieces:
            edits.append((token.start, token.end, f"/*{MARK}{token.text}*/"))
        elif token.text == "START_TEST":
            head = _HEAD.match(text, token.start)
            if head:
                edits.append((token.start, head.end(), f"void {head.group(1)}(void)/*{MARK}{head.group()}*/"))
    for start, end, instead in reversed(edits):
        text = text[:start] + instead + text[end:]
    return text


def _groups(text):
    """Each #if group with unbalanced brackets in a branch: the lines of its directives, and the last one's end."""
    lines, stack, found = Lines(text), [], []
    depth = 0
    for token in tokenize(text):
        if token.kind == "op":
            depth += {"{": 1, "}": -1, "(": 1, ")": -1}.get(token.text, 0)
        if token.kind != "pp":
            continue
        word = directive(token)[0]
        if word in ("if", "ifdef", "ifndef"):
            stack.append(([lines.number(token.start)], depth, []))
        elif word in ("else", "elif") and stack:
            marks, start, changes = stack[-1]
            marks.append(lines.number(token.start))
            changes.append(depth - start)
            depth = start
        elif word == "endif" and stack:
            marks, start, changes = stack.pop()
            marks.append(lines.number(token.start))
            changes.append(depth - start)
            depth = start + changes[0]
            if any(changes):
                found.append(marks)
    return found


def turns(text):
    """How often a text must be read so that every branch of it is seen."""
    return max([len(marks) - 1 for marks in _groups(text)], default=1)


def mask(text, turn=0, pieces=PIECES):
    """The text as Coccinelle may read it; of unbalanced branches only the turn-th is seen."""
    hidden = set()
    for marks in _groups(text):
        seen = min(turn, len(marks) - 2)
        for number, (first, last) in enumerate(zip(marks, marks[1:])):
            hidden.add(first)
            if number != seen:
                hidden.update(range(first, last))
        hidden.add(marks[-1])
    rows = _tokens_hidden(text, pieces).split("\n")
    return "\n".join(f"//{MARK}{row}" if number in hidden else row for number, row in enumerate(rows, 1))


def unmask(text):
    """The text with everything that mask() hid."""
    text = re.sub(rf"(?m)^[ \t]*//{MARK}", "", text)
    text = re.sub(rf"void \w+\(void\)\s*/\*{MARK}(START_TEST.*?)\*/", r"\1", text)
    return re.sub(rf"/\*{MARK}(.*?)\*/", r"\1", text)
