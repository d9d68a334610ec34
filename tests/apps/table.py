# SPDX-License-Identifier: BSD-3-Clause
"""docs/applications.md: which application works with which backend and which lwIP, as the tests say."""

from catalogue import APPLICATIONS, COLUMNS
from isolation import REPO

PATH = REPO / "docs" / "applications.md"
WORKS, FAILS = "works", "**fails**"
HEAD = """<!-- SPDX-License-Identifier: BSD-3-Clause -->
<!-- Written by `tests/apps/run --update`; `tests/apps/run` compares it with what it sees. -->
# Applications on lwIP's TCP

Every application that stands on lwIP's TCP, unmodified, with real peers on the other side of a TAP device: byte for
byte, and at the end every connection, segment, packet buffer and byte of lwIP's heap is back. `tests/apps/run` does
it, with the address and undefined behaviour sanitizers; with threads (NO_SYS=0), core locking, altcp and TLS, or
"bare": with NO_SYS=1 and LWIP_ALTCP=0, where an application calls TCP itself and no netconn or socket exists.
"no contrib": Debian's package of lwIP 2.1.3 comes without lwIP's contrib.

"""
FOOT = """
What the applications need that their defaults do not give, with either backend:

- httpd keeps a connection only when the client asks with `Connection: keep-alive` and the file's length is known.
- smtp refuses bodies with line ends unless `SMTP_CHECK_DATA` is 0.
- contrib's netio frees a pbuf that is not there when its peer finishes, which an assertion of lwIP's ends; its test
  ends with a reset.
- `netconn_close()` refuses to close a listener with `LWIP_NETCONN_FULLDUPLEX`; the shell's `clos` cannot, then.
- contrib's tcp_md5 does not expect a segment without a PCB in `LWIP_HOOK_TCP_OUT_ADD_TCPOPTS`: the hook must look.
- `ALTCP_MBEDTLS_AUTHMODE` is one setting for clients and servers.
"""


def _cell(app, column, verdicts):
    missing = column.lacks(app.needs)
    if missing:
        return f"no {missing}"
    if column.name in app.flaws:
        return f"fails: {app.flaws[column.name]}"
    return WORKS if verdicts.get(f"{column.name}/{app.name}") else FAILS


def text(verdicts):
    """The page, from {test's name: whether it passed}."""
    rows = [["application", "what the test does", *(column.name.replace("/", " ") for column in COLUMNS)],
            ["---"] * (2 + len(COLUMNS))]
    for app in APPLICATIONS:
        rows.append([app.what, f"{app.test} (`{app.name}`)", *(_cell(app, column, verdicts) for column in COLUMNS)])
    return HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows) + FOOT


def stale(verdicts):
    """None, or why the page is not what these verdicts say; tests that did not run are taken from the page."""
    written = PATH.read_text().splitlines() if PATH.exists() else []
    known = {}
    for app in APPLICATIONS:
        row = next((line for line in written if f"(`{app.name}`)" in line), "").strip("| ").split(" | ")
        for column, cell in zip(COLUMNS, row[2:]):
            known[f"{column.name}/{app.name}"] = cell == WORKS
    if text({**known, **verdicts}).splitlines() != written:
        return "docs/applications.md is out of date: tests/apps/run --update"
    return None
