/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * cong: NewReno (RFC 5681, RFC 6582) with byte counting (RFC 3465), limited transmit (RFC 3042) and an
 * initial window of ten segments (RFC 6928).
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/debug.h"
#include "lwip/priv/tcp_alt_cong.h"
#include "lwip/priv/tcp_alt_rod.h"
#include "lwip/priv/tcp_alt_component.h"

/* The window counts in a type that may have 16 bits: it stays at its largest value. */
static tcpwnd_size_t
cong_grown(tcpwnd_size_t cwnd, u32_t by)
{
  tcpwnd_size_t grown = (tcpwnd_size_t)(cwnd + by);
  return grown < cwnd ? (tcpwnd_size_t)~(tcpwnd_size_t)0 : grown;
}

/* RFC 5681 equation (4): ssthresh = max(FlightSize / 2, 2 * SMSS) */
static tcpwnd_size_t
cong_halved(tcpwnd_size_t flight, u16_t mss)
{
  return (tcpwnd_size_t)LWIP_MAX((u32_t)flight >> 1, 2U * mss);
}

/* RFC 6928 2: one segment when the SYN or SYN-ACK was retransmitted. */
static void
cong_on_established(struct tcp_alt_cong *cong, const struct tcp_alt_ack_event *ev)
{
  cong->cwnd = ev->syn_lost ? ev->mss : LWIP_TCP_CALC_INITIAL_CWND(ev->mss);
  cong->ssthresh = (tcpwnd_size_t)~(tcpwnd_size_t)0;
}

/* RFC 5681 3.1: in slow start by the bytes acknowledged, at most `limit` an ACK (RFC 3465); then by
 * equation (3), with the bytes acknowledged in the place of one SMSS: a segment a round trip however many
 * ACKs there are. */
static void
cong_grow(struct tcp_alt_cong *cong, const struct tcp_alt_ack_event *ev, u32_t limit)
{
  u32_t by = LWIP_MIN(ev->acked, limit);
  if (cong->cwnd >= cong->ssthresh) {
    by = by * ev->mss / cong->cwnd;
    by = LWIP_MAX(by, 1);
  }
  cong->cwnd = cong_grown(cong->cwnd, by);
}

/* RFC 6582 3.2 step 3, partial: deflate by what was acknowledged, less one segment. */
static void
cong_on_partial(struct tcp_alt_cong *cong, const struct tcp_alt_ack_event *ev)
{
  u32_t cwnd = cong->cwnd > ev->acked ? cong->cwnd - ev->acked : 0;
  if (ev->acked >= ev->mss) {
    cwnd += ev->mss;
  }
  cong->cwnd = (tcpwnd_size_t)LWIP_MAX(cwnd, ev->mss);
}

void
tcp_alt_cong_on_ack(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev)
{
  if (!(ev->what & ~(TCP_ALT_ACK_NEW | TCP_ALT_ACK_FIN))) {
    LWIP_DEBUGF(TCP_CWND_DEBUG, ("tcp: cwnd %"TCPWNDSIZE_F"\n", cong->cwnd));
    cong_grow(cong, ev, 2U * ev->mss);
  } else if (ev->what & TCP_ALT_ACK_SYN) {
    cong_on_established(cong, ev);
  } else if (ev->what & TCP_ALT_ACK_ENTERED) {
    /* RFC 5681 3.2 step 2: without what limited transmit sent, which is what exceeds cwnd */
    cong->ssthresh = cong_halved(LWIP_MIN(ev->before, cong->cwnd), ev->mss);
    cong->cwnd = cong_grown(cong->ssthresh, 3U * ev->mss); /* RFC 5681 3.2 steps 2 and 3 */
  } else if (ev->what & TCP_ALT_ACK_DUP) {
    if (rod->state == TCP_ALT_ROD_RECOVERY) {
      cong->cwnd = cong_grown(cong->cwnd, ev->mss);
    }
  } else if (ev->what & TCP_ALT_ACK_LEFT) {
    /* RFC 6582 3.2 step 3, full, option (1): no burst */
    u32_t cwnd = LWIP_MAX(ev->flight, ev->mss) + (u32_t)ev->mss;
    cong->cwnd = (tcpwnd_size_t)LWIP_MIN(cong->ssthresh, cwnd);
  } else if (ev->what & TCP_ALT_ACK_PARTIAL) {
    cong_on_partial(cong, ev);
  } else {
    cong_grow(cong, ev, ev->mss); /* RFC 3465 2.3: L = 1 after a timeout */
  }
}

void
tcp_alt_cong_on_rto(struct tcp_alt_cong *cong, const struct tcp_alt_clock_event *ev)
{
  if (!ev->again) {
    cong->ssthresh = cong_halved(ev->flight, ev->mss);
  }
  cong->cwnd = ev->mss; /* the loss window */
}

#endif /* LWIP_TCP && LWIP_TCP_ALT */
