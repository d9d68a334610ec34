# SPDX-License-Identifier: BSD-3-Clause
"""Plays the peer's side of a captured TCP connection against a backend, and shows what that would answer."""

import argparse
import ipaddress
import json
import os
import sys

LAB = os.path.dirname(os.path.abspath(__file__))
REPO = os.path.dirname(os.path.dirname(LAB))
sys.path.insert(0, os.path.join(REPO, "tests", "sim"))

import connections  # noqa: E402
import pcapfile  # noqa: E402
import player  # noqa: E402
import segment as tcp  # noqa: E402
import simhost  # noqa: E402
import simlib  # noqa: E402
import versus  # noqa: E402

PROFILES = ("BIG", "MCU", "DUAL", "MANY", "SMALL")
EPILOG = """marks: = the same packet; t at another time; w with another window; s, o with other SACK blocks, options;
       < only in the capture; > only from the backend; + after the capture's end; * made up (see docs/replay.md)
examples:
  tools/replay slow.pcap                               what alt answers in the place of the server
  tools/replay slow.pcap --list                        which connections there are
  tools/replay slow.pcap --connection 3 --as client --differences
  tools/replay slow.pcap --host 192.0.2.7:80 --backend legacy -o legacy.pcap
exit: 0 it was replayed, 1 the backend failed, or with --same the answers differ, 2 usage, or it cannot be replayed"""


class Refused(Exception):
    """Why there is nothing to replay."""


def arguments():
    parser = argparse.ArgumentParser(prog="tools/replay", description=__doc__, epilog=EPILOG,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("file", metavar="FILE.pcap", help="pcap or pcapng; best captured on the host whose place the backend takes")
    add("--backend", choices=("alt", "legacy"), default="alt", help="which TCP answers (default alt)")
    add("--list", action="store_true", help="print the connections of the capture and end")
    add("--connection", type=int, metavar="N", help="which one (default: the one with the most packets)")
    add("--host", metavar="IP[:PORT]", help="the side whose place the backend takes; [IP]:PORT with IPv6")
    add("--as", dest="side", choices=("client", "server"), help="the same by its part (default server)")
    add("--profile", choices=PROFILES, help="lwIP's options (default: by the options that the captured side used)")
    add("--writes", choices=player.MODELS, default="guess",
        help="when the application wrote what was sent (default guess: what was sent right after a packet of the peer "
        "had been waiting for it; sent: when it was sent; turn: at once, until the peer says something)")
    add("--patience", type=float, default=3, metavar="SECONDS",
        help="how long the peer waits for what it acknowledges (default 3; 0: not at all)")
    add("--after", type=float, default=1, metavar="SECONDS", help="go on that long after the capture (default 1)")
    add("--tolerance", type=float, default=1, metavar="MS", help="times may differ by that (default 1)")
    add("--libs", metavar="DIR", help="built hosts, BACKEND-PROFILE.so (default: the simulator's, built now)")
    add("--differences", action="store_true", help="show only what differs, and the packet of the peer before it")
    add("--quiet", action="store_true", help="show only the summary")
    add("--same", action="store_true", help="exit 1 if an answer differs (times and windows may)")
    add("--json", action="store_true", help="print everything as JSON")
    add("-o", dest="out", metavar="OUT.pcap", help="write the conversation as it was replayed")
    return parser.parse_args()


# ---- which connection, which side -----------------------------------------------------------

def end_of(text):
    """(address, port or None) of IP, IP:PORT, [IP]:PORT."""
    host, port = text, None
    if text.startswith("["):
        host, _, port = text[1:].partition("]")
        port = port.removeprefix(":") or None
    elif text.count(":") == 1:
        host, port = text.split(":")
    try:
        return ipaddress.ip_address(host).packed, int(port) if port else None
    except ValueError:
        raise Refused(f"--host: '{text}' is not IP, IP:PORT or [IP]:PORT") from None


def is_end(end, host):
    return end[0] == host[0] and host[1] in (None, end[1])


def name_of(end):
    text = tcp.address(end[0])
    return f"[{text}]:{end[1]}" if ":" in text else f"{text}:{end[1]}"


def chosen(found, args):
    """The connection to replay."""
    choice = found.connections
    if args.host:
        host = end_of(args.host)
        choice = [c for c in choice if is_end(c.client, host) or is_end(c.server, host)]
        if not choice:
            raise Refused(f"no TCP connection of {args.host} in the capture; --list shows what there is")
    if args.connection is not None:
        choice = [c for c in choice if c.number == args.connection]
        if not choice:
            raise Refused(f"no connection {args.connection}" + (f" of {args.host}" if args.host else "") +
                          f"; there are {len(found.connections)}, --list shows them")
    whole = [c for c in choice if c.is_whole]
    connection = max(whole or choice, key=lambda c: len(c.segments))
    if not connection.is_whole:
        raise Refused(f"connection {connection.number} began before the capture did: its SYN or SYN-ACK is not "
                      "there, so nobody can play it")
    return connection


def sides(connection, args):
    """(own, peer, own is the client)"""
    ends = {"client": connection.client, "server": connection.server}
    side = args.side
    if args.host:
        host = end_of(args.host)
        named = [name for name, end in ends.items() if is_end(end, host)]
        if side and side not in named:
            raise Refused(f"{args.host} is not the {side} of connection {connection.number}")
        side = side or ("server" if "server" in named else named[0])
    side = side or "server"
    return ends[side], ends["client" if side == "server" else "server"], side == "client"


def list_connections(found, as_json):
    rows = [{"connection": c.number, "client": name_of(c.client), "server": name_of(c.server),
             "packets": len(c.segments), "client_bytes": c.data_of(c.client), "server_bytes": c.data_of(c.server),
             "seconds": round((c.segments[-1].time - c.segments[0].time) / 1e9, 6), "end": c.ends_by(),
             "whole": c.is_whole} for c in found.connections]
    if as_json:
        print(json.dumps(rows, indent=1))
        return
    print(f"{'':>4} {'client':28} {'server':28} {'packets':>8} {'sent':>12} {'received':>12} {'seconds':>10}")
    for row in rows:
        print(f"{row['connection']:>4} {row['client']:28} {row['server']:28} {row['packets']:>8} "
              f"{row['client_bytes']:>12} {row['server_bytes']:>12} {row['seconds']:>10.3f}  {row['end']}"
              + ("" if row["whole"] else ", begun before the capture"))


# ---- the replay -----------------------------------------------------------------------------

def on_the_wire(connection, notes):
    """Its segments as they were on the wire: network cards cut large ones, and put small ones together."""
    syns = [s for s in connection.segments if s.flags & tcp.SYN]
    sizes = [int.from_bytes(s.option(tcp.MSS) or b"\5\xb4", "big") for s in syns]
    most = min(*sizes, 1460 if len(connection.client[0]) == 4 else 1440)
    stamped = all(s.stamps for s in syns)
    out, cut = [], 0
    for s in connection.segments:
        parts = tcp.pieces(s, most - 12 if stamped else most) if s.length > most else [s]
        cut += len(parts) > 1
        out += parts
    if cut:
        notes.append(f"{cut} packets are larger than the segment size ({most}): they were cut to it, as a network "
                     "card does")
    short = sum(s.cut for s in connection.segments)
    if short:
        notes.append(f"{short} packets were captured in part: what is missing of their data is zeros here")
    damaged = sum(s.damaged for s in connection.segments)
    if damaged:
        notes.append(f"{damaged} packets have a wrong checksum and arrive so again")
    return out


def profile_for(syn, v6, asked):
    if asked:
        return asked
    if v6:
        return "DUAL"
    return "BIG" if syn.scale is not None or syn.stamps else "MCU"


def show(comparison, args, name):
    width = 44
    print(f"{'seconds':>12}    {'peer':{width}} {'captured':{width}} {name}")
    before = None
    for row in comparison.rows:
        if args.differences and row.what not in (*versus.DIFFERENT, versus.AFTER, versus.MADE_UP):
            before = row if row.peer else before
            continue
        if before and args.differences:
            show_row(before, comparison.base, width)
            before = None
        show_row(row, comparison.base, width)
    print()


def show_row(row, base, width):
    cells = [view.text() if view else "" for view in (row.peer, row.captured, row.replayed)]
    if row.what == versus.TIME:
        cells[2] += f" at {(row.replayed.time - base) / 1e9:.6f}"
    print(f"{(row.time - base) / 1e9:>12.6f} {versus.MARKS[row.what]}  {cells[0]:{width}} {cells[1]:{width}} "
          f"{cells[2]}".rstrip())


def as_data(comparison, connection, args, head, words):
    rows = []
    for row in comparison.rows:
        entry = {"what": row.what}
        for side in ("peer", "captured", "replayed"):
            view = getattr(row, side)
            if view:
                entry[side] = view.data(comparison.base)
        rows.append(entry)
    counts = {what: comparison.count(what) for what in versus.MARKS}
    return {"version": 1, "file": args.file, "connection": connection.number, **head, "counts": counts,
            "fault": comparison.outcome.fault, "words": words, "packets": rows}


def replay(args):
    found = connections.read(args.file)
    if not found.connections:
        raise Refused(f"{args.file}: no TCP connection among its {found.packets} packets")
    if args.list:
        list_connections(found, args.json)
        return 0
    connection = chosen(found, args)
    own, peer, is_client = sides(connection, args)
    notes = []
    segments = on_the_wire(connection, notes)
    v6 = len(own[0]) == 16
    syn = next(s for s in segments if (s.src, s.sport) == own and s.flags & tcp.SYN)
    profile = profile_for(syn, v6, args.profile)
    if v6 and profile != "DUAL":
        raise Refused(f"profile {profile} has no IPv6, DUAL has")
    folder = args.libs or simlib.build(backends=(args.backend,), profiles=(profile,)).folder
    library = os.path.abspath(os.path.join(folder, f"{args.backend}-{profile}.so"))
    if not os.path.exists(library):
        raise Refused(f"no {os.path.basename(library)} in {folder}")
    play = player.Player(segments, own, peer, is_client, lambda transmit: simhost.Host(library, transmit),
                         patience=int(args.patience * 1e9), after=int(args.after * 1e9), model=args.writes)
    outcome = play.play()
    outcome.warnings[:0] = notes
    if args.out:
        with pcapfile.Writer(args.out) as writer:
            for time, packet in outcome.packets:
                writer.write(time, tcp.build(packet))
    return report(versus.Comparison(play, segments, outcome, args.tolerance * 1e6), connection, args,
                  {"client": name_of(connection.client), "server": name_of(connection.server),
                   "as": "client" if is_client else "server", "backend": args.backend, "profile": profile,
                   "lwip": play.host.version})


def report(comparison, connection, args, head):
    words = comparison.words(args.backend)
    fault = comparison.outcome.fault
    if args.json:
        print(json.dumps(as_data(comparison, connection, args, head, words), indent=1))
    else:
        print(f"connection {connection.number}: {head['client']} to {head['server']}; {args.backend} "
              f"({head['profile']}, lwIP {head['lwip']}) in the place of the {head['as']}\n")
        if not args.quiet:
            show(comparison, args, args.backend)
        print("\n".join(words))
    if fault:
        print(f"tools/replay: the backend failed: {fault}", file=sys.stderr)
    return 1 if fault or args.same and comparison.differs else 0


def main():
    args = arguments()
    try:
        return replay(args)
    except (Refused, pcapfile.CaptureError) as why:
        print(f"tools/replay: {why}", file=sys.stderr)
        return 2
    except (simlib.BuildError, simhost.HostError) as why:
        print(f"tools/replay: {why}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
