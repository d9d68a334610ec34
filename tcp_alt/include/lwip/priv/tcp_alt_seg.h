/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * The segment of rod's queues. Complete for rod's files (and memp.c, which needs its size) only.
 */
#ifndef LWIP_HDR_TCP_ALT_SEG_H
#define LWIP_HDR_TCP_ALT_SEG_H

#include "lwip/opt.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/pbuf.h"

#define TCP_ALT_SEG_LOST   0x01U /**< counts as lost, not yet sent again */
#define TCP_ALT_SEG_AGAIN  0x02U /**< has been sent more than once (RFC 6298 3, Karn) */
#define TCP_ALT_SEG_FIN    0x04U /**< received out of order, with a FIN */
#define TCP_ALT_SEG_PSH    0x08U /**< ends a write of the application; the bit of TCP_PSH */
#define TCP_ALT_SEG_SACKED 0x10U /**< the peer has reported it (RFC 2018) */

struct tcp_seg {
  struct tcp_seg *next;
  struct pbuf *p;  /* data; while it is with IP or a driver the headers are in front of it */
  u32_t seq;       /* sequence number of the first byte */
  u16_t len;       /* bytes of data */
  u8_t flags;      /* TCP_ALT_SEG_.. */
  u8_t stamp;      /* out-of-order queue: when it came, for the order of SACK blocks */
#if TCP_RACK
  u32_t sent_at;   /* ms: its last transmission (RFC 8985, Segment.xmit_ts) */
#endif
};

#endif /* LWIP_TCP && LWIP_TCP_ALT */

#endif /* LWIP_HDR_TCP_ALT_SEG_H */
