/* SPDX-License-Identifier: BSD-3-Clause */
/** @file W16: a window of 16 segments each way, no options. */
#define TCP_MSS 1460
#define TCP_WND (16 * TCP_MSS)
#define TCP_SND_BUF (16 * TCP_MSS)

#include "../common.h"
