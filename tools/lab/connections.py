# SPDX-License-Identifier: BSD-3-Clause
"""The TCP connections of a capture."""

from dataclasses import dataclass, field

import pcapfile
import segment as tcp
from segment import ACK, FIN, RST, SYN


@dataclass
class Connection:
    number: int
    client: tuple            # (address, port)
    server: tuple
    segments: list = field(default_factory=list)
    is_whole: bool = False   # its opening is there, from both sides

    def sent_by(self, end):
        return [s for s in self.segments if (s.src, s.sport) == end]

    def data_of(self, end):
        """Bytes sent, each once."""
        numbers = [s for s in self.sent_by(end) if not s.damaged]
        if not numbers:
            return 0
        first = numbers[0].seq + bool(numbers[0].flags & SYN)
        return max([tcp.distance((s.seq + bool(s.flags & SYN) + s.length) % tcp.MODULUS, first)
                    for s in numbers if s.length], default=0)

    def ends_by(self):
        if any(s.flags & RST for s in self.segments):
            return "reset"
        closed = sum(any(s.flags & FIN for s in self.sent_by(end)) for end in (self.client, self.server))
        return ("open", "half closed", "closed")[closed]


@dataclass
class Capture:
    """What a file has: connections, and how many of its packets were something else."""
    connections: list
    packets: int = 0
    other: int = 0


def _side(packet):
    """(client, server) as far as one segment tells: a SYN does, else the lower port serves."""
    src, dst = (packet.src, packet.sport), (packet.dst, packet.dport)
    if packet.flags & SYN:
        return (dst, src) if packet.flags & ACK else (src, dst)
    return (dst, src) if packet.sport < packet.dport else (src, dst)


def _is_new(connection, packet):
    """A SYN of another number than the connection's begins the next one on the same ports."""
    if connection is None:
        return True
    if not packet.flags & SYN or packet.flags & ACK or packet.damaged:
        return False
    syns = [s for s in connection.segments if s.flags & SYN and not s.flags & ACK]
    return all(s.seq != packet.seq for s in syns) if syns else True


def read(path):
    """A Capture; raises pcapfile.CaptureError."""
    found, current = Capture([]), {}
    with pcapfile.Reader(path) as reader:
        for number, time_ns, data in reader:
            found.packets = number
            packet = tcp.parse(data, reader.link, time_ns, number)
            if packet is None or not _add(found, current, packet):
                found.other += 1
    for connection in found.connections:
        for end in (connection.client, connection.server):
            _excuse_offload(connection.sent_by(end))
        connection.is_whole = _has_opening(connection)
    return found


def _add(found, current, packet):
    """Puts a segment where it belongs; false if nobody knows whose it was."""
    key = frozenset(((packet.src, packet.sport), (packet.dst, packet.dport)))
    connection = current.get(key)
    if connection is None and packet.damaged and not packet.flags & SYN:
        return False
    if _is_new(connection, packet):
        connection = current[key] = Connection(len(found.connections) + 1, *_side(packet))
        found.connections.append(connection)
    connection.segments.append(packet)
    return True


def _excuse_offload(segments):
    """A network card was to fill in the checksums: they are wrong in the capture and were right on the wire."""
    if sum(s.damaged for s in segments) * 2 > sum(not s.cut for s in segments):
        for s in segments:
            s.damaged = False


def _has_opening(connection):
    """Both SYNs are there, and nothing came before the first."""
    first = connection.segments[0]
    return bool(first.flags & SYN) and all(any(s.flags & SYN for s in connection.sent_by(end))
                                           for end in (connection.client, connection.server))
