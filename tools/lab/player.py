# SPDX-License-Identifier: BSD-3-Clause
"""Plays the peer's side of a captured connection against a backend, in virtual time.

The backend's application does what the captured side's did: it connects or listens, writes as many bytes, and closes
when it sent its FIN. When it wrote them, gathered() says. What it wrote at the very instant of a packet, it writes in
the callback of that packet. It reads at once.

The peer's packets are those of the capture, but for what depends on the other side: acknowledgments, SACK blocks and
echoed timestamps are moved into the backend's numbers, windows are scaled as the two have agreed now, and options
that the backend has not agreed to are left out.

A packet of the peer comes at its captured time. If it acknowledges what the backend has not sent yet, it waits, since
its sender would have: and with it everything after it. Meanwhile the peer acknowledges what does arrive, a round trip
later each time, in packets that are made up. After `patience` the packet comes all the same, and acknowledges only what
was sent."""

import struct
from dataclasses import dataclass, field, replace

import pcapfile
import segment as tcp
import simhost
from segment import ACK, FIN, MODULUS, PSH, RST, SYN, distance

HERE4, PEER4 = bytes((10, 0, 0, 1)), bytes((10, 0, 0, 2))  # as the simulator numbers hosts
HERE6, PEER6 = (b"\xfd" + bytes(14) + bytes((n,)) for n in (1, 2))
SECOND = 10**9
SPIN_LIMIT = 100000
AT_ONCE = 10**6              # that soon after a packet, something was its consequence
MODELS = ("guess", "sent", "turn")


@dataclass
class Step:
    """One thing that happened in the capture, from the backend's point of view."""
    time: int
    kind: str                 # "peer", "connect", "write", "end", "abort"
    segment: object = None
    data: bytes = b""


@dataclass
class Answer:
    """A packet of the backend, in the capture's numbers."""
    segment: object
    time: int                 # in the capture's time: without what the peer had to wait
    step: int                 # the step it came after


@dataclass
class Injected:
    """A packet of the peer, as it came to the backend."""
    segment: object
    time: int                 # in the capture's time
    step: int | None          # None: made up
    answers: int              # how many there were before it


@dataclass
class Outcome:
    injected: list = field(default_factory=list)
    answers: list = field(default_factory=list)
    packets: list = field(default_factory=list)    # (time, Segment) of both sides as it was played
    warnings: list = field(default_factory=list)
    fault: str | None = None
    waits: int = 0            # packets that waited for what they acknowledge
    waited_ns: int = 0


def script(segments, own, is_client):
    """The Steps of a connection, for the side `own`."""
    steps, first, sent = [], None, 0
    for s in segments:
        if (s.src, s.sport) != own:
            steps.append(Step(s.time, "peer", s))
            continue
        if s.flags & SYN and first is None:
            first = s.seq
            if is_client:
                steps.append(Step(s.time, "connect", s))
        if first is None or s.damaged:
            continue
        at = distance(s.seq, first) + bool(s.flags & SYN)
        fresh = at + s.length - max(sent + 1, at)
        if s.length and fresh > 0 and at <= sent + 1:
            steps.append(Step(s.time, "write", s, s.payload.ljust(s.length, b"\0")[s.length - fresh:]))
            sent += fresh
        elif s.length and at > sent + 1:  # the capture missed some of it
            steps.append(Step(s.time, "write", s, bytes(at - sent - 1) + s.payload.ljust(s.length, b"\0")))
            sent = at + s.length - 1
        if s.flags & FIN:
            steps.append(Step(s.time, "end", s))
        if s.flags & RST:
            steps.append(Step(s.time, "abort", s))
    return steps


def gathered(steps, model):
    """The steps with the writes put where the application made them, as far as a capture tells.

    "sent": each when it was sent. "turn": all that went out until the peer sent data was written at once. "guess": what
    went out right after a packet of the peer was waiting for it, so it was written with what went before; what went out
    at a time of its own, or when nothing can have been waiting, was written then."""
    if model == "sent":
        return steps
    full = max([step.segment.length for step in steps if step.kind == "write"], default=0)
    out, turn, last, clock = [], None, None, None
    for step in steps:
        if step.kind == "peer":
            if step.segment.length and (model == "turn" or turn is None or _nothing_waited(last, step.segment, full)):
                turn = None
            clock = step.time
        elif step.kind == "write":
            joins = turn is not None and (model == "turn" or _waited(last, step.time - clock, full))
            last, clock = step.segment, step.time
            if joins:
                turn.data += step.data
                continue
            step = turn = replace(step, data=bytearray(step.data))  # which grows in place
        out.append(step)
    return out


def _waited(last, silence, full):
    """Whether what is sent now was there before. A segment pushed out before it was full says that nothing was."""
    return silence <= AT_ONCE and not (last.length < full and last.flags & PSH)


def _nothing_waited(last, answer, full):
    """Whether `last`, a segment with data, was the last there was: it was not full, or all is acknowledged."""
    return last.length < full or distance(answer.ack, last.seq + last.length) >= 0


def packets(count):
    return "one packet" if count == 1 else f"{count} packets"


class Numbers:
    """What the backend's numbers are in the capture's, and the other way round."""

    def __init__(self, own_syn, peer_syn):
        self.captured_syn, self.peer_syn = own_syn, peer_syn
        self.iss = None            # the backend's
        self.sent = 0              # the furthest it has sent, relative
        self.syn = None            # its SYN
        self.last_stamp = None
        self.syn_time = 0

    def heard(self, s, now):
        """A packet of the backend."""
        if s.flags & SYN and self.iss is None:
            self.iss, self.syn, self.syn_time = s.seq, s, now
        if self.iss is not None and not s.flags & RST:
            self.sent = max(self.sent, distance(s.seq, self.iss) + s.occupies)
        if s.stamps:
            self.last_stamp = s.stamps[0]

    def agreed(self, kind):
        """Whether both SYNs have the option now."""
        return self.syn is not None and self.syn.option(kind) is not None and self.peer_syn.option(kind) is not None

    def was_agreed(self, kind):
        return self.captured_syn.option(kind) is not None and self.peer_syn.option(kind) is not None

    def number(self, captured):
        return (captured - self.captured_syn.seq + self.iss) % MODULUS

    def captured(self, number):
        return (number - (self.iss or 0) + self.captured_syn.seq) % MODULUS

    def stamp(self, now):
        """What the backend's clock said at `now`: milliseconds, for both backends."""
        if self.syn is None or self.syn.stamps is None:
            return 0
        stamp = (self.syn.stamps[0] + now // 10**6 - self.syn_time // 10**6) % MODULUS
        return self.last_stamp if distance(stamp, self.last_stamp) > 0 else stamp

    def window(self, s):
        if s.flags & SYN:
            return s.window
        shift = self.peer_syn.scale or 0
        real = s.window << shift if self.was_agreed(tcp.SCALE) else s.window
        return min(real >> shift if self.agreed(tcp.SCALE) else real, 0xFFFF)


class Player:
    """One replay. `host_of(transmit)` makes the simhost.Host."""

    def __init__(self, segments, own, peer, is_client, host_of, *, patience=3 * SECOND, after=SECOND,
                 model="guess"):
        self.own, self.peer, self.is_client = own, peer, is_client
        self.steps = gathered(script(segments, own, is_client), model)
        # Whole seconds, so that the capture's milliseconds are those of the backend's clock.
        self.base = segments[0].time // SECOND * SECOND
        self.patience, self.after = patience, after
        self.shift = 0
        self.at = -1
        self.out = Outcome()
        self.numbers = Numbers(next(s for s in segments if (s.src, s.sport) == own and s.flags & SYN),
                               next(s for s in segments if (s.src, s.sport) == peer and s.flags & SYN))
        self.rtt = self._round_trip(segments)
        self.stamp_times = {}      # when the captured side's TSval was seen first
        for s in segments:
            if (s.src, s.sport) == own and s.stamps:
                self.stamp_times.setdefault(s.stamps[0], s.time - self.base)
        self.own_port = own[1]     # the backend's own, as a client
        self.last_peer = None      # what the peer has sent last
        self.acked = 0
        self.last_heard = 0
        self.closed_window = self.clipped = 0
        self.gave_up_at = None     # what had been sent when a packet waited in vain
        self.right_edge = None
        self.fresh = []
        self.host = host_of(self.fresh.append)

    def _round_trip(self, segments):
        """From the captured side's SYN to its acknowledgment, as seen where the capture was taken."""
        sent = self.numbers.captured_syn
        return next((max(s.time - sent.time, 0) for s in segments if s.time >= sent.time and
                     (s.src, s.sport) == self.peer and s.flags & ACK), 0)

    # ---- time --------------------------------------------------------------------------------

    def _entered(self):
        """After each call into the host: takes what it has sent."""
        for packet in self.fresh:
            self._heard(packet)
        self.fresh.clear()

    def _advance(self, until):
        """Lets the host run until then, or until it has sent something; true if it has."""
        spins, before = 0, len(self.out.answers)
        while (due := self.host.deadline_ns()) is not None and due <= until:
            spins = spins + 1 if due == self.host.now_ns else 0
            if spins > SPIN_LIMIT:
                raise simhost.HostError("spins: it is due again and again at the same instant")
            self.host.now_ns = max(due, self.host.now_ns)
            self.host.run_timers()
            self._entered()
            if len(self.out.answers) != before:
                return True
        self.host.now_ns = max(self.host.now_ns, until)
        return False

    def _run_to(self, until):
        while self._advance(until):
            pass

    # ---- the backend's packets ---------------------------------------------------------------

    def _heard(self, packet):
        s = tcp.parse(packet, pcapfile.LINKS[pcapfile.LINK_RAW])
        if s is None:
            return  # not TCP
        self.own_port = s.sport
        self.last_heard = self.host.now_ns
        self.numbers.heard(s, self.host.now_ns)
        if s.flags & ACK and not s.flags & RST:
            shift = self.numbers.syn.scale if self.numbers.agreed(tcp.SCALE) and not s.flags & SYN else 0
            self.right_edge = (s.ack + (s.window << (shift or 0))) % MODULUS
        shown = replace(s, src=self.own[0], sport=self.own[1], dst=self.peer[0], dport=self.peer[1])
        if self.numbers.iss is not None:
            shown.seq = self.numbers.captured(s.seq)
        shown.time = self.base + self.host.now_ns
        self.out.answers.append(Answer(shown, shown.time - self.shift, self.at))
        self.out.packets.append((shown.time, shown))

    # ---- the peer's packets ------------------------------------------------------------------

    def _wants(self, s):
        """How much of the backend's numbers a packet of the peer supposes to be sent."""
        if not s.flags & ACK or s.damaged:
            return 0
        wants = distance(s.ack, self.numbers.captured_syn.seq)
        return max(wants, 0)

    def _options(self, s, number):
        """Those of a peer's packet, as they are now; `number` translates a sequence number of the backend's."""
        options = []
        for kind, content in s.options:
            if kind == tcp.STAMPS and s.stamps:
                if s.flags & SYN and not s.flags & ACK:
                    pass
                elif not self.numbers.agreed(kind):
                    continue
                content = struct.pack("!II", s.stamps[0], self._echo(s))
            elif kind == tcp.SACK:
                if not self.numbers.agreed(tcp.SACK_OK):
                    continue
                content = self._blocks(s, number)
                if not content:
                    continue
            elif kind in (tcp.SCALE, tcp.SACK_OK) and s.flags & ACK and not self.numbers.agreed(kind):
                continue
            options.append((kind, content))
        if self.numbers.agreed(tcp.STAMPS) and not s.flags & (SYN | RST) and s.stamps is None:
            options.append((tcp.STAMPS, self._made_up_stamps()))
        return options

    def _echo(self, s):
        """The timestamp that the peer gives back, in the backend's clock."""
        if not s.flags & ACK or self.numbers.last_stamp is None:
            return 0
        seen = self.stamp_times.get(s.stamps[1])
        return self.numbers.last_stamp if seen is None else self.numbers.stamp(seen + self.shift)

    def _made_up_stamps(self):
        """For a peer that the captured side did not let use timestamps."""
        value = self.numbers.peer_syn.stamps[0] + (self.host.now_ns - self.numbers.syn_time) // 10**6
        return struct.pack("!II", value % MODULUS, self.numbers.last_stamp or 0)

    def _blocks(self, s, number):
        """Its SACK blocks, but for what the backend has not sent."""
        content = b""
        for left, right in s.blocks:
            if distance(right, self.numbers.captured_syn.seq) <= self.numbers.sent:
                content += struct.pack("!II", number(left), number(right))
        return content

    def _inject(self, s, made_up=False):
        ack = s.ack
        if s.flags & ACK and not s.damaged and self.numbers.iss is not None:
            if self._wants(s) > self.numbers.sent:
                self.clipped += 1
                ack = (self.numbers.captured_syn.seq + self.numbers.sent) % MODULUS
            self.acked = max(self.acked, distance(ack, self.numbers.captured_syn.seq))
        if s.length and self.right_edge is not None and distance(s.seq + s.length, self.right_edge) > 0 and not made_up:
            self.closed_window += 1
        v6 = len(self.own[0]) == 16
        packet = replace(s, src=PEER6 if v6 else PEER4, dst=HERE6 if v6 else HERE4, dport=self.own_port,
                         ack=self.numbers.number(ack) if self.numbers.iss is not None and s.flags & ACK else s.ack,
                         options=self._options(s, self.numbers.number), window=self.numbers.window(s))
        now = self.base + self.host.now_ns
        shown = replace(packet, src=s.src, dst=s.dst, dport=s.dport, ack=ack, time=now,
                        options=self._options(s, lambda captured: captured))
        self.out.injected.append(Injected(shown, now - self.shift, None if made_up else self.at,
                                          len(self.out.answers)))
        self.out.packets.append((now, shown))
        self.host.input(tcp.build(packet))
        self._entered()

    def _wait_for_what_is_acknowledged(self, s):
        """See above: everything waits until the backend has sent what this packet acknowledges."""
        planned, wants = self.host.now_ns, self._wants(s)
        if self.gave_up_at == self.numbers.sent:
            return  # in vain already, and nothing has come since
        last = planned + self.patience
        while wants > self.numbers.sent and self.host.now_ns < last:
            in_flight = self.numbers.sent > self.acked and self.last_peer is not None and self.numbers.syn is not None
            due = min(max(self.last_heard + self.rtt, self.host.now_ns), last) if in_flight else last
            if self._advance(due):
                continue  # it has sent: look again
            if in_flight and due < last:
                p = self.last_peer
                self._inject(replace(p, seq=(p.seq + p.occupies) % MODULUS, flags=ACK, payload=b"", length=0,
                                     ack=(self.numbers.captured_syn.seq + self.numbers.sent) % MODULUS,
                                     options=[o for o in p.options if o[0] == tcp.STAMPS]), made_up=True)
            elif not in_flight and self.host.deadline_ns() is None:
                break
        if wants > self.numbers.sent:
            self.gave_up_at = self.numbers.sent
        self.shift += self.host.now_ns - planned
        self.out.waits += 1
        self.out.waited_ns += self.host.now_ns - planned

    # ---- the whole ---------------------------------------------------------------------------

    def _begin(self):
        v6 = {"v6": int(len(self.own[0]) == 16)}
        if not self.is_client:
            self.host.start("handserve", port=self.own[1], **v6)
        self._entered()

    def _app(self, step):
        """What the application does; written only when TCP calls or `_go()`."""
        if step.kind == "write":
            self.host.hand(simhost.QUEUE, bytes(step.data))
        elif step.kind == "end":
            self.host.hand(simhost.END)

    def _at_once(self, first):
        """How many steps after `first` are the application's, at its very instant."""
        last = first
        while last + 1 < len(self.steps) and self.steps[last + 1].kind in ("write", "end") and \
                self.steps[last + 1].time == self.steps[first].time:
            last += 1
        return last

    def _step(self, number):
        """Does one step, and the application's at the same instant; returns the last of them."""
        step = self.steps[number]
        self._run_to(step.time - self.base + self.shift)
        last = number
        if step.kind == "peer":
            if self._wants(step.segment) > self.numbers.sent:
                self._wait_for_what_is_acknowledged(step.segment)
            self.at = number
            last = self._at_once(number)
        elif step.kind == "connect":
            self.host.start("hand", to=1, port=self.peer[1], v6=int(len(self.own[0]) == 16))
            self._entered()
            return last
        elif step.kind == "abort":
            self.host.hand(simhost.ABORT)
            self._entered()
            return last
        for other in self.steps[number:last + 1]:
            self._app(other)
        if step.kind == "peer":
            self._inject(step.segment)
            if not step.segment.damaged:
                self.last_peer = step.segment
        self.host.hand(simhost.GO)
        self._entered()
        return last

    def play(self):
        try:
            self._begin()
            number = 0
            while number < len(self.steps):
                number = self._step(number) + 1
            self.at = len(self.steps)
            self._run_to(self.host.now_ns + self.after)
        except simhost.HostError as error:
            self.out.fault = str(error)
        self._warn()
        return self.out

    def _warn(self):
        say = self.out.warnings.append
        if self.clipped:
            say(f"the peer acknowledges what the backend had not sent, in {packets(self.clipped)}, played as if it "
                "acknowledged what was sent")
        if self.closed_window:
            say(f"the peer sends beyond the window that the backend has offered, in {packets(self.closed_window)}")
        if self.out.waits:
            made_up = sum(packet.step is None for packet in self.out.injected)
            say(f"the peer waited for what it acknowledges, in {packets(self.out.waits)}, {self.out.waited_ns / 1e9:.3f} s "
                f"in all; meanwhile it acknowledged in {packets(made_up)} not in the capture")

