/* SPDX-License-Identifier: BSD-3-Clause
 * lwIP for the RFC tests: that of the polling tests; with RFC_OPTIONS all TCP options but ECN besides, and every
 * block from malloc, so that the sanitizer sees who touches a freed one and each allocation can fail. */
#ifndef TCP_ALT_TESTS_RFC_LWIPOPTS_H
#define TCP_ALT_TESTS_RFC_LWIPOPTS_H

#include "../polling/lwipopts.h"

#define LWIP_TCP_ALT_TEST  1
#define LWIP_NETIF_LOOPBACK 1
#define LWIP_HAVE_LOOPIF   1
#define SO_REUSE           1
#define LWIP_DEBUG_TIMERNAMES 1 /* struct sys_timeo has a size of its own */

#undef LWIP_ICMP
#define LWIP_ICMP          1
#define LWIP_TCP_ICMP      1

/* Whoever uses a PCB that has ended is told; tests tell each other what is expected: misuse(). */
#define LWIP_TCP_PCB_CHECK 1
void rfc_assert(const char *message, const char *file, int line);
#undef LWIP_PLATFORM_ASSERT
#define LWIP_PLATFORM_ASSERT(message) rfc_assert(message, __FILE__, __LINE__)

#if !RFC_OPTIONS
#define TCP_ALT_PROFILE      TCP_ALT_TINY /* RFC 5681 and 6582 by the letter */
#else
#define LWIP_WND_SCALE       1
#define TCP_RCV_SCALE        4
#define LWIP_TCP_TIMESTAMPS  1
#define LWIP_TCP_SACK_OUT    1
#define LWIP_TCP_ERR_REASON  1
#define LWIP_TCP_INFO        1
#define LWIP_TCP_USER_TIMEOUT 1
#define LWIP_TCP_USER_TIMEOUT_OPTION 1
#define LWIP_TCP_PMTUD       1
#define LWIP_TCP_URGENT      1
#if RFC_BOARD /* SACK without RACK: the scoreboard says what is lost */
#define TCP_RACK             0
#define TCP_PRR              0
#define TCP_CC               TCP_CC_NEWRENO
#endif
#if RFC_ECN /* each SYN then says ECE and CWR: a program of its own */
#define LWIP_TCP_ECN         1
#endif
#include <stddef.h>
void *rfc_malloc(size_t size);
void *rfc_calloc(size_t n, size_t size);
void rfc_free(void *p);
#define MEM_CUSTOM_ALLOCATOR 1
#define MEM_CUSTOM_MALLOC    rfc_malloc
#define MEM_CUSTOM_CALLOC    rfc_calloc
#define MEM_CUSTOM_FREE      rfc_free
#define MEMP_MEM_MALLOC      1
#undef MEM_SIZE
#define MEM_SIZE             (1024 * 1024)
#endif

#endif
