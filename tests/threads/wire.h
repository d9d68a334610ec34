/* SPDX-License-Identifier: BSD-3-Clause
 * A network interface whose packets are caught with the time they left, and a scripted
 * TCP peer behind it; usable from any thread but tcpip_thread. */
#ifndef TCP_ALT_TESTS_THREADS_WIRE_H
#define TCP_ALT_TESTS_THREADS_WIRE_H

#include "../polling/packet.h"

#include "lwip/netif.h"

/** The peer's side of one connection. */
struct peer {
  u16_t port, lwip_port;
  u32_t seq, ack;
  u16_t wnd;
};

/** Start tcpip_thread and the interface, 10.0.0.1/24; the peer is 10.0.0.2. */
void wire_start(void);

/** Milliseconds, the clock of packet.at; lwIP's own. */
u32_t wire_now(void);

/** Wait until a packet to the peer's port leaves that has all these flags and, with data
 * set, at least a byte of data; at most ms. 0 if none does. Each packet is seen once. */
int wire_await(const struct peer *peer, u8_t flags, int data, u32_t ms, struct packet *p);

/** The packets so far are of no interest. */
void wire_discard(void);

/** The peer sends a segment; its seq advances. Runs the interface's input in this thread. */
void wire_send(struct peer *peer, u8_t flags, const void *data, u16_t len);

#endif
