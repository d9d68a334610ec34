# SPDX-License-Identifier: BSD-3-Clause
"""The table of calls: read it, judge results by it, print it as a document.

    ; a comment
    [situation] condition...           only where all the conditions hold
    call -> result                     what the call must come to, on both backends
    call -> result | result            any of them: threads race for it
    call -> result {condition...: result; why}
    call                               prepares something: it must come to "ok", 0 or ERR_OK
    call -> ?                          not known yet: run --update takes legacy's result

Conditions: a backend, a version, locking or messages, fullduplex or halfduplex, ipv4 or ipv6, link or loop.
A result that differs by backend needs a reason: the RFC that demands it, or the memory that alt does not need.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "table"
UNKNOWN = "?"
PREPARED = ("ok", "0", "ERR_OK")
REASONS = ("RFC ", "alt needs no ")
BACKENDS = {"legacy", "alt"}
CONDITIONS = BACKENDS | {"2.1.3", "2.2.1", "locking", "messages", "fullduplex", "halfduplex",
                         "ipv4", "ipv6", "link", "loop"}


class Malformed(Exception):
    """A line of a table makes no sense."""


@dataclass
class Exception_:
    """A result that holds under conditions only."""
    conditions: frozenset
    result: str
    why: str


@dataclass
class Row:
    """One call and what it must come to."""
    line: int
    call: str
    result: str | None = None
    exceptions: list = field(default_factory=list)

    def expected(self, holds):
        """The result where these conditions hold; None for a call that only prepares."""
        for exception in self.exceptions:
            if exception.conditions <= holds:
                return exception.result
        return self.result

    def judge(self, holds, result):
        """None if that is the right result, else why not."""
        expected = self.expected(holds)
        allowed = PREPARED if expected is None else expected.split(" | ")
        if result in allowed:
            return None
        return f"line {self.line}: {self.call} -> {result}, not {expected or 'ok'}"


@dataclass
class Case:
    """A situation and the calls that are made in it."""
    file: Path
    title: str
    conditions: frozenset
    rows: list = field(default_factory=list)


def conditions_of(words, where):
    found = frozenset(words.split())
    if not found <= CONDITIONS:
        raise Malformed(f"{where}: no such condition: {' '.join(sorted(found - CONDITIONS))}")
    return found


def row_of(text, number, where):
    call, arrow, rest = text.partition(" -> ")
    row = Row(number, call.strip())
    if not arrow:
        return row
    result, *exceptions = rest.split(" {")
    row.result = result.strip()
    for exception in exceptions:
        match = re.fullmatch(r"([^:]+): ([^;]+?)(?:; (.+))?\}", exception.strip())
        if not match:
            raise Malformed(f"{where}: not {{CONDITION: RESULT; WHY}}: {exception}")
        conditions = conditions_of(match[1], where)
        why = match[3] or ""
        if conditions & BACKENDS and not why.startswith(REASONS):
            raise Malformed(f"{where}: the backends differ, and no RFC is named that demands it")
        row.exceptions.append(Exception_(conditions, match[2].strip(), why))
    return row


def read(file):
    """The cases of one file."""
    cases = []
    for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        where = f"{file.name}:{number}"
        text = text.strip()
        if not text or text.startswith(";"):
            continue
        title = re.fullmatch(r"\[(.+)\](.*)", text)
        if title:
            cases.append(Case(file, title[1], conditions_of(title[2], where)))
        elif not cases:
            raise Malformed(f"{where}: a call before the first situation")
        else:
            cases[-1].rows.append(row_of(text, number, where))
    return cases


def read_all(folder=FOLDER):
    cases = [case for file in sorted(folder.glob("*.txt")) for case in read(file)]
    titles = [case.title for case in cases]
    for title in titles:
        if titles.count(title) > 1:
            raise Malformed(f"two situations are called '{title}'")
    return cases


def fill(cases, results):
    """Write results, by (title, line), where the table says it does not know."""
    for file in sorted({case.file for case in cases}):
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        for case in cases:
            for row in case.rows if case.file == file else []:
                result = results.get((case.title, row.line))
                if row.result == UNKNOWN and result is not None:
                    row.result = result
                    lines[row.line - 1] = f"{row.call} -> {result}\n"
        file.write_text("".join(lines), encoding="utf-8")


# ---- the document ----------------------------------------------------------

INTRODUCTION = """\
<!-- SPDX-License-Identifier: BSD-3-Clause -->
<!-- Written by tests/sockets/run --update; the tables are in tests/sockets/table. -->
# Sockets and netconns on both backends

What each call of lwIP's socket and netconn API comes to, situation by situation: the value returned, `errno` or
`err_t`. `tests/sockets/run` makes all these calls with legacy and with alt, in these configurations, and every
result must be the one that is written here (or one of them, where threads race):

{configurations}

{rows} calls in {cases} situations. Where the two backends differ it says so, and why:

{differences}

`s`, `l` and the like are names for a socket or a netconn; `peer p` is the other end, through the raw API, on the same
lwIP; `link` tells the link between them to lose packets; `start t` makes a call in a thread, `join t` is its result.
`ready s` is what `select()` and `poll()` both say: R readable, W writable, E an error. Sockets are for TCP, addresses
are those of the link: `own`, `peer`, `any`, `nowhere`. A send buffer and a window of 4000 bytes, segments of 1000.
"""


def differences(cases):
    lines = [f"- {case.title}: `{row.call}` gives `{exception.result}` on {' '.join(sorted(exception.conditions))}: "
             f"{exception.why}"
             for case in cases for row in case.rows for exception in row.exceptions
             if exception.conditions & BACKENDS]
    return "\n".join(lines) if lines else "- nowhere."


def printed(row, width):
    text = row.call.ljust(width) + f"  {row.result}" if row.result is not None else row.call
    for exception in row.exceptions:
        text += f"   ({' '.join(sorted(exception.conditions))}: {exception.result})"
    return text


def document(cases, configurations):
    """The whole of docs/sockets.md."""
    parts = [INTRODUCTION.format(
        configurations="\n".join(f"- {configuration}" for configuration in configurations),
        rows=sum(row.result is not None for case in cases for row in case.rows), cases=len(cases),
        differences=differences(cases))]
    file = None
    for case in cases:
        if case.file != file:
            file = case.file
            parts.append(f"\n## {file.stem}\n")
        only = f" (only: {', '.join(sorted(case.conditions))})" if case.conditions else ""
        width = max(len(row.call) for row in case.rows)
        parts.append(f"\n**{case.title}**{only}\n\n```text\n")
        parts.extend(printed(row, width) + "\n" for row in case.rows)
        parts.append("```\n")
    return "".join(parts)
