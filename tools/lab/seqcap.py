# SPDX-License-Identifier: BSD-3-Clause
"""TCP segments of a capture file.

Anything that is no TCP segment (or a fragment of one) is counted and skipped.
"""

import struct
from collections import namedtuple

from pcapfile import CaptureError, Reader, tcp_in  # noqa: F401 (CaptureError: what read() raises)

FIN, SYN, RST, PSH, ACK, URG, ECE, CWR = (1 << bit for bit in range(8))

# `src` and `dst` are (address in network order, port); `sack` a tuple of (left, right) edges; `scale` and
# `mss` the options of a SYN or None; `number` counts the packets of the file from 1, as Wireshark does.
Segment = namedtuple("Segment", "number time_ns src dst seq ack flags window length sack scale mss")


class Capture:
    """`segments` in the file's order; `packets` counted, `skipped` of them; `cut`: the file ends early."""

    def __init__(self, name):
        self.name = name
        self.segments = []
        self.packets = 0
        self.skipped = 0
        self.cut = False


# ---- TCP ------------------------------------------------------------------------------------------------

def _options(packet, at, end):
    """(SACK blocks, window scale, MSS); stops where the options make no sense."""
    sack, scale, mss = (), None, None
    while at < end and packet[at] != 0:
        if packet[at] == 1:
            at += 1
            continue
        size = packet[at + 1] if at + 1 < end else 0
        if size < 2 or at + size > end:
            break
        if packet[at] == 5:
            edges = struct.unpack_from(f">{(size - 2) // 4}I", packet, at + 2)
            sack = tuple(zip(edges[::2], edges[1::2]))
        elif packet[at] == 3 and size == 3:
            scale = min(packet[at + 2], 14)
        elif packet[at] == 2 and size == 4:
            mss = packet[at + 2] << 8 | packet[at + 3]
        at += size
    return sack, scale, mss


def decode(number, time_ns, packet, link):
    """The Segment in a packet, or None."""
    where = tcp_in(packet, link)
    if where is None:
        return None
    source, destination, at, end = where
    if len(packet) < at + 20:
        return None
    sport, dport, seq, ack, offset, flags, window = struct.unpack_from(">HHIIBBH", packet, at)
    data = at + (offset >> 4) * 4
    if offset >> 4 < 5 or data > end:
        return None
    sack, scale, mss = _options(packet, at + 20, min(data, len(packet)))
    return Segment(number, time_ns, (source, sport), (destination, dport), seq, ack, flags, window,
                   end - data, sack, scale if flags & SYN else None, mss if flags & SYN else None)


# ---- the file -------------------------------------------------------------------------------------------

def read(path):
    """The Capture in a pcap or pcapng file."""
    capture = Capture(path)
    with Reader(path) as reader:
        for number, time_ns, packet in reader:
            capture.packets = number
            segment = decode(number, time_ns, packet, reader.link)
            if segment is None:
                capture.skipped += 1
            else:
                capture.segments.append(segment)
        capture.cut = reader.cut
    return capture
