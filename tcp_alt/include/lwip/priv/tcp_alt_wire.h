/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Ground: the wire format. Parses a header and its options once, into a record; hostile input ends
 * here. Writes a header's fixed part and options.
 */
#ifndef LWIP_HDR_TCP_ALT_WIRE_H
#define LWIP_HDR_TCP_ALT_WIRE_H

#include "lwip/priv/tcp_alt_event.h"

#if LWIP_TCP && LWIP_TCP_ALT

#ifdef __cplusplus
extern "C" {
#endif

/** Kinds of options that lwIP has no name for. */
#define TCP_ALT_WIRE_OPT_SACK 5 /**< RFC 2018 3 */
#define TCP_ALT_WIRE_OPT_UTO 28 /**< RFC 5482 */

/* Numbers from the wire, byte by byte: right on every machine and at every alignment (MUST-64), and what
 * compilers turn into one load and a swap where they can. */

static inline u16_t
tcp_alt_wire_get16(const u8_t *b)
{
  return (u16_t)(((u32_t)b[0] << 8) | b[1]);
}

static inline u32_t
tcp_alt_wire_get32(const u8_t *b)
{
  return ((u32_t)b[0] << 24) | ((u32_t)b[1] << 16) | ((u32_t)b[2] << 8) | b[3];
}

/** Parses the options of the header at p->payload, `hdrlen` bytes (20..60) in all, all of them in
 *  the chain `p`. Never reads beyond them; a broken length ends the parsing (RFC 9293 MUST-7). */
void tcp_alt_wire_options(struct tcp_alt_segment *seg, const struct pbuf *p, u16_t hdrlen);

/** Writes what does not depend on the connection's state: ports in host byte order, header length in
 *  bytes, flags; checksum and urgent pointer become zero. (PP_HTONS is an instruction or two in place,
 *  lwip_htons may be a function.) */
static inline void
tcp_alt_wire_put(struct tcp_hdr *hdr, u16_t local_port, u16_t remote_port, u8_t hdrlen, u8_t flags)
{
  hdr->src = PP_HTONS(local_port);
  hdr->dest = PP_HTONS(remote_port);
  ((u8_t *)hdr)[12] = (u8_t)(hdrlen << 2);
  ((u8_t *)hdr)[13] = flags;
  hdr->chksum = 0;
  hdr->urgp = 0;
}

/** Writes sequence number, acknowledgment number and window. */
static inline void
tcp_alt_wire_put_numbers(struct tcp_hdr *hdr, u32_t seq, u32_t ack, u16_t wnd)
{
  hdr->seqno = PP_HTONL(seq);
  hdr->ackno = PP_HTONL(ack);
  hdr->wnd = PP_HTONS(wnd);
}

#ifdef __cplusplus
}
#endif

#endif /* LWIP_TCP && LWIP_TCP_ALT */

#endif /* LWIP_HDR_TCP_ALT_WIRE_H */
