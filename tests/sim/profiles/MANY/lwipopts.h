/* SPDX-License-Identifier: BSD-3-Clause */
/** @file MANY: the MCU profile with room for thousands of connections. */
#define TCP_MSS 1460
#define TCP_WND (8 * TCP_MSS)
#define TCP_SND_BUF (8 * TCP_MSS)
#define MEMP_NUM_TCP_PCB 4200
#define MEMP_NUM_TCP_SEG 8192

#include "../common.h"
