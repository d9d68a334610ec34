# SPDX-License-Identifier: BSD-3-Clause
"""What a report says in words: who is better where, and by how much."""

import math

import reportdata as data

KINDS = {"Mbit/s": "throughput", "kbit/s": "throughput", "bit/s": "throughput", "ms": "latency", "us": "latency",
         "s": "duration"}
NAMES = {"jain": "fairness", "wakeups": "wake-ups"}

# Families of scenarios, short enough for the margin of a plot.
FAMILIES = {"bulk": "bulk transfers", "path": "troubled paths", "queue": "queues", "rr": "request/response",
            "connect": "opening, closing", "window": "closed windows", "many": "many connections",
            "fair": "competing flows"}


def factor_text(factor):
    """2.4×, 31×, ∞: of a factor of at least 1."""
    if math.isinf(factor):
        return "∞"
    return f"{factor:.2f}×" if factor < 9.95 else f"{factor:.0f}×" if factor < 1000 else "over 1000×"


def number_text(value):
    return "–" if value is None else f"{value:.4g}" if abs(value) < 10000 else f"{value:,.0f}".replace(",", " ")


def duration_text(seconds):
    return f"{seconds * 1000:.4g} ms" if seconds < 2 else f"{seconds:.3g} s"


def kind_of(comparison):
    """What a figure is about, for grouping: its unit's kind, or its own name."""
    name = comparison.figure["name"]
    return NAMES.get(name) or KINDS.get(comparison.figure["unit"], name)


def counts(compared):
    """(better first, better second, no difference, failed)."""
    failed = sum(each.factor is None for each in compared)
    wins = [sum(each.winner == index and each.factor is not None for each in compared) for index in (0, 1)]
    return wins[0], wins[1], len(compared) - failed - sum(wins), failed


def headline(compared, backends):
    """The answer in one sentence."""
    first, second, even, failed = counts(compared)
    total = len(compared)
    more, fewer = ((backends[1], second), (backends[0], first)) if second >= first else \
        ((backends[0], first), (backends[1], second))
    if more[1] == 0:
        text = f"Neither is better beyond the noise in {total} comparisons"
    else:
        text = f"{more[0]} is better in {more[1]} of {total} comparisons, {fewer[0]} in {fewer[1] or 'none'}"
        text += f"; {even} show no difference beyond the noise" if even else ""
    return text + (f"; {failed} failed" if failed else "") + "."


def advantage(factor, backends):
    """(who, how much in text): of a factor that is above 1 where the second is better."""
    if factor is None:
        return None, "failed"
    if 0.995 < factor < 1.005:
        return None, "equal"
    return (1, factor_text(factor)) if factor > 1 else (0, factor_text(1 / factor if factor else math.inf))


def cards(compared, backends):
    """[(kind, who is better in the middle or None, how much, sentence)] of each kind of figure."""
    kinds = {}
    for each in compared:
        if each.factor is not None:
            kinds.setdefault(kind_of(each), []).append(each.factor)
    found = []
    for kind, factors in kinds.items():
        who, how_much = advantage(data.middle(factors), backends)
        low, high = min(factors), max(factors)
        cells = f"{len(factors)} comparison" + ("s" if len(factors) > 1 else "")
        reach = f"; from {_signed(low, backends)} to {_signed(high, backends)}" if len(factors) > 1 else ""
        found.append((kind, who, how_much, f"median of {cells}{reach}" if len(factors) > 1 else cells))
    return found


def _signed(factor, backends):
    who, how_much = advantage(factor, backends)
    return how_much if who is None else f"{how_much} for {backends[who]}"


def place_text(comparison):
    """Which cell of which scenario."""
    cell = data.cell_name(comparison.scenario, comparison.cell)
    return comparison.scenario["name"] + (f" ({cell})" if cell else "")


def extremes(compared, index, count=3):
    """The comparisons that one backend wins by most, at most one per scenario."""
    won = sorted((each for each in compared if each.winner == index and each.factor is not None),
                 key=lambda each: each.factor, reverse=index == 1)
    best = {}
    for each in won:
        best.setdefault(each.scenario["name"], each)
    return list(best.values())[:count], len(won)
