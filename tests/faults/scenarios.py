# SPDX-License-Identifier: BSD-3-Clause
"""The scenarios of the sweep: NAME -> (profile, lines). Short, and each with other allocations than the rest.

The link is 10 Mbit/s with 5 ms each way unless a line says more of it.
"""

LINK = "link a b rate=10M delay=5ms queue=64Ki"
BOTH = ["app b serve tx=8k rx=8k", "app a stream to=b tx=8k rx=8k"]
RR = "app b rrserve"

SCENARIOS = {
    "upload": ("MCU", ["app b serve rx=20k", "app a stream to=b tx=20k"]),
    "download": ("MCU", ["app b serve tx=20k", "app a stream to=b rx=20k"]),
    "both-ways": ("MCU", BOTH),
    "both-ways-options": ("BIG", BOTH),
    "both-ways-v6": ("DUAL", ["app b serve tx=8k rx=8k v6=1", "app a stream to=b tx=8k rx=8k v6=1"]),
    "zero-copy": ("MCU", ["app b serve tx=12k rx=12k zerocopy=1", "app a stream to=b tx=12k rx=12k zerocopy=1"]),
    "loss": ("BIG", ["link a b loss=10%", *BOTH]),
    "loss-no-options": ("MCU", ["link a b loss=10%", *BOTH]),
    "reordering": ("BIG", ["link a b reorder=30% reorderby=8ms", *BOTH]),
    "duplicates": ("MCU", ["link a b duplicate=50%", *BOTH]),
    "corruption": ("MCU", ["link a b corrupt=10%", *BOTH]),
    "syn-lost": ("MCU", ["path a b drop=1", *BOTH]),
    "syn-ack-lost": ("MCU", ["path b a drop=1", *BOTH]),
    "outage": ("BIG", ["link a b down=20ms+2s", *BOTH]),
    "refused-data": ("MCU", ["app b serve rx=12k refuse=2", "app a stream to=b tx=12k"]),
    "refused-fin": ("MCU", ["app b serve rx=6k refuselast=1", "app a stream to=b tx=6k"]),
    "slow-reader": ("MCU", ["app b serve rx=30k pauseat=15ms pause=3s", "app a stream to=b tx=30k"]),
    "requests": ("MCU", [RR, "app a rr to=b requests=8 request=300 response=2000"]),
    "fresh-connections": ("MCU", [RR, "app a rr to=b requests=6 fresh=1 request=100 response=700"]),
    "server-closes": ("MCU", [RR, "app a rr to=b requests=6 fresh=1 serverclose=1"]),
    "parallel": ("MCU", [RR, "app a rr to=b requests=8 connections=4 parallel=4 response=3000"]),
    "thinking": ("MCU", [RR, "app a rr to=b requests=4 think=2s"]),
    "files": ("MCU", ["app b files", "app a fetch to=b len=9000"]),
    "kept-open": ("MCU", ["app b serve tx=3k rx=3k", "app a stream to=b tx=3k rx=3k keep=20s"]),
    "small-pools": ("SMALL", ["app b serve tx=6k rx=6k", "app a stream to=b tx=6k rx=6k"]),
    "cut-short": ("MCU", ["app b serve tx=90k rx=90k", "app a stream to=b tx=90k rx=90k", "end 40ms"]),
    "damaged": ("MCU", ["link a b damage=20%", *BOTH, "hostile", "end 20s"]),
}
