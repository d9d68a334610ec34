/* SPDX-License-Identifier: BSD-3-Clause
 * Included before everything: a failed assertion is an answer, too. */
#ifndef TCP_ALT_TESTS_PARITY_ASSERT_H
#define TCP_ALT_TESTS_PARITY_ASSERT_H

void parity_assert(const char *text);
#define LWIP_PLATFORM_ASSERT(text) parity_assert(text)

#endif
