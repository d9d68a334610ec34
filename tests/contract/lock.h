/* SPDX-License-Identifier: BSD-3-Clause
 * Which functions asked last whether the core is locked (LWIP_ASSERT_CORE_LOCKED). */
#ifndef TCP_ALT_TESTS_CONTRACT_LOCK_H
#define TCP_ALT_TESTS_CONTRACT_LOCK_H

#define LOCK_ASKED 64
extern const char *lock_asked[LOCK_ASKED];
extern unsigned int n_lock_asked;

#endif
