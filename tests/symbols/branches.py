# SPDX-License-Identifier: BSD-3-Clause
"""Which branches of #if are compiled by no configuration?"""

import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

DIRECTIVE = re.compile(r"\s*#\s*(\w+)")


def unseen(sources, headers, configurations):
    """file:line of each branch with code that is compiled in none of the configurations."""
    jobs = [(source, flags) for flags in configurations for source in sources]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        seen = set().union(*pool.map(lambda job: _lines(*job), jobs))
    found = []
    for path in [*sources, *headers]:
        for first, code in _branches(path):
            if not any((str(path), line) in seen for line in code):
                found.append(f"{path}:{first}")
    return found


def _lines(source, flags):
    """(file, line) of all code that is left after preprocessing."""
    text = subprocess.run(["gcc", "-E", "-std=c99", "-w", *flags, str(source)],
                          capture_output=True, text=True, check=True).stdout
    seen, file, line = set(), "", 0
    for row in text.splitlines():
        marker = re.match(r'# (\d+) "([^"]+)"', row)
        if marker:
            line, file = int(marker.group(1)), _real(marker.group(2))
        else:
            if row.strip():
                seen.add((file, line))
            line += 1
    return seen


_REAL = {}


def _real(name):
    if name not in _REAL:
        _REAL[name] = str(Path(name).resolve())
    return _REAL[name]


def _branches(path):
    """(line of the directive, lines of code directly in the branch) of each branch with code."""
    text = _without_comments(path.read_text())
    stack, continued = [], False
    for number, line in enumerate(text.splitlines(), 1):
        directive = DIRECTIVE.match(line)
        if continued:
            pass  # the rest of a macro is no code
        elif directive:
            word = directive.group(1)
            if word in ("elif", "else", "endif") and stack:
                yield from _with_code(stack.pop())
            if word in ("if", "ifdef", "ifndef", "elif", "else"):
                cplusplus = "__cplusplus" in line
                stack.append((number, None if cplusplus else []))
        elif line.strip() and stack and stack[-1][1] is not None:
            stack[-1][1].append(number)
        continued = line.endswith("\\") and (continued or bool(directive))


def _with_code(branch):
    return [branch] if branch[1] else []


def _without_comments(text):
    """The text with comments blanked, line numbers kept."""
    return re.sub(r"/\*.*?\*/", lambda found: re.sub(r"[^\n]", " ", found.group()), text, flags=re.S)
