/* SPDX-License-Identifier: BSD-3-Clause */
/** @file W64: a window of 64 segments each way, with the options of BIG. */
#define TCP_MSS 1460
#define TCP_WND (64 * 1448)
#define TCP_SND_BUF (64 * 1448)
#define LWIP_WND_SCALE 1
#define TCP_RCV_SCALE 1
#define LWIP_TCP_SACK_OUT 1
#define LWIP_TCP_TIMESTAMPS 1
#define TCP_SND_QUEUELEN 256

#include "../common.h"
