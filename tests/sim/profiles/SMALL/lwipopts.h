/* SPDX-License-Identifier: BSD-3-Clause */
/** @file SMALL: pools so tight that allocations fail all the time. */
#define TCP_MSS 536
#define TCP_WND (4 * TCP_MSS)
#define TCP_SND_BUF (2 * TCP_MSS)
#define MEMP_NUM_TCP_PCB 16
#define MEMP_NUM_TCP_PCB_LISTEN 8
#define MEMP_NUM_TCP_SEG 8
#define TCP_SND_QUEUELEN 6
#define MEMP_NUM_PBUF 8
#define PBUF_POOL_SIZE 8
#define MEM_SIZE 16000

#include "../common.h"
