# SPDX-License-Identifier: BSD-3-Clause
"""What nothing could pass: models of a few lines, for bars that turn out to be beyond reach."""

import heapq
import random
import statistics

SEGMENT, RATE, DELACK = 1460, 10e6, 0.020
SEGMENTS = 1500


class AckLoss:
    """A sender that knows no congestion and never waits longer than two round trips; data always arrives, ACKs do
    not. Times in s, windows and sequence numbers in segments; every second segment is acknowledged."""

    def __init__(self, share, window, rtt, seed):
        self.share, self.window, self.rtt = share, window, rtt
        self.chance = random.Random(seed)
        self.events, self.order = [], 0
        self.acked = self.sent = self.arrived = self.owed = 0
        self.line_free = 0.0
        self.timer = self.delayed = 0     # the number of the one that counts

    def at(self, when, what, number):
        self.order += 1
        heapq.heappush(self.events, (when, self.order, what, number))

    def transmit(self, now, number):
        self.line_free = max(self.line_free, now) + (SEGMENT + 40) * 8 / RATE
        self.at(self.line_free + self.rtt / 2, self.on_data, number)
        self.timer += 1
        self.at(self.line_free + 2 * self.rtt, self.on_timer, self.timer)

    def fill(self, now):
        while self.sent < SEGMENTS and self.sent - self.acked < self.window:
            self.sent += 1
            self.transmit(now, self.sent)

    def acknowledge(self, now):
        self.owed = 0
        self.delayed += 1
        if self.chance.random() >= self.share:
            self.at(now + self.rtt / 2, self.on_ack, self.arrived)

    def on_data(self, now, number):
        repeated = number <= self.arrived
        self.arrived = max(self.arrived, number)
        self.owed += 1
        if repeated or self.owed == 2:
            self.acknowledge(now)
        else:
            self.delayed += 1
            self.at(now + DELACK, self.on_delayed, self.delayed)

    def on_delayed(self, now, number):
        if number == self.delayed:
            self.acknowledge(now)

    def on_ack(self, now, number):
        if number > self.acked:
            self.acked = number
            self.fill(now)

    def on_timer(self, now, number):
        if number == self.timer:
            self.transmit(now, self.sent)

    def goodput(self):
        """Mbit/s"""
        now = 0.0
        self.fill(now)
        while self.acked < SEGMENTS:
            now, _, what, number = heapq.heappop(self.events)
            what(now, number)
        return SEGMENTS * SEGMENT * 8 / now / 1e6


def ack_loss(share, window=8, rtt=0.020, seeds=9):
    """The median goodput, Mbit/s."""
    return statistics.median(AckLoss(share, window, rtt, seed).goodput() for seed in range(seeds))


def ack_loss_share(share):
    """By that without loss."""
    return ack_loss(share) / ack_loss(0)
