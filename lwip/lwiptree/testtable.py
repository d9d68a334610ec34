# SPDX-License-Identifier: BSD-3-Clause
"""lwIP's own unit tests for either backend: a second, test-only table.

Like rewrite, but for code that reads and writes a PCB's inner state. The accessors
are those of lwip/tcp_alt_test.h. A copy of a tree's test/unit is written; what the
tests say stays as it is but for the repairs asked for by name.
"""

import re
import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple

from . import cdecl, rewrite
from .access import Access
from .cdecl import Type
from .ctokens import matching, tokenize
from .errors import TreeError
from .tree import synchronise

SEGMENT = "tcp_alt_test_seg"

_MEMBERS = (
    "bytes_acked", "cwnd", "dupacks", "flags", "lastack", "mss", "nrtx", "persist_backoff",
    "persist_probe", "rcv_nxt", "rto_end", "snd_lbb", "snd_nxt", "snd_wl2", "snd_wnd",
    "snd_wnd_max", "ssthresh", "unsent_oversize")
_QUEUES = ("unsent", "unacked", "ooseq")
_ADDRESSES = ("local_ip", "remote_ip")

TABLE = {
    "state": Access("tcp_state_get", "tcp_alt_test_state_set"),
    "next": Access("tcp_next_get"),
    "local_port": Access("tcp_local_port_get", "tcp_alt_test_local_port_set"),
    "remote_port": Access("tcp_remote_port_get", "tcp_alt_test_remote_port_set"),
    **{name: Access(f"tcp_alt_test_{name}", f"tcp_alt_test_{name}_set") for name in _MEMBERS},
    **{name: Access(f"tcp_alt_test_{name}", type=Type(f"struct {SEGMENT}", 1))
       for name in _QUEUES},
    # The test of MQTT calls the client's callbacks itself.
    "callback_arg": Access("tcp_callback_arg_get"),
    "connected": Access("tcp_alt_test_connected"),
    "recv": Access("tcp_alt_test_recv"),
    "rcv_wnd": Access("tcp_alt_test_rcv_wnd", "tcp_alt_test_rcv_wnd_set"),
    **{name: Access(f"tcp_alt_test_{name}", kind="address", type=Type("ip_addr_t"))
       for name in _ADDRESSES},
}

# Names of TCP's inner parts that only legacy has.
_RENAMED = {
    "TCP_REG": "tcp_alt_test_register",
    "TCP_TCPLEN": "tcp_alt_test_tcplen",
    "tcp_next_iss": "tcp_alt_test_next_iss",
}

# Which argument of the tests' own helpers holds a crafted segment's flags.
_CRAFTED = {"tcp_create_segment": 8, "tcp_create_rx_segment": 5, "tcp_create_rx_segment_wnd": 5}

# START_TEST and END_TEST hide that the code between them is a function.
_END = re.compile(r"\bEND_TEST\b")
_END_MASK = "/*END_TEST*/"


class Repairs(NamedTuple):
    """What is changed in one test, by name."""

    ack: bool = False       # crafted segments get the ACK flag
    remote: bool = False    # what connects to a gateway that is not set connects to the remote host
    oversize: bool = False  # no look at the spare bytes of segments
    silent: int = -1        # so many ticks pass before what is waited for
    heap: int = 0           # bytes of lwIP's heap, for all tests of the release


def write(tree, out, repairs):
    """Writes tree/test/unit, rewritten, to `out`; what cannot be rewritten is an error."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as staging:
        fresh = Path(staging) / "unit"
        shutil.copytree(tree / "test/unit", fresh)
        sites = _rewrite_all(tree, fresh, repairs)
        _enlarge_heap(fresh / "lwipopts.h", max((r.heap for r in repairs.values()), default=0))
        synchronise(fresh, out)
    return sites


def _enlarge_heap(path, size):
    if size:
        before = path.read_bytes().decode("latin-1")
        after, found = re.subn(r"(?m)^(#define[ \t]+MEM_SIZE[ \t]+)(\d+)",
                               rf"\1(LWIP_TCP_ALT ? {size} : \2)", before)
        if found != 1:
            raise TreeError(f"{path.name}: MEM_SIZE is not where it was")
        path.write_bytes(after.encode("latin-1"))


def _rewrite_all(tree, folder, repairs):
    shared = _shared_names(tree, folder)
    sites, repaired = 0, set()
    for path in sorted(folder.rglob("*.c")):
        before = path.read_bytes().decode("latin-1")
        text, done = prepare(before, repairs)
        result = rewrite.rewrite(text, shared, TABLE)
        if result.left:
            raise TreeError("\n".join(f"{path.name}:{s.line}: {s.member}: {s.mode}"
                                      for s in result.left))
        sites += len(result.sites)
        repaired |= done
        if result.text != _END.sub(_END_MASK, before):
            path.write_bytes(_finished(result.text).encode("latin-1"))
    missing = set(repairs) - repaired
    if missing:
        raise TreeError(f"no such test to repair: {', '.join(sorted(missing))}")
    return sites


def _shared_names(tree, out):
    names = cdecl.Names()
    names.typedefs["struct altcp_pcb"] = Type("struct tcp_pcb")  # as lwIP has it without altcp
    headers = [p for top in (tree / "src/include", out) for p in sorted(top.rglob("*.h"))]
    for path in headers:
        cdecl.collect(tokenize(path.read_bytes().decode("latin-1")), names)
    return names


def _finished(text):
    """The rewritten text with the accessors' header; lines keep their numbers."""
    eol = "\r\n" if "\r\n" in text else "\n"
    return (f'#include "lwip/tcp_alt_test.h"{eol}#line 1{eol}'
            + text.replace(_END_MASK, "END_TEST"))


def prepare(text, repairs):
    """All that is no access to a member; the text for the rewriter, and the tests repaired."""
    text = _END.sub(_END_MASK, text)
    tokens = tokenize(text)
    edits = []  # (start, end, replacement)
    elements = _elements(tokens, edits)
    done = set()
    for index, token in enumerate(tokens):
        words = [t.text for t in tokens[index:index + 5]]
        if token.text in _RENAMED:
            edits.append((token.start, token.end, _RENAMED[token.text]))
        elif words[:2] == ["struct", "tcp_seg"]:
            edits.append((tokens[index + 1].start, tokens[index + 1].end, SEGMENT))
        elif words == ["tcp_active_pcbs", "[", "0", "]", "."]:
            edits.append((tokens[index + 1].start, tokens[index + 4].end, "->"))
        elif token.text == "&" and words[1] in elements:
            edits.append((token.start, token.end, ""))
        elif token.text == "while":
            _bound(tokens, index, edits)
        elif token.text == "START_TEST" and words[2] in repairs:
            _repair(tokens, index, repairs[words[2]], edits)
            done.add(words[2])
    return _apply(text, set(edits)), done  # two tests may ask for the same repair


def _apply(text, edits):
    out, position = [], 0
    for start, end, replacement in sorted(edits):
        out += [text[position:start], replacement]
        position = end
    return "".join(out) + text[position:]


def _elements(tokens, edits):
    """`struct tcp_pcb name;` on the stack becomes a pointer to an element of the real size."""
    found = set()
    for index in range(len(tokens) - 3):
        one, two, name, four = tokens[index:index + 4]
        if (one.text, two.text, four.text) == ("struct", "tcp_pcb", ";") and name.kind == "id":
            found.add(name.text)
            edits.append((name.start, name.end, f"*{name.text} = tcp_alt_test_element()"))
    return found


def _bound(tokens, index, edits):
    """A loop that only a deadline ends gets a bound."""
    close = matching(tokens, index + 1)
    if close is None or close + 1 >= len(tokens) or tokens[close + 1].text != "{":
        return
    end = matching(tokens, close + 1)
    if end and any(t.text == "test_tcp_tmr" for t in tokens[close:end]):
        edits.append((tokens[index + 1].end, tokens[index + 1].end,
                      "tcp_alt_test_turn(__LINE__) && ("))
        edits.append((tokens[close].start, tokens[close].start, ")"))


def _repair(tokens, index, repair, edits):
    first, last = _body(tokens, index + 4)
    called = {t.text for t in tokens[first:last] if t.text.startswith("test_tcp_")}
    for span in [(first, last), *_definitions(tokens, called)]:
        for place in range(*span):
            words = [t.text for t in tokens[place:place + 4]]
            if repair.ack and words[0] in _CRAFTED:
                _acknowledge(tokens, place, edits)
            elif repair.remote and words[0] == "&" and words[2:] == [".", "gw"]:
                edits.append((tokens[place].start, tokens[place].start,
                              "LWIP_TCP_ALT ? &test_remote_ip : "))
            elif repair.silent >= 0 and words[0] == "for":
                _silence(tokens, place, repair.silent, edits)
            elif repair.oversize and words[0].rstrip() == "#if TCP_OVERSIZE":
                end = tokens[place].start + len(words[0].rstrip())
                edits.append((end, end, " && !LWIP_TCP_ALT"))


def _silence(tokens, index, ticks, edits):
    """`for (i = 0; i < N; i++) {..}` that lets time pass and expects nothing: fewer ticks in alt."""
    _, _, _, _, _, less, bound, stop = tokens[index + 2:index + 10]
    close = matching(tokens, index + 1)
    end = matching(tokens, close + 1) if tokens[close + 1].text == "{" else None
    inside = {t.text for t in tokens[close:end]} if end else set()
    if less.text == "<" and stop.text == ";" and bound.kind == "num" \
            and "test_tcp_tmr" in inside and "break" not in inside:
        edits.append((bound.start, bound.end, f"(LWIP_TCP_ALT ? {ticks} : {bound.text})"))


def _body(tokens, opening):
    end = matching(tokens, opening) if tokens[opening].text == "{" else None
    if end is None:
        raise TreeError(f"{tokens[opening - 2].text}: no body of a function")
    return opening, end


def _definitions(tokens, names):
    """The bodies of the functions of these names."""
    for index, token in enumerate(tokens):
        if token.text in names and tokens[index + 1].text == "(":
            close = matching(tokens, index + 1)
            if close and tokens[close + 1].text == "{":
                yield _body(tokens, close + 1)


def _acknowledge(tokens, index, edits):
    first, last = _argument(tokens, index + 1, _CRAFTED[tokens[index].text])
    flags = {t.text for t in tokens[first:last]}
    if not flags & {"TCP_SYN", "TCP_ACK"}:
        edits.append((tokens[last - 1].end, tokens[last - 1].end, " | TCP_ALT_TEST_ACK"))


def _argument(tokens, opening, number):
    """The token range of a call's argument."""
    first = place = opening + 1
    while True:
        text = tokens[place].text
        if text in (",", ")"):
            if number == 0:
                return first, place
            number -= 1
            first = place = place + 1
        else:
            close = matching(tokens, place) if text in ("(", "[", "{") else None
            place = place + 1 if close is None else close + 1
