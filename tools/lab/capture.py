# SPDX-License-Identifier: BSD-3-Clause
"""Captures, read and written by libpcap: pcap and pcapng, any byte order, nanoseconds."""

import ctypes as c
from dataclasses import dataclass

NANO = 1
DLT_RAW = 101
SNAPLEN = 262144
ERROR_SIZE = 256


class CaptureError(Exception):
    """A file is no capture, or cannot be read or written."""


class _Header(c.Structure):
    _fields_ = [("sec", c.c_long), ("nsec", c.c_long), ("caplen", c.c_uint32), ("len", c.c_uint32)]


def _library():
    pcap = c.CDLL("libpcap.so.0.8")
    pointer, text = c.c_void_p, c.c_char_p
    for name, result, arguments in (
            ("pcap_open_offline_with_tstamp_precision", pointer, (text, c.c_uint, text)),
            ("pcap_next_ex", c.c_int, (pointer, c.POINTER(c.POINTER(_Header)), c.POINTER(pointer))),
            ("pcap_datalink", c.c_int, (pointer,)),
            ("pcap_geterr", text, (pointer,)),
            ("pcap_close", None, (pointer,)),
            ("pcap_open_dead_with_tstamp_precision", pointer, (c.c_int, c.c_int, c.c_uint)),
            ("pcap_dump_open", pointer, (pointer, text)),
            ("pcap_dump", None, (pointer, c.POINTER(_Header), text)),
            ("pcap_dump_close", None, (pointer,))):
        function = getattr(pcap, name)
        function.restype = result
        function.argtypes = arguments
    return pcap


@dataclass
class Frame:
    number: int      # in the file, from 1, as Wireshark counts
    time: int        # nanoseconds
    link: int        # LINKTYPE_...
    data: bytes      # what was kept of it
    length: int      # what it had on the wire


def read(path):
    """Yield the Frames of a capture file."""
    pcap = _library()
    error = c.create_string_buffer(ERROR_SIZE)
    handle = pcap.pcap_open_offline_with_tstamp_precision(str(path).encode(), NANO, error)
    if not handle:
        raise CaptureError(f"{path}: {error.value.decode(errors='replace')}")
    header, data = c.POINTER(_Header)(), c.c_void_p()
    try:
        link, number = pcap.pcap_datalink(handle), 0
        while (got := pcap.pcap_next_ex(handle, c.byref(header), c.byref(data))) == 1:
            number += 1
            h = header.contents
            yield Frame(number, h.sec * 10**9 + h.nsec, link, c.string_at(data, h.caplen), h.len)
        if got == -1:
            raise CaptureError(f"{path}: after packet {number}: {pcap.pcap_geterr(handle).decode()}")
    finally:
        pcap.pcap_close(handle)


class Writer:
    """Writes IP packets with nanosecond stamps. For use within `with`."""

    def __init__(self, path):
        self._pcap = _library()
        self._handle = self._pcap.pcap_open_dead_with_tstamp_precision(DLT_RAW, SNAPLEN, NANO)
        self._dumper = self._pcap.pcap_dump_open(self._handle, str(path).encode())
        if not self._dumper:
            raise CaptureError(f"{path}: {self._pcap.pcap_geterr(self._handle).decode()}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._pcap.pcap_dump_close(self._dumper)
        self._pcap.pcap_close(self._handle)

    def write(self, time, packet):
        header = _Header(time // 10**9, time % 10**9, len(packet), len(packet))
        self._pcap.pcap_dump(self._dumper, c.byref(header), packet)
