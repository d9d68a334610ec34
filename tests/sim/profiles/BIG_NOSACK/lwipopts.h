/* SPDX-License-Identifier: BSD-3-Clause */
/** @file BIG_NOSACK: 256 KB windows, window scale, timestamps, no SACK. */
#define TCP_MSS 1460
#define TCP_WND (256 * 1024)
#define TCP_SND_BUF (256 * 1024)
#define LWIP_WND_SCALE 1
#define TCP_RCV_SCALE 3
#define LWIP_TCP_SACK_OUT 0
#define LWIP_TCP_TIMESTAMPS 1
#define TCP_SND_QUEUELEN 1024
/* lwIP keeps this threshold in 16 bits. */
#define TCP_SNDLOWAT 50000

#include "../common.h"
