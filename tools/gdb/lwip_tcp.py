# SPDX-License-Identifier: BSD-3-Clause
"""GDB commands that read the alt TCP of a program, running or a core. Load them with

    (gdb) source tools/gdb/lwip_tcp.py
    (gdb) lwip-tcp               all connections and listeners
    (gdb) lwip-tcp 2             the second of them in words
    (gdb) lwip-tcp app->pcb      the one behind an expression

The program needs debug information (-g) and runs no code for it. Sequence numbers are relative: 0 is the oldest byte
that is not acknowledged on the send side, the next expected on the receive side. Times are relative to when the peer
was heard last, since a core has no clock.
"""

import ipaddress

import gdb

LISTS = (("tcp_bound_pcbs", "bound"), ("tcp_active_pcbs", "active"), ("tcp_tw_pcbs", "TIME-WAIT"))
RECOVERY = ("open", "fast recovery", "RTO recovery")
MOST_IN_QUEUE = 10000  # a broken list must not keep us for ever

# Flags by component, as the headers of tcp_alt/include/lwip/priv say.
TX_SYN, TX_FIN, TX_TIMER, TX_FLUSH, TX_REFUSED = 0x01, 0x04, 0x20, 0x40, 0x80
RX_OWED, RX_NOW, RX_FIN = 0x01, 0x02, 0x04
SEGMENT = ((0x01, " lost"), (0x02, " again"), (0x04, " FIN"), (0x10, " reported"))
IS = ((0x01, "passive"), (0x02, "timestamps"), (0x04, "window scaling"), (0x08, "SACK"), (0x40, "ECN"))
# What the retransmission timer is just now for instead, by rod.loss (RFC 8985 6.2 and 7.2).
LOSS_TIMER = ((0x02, "segments count as lost"), (0x04, "probe"))


def has(value, name):
    """Does a structure have this member in the program's configuration?"""
    return any(field.name == name for field in value.type.strip_typedefs().fields())


def member(value, name, otherwise=0):
    return int(value[name]) if has(value, name) else otherwise


def signed(a, b):
    """a - b of sequence numbers or times, modulo 2^32."""
    difference = (int(a) - int(b)) & 0xffffffff
    return difference - (1 << 32) if difference & 0x80000000 else difference


def address(value):
    """An ip_addr_t of any configuration."""
    if has(value, "u_addr"):
        if int(value["type"]) == 0:
            return address(value["u_addr"]["ip4"])
        return address(value["u_addr"]["ip6"])
    words = value["addr"]
    # lwIP keeps network byte order in memory
    raw = bytes(gdb.selected_inferior().read_memory(int(words.address), words.type.sizeof))
    return str(ipaddress.ip_address(raw))


def endpoint(ip, port):
    text = address(ip)
    return f"[{text}]:{port}" if ":" in text else f"{text}:{port}"


def state(pcb):
    return str(pcb["state"]).replace("_", "-")


def chain(pcb):
    """The PCBs of a list, or the segments of a queue."""
    seen = 0
    while int(pcb) != 0 and seen < MOST_IN_QUEUE:
        yield pcb
        pcb = pcb["next"]
        seen += 1


def block(pcb):
    """The control block behind a struct tcp_pcb *."""
    return pcb.cast(gdb.lookup_type("struct tcp_alt_cb").pointer()).dereference()


def everything():
    """(kind, pointer) of all listeners and connections, in the order in which they are numbered."""
    listeners = gdb.parse_and_eval("tcp_listen_pcbs.listen_pcbs")
    found = [("listening", pcb) for pcb in chain(listeners)]
    for name, kind in LISTS:
        found += [(kind, pcb) for pcb in chain(gdb.parse_and_eval(name))]
    return found


def segment(seg, base):
    """A segment in words: relative begin and end, and flags."""
    begin, flags = signed(seg["seq"], base), int(seg["flags"])
    marks = "".join(mark for bit, mark in SEGMENT if flags & bit)
    return f"{begin}..{begin + int(seg['len'])}{marks}"


def line(kind, pcb):
    """One line about a connection or a listener."""
    if kind == "listening":
        text = f"LISTEN       {endpoint(pcb['local_ip'], int(pcb['local_port']))}"
        if has(pcb.dereference(), "backlog"):
            text += f"  {int(pcb['accepts_pending'])} of {int(pcb['backlog'])} wait for the application"
        return text
    cb = block(pcb)
    face, rod = cb["conn"]["face"], cb["rod"]
    text = f"{state(face):12} {endpoint(face['local_ip'], int(face['local_port']))}"
    if kind != "bound":
        text += f" - {endpoint(face['remote_ip'], int(face['remote_port']))}"
        text += f"  in flight {signed(rod['snd_nxt'], rod['snd_una'])}, unsent {unsent(rod)}"
    return text


def unsent(rod):
    begin = int(rod["snd_una"]) + 1 if int(rod["tx"]) & TX_SYN else rod["snd_nxt"]
    return max(0, signed(rod["snd_lbb"], begin))


def sending(cb):
    rod, flow = cb["rod"], cb["flow"]
    una, tx = rod["snd_una"], int(rod["tx"])
    special = [name for bit, name in ((TX_SYN, "SYN"), (TX_FIN, "FIN")) if tx & bit]
    yield (f"send: una 0 (= {int(una)}), nxt {signed(rod['snd_nxt'], una)}, written up to {signed(rod['snd_lbb'], una)}, "
           f"window {int(flow['snd_wnd'])} (largest {int(flow['snd_wnd_max'])})")
    if special:
        yield f"  not acknowledged: {' and '.join(special)}"
    sent, waiting, fresh = [], [], False
    for seg in chain(rod["head"]):
        fresh = fresh or int(seg) == int(rod["next"])
        (waiting if fresh else sent).append(segment(seg, una))
    yield f"  sent: {', '.join(sent) or 'nothing'}"
    yield f"  unsent: {', '.join(waiting) or 'nothing'}; room for {int(flow['snd_buf'])} bytes"
    yield (f"  congestion: cwnd {int(cb['cong']['cwnd'])}, ssthresh {int(cb['cong']['ssthresh'])}, "
           f"{RECOVERY[int(rod['state'])]}, {int(rod['dupacks'])} duplicate ACKs, {int(rod['lost'])} bytes lost")
    if tx & TX_REFUSED:
        yield "  the driver, IP or the heap refused the last segment"


def receiving(cb):
    rod, flow = cb["rod"], cb["flow"]
    nxt, rx = rod["rcv_nxt"], int(rod["rx"])
    yield (f"receive: nxt 0 (= {int(nxt)}), window {int(flow['rcv_wnd'])}, "
           f"advertised up to {signed(flow['rcv_edge'], nxt)}")
    if has(rod, "ooseq"):
        early = [segment(seg, nxt) for seg in chain(rod["ooseq"])]
        yield f"  out of order: {', '.join(early) or 'nothing'}"
    if int(rod["refused"]) != 0:
        yield f"  refused by the application: {int(rod['refused']['tot_len'])} bytes"
    told = [text for bit, text in ((RX_NOW, "an ACK is owed at once"), (RX_OWED, "an ACK is owed"),
                                   (RX_FIN, "the peer's FIN has come")) if rx & bit]
    if told:
        yield f"  {', '.join(told)}"


def timing(cb):
    conn, rod, flow = cb["conn"], cb["rod"], cb["flow"]
    heard, tx = conn["heard_at"], int(rod["tx"])
    srtt = int(rod["srtt"]) // 8
    rtt = f"{srtt} ms +- {int(rod['rttvar']) // 4}" if srtt else "not known"
    yield (f"time: rtt {rtt}, rto {int(rod['rto'])} ms, {int(rod['nrtx'])} timeouts in a row; "
           "deadlines in ms after the peer was heard:")
    if tx & (TX_TIMER | TX_FLUSH):
        kinds = [text for bit, text in LOSS_TIMER if member(rod, "loss") & bit] or ["retransmission"]
        kind = kinds[0] if tx & TX_TIMER else "flush"
        yield f"  {kind} {signed(rod['timer_at'], heard)}"
    if int(flow["persist"]) != 0:
        yield f"  window probe {signed(flow['persist_at'], heard)}, {int(flow['probes'])} unanswered"
    if int(conn["poll_interval"]) != 0:
        yield f"  poll {signed(conn['poll_at'], heard)}"
    if int(conn["face"]["so_options"]) & 0x08:
        yield f"  keepalive {int(conn['face']['keep_idle'])}, {int(conn['keep_sent'])} probes unanswered"
    if member(conn, "user_timeout"):
        yield f"  user timeout {signed(int(conn['moved_at']) + int(conn['user_timeout']), heard)}"


def words(kind, pcb):
    """A connection in words."""
    yield line(kind, pcb)
    if kind == "listening":
        return
    cb = block(pcb)
    conn = cb["conn"]
    agreed = [text for bit, text in IS if int(conn["is"]) & bit]
    yield f"mss {int(conn['mss'])}, priority {int(conn['face']['prio'])}{''.join(', ' + text for text in agreed)}"
    yield from sending(cb)
    yield from receiving(cb)
    yield from timing(cb)


class LwipTcp(gdb.Command):
    """lwip-tcp [NUMBER | EXPRESSION]

Without an argument, all listeners and connections of lwIP's alt TCP, numbered. With a number of that list, or an
expression that is a struct tcp_pcb *, that one in words: relative sequence numbers, windows, queues, timers."""

    def __init__(self):
        super().__init__("lwip-tcp", gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def invoke(self, argument, from_tty):
        try:
            gdb.lookup_type("struct tcp_alt_cb")
        except gdb.error as error:
            raise gdb.GdbError("no alt TCP with debug information in this program") from error
        found = everything()
        if not argument:
            for number, (kind, pcb) in enumerate(found, 1):
                print(f"{number:3} {line(kind, pcb)}")
            print(f"{len(found)} in all")
            return
        for text in words(*self.chosen(found, argument.strip())):
            print(text)

    @staticmethod
    def chosen(found, argument):
        if argument.isdigit():
            if not 1 <= int(argument) <= len(found):
                raise gdb.GdbError(f"there are {len(found)}")
            return found[int(argument) - 1]
        wanted = int(gdb.parse_and_eval(argument))
        for kind, pcb in found:
            if int(pcb) == wanted:
                return kind, pcb
        raise gdb.GdbError(f"{argument} is none of the {len(found)} PCBs")


LwipTcp()
