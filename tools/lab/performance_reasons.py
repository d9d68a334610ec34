# SPDX-License-Identifier: BSD-3-Clause
"""Why a bar is missed: for rows whose name has these words, the worst figure seen and the cause."""

from dataclasses import dataclass

import performance_models as models

# Worse than what is known by more than this share is another miss.
TOLERANCE = 0.03


@dataclass(frozen=True)
class Reason:
    words: tuple     # all in the row's name
    worst: float
    cause: object    # a text, or a function that gives one

    def concerns(self, row):
        return all(word in row.id for word in self.words)

    def covers(self, row, value):
        if row.sense == "at least":
            return value >= self.worst * (1 - TOLERANCE)
        return value <= self.worst * (1 + TOLERANCE)

    def text(self):
        return self.cause() if callable(self.cause) else self.cause


def ack_loss():
    """What a model says that can be reached."""
    few, many = (models.ack_loss_share(share) for share in (0.2, 0.5))
    return ("A window of 8 segments is acknowledged by four ACKs, and what a lost one covered waits for the next. A model "
            "without any congestion control, whose probes leave after two round trips and which otherwise loses no time "
            f"(`tools/lab/performance_models.py`), reaches {few:.2f} and {many:.2f} of the clean figure at 20 and 50 %. At "
            "50 % all four are lost in every sixteenth round and the answer to the probe in every other of these: then a "
            "timeout comes that nothing tells from a loss, until the answer to it is there.")


BESIDE_LEGACY = ("Queues smaller than the sum of the windows: legacy loses several segments at each overflow, repairs one "
                 "per round trip, or waits for its timeout of a second and more, and leaves the line idle (0.67 to 0.95 of "
                 "it is used by two legacy flows, 0.91 to 1.00 beside alt). Whoever does not stop gets that time: alt with "
                 "NewReno as RFC 6582 has it leaves legacy no more (0.68, 0.53, 0.66 and 0.75 at 8, 16, 32 and 64 KB). What a "
                 "legacy flow gets beside Linux on such a queue is not measured: --real has no scenario with two senders.")

MODEL = ("Two percent: each loss costs the model's bandwidth samples a little, and at 5 % one retransmission in twenty is lost "
         "itself and waits for its own detection; at 1 and 2 % the bars are met.")

COUNTED = ("alt's way of a segment has more calls: each event goes to the handlers of five components, and each segment "
           "sent back to all of them; legacy does both in a few large functions. With all options 80 instructions arm the "
           "probe (RACK-TLP) and 50 note what was delivered; legacy does neither (tests/sim/count --functions 10).")

REASONS = (
    Reason(("8 segments, SACK, ACK loss 20%",), 0.89, ack_loss),
    Reason(("8 segments, SACK, ACK loss 50%",), 0.34, ack_loss),
    Reason(("8 segments, no SACK, ACK loss 20%",), 0.88, ack_loss),
    Reason(("8 segments, no SACK, ACK loss 50%",), 0.17, ack_loss),
    Reason(("256 KB of window, model-based", "loss 5%"), 6.15, MODEL),
    Reason(("TCP instructions", "8 segments, sender"), 620, COUNTED),
    Reason(("TCP instructions", "256 KB, sender"), 1150, COUNTED),
    Reason(("TCP instructions", "256 KB, receiver"), 600, COUNTED),
    *(Reason(("Beside a legacy flow", "256 KB", f"queue of {queue} KB"), 0.57, BESIDE_LEGACY) for queue in (8, 16, 32, 64)),
)


def reason_for(row):
    return next((reason for reason in REASONS if reason.concerns(row)), None)
