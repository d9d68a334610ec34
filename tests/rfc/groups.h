/* SPDX-License-Identifier: BSD-3-Clause
 * The groups of RFC tests. */
#ifndef TCP_ALT_TESTS_RFC_GROUPS_H
#define TCP_ALT_TESTS_RFC_GROUPS_H

#include "rfc.h"

TCase *state_tests(void);
TCase *receive_tests(void);
TCase *send_tests(void);
TCase *option_tests(void);
TCase *fault_tests(void);
TCase *monkey_tests(void);

/** What waits for longer than any deadline in question. */
#define PATIENCE 10000U

#endif
