# SPDX-License-Identifier: BSD-3-Clause
"""tools/ab --real: lwIP and Linux's TCP on a real link, in namespaces."""

import concurrent.futures
import contextlib
import functools
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest.mock
import uuid
from pathlib import Path

import ab
import isolation
import real
import simlib
from harness import Skipped, ab_json, check, command, test

PROGRAMS = Path(simlib.REPO) / "build" / "real" / "asan"
INSIDE = Path(simlib.REPO) / "tools" / "lab" / "real_inside.py"
BYTES = 200_000


@functools.cache
def programs():
    """The link, Linux's application and small lwIP hosts, with sanitizers."""
    if os.geteuid() == 0:
        simlib.need_packages(*real.PACKAGES)
    why = isolation.refused()
    if why:
        raise Skipped(why)
    tree = simlib.common("neutral_tree", simlib.LWIP_VERSION)
    why = isolation.built(PROGRAMS, Path(simlib.REPO) / "tools" / "lab" / "real", f"LWIP_DIR={tree}",
                          "REAL_PROFILES=MCU", "REAL_SANITIZE=ON", "CMAKE_BUILD_TYPE=Debug")
    check(why is None, why)
    return str(PROGRAMS)


def transfer(host, roles, measured, link):
    """The outcome of one run to the end."""
    specification = {"programs": programs(), "host": host, "roles": roles, "wire": ["--both", link],
                     "linux": "window=11680 cc=reno", "timestamps": False, "seconds": 50,
                     "measured": measured, "pcap": None}
    done = subprocess.run(isolation.isolated(sys.executable, "-B", str(INSIDE), json.dumps(specification)),
                          stdout=subprocess.PIPE, text=True, check=False)
    outcome = json.loads(done.stdout)
    check(not outcome["failures"], f"{host} {roles}: {outcome['failures']}")
    return outcome


def both_ways(host):
    """A stream in each direction and some requests, over a link that loses and reorders; what has to
    be true of them whatever the machine does meanwhile."""
    link = "rate=10M delay=10ms loss=2% reorder=1% reorderby=5ms"
    for sender, receiver in ("ab", "ba"):
        outcome = transfer(host, {sender: f"stream tx={BYTES}", receiver: f"serve rx={BYTES}"}, receiver, link)
        for end, figures in outcome["ends"].items():
            check(figures["opened"] == 1 and not figures["aborted"], f"{host}: end {end}: {figures}")
        check(outcome["ends"]["b"]["closed"] == 1, f"{host}: it took too long")
        check(outcome["ends"][receiver]["rx_bytes"] == BYTES, f"{host}: not all arrived")
    client = "rr requests=20 response=5000 connections=2"
    outcome = transfer(host, {"a": "rrserve", "b": client}, "b", link)
    check(outcome["ends"]["b"]["responses"] == 20, f"{host}: not all answered")
    outcome = transfer(host, {"a": client + " parallel=2", "b": "rrserve"}, "a", link)
    check(outcome["ends"]["a"]["responses"] == 20, f"{host}: not all were answered")


@test(slow=True)
def real_every_byte_both_ways():
    programs()
    with concurrent.futures.ThreadPoolExecutor() as pool:
        for done in [pool.submit(both_ways, host) for host in ("legacy-MCU", "alt-MCU", "peer")]:
            done.result()


EARLY = """
ip tuntap add tap0 mode tap && ip address add 10.77.0.1/24 dev tap0
"$0" --tap tap0 --addr 10.77.0.2 --gw 10.77.0.1 --app peer=10.77.0.1 --app 'role=serve rx=1' >"$1" &
for _ in $(seq 200); do grep -q '^up' "$1" && break; sleep 0.1; done
sleep 0.3
grep '^started' "$1" && echo before
ip link set tap0 up
for _ in $(seq 200); do grep '^started' "$1" && break; sleep 0.1; done
kill $! && wait $!
"""


@test(slow=True)
def real_lwip_begins_when_arp_is_done():
    """lwIP's first SYN once waited a second for ARP, since its TAP device was not yet up; then alt takes
    it for lost and begins with one segment."""
    with tempfile.NamedTemporaryFile() as said:
        done = subprocess.run(isolation.isolated("bash", "-c", EARLY, f"{programs()}/alt-MCU", said.name),
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    check(done.returncode == 0 and done.stdout == "started\n", f"{done.returncode}: {done.stdout}")


@test(slow=True)
def real_link_is_what_it_says():
    """Never faster than rate, delay and window allow; what is lost has its share."""
    window, rtt, loss = 11680, 0.06, 0.05
    outcome = transfer("peer", {"a": "stream tx=400k", "b": "serve rx=400k"}, "b",
                       f"rate=5M delay={rtt * 500:g}ms loss={loss}")
    client, server = outcome["ends"]["a"], outcome["ends"]["b"]
    took = client["connected_s"] - client["started_s"]
    check(took >= rtt, f"connected after {took} s over a round trip of {rtt} s")
    bound = min(5e6 * 1460 / 1500, window * 8 / rtt)
    check(server["goodput_bps"] <= bound * 1.05, f"{server['goodput_bps']} bit/s of {bound}")
    for way in outcome["wire"]["links"]:
        offered, lost = way["offered"], way["lost"]
        check(offered == way["delivered"] + lost, f"frames are missing: {way}")
        error = 5 * (offered * loss * (1 - loss)) ** 0.5
        check(abs(lost - offered * loss) <= error, f"lost {lost} of {offered}")
    wire = outcome["wire"]
    check(wire["frames_in"] + wire["frames_under_way"] == sum(way["delivered"] for way in wire["links"]),
          f"a frame that was not lost was not delivered: {wire}")


@test(slow=True)
def real_shows_three_columns():
    programs()
    words = ["--real", "bulk-to-linux", "--set", "seconds=1", "--grid", "loss=0", "--seeds", "1"]
    with tempfile.TemporaryDirectory() as folder:
        results, out = ab_json(*words, "--keep-pcap", folder)
        cell = results["scenarios"][0]["cells"][0]
        for label in ("legacy", "alt", "linux"):
            check(cell["runs"][label][0]["ok"], f"{label}: {cell['runs'][label]}")
            median = cell["figures"][0]["median"][label]
            check(0 < median < 11680 * 8 / 0.02e6 and f"{median:.4g}" in out, f"{label}: {median} Mbit/s")
            for end in "ab":
                path = os.path.join(folder, "bulk-to-linux", "loss=0", label, f"{end}.pcap")
                check(os.path.getsize(path) > 10000, f"{path} is short")


def marked(mark):
    """Processes that have this mark in their environment."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if mark.encode() in path.read_bytes():
                found.append(int(path.parts[2]))
    return found


def wait_until(condition, seconds):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def end_with(number):
    """Ends a run of tools/ab --real in its middle; its exit code, when nothing of it is left."""
    mark = f"REAL_TEST={uuid.uuid4()}"
    name, _, value = mark.partition("=")
    run = subprocess.Popen([os.path.join(simlib.REPO, "tools", "ab"), "--real", "bulk-to-linux", "--set",
                            "seconds=100", "--grid", "loss=0", "--seeds", "1", "--backend", "alt,linux"],
                           env={**os.environ, name: value}, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
    try:
        own = os.readlink("/proc/self/ns/net")

        def spaces():
            mine = set(marked(mark))
            return {space for space, pids in isolation.net_namespaces().items() if mine & set(pids)} - {own}

        # lwIP's end and Linux's of each run.
        check(wait_until(lambda: len(spaces()) == 4, 300), f"no namespaces: {spaces()}")
        run.send_signal(number)
        code = run.wait(timeout=20)
        check(wait_until(lambda: not marked(mark), 20), f"processes left: {marked(mark)}")
    finally:
        run.kill()
        run.wait()
    return code


@test(slow=True)
def real_leaves_nothing():
    programs()
    with concurrent.futures.ThreadPoolExecutor() as pool:
        codes = list(pool.map(end_with, (signal.SIGTERM, signal.SIGKILL)))
    check(codes == [130, -signal.SIGKILL], f"exit codes {codes}")
    check(not {"wire", "tap0"} & set(os.listdir("/sys/class/net")), "a device is left here")


@test()
def real_refuses():
    for words, why in ((["bulk-to-linu"], "did you mean bulk-to-linux"),
                       (["bulk-to-linux", "--grid", "window=9"], "window: 8 or 256K"),
                       (["bulk-to-linux", "--set", "rtt=fast"], "not a time"),
                       (["--backend", "alt@HEAD"], "no backend 'alt@HEAD'"),
                       (["--cpu", "8M"], "--cpu is for the simulated network")):
        done = command("tools/ab", "--real", *words, code=2)
        check(why in done.stderr, f"{words}: {done.stderr.strip()[-300:]}")


@test()
def real_needs_root():
    errors = io.StringIO()
    with unittest.mock.patch("os.geteuid", return_value=1000), contextlib.redirect_stderr(errors), \
         unittest.mock.patch("sys.argv", ["tools/ab", "--real"]):
        code = ab.main()
    check(code == 1 and "needs root" in errors.getvalue(), f"{code}: {errors.getvalue()}")
