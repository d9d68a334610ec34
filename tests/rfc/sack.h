/* SPDX-License-Identifier: BSD-3-Clause
 * What tests of loss recovery share: a connection with SACK and small segments, and what the peer reports. */
#ifndef TCP_ALT_TESTS_RFC_SACK_H
#define TCP_ALT_TESTS_RFC_SACK_H

#include "rfc.h"

#include "lwip/priv/tcp_priv.h"

#if LWIP_TCP_ALT && RFC_OPTIONS

#define SEG 100U /* bytes of a segment */
#define RTT 100U /* ms, of the handshake */

/** A connection that this SYN of the peer's opens; its answer is lost so often. Returns that answer. */
const struct packet *open_by(struct packet *syn, unsigned int lost);
/** .. and the third packet of the handshake. */
void opened(struct packet *answer);
/** A connection of the peer's whose SYN has these flags besides; without timestamps. */
void sack_path_with(u8_t flags, int sack_permitted, unsigned int lost);
/** The usual one. */
void sack_path(void);
/** n segments leave. */
void flight(unsigned int n);
/** An ACK of peer.ack with these blocks, in segments behind it. */
void sack(unsigned int n, const s32_t *edges);
#define SACK(n, ...) do { static const s32_t edges[] = { __VA_ARGS__ }; sack(n, edges); } while (0)
u32_t cwnd(void);
enum tcp_info_recovery recovery(void);
/** ms until data leaves, so many segments behind peer.ack. */
u32_t until_data(u32_t off);

#endif

#endif
