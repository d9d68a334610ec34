#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Starts example_app on a TAP of the network namespace it runs in, and talks to it.

usage: unshare --net example_host.py EXAMPLE_APP
The namespace and all in it end with this program. Prints what it did.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request

HOST = "192.168.1.200"
HTTP, ECHO = 80, 7


def ip(words):
    subprocess.run(["ip", *words.split()], check=True)


def connected(port, seconds):
    """A connection to the application; it may still be starting."""
    end = time.monotonic() + seconds
    while True:
        try:
            return socket.create_connection((HOST, port), timeout=20)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def echo():
    """What is sent comes back byte by byte, also when it ends with a FIN."""
    data = os.urandom(200_000)
    received = bytearray()
    with connected(ECHO, 20) as sock:
        for start in range(0, len(data), 1000):
            sock.sendall(data[start:start + 1000])
            while len(received) < start + len(data[start:start + 1000]):
                received += sock.recv(65536) or sys.exit("the echo ended early")
        sock.shutdown(socket.SHUT_WR)
        if sock.recv(1) != b"":
            sys.exit("no FIN for a FIN")
    if received != data:
        sys.exit("the echo is not what was sent")
    print(f"echoed {len(data)} bytes")


def page():
    connected(HTTP, 20).close()
    with urllib.request.urlopen(f"http://{HOST}/", timeout=20) as answer:
        body = answer.read()
    if b"lwIP" not in body:
        sys.exit(f"not lwIP's page: {body[:60]!r}")
    print(f"got a page of {len(body)} bytes")


def main():
    ip("tuntap add tap0 mode tap")
    ip("addr add 192.168.1.1/24 dev tap0")
    ip("link set tap0 up")
    # it ends at a key press, so its input stays open and empty
    app = subprocess.Popen([sys.argv[1]], env={**os.environ, "PRECONFIGURED_TAPIF": "tap0"},
                           stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        for _ in range(3):
            echo()
            page()
        if app.poll() is not None:
            sys.exit(f"the application ended: {app.returncode}")
    finally:
        app.kill()
        app.wait()


if __name__ == "__main__":
    main()
