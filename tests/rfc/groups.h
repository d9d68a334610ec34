/* SPDX-License-Identifier: BSD-3-Clause
 * The groups of RFC tests, a file test_GROUP.c each. */
#ifndef TCP_ALT_TESTS_RFC_GROUPS_H
#define TCP_ALT_TESTS_RFC_GROUPS_H

#include "rfc.h"

#include "only.h"

#if RFC_ECN
#define RFC_GROUPS(X)  \
  X(ecn)               \
  X(mark)              \
  X(monkey)
#elif RFC_BOARD
#define RFC_GROUPS(X)  \
  X(board)             \
  X(monkey)
#else
#define RFC_GROUPS(X)  \
  X(open)              \
  X(segment)           \
  X(close)             \
  X(address)           \
  X(segmentation)      \
  X(receive)           \
  X(rto)               \
  X(loss)              \
  X(recovery)          \
  X(rack)              \
  X(prr)               \
  X(samples)           \
  X(spurious)          \
  X(repeat)            \
  X(idle)              \
  X(window)            \
  X(keepalive)         \
  X(isn)               \
  X(option)            \
  X(timestamp)         \
  X(scale)             \
  X(sack)              \
  X(driver)            \
  X(callback)          \
  X(shortage)          \
  X(uto)               \
  X(info)              \
  X(misuse)            \
  X(tell)              \
  X(icmp)              \
  X(pmtud)             \
  X(urgent)            \
  X(monkey)
#endif

#define RFC_GROUP(name) TCase *name##_tests(void);
RFC_GROUPS(RFC_GROUP)
#undef RFC_GROUP

/** What waits for longer than any deadline in question. */
#define PATIENCE 10000U

#endif
