# SPDX-License-Identifier: BSD-3-Clause
"""TCP segments of a capture file.

dpkt reads the file formats; headers are decoded here, since captures are often cut behind them and lengths
must then come from IP. Anything that is no TCP segment (or a fragment of one) is counted and skipped.
"""

import struct
from collections import namedtuple

import dpkt

FIN, SYN, RST, PSH, ACK, URG, ECE, CWR = (1 << bit for bit in range(8))

# `src` and `dst` are (address in network order, port); `sack` a tuple of (left, right) edges; `scale` and
# `mss` the options of a SYN or None; `number` counts the packets of the file from 1, as Wireshark does.
Segment = namedtuple("Segment", "number time_ns src dst seq ack flags window length sack scale mss")


class CaptureError(Exception):
    """The file cannot be read; says why."""


class Capture:
    """`segments` in the file's order; `packets` counted, `skipped` of them; `cut`: the file ends early."""

    def __init__(self, name):
        self.name = name
        self.segments = []
        self.packets = 0
        self.skipped = 0
        self.cut = False


# ---- link layers: where the IP packet begins, or None ---------------------------------------------------

ETHERTYPES = (0x0800, 0x86DD)
VLAN_TAGS = (0x8100, 0x88A8, 0x9100)


def _behind_ethertype(packet, at):
    """Offset of the IP packet, given the offset of an EtherType; skips VLAN tags."""
    while len(packet) >= at + 2:
        kind = packet[at] << 8 | packet[at + 1]
        if kind in ETHERTYPES:
            return at + 2
        if kind not in VLAN_TAGS:
            return None
        at += 4
    return None


def _sll2(packet):
    """Linux cooked, version 2: the protocol comes first; a VLAN tag follows the header."""
    kind = packet[0] << 8 | packet[1] if len(packet) >= 2 else 0
    if kind in ETHERTYPES:
        return 20
    return _behind_ethertype(packet, 22) if kind in VLAN_TAGS else None


LINKS = {
    0: lambda packet: 4,                                   # BSD loopback
    108: lambda packet: 4,                                 # OpenBSD loopback
    1: lambda packet: _behind_ethertype(packet, 12),       # Ethernet
    113: lambda packet: _behind_ethertype(packet, 14),     # Linux cooked
    276: _sll2,
    12: lambda packet: 0, 14: lambda packet: 0,            # raw IP, as different systems number it
    101: lambda packet: 0, 228: lambda packet: 0, 229: lambda packet: 0,
}


# ---- IP -------------------------------------------------------------------------------------------------

# IPv6 extension headers that may stand before TCP: hop-by-hop, routing, destination options.
EXTENSIONS = (0, 43, 60)


def _ipv4(packet, at):
    """(source, destination, offset of TCP, end of the packet by IP's own length), or None."""
    if len(packet) < at + 20:
        return None
    total, fragment = struct.unpack_from(">HxxH", packet, at + 2)
    if packet[at + 9] != 6 or fragment & 0x1FFF:
        return None
    # A host that segments in hardware captures packets with no length: take what is there.
    end = at + total if total else len(packet)
    return packet[at + 12:at + 16], packet[at + 16:at + 20], at + (packet[at] & 15) * 4, end


def _ipv6(packet, at):
    if len(packet) < at + 40:
        return None
    payload = packet[at + 4] << 8 | packet[at + 5]
    end = at + 40 + payload if payload else len(packet)
    following, inner = packet[at + 6], at + 40
    while following in EXTENSIONS and len(packet) >= inner + 8:
        following, inner = packet[inner], inner + 8 * (packet[inner + 1] + 1)
    if following != 6:
        return None
    return packet[at + 8:at + 24], packet[at + 24:at + 40], inner, end


def _ip(packet, at):
    if at is None or len(packet) <= at:
        return None
    version = packet[at] >> 4
    return _ipv4(packet, at) if version == 4 else _ipv6(packet, at) if version == 6 else None


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
    where = _ip(packet, link(packet))
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

def _nanoseconds(stamp):
    """dpkt gives Decimal seconds where the file has nanoseconds, else a float good for microseconds."""
    return round(stamp * 1000000) * 1000 if isinstance(stamp, float) else int(stamp * 1000000000)


def _packets(reader, capture):
    """(time, bytes) until the end, or until the file breaks off."""
    try:
        yield from reader
    except (dpkt.Error, ValueError, struct.error):
        capture.cut = True


def read(path):
    """The Capture in a pcap or pcapng file (of several interfaces, all as the first)."""
    capture = Capture(path)
    try:
        with open(path, "rb") as file:
            reader = dpkt.pcap.UniversalReader(file)
            link = LINKS.get(reader.datalink())
            if link is None:
                raise CaptureError(f"{path}: link type {reader.datalink()} is not known here")
            for stamp, packet in _packets(reader, capture):
                capture.packets += 1
                segment = decode(capture.packets, _nanoseconds(stamp), packet, link)
                if segment is None:
                    capture.skipped += 1
                else:
                    capture.segments.append(segment)
    except OSError as error:
        raise CaptureError(f"{path}: {error.strerror}") from error
    except (dpkt.Error, ValueError, struct.error) as error:
        raise CaptureError(f"{path}: no capture file ({error})") from error
    return capture
