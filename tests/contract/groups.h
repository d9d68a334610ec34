/* SPDX-License-Identifier: BSD-3-Clause
 * The groups of contract tests, a file each. */
#ifndef TCP_ALT_TESTS_CONTRACT_GROUPS_H
#define TCP_ALT_TESTS_CONTRACT_GROUPS_H

#include <check.h>

#include "only.h"

TCase *access_tests(void);   /* accessors, and calls without a PCB */
TCase *accept_tests(void);   /* listeners, backlog, what an accept callback may answer */
TCase *attack_tests(void);   /* docs/attacks.md */
TCase *callback_tests(void); /* callback x action x state */
TCase *debug_tests(void);    /* lwIP's debug output */
TCase *driver_tests(void);   /* drivers and checksums */
TCase *dual_tests(void);     /* IPv6 beside IPv4 */
TCase *event_tests(void);    /* LWIP_EVENT_API */
TCase *ext_tests(void);      /* extension arguments */
TCase *hook_tests(void);     /* LWIP_HOOK_TCP_.. */
TCase *loop_tests(void);     /* the loopback interface */
TCase *netif_tests(void);    /* interfaces and addresses that come and go */
TCase *orphan_tests(void);   /* connections that the application has left */
TCase *pool_tests(void);     /* pools that run dry */
TCase *port_tests(void);     /* any free port */
TCase *wide_tests(void);     /* windows beyond 64 KB */
TCase *write_tests(void);    /* tcp_write(), tcp_close() and the promises they make */

#endif
