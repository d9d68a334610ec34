# SPDX-License-Identifier: BSD-3-Clause
"""Capture files, and where in a captured packet TCP begins.

dpkt reads the file formats; headers are decoded here, since captures are often cut behind them and lengths
must then come from IP.
"""

import struct
from decimal import Decimal

import dpkt

LINK_RAW = 101
SNAPLEN = 262144


class CaptureError(Exception):
    """The file cannot be read or written; says why."""


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
    LINK_RAW: lambda packet: 0, 228: lambda packet: 0, 229: lambda packet: 0,
}


# ---- IP -------------------------------------------------------------------------------------------------

# IPv6 extension headers that may stand before TCP: hop-by-hop, routing, destination options.
EXTENSIONS = (0, 43, 60)


def _ipv4(packet, at):
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


def tcp_in(packet, link):
    """(source, destination, offset of TCP, end of the packet by IP's own length), or None. `link`: of LINKS."""
    at = link(packet)
    if at is None or len(packet) <= at:
        return None
    version = packet[at] >> 4
    return _ipv4(packet, at) if version == 4 else _ipv6(packet, at) if version == 6 else None


# ---- the file -------------------------------------------------------------------------------------------

def _nanoseconds(stamp):
    """dpkt gives Decimal seconds where the file has nanoseconds, else a float good for microseconds."""
    return round(stamp * 1000000) * 1000 if isinstance(stamp, float) else int(stamp * 1000000000)


class Reader:
    """The packets of a pcap or pcapng file (of several interfaces, all as the first), for use within `with`;
    `link`: of LINKS; `cut`, in the end: the file breaks off."""

    def __init__(self, path):
        self.cut = False
        try:
            self._file = open(path, "rb")  # pylint: disable=consider-using-with
        except OSError as error:
            raise CaptureError(f"{path}: {error.strerror}") from error
        try:
            self._reader = dpkt.pcap.UniversalReader(self._file)
        except (dpkt.Error, ValueError, struct.error) as error:
            self._file.close()
            raise CaptureError(f"{path}: no capture file ({error})") from error
        self.link = LINKS.get(self._reader.datalink())
        if self.link is None:
            self._file.close()
            raise CaptureError(f"{path}: link type {self._reader.datalink()} is not known here")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._file.close()

    def __iter__(self):
        """(number from 1 as Wireshark counts, time in nanoseconds, bytes) of each."""
        number = 0
        try:
            for stamp, packet in self._reader:
                number += 1
                yield number, _nanoseconds(stamp), packet
        except (dpkt.Error, ValueError, struct.error):
            self.cut = True


class Writer:
    """Writes IP packets with nanosecond stamps, for use within `with`."""

    def __init__(self, path):
        try:
            self._file = open(path, "wb")  # pylint: disable=consider-using-with
        except OSError as error:
            raise CaptureError(f"{path}: {error.strerror}") from error
        self._writer = dpkt.pcap.Writer(self._file, snaplen=SNAPLEN, linktype=LINK_RAW, nano=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._file.close()

    def write(self, time_ns, packet):
        self._writer.writepkt_time(packet, Decimal(time_ns) / 1000000000)
