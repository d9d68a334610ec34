# SPDX-License-Identifier: BSD-3-Clause
"""TCP segments: out of captured frames, and into IP packets again."""

import ipaddress
import struct
from dataclasses import dataclass, field, replace

FIN, SYN, RST, PSH, ACK, URG, ECE, CWR = (1 << bit for bit in range(8))
LETTERS = "FSRPAUEC"
END, NOP, MSS, SCALE, SACK_OK, SACK, STAMPS = 0, 1, 2, 3, 4, 5, 8

TCP = 6
MODULUS = 1 << 32
LINK_NULL, LINK_ETHERNET, LINK_LOOP, LINK_SLL, LINK_SLL2 = 0, 1, 108, 113, 276
LINKS_RAW = (12, 14, 101, 228, 229)
TAGS = (0x8100, 0x88A8, 0x9100)
EXTENSIONS = (0, 43, 60)  # IPv6 headers that only have a length


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

def _network(frame):
    """The IP packet in a frame, or None."""
    data, link = frame.data, frame.link
    if link in LINKS_RAW:
        return data
    if link == LINK_ETHERNET:
        at = 12
    elif link == LINK_SLL:
        at = 14
    elif link == LINK_SLL2:
        return data[20:]
    elif link in (LINK_NULL, LINK_LOOP):
        return data[4:]
    else:
        return None
    while data[at:at + 2] and int.from_bytes(data[at:at + 2], "big") in TAGS:
        at += 4
    return data[at + 2:]  # its version nibble says whether it is IP


def is_known_link(link):
    return link in LINKS_RAW or link in (LINK_NULL, LINK_ETHERNET, LINK_LOOP, LINK_SLL, LINK_SLL2)


def _ip4(data):
    """(source, destination, tos, hops, transport, its length), or None if it is not TCP."""
    header = (data[0] & 15) * 4
    total, fragment = struct.unpack_from("!H2xH", data, 2)
    if len(data) < 20 or header < 20 or data[9] != TCP or fragment & 0x3FFF:
        return None
    total = total or len(data)  # offloaded to the network card
    return data[12:16], data[16:20], data[1], data[8], data[header:total], total - header


def _ip6(data):
    if len(data) < 40:
        return None
    length = struct.unpack_from("!H", data, 4)[0] or len(data) - 40
    kind, at = data[6], 40
    while kind in EXTENSIONS and len(data) > at + 1:
        kind, at = data[at], at + 8 * (data[at + 1] + 1)
    if kind != TCP:
        return None
    tos = (data[0] & 15) << 4 | data[1] >> 4
    return data[8:24], data[24:40], tos, data[7], data[at:40 + length], 40 + length - at


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


def checksum(src, dst, transport):
    """Over a TCP segment and its pseudo header; 0 if the one within is right."""
    data = src + dst + struct.pack("!II", len(transport), TCP) + transport
    total = sum(struct.unpack(f"!{len(data) // 2}H", data[:len(data) & ~1]))
    total += data[-1] << 8 if len(data) & 1 else 0
    total = (total & 0xFFFF) + (total >> 16)
    return ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF


def parse(frame):
    """The Segment in a frame, or None if there is none, or not enough of it."""
    data = _network(frame)
    if not data or len(data) < 20:
        return None
    version = data[0] >> 4
    ip = _ip4(data) if version == 4 else _ip6(data) if version == 6 else None
    if ip is None:
        return None
    src, dst, tos, hops, transport, length = ip
    if len(transport) < 20:
        return None
    sport, dport, seq, ack, offset, flags, window, _, urgent = struct.unpack_from("!HHIIBBHHH", transport)
    header = (offset >> 4) * 4
    if header < 20 or header > length:
        return None
    cut = len(transport) < length
    return Segment(src=src, sport=sport, dst=dst, dport=dport, seq=seq, ack=ack, flags=flags, window=window,
                   payload=transport[header:], options=_options(transport[20:header]), urgent=urgent,
                   length=length - header, time=frame.time, number=frame.number, tos=tos, hops=hops,
                   damaged=not cut and checksum(src, dst, transport) != 0, cut=cut)


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
                         segment.hops, TCP, 0, segment.src, segment.dst)
        words = sum(struct.unpack("!10H", ip))
        words = (words & 0xFFFF) + (words >> 16)
        ip = ip[:10] + struct.pack("!H", ~words & 0xFFFF) + ip[12:]
    else:
        ip = struct.pack("!IHBB16s16s", 6 << 28 | segment.tos << 20, len(tcp), TCP, segment.hops,
                         segment.src, segment.dst)
    return ip + tcp
