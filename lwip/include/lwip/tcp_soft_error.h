/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * What the network says of a connection without ending it: soft errors (RFC 9293 3.9.1.8 and 3.9.2.2).
 * The same for both backends; legacy knows of none. C90 and C++98.
 */
#ifndef LWIP_HDR_TCP_SOFT_ERROR_H
#define LWIP_HDR_TCP_SOFT_ERROR_H

#include "lwip/opt.h"

#if LWIP_TCP /* don't build if not configured for use in lwipopts.h */

#include "lwip/tcp.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What an ICMP message about a segment of ours said, the same for IPv4 and IPv6; the last one is our own. */
enum tcp_soft_error {
  TCP_SOFT_ERROR_NONE,         /**< nothing yet */
  TCP_SOFT_ERROR_NET,          /**< no route to the network */
  TCP_SOFT_ERROR_HOST,         /**< the host does not answer, or is unknown */
  TCP_SOFT_ERROR_PROTOCOL,     /**< the host has no TCP */
  TCP_SOFT_ERROR_PORT,         /**< nobody there listens */
  TCP_SOFT_ERROR_TOO_BIG,      /**< a packet did not fit and was not to be fragmented */
  TCP_SOFT_ERROR_SOURCE_ROUTE, /**< source route failed */
  TCP_SOFT_ERROR_PROHIBITED,   /**< a filter on the way forbids it */
  TCP_SOFT_ERROR_HOPS,         /**< TTL or hop limit exceeded: a loop, or too far */
  TCP_SOFT_ERROR_REASSEMBLY,   /**< fragments got lost */
  TCP_SOFT_ERROR_HEADER,       /**< something in the IP header was not understood */
  TCP_SOFT_ERROR_RETRANSMISSIONS /**< there is no answer: it is sent again for the third time (RFC 9293 SHLD-9) */
};

/** Called when one arrives; it may write, close or abort. What was sent is sent again all the same: nothing
 *  has to be done. */
typedef void (*tcp_soft_error_fn)(void *arg, struct tcp_pcb *pcb, enum tcp_soft_error error);

#if LWIP_TCP_ALT && LWIP_TCP_ICMP

/** Sets the function that is called with each soft error, with tcp_arg()'s argument; NULL, the default:
 *  none (RFC 9293 SHLD-20). Ignored for a listener; its connections begin without. */
void tcp_soft_error(struct tcp_pcb *pcb, tcp_soft_error_fn fn);

/** The last soft error of this connection. NONE for a listener. */
enum tcp_soft_error tcp_soft_error_get(const struct tcp_pcb *pcb);

#else

#define tcp_soft_error(pcb, fn) (LWIP_UNUSED_ARG(pcb), LWIP_UNUSED_ARG(fn))
#define tcp_soft_error_get(pcb) (LWIP_UNUSED_ARG(pcb), TCP_SOFT_ERROR_NONE)

#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_TCP */

#endif /* LWIP_HDR_TCP_SOFT_ERROR_H */
