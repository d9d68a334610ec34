# SPDX-License-Identifier: BSD-3-Clause
"""Reading captures and telling what each segment is: by hand-made packets."""

import os
import tempfile

import packets
import seqcap
import seqflow
from harness import check, test
from packets import FIN, RST, SYN, Talk
from seqflow import AGAIN, DUPLICATE, FAST, KEEPALIVE, LATE, NEW, PROBE, REST, SPURIOUS, UPDATE, ZERO


def read(talk, **how):
    """The connections in a capture of the conversation."""
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        capture = seqcap.read(packets.pcap(os.path.join(folder, "x.pcap"), talk.packets, **how))
    return seqflow.connections(capture.segments)


def the_one(talk, **how):
    found = read(talk, **how)
    check(len(found) == 1, f"{len(found)} connections")
    return found[0]


def kinds(stream):
    return [event.kind for event in stream.events]


def equal(got, wanted, what="got"):
    check(got == wanted, f"{what}: {got} instead of {wanted}")


# ---- reading ------------------------------------------------------------------------------------------------

def sample(client, server):
    talk = Talk(client, server).open()
    return talk.say(0.030000123, 0, 1, 1, data=10).say(0.05, 1, 1, 11)


@test()
def captures_of_every_kind_are_read():
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        path = os.path.join(folder, "x.pcap")
        for addresses in (("10.0.0.1", "10.0.0.2"), ("fd00::1", "fd00::2")):
            talk = sample(*addresses)
            wanted = seqcap.read(packets.pcap(path, talk.packets)).segments
            equal(len(wanted), 5, "segments")
            equal((wanted[3].time_ns, wanted[3].length, wanted[3].src[1]), (30000123, 10, 1000), "the data")
            in_microseconds = [segment._replace(time_ns=segment.time_ns // 1000 * 1000) for segment in wanted]
            for link in packets.LINKS:
                equal(seqcap.read(packets.pcap(path, talk.packets, link=link)).segments, wanted, link)
            equal(seqcap.read(packets.pcap(path, talk.packets, order=">")).segments, wanted, "the other byte order")
            equal(seqcap.read(packets.pcap(path, talk.packets, nano=False)).segments, in_microseconds, "us")
            equal(seqcap.read(packets.pcapng(path, talk.packets)).segments, in_microseconds, "pcapng")
            equal(seqcap.read(packets.pcap(path, talk.packets, snaplen=60)).segments, wanted, "cut packets")


@test()
def stamps_of_today_keep_their_nanoseconds():
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        time = 1_795_000_000_123_456_789
        talk = Talk().open()
        capture = seqcap.read(packets.pcap(os.path.join(folder, "x.pcap"), [(time, talk.packets[0][1])]))
        equal(capture.segments[0].time_ns, time, "time")


@test()
def other_packets_are_skipped_and_broken_files_read_to_the_break():
    talk = sample("10.0.0.1", "10.0.0.2")
    udp = bytearray(talk.packets[0][1])
    udp[9] = 17
    fragment = bytearray(talk.packets[0][1])
    fragment[7] = 5
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        path = os.path.join(folder, "x.pcap")
        others = [(0, bytes(udp)), (0, bytes(fragment)), (0, b"\x45"), (0, talk.packets[0][1][:30])]
        capture = seqcap.read(packets.pcap(path, others + talk.packets))
        equal((capture.packets, capture.skipped, len(capture.segments), capture.cut), (9, 4, 5, False), "counts")
        equal(capture.segments[0].number, 5, "number of the first TCP segment")
        capture = seqcap.read(packets.pcap(path, talk.packets, cut=45))
        equal((len(capture.segments), capture.cut), (4, True), "segments before the break")
        for content, why in ((b"", "no capture"), (b"hello, world, this is no capture", "no capture")):
            with open(path, "wb") as file:
                file.write(content)
            try:
                seqcap.read(path)
                check(False, f"{content} was read")
            except seqcap.CaptureError as error:
                check(why in str(error), str(error))


# ---- sequence numbers ---------------------------------------------------------------------------------------

@test()
def numbers_wrap():
    """Every place of the wrap gives the same analysis as none."""
    def talk(isn):
        made = Talk(isn=isn).open()
        made.say(0.03, 0, 1, 1, data=1000).say(0.031, 0, 1001, 1, data=1000).say(0.032, 0, 2001, 1, data=1000)
        made.say(0.05, 1, 1, 1001).say(0.051, 1, 1, 1001, options=packets.option_sack(
            ((isn[0] + 2001) % 2**32, (isn[0] + 3001) % 2**32)))
        made.say(0.06, 0, 1001, 1, data=1000).say(0.08, 1, 1, 3001)
        return made.say(0.09, 0, 3001, 1, flags=FIN).say(0.1, 1, 1, 3002, flags=FIN)
    wanted = the_one(talk((100, 5000)))
    equal(kinds(wanted.client), [NEW, REST, NEW, NEW, NEW, AGAIN, NEW], "kinds")
    for behind in (0, 1, 2, 999, 1000, 1001, 1500, 3000, 3001, 3002):
        made = the_one(talk((2**32 - behind, 2**32 - 1)))
        for stream, other in zip(made.streams(), wanted.streams()):
            equal([event[1:] for event in stream.events], [event[1:] for event in other.events], f"wrap at {behind}")


@test()
def four_gigabytes_do_not_confuse():
    talk = Talk().open()
    step = 2**30
    for turn in range(9):
        talk.say(1 + turn, 0, 1 + turn * step, 1, data=100)
        talk.say(1.5 + turn, 1, 1, 101 + turn * step)
    client = the_one(talk).client
    equal(client.highest, 8 * step + 101, "the end")
    check(AGAIN not in kinds(client), "a byte of the second 4 GB counted as sent again")


@test()
def a_capture_without_syns_begins_at_one():
    talk = Talk().say(0, 0, 777, 10, data=5).say(0.02, 1, 10, 782)
    connection = the_one(talk)
    equal([(e.start, e.end) for e in connection.client.events], [(1, 6)], "data")
    equal(connection.client.peer.events[0].ack, 6, "ACK")
    check(not connection.client.seen_syn, "a SYN seen")
    # One direction alone is in the file.
    alone = the_one(Talk().say(0, 0, 777, 10, data=5).say(0.1, 0, 777, 10, data=5))
    equal(kinds(alone.client), [NEW, AGAIN], "kinds")


@test()
def windows_are_scaled_if_both_offer_it():
    both = packets.option_mss_scale(1460, 3), packets.option_mss_scale(1460, 2)
    for options, wanted in ((both, (1000, 8000)), ((both[0], b""), (1000, 1000))):
        talk = Talk().open(options=options).say(0.05, 0, 1, 1, window=1000)
        equal((talk and [e.window for e in the_one(talk).client.events][0::2]), list(wanted), "windows")


@test()
def ports_used_again_are_another_connection():
    talk = Talk().open().say(0.03, 0, 1, 1, data=10, flags=FIN)
    talk.packets += Talk(isn=(900000, 1)).open(5.0).say(5.03, 0, 1, 1, data=7).packets
    found = read(talk)
    equal([c.client.seen.total() for c in found], [12, 8], "sequence space of each")
    equal(kinds(found[1].client), [NEW, REST, NEW], "kinds of the second")
    # A SYN that comes again is not.
    equal(len(read(Talk().say(0, 0, 0, flags=SYN).say(1, 0, 0, flags=SYN))), 1, "connections")


@test()
def who_opened_is_the_client():
    seen_late = Talk().say(0, 1, 0, 1, flags=SYN).say(0, 0, 1, 1)
    equal(the_one(seen_late).client.source[1], 1000, "the client's port, from the answer to its SYN")


# ---- what a segment is --------------------------------------------------------------------------------------

def sent(first=0.03):
    """Five segments of 1000 bytes."""
    talk = Talk().open()
    for number in range(5):
        talk.say(first + number * 0.001, 0, 1 + 1000 * number, 1, data=1000)
    return talk


@test()
def what_is_sent_again_is_told_from_what_is_late():
    talk = sent().say(0.3, 0, 1, 1, data=1000)
    equal(kinds(the_one(talk).client)[2:], [NEW] * 5 + [AGAIN], "seen twice")
    # The second of three is not in the capture. It comes within half a round trip: overtaken; later: sent again.
    for time, kind in ((0.036, LATE), (0.06, AGAIN)):
        talk = Talk().open()
        talk.say(0.03, 0, 1, 1, data=1000).say(0.031, 0, 2001, 1, data=1000).say(time, 0, 1001, 1, data=1000)
        equal(kinds(the_one(talk).client)[2:], [NEW, NEW, kind], f"at {time}")
    # Old and new bytes in one segment.
    equal(kinds(the_one(sent().say(0.3, 0, 4001, 1, data=1500)).client)[-1], AGAIN, "merged")
    at_once = Talk().say(0, 0, 1, 1, data=100).say(0.001, 0, 51, 1, data=100)
    equal(kinds(the_one(at_once).client), [NEW, AGAIN], "merged at once")


@test()
def a_retransmission_tells_why():
    talk = sent().say(0.05, 1, 1, 1001).say(0.051, 1, 1, 1001).say(0.052, 1, 1, 1001).say(0.053, 0, 1001, 1, data=1000)
    event = the_one(talk).client.events[-1]
    equal((event.kind, set(event.marks)), (AGAIN, {FAST}), "after two duplicates")
    talk = sent().say(0.05, 1, 1, 1001).say(0.3, 0, 1001, 1, data=1000)
    equal(set(the_one(talk).client.events[-1].marks), set(), "after a timeout")
    for acked, marks in ((2001, {SPURIOUS}), (3001, {SPURIOUS}), (1999, set())):
        talk = sent().say(0.05, 1, 1, acked).say(0.3, 0, 1001, 1, data=1000)
        equal(set(the_one(talk).client.events[-1].marks), marks, f"acknowledged to {acked} before")


@test()
def duplicates_updates_and_closed_windows():
    talk = sent().say(0.05, 1, 1, 1001).say(0.06, 1, 1, 1001).say(0.07, 1, 1, 1001, window=2000)
    talk.say(0.08, 1, 1, 1001, data=5, window=2000).say(0.09, 1, 6, 5001, window=0).say(0.1, 1, 6, 5001, window=0)
    marks = [set(event.marks) for event in the_one(talk).server.events[1:]]
    equal(marks, [set(), {DUPLICATE}, {UPDATE}, set(), {ZERO}, {ZERO}], "marks")


@test()
def probes_are_no_retransmissions():
    talk = Talk().open().say(0.03, 0, 1, 1, data=1000).say(0.05, 1, 1, 1001, window=0)
    for time in (0.3, 0.8, 1.8):
        talk.say(time, 0, 1001, 1, data=1).say(time + 0.02, 1, 1, 1001, window=0)
    client = the_one(talk).client
    equal([(e.kind, PROBE in e.marks) for e in client.events[3:]], [(NEW, True), (KEEPALIVE, True), (KEEPALIVE, True)],
          "window probes")
    for data in (0, 1):
        talk = Talk().open().say(0.03, 0, 1, 1, data=1000).say(0.05, 1, 1, 1001).say(9, 0, 1000, 1, data=data)
        equal(kinds(the_one(talk).client)[-1], KEEPALIVE, f"keepalive with {data} bytes")
    # A last byte that was lost, on the other hand, is one.
    talk = Talk().open().say(0.03, 0, 1, 1, data=1).say(0.3, 0, 1, 1, data=1)
    equal(kinds(the_one(talk).client)[-1], AGAIN, "a single byte sent again")


@test()
def a_reset_changes_nothing():
    talk = sent().say(0.1, 0, 3000000000, 1, flags=RST).say(0.15, 1, 1, 4001, flags=RST).say(0.2, 0, 1, 1, data=1000)
    client = the_one(talk).client
    equal((client.highest, kinds(client)[-2:]), (5001, [REST, AGAIN]), "after a reset far away")
    equal(set(client.events[-1].marks), set(), "after a reset that acknowledges")


@test()
def a_hostile_ack_does_not_move_the_numbers():
    talk = sent().say(0.1, 1, 1, 2**31 - 10).say(0.2, 0, 5001, 1, data=1000)
    equal(the_one(talk).client.events[-1].end, 6001, "the end after an ACK of what was never sent")


# ---- figures ------------------------------------------------------------------------------------------------

@test()
def figures_of_a_stream():
    talk = sent().say(0.05, 1, 1, 1001).say(0.051, 1, 1, 1001).say(0.55, 0, 1001, 1, data=1000).say(0.57, 1, 1, 5001)
    talk.say(0.6, 0, 5001, 1, flags=FIN).say(0.62, 1, 1, 5002, flags=FIN)
    connection = the_one(talk)
    figures = seqflow.summary(connection.client)
    wanted = {"bytes": 5000, "segments": 6, "retransmissions": 1, "spurious": 0, "rto_like_gaps": [0.516],
              "idle_gaps": [], "rtt_ms": 20.0}
    equal({key: figures[key] for key in wanted}, wanted, "figures")
    check(abs(figures["goodput_bps"] - 5000 * 8 / 0.59) < 1, f"goodput {figures['goodput_bps']}")
    check(abs(seqflow.handshake(connection) - 0.02) < 1e-9, "handshake")
    equal(seqflow.summary(connection.server)["duplicate_acks"], 1, "duplicate ACKs")


@test()
def ranges_are_sets():
    """Against a set of numbers."""
    pieces = [(5, 9), (1, 3), (3, 5), (20, 30), (8, 22), (40, 41), (0, 50), (60, 60), (10, 12)]
    ranges, numbers = seqflow.Ranges(), set()
    for start, end in pieces:
        new = len(set(range(start, end)) - numbers)
        equal(ranges.add(start, end), new, f"new of {start}..{end}")
        numbers |= set(range(start, end))
        equal(ranges.total(), len(numbers), "total")
    equal((ranges.starts, ranges.ends), ([0], [50]), "one range is left")
