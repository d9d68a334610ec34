# SPDX-License-Identifier: BSD-3-Clause
"""One run of `tools/ab --real`, inside network and process namespaces that are already ours.

argv: one JSON object, see Run. stdout: one JSON object.

    lwIP --TAP-- [this namespace, which forwards] --TUN-- wire --TUN-- [wire's namespace] Linux

Linux as the first host is this namespace itself. The script is the namespaces' first process:
when it ends, the kernel ends all others and removes what they had."""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "net"))
# pylint: disable=wrong-import-position
from lan import Failure, Program

WIRE_A, WIRE_B = "10.78.0.1", "10.78.0.2"
GATEWAY, LWIP = "10.77.0.1", "10.77.0.2"
DRAIN_MS = 2000  # for lwIP's last packets; it takes but a few
POOLS = ("tcp_seg", "pbuf", "pbuf_pool")
SERVERS = ("serve", "rrserve")


def feed(words, text):
    """A command with this on its standard input; it must succeed."""
    done = subprocess.run(words, input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)
    if done.returncode != 0:
        raise Failure(f"{words[-2]} ended with {done.returncode}: {done.stdout.strip()[-300:]}")


def real_time(priority):
    """What makes a command go before ordinary processes, where that is allowed."""
    words = ["chrt", "--fifo", str(priority)]
    done = subprocess.run([*words, "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          check=False)
    return words if done.returncode == 0 else []


class Run:
    """What the JSON object says:

    programs    folder of wire, peer and the lwIP hosts
    host        program of end a: `peer` for Linux, else an lwIP host
    roles       {"a": "stream tx=1M", "b": "serve rx=1M"}; `to` is added
    wire        options of the link
    linux       words for each Linux application: window=, cc=
    timestamps  whether Linux offers them
    seconds     at most so long
    measured    "a" or "b": the end whose figures count; it ends first
    pcap        folder for captures, or null
    """

    def __init__(self, spec):
        self.spec = spec
        self.programs = Path(spec["programs"])
        self.is_lwip = spec["host"] != "peer"
        self.high, self.low = real_time(20), real_time(10)
        self.ends = {}

    def network(self, wire_pid):
        """Addresses and routes on both sides of the wire."""
        settings = {"ipv4/ip_forward": int(self.is_lwip),
                    "ipv4/tcp_no_metrics_save": 1,  # no run inherits from another
                    "ipv4/tcp_timestamps": int(self.spec["timestamps"]),
                    "ipv6/conf/all/disable_ipv6": 1, "ipv6/conf/default/disable_ipv6": 1}
        tune = " && ".join(f"echo {value} >/proc/sys/net/{name}"
                           for name, value in settings.items())
        # Segments, not what offloading makes of them, are what the link carries.
        up = "link set lo up\nlink set wire gso_max_segs 1 txqueuelen 10000 up\n"
        here = up + f"address add {WIRE_A}/24 dev wire\n"
        if self.is_lwip:
            here += ("tuntap add tap0 mode tap\nlink set tap0 txqueuelen 10000 up\n"
                     f"address add {GATEWAY}/24 dev tap0\n")
        there = up + f"address add {WIRE_B}/24 dev wire\nroute add default via {WIRE_A}\n"
        self.beyond = ["nsenter", f"--net=/proc/{wire_pid}/ns/net"]
        for prefix, text in (([], here), (self.beyond, there)):
            subprocess.run([*prefix, "sh", "-c", tune], check=True)
            feed([*prefix, "ip", "-batch", "-"], text)

    def peer(self, end):
        """Linux's application at an end."""
        role, _, words = self.spec["roles"][end].partition(" ")
        to = [] if role in SERVERS else [f"to={self.address('ab'['a' == end])}"]
        return Program(*(self.beyond if end == "b" else []), *self.low, str(self.programs / "peer"),
                       role, *words.split(), *to, *self.spec["linux"].split())

    def address(self, end):
        return WIRE_B if end == "b" else LWIP if self.is_lwip else WIRE_A

    def lwip(self):
        return Program(*self.low, str(self.programs / self.spec["host"]), "--tap", "tap0",
                       "--addr", LWIP, "--gw", GATEWAY, "--drain", str(DRAIN_MS),
                       "--app", f"peer={WIRE_B}", "--app", f"role={self.spec['roles']['a']}")

    def start(self, stack, end):
        is_lwip = end == "a" and self.is_lwip
        program = stack.enter_context(self.lwip() if is_lwip else self.peer(end))
        program.wait_for("started$" if is_lwip else "up$")
        self.ends[end] = program

    def figures(self, end):
        """Ends this end's application; what it says at last."""
        program = self.ends[end]
        program.stop()
        return json.loads(program.wait_for(r"result (\{.*\})$").group(1))

    def leftovers(self):
        """What lwIP still had in use when all connections were over. One in TIME-WAIT, or whose FIN
        was lost, lives on: what it holds is its own."""
        host = self.ends["a"]
        if host.wait_for(r"pool tcp_pcb used=(\d+)").group(1) != "0":
            return []
        used = {pool: int(host.wait_for(rf"pool {pool} used=(\d+)").group(1)) for pool in POOLS}
        start, heap = map(int, host.wait_for(r"heap start=(\d+) used=(\d+)").groups())
        left = [f"{count} of pool {pool} still in use" for pool, count in used.items() if count]
        return left + ([f"{heap} bytes of heap in use, {start} at the start"]
                       if heap > start else [])

    def wire(self):
        options = list(self.spec["wire"])
        if self.spec["pcap"]:
            os.makedirs(self.spec["pcap"], exist_ok=True)
            options += ["--pcap", self.spec["pcap"]]
        return Program(*self.high, str(self.programs / "wire"), *options)

    def outcome(self):
        with contextlib.ExitStack() as stack:
            wire = stack.enter_context(self.wire())
            self.network(int(wire.wait_for(r"up (\d+)$").group(1)))
            server_first = sorted("ab", key=lambda end: self.spec["roles"][end].split()[0]
                                  not in SERVERS)
            for end in server_first:
                self.start(stack, end)
            # End b is Linux, whose application says when all is over.
            self.ends["b"].says_within(self.spec["seconds"], "finished$")
            first = self.spec["measured"]
            results = {end: self.figures(end) for end in sorted("ab", key=lambda end: end != first)}
            wire.stop()
            link = json.loads(wire.wait_for(r"(\{.*\})$").group(1))
            return {"ends": results, "wire": link, "real_time": bool(self.high),
                    "failures": self.failures(results)}

    def failures(self, results):
        """What TCP promised and did not keep, and what lwIP did not give back."""
        found = [f"end {end}: {what} {figures[what]}" for end, figures in results.items()
                 for what in ("corrupt", "excess") if figures[what]]
        measured = results[self.spec["measured"]]
        found += [f"{what} {measured[what]}" for what in ("aborted", "too_short") if measured[what]]
        if not measured["opened"]:
            found.append("no connection was opened")
        return found + (self.leftovers() if self.is_lwip else [])


def main():
    try:
        print(json.dumps(Run(json.loads(sys.argv[1])).outcome()))
    except (Failure, OSError, subprocess.SubprocessError) as why:
        print(json.dumps({"failures": [" ".join(str(why).split())]}))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
