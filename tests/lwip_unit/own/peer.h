/* SPDX-License-Identifier: BSD-3-Clause */
/* The other end of one connection, played by a test: it says crafted segments and hears what is sent. Time
 * passes by lwIP's tcp_tmr(). With TRACE in the environment every packet is printed. */
#ifndef PEER_H
#define PEER_H

#include <check.h>

#include "lwip/tcp_alt_test.h"

#define MSS       536
#define OWN_PORT  1000
#define PEER_PORT 2000
#define PEER_SEQ  5000 /* the peer's first byte in peer_established() */

/* Legacy's runs are for the trace alone. */
#if LWIP_TCP_ALT
#define CHECK(cond) ck_assert(cond)
#else
#define CHECK(cond) ((void)(cond))
#endif

struct packet {
  u32_t ms;  /* when */
  u32_t seq; /* absolute */
  u32_t ack;
  u16_t len; /* bytes of data */
  u8_t flags;
  u8_t data[MSS];
};

/* What the peer sends; what is left out is 0. */
struct said {
  u8_t flags;
  u32_t seq;
  u32_t ack;
  u16_t wnd;
  const void *data;
  u16_t len;
};

extern const ip_addr_t peer_ip;

/* Fixtures. */
void peer_start(void);
void peer_stop(void);

/* A connection in `state` (ESTABLISHED or TIME_WAIT) whose first byte to send has number `iss`; MSS 536,
 * the peer's window `wnd` bytes, congestion window `cwnd` bytes. */
struct tcp_pcb *peer_connected(enum tcp_state state, u32_t iss, u16_t wnd, u16_t cwnd);

/* The peer's segment arrives. */
void peer_says(const struct said *said);

/* The next packet that was sent, or NULL; `flags` of TCP and the data's place in the stream. */
const struct packet *peer_hears(void);

/* The next packet has exactly these flags, number and length. */
const struct packet *peer_expects(u8_t flags, u32_t seq, u16_t len);

/* Nothing (more) was sent. */
void peer_expects_nothing(void);

/* Time passes, a multiple of 250 ms. */
void peer_waits(u32_t ms);

/* Fills with the bytes of a stream from `pos` on; whether these are they. */
void peer_fill(u8_t *data, u32_t pos, u16_t len);
int peer_filled(const u8_t *data, u32_t pos, u16_t len);

#endif
