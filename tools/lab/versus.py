# SPDX-License-Identifier: BSD-3-Clause
"""Two sides' answers to the same peer, beside each other: what the captured side did, and what a backend does."""

import difflib
import struct
from dataclasses import dataclass

import segment as tcp
from segment import ACK, FIN, PSH, RST, SYN, distance

SAME, TIME, WINDOW, BLOCKS, OPTIONS = "same", "time", "window", "sack", "options"
CAPTURED, REPLAYED, AFTER, PEER, MADE_UP = "captured only", "replayed only", "after the end", "peer", "made up"
MARKS = {SAME: "=", TIME: "t", WINDOW: "w", BLOCKS: "s", OPTIONS: "o", CAPTURED: "<", REPLAYED: ">", AFTER: "+",
         PEER: " ", MADE_UP: "*"}
DIFFERENT = (BLOCKS, OPTIONS, CAPTURED, REPLAYED)


class View:
    """A packet with numbers relative to the two SYNs."""

    def __init__(self, s, time, from_iss, to_iss, shift):
        self.segment, self.time = s, time
        self.seq = distance(s.seq, from_iss)
        self.ack = distance(s.ack, to_iss) if s.flags & ACK else None
        self.window = s.window if s.flags & SYN else s.window << shift
        self.blocks = [(distance(a, to_iss), distance(b, to_iss)) for a, b in s.blocks]
        self.key = (s.flags & ~PSH, self.seq, self.ack, s.length)

    def options(self):
        """Of a SYN, without the clock."""
        return sorted((k, c if k != tcp.STAMPS else b"") for k, c in self.segment.options)

    def text(self):
        s = self.segment
        words = [tcp.letters(s.flags)]
        words.append(f"{self.seq}:{self.seq + s.length}" if s.length else f"{self.seq}")
        if self.ack is not None:
            words.append(f"ack {self.ack}")
        if not s.flags & RST:
            words.append(f"win {self.window}")
        words += option_words(s) if s.flags & SYN else []
        words += [f"sack {' '.join(f'{a}:{b}' for a, b in self.blocks)}"] if self.blocks else []
        words += ["damaged"] if s.damaged else []
        return " ".join(words)

    def data(self, base):
        s = self.segment
        out = {"time_s": round((self.time - base) / 1e9, 9), "flags": tcp.letters(s.flags), "seq": self.seq,
               "ack": self.ack, "len": s.length, "window": self.window}
        if s.flags & SYN:
            out["options"] = option_words(s)
        if self.blocks:
            out["sack"] = self.blocks
        if s.number:
            out["frame"] = s.number
        return out


def option_words(s):
    words = []
    for kind, content in s.options:
        if kind == tcp.MSS and len(content) == 2:
            words.append(f"mss {struct.unpack('!H', content)[0]}")
        elif kind == tcp.SCALE:
            words.append(f"wscale {s.scale}")
        elif kind in (tcp.SACK_OK, tcp.STAMPS):
            words.append("sackOK" if kind == tcp.SACK_OK else "ts")
        else:
            words.append(f"option {kind}")
    return words


def _with_made_up(rows, made_up):
    """Puts each made-up packet before the first answer that the backend gave after it."""
    out, answers = [], 0
    for row in rows:
        while made_up and row.replayed and answers >= made_up[0][0]:
            out.append(made_up.pop(0)[1])
        answers += row.replayed is not None
        out.append(row)
    return out + [row for _, row in made_up]


@dataclass
class Row:
    place: int                    # the peer's step it comes after, or is
    what: str
    peer: View | None = None
    captured: View | None = None
    replayed: View | None = None

    @property
    def time(self):
        return (self.peer or self.captured or self.replayed).time


def _verdict(captured, replayed, tolerance_ns):
    if captured.segment.flags & SYN and captured.options() != replayed.options():
        return OPTIONS
    if captured.blocks != replayed.blocks:
        return BLOCKS
    if captured.window != replayed.window:
        return WINDOW
    return SAME if abs(captured.time - replayed.time) <= tolerance_ns else TIME


def _pair(captured, replayed, tolerance_ns):
    """Rows of both lists of (place, View), in order; what is the same packet shares a row."""
    rows = []
    matcher = difflib.SequenceMatcher(None, [v.key for _, v in captured], [v.key for _, v in replayed], autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            for (place, left), (_, right) in zip(captured[a:b], replayed[c:d]):
                rows.append(Row(place, _verdict(left, right, tolerance_ns), captured=left, replayed=right))
            continue
        part = [Row(place, CAPTURED, captured=view) for place, view in captured[a:b]]
        part += [Row(place, REPLAYED, replayed=view) for place, view in replayed[c:d]]
        rows += sorted(part, key=lambda row: (row.place, row.time))
    return rows


class Comparison:
    """The rows of a replay, and what they come to."""

    def __init__(self, player, segments, outcome, tolerance_ns):
        numbers = player.numbers
        self.player, self.outcome = player, outcome
        self.base = segments[0].time
        own_iss, peer_iss = numbers.captured_syn.seq, numbers.peer_syn.seq
        place_of = {id(step.segment): n for n, step in enumerate(player.steps) if step.kind == "peer"}
        was, now = numbers.was_agreed(tcp.SCALE), numbers.agreed(tcp.SCALE)
        peer_shift = (numbers.peer_syn.scale or 0) if now else 0
        own_was = (numbers.captured_syn.scale or 0) if was else 0
        own_now = (numbers.syn.scale or 0) if now else 0
        captured, place = [], -1
        for s in segments:
            place = place_of.get(id(s), place)
            if (s.src, s.sport) == player.own:
                captured.append((place, View(s, s.time, own_iss, peer_iss, own_was)))
        replayed = [(a.step, View(a.segment, a.time, own_iss, peer_iss, own_now)) for a in outcome.answers]
        self.captured, self.replayed = [v for _, v in captured], [v for _, v in replayed]
        pairs = _pair(captured, replayed, tolerance_ns)
        highest = -1
        for row in pairs:   # never back, whatever the places say
            highest = row.place = max(row.place, highest)
            if row.what == REPLAYED and row.place == len(player.steps):
                row.what = AFTER
        peers, made_up = [], []
        for p in outcome.injected:
            view = View(p.segment, p.time, peer_iss, own_iss, peer_shift)
            if p.step is None:
                made_up.append((p.answers, Row(0, MADE_UP, peer=view)))
            else:
                peers.append(Row(p.step, PEER, peer=view))
        rows = sorted([*peers, *pairs], key=lambda row: (row.place, row.peer is None))
        self.rows = _with_made_up(rows, made_up)

    def count(self, *whats):
        return sum(row.what in whats for row in self.rows)

    @property
    def differs(self):
        return self.count(*DIFFERENT) > 0

    # ---- in words ----------------------------------------------------------------------------

    def words(self, name):
        """Sentences, the most important first."""
        out = []
        same, other = self.count(SAME, TIME, WINDOW), self.count(*DIFFERENT)
        out.append(f"{same} answers are the same packets" + (
            f", {self.count(TIME)} of them at another time" if self.count(TIME) else "") + (
            f", {self.count(WINDOW)} with another window" if self.count(WINDOW) else "") + "; " + (
            f"{other} differ: {self.count(CAPTURED)} only captured, {self.count(REPLAYED)} only by {name}, "
            f"{self.count(OPTIONS)} with other options, {self.count(BLOCKS)} with other SACK blocks." if other else
            "none differs."))
        first = next((row for row in self.rows if row.what in DIFFERENT), None)
        if first:
            left = first.captured.text() if first.captured else "nothing"
            right = first.replayed.text() if first.replayed else "nothing"
            out.append(f"The first difference is {(first.time - self.base) / 1e9:.6f} s after the beginning: "
                       f"captured {left}; {name} {right}.")
        for what, of in (("Data", self._bytes), ("Retransmissions", self._again), ("Pure ACKs", self._acks),
                         ("Largest window", self._window), ("Closing", self._closing)):
            left, right = of(self.captured), of(self.replayed)
            if left != right:
                out.append(f"{what}: captured {left}, {name} {right}.")
            elif what in ("Data", "Retransmissions", "Closing"):
                out.append(f"{what}: both {left}.")
        if self.count(AFTER):
            out.append(f"After the capture's end {name} sent {self.count(AFTER)} more packets.")
        return out + [text[0].upper() + text[1:] + "." for text in self.outcome.warnings]

    @staticmethod
    def _bytes(views):
        return f"{max([v.seq + v.segment.length - 1 for v in views if v.segment.length], default=0)} bytes"

    def _again(self, views):
        top, again, first = 0, 0, None
        for v in views:
            end = v.seq + v.segment.occupies
            if v.segment.occupies and v.seq < top:
                again += 1
                first = first if first is not None else v.time
            top = max(top, end)
        return f"{again}, the first at {(first - self.base) / 1e9:.3f} s" if again else "none"

    @staticmethod
    def _acks(views):
        return str(sum(v.segment.occupies == 0 and not v.segment.flags & RST for v in views))

    @staticmethod
    def _window(views):
        return f"{max([v.window for v in views if not v.segment.flags & RST], default=0)} bytes"

    def _closing(self, views):
        for flag, how in ((RST, "with a RST"), (FIN, "with a FIN")):
            at = next((v.time for v in views if v.segment.flags & flag), None)
            if at is not None:
                return f"{how} at {(at - self.base) / 1e9:.3f} s"
        return "not at all"
