/* SPDX-License-Identifier: BSD-3-Clause
 * lwIP for the debugger's tests: that of the polling tests; with GDB_DUAL both IP versions, all of TCP's options,
 * the hash and the timer wheel. */
#ifndef TCP_ALT_TESTS_GDB_LWIPOPTS_H
#define TCP_ALT_TESTS_GDB_LWIPOPTS_H

#include "../polling/lwipopts.h"

#if GDB_DUAL
#undef LWIP_IPV6
#define LWIP_IPV6            1
#define LWIP_IPV6_MLD        0
#define LWIP_IPV6_REASS      0
#define LWIP_IPV6_FRAG       0
#define LWIP_ND6_QUEUEING    0
#define LWIP_WND_SCALE       1
#define TCP_RCV_SCALE        2
#define LWIP_TCP_TIMESTAMPS  1
#define LWIP_TCP_SACK_OUT    1
#define TCP_ALT_HASH         64
#define TCP_ALT_TIMER_WHEEL  1
#define LWIP_TCP_USER_TIMEOUT 1
#define LWIP_TCP_INFO        1
#else
#undef TCP_LISTEN_BACKLOG
#define TCP_LISTEN_BACKLOG   0
#endif

#endif
