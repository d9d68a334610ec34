# SPDX-License-Identifier: BSD-3-Clause
"""Says where two captures of the same traffic part: per connection the first packet that differs, then figures.

Connections are matched by their addresses and the server's port, in the order in which they begin. Packets are
compared in relative numbers: random ports and initial sequence numbers, and when a connection begins, are no
difference; sequence and acknowledgment numbers, windows, flags, SACK blocks and times within it are.

examples:
  tools/pcapcmp legacy/a.pcap alt/a.pcap
  tools/pcapcmp --tolerance 0.5ms yesterday.pcap today.pcap
  tools/pcapcmp --json one.pcap other.pcap

exit: 0 they are the same, 1 they differ, 2 usage or no capture
"""

import argparse
import json
import re
import sys

import seqcap
import seqflow

CONTEXT = 3
FLAG_NAMES = ((seqcap.SYN, "SYN"), (seqcap.FIN, "FIN"), (seqcap.RST, "RST"), (seqcap.ECE, "ECE"), (seqcap.CWR, "CWR"),
              (seqcap.URG, "URG"))
# Of the flags, PSH says nothing about what was sent.
COMPARED = 0xFF & ~seqcap.PSH
SILENCE_MS = round(seqflow.SILENCE * 1000)

# What the summary tells of each direction: key, in words.
FIGURES = [("bytes", "bytes of data"), ("segments", "segments with data"), ("retransmissions", "segments sent again"),
           ("fast", "... after duplicate ACKs"), ("spurious", "... in vain (acknowledged already)"),
           ("late", "segments out of order"), ("duplicate_acks", "duplicate ACKs sent"),
           ("sack_acks", "ACKs with SACK blocks"), ("zero_windows", "closed windows told"),
           ("window_probes", "window probes"), ("keepalives", "keepalives"),
           ("rto_like_gaps", f"silences of {SILENCE_MS} ms or more that a retransmission ended"),
           ("idle_gaps", "other such silences with data unacknowledged"),
           ("rtt_ms", "shortest round trip seen here, ms"), ("goodput_bps", "goodput, bit/s")]


def duration(text):
    match = re.fullmatch(r"([0-9.]+)(ns|us|ms|s)", text)
    if not match:
        raise argparse.ArgumentTypeError(f"a time such as 0.5ms, not '{text}'")
    try:
        return float(match[1]) * {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1}[match[2]]
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"a time such as 0.5ms, not '{text}'") from error


def parse_arguments(words):
    parser = argparse.ArgumentParser(prog="tools/pcapcmp", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("first", metavar="A.pcap")
    parser.add_argument("second", metavar="B.pcap")
    parser.add_argument("--tolerance", type=duration, default=0.0, metavar="TIME",
                        help="times that differ by no more are the same (default 0: to the nanosecond)")
    parser.add_argument("--json", action="store_true", help="as JSON")
    return parser.parse_args(words)


# ---- a connection as a list of comparable packets -------------------------------------------------------

def packets(connection):
    """(who, event) of both directions in the order of the file."""
    both = [("client", event) for event in connection.client.events]
    both += [("server", event) for event in connection.server.events]
    return sorted(both, key=lambda item: item[1].number)


def essence(packet):
    who, event = packet
    return (who, event.start, event.end, event.ack, event.window, event.sack, event.flags & COMPARED, event.options)


def words_of(packet):
    """The packet in words."""
    who, event = packet
    flags = [name for flag, name in FLAG_NAMES if event.flags & flag]
    if event.length:
        again = {seqflow.AGAIN: " again", seqflow.LATE: " late"}.get(event.kind, "")
        parts = [f"sends {event.start}..{event.start + event.length - 1} ({event.length} bytes){again}"]
        parts += [f"with {', '.join(flags)}"] if flags else []
    elif flags:
        parts = [f"sends {', '.join(flags)}"]
    elif seqflow.DUPLICATE in event.marks:
        parts = ["repeats its ACK"]
    else:
        parts = ["sends a keepalive" if event.kind == seqflow.KEEPALIVE else "acknowledges"]
    if event.ack is not None:
        parts.append(f"ACK {event.ack}")
    parts.append("window closed" if event.window == 0 else f"window {event.window}")
    if event.sack:
        parts.append("SACK " + " ".join(f"{left}..{right - 1}" for left, right in event.sack))
    if event.options:
        parts.append("MSS {}, window scale {}".format(*("none" if each is None else each for each in event.options)))
    return f"{event.time:.6f} s  {who} " + ", ".join(parts)


def first_difference(one, other, tolerance):
    """The index of the first packet that differs, or None."""
    for index in range(max(len(one), len(other))):
        if index >= min(len(one), len(other)):
            return index
        if essence(one[index]) != essence(other[index]):
            return index
        if abs(one[index][1].time - other[index][1].time) > tolerance + 1e-12:
            return index
    return None


# ---- both captures --------------------------------------------------------------------------------------

def named(connections):
    """{(client's address, server's address and port, nth): connection}."""
    found, count = {}, {}
    for connection in connections:
        client, server = connection.client.source, connection.server.source
        key = (client[0], server)
        count[key] = count.get(key, 0) + 1
        found[(*key, count[key])] = connection
    return found


def figures(connection):
    """Everything the summary tells of a connection."""
    time = seqflow.handshake(connection)
    return {"seconds": round(connection.end(), 9), "handshake_ms": None if time is None else round(time * 1000, 6),
            "client": seqflow.summary(connection.client), "server": seqflow.summary(connection.server)}


def compare(first, second, tolerance):
    """Rows, one per connection of either: name, same, and where they part."""
    one, other = named(first), named(second)
    rows = []
    for key in [*one, *(key for key in other if key not in one)]:
        a, b = one.get(key), other.get(key)
        row = {"connection": (a or b).name(), "nth": key[-1], "a": a and figures(a), "b": b and figures(b)}
        if a is None or b is None:
            row |= {"same": False, "only_in": "A" if b is None else "B"}
        else:
            row |= parting(packets(a), packets(b), tolerance)
        rows.append(row)
    return rows


def parting(one, other, tolerance):
    at = first_difference(one, other, tolerance)
    if at is None:
        return {"same": True, "packets": len(one)}
    same_packet = at < min(len(one), len(other)) and essence(one[at]) == essence(other[at])
    return {"same": False, "packets_same": at, "later_s": other[at][1].time - one[at][1].time if same_packet else None,
            "before": [words_of(packet) for packet in one[max(0, at - CONTEXT):at]],
            "a_sent": words_of(one[at]) if at < len(one) else None,
            "b_sent": words_of(other[at]) if at < len(other) else None}


# ---- in words -------------------------------------------------------------------------------------------

def shown(value):
    if isinstance(value, list):
        return f"{len(value)} (longest {max(value):.3f} s)" if value else "0"
    return "-" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)


def print_figures(row):
    lines = [("seconds", *(shown(row[side]["seconds"]) for side in "ab")),
             ("handshake, ms", *(shown(row[side]["handshake_ms"]) for side in "ab"))]
    for who in ("client", "server"):
        for key, text in FIGURES:
            a, b = (row[side][who][key] for side in "ab")
            if a != b or (key in ("bytes", "retransmissions") and row["a"][who]["bytes"]):
                lines.append((f"{who}: {text}", shown(a), shown(b)))
    print(f"    {'':62}{'A':>22}{'B':>22}")
    for text, a, b in lines:
        print(f"    {text:62}{a:>22}{b:>22}")


def print_row(row, number):
    print(f"connection {number}: {row['connection']}")
    if "only_in" in row:
        print(f"  is in {row['only_in']} alone")
        return
    if row["same"]:
        print(f"  the same: {row['packets']} packets")
        return
    print(f"  {row['packets_same']} packets are the same, then they part.")
    for text in row["before"]:
        print(f"    both  {text}")
    print(f"    A     {row['a_sent'] or 'nothing more'}")
    print(f"    B     {row['b_sent'] or 'nothing more'}")
    if row["later_s"] is not None:
        print(f"    the same packet, {abs(row['later_s']) * 1000:.6g} ms {'later' if row['later_s'] > 0 else 'earlier'} in B")
    print_figures(row)


def main(words=None):
    arguments = parse_arguments(words)
    try:
        captures = [seqcap.read(path) for path in (arguments.first, arguments.second)]
    except seqcap.CaptureError as error:
        print(f"pcapcmp: {error}", file=sys.stderr)
        return 2
    rows = compare(*(seqflow.connections(capture.segments) for capture in captures), arguments.tolerance)
    same = all(row["same"] for row in rows)
    if arguments.json:
        print(json.dumps({"same": same, "connections": rows}, indent=1))
        return 0 if same else 1
    for number, row in enumerate(rows, 1):
        print_row(row, number)
    apart = sum(not row["same"] for row in rows)
    print(f"{len(rows)} connections, {'all the same' if same else f'{apart} differ'}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
