/* SPDX-License-Identifier: BSD-3-Clause */
/** @file DUAL: IPv4 and IPv6, everything on. */
#define LWIP_IPV4 1
#define LWIP_IPV6 1
#define TCP_MSS 1440
#define TCP_WND (32 * TCP_MSS)
#define TCP_SND_BUF (32 * TCP_MSS)
#define LWIP_WND_SCALE 1
#define TCP_RCV_SCALE 1
#define LWIP_TCP_SACK_OUT 1
#define LWIP_TCP_TIMESTAMPS 1
#define LWIP_TCP_KEEPALIVE 1
#define TCP_LISTEN_BACKLOG 1
#define SO_REUSE 1
#define LWIP_TCP_PCB_NUM_EXT_ARGS 1
#define TCP_SND_QUEUELEN 256

#include "../common.h"
