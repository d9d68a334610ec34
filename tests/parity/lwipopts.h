/* SPDX-License-Identifier: BSD-3-Clause
 * lwIP with all that lwip/tcp.h can declare. PARITY_EVENT: LWIP_EVENT_API in place of callbacks. */
#ifndef TCP_ALT_TESTS_PARITY_LWIPOPTS_H
#define TCP_ALT_TESTS_PARITY_LWIPOPTS_H

#include "../polling/lwipopts.h"

#define LWIP_LOOPBACK_MAX_PBUFS   0
#define LWIP_IPV6_MLD             0
#undef LWIP_IPV6
#define LWIP_IPV6                 1
#define LWIP_IPV6_DUP_DETECT_ATTEMPTS 0
#define LWIP_IPV6_SEND_ROUTER_SOLICIT 0
#define LWIP_IPV6_AUTOCONFIG      0
#define LWIP_IPV6_FRAG            0
#define LWIP_IPV6_REASS           0
#define LWIP_ICMP6                1
#define MEMP_NUM_TCP_PCB_LISTEN   4

#define LWIP_WND_SCALE            1
#define TCP_RCV_SCALE             1
#define LWIP_TCP_TIMESTAMPS       1
#define LWIP_TCP_SACK_OUT         1
#define LWIP_TCP_PCB_NUM_EXT_ARGS 2
#define SO_REUSE                  1
#define TCP_DEFAULT_LISTEN_BACKLOG 3

#if PARITY_EVENT
#define LWIP_EVENT_API    1
#define LWIP_CALLBACK_API 0
#endif

#endif
