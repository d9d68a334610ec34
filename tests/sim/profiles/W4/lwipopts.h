/* SPDX-License-Identifier: BSD-3-Clause */
/** @file W4: a window of 4 segments each way, no options. */
#define TCP_MSS 1460
#define TCP_WND (4 * TCP_MSS)
#define TCP_SND_BUF (4 * TCP_MSS)

#include "../common.h"
