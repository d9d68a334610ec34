# SPDX-License-Identifier: BSD-3-Clause
"""tools/seqplot and tools/pcapcmp from outside."""

import json
import os
import re
import tempfile
import xml.etree.ElementTree

import packets
from harness import check, command, test
from packets import FIN, Talk


def conversation(shift=0.0, lost=True, port=1000, isn=(100, 5000)):
    """A transfer of 5000 bytes with one segment sent again, or none."""
    talk = Talk(sport=port, isn=isn).open(shift)
    for number in range(5):
        talk.say(shift + 0.03 + number * 0.001, 0, 1 + 1000 * number, 1, data=1000)
    talk.say(shift + 0.05, 1, 1, 1001 if lost else 5001)
    if lost:
        talk.say(shift + 0.4, 0, 1001, 1, data=1000).say(shift + 0.42, 1, 1, 5001)
    return talk.say(shift + 0.5, 0, 5001, 1, flags=FIN).say(shift + 0.52, 1, 1, 5002, flags=FIN)


def written(folder, name, *talks):
    return packets.pcap(os.path.join(folder, name), sorted(packet for talk in talks for packet in talk.packets))


@test(slow=True)
def seqplot_draws_what_is_there():
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        path = written(folder, "x.pcap", conversation(), conversation(1.0, lost=False, port=2000))
        listed = json.loads(command("tools/seqplot", path, "--list", "--json", code=0).stdout)
        got = [(row["client"]["bytes"], row["client"]["retransmissions"]) for row in listed]
        check(got == [(5000, 1), (5000, 0)], f"--list: {got}")
        out = os.path.join(folder, "out.")
        command("tools/seqplot", path, "-o", out + "svg", code=0)
        texts = [node.text for node in xml.etree.ElementTree.parse(out + "svg").iter() if node.tag.endswith("}text")]
        for wanted in ("SYN", "FIN", "data", "sent again", "acknowledged", "window's edge", "time (s)"):
            check(wanted in texts, f"the plot lacks '{wanted}': {texts}")
        command("tools/seqplot", path, "--connection", "2", "-o", out + "html", code=0)
        with open(out + "html", encoding="utf-8") as file:
            page = file.read()
        check("<svg" in page and "data" in page and ">sent again<" not in page, "connection 2 has nothing sent again")
        command("tools/seqplot", path, "--from", "0.3", "--to", "0.45", "-o", out + "png", code=0)
        with open(out + "png", "rb") as file:
            check(file.read(8) == b"\x89PNG\r\n\x1a\n", "no PNG")


@test(slow=True)
def seqplot_refuses_nonsense():
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        path, empty = written(folder, "x.pcap", conversation()), written(folder, "y.pcap")
        for words, code, why in (([path, "-o", "x.gif"], 2, "svg"), ([path, "--from", "2", "--to", "1"], 2, "--from"),
                                 ([path, "--connection", "2", "-o", "x.svg"], 1, "1 TCP connections"),
                                 ([empty, "-o", "x.svg"], 1, "0 TCP connections"),
                                 ([os.path.join(folder, "nowhere")], 1, "No such file"), ([__file__], 1, "no capture")):
            done = command("tools/seqplot", *words, code=code)
            check(why in done.stderr, f"{words}: {done.stderr}")


@test()
def pcapcmp_finds_no_difference_in_what_is_random():
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        one = written(folder, "1.pcap", conversation())
        other = written(folder, "2.pcap", conversation(7.0, port=3333, isn=(2**32 - 7, 99)))
        check("all the same" in command("tools/pcapcmp", one, other, code=0).stdout, "not the same")


@test()
def pcapcmp_says_where_they_part():
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        lossy, clean = written(folder, "1.pcap", conversation()), written(folder, "2.pcap", conversation(lost=False))
        told = command("tools/pcapcmp", lossy, clean, code=1).stdout
        for wanted in ("8 packets are the same", r"both  0\.034000 s  client sends 4001\.\.5000 \(1000 bytes\), ACK 1",
                       r"A     0\.050000 s  server acknowledges, ACK 1001", r"B     0\.050000 s  server acknowledges, ACK 5001",
                       r"segments sent again +1 +0", r"a retransmission ended +1 \(longest 0\.366 s\) +0"):
            check(re.search(wanted, told), f"no '{wanted}' in {told}")
        row = json.loads(command("tools/pcapcmp", "--json", lossy, clean, code=1).stdout)["connections"][0]
        check(row["packets_same"] == 8 and row["a"]["client"]["retransmissions"] == 1, f"{row}")
        later = conversation(lost=False)
        later.packets[-1] = (later.packets[-1][0] + 1500, later.packets[-1][1])
        path = written(folder, "3.pcap", later)
        check("the same packet, 0.0015 ms later in B" in command("tools/pcapcmp", clean, path, code=1).stdout, "1.5 us")
        command("tools/pcapcmp", "--tolerance", "2us", clean, path, code=0)
        short = conversation(lost=False)
        short.packets.pop()
        check("B     nothing more" in command("tools/pcapcmp", clean, written(folder, "4.pcap", short), code=1).stdout, "end")
        two = written(folder, "5.pcap", conversation(lost=False), conversation(3.0, lost=False, port=2000))
        check("is in B alone" in command("tools/pcapcmp", clean, two, code=1).stdout, "one connection more")


@test()
def pcapcmp_refuses_nonsense():
    for words in ((__file__, __file__), ("nowhere", "nowhere"), ("--tolerance", "fast", "a", "b"), ()):
        command("tools/pcapcmp", *words, code=2)
