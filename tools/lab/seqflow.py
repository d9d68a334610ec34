# SPDX-License-Identifier: BSD-3-Clause
"""Connections of a capture, with every segment's part in them: new, sent again, late, duplicate ACK, ...

Sequence numbers are relative (a SYN is 0, the first byte of data 1) and do not wrap: they are Python numbers.
"""

import bisect
import ipaddress
from collections import namedtuple

from seqcap import ACK, FIN, RST, SYN

# What a segment is. A segment with data is one of the first four (REST: no data).
NEW, AGAIN, LATE, KEEPALIVE, REST = "new", "again", "late", "keepalive", "rest"
# What else may be said of it.
DUPLICATE, ZERO, UPDATE, PROBE, SPURIOUS, FAST = "duplicate", "zero", "update", "probe", "spurious", "fast"

# `start` to `end` is sequence space (SYN and FIN included); `ack`, `window` (scaled) and `sack` are in the
# other direction's numbers, `ack` None without the flag; `options` of a SYN are (MSS, window scale), else ().
Event = namedtuple("Event", "number time start end ack window sack flags kind marks length options")

# A hole that fills this soon, or within half a round trip, was overtaken: a retransmission takes a whole one.
REORDERED_WITHIN = 0.003
# Data waits and nothing is sent for so long: only a timer can have ended it.
SILENCE = 0.2


def signed(difference):
    """A difference of 32-bit numbers as the nearest signed number."""
    return (difference + 0x80000000) % 0x100000000 - 0x80000000


class Ranges:
    """A set of integers as sorted, disjoint half-open ranges."""

    def __init__(self):
        self.starts, self.ends = [], []

    def add(self, start, end):
        """Adds a range; returns how many of its numbers are new."""
        if end <= start:
            return 0
        first = bisect.bisect_left(self.ends, start)
        last = bisect.bisect_right(self.starts, end)
        old = sum(max(0, min(end, self.ends[i]) - max(start, self.starts[i])) for i in range(first, last))
        if first < last:
            low, high = min(start, self.starts[first]), max(end, self.ends[last - 1])
        else:
            low, high = start, end
        self.starts[first:last] = [low]
        self.ends[first:last] = [high]
        return end - start - old

    def total(self):
        return sum(self.ends) - sum(self.starts)


class Stream:
    """One direction of a connection: what `source` sent, and as events of `peer` what came back."""

    def __init__(self, source):
        self.source = source
        self.peer = None
        self.events = []
        self.isn = None             # sequence number of the SYN (or what it would have been)
        self.seen_syn = False
        self.scale = 0              # what its windows are shifted by
        self.seen = Ranges()
        self.highest = 0            # behind the last number sent
        self.holes = []             # (start, end, time): jumped over then
        self.acked = None           # highest acknowledgment of it, None before the first
        self.answered = None        # (ack, window) it last told the peer
        self.duplicates = 0         # ACKs of the peer in a row that repeat the last
        self.window = None          # of the peer, as last told
        self.sacked = False

    def relative(self, number):
        """A 32-bit number of this direction, relative and unwrapped."""
        if self.isn is None:
            self.isn = (number - 1) % 0x100000000
        near = max(self.highest, self.acked or 0)
        return near + signed(number - self.isn - near)

    def add(self, start, end, time):
        """Notes that these numbers were seen."""
        if start > self.highest and self.events[:-1]:
            self.holes.append((self.highest, start, time))
        self.seen.add(start, end)
        self.highest = max(self.highest, end)

    def jumped(self, start, end):
        """When the numbers were jumped over."""
        return next((time for low, high, time in reversed(self.holes) if low < end and start < high), 0.0)

    def data(self):
        """Events that carry data."""
        return [event for event in self.events if event.length]


class Connection:
    """`client` and `server` are Streams; `client` is who sent the SYN, or the first packet."""

    def __init__(self, segment):
        answers = segment.flags & SYN and segment.flags & ACK
        self.client = Stream(segment.dst if answers else segment.src)
        self.server = Stream(segment.src if answers else segment.dst)
        self.client.peer, self.server.peer = self.server, self.client
        self.begin_ns = segment.time_ns
        self.scales = {}
        self.syn_at = None          # of the client's last SYN
        self.overtaken = REORDERED_WITHIN

    def streams(self):
        return self.client, self.server

    def sender(self):
        """The direction with more data."""
        return max(self.streams(), key=lambda stream: stream.seen.total())

    def name(self):
        return f"{address(self.client.source)} -> {address(self.server.source)}"

    def end(self):
        return max((stream.events[-1].time for stream in self.streams() if stream.events), default=0.0)

    # -- taking segments ----------------------------------------------------------------------------------

    def starts_anew(self, segment):
        """Whether the segment is the SYN of another connection between the same ports."""
        stream = self._of(segment)
        return bool(segment.flags & SYN and stream.isn is not None and segment.seq != stream.isn)

    def _of(self, segment):
        return self.client if segment.src == self.client.source else self.server

    def take(self, segment):
        stream = self._of(segment)
        time = (segment.time_ns - self.begin_ns) / 1e9
        if segment.flags & SYN:
            self._syn(stream, segment)
        start = stream.relative(segment.seq)
        syn, fin = bool(segment.flags & SYN), bool(segment.flags & FIN)
        end = start + segment.length + syn + fin
        ack = stream.peer.relative(segment.ack) if segment.flags & ACK else None
        window = segment.window << (0 if syn else stream.scale)
        sack = tuple((stream.peer.relative(left), stream.peer.relative(right)) for left, right in segment.sack)
        kind, marks = self._judge(stream, segment, time, start, end)
        marks |= self._judge_answer(stream, segment, ack, window, end > start)
        stream.events.append(Event(segment.number, time, start, end, ack, window, sack, segment.flags, kind,
                                   frozenset(marks), segment.length, (segment.mss, segment.scale) if syn else ()))
        if not segment.flags & RST:
            self._learn_round_trip(stream, segment, time)
            self._note(stream, time, start, end, ack, window, bool(sack))

    def _syn(self, stream, segment):
        if stream.isn is None:
            stream.isn = segment.seq
        stream.seen_syn = True
        self.scales[stream.source] = segment.scale
        both = list(self.scales.values())
        if len(both) == 2:
            for each in self.streams():
                each.scale = self.scales[each.source] if None not in both else 0

    def _learn_round_trip(self, stream, segment, time):
        """From the SYN to the ACK of the answer is one, wherever the capture was made."""
        if stream is not self.client:
            return
        if segment.flags & SYN:
            self.syn_at = time
        elif self.syn_at is not None:
            if self.server.seen_syn:
                self.overtaken = max(REORDERED_WITHIN, (time - self.syn_at) / 2)
            self.syn_at = None

    def _judge(self, stream, segment, time, start, end):
        """(kind, marks) of the segment as one that takes sequence space."""
        if segment.flags & RST:
            return REST, set()
        little = segment.length <= 1 and not segment.flags & (SYN | FIN)
        if little and segment.length and stream.window == 0 and start == stream.acked:
            return (NEW if end > stream.highest else KEEPALIVE), {PROBE}
        if little and start == stream.highest - 1 and (not segment.length or stream.acked == stream.highest):
            return KEEPALIVE, set()
        if end == start:
            return REST, set()
        if start >= stream.highest or not stream.events:
            return NEW, set()
        if end > stream.highest:
            return AGAIN, set()            # old and new bytes together
        if not _covered(stream.seen, start, end):
            return (LATE if time - stream.jumped(start, end) < self.overtaken else AGAIN), set()
        marks = set()
        if stream.acked is not None and end <= stream.acked:
            marks.add(SPURIOUS)
        elif stream.duplicates >= 2 or stream.sacked:
            marks.add(FAST)
        return AGAIN, marks

    @staticmethod
    def _judge_answer(stream, segment, ack, window, occupies):
        """Marks of the segment as an acknowledgment."""
        marks = set()
        if ack is None or segment.flags & (SYN | RST):
            return marks
        if window == 0:
            marks.add(ZERO)
        if stream.answered is not None and not occupies and ack == stream.answered[0]:
            if window != stream.answered[1]:
                marks.add(UPDATE)
            elif stream.peer.highest > ack:
                marks.add(DUPLICATE)
        return marks

    @staticmethod
    def _note(stream, time, start, end, ack, window, sack):
        """What is known afterwards."""
        if end > start:
            stream.add(start, end, time)
        if ack is None:
            return
        peer = stream.peer
        if peer.acked is None or ack > peer.acked:
            peer.acked, peer.duplicates, peer.sacked = ack, 0, sack
        elif stream.events and DUPLICATE in stream.events[-1].marks:
            peer.duplicates += 1
            peer.sacked |= sack
        peer.window = window
        stream.answered = (ack, window)


def _covered(ranges, start, end):
    """Whether all of start..end is in the set."""
    at = bisect.bisect_right(ranges.starts, start) - 1
    return at >= 0 and ranges.ends[at] >= end


def address(endpoint):
    where = ipaddress.ip_address(endpoint[0])
    return f"[{where}]:{endpoint[1]}" if where.version == 6 else f"{where}:{endpoint[1]}"


def connections(segments):
    """All connections, in the order in which they begin."""
    found, open_now = [], {}
    for segment in segments:
        key = frozenset((segment.src, segment.dst))
        current = open_now.get(key)
        if current is None or current.starts_anew(segment):
            current = open_now[key] = Connection(segment)
            found.append(current)
        current.take(segment)
    return found


# ---- figures --------------------------------------------------------------------------------------------

def handshake(connection):
    """Seconds from the first SYN to the client's first ACK of the other's, or None."""
    begin = next((event.time for event in connection.client.events if event.flags & SYN), None)
    done = next((event.time for event in connection.client.events
                 if event.flags & ACK and not event.flags & RST and event.ack is not None and event.ack >= 1), None)
    return done - begin if None not in (begin, done) and connection.server.seen_syn else None


def round_trip(stream):
    """The shortest time from data to an ACK of it that is not ambiguous, or None: as seen at this place."""
    best, again = None, {event.end for event in stream.events if event.kind in (AGAIN, LATE)}
    waiting = [event for event in stream.events if event.kind == NEW and event.end not in again]
    at = 0
    for answer in stream.peer.events:
        while answer.ack is not None and at < len(waiting) and waiting[at].end <= answer.ack:
            if waiting[at].time <= answer.time:
                took = answer.time - waiting[at].time
                best = took if best is None else min(best, took)
            at += 1
    return best


def silences(stream, least=SILENCE):
    """(from, to, ended by a retransmission) where the sender sent nothing for `least` seconds although
    something was not acknowledged."""
    found = []
    outstanding, last, acked = 0, None, 0
    merged = sorted([(event.time, event.number, 0, event) for event in stream.events] +
                    [(event.time, event.number, 1, event) for event in stream.peer.events], key=lambda item: item[:3])
    for time, _, answer, event in merged:
        if answer:
            acked = max(acked, event.ack or 0)
            continue
        if event.end <= event.start:
            continue
        if last is not None and outstanding > acked and time - last >= least:
            found.append((last, time, event.kind in (AGAIN, LATE, KEEPALIVE)))
        last, outstanding = time, max(outstanding, event.end)
    return found


def summary(stream):
    """Figures of one direction."""
    data = stream.data()
    count = {kind: sum(event.kind == kind for event in stream.events) for kind in (NEW, AGAIN, LATE, KEEPALIVE)}
    marks = {mark: sum(mark in event.marks for event in stream.events)
             for mark in (DUPLICATE, ZERO, PROBE, SPURIOUS, FAST)}
    payload = stream.seen.total() - any(e.flags & SYN for e in stream.events) - any(e.flags & FIN for e in stream.events)
    answers = [event.time for event in stream.peer.events if event.ack is not None and event.ack > 1]
    span = (max(answers) if answers else data[-1].time) - data[0].time if data else 0
    gaps = silences(stream)
    return {
        "packets": len(stream.events), "segments": len(data), "bytes": max(0, payload),
        "retransmissions": count[AGAIN], "fast": marks[FAST], "spurious": marks[SPURIOUS], "late": count[LATE],
        "keepalives": count[KEEPALIVE], "duplicate_acks": marks[DUPLICATE], "zero_windows": marks[ZERO],
        "window_probes": marks[PROBE], "sack_acks": sum(bool(event.sack) for event in stream.events),
        "rto_like_gaps": [round(to - begin, 6) for begin, to, again in gaps if again],
        "idle_gaps": [round(to - begin, 6) for begin, to, again in gaps if not again],
        "rtt_ms": None if round_trip(stream) is None else round(round_trip(stream) * 1000, 6),
        "goodput_bps": round(payload * 8 / span) if span > 0 and payload > 0 else None,
    }
