/* SPDX-License-Identifier: BSD-3-Clause
 * What went over the wire, as text: a line for each packet, as it passes. */
#ifndef TCP_ALT_TESTS_POLLING_TRACE_H
#define TCP_ALT_TESTS_POLLING_TRACE_H

#include "lwip/arch.h"

enum trace_way { TRACE_IN, TRACE_OUT, TRACE_REFUSED };

/** Writes to stderr, if the environment has WORLD_TRACE; `ms` since the world began. Sequence numbers are
 * relative to the SYN, or to the first one seen. */
void trace_packet(enum trace_way way, u32_t ms, const u8_t *bytes, u16_t total);

#endif
