/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Sequence numbers and times: arithmetic modulo 2^32 (RFC 9293 3.4). Two values compare right while
 * they are less than 2^31 apart.
 */
#ifndef LWIP_HDR_TCP_ALT_SEQ_H
#define LWIP_HDR_TCP_ALT_SEQ_H

#include "lwip/arch.h"

#define TCP_ALT_DIFF(a, b) ((s32_t)((u32_t)(a) - (u32_t)(b)))
#define TCP_ALT_LT(a, b)   (TCP_ALT_DIFF(a, b) < 0)
#define TCP_ALT_LEQ(a, b)  (TCP_ALT_DIFF(a, b) <= 0)
#define TCP_ALT_GT(a, b)   (TCP_ALT_DIFF(a, b) > 0)
#define TCP_ALT_GEQ(a, b)  (TCP_ALT_DIFF(a, b) >= 0)

/** "No deadline", where a number of ms to wait is asked for. */
#define TCP_ALT_NEVER 0xffffffffU

/** ms from now until the time `at`; 0 when it is here or past. */
#define TCP_ALT_WAIT(at, now) (TCP_ALT_GT(at, now) ? (u32_t)((at) - (now)) : 0U)

/** A compile-time check that C99 has no word for. */
#define TCP_ALT_STATIC_ASSERT(name, cond) typedef char tcp_alt_static_assert_##name[(cond) ? 1 : -1]

#endif /* LWIP_HDR_TCP_ALT_SEQ_H */
