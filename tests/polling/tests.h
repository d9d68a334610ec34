/* SPDX-License-Identifier: BSD-3-Clause
 * The groups of polling tests; each adds its cases to a suite. */
#ifndef TCP_ALT_TESTS_POLLING_TESTS_H
#define TCP_ALT_TESTS_POLLING_TESTS_H

#include "world.h"

#include "only.h"

TCase *output_tests(void);
TCase *shortage_tests(void);
TCase *input_tests(void);
TCase *poll_tests(void);
TCase *option_tests(void);
TCase *idle_tests(void);

/** Fails unless what happened at `at` came within limit ms of since, plus the clock's grain. */
#define assert_within(at, since, limit)                                                          \
  ck_assert_msg((u32_t)((at) - (since)) <= (limit) + (ALT ? grain() : 0), "after %u ms, limit %u", \
                (unsigned)((at) - (since)), (unsigned)(limit))

/** What a test waits for at most, beyond a limit, to tell "late" from "never". */
#define PATIENCE 10000U

#endif
