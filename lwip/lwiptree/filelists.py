# SPDX-License-Identifier: BSD-3-Clause
"""lwIP's own lists of files in the tree name ours too, right behind its TCP.

Each of our files compiles to nothing when it is not wanted, so the
lists need no condition.
"""

import re

from .errors import TreeError

LISTS = {
    "src/Filelists.cmake": "${{LWIP_DIR}}/src/{}",
    "src/Filelists.mk": "$(LWIPDIR)/{}",
}


def extend(path, text, sources):
    """The list with our sources (paths below src/) behind its line for tcp_out.c."""
    match = re.search(r"^([ \t]*)\S*/core/tcp_out\.c([ \t]*\\?)(\r?\n)", text, re.M)
    if not match:
        raise TreeError(f"{path}: no line for core/tcp_out.c to put our files behind")
    indent, behind, eol = match.groups()
    rows = [indent + LISTS[path].format(source) + behind + eol for source in sources]
    return text[:match.end()] + "".join(rows) + text[match.end():]
