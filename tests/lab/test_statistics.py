# SPDX-License-Identifier: BSD-3-Clause
"""The statistics, against values computed by hand or from tables."""

import itertools

import ab_statistics
from harness import check, test


def close(a, b):
    return abs(a - b) < 1e-9


@test()
def medians_and_spreads():
    check(ab_statistics.median([3, 1, 2]) == 2, "median of three")
    check(ab_statistics.median([]) is None, "median of nothing")
    check(close(ab_statistics.spread([1, 2, 3, 4, 5]), 1), "half of 4 - 2")
    check(ab_statistics.spread([7]) == 0, "one value has no spread")
    check(ab_statistics.percentile([5, 1, 3], 0.5) == 3, "p50")
    check(ab_statistics.percentile(range(1, 101), 0.99) == 99, "p99 of 1..100")
    check(ab_statistics.percentile([5, 1, 3], 1) == 5, "max")


@test()
def mann_whitney_is_exact():
    # All of four lie above all of four: 2 of the 70 orders are as far apart.
    check(close(ab_statistics.chance_probability([1, 2, 3, 4], [5, 6, 7, 8]), 2 / 70), "4 against 4")
    check(close(ab_statistics.chance_probability([1, 2, 3], [4, 5, 6]), 0.1), "3 against 3")
    check(close(ab_statistics.chance_probability([1, 1, 1], [1, 1, 1]), 1), "all alike")


@test()
def mann_whitney_agrees_with_counting_every_order():
    for one, other in (([1, 4, 6, 6], [2, 6, 8]), ([1, 2, 2, 9, 3], [2, 5, 7, 7]),
                       ([5, 5, 1], [5, 5, 5, 2])):
        ranks = ab_statistics.doubled_ranks([*one, *other])
        mean = len(one) * sum(ranks) / len(ranks)
        sums = [sum(c) for c in itertools.combinations(ranks, len(one))]
        seen = abs(sum(ranks[:len(one)]) - mean)
        counted = sum(abs(s - mean) >= seen for s in sums) / len(sums)
        check(close(ab_statistics.chance_probability(one, other), counted), f"{one} {other}")


@test()
def the_normal_form_agrees_with_the_exact_one():
    one = [x * 1.7 % 5 for x in range(18)]
    other = [x * 1.3 % 5 + 0.9 for x in range(18)]
    ranks = ab_statistics.doubled_ranks([*one, *other])
    exact = ab_statistics.exact_probability(ranks, 18)
    normal = ab_statistics.normal_probability(ranks, 18)
    check(abs(exact - normal) < 0.01, f"{exact} and {normal}")


@test()
def verdicts():
    def compare(one, other, better="higher"):
        middles = (ab_statistics.median(one), ab_statistics.median(other))
        return ab_statistics.compare(one, other, middles, better)
    check(compare([1, 1.1, 0.9, 1], [2, 2.1, 1.9, 2]) == 1, "clearly more is better")
    check(compare([1, 1.1, 0.9, 1], [2, 2.1, 1.9, 2], "lower") == 0, "clearly more is worse")
    check(compare([1, 3, 2, 5], [2, 4, 3, 2.5]) == ab_statistics.NOISE, "mixed up")
    check(compare([1, 1, 1], [1.004, 1.004, 1.004]) == ab_statistics.ALIKE, "0.4 %")
    check(compare([1], [1.2]) == 1, "without chance any difference is real")
    check(compare([1, 1, 1.01], [1.2, 1.2, 1.2]) == ab_statistics.NOISE, "three seeds tell nothing")
    check(compare([], [1]) == ab_statistics.NOISE, "nothing to compare")
