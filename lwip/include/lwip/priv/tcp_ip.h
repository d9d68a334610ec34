/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Calls in lwIP's IP layer that pass by TCP. tools/lwip-tree puts these in place of what stands behind
 * the name; with legacy, or where TCP has no wish, they are just that.
 */
#ifndef LWIP_HDR_TCP_IP_H
#define LWIP_HDR_TCP_IP_H

#include "lwip/opt.h"

#if LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_ICMP

#include "lwip/netif.h"
#include "lwip/pbuf.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Looks at an ICMP message, whose header p->payload points to, before lwIP does (RFC 9293 MUST-54). */
void tcp_alt_icmp_input(struct pbuf *p, struct netif *inp);
/** The same for ICMPv6. */
void tcp_alt_icmp6_input(struct pbuf *p, struct netif *inp);

#ifdef __cplusplus
}
#endif

#define tcp_icmp_input(p, inp)  (tcp_alt_icmp_input(p, inp), icmp_input(p, inp))
#define tcp_icmp6_input(p, inp) (tcp_alt_icmp6_input(p, inp), icmp6_input(p, inp))

#else

#define tcp_icmp_input(p, inp)  icmp_input(p, inp)
#define tcp_icmp6_input(p, inp) icmp6_input(p, inp)

#endif

#if LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_PMTUD

#ifdef __cplusplus
extern "C" {
#endif

/** Fragment field of the next IPv4 header of a TCP packet, network byte order: IP_DF or 0. */
extern u16_t tcp_alt_ip4_df;

#ifdef __cplusplus
}
#endif

/* The header has its protocol already. */
#define tcp_ip4_offset_set(hdr, offset) \
  IPH_OFFSET_SET(hdr, IPH_PROTO(hdr) == IP_PROTO_TCP ? tcp_alt_ip4_df : (offset))

#else

#define tcp_ip4_offset_set(hdr, offset) IPH_OFFSET_SET(hdr, offset)

#endif

#endif /* LWIP_HDR_TCP_IP_H */
