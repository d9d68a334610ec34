/* SPDX-License-Identifier: BSD-3-Clause */
/** @file MCU: a small device, eight segments of window each way, no options. */
#ifdef SIM_FEW_PCBS
#define TCP_ALT_PROFILE TCP_ALT_TINY
#endif
#define TCP_MSS 1460
#define TCP_WND (8 * TCP_MSS)
#define TCP_SND_BUF (8 * TCP_MSS)

#include "../common.h"
