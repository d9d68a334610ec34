# SPDX-License-Identifier: BSD-3-Clause
"""The transfers of tests/net/run, inside a network namespace that is already ours.

One line per test on stdout: `ok NAME` or `not-ok NAME: why`. This is the namespace's first
process: when it ends, the kernel ends all others."""

import concurrent.futures
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from lan import HOST, HOST6, LIMIT, Failure, Host, command, make_network, same, say

SIZE = (16 << 20) + 4099  # more than 16 MB, and no multiple of a segment
IPERF_BYTES = 32 << 20
ECHO_BYTES = 1 << 20


def download(_host, big, folder, address=HOST):
    got = folder / "got.bin"
    command("curl", "-sS", "-g", "--max-time", str(LIMIT), "-o", str(got), f"http://{address}/{big.name}")
    same(big, got)


def download6(host, big, folder):
    download(host, big, folder, f"[{HOST6}]")


def downloads_at_once(_host, big, folder):
    """Four at a time over one curl process each."""
    curls = [subprocess.Popen(["curl", "-sS", "--max-time", str(LIMIT), "-o", str(folder / f"got{n}.bin"),
                               f"http://{HOST}/{big.name}"]) for n in range(4)]
    codes = [curl.wait() for curl in curls]
    if any(codes):
        raise Failure(f"curl ended with {codes}")
    for n in range(4):
        same(big, folder / f"got{n}.bin")


def upload(host, big, folder):
    with socket.create_connection((HOST, 9999), timeout=LIMIT) as sock:
        sock.sendall(big.read_bytes())
        sock.shutdown(socket.SHUT_WR)
        if sock.recv(1) != b"":
            raise Failure("the sink sent something")
    bytes_taken = int(host.wait_for(r"upload done bytes=(\d+)").group(1))
    if bytes_taken != SIZE:
        raise Failure(f"the sink counted {bytes_taken} of {SIZE} bytes")
    same(big, folder / "received.bin")


def echo(_host, big, _folder, address=HOST):
    """Both directions at once: what is sent comes back."""
    data = big.read_bytes()[:ECHO_BYTES]
    with socket.create_connection((address, 7), timeout=LIMIT) as sock, concurrent.futures.ThreadPoolExecutor() as pool:
        sending = pool.submit(lambda: (sock.sendall(data), sock.shutdown(socket.SHUT_WR)))
        back = bytearray()
        while part := sock.recv(65536):
            back += part
        sending.result()
    if back != data:
        raise Failure(f"{len(back)} of {len(data)} bytes came back, or others")


def echo6(host, big, folder):
    echo(host, big, folder, HOST6)


def iperf_to_lwip(host, _big, _folder):
    command("iperf", "-c", HOST, "-n", str(IPERF_BYTES))
    taken = int(host.wait_for(r"iperf server done bytes=(\d+)").group(1))
    # lwiperf does not count its settings header.
    if not IPERF_BYTES - 100 <= taken <= IPERF_BYTES:
        raise Failure(f"lwiperf counted {taken} of {IPERF_BYTES} bytes")


def iperf_from_lwip(host, _big, _folder):
    """-r: afterwards lwiperf connects back and sends as much.

    Not -d, which does both at once: iperf may not listen yet when lwiperf connects, and lwiperf
    reports a refused connection through the PCB it no longer has."""
    report = command("iperf", "-c", HOST, "-n", str(IPERF_BYTES), "-r", "-f", "B")
    sent = int(host.wait_for(r"iperf client done bytes=(\d+)").group(1))
    # "[  2] 0.00-0.02 sec  8389408 Bytes  ..." is what iperf's own server received.
    received = [int(n) for n in re.findall(r"sec\s+(\d+) Bytes", report)]
    if sent < IPERF_BYTES or sent not in received:
        raise Failure(f"lwiperf sent {sent} bytes, iperf reports {received}")


def both_ways_at_once(host, big, folder):
    with concurrent.futures.ThreadPoolExecutor() as pool:
        for transfer in [pool.submit(test, host, big, folder)
                         for test in (download, upload, iperf_to_lwip)]:
            transfer.result()


def idle_pools(host, _big, _folder):
    """After everything: no segment and no receive buffer in use."""
    host.stop()  # but first the last FIN is acknowledged
    for pool in ("tcp_seg", "pbuf_pool"):
        used = int(host.wait_for(rf"pool {pool} used=(\d+)").group(1))
        if used:
            raise Failure(f"{used} of pool {pool} still in use")


TESTS = [download, download6, downloads_at_once, upload, echo, iperf_to_lwip, iperf_from_lwip,
         both_ways_at_once, idle_pools]


def transfers(repeat, binaries):
    with tempfile.TemporaryDirectory() as tmp:
        folder = Path(tmp)
        big = folder / "big.bin"
        big.write_bytes(os.urandom(SIZE))
        for turn in range(1, repeat + 1):
            for binary in binaries:
                binary, at, backend = binary.partition("@")
                name = f"{Path(binary).parent.name}/{Path(binary).name}{at and '/'}{backend}"
                suffix = f"#{turn}" if repeat > 1 else ""
                one_host(binary, name, suffix, big, folder, TESTS, lambda *words, tcp=backend: host_with(tcp, *words))


def host_with(backend, binary, *options):
    """A host that is told to take a TCP, if one is named: it must say that it did."""
    host = Host(binary, *(["--tcp", backend] if backend else []), *options)
    if backend:
        host.wait_for(f"tcp={backend}$")
    return host


def one_host(binary, name, suffix, big, folder, tests, make=Host):
    try:
        host = make(binary, "--drain", "500", "--app", f"httpd={big}",
                    "--app", f"upload={folder / 'received.bin'}", "--app", "iperf", "--app", "echo")
    except Failure as why:
        say(f"{name}/start{suffix}", why)
        return
    for test in tests:
        for old in folder.glob("[gr]*.bin"):
            old.unlink()
        try:
            test(host, big, folder)
            say(f"{name}/{test.__name__}{suffix}")
        except (Failure, OSError, subprocess.TimeoutExpired) as why:
            say(f"{name}/{test.__name__}{suffix}", why)
        host.lines = [line for line in host.lines if line == "(ended)"]
    host.process.kill()
    host.process.wait()


def hold(folder):
    """Stay in the middle of a transfer until somebody ends us."""
    with tempfile.TemporaryDirectory() as tmp:
        big = Path(tmp) / "big.bin"
        big.write_bytes(bytes(SIZE))
        Host(os.path.join(folder, "host"), "--app", f"httpd={big}")
        subprocess.Popen(["curl", "-s", "--limit-rate", "100k", "-o", "/dev/null",
                          f"http://{HOST}/{big.name}"])
        print("holding", flush=True)
        signal.pause()


def main(words):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    make_network()
    if words[0] == "hold":
        hold(words[1])
    else:
        transfers(int(words[1]), words[2:])


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
