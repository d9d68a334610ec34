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

/** The fields of a header to write. */
struct tcp_alt_header {
  u32_t seq, ack;
  u16_t local_port, remote_port;
  u16_t wnd;
  u8_t flags;
  u8_t hdrlen; /* bytes, a multiple of 4 */
};

/** Writes the fixed 20 bytes, checksum and urgent pointer zero. */
static inline void
tcp_alt_wire_put(struct tcp_hdr *hdr, const struct tcp_alt_header *h)
{
  hdr->src = lwip_htons(h->local_port);
  hdr->dest = lwip_htons(h->remote_port);
  hdr->seqno = lwip_htonl(h->seq);
  hdr->ackno = lwip_htonl(h->ack);
  ((u8_t *)hdr)[12] = (u8_t)(h->hdrlen << 2);
  ((u8_t *)hdr)[13] = h->flags;
  hdr->wnd = lwip_htons(h->wnd);
  hdr->chksum = 0;
  hdr->urgp = 0;
}

#ifdef __cplusplus
}
#endif

#endif /* LWIP_TCP && LWIP_TCP_ALT */

#endif /* LWIP_HDR_TCP_ALT_WIRE_H */
