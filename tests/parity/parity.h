/* SPDX-License-Identifier: BSD-3-Clause
 * What the files of the parity program share: lines of text, which must be the same for both backends. */
#ifndef TCP_ALT_TESTS_PARITY_PARITY_H
#define TCP_ALT_TESTS_PARITY_PARITY_H

#include "world.h"

/** Writes a line; world and peer are the polling tests'. */
void say(const char *format, ...);

/** The name of an err_t. */
const char *err_name(int err);

/** A SYN of the peer to `port` with MSS, window scale 2, timestamps and SACK; the SYN-ACK is acknowledged. */
void dial(u16_t from, u16_t port);
/** The same without the last ACK. */
void dial_half(u16_t from, u16_t port);
/** A segment of the peer with timestamps. */
void hear(u32_t seq, u8_t flags, const void *data, u16_t len);
/** Answers an active open's SYN the same way. */
void answer(const struct packet *syn);

/** Calls `function`; 1 if an assertion failed in it. */
int asserts(void (*function)(void));

/** Ends everything; nothing may be left in a pool. */
void finish(void);

/* The sections. */
void constants(void);
void lower_constants(void);
void lower_functions(void);
#if LWIP_EVENT_API
void events(void);
#else
void windows(void);
void passive(void);
void active(void);
void listening(void);
void extension(void);
void errors_bind(void);
void errors_connect(void);
void errors_connected(void);
void errors_memory(void);
void errors_listener(void);
void errors_asserted(void);
#endif

#endif
