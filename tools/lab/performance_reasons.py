# SPDX-License-Identifier: BSD-3-Clause
"""Why a bar is missed: for rows whose name has these words, the worst figure seen and the cause."""

from dataclasses import dataclass

# Worse than what is known by more than this share is another miss.
TOLERANCE = 0.02


@dataclass(frozen=True)
class Reason:
    words: tuple     # all in the row's name
    worst: float
    cause: str

    def concerns(self, row):
        return all(word in row.id for word in self.words)

    def covers(self, row, value):
        if row.sense == "at least":
            return value >= self.worst * (1 - TOLERANCE)
        return value <= self.worst * (1 + TOLERANCE)


REASONS = ()


def reason_for(row):
    return next((reason for reason in REASONS if reason.concerns(row)), None)
