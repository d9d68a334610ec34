#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""docs/options.md names exactly the options of tcp_alt_opts.h, each with its default.

usage: options_doc.py page        that the page and the header agree
       options_doc.py used TREE   that each option is read by the backend or by lwIP in TREE
"""

import re
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
HEADER = REPOSITORY / "tcp_alt/include/lwip/tcp_alt_opts.h"
PAGE = REPOSITORY / "docs/options.md"

FIELDS = re.compile(r"Default: (.+?) \| Unit: (.+?) \| Range: (.+?) \| Source: (.+)")


def options_of_header(text):
    """{name: [defaults]}; None for a macro with arguments, whose body is no value."""
    text = re.sub(r"\\\n", " ", text)
    found = {}
    for name in re.findall(r"^#ifndef (\w+)$", text, re.M):
        if name.startswith("LWIP_HDR_"):
            continue
        values = re.findall(rf"^#define {name}(\(\w+\))?[ \t]+(.+?)[ \t]*(?:/\*.*)?$", text, re.M)
        found[name] = None if any(arguments for arguments, _ in values) else [v for _, v in values]
    return found


def options_of_page(text):
    """{name: first line of its section}."""
    return dict(re.findall(r"^### `(\w+)`\n(.*)$", text, re.M))


def problems(header, page):
    for name in sorted(header.keys() - page.keys()):
        yield f"docs/options.md lacks {name}"
    for name in sorted(page.keys() - header.keys()):
        yield f"docs/options.md has {name}, the header has not"
    for name in sorted(header.keys() & page.keys()):
        fields = FIELDS.fullmatch(page[name])
        if not fields:
            yield f"{name}: no line 'Default: ... | Unit: ... | Range: ... | Source: ...'"
        elif header[name] is not None and re.findall(r"`([^`]+)`", fields[1]) != header[name]:
            yield f"{name}: the page's default is {fields[1]}, the header's {header[name]}"


def unused(header, tree):
    sources = [path for path in HEADER.parents[2].rglob("*.[ch]") if path != HEADER]
    sources += [tree / "src/include/lwip/opt.h"]
    words = set()
    for path in sources:
        words.update(re.findall(r"\w+", path.read_bytes().decode("latin-1")))
    for name in sorted(header.keys() - words):
        yield f"nothing reads {name}"


def main(argv):
    header = options_of_header(HEADER.read_text(encoding="utf-8"))
    if argv[1] == "used":
        found = list(unused(header, Path(argv[2])))
    else:
        found = list(problems(header, options_of_page(PAGE.read_text(encoding="utf-8"))))
    if len(header) < 10:
        found.append(f"{HEADER.name}: only {len(header)} options found: is it read rightly?")
    for line in found:
        print(line)
    print(f"{len(header)} options" + (f"; {'; '.join(found)}" if found else ""))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
