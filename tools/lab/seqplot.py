# SPDX-License-Identifier: BSD-3-Clause
"""Draws the time-sequence diagram of a TCP connection in a capture, in the manner of tcptrace.

Upright bars are segments (sent again: with a triangle; in vain, since they were acknowledged already: a hollow
one), the staircase below them what is acknowledged, the dashed one above the edge of the peer's window; SACK
blocks, duplicate ACKs, a closed window, SYN, FIN and RST are marked. Times count from the connection's first
packet, sequence numbers from its SYN.

Captures are pcap (micro- or nanoseconds) or pcapng; Ethernet with or without VLAN, raw IP, Linux cooked or
loopback; IPv4 or IPv6.

examples:
  tools/seqplot trace.pcap                      the connection with the most data, to trace.svg
  tools/seqplot trace.pcap --list               which connections there are
  tools/seqplot trace.pcap --connection 3 --from 1.2 --to 1.6 -o zoom.png
  tools/seqplot trace.pcap --reverse -o b.html  what the side with less data sent

exit: 0 done, 1 no capture or nothing to draw, 2 usage
"""

import argparse
import json
import os
import sys

import seqcap
import seqflow

FORMATS = ("svg", "png", "html")


def parse_arguments(words):
    parser = argparse.ArgumentParser(prog="tools/seqplot", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", metavar="FILE.pcap")
    parser.add_argument("-o", "--output", metavar="FILE", help="a .svg, .png or .html file (default: FILE.svg here)")
    parser.add_argument("--list", action="store_true", help="says which connections there are")
    parser.add_argument("--json", action="store_true", help="with --list: as JSON")
    parser.add_argument("--connection", type=int, metavar="N", help="which one (default: with the most data)")
    parser.add_argument("--reverse", action="store_true", help="the direction with less data")
    parser.add_argument("--from", dest="begin", type=float, metavar="S", help="from second S of the connection")
    parser.add_argument("--to", dest="end", type=float, metavar="S", help="up to second S")
    arguments = parser.parse_args(words)
    if arguments.output is None:
        arguments.output = os.path.splitext(os.path.basename(arguments.file))[0] + ".svg"
    if arguments.output.rpartition(".")[2] not in FORMATS:
        parser.error(f"-o wants a name that ends in one of {', '.join(FORMATS)}")
    if arguments.json and not arguments.list:
        parser.error("--json goes with --list")
    if None not in (arguments.begin, arguments.end) and arguments.end <= arguments.begin:
        parser.error("--to must be later than --from")
    return arguments


def listed(connections):
    """What --list says, as data."""
    rows = []
    for number, connection in enumerate(connections, 1):
        figures = [seqflow.summary(stream) for stream in connection.streams()]
        rows.append({"connection": number, "name": connection.name(), "seconds": round(connection.end(), 9),
                     "client": figures[0], "server": figures[1]})
    return rows


def print_list(rows):
    print(f"{'#':>3}  {'client -> server':44}{'seconds':>10}{'bytes ->':>12}{'<- bytes':>12}{'again ->':>9}{'<- again':>9}")
    for row in rows:
        client, server = row["client"], row["server"]
        print(f"{row['connection']:3}  {row['name']:44}{row['seconds']:10.3f}{client['bytes']:12}{server['bytes']:12}"
              f"{client['retransmissions']:9}{server['retransmissions']:9}")


def chosen(connections, arguments):
    """The connection to draw; None if there is no such."""
    if arguments.connection is None:
        return max(connections, key=lambda each: each.sender().seen.total(), default=None)
    return connections[arguments.connection - 1] if 1 <= arguments.connection <= len(connections) else None


def title(stream, capture):
    figures = seqflow.summary(stream)
    words = [f"{seqflow.address(stream.source)} → {seqflow.address(stream.peer.source)}",
             f"{figures['bytes']} bytes, {figures['retransmissions']} segments sent again"]
    if not (stream.seen_syn and stream.peer.seen_syn):
        words.append("SYNs not seen: windows not scaled")
    if capture.cut:
        words.append("the file breaks off")
    return "\n".join([words[0], "; ".join(words[1:])])


def plot(stream, arguments, capture):
    import seqdraw      # matplotlib takes half a second, which --list need not wait for
    import plotstyle

    picture, axes = plotstyle.figure(11, 6.2)
    need = seqdraw.draw(axes, stream, arguments.begin, arguments.end)
    first, last = axes.get_xlim()
    axes.set_ylim(*seqdraw.span(stream, first, last))
    axes.set_title(title(stream, capture))
    seqdraw.legend(axes, need, loc="upper center", bbox_to_anchor=(0.5, -0.08), ncol=10)
    if arguments.output.endswith(".html"):
        with open(arguments.output, "w", encoding="utf-8") as out:
            out.write("<!doctype html><meta charset=utf-8><title>" + os.path.basename(arguments.file) + "</title>\n"
                      '<style>svg{width:100%;height:auto}body{margin:1em;background:#fff}</style>\n'
                      + plotstyle.svg(picture, "seq", "time-sequence diagram") + "\n")
    else:
        plotstyle.save(picture, arguments.output, dpi=130)


def main(words=None):
    arguments = parse_arguments(words)
    try:
        capture = seqcap.read(arguments.file)
    except seqcap.CaptureError as error:
        print(f"seqplot: {error}", file=sys.stderr)
        return 1
    connections = seqflow.connections(capture.segments)
    if arguments.list:
        rows = listed(connections)
        print(json.dumps(rows, indent=1)) if arguments.json else print_list(rows)
        return 0 if rows else 1
    connection = chosen(connections, arguments)
    if connection is None:
        print(f"seqplot: {arguments.file} has {len(connections)} TCP connections; see --list", file=sys.stderr)
        return 1
    stream = connection.sender()
    try:
        plot(stream.peer if arguments.reverse else stream, arguments, capture)
    except OSError as error:
        print(f"seqplot: {arguments.output}: {error.strerror}", file=sys.stderr)
        return 1
    print(arguments.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
