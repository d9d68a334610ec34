/* SPDX-License-Identifier: BSD-3-Clause */
/** @file HUGE: 512 KB windows, window scale, SACK blocks out, timestamps. */
#define TCP_MSS 1460
#define TCP_WND (512 * 1024)
#define TCP_SND_BUF (512 * 1024)
#define LWIP_WND_SCALE 1
#define TCP_RCV_SCALE 4
#define LWIP_TCP_SACK_OUT 1
#define LWIP_TCP_TIMESTAMPS 1
#define TCP_SND_QUEUELEN 2048
/* lwIP keeps this threshold in 16 bits. */
#define TCP_SNDLOWAT 50000
#define PBUF_POOL_SIZE 2048

#include "../common.h"
