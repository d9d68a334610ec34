/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Urgent data (RFC 9293 3.8.5): a mark in the stream up to which data is urgent. The bytes themselves stay in
 * the stream. New applications should not use it (RFC 9293 SHLD-13, RFC 6093): middleboxes clear the mark, and
 * stacks disagree about its last byte. It is here for the old ones. The same for both backends; legacy has none.
 * C90 and C++98.
 */
#ifndef LWIP_HDR_TCP_URGENT_H
#define LWIP_HDR_TCP_URGENT_H

#include "lwip/opt.h"

#if LWIP_TCP /* don't build if not configured for use in lwipopts.h */

#include "lwip/tcp.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Called when the peer's mark appears or moves on, before data of the same segment. `left`: how many of the next
 *  bytes that tcp_recv()'s callback is given are urgent. It may read, write, close or abort. */
typedef void (*tcp_urgent_fn)(void *arg, struct tcp_pcb *pcb, u32_t left);

#if LWIP_TCP_ALT && LWIP_TCP_URGENT

/** Sets the function that is called with urgent data, with tcp_arg()'s argument; NULL, the default: none. Ignored
 *  for a listener; its connections begin without. */
void tcp_urgent(struct tcp_pcb *pcb, tcp_urgent_fn fn);

/** How many urgent bytes tcp_recv()'s callback has not been given yet. 0 for a listener. */
u32_t tcp_urgent_left(const struct tcp_pcb *pcb);

/** All that has been written up to now is urgent. The peer hears of it with the next tcp_output(), even if its window
 *  is closed. ERR_OK, or ERR_CONN: this connection does not send. */
err_t tcp_urgent_mark(struct tcp_pcb *pcb);

#else

#define tcp_urgent(pcb, fn)  (LWIP_UNUSED_ARG(pcb), LWIP_UNUSED_ARG(fn))
#define tcp_urgent_left(pcb) (LWIP_UNUSED_ARG(pcb), (u32_t)0)
#define tcp_urgent_mark(pcb) (LWIP_UNUSED_ARG(pcb), ERR_VAL)

#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_TCP */

#endif /* LWIP_HDR_TCP_URGENT_H */
