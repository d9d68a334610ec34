# SPDX-License-Identifier: BSD-3-Clause
"""A simulated host (simhost.h) in a Python program, without the simulator: whoever loads it is the
network and the clock. One host a process."""

import ctypes as c

ABI = 5
NO_DEADLINE = 0xFFFFFFFF
QUEUE, END, GO, ABORT = range(4)  # enum simhost_hand

NOW = c.CFUNCTYPE(c.c_uint64, c.c_void_p)
TRANSMIT = c.CFUNCTYPE(None, c.c_void_p, c.c_uint, c.c_void_p, c.c_size_t)
FAULT = c.CFUNCTYPE(None, c.c_void_p, c.c_uint, c.c_char_p)


class Env(c.Structure):
    _fields_ = [("world", c.c_void_p), ("index", c.c_uint), ("now_ns", NOW), ("transmit", TRANSMIT),
                ("fault", FAULT)]


class Setup(c.Structure):
    _fields_ = [("seed", c.c_uint64), ("clock_start_ms", c.c_uint32), ("mtu", c.c_uint16),
                ("fail_first", c.c_uint32), ("fail_count", c.c_uint32)]


class Api(c.Structure):
    _fields_ = [
        ("abi", c.c_uint), ("backend", c.c_char_p), ("version", c.c_char_p), ("has_ipv6", c.c_int),
        ("init", c.CFUNCTYPE(None, c.POINTER(Env), c.POINTER(Setup))),
        ("input", c.CFUNCTYPE(None, c.c_char_p, c.c_size_t)),
        ("run_timers", c.CFUNCTYPE(None)),
        ("sleep_ms", c.CFUNCTYPE(c.c_uint32)),
        ("start", c.CFUNCTYPE(c.c_int, c.c_char_p, c.c_char_p, c.c_char_p, c.c_size_t)),
        ("stop_servers", c.CFUNCTYPE(None)),
        ("abort_all", c.CFUNCTYPE(None)),
        ("counters", c.c_void_p),
        ("result", c.c_void_p),
        ("waits", c.CFUNCTYPE(c.c_int)),
        ("dump", c.c_void_p),
        ("probe", c.c_void_p),
        ("hand", c.CFUNCTYPE(None, c.c_int, c.c_char_p, c.c_size_t)),
        ("choose", c.CFUNCTYPE(c.c_int, c.c_char_p)),
    ]


class HostError(Exception):
    """The host cannot be loaded or started, or it reports a fault."""


class Host:
    """lwIP from one shared object. `now_ns` is set by the owner before each call; `transmit(frame)` is called
    for each packet that leaves."""

    def __init__(self, library, transmit, seed=1, mtu=1500):
        self.now_ns = 0
        self._fault = None
        try:
            entry = c.CDLL(library).simhost_entry_point
        except (OSError, AttributeError) as error:
            raise HostError(f"no host library: {error}") from None
        entry.restype = c.POINTER(Api)
        self._api = entry().contents
        if self._api.abi != ABI:
            raise HostError(f"{library} has another version of the interface")
        self.backend = self._api.backend.decode()
        self.version = self._api.version.decode()
        # The callbacks live as long as the host.
        self._env = Env(None, 0, NOW(lambda _: self.now_ns),
                        TRANSMIT(lambda _world, _index, at, size: transmit(c.string_at(at, size))),
                        FAULT(self._note_fault))
        setup = Setup(seed=seed, clock_start_ms=0, mtu=mtu)
        self._call(self._api.init, c.byref(self._env), c.byref(setup))

    def _note_fault(self, _world, _index, what):
        self._fault = self._fault or what.decode()

    def _call(self, function, *words):
        result = function(*words)
        if self._fault:
            raise HostError(self._fault)
        return result

    def start(self, role, **params):
        """Starts an application by the simulator's name for it."""
        error = c.create_string_buffer(200)
        text = " ".join(f"{key}={value}" for key, value in params.items())
        if self._call(self._api.start, role.encode(), text.encode(), error, len(error)) != 0:
            raise HostError(error.value.decode())

    def input(self, packet):
        self._call(self._api.input, packet, len(packet))

    def run_timers(self):
        self._call(self._api.run_timers)

    def deadline_ns(self):
        """When the host wants to run next, or None."""
        sleep = self._api.sleep_ms()
        if sleep == NO_DEADLINE:
            return None
        return self.now_ns if sleep == 0 else (self.now_ns // 1000000 + sleep) * 1000000

    def hand(self, what, data=b""):
        """Moves the connection of role `hand` or `handserve`."""
        self._call(self._api.hand, what, data, len(data))
