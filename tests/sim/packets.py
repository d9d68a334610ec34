# SPDX-License-Identifier: BSD-3-Clause
"""What a captured packet says, with its checksums judged: independent of the simulator's C."""

import struct

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
TCP = 6


def ones_sum(data):
    """The ones' complement sum of 16-bit words; 0xffff if a checksum within is right."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


class Packet:
    """An IP packet; TCP's fields are 0 where there is no TCP."""

    def __init__(self, time_ns, data):
        self.time_ns = time_ns
        self.data = data
        self.version = data[0] >> 4
        self.size = len(data)
        if self.version == 4:
            header = (data[0] & 15) * 4
            self.protocol, self.ecn = data[9], data[1] & 3
            self.src, self.dst = data[12:16], data[16:20]
            self.ip_right = ones_sum(data[:header]) == 0xFFFF
        else:
            header = 40
            self.protocol, self.ecn = data[6], data[1] >> 4 & 3
            self.src, self.dst = data[8:24], data[24:40]
            self.ip_right = True
        self.upper = data[header:]
        self.sport = self.dport = self.seq = self.ack = self.flags = self.window = self.len = 0
        if self.protocol == TCP:
            (self.sport, self.dport, self.seq, self.ack, offset, self.flags,
             self.window) = struct.unpack_from("!HHIIBBH", self.upper)
            self.len = len(self.upper) - (offset >> 4) * 4

    @property
    def right(self):
        """Whether all its checksums are right."""
        pseudo = b"" if self.protocol == 1 else self.src + self.dst + struct.pack(
            "!HH", self.protocol, len(self.upper))
        return self.ip_right and ones_sum(pseudo + self.upper) == 0xFFFF

    @property
    def space(self):
        """Sequence numbers it takes."""
        return self.len + bool(self.flags & SYN) + bool(self.flags & FIN)


def node(index, version=4):
    """The address of the index-th node of a scenario."""
    if version == 4:
        return bytes([10, 0, 0, index + 1])
    return bytes([0xFD] + [0] * 14 + [index + 1])


def parsed(records):
    return [Packet(time_ns, data) for time_ns, data in records]
