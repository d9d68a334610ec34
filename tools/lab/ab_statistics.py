# SPDX-License-Identifier: BSD-3-Clause
"""What a handful of runs says: middle, spread, and whether two differ by more than chance.

The test is Mann and Whitney's on the figures of the seeds, two-sided, at 5 %, exact with its ties:
nothing is supposed about how figures are distributed, and one run that went quite wrong counts no
more than one that is a little lower than the rest. It is not paired: with another TCP the same seed
loses other packets. It can tell nothing from fewer than four seeds.
"""

import math
import statistics

LEVEL = 0.05
# Differences up to this share are called the same, however certain they are.
SAME = 0.005
# Beyond so many values in all the sum of ranks is as good as normal.
EXACT_MAX = 40

ALIKE, NOISE = "same", "noise"


def percentile(values, share):
    """The smallest value that at least `share` (0..1) of the values do not exceed; None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def median(values):
    return statistics.median(values) if values else None


def spread(values):
    """Half the distance between the quartiles; 0 of fewer than two values."""
    if len(values) < 2:
        return 0.0
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return (high - low) / 2


def doubled_ranks(values):
    """Twice each value's rank among all, from 2; equal values share the mean of theirs."""
    ordered = sorted(values)
    first, last = {}, {}
    for place, value in enumerate(ordered, 1):
        first.setdefault(value, place)
        last[value] = place
    return [first[value] + last[value] for value in values]


def ways_by_sum(ranks, choose):
    """In how many ways `choose` of the ranks have each sum: {sum: ways}."""
    ways = [{0: 1}] + [{} for _ in range(choose)]
    for rank in ranks:
        for taken in range(choose, 0, -1):
            for total, count in ways[taken - 1].items():
                ways[taken][total + rank] = ways[taken].get(total + rank, 0) + count
    return ways[choose]


def exact_probability(ranks, size):
    """That `size` values drawn at random from all have a sum of ranks as far from its mean."""
    mean = size * sum(ranks) / len(ranks)
    seen = abs(sum(ranks[:size]) - mean)
    ways = ways_by_sum(ranks, size)
    far = sum(count for total, count in ways.items() if abs(total - mean) >= seen - 1e-9)
    return far / sum(ways.values())


def normal_probability(ranks, size):
    """The same by the normal distribution; ties are in the ranks' own variance."""
    count = len(ranks)
    mean = sum(ranks) / count
    variance = (size * (count - size) / (count - 1)
                * sum((rank - mean) ** 2 for rank in ranks) / count)
    if variance == 0:
        return 1.0
    far = abs(sum(ranks[:size]) - size * mean) / math.sqrt(variance)
    return math.erfc(far / math.sqrt(2))


def chance_probability(one, other):
    """The probability that figures of one distribution differ as much as these two lists do."""
    if not one or not other:
        return 1.0
    ranks = doubled_ranks([*one, *other])
    if len(ranks) <= EXACT_MAX:
        return exact_probability(ranks, len(one))
    return normal_probability(ranks, len(one))


def is_constant(values):
    return len(set(values)) <= 1


def compare(one, other, middles, better):
    """Who is better: 0, 1, ALIKE or NOISE. `middles` are the two figures of the table.

    Where nothing varies with the seed there is no chance, and any difference is real.
    """
    first, second = middles
    if None in (first, second) or not one or not other:
        return NOISE
    if abs(first - second) <= SAME * max(abs(first), abs(second)):
        return ALIKE
    certain = is_constant(one) and is_constant(other)
    if not certain and chance_probability(one, other) > LEVEL:
        return NOISE
    return int((second > first) == (better == "higher"))
