/* SPDX-License-Identifier: BSD-3-Clause */
/** @file W44: a window of 44 segments each way, no options. */
#define TCP_MSS 1460
#define TCP_WND (44 * TCP_MSS)
#define TCP_SND_BUF (44 * TCP_MSS)

#include "../common.h"
