/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Test-only accessors, the same for both backends: what lwIP's own unit tests read and write in a PCB.
 *
 * With legacy they are macros over its structure; with alt they are functions of
 * tcp_alt/test/tcp_alt_test.c, compiled with LWIP_TCP_ALT_TEST=1 only. Never in a product: they set the
 * state of a connection without any of the work that leads there.
 */
#ifndef LWIP_HDR_TCP_ALT_TEST_H
#define LWIP_HDR_TCP_ALT_TEST_H

#include "lwip/opt.h"

#if LWIP_TCP

#include "lwip/tcp.h"
#include "lwip/priv/tcp_priv.h"

#ifdef __cplusplus
extern "C" {
#endif

#if LWIP_TCP_ALT

/* ---- a connection without a peer ---- */

/** One block of the real size that is in no list: for code that only wants to point at one. */
struct tcp_pcb *tcp_alt_test_element(void);

/** Puts the block into a state; from SYN-SENT on it has an RTO, a congestion window and a receive
 *  window as after a handshake. Sequence numbers are 0 until they are set. */
void tcp_alt_test_state_set(struct tcp_pcb *pcb, enum tcp_state state);

/** Puts the block into one of lwIP's lists and arms its deadline. */
void tcp_alt_test_register(struct tcp_pcb **list, struct tcp_pcb *pcb);

/** An initial sequence number that tcp_ticks steers, as in legacy: it grows by tcp_ticks each time. */
u32_t tcp_alt_test_next_iss(const struct tcp_pcb *pcb);

/* ---- what must always be true ---- */

/** What is wrong with a connection, in words; NULL: nothing, or a door is at work on it. Its queue and what is said of it,
 *  and whether a timer runs for everything that waits. */
const char *tcp_alt_test_wrong(const struct tcp_pcb *pcb);

/** The same for all that are open. */
const char *tcp_alt_test_any_wrong(void);

/* ---- members ---- */

ip_addr_t *tcp_alt_test_local_ip(const struct tcp_pcb *pcb);
ip_addr_t *tcp_alt_test_remote_ip(const struct tcp_pcb *pcb);
void tcp_alt_test_local_port_set(struct tcp_pcb *pcb, u16_t port);
/** The last part of the address to be set: a block in a list is found under it from now on. */
void tcp_alt_test_remote_port_set(struct tcp_pcb *pcb, u16_t port);

/** The face's flags, and TF_RTO while a timeout is being repaired. */
tcpflags_t tcp_alt_test_flags(const struct tcp_pcb *pcb);
#define TF_RTO 0x0800U

u32_t tcp_alt_test_lastack(const struct tcp_pcb *pcb);  /**< SND.UNA */
u32_t tcp_alt_test_snd_nxt(const struct tcp_pcb *pcb);
u32_t tcp_alt_test_snd_lbb(const struct tcp_pcb *pcb);
u32_t tcp_alt_test_rcv_nxt(const struct tcp_pcb *pcb);
u32_t tcp_alt_test_rto_end(const struct tcp_pcb *pcb);  /**< recovery point */
u8_t tcp_alt_test_nrtx(const struct tcp_pcb *pcb);      /**< timeouts in a row */
u8_t tcp_alt_test_dupacks(const struct tcp_pcb *pcb);
u16_t tcp_alt_test_unsent_oversize(const struct tcp_pcb *pcb); /**< spare bytes behind the last segment */
void tcp_alt_test_lastack_set(struct tcp_pcb *pcb, u32_t seq); /**< as if our SYN came just before */
void tcp_alt_test_snd_nxt_set(struct tcp_pcb *pcb, u32_t seq);
void tcp_alt_test_snd_lbb_set(struct tcp_pcb *pcb, u32_t seq);
/** Moves the receive window along. */
void tcp_alt_test_rcv_nxt_set(struct tcp_pcb *pcb, u32_t seq);
/* SND.WL2 is not kept (tcp_alt_flow.h). */
#define tcp_alt_test_snd_wl2_set(pcb, seq) LWIP_UNUSED_ARG(seq)

tcpwnd_size_t tcp_alt_test_rcv_wnd(const struct tcp_pcb *pcb);
void tcp_alt_test_rcv_wnd_set(struct tcp_pcb *pcb, tcpwnd_size_t wnd);
tcpwnd_size_t tcp_alt_test_snd_wnd(const struct tcp_pcb *pcb);
tcpwnd_size_t tcp_alt_test_snd_wnd_max(const struct tcp_pcb *pcb);
u8_t tcp_alt_test_persist_backoff(const struct tcp_pcb *pcb); /**< 0: the persist timer is off */
u8_t tcp_alt_test_persist_probe(const struct tcp_pcb *pcb);   /**< unanswered probes */
void tcp_alt_test_snd_wnd_set(struct tcp_pcb *pcb, tcpwnd_size_t wnd);
void tcp_alt_test_snd_wnd_max_set(struct tcp_pcb *pcb, tcpwnd_size_t wnd);

u16_t tcp_alt_test_mss(const struct tcp_pcb *pcb);
tcpwnd_size_t tcp_alt_test_cwnd(const struct tcp_pcb *pcb);
tcpwnd_size_t tcp_alt_test_ssthresh(const struct tcp_pcb *pcb);
void tcp_alt_test_mss_set(struct tcp_pcb *pcb, u16_t mss);
void tcp_alt_test_cwnd_set(struct tcp_pcb *pcb, tcpwnd_size_t cwnd);
void tcp_alt_test_ssthresh_set(struct tcp_pcb *pcb, tcpwnd_size_t ssthresh);
#if LWIP_CALLBACK_API
tcp_connected_fn tcp_alt_test_connected(const struct tcp_pcb *pcb);
tcp_recv_fn tcp_alt_test_recv(const struct tcp_pcb *pcb);
#endif
/* Bytes counted towards the next increase: this backend grows by each ACK and counts none. */
#define tcp_alt_test_bytes_acked(pcb) ((void)(pcb), (tcpwnd_size_t)0)

/* ---- queues, as they are now ---- */

/** What a segment of a queue looks like on the wire. */
struct tcp_alt_test_seg {
  struct tcp_alt_test_seg *next;
  struct pbuf *p;         /**< data; NULL for a bare SYN or FIN */
  struct tcp_hdr *tcphdr; /**< seqno and flags */
  u16_t len;              /**< bytes of data */
  struct tcp_hdr hdr;
};

/** What is to be sent, lost segments too, in order; seqno in network byte order. Valid until the next
 *  call. A SYN or FIN without data shows as a segment. */
struct tcp_alt_test_seg *tcp_alt_test_unsent(const struct tcp_pcb *pcb);
/** What is in flight, in order; seqno in network byte order. Valid until the next call. */
struct tcp_alt_test_seg *tcp_alt_test_unacked(const struct tcp_pcb *pcb);
/** What was received out of order; seqno in host byte order, as in legacy. Valid until the next call. */
struct tcp_alt_test_seg *tcp_alt_test_ooseq(const struct tcp_pcb *pcb);
/** SEG.LEN: data, SYN and FIN. */
u32_t tcp_alt_test_tcplen(const struct tcp_alt_test_seg *seg);

/* Option bytes of a segment, each option padded to words. */
#define TF_SEG_OPTS_MSS       1U
#define TF_SEG_OPTS_TS        2U
#define TF_SEG_OPTS_WND_SCALE 4U
#define TF_SEG_OPTS_SACK_PERM 8U
u16_t tcp_alt_test_optlen(unsigned options);
#define LWIP_TCP_OPT_LENGTH(options) tcp_alt_test_optlen(options)

/** A repair of crafted segments that lack the ACK flag (RFC 9293 3.10.7.4, fifth). */
#define TCP_ALT_TEST_ACK TCP_ACK

#else /* LWIP_TCP_ALT */

#define tcp_alt_test_register              TCP_REG
#define tcp_alt_test_next_iss              tcp_next_iss
#define tcp_alt_test_state_set(pcb, s)     ((pcb)->state = (s))
#define tcp_alt_test_local_ip(pcb)         LWIP_CONST_CAST(ip_addr_t *, &(pcb)->local_ip)
#define tcp_alt_test_remote_ip(pcb)        LWIP_CONST_CAST(ip_addr_t *, &(pcb)->remote_ip)
#define tcp_alt_test_local_port_set(pcb, port)  ((pcb)->local_port = (port))
#define tcp_alt_test_remote_port_set(pcb, port) ((pcb)->remote_port = (port))
#define tcp_alt_test_flags(pcb)            ((pcb)->flags)
#define tcp_alt_test_lastack(pcb)          ((pcb)->lastack)
#define tcp_alt_test_snd_nxt(pcb)          ((pcb)->snd_nxt)
#define tcp_alt_test_snd_lbb(pcb)          ((pcb)->snd_lbb)
#define tcp_alt_test_rcv_nxt(pcb)          ((pcb)->rcv_nxt)
#define tcp_alt_test_rto_end(pcb)          ((pcb)->rto_end)
#define tcp_alt_test_nrtx(pcb)             ((pcb)->nrtx)
#define tcp_alt_test_dupacks(pcb)          ((pcb)->dupacks)
#define tcp_alt_test_unsent_oversize(pcb)  ((pcb)->unsent_oversize)
#define tcp_alt_test_lastack_set(pcb, seq) ((pcb)->lastack = (seq))
#define tcp_alt_test_snd_nxt_set(pcb, seq) ((pcb)->snd_nxt = (seq))
#define tcp_alt_test_snd_lbb_set(pcb, seq) ((pcb)->snd_lbb = (seq))
#define tcp_alt_test_snd_wl2_set(pcb, seq) ((pcb)->snd_wl2 = (seq))
#define tcp_alt_test_rcv_nxt_set(pcb, seq) ((pcb)->rcv_nxt = (seq))
#define tcp_alt_test_rcv_wnd(pcb)          ((pcb)->rcv_wnd)
#define tcp_alt_test_rcv_wnd_set(pcb, wnd) ((pcb)->rcv_wnd = (tcpwnd_size_t)(wnd))
#define tcp_alt_test_connected(pcb)        ((pcb)->connected)
#define tcp_alt_test_recv(pcb)             ((pcb)->recv)
#define tcp_alt_test_snd_wnd(pcb)          ((pcb)->snd_wnd)
#define tcp_alt_test_snd_wnd_max(pcb)      ((pcb)->snd_wnd_max)
#define tcp_alt_test_persist_backoff(pcb)  ((pcb)->persist_backoff)
#define tcp_alt_test_persist_probe(pcb)    ((pcb)->persist_probe)
#define tcp_alt_test_snd_wnd_set(pcb, wnd) ((pcb)->snd_wnd = (wnd))
#define tcp_alt_test_snd_wnd_max_set(pcb, wnd) ((pcb)->snd_wnd_max = (wnd))
#define tcp_alt_test_mss(pcb)              ((pcb)->mss)
#define tcp_alt_test_cwnd(pcb)             ((pcb)->cwnd)
#define tcp_alt_test_ssthresh(pcb)         ((pcb)->ssthresh)
#define tcp_alt_test_mss_set(pcb, bytes)   ((pcb)->mss = (bytes))
#define tcp_alt_test_cwnd_set(pcb, bytes)  ((pcb)->cwnd = (bytes))
#define tcp_alt_test_ssthresh_set(pcb, bytes) ((pcb)->ssthresh = (bytes))
#define tcp_alt_test_bytes_acked(pcb)      ((pcb)->bytes_acked)
#define tcp_alt_test_seg                   tcp_seg
#define tcp_alt_test_unsent(pcb)           ((pcb)->unsent)
#define tcp_alt_test_unacked(pcb)          ((pcb)->unacked)
#define tcp_alt_test_ooseq(pcb)            ((pcb)->ooseq)
#define tcp_alt_test_tcplen                TCP_TCPLEN
#define tcp_alt_test_any_wrong()           ((const char *)NULL)
#define TCP_ALT_TEST_ACK 0

static inline struct tcp_pcb *
tcp_alt_test_element(void)
{
  static struct tcp_pcb element;
  return &element;
}

#endif /* LWIP_TCP_ALT */

/** For the condition of a loop that lets time pass: 0 once the loop that begins at `line` has gone round
 *  more often than any deadline can take. */
static inline int
tcp_alt_test_turn(int line)
{
  static int at, turns;
  if (at != line) {
    at = line;
    turns = 0;
  }
  return ++turns < 1000000;
}

#ifdef __cplusplus
}
#endif

#endif /* LWIP_TCP */

#endif /* LWIP_HDR_TCP_ALT_TEST_H */
