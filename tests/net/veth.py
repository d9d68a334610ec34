# SPDX-License-Identifier: BSD-3-Clause
"""The host of ports/pcap on one end of a veth pair, Linux' TCP on the other, inside namespaces that are already ours.

lwIP's end lies in a network namespace of its own, whose kernel has an address on it, too: both use the interface.
One line per test on stdout, as inside.py has them."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import inside
from lan import HERE, HERE6, HOST, Failure, Host, Program, command, say

THERE = "10.77.0.3"  # the kernel at lwIP's end
FOREIGN = 50  # a few broadcasts come besides


class PcapHost(Host):
    """An lwIP host on its end of the pair."""
    device = ("--interface", "lwip0")


def make_network(space):
    """`space` is a process in the other namespace."""
    there = ("nsenter", f"--net=/proc/{space}/ns/net")
    PcapHost.prefix = there
    for words in (("ip", "link", "set", "lo", "up"),
                  ("ip", "link", "add", "peer0", "type", "veth", "peer", "name", "lwip0", "netns", str(space)),
                  ("ip", "address", "add", f"{HERE}/24", "dev", "peer0"),
                  ("ip", "address", "add", f"{HERE6}/64", "dev", "peer0", "nodad"),
                  ("ip", "link", "set", "peer0", "up"),
                  (*there, "ip", "address", "add", f"{THERE}/24", "dev", "lwip0"),
                  (*there, "ip", "link", "set", "lwip0", "up")):
        command(*words)


def checksums(state):
    command("ethtool", "-K", "peer0", "tx", state)


def kernel_answers(_host, _big, _folder):
    """The kernel at the same interface has nothing at that port, and says so for its own address."""
    try:
        socket.create_connection((THERE, 7), timeout=5).close()
    except ConnectionRefusedError:
        return
    raise Failure("somebody answers at the kernel's address")


TESTS = [inside.download, inside.download6, inside.upload, inside.echo, inside.echo6, kernel_answers, inside.idle_pools]


def partial_checksums(binary):
    """What docs/pcap.md warns of: the sending kernel leaves the checksum to a network card that a veth is not."""
    checksums("on")
    with PcapHost(binary, "--app", "echo") as host:
        try:
            socket.create_connection((HOST, 7), timeout=2).close()
            raise Failure("connected, although checksums were left to the card")
        except TimeoutError:
            pass
        host.stop()
        if int(host.wait_for(r"tcp .*chkerr=(\d+)").group(1)) < 1:
            raise Failure("no wrong checksum was counted")


def only_its_own_frames(binary):
    """What is for the kernel at the same interface does not wake lwIP."""
    with PcapHost(binary, "--app", "echo") as host:
        for _ in range(FOREIGN):
            kernel_answers(host, None, None)
        host.stop()
        taken = int(host.wait_for(r"link recv=(\d+)").group(1))
        if taken >= FOREIGN // 2:
            raise Failure(f"lwIP got {taken} frames while {FOREIGN} connections were refused by the kernel")


def joined_frames(binary, big):
    """Frames that the sender's card was to cut are dropped, and it is said."""
    checksums("on")
    with PcapHost(binary, "--app", f"upload={big.parent / 'received.bin'}") as host:
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sock:
            sock.bind(("peer0", 0))
            command("ip", "link", "set", "peer0", "mtu", "9000")
            command(*PcapHost.prefix, "ip", "link", "set", "lwip0", "mtu", "9000")
            sock.send(b"\xff" * 6 + bytes(6) + b"\x08\x00" + bytes(4000))
        host.wait_for(r"lwip0: dropped a frame of 4014 bytes: .*ethtool -K lwip0")


def refusals(binary):
    for words, why in ((("--interface", "nothing0"), "no such interface"), (("--interface", "any", "--mac", "02:00:00:00:00:09"), "no Ethernet interface"),
                       (("--interface", "lwip0", "--mac", "01:00:5e:00:00:01"), "no address of one")):
        done = subprocess.run([*PcapHost.prefix, binary, *words, "--app", "echo"], stdout=subprocess.PIPE, check=False,
                              stderr=subprocess.STDOUT, text=True, timeout=20)
        if done.returncode not in (1, 2) or why not in done.stdout:
            raise Failure(f"{words}: {done.returncode} {done.stdout}")


def interface_vanishes(binary, space):
    """The program ends, and says why, when its interface goes."""
    with PcapHost(binary, "--app", "echo") as host:
        command("ip", "link", "delete", "peer0")
        host.wait_for(r"host: the device is gone")
        if host.process.wait(timeout=10) != 1:
            raise Failure(f"exit code {host.process.returncode}")
    make_network(space)
    checksums("off")


def attempt(name, test, *words):
    try:
        test(*words)
        say(name)
    except (Failure, OSError, subprocess.TimeoutExpired) as why:
        say(name, why)


def main(binaries):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with Program("unshare", "--net", "sh", "-c", "echo ready; exec sleep 10000") as other, \
            tempfile.TemporaryDirectory() as tmp:
        other.wait_for("ready$")
        folder = Path(tmp)
        big = folder / "big.bin"
        big.write_bytes(os.urandom(inside.SIZE))
        make_network(other.process.pid)
        checksums("off")
        for binary in binaries:
            name = f"{Path(binary).parent.name}/{Path(binary).name}"
            inside.one_host(binary, name, "", big, folder, TESTS, PcapHost)
        name = f"{Path(binaries[0]).parent.name}"
        attempt(f"{name}/interface_vanishes", interface_vanishes, binaries[0], other.process.pid)
        attempt(f"{name}/only_its_own_frames", only_its_own_frames, binaries[0])
        attempt(f"{name}/refusals", refusals, binaries[0])
        attempt(f"{name}/partial_checksums", partial_checksums, binaries[0])
        attempt(f"{name}/joined_frames", joined_frames, binaries[0], big)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
