# SPDX-License-Identifier: BSD-3-Clause
"""Writes captures for tests: packets by hand, in any file format and on any link that tools/lab reads."""

import ipaddress
import struct

FIN, SYN, RST, ACK = 1, 2, 4, 16

# Link types of files, and what stands before an IP packet on them (version 4, version 6).
LINKS = {
    "raw": (101, b"", b""),
    "ethernet": (1, bytes(12) + b"\x08\x00", bytes(12) + b"\x86\xdd"),
    "vlan": (1, bytes(12) + b"\x81\x00\x00\x07\x08\x00", bytes(12) + b"\x81\x00\x00\x07\x86\xdd"),
    "cooked": (113, bytes(14) + b"\x08\x00", bytes(14) + b"\x86\xdd"),
    "cooked2": (276, b"\x08\x00" + bytes(18), b"\x86\xdd" + bytes(18)),
    "loopback": (0, struct.pack("=I", 2), struct.pack("=I", 30)),
}


def option_sack(*blocks):
    return b"\x01\x01" + struct.pack(f">BB{2 * len(blocks)}I", 5, 2 + 8 * len(blocks), *(edge for b in blocks for edge in b))


def option_mss_scale(mss, scale):
    return struct.pack(">BBHBBBB", 2, 4, mss, 1, 3, 3, scale)


class Talk:
    """A conversation of a client with a server; collects (nanoseconds, IP packet)."""

    def __init__(self, client="10.0.0.1", server="10.0.0.2", sport=1000, dport=80, isn=(100, 5000)):
        self.ends = ((ipaddress.ip_address(client).packed, sport), (ipaddress.ip_address(server).packed, dport))
        self.isn = isn
        self.packets = []

    def say(self, time, who, seq, ack=None, *, data=0, flags=0, window=1000, options=b""):
        """`who` 0 is the client; `seq` and `ack` are relative, as the tools show them; time in seconds."""
        (source, sport), (destination, dport) = self.ends[who], self.ends[1 - who]
        options += b"\0" * (-len(options) % 4)
        tcp = struct.pack(">HHIIBBHHH", sport, dport, (self.isn[who] + seq) % 2**32,
                          0 if ack is None else (self.isn[1 - who] + ack) % 2**32, (5 + len(options) // 4) << 4,
                          flags | (0 if ack is None else ACK), window, 0, 0) + options + bytes(data)
        if len(source) == 4:
            ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0)
        else:
            ip = struct.pack(">IHBB", 6 << 28, len(tcp), 6, 64)
        self.packets.append((round(time * 1e9), ip + source + destination + tcp))
        return self

    def open(self, time=0.0, round_trip=0.02, options=(b"", b"")):
        """The three segments of a handshake, seen at the client."""
        self.say(time, 0, 0, flags=SYN, options=options[0])
        self.say(time + round_trip, 1, 0, 1, flags=SYN, options=options[1])
        return self.say(time + round_trip, 0, 1, 1)


def pcap(path, packets, *, link="raw", nano=True, order="=", cut=0, snaplen=65535):
    """Writes packets [(nanoseconds, IP packet)]; the last `cut` bytes are missing."""
    number, *heads = LINKS[link]
    out = struct.pack(f"{order}IHHiIII", 0xA1B23C4D if nano else 0xA1B2C3D4, 2, 4, 0, 0, snaplen, number)
    for time, packet in packets:
        frame = heads[0 if packet[0] >> 4 == 4 else 1] + packet
        out += struct.pack(f"{order}IIII", time // 10**9, time % 10**9 // (1 if nano else 1000), len(frame[:snaplen]), len(frame))
        out += frame[:snaplen]
    with open(path, "wb") as file:
        file.write(out[:len(out) - cut])
    return path


def pcapng(path, packets):
    """The same as pcapng, raw IP, microseconds."""
    def block(kind, body):
        body += bytes(-len(body) % 4)
        return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)

    out = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)) + block(1, struct.pack("<HHI", 101, 0, 65535))
    for time, packet in packets:
        micro = time // 1000
        out += block(6, struct.pack("<IIIII", 0, micro >> 32, micro & 0xFFFFFFFF, len(packet), len(packet)) + packet)
    with open(path, "wb") as file:
        file.write(out)
    return path
