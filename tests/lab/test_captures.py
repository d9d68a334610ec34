# SPDX-License-Identifier: BSD-3-Clause
"""What the simulator writes, against others: captures against tshark, traces against captures."""

import csv
import functools
import os
import subprocess
import tempfile

import seqcap
import seqflow
import simlib
from harness import check, test

# Six lossy captures: small windows, large ones with SACK and timestamps, many short connections; both TCPs.
LOSSY = [(name, backend, variables) for name, variables in (
    ("bulk", {"loss": "2%", "bytes": "1M"}), ("bulk", {"profile": "BIG", "loss": "1%", "bytes": "2M"}),
    ("campaign_short", {"loss": "3%"})) for backend in ("legacy", "alt")]
COUNTERS = ("cwnd", "in_flight", "snd_wnd", "rcv_wnd", "snd_buf_used", "retransmissions")


@functools.cache
def build():
    return simlib.build("plain", ("legacy", "alt"), ("MCU", "BIG"))


def run(folder, name, backend, variables, *options, seed=3):
    """The outcome of a run with captures and traces in the folder."""
    options = ["--pcap", folder, "--trace", folder, *options]
    outcome = simlib.run(build().command(name, seed, [backend], variables, options))
    check(outcome.ok, f"{outcome.why()} [{outcome.command}]")
    return outcome


def rows_of(folder, host):
    with open(os.path.join(folder, f"{host}.csv"), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sent_again(folder, host, source):
    """Numbers of the packets in which the host sent something again."""
    connections = seqflow.connections(seqcap.read(os.path.join(folder, f"{host}.pcap")).segments)
    return {event.number for connection in connections for stream in connection.streams()
            if seqflow.address(stream.source).startswith(source + ":")
            for event in stream.events if event.kind == seqflow.AGAIN}


def tshark(path, *fields):
    """A row per packet. Anything but rows, and that it runs as root, is an error."""
    words = ["tshark", "-n", "-r", path, "-T", "fields", *(word for field in fields for word in ("-e", field))]
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    check(done.returncode == 0, f"tshark: {done.stderr}")
    return [line.split("\t") for line in done.stdout.splitlines()]


@test(slow=True)
def tshark_agrees_on_every_retransmission():
    """Packet by packet, at the sender. tshark calls one `out of order` that follows new data within a round trip;
    at its sender's own interface nothing can be."""
    simlib.need_packages("tshark")
    kinds = [f"tcp.analysis.{kind}" for kind in ("retransmission", "fast_retransmission", "spurious_retransmission",
                                                 "out_of_order")]
    total = 0
    for name, backend, variables in LOSSY:
        with tempfile.TemporaryDirectory(prefix="lab-") as folder:
            outcome = run(folder, name, backend, variables)
            for host, source in (("a", "10.0.0.1"), ("b", "10.0.0.2")):
                path = os.path.join(folder, f"{host}.pcap")
                packets = tshark(path, "frame.number", "ip.src", "_ws.malformed", *kinds)
                place = f"{outcome.command}, host {host}"
                check(not any(packet[2] for packet in packets), f"malformed packets: {place}")
                told = {int(packet[0]) for packet in packets if packet[1] == source and any(packet[3:])}
                ours, counted = sent_again(folder, host, source), outcome.host(host)["retransmissions"]
                check(told == ours, f"tshark alone {sorted(told - ours)}, we alone {sorted(ours - told)}: {place}")
                check(len(told) == counted, f"tshark {len(told)}, the simulator {counted}: {place}")
                total += counted
    check(total > 60, f"only {total} retransmissions in all")


@test(slow=True)
def captures_have_nanoseconds_and_open_clean():
    simlib.need_packages("tshark")
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        run(folder, "bulk", "alt", {"loss": "1%", "bytes": "200k"}, "--snaplen", "128")
        path = os.path.join(folder, "a.pcap")
        done = subprocess.run(["capinfos", "-M", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        about = dict(line.split(":", 1) for line in done.stdout.splitlines() if ":" in line)
        about = {key.strip(): value.strip() for key, value in about.items()}
        check(done.returncode == 0 and not done.stderr, f"capinfos: {done.stderr}")
        check("nanosecond" in about["File timestamp precision"], f"{about}")
        check(about["File encapsulation"] == "rawip", f"{about}")
        segments = seqcap.read(path).segments
        check(int(about["Number of packets"]) == len(segments), f"{about['Number of packets']} of {len(segments)}")
        lengths = {int(row[0]): int(row[1]) for row in tshark(path, "frame.number", "tcp.len")}
        check(lengths == {segment.number: segment.length for segment in segments}, "lengths of cut packets differ")


@test()
def traces_change_nothing():
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        for backend in ("legacy", "alt"):
            with_trace = run(folder, "bulk", backend, {"loss": "2%", "bytes": "200k"}).data
            without = simlib.run(build().command("bulk", 3, [backend], {"loss": "2%", "bytes": "200k"})).data
            check(with_trace["hash"] == without["hash"], f"{backend}: {with_trace['hash']} and {without['hash']}")


@test()
def traces_tell_what_the_captures_show():
    for backend, profile in (("legacy", "MCU"), ("alt", "MCU"), ("legacy", "BIG"), ("alt", "BIG")):
        with tempfile.TemporaryDirectory(prefix="lab-") as folder:
            outcome = run(folder, "bulk", backend, {"profile": profile, "loss": "2%", "bytes": "300k"})
            place = f"{backend}, {profile}"
            for host in ("a", "b"):
                rows = rows_of(folder, host)
                times = [float(row["t_s"]) for row in rows]
                check(times == sorted(times), f"{place}: stamps go backwards")
                check(rows[-1]["state"] == "CLOSED", f"{place}: ends in {rows[-1]['state']}")
                bodies = [[row[key] for key in row if key != "t_s"] for row in rows]
                check(all(one != other for one, other in zip(bodies, bodies[1:])), f"{place}: a line without news")
                for key in COUNTERS:
                    check(all(not row[key] or 0 <= int(row[key]) < 2**31 for row in rows), f"{place}: {key} is beyond all")
                check(int(rows[-2]["retransmissions"]) == outcome.host(host)["retransmissions"], f"{place}: retransmissions")
            at_sender(folder, place, profile)


def at_sender(folder, place, profile):
    """The figures of the sender against its own packets."""
    stream = seqflow.connections(seqcap.read(os.path.join(folder, "a.pcap")).segments)[0].client
    rows = [row for row in rows_of(folder, "a") if row["snd_wnd"] and row["state"] != "SYN_SENT"]
    window = max(event.window for event in stream.peer.events[1:])
    check(max(int(row["snd_wnd"]) for row in rows) == window == simlib.WINDOW[profile], f"{place}: window {window}")
    # What it had in flight at most is what it was seen to have, but for what it knew to be lost.
    seen = acked = 0
    for event in sorted(stream.events + stream.peer.events, key=lambda event: event.number):
        if event in stream.peer.events:
            acked = max(acked, event.ack or 0)
        seen = max(seen, (event.end if event in stream.events else 0) - acked)
    most = max(int(row["in_flight"]) for row in rows)
    check(0.5 * seen <= most <= seen + 1, f"{place}: {most} in flight, seen {seen}")
    check(all(int(row["cwnd"]) >= 1 for row in rows), f"{place}: no cwnd")
    estimates = [float(row["srtt_ms"]) for row in rows if row["srtt_ms"]]
    if place.startswith("alt"):
        check(20 <= min(estimates) <= 60, f"{place}: RTT of at least 20 ms estimated as {min(estimates)}")


@test()
def traces_follow_many_connections():
    """Each connection has its own lines, from SYN to CLOSED."""
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        outcome = run(folder, "campaign_short", "alt", {"loss": "3%"})
        for host in ("a", "b"):
            by_connection = {}
            for row in rows_of(folder, host):
                by_connection.setdefault((row["local_port"], row["remote"], row["remote_port"]), []).append(row)
            opened = sum(app["opened"] for app in outcome.data["apps"] if app["host"] == host)
            check(len(by_connection) == opened > 10, f"{host}: {len(by_connection)} connections, {opened} opened")
            ends = {rows[-1]["state"] for rows in by_connection.values()}
            check(ends == {"CLOSED"}, f"{host}: connections end in {ends}")
            again = sum(int(rows[-2]["retransmissions"]) for rows in by_connection.values())
            check(again == outcome.host(host)["retransmissions"], f"{host}: {again} retransmissions")


@test()
def trace_and_snaplen_refuse_nonsense():
    for words in (["--snaplen", "0"], ["--snaplen", "x"], ["--trace", "/dev/null/x"]):
        outcome = simlib.run(build().command("bulk", 1, ["alt"], {"bytes": "1k"}, words))
        check(outcome.code in (1, 2) and words[1] in outcome.errors, f"{words}: {outcome.code}, {outcome.errors}")
