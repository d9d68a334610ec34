/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * The records that travel between doors and components. Each is filled once, by one function, and is
 * const for everybody else; `now` (ms) is a member of every one, since no component reads the clock.
 */
#ifndef LWIP_HDR_TCP_ALT_EVENT_H
#define LWIP_HDR_TCP_ALT_EVENT_H

#include "lwip/opt.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/def.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "lwip/prot/tcp.h"
#include "lwip/tcpbase.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Options seen in a segment (struct tcp_alt_segment.opts). */
#define TCP_ALT_OPT_MSS  0x01U
#define TCP_ALT_OPT_WS   0x02U
#define TCP_ALT_OPT_TS   0x04U
#define TCP_ALT_OPT_SACK_PERM 0x08U
#define TCP_ALT_OPT_UTO  0x10U
#define TCP_ALT_OPT_SACK 0x20U

/** One received segment, parsed once (wire). */
struct tcp_alt_segment {
  struct pbuf *p;   /**< its data: header and options are cut off */
  u32_t now;        /**< ms */
  u32_t seq;        /**< SEG.SEQ */
  u32_t ack;        /**< SEG.ACK */
  u16_t len;        /**< bytes of data, without SYN and FIN */
  u16_t wnd;        /**< SEG.WND as on the wire, unscaled */
  u16_t mss;        /**< with TCP_ALT_OPT_MSS */
#if LWIP_TCP_URGENT
  u16_t urgent;     /**< with TCP_URG: urgent bytes from `seq` on */
#endif
  u8_t flags;       /**< TCP_SYN, TCP_ACK, .. */
  u8_t opts;        /**< TCP_ALT_OPT_.. */
#if LWIP_TCP_TIMESTAMPS
  u32_t tsval, tsecr; /**< with TCP_ALT_OPT_TS */
#endif
#if LWIP_WND_SCALE
  u8_t wscale;      /**< with TCP_ALT_OPT_WS; at most 14 */
#endif
#if LWIP_TCP_USER_TIMEOUT_OPTION
  u16_t uto;        /**< with TCP_ALT_OPT_UTO, as on the wire */
#endif
#if LWIP_TCP_ECN
  u8_t ce;          /**< 1: a router has marked its packet (RFC 3168 5, CE) */
#endif
#if LWIP_TCP_SACK_IN
  u8_t sacks;       /**< with TCP_ALT_OPT_SACK: number of blocks, 1..4 */
  u32_t sack[8];    /**< their left and right edges in turn */
#endif
};

#if LWIP_TCP_ECN
/** Does a SYN with these flags offer or accept ECN (RFC 3168 6.1.1)? The offer has both, its answer ECE alone; one that has
 *  both comes from a host that returns what it does not know. */
#define TCP_ALT_ECN_SETUP(flags) \
  (((flags) & (TCP_ECE | TCP_CWR)) == (((flags) & TCP_ACK) ? TCP_ECE : TCP_ECE | TCP_CWR))
#endif

/** SEG.LEN of RFC 9293: data, SYN and FIN. */
#define TCP_ALT_SEGLEN(s) \
  ((u32_t)(s)->len + (((s)->flags & TCP_SYN) ? 1U : 0U) + (((s)->flags & TCP_FIN) ? 1U : 0U))

/** What an ACK meant (struct tcp_alt_ack_event.what, a set). */
#define TCP_ALT_ACK_NEW     0x01U /**< it moved SND.UNA */
#define TCP_ALT_ACK_DUP     0x02U /**< a duplicate by RFC 5681 section 2 */
#define TCP_ALT_ACK_SYN     0x04U /**< our SYN is acknowledged */
#define TCP_ALT_ACK_FIN     0x08U /**< our FIN is acknowledged */
#define TCP_ALT_ACK_ENTERED 0x10U /**< fast recovery began (RFC 6582 3.2 step 2) */
#define TCP_ALT_ACK_PARTIAL 0x20U /**< a partial acknowledgment in recovery */
#define TCP_ALT_ACK_LEFT    0x40U /**< everything up to the recovery point arrived */
#define TCP_ALT_ACK_RTO     0x80U /**< new data acknowledged during RTO recovery */

/** What an ACK meant, computed once (rod). */
struct tcp_alt_ack_event {
  u32_t now;            /**< ms */
  u32_t acked;          /**< bytes of data newly acknowledged, without SYN and FIN */
  tcpwnd_size_t before; /**< with ACK_DUP, or more than RFC 6582: bytes in flight before this ACK */
  tcpwnd_size_t flight; /**< with ACK_LEFT, _PARTIAL, _RTO: bytes in flight after it */
  u16_t mss;            /**< effective send MSS in bytes (RFC 9293 3.7.1) */
  u8_t what;            /**< TCP_ALT_ACK_.. */
  u8_t syn_lost;        /**< with ACK_SYN: 1: it was sent more than once */
#if TCP_ALT_LOSS_STATE
  u8_t also;            /**< TCP_ALT_ALSO_.. */
  tcpwnd_size_t delivered; /**< bytes newly acknowledged or reported by SACK */
#endif
#if TCP_MODEL
  tcpwnd_size_t lost;   /**< bytes that count as lost since this ACK */
#endif
#if TCP_RACK
  u16_t rtt;            /**< ms: of the last segment delivered that was sent once; 0: none */
#endif
};

/* ev.also */
#define TCP_ALT_ALSO_SACK     0x01U /**< the connection uses SACK: `delivered` is valid, `flight` unless nothing is lost */
#define TCP_ALT_ALSO_LOST     0x02U /**< this ACK showed losses */
#define TCP_ALT_ALSO_SPURIOUS 0x04U /**< what was taken for a loss was none: all of it is undone */
#define TCP_ALT_ALSO_TIMEOUT  0x10U /**< new data has shown that the timeout was one (RFC 5682 2.1 step 3a) */
#define TCP_ALT_ALSO_ECN      0x20U /**< the peer has heard of congestion (RFC 3168 6.1.2), once for a round trip */
#define TCP_ALT_ALSO_PROBED   0x08U /**< a loss that a probe has repaired (RFC 8985 7.4) */
#define TCP_ALT_ALSO_REDUCED  0x80U /**< with ACK_ENTERED: cwnd was reduced already for what is in flight */
#define TCP_ALT_ALSO_RTT      0x40U /**< RACK.rtt is this ACK's (rod's own) */

/** What the data of a segment meant (rod). */
struct tcp_alt_data_event {
  u32_t now;      /**< ms */
#if TCP_QUEUE_OOSEQ
  u32_t max_bytes; /**< limits of the out-of-order queue, set by the door: bytes, */
  u32_t max_pbufs; /**< and pbufs */
#endif
  struct pbuf *p; /**< the next bytes in order, for the application; NULL: none */
  u8_t fin;       /**< 1: the peer's FIN is now in order */
};

/** A write of the application. */
struct tcp_alt_write {
  u32_t now;        /**< ms */
  const void *data;
  u16_t len;        /**< bytes */
  u16_t mss;        /**< most data bytes of one segment */
  u8_t optlen;      /**< header room for options, bytes */
  u8_t flags;       /**< TCP_WRITE_FLAG_.. */
  u8_t more;        /**< 1: more data will probably follow before the segment leaves */
};

/** One segment to send: rod proposes, the way out sends, rod hears of it. */
struct tcp_alt_tx {
  u32_t now;        /**< ms */
  struct netif *netif; /**< the way to the peer; NULL: not looked for yet (way out) */
  struct pbuf *p;   /**< data with header room; NULL: none, only flags */
  u32_t seq;        /**< first sequence number */
  u16_t len;        /**< bytes of data */
  u8_t flags;       /**< TCP_SYN, TCP_FIN, TCP_PSH: what rod wants in the header */
  u8_t again;       /**< 1: a retransmission */
  u8_t last;        /**< 1: no data is queued behind it */
#if LWIP_TCP_ECN
  u8_t ect;         /**< 1: new data: routers may mark it */
#endif
#if TCP_RACK
  u16_t mss;        /**< effective send MSS in bytes */
#endif
};

/** A deadline came, or the application or the driver did something without a segment. */
struct tcp_alt_clock_event {
  u32_t now;            /**< ms */
  u32_t outage;         /**< ms for which retransmissions have gone unanswered */
  tcpwnd_size_t flight; /**< bytes in flight when it came */
  u16_t mss;            /**< bytes */
  u8_t again;           /**< 1: not the first timeout for the same data; at a loss: cwnd was reduced already for it */
#if TCP_RACK
  tcpwnd_size_t snd_wnd; /**< bytes: SND.WND */
  tcpwnd_size_t pipe;   /**< bytes in flight now that losses are known */
#endif
};

#ifdef __cplusplus
}
#endif

#endif /* LWIP_TCP && LWIP_TCP_ALT */

#endif /* LWIP_HDR_TCP_ALT_EVENT_H */
