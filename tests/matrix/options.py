# SPDX-License-Identifier: BSD-3-Clause
"""The options of the matrix with their values, and configurations in which every pair of values meets.

A value is the text of lwipopts.h, or None: lwIP's default, the option is not defined.
"""

import itertools
import random

ROWS_LEAST = 64
CANDIDATES = 40

OPTIONS = {
    "IP": ["4", "4 and 6", "6"],
    "TCP_MSS": [None, "256", "1460"],
    "TCP_WND": [None, "(2 * TCP_MSS)", "0xffff"],
    "TCP_SND_BUF": [None, "(8 * TCP_MSS)", "0xffff"],
    "TCP_SND_QUEUELEN": [None, "least", "0x7fff"],
    "TCP_SNDLOWAT": [None, "1"],
    "TCP_WND_UPDATE_THRESHOLD": [None, "1"],
    "TCP_MAXRTX": [None, "1", "12"],
    "TCP_SYNMAXRTX": [None, "12"],
    "LWIP_TCP_RTO_TIME": [None, "300", "3000"],
    "TCP_QUEUE_OOSEQ": ["1", "0"],
    "TCP_OOSEQ_MAX_BYTES": [None, "0", "(2 * TCP_MSS)"],
    "TCP_OOSEQ_MAX_PBUFS": [None, "0", "2"],
    "LWIP_WND_SCALE": ["0", "1"],
    "TCP_RCV_SCALE": ["0", "14"],
    "LWIP_TCP_TIMESTAMPS": ["0", "1"],
    "LWIP_TCP_SACK_OUT": [None, "0", "1"],
    "TCP_ALT_PROFILE": [None, "TCP_ALT_TINY"],
    "LWIP_TCP_SACK_IN": [None, "0", "1"],
    "TCP_RACK": [None, "0", "1"],
    "TCP_PRR": [None, "0", "1"],
    "TCP_FRTO": [None, "0", "1"],
    "TCP_UNDO": [None, "0", "1"],
    "TCP_WND_REPEAT": [None, "0", "1"],
    "LWIP_TCP_ECN": ["0", "1"],
    "TCP_CC": [None, "TCP_CC_NEWRENO", "TCP_CC_CUBIC", "TCP_CC_MODEL"],
    "LWIP_TCP_CC_PLUGGABLE": ["0", "1"],
    "TCP_HYSTART": [None, "0"],
    "LWIP_TCP_MAX_SACK_NUM": [None, "1", "4"],
    "TCP_CALCULATE_EFF_SEND_MSS": ["1", "0"],
    "TCP_OVERSIZE": [None, "0", "1"],
    "TCP_LISTEN_BACKLOG": ["0", "1"],
    "LWIP_TCP_KEEPALIVE": ["0", "1"],
    "LWIP_TCP_PCB_NUM_EXT_ARGS": ["0", "3"],
    "LWIP_CHECKSUM_ON_COPY": ["0", "1"],
    "LWIP_CHECKSUM_CTRL_PER_NETIF": ["0", "1"],
    "LWIP_NETIF_TX_SINGLE_PBUF": ["0", "1"],
    "SO_REUSE": ["0", "1"],
    "LWIP_VLAN_PCP": ["0", "1"],
    "MIB2_STATS": ["0", "1"],
    "MEM_ALIGNMENT": ["8", "16"],
    "MEMP_MEM_MALLOC": ["0", "1"],
    "LWIP_NOASSERT": [None, "1"],
    "TCP_DEBUG": ["LWIP_DBG_OFF", "LWIP_DBG_ON"],
    "TCP_ALT_HASH": ["0", "4", "4096"],
    "TCP_ALT_TIMER_WHEEL": ["0", "1"],
    "TCP_RTO_MIN_MS": [None, "40", "1000"],
    "TCP_DELACK_MS": [None, "1", "490"],
    "LWIP_TCP_PCB_COMPAT": ["0", "1"],
    "LWIP_TCP_ERR_REASON": ["0", "1"],
    "LWIP_TCP_USER_TIMEOUT": ["0", "1"],
    "LWIP_TCP_INFO": ["0", "1"],
    "LWIP_TCP_ICMP": ["0", "1"],
    "LWIP_TCP_PMTUD": ["0", "1"],
    "LWIP_TCP_URGENT": ["0", "1"],
    "LWIP_TCP_PCB_CHECK": ["0", "1"],
    "TCP_ALT_SCOPE_CHECK": ["0", "1"],
}

# What one option needs of another: (option, value): {other: value}. In this order, so that needs have needs.
NEEDS = {
    ("TCP_RCV_SCALE", "14"): {"LWIP_WND_SCALE": "1", "TCP_WND": "0xffff"},
    ("LWIP_TCP_PMTUD", "1"): {"LWIP_TCP_ICMP": "1"},
    ("LWIP_NETIF_TX_SINGLE_PBUF", "1"): {"TCP_OVERSIZE": None},
    ("TCP_CC", "TCP_CC_MODEL"): {"TCP_RACK": "1"},
    ("TCP_RACK", "1"): {"LWIP_TCP_SACK_IN": "1"},
    ("TCP_PRR", "1"): {"LWIP_TCP_SACK_IN": "1"},
    ("LWIP_TCP_SACK_IN", "1"): {"LWIP_TCP_SACK_OUT": "1"},
    ("LWIP_TCP_SACK_OUT", "1"): {"TCP_QUEUE_OOSEQ": "1"},
    ("TCP_ALT_SCOPE_CHECK", "1"): {"LWIP_NOASSERT": None},
}


def repaired(row):
    """The row with what its values need of each other."""
    for (option, value), others in NEEDS.items():
        if row[option] == value:
            row.update(others)
    return row


def pairs(row):
    return set(itertools.combinations(sorted(row.items(), key=lambda item: item[0]), 2))


def possible_pairs():
    """Every pair of values that some row can have."""
    found = set()
    base = {option: values[0] for option, values in OPTIONS.items()}
    for (one, values), (two, others) in itertools.combinations(sorted(OPTIONS.items()), 2):
        for value, other in itertools.product(values, others):
            row = repaired({**base, one: value, two: other})
            if row[one] == value and row[two] == other:
                found.add(((one, value), (two, other)))
    return found


def configurations():
    """Rows that together have every possible pair, at least ROWS_LEAST; the same ones every time."""
    dice = random.Random(9293)
    left = possible_pairs()
    rows = []
    while left or len(rows) < ROWS_LEAST:
        best, gain = None, -1
        wanted = dict(dice.choice(sorted(left, key=repr))) if left else {}
        for _ in range(CANDIDATES):
            row = {option: dice.choice(values) for option, values in OPTIONS.items()}
            row = repaired({**row, **wanted})
            new = len(pairs(row) & left)
            if new > gain:
                best, gain = row, new
        rows.append(best)
        left -= pairs(best)
    return rows


def lwipopts(row):
    """The text of lwipopts.h."""
    text = ["/* SPDX-License-Identifier: BSD-3-Clause */"]
    text.append(f"#define LWIP_IPV4 {int('4' in row['IP'])}")
    text.append(f"#define LWIP_IPV6 {int('6' in row['IP'])}")
    for option, value in row.items():
        if option == "IP" or value is None:
            continue
        if option == "TCP_SND_QUEUELEN" and value == "least":
            value = "((2 * (TCP_SND_BUF) + (TCP_MSS) - 1) / (TCP_MSS) + 2)"
        text.append(f"#define {option} {value}")
        if option == "TCP_DEBUG" and value == "LWIP_DBG_ON":
            text += ["#define LWIP_DEBUG 1", "#define TCP_INPUT_DEBUG LWIP_DBG_ON", "#define TCP_OUTPUT_DEBUG LWIP_DBG_ON",
                     "#define TCP_RTO_DEBUG LWIP_DBG_ON", "#define TCP_CWND_DEBUG LWIP_DBG_ON",
                     "#define TCP_WND_DEBUG LWIP_DBG_ON", "#define TCP_FR_DEBUG LWIP_DBG_ON",
                     "#define TCP_QLEN_DEBUG LWIP_DBG_ON", "#define TCP_RST_DEBUG LWIP_DBG_ON"]
    text.append("#define MEMP_NUM_TCP_SEG 0x8000")
    text.append('#include "common.h"')
    return "\n".join(text) + "\n"
