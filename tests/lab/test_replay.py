# SPDX-License-Identifier: BSD-3-Clause
"""tools/replay: captures of simulated runs, with either backend in the place of either side."""

import functools
import json
import os
import struct
import tempfile

import packets
import simlib
import simtest
from harness import Failed, check, command, scenario_file, test

BULK = ("bulk", {"bytes": "150k", "loss": "3%"})
TURNS = ("rr", {"requests": 20, "request": 3000, "response": 20000, "loss": "2%"})
BOTH_WAYS = ("campaign_bulk", {"bytes": "150k"})  # loss, reordering, duplicates, damage
FOLDER = tempfile.TemporaryDirectory(prefix="replay-")


@functools.cache
def built():
    return simlib.build(profiles=("MCU", "BIG", "DUAL"))


@functools.cache
def captured(scenario, backend, values=(), lines=(), host="a"):
    """The capture of one host in a run; `values` are (name, value) pairs."""
    folder = tempfile.mkdtemp(dir=FOLDER.name)
    with open(os.path.join(simlib.SCENARIOS, f"{scenario}.sim"), encoding="utf-8") as file:
        scenario = scenario_file(folder, file.read(), *lines)
    outcome = simlib.run(built().command(scenario, 1, [backend], dict(values), ["--pcap", folder]))
    check(outcome.ok, outcome.why())
    return os.path.join(folder, f"{host}.pcap")


def replay(path, *words, code=0):
    """What tools/replay says of a capture, as data."""
    done = command("tools/replay", path, "--json", "--libs", built().folder, *words, code=code)
    return json.loads(done.stdout)


def own_packets(path, side):
    """How many packets a side sent: the server is at port 5000 and something."""
    ports = (struct.unpack_from("!H", ip, 20 if ip[0] >> 4 == 4 else 40)[0] for _, ip in records(path))
    return sum((port < 6000) == (side == "server") for port in ports)


def assert_same(path, side, *words):
    """The backend sent exactly the packets that were captured, when they were."""
    seen = replay(path, "--as", side, "--same", *words)
    count = own_packets(path, side)
    check(count > 10 and seen["counts"]["same"] == count,
          f"{path} {side} {words}: {seen['counts']} of {count} captured: {seen['words']}")
    check(seen["fault"] is None, seen["fault"])


# ---- the same backend gives the same answers ----------------------------------------------------

def same_answers(profile, *scenarios):
    for name, values in scenarios:
        for backend in ("legacy", "alt"):
            for side, host in (("client", "a"), ("server", "b")):
                path = captured(name, backend, tuple({**values, "profile": profile}.items()), host=host)
                assert_same(path, side, "--backend", backend)


@test()
def replay_same_backend_same_packets():
    same_answers("MCU", BULK)


@test(slow=True)
def replay_same_backend_turns_and_both_ways():
    same_answers("MCU", TURNS, BOTH_WAYS)


@test(slow=True)
def replay_same_backend_scaled_windows_timestamps_sack():
    same_answers("BIG", BULK, TURNS)


@test()
def replay_ipv6():
    values = (("profile", "DUAL"), ("v6", 1), ("bytes", "100k"))
    for backend in ("legacy", "alt"):
        for side, host in (("client", "a"), ("server", "b")):
            assert_same(captured("campaign_bulk", backend, values, host=host), side, "--backend", backend)


# ---- another backend gives others ---------------------------------------------------------------

@test()
def replay_the_first_timeout_is_another():
    """The SYN-ACK is lost: legacy waits for the tick after 2.5 s before it sends it again, alt a second (RFC 6298)."""
    path = captured("bulk", "legacy", (("bytes", "5k"),), ("path b a drop=1",), "b")
    seen = replay(path, "--backend", "alt")
    again = {side: [row[side]["time_s"] for row in seen["packets"] if side in row and row[side]["flags"] == "SA"]
             for side in ("captured", "replayed")}
    check(len(again["captured"]) > 1 and len(again["replayed"]) > 1, f"SYN-ACKs: {again}")
    check(2.5 < again["captured"][1] < 3.6 and 0.9 < again["replayed"][1] < 1.1, f"SYN-ACKs: {again}")
    replay(path, "--backend", "alt", "--same", code=1)


@test()
def replay_other_options_are_a_difference():
    path = captured("bulk", "alt", (("bytes", "50k"), ("profile", "BIG")))
    for backend, options in (("alt", ["mss 1460", "sackOK"]), ("legacy", ["mss 1460"])):
        seen = replay(path, "--as", "client", "--backend", backend, "--profile", "MCU")
        check(seen["counts"]["options"] == 1, f"{seen['counts']}")
        first = next(row for row in seen["packets"] if row["what"] == "options")
        check(first["captured"]["options"] == ["mss 1460", "wscale 3", "sackOK", "ts"], f"{first}")
        check(first["replayed"]["options"] == options, f"{first}")
        # The peer's SYN-ACK may then agree to nothing but what the backend has offered.
        answer = next(row["peer"] for row in seen["packets"] if row["what"] == "peer")
        check(answer["options"] == options, f"{answer}")


@test()
def replay_the_peer_waits_for_what_it_acknowledges():
    """The first ACKs are lost, so that one acknowledges all of alt's first window; legacy's is smaller."""
    path = captured("bulk", "alt", (("bytes", "200k"), ("delay", "30ms")), ("path b a drop=2;3;4;5;6",))
    seen = replay(path, "--as", "client", "--backend", "legacy")
    sent = max(row["replayed"]["seq"] + row["replayed"]["len"] for row in seen["packets"] if "replayed" in row)
    check(seen["counts"]["made up"] > 0 and any("waited" in text for text in seen["words"]), f"{seen['words']}")
    check(sent == 200002, f"it sent up to {sent}")  # and the FIN
    at_once = replay(path, "--as", "client", "--backend", "legacy", "--patience", "0")
    check(at_once["counts"]["made up"] == 0 and any("had not sent" in text for text in at_once["words"]),
          f"{at_once['words']}")


@test()
def replay_says_when_the_peer_overruns_the_window():
    """What overtook a lost segment fills a small window, and the peer sends on."""
    values = (("bytes", "200k"), ("profile", "BIG"), ("delay", "30ms"))
    path = captured("bulk", "alt", values, ("path a b drop=60",), "b")
    seen = replay(path, "--as", "server", "--profile", "MCU")
    check(any("beyond the window" in text for text in seen["words"]), f"{seen['words']}")


# ---- captures of all kinds ----------------------------------------------------------------------

def records(path):
    """[(nanoseconds, IP packet)] of a capture that the simulator wrote."""
    return [(seconds * 10**9 + nano, ip) for seconds, nano, ip in simtest.capture_records(path)]


def written(recorded, **how):
    """A capture file of them; `how`: packets.pcap()."""
    handle, path = tempfile.mkstemp(dir=FOLDER.name, suffix=".pcap")
    os.close(handle)
    return packets.pcap(path, recorded, **how)


@test()
def replay_reads_every_kind_of_capture():
    recorded = records(captured(BULK[0], "alt", tuple(BULK[1].items()), host="b"))
    for how in (*({"link": link} for link in packets.LINKS), {"order": ">"}, {"nano": False}):
        assert_whole(written(recorded, **how), recorded)
    assert_whole(packets.pcapng(written([]), recorded), recorded)


def assert_whole(path, recorded):
    count = sum(struct.unpack_from("!H", ip, 20)[0] == 5001 for _, ip in recorded)
    seen = replay(path, "--same")
    check(seen["counts"]["same"] == count, f"{path}: {seen['words']}")


@test()
def replay_of_headers_alone():
    """A snap length that leaves the headers: the same answers, and it is said."""
    recorded = records(captured("bulk", "alt", (("bytes", "50k"), ("profile", "BIG"))))
    seen = replay(written(recorded, link="ethernet", snaplen=80), "--as", "client", "--same")
    check(any("captured in part" in text for text in seen["words"]), f"{seen['words']}")


@test()
def replay_of_checksums_left_to_the_card():
    """What a Linux kernel leaves there, here in most that was captured whole, is not damage; anything else is."""
    recorded = records(captured("bulk", "alt", (("bytes", "50k"),), host="b"))
    for field, said in ((left_to_card, False), (lambda ip: 0x1234, True)):
        # Only some: if all of a side's are wrong, that excuses them as well.
        path = written([(t, ip[:36] + struct.pack("!H", field(ip)) + ip[38:] if n in (0, 5, 6) else ip)
                        for n, (t, ip) in enumerate(recorded)])
        seen = replay(path)
        check(any("wrong checksum" in text for text in seen["words"]) == said, f"{said}: {seen['words']}")
        check((seen["counts"]["same"] == own_packets(path, "server")) != said, f"{said}: {seen['words']}")


def tcp_sum(ip):
    """The checksum field of the segment in an IPv4 packet without options."""
    return ~ones_sum(pseudo(ip) + ip[20:36] + b"\0\0" + ip[38:]) & 0xFFFF


def left_to_card(ip):
    """The same, as a Linux kernel has it before a network card completes it."""
    return ones_sum(pseudo(ip))


def pseudo(ip):
    return ip[12:20] + struct.pack("!HH", 6, len(ip) - 20)


def ones_sum(data):
    data += bytes(len(data) & 1)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def moved(ip, to_client, to_server):
    """The packet with each side's sequence numbers that much further, those of SACK blocks as well."""
    sport = struct.unpack_from("!H", ip, 20)[0]
    seq, ack = struct.unpack_from("!II", ip, 24)
    own, other = (to_server, to_client) if sport == 5001 else (to_client, to_server)
    ack = (ack + other) % 2**32 if ip[33] & 0x10 else ack
    ip = ip[:24] + struct.pack("!II", (seq + own) % 2**32, ack) + ip[32:]
    for at in sack_edges(ip):
        ip = ip[:at] + struct.pack("!I", (struct.unpack_from("!I", ip, at)[0] + other) % 2**32) + ip[at + 4:]
    return ip[:36] + struct.pack("!H", tcp_sum(ip)) + ip[38:]


def sack_edges(ip):
    """Where the sequence numbers of its SACK blocks are."""
    at, end = 40, 20 + (ip[32] >> 4) * 4
    while at < end and ip[at] != 0:
        size = ip[at + 1] if ip[at] != 1 else 1
        if ip[at] == 5:
            yield from range(at + 2, at + size, 4)
        at += size


@test()
def replay_where_sequence_numbers_wrap():
    for backend in ("legacy", "alt"):
        for side, host in (("client", "a"), ("server", "b")):
            path = captured(BULK[0], backend, tuple(BULK[1].items()), host=host)
            recorded = records(path)
            numbers = {struct.unpack_from("!H", ip, 20)[0] == 5001: struct.unpack_from("!I", ip, 24)[0]
                       for _, ip in recorded if ip[33] & 2}
            # 75,000 bytes after its beginning each side's numbers pass zero.
            shift = [(-75000 - numbers[server]) % 2**32 for server in (False, True)]
            check((backend == "alt") == any(any(sack_edges(ip)) for _, ip in recorded), f"SACK of {backend}")
            path = written([(time, moved(ip, *shift)) for time, ip in recorded])
            assert_same(path, side, "--backend", backend)


@test()
def replay_of_joined_packets():
    """Network cards join packets: two of the peer's in one are two again."""
    recorded, joined = records(captured("bulk", "alt", (("bytes", "50k"),), host="b")), []
    for time, ip in recorded:
        before = joined[-1][1] if joined else b""
        if len(before) == len(ip) == 1500 and before[20:22] == ip[20:22]:
            total = struct.pack("!H", len(before) + 1460)
            joined[-1] = (joined[-1][0], before[:2] + total + before[4:] + ip[40:])
        else:
            joined.append((time, ip))
    check(len(joined) < len(recorded), "nothing to join")
    seen = replay(written(joined))
    acked = max(row["replayed"]["ack"] for row in seen["packets"] if "replayed" in row)
    check(acked == 50002 and any("larger than the segment size" in text for text in seen["words"]),
          f"acknowledged up to {acked}; {seen['words']}")


# ---- several connections ------------------------------------------------------------------------

@test()
def replay_chooses_a_connection():
    path = captured("apps", "alt", (("loss", "0"),))
    done = command("tools/replay", path, "--list", "--json", code=0)
    rows = json.loads(done.stdout)
    check(len(rows) > 10 and all(row["whole"] for row in rows), f"{len(rows)} connections")
    upload = next(row for row in rows if row["server"].endswith(":6000"))
    check((upload["client_bytes"], upload["server_bytes"], upload["end"]) == (200000, 200000, "closed"), f"{upload}")
    seen = replay(path, "--connection", str(upload["connection"]))
    check(seen["server"] == upload["server"] and seen["as"] == "server", f"{seen['server']} {seen['as']}")
    seen = replay(path, "--host", upload["client"])
    check(seen["connection"] == upload["connection"] and seen["as"] == "client", f"{seen['connection']}")
    sent = max(row["replayed"]["seq"] + row["replayed"]["len"] for row in seen["packets"] if "replayed" in row)
    check(sent >= 200001, f"it sent up to {sent}")


@test()
def replay_one_after_another_on_the_same_ports():
    recorded = records(captured("bulk", "alt", (("bytes", "20k"),), host="b"))
    later = [(time + 500 * 10**9, moved(ip, 1000000, 7000000)) for time, ip in recorded]
    path = written(recorded + later)
    rows = json.loads(command("tools/replay", path, "--list", "--json", code=0).stdout)
    check([row["packets"] for row in rows] == [len(recorded)] * 2, f"{rows}")
    for number in ("1", "2"):
        seen = replay(path, "--connection", number, "--same")
        check(seen["counts"]["same"] * 4 > len(recorded), f"{seen['words']}")


# ---- what comes out -----------------------------------------------------------------------------

@test()
def replay_writes_what_was_played():
    """The capture that -o writes, replayed again with the same backend, is the same again."""
    path = captured(BULK[0], "legacy", tuple(BULK[1].items()))
    out = os.path.join(FOLDER.name, "out.pcap")
    first = replay(path, "--as", "client", "--backend", "alt", "-o", out)
    times = [time for time, _ in records(out)]
    check(times == sorted(times) and all(tcp_sum(ip) == struct.unpack_from("!H", ip, 36)[0]
                                         for _, ip in records(out)), "stamps go back, or a checksum is wrong")
    check({ip[12:16] for _, ip in records(out)} == {ip[12:16] for _, ip in records(path)}, "other addresses")
    assert_same(out, "client", "--backend", "alt")
    check(replay(path, "--as", "client", "--backend", "alt") == first, "the same command printed something else")


@test()
def replay_of_the_same_backend_is_the_same_capture():
    """What the peer said, too: windows as they are scaled, SACK blocks in their place."""
    values = (("bytes", "150k"), ("profile", "BIG"), ("loss", "3%"))
    for side, host in (("client", "a"), ("server", "b")):
        path = captured("bulk", "alt", values, host=host)
        out = os.path.join(FOLDER.name, f"{side}.pcap")
        replay(path, "--as", side, "-o", out)
        told = command("tools/pcapcmp", path, out)
        check(told.returncode == 0, f"{side}: {told.stdout}")
        blocks = sum(packet[1][32] >> 4 > 8 for packet in records(path) if not packet[1][33] & 2)
        check(blocks > 5, f"{side}: {blocks} packets with more than timestamps")


@test()
def replay_prints_both_sides():
    path = captured("bulk", "legacy", (("bytes", "5k"),), ("path b a drop=1",), "b")
    whole = command("tools/replay", path, code=0).stdout
    check("captured" in whole and " t " in whole and " > " in whole, whole)
    check("The first difference is" in whole and "Data: both 0 bytes." in whole, whole)
    few = command("tools/replay", path, "--differences", code=0).stdout
    check(len(few.splitlines()) < len(whole.splitlines()), "--differences shows everything")
    check(len(command("tools/replay", path, "--quiet", code=0).stdout.splitlines()) < 12, "--quiet is not")


@test()
def replay_tells_what_it_cannot_play():
    path = captured("bulk", "alt", (("bytes", "5k"),))
    recorded = records(path)
    with tempfile.NamedTemporaryFile(suffix=".pcap", dir=FOLDER.name) as text:
        text.write(b"no capture at all, but long enough to be one")
        text.flush()
        udp = written([(time, ip[:9] + b"\x11" + ip[10:]) for time, ip in recorded])
        usb = written([])
        with open(usb, "r+b") as file:
            file.seek(20)
            file.write(struct.pack("=I", 147))
        for words, why in (((text.name,), "no capture file"), (("missing.pcap",), "No such file"),
                           ((udp,), "no TCP connection"), ((usb,), "link type 147"),
                           ((written(recorded[3:]),), "began before the capture"),
                           ((path, "--connection", "9"), "no connection 9"),
                           ((path, "--host", "192.0.2.1"), "no TCP connection of 192.0.2.1"),
                           ((path, "--host", "nonsense"), "is not IP"),
                           ((path, "--host", "10.0.0.1", "--as", "server"), "is not the server"),
                           ((path, "--libs", FOLDER.name), "no alt-MCU.so")):
            done = command("tools/replay", *words, code=2)
            lines = done.stderr.splitlines()
            check(len(lines) == 1 and lines[0].startswith("tools/replay: ") and why in lines[0] and not done.stdout,
                  f"{words}: {done.stderr}{done.stdout}")


@test()
def replay_help_has_examples():
    text = command("tools/replay", "--help", code=0).stdout
    check("examples:" in text and "exit:" in text, text)
    if command("tools/replay", code=2).stdout:
        raise Failed("without a file it printed something")
