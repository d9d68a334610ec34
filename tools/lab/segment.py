# SPDX-License-Identifier: BSD-3-Clause
"""TCP segments: out of captured frames, and into IP packets again."""

import ipaddress
import struct
from dataclasses import dataclass, field, replace

from pcapfile import tcp_in
from seqcap import ACK, CWR, ECE, FIN, PSH, RST, SYN, URG  # noqa: F401 (for who uses segments)

LETTERS = "FSRPAUEC"
END, NOP, MSS, SCALE, SACK_OK, SACK, STAMPS = 0, 1, 2, 3, 4, 5, 8

PROTOCOL = 6
MODULUS = 1 << 32


def distance(a, b):
    """How far sequence number `a` is beyond `b`; negative before it."""
    return (a - b + (MODULUS >> 1)) % MODULUS - (MODULUS >> 1)


@dataclass
class Segment:
    src: bytes
    sport: int
    dst: bytes
    dport: int
    seq: int
    ack: int
    flags: int
    window: int                      # as in the header
    payload: bytes = b""             # what was kept of it
    options: list = field(default_factory=list)  # (kind, content)
    urgent: int = 0
    length: int = 0                  # bytes of data
    time: int = 0
    number: int = 0
    tos: int = 0
    hops: int = 64
    damaged: bool = False            # the checksum does not fit
    cut: bool = False                # the capture has not all of it

    def option(self, kind):
        return next((content for k, content in self.options if k == kind), None)

    @property
    def occupies(self):
        """Sequence numbers: data, SYN and FIN."""
        return self.length + bool(self.flags & SYN) + bool(self.flags & FIN)

    @property
    def stamps(self):
        """(TSval, TSecr), or None."""
        content = self.option(STAMPS)
        return struct.unpack("!II", content) if content and len(content) == 8 else None

    @property
    def blocks(self):
        """SACK blocks as (left, right)."""
        content = self.option(SACK) or b""
        return [struct.unpack_from("!II", content, at) for at in range(0, len(content) - 7, 8)]

    @property
    def scale(self):
        """The shift of the window that a SYN offers, or None."""
        content = self.option(SCALE)
        return min(content[0], 14) if content else None


def letters(flags):
    return "".join(letter for bit, letter in enumerate(LETTERS) if flags & 1 << bit) or "-"


def address(packed):
    return str(ipaddress.ip_address(packed))


# ---- out of frames --------------------------------------------------------------------------

def _options(data):
    at, options = 0, []
    while at < len(data) and data[at] != END:
        if data[at] == NOP:
            at += 1
            continue
        size = data[at + 1] if at + 1 < len(data) else 0
        if size < 2 or at + size > len(data):
            break
        options.append((data[at], data[at + 2:at + size]))
        at += size
    return options


def _sum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data[:len(data) & ~1]))
    total += data[-1] << 8 if len(data) & 1 else 0
    total = (total & 0xFFFF) + (total >> 16)
    return (total & 0xFFFF) + (total >> 16)


def _pseudo(src, dst, length):
    return src + dst + struct.pack("!II", length, PROTOCOL)


def checksum(src, dst, transport):
    """Over a TCP segment and its pseudo header; 0 if the one within is right."""
    return ~_sum(_pseudo(src, dst, len(transport)) + transport) & 0xFFFF


def _is_damaged(src, dst, transport):
    """What has the sum of its pseudo header alone is whole: a Linux kernel left the rest to the network card."""
    within = struct.unpack_from("!H", transport, 16)[0]
    return checksum(src, dst, transport) != 0 and within != _sum(_pseudo(src, dst, len(transport)))


def parse(packet, link, time=0, number=0):
    """The Segment in a captured packet, or None if there is none, or not enough of it. `link`: of pcapfile.LINKS."""
    where = tcp_in(packet, link)
    if where is None:
        return None
    src, dst, at, end = where
    transport = packet[at:end]
    if len(transport) < 20:
        return None
    sport, dport, seq, ack, offset, flags, window, _, urgent = struct.unpack_from("!HHIIBBHHH", transport)
    header = (offset >> 4) * 4
    if header < 20 or header > end - at:
        return None
    cut = len(transport) < end - at
    ip = packet[link(packet):]
    tos = ip[1] if len(src) == 4 else (ip[0] & 15) << 4 | ip[1] >> 4
    return Segment(src=src, sport=sport, dst=dst, dport=dport, seq=seq, ack=ack, flags=flags, window=window,
                   payload=transport[header:], options=_options(transport[20:header]), urgent=urgent,
                   length=end - at - header, time=time, number=number, tos=tos,
                   damaged=not cut and _is_damaged(src, dst, transport), cut=cut)


def pieces(segment, most):
    """A segment that a network card was to cut, or has put together, as the wire had it."""
    if segment.length <= most or not most:
        return [segment]
    data = segment.payload.ljust(segment.length, b"\0")
    last = (segment.length - 1) // most
    return [replace(segment, seq=(segment.seq + i * most) % MODULUS, payload=data[i * most:(i + 1) * most],
                    length=len(data[i * most:(i + 1) * most]), damaged=False,
                    flags=segment.flags if i == last else segment.flags & ~(FIN | PSH))
            for i in range(last + 1)]


# ---- into packets ---------------------------------------------------------------------------

def _options_bytes(options):
    data = b"".join(bytes((kind, len(content) + 2)) + content for kind, content in options)
    return data + bytes([NOP]) * (-len(data) % 4)


def build(segment):
    """The IP packet of a segment. What the capture has not kept of its data is zeros."""
    options = _options_bytes(segment.options)
    data = segment.payload.ljust(segment.length, b"\0")
    head = struct.pack("!HHIIBBHHH", segment.sport, segment.dport, segment.seq, segment.ack,
                       (20 + len(options)) // 4 << 4, segment.flags, segment.window, 0, segment.urgent)
    tcp = head + options + data
    total = checksum(segment.src, segment.dst, tcp) ^ (0x5555 if segment.damaged else 0)
    tcp = tcp[:16] + struct.pack("!H", total) + tcp[18:]
    if len(segment.src) == 4:
        ip = struct.pack("!BBHHHBBH4s4s", 0x45, segment.tos, 20 + len(tcp), segment.number & 0xFFFF, 0,
                         segment.hops, PROTOCOL, 0, segment.src, segment.dst)
        words = sum(struct.unpack("!10H", ip))
        words = (words & 0xFFFF) + (words >> 16)
        ip = ip[:10] + struct.pack("!H", ~words & 0xFFFF) + ip[12:]
    else:
        ip = struct.pack("!IHBB16s16s", 6 << 28 | segment.tos << 20, len(tcp), PROTOCOL, segment.hops,
                         segment.src, segment.dst)
    return ip + tcp
