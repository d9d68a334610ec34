/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * rod, send side: what an ACK and the retransmission timer mean. RTT and RTO by RFC 6298 in ms, fast
 * retransmit and recovery by RFC 5681 and 6582.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/debug.h"
#include "lwip/memp.h"
#include "lwip/priv/tcp_alt_flow.h"
#include "lwip/priv/tcp_alt_rod.h"
#include "lwip/priv/tcp_alt_seg.h"
#include "lwip/priv/tcp_alt_seq.h"
#include "lwip/priv/tcp_alt_component.h"

#define DUP_THRESH 3 /* RFC 5681 3.2 */

/* Is our FIN sent and not acknowledged? */
#define FIN_SENT(rod) (((rod)->tx & TCP_ALT_TX_FIN) && (rod)->snd_nxt == (rod)->snd_lbb + 1)

/* Has anything but probes of a closed window been sent and not been acknowledged? */
static int
rod_unacked(const struct tcp_alt_rod *rod)
{
  return rod->head != rod->next || FIN_SENT(rod) ||
         ((rod->tx & TCP_ALT_TX_SYN) && rod->snd_nxt != rod->snd_una);
}

/* ---- round-trip time ---- */

static void
rod_set_rto(struct tcp_alt_rod *rod)
{
  u32_t rto = (rod->srtt >> 3) + LWIP_MAX(rod->rttvar, TCP_RTO_MIN_MS);
  rod->rto = (u16_t)LWIP_MIN(rto, TCP_RTO_MAX_MS);
}

void
tcp_alt_rod_start_timers(struct tcp_alt_rod *rod, const struct tcp_alt_tx *tx)
{
  if (rod->tx & TCP_ALT_TX_REFUSED) {
    /* the driver's refusals say nothing about the network, nor does the timer that tried again */
    rod->tx &= (u8_t)~TCP_ALT_TX_TIMER;
    rod->nrtx = 0;
    if (rod->srtt != 0) {
      rod_set_rto(rod);
    } else {
      rod->rto = LWIP_TCP_RTO_TIME;
    }
  }
  if (!(rod->tx & TCP_ALT_TX_TIMING)) {
    rod->rtt_seq = tx->seq;
    rod->rtt_at = (u16_t)tx->now;
  }
  if (!(rod->tx & TCP_ALT_TX_TIMER)) {
    rod->timer_at = tx->now + rod->rto; /* RFC 6298 5.1 */
  }
  rod->tx = (u8_t)((rod->tx & ~(TCP_ALT_TX_FLUSH | TCP_ALT_TX_REFUSED)) | TCP_ALT_TX_TIMING | TCP_ALT_TX_TIMER);
}

/* RFC 6298 2.2 and 2.3, with SRTT scaled by 8 and RTTVAR by 4. */
static void
rod_rtt_sample(struct tcp_alt_rod *rod, u32_t rtt)
{
  u32_t rttvar;
  rtt = LWIP_MAX(rtt, 1);
  if (rtt > TCP_RTO_MAX_MS) {
    return;
  }
  if (rod->srtt == 0) {
    rod->srtt = rtt << 3;
    rttvar = rtt << 1;
  } else {
    s32_t delta = (s32_t)(rtt - (rod->srtt >> 3));
    rod->srtt += (u32_t)delta;
    rttvar = rod->rttvar - (u32_t)(rod->rttvar >> 2) + (u32_t)(delta < 0 ? -delta : delta);
  }
  rod->rttvar = (u16_t)LWIP_MIN(rttvar, 0xffffU);
}

/* Takes the RTT sample of an ACK of new data, if it has one; ends the backoff. */
static void
rod_on_ack_rtt(struct tcp_alt_rod *rod, const struct tcp_alt_segment *seg)
{
  u8_t backed_off = rod->nrtx;
  rod->nrtx = 0;
#if LWIP_TCP_TIMESTAMPS
  if ((rod->rx & TCP_ALT_RX_TS) && (seg->opts & TCP_ALT_OPT_TS) &&
      (!(rod->tx & TCP_ALT_TX_TIMING) || TCP_ALT_GT(seg->ack, rod->rtt_seq))) {
    rod_rtt_sample(rod, seg->now + rod->ts_offset - seg->tsecr);
    rod->tx |= TCP_ALT_TX_TIMING; /* RFC 7323 4.2: the next sample is of what is sent from now on */
    rod->rtt_seq = rod->snd_nxt;
    rod->rtt_at = (u16_t)seg->now;
  } else
#endif
  if ((rod->tx & TCP_ALT_TX_TIMING) && TCP_ALT_GT(seg->ack, rod->rtt_seq)) {
    rod_rtt_sample(rod, (u16_t)(seg->now - rod->rtt_at));
    rod->tx &= (u8_t)~TCP_ALT_TX_TIMING;
  } else if (backed_off == 0) {
    return;
  }
  if (rod->srtt != 0) {
    rod_set_rto(rod);
  } else {
    rod->rto = 3000; /* RFC 6298 5.7: the SYN was retransmitted; or nothing was sent but twice since */
  }
}

/* ---- losses ---- */

/* Marks one sent segment as lost. */
static void
rod_mark_lost(struct tcp_alt_rod *rod, struct tcp_seg *seg)
{
  if (!(seg->flags & TCP_ALT_SEG_LOST)) {
    seg->flags |= TCP_ALT_SEG_LOST;
    rod->lost = (tcpwnd_size_t)(rod->lost + seg->len);
  }
}

/* The first thing not acknowledged is lost: a segment, or a bare FIN. */
static void
rod_mark_first_lost(struct tcp_alt_rod *rod)
{
  if (rod->head != rod->next) {
    rod_mark_lost(rod, rod->head);
  } else if (FIN_SENT(rod)) {
    rod->tx |= TCP_ALT_TX_FIN_LOST;
  }
}

/* Frees what is wholly acknowledged. */
static void
rod_retire(struct tcp_alt_rod *rod, u32_t ack)
{
  struct tcp_seg *seg;
  while ((seg = rod->head) != NULL && TCP_ALT_GEQ(ack, seg->seq + seg->len)) {
    u16_t pbufs = pbuf_clen(seg->p);
    rod->head = seg->next;
    if (seg == rod->next) {
      rod->next = seg->next; /* a probe carried all of it */
    }
    if (seg->flags & TCP_ALT_SEG_LOST) {
      rod->lost = (tcpwnd_size_t)(rod->lost - seg->len);
    }
#if LWIP_TCP_PMTUD
    rod->acked_max = LWIP_MAX(rod->acked_max, seg->len);
#endif
    rod->queuelen = (u16_t)(rod->queuelen - pbufs);
    pbuf_free(seg->p);
    memp_free(MEMP_TCP_SEG, seg);
  }
}

/* RFC 6582 3.2 steps 3 to 5, and the end of RTO recovery. */
static u8_t
rod_on_new_ack_in_recovery(struct tcp_alt_rod *rod, u32_t ack)
{
  if (rod->state == TCP_ALT_ROD_RTO) {
    if (TCP_ALT_GEQ(ack, rod->recover)) {
      rod->state = TCP_ALT_ROD_OPEN;
    }
    return TCP_ALT_ACK_RTO;
  }
  if (TCP_ALT_GT(ack, rod->recover)) {
    rod->state = TCP_ALT_ROD_OPEN;
    return TCP_ALT_ACK_LEFT;
  }
  rod_mark_first_lost(rod);
  return TCP_ALT_ACK_PARTIAL;
}

/* Is our SYN or FIN among what is acknowledged? */
static void
rod_on_ack_flags(struct tcp_alt_rod *rod, struct tcp_alt_ack_event *ev)
{
  if (rod->tx & TCP_ALT_TX_SYN) {
    rod->tx &= (u8_t)~(TCP_ALT_TX_SYN | TCP_ALT_TX_SYN_LOST);
    ev->what |= TCP_ALT_ACK_SYN;
    ev->syn_lost = rod->nrtx != 0;
    ev->acked--;
  }
  if ((rod->tx & TCP_ALT_TX_FIN) && rod->snd_una == rod->snd_lbb + 1) {
    rod->tx &= (u8_t)~(TCP_ALT_TX_FIN | TCP_ALT_TX_FIN_LOST);
    ev->what |= TCP_ALT_ACK_FIN;
    ev->acked--;
  }
}

static void
rod_on_new_ack(struct tcp_alt_rod *rod, const struct tcp_alt_segment *seg,
               struct tcp_alt_ack_event *ev)
{
  ev->what = TCP_ALT_ACK_NEW;
  ev->acked = seg->ack - rod->snd_una;
  rod->snd_una = seg->ack;
  if (rod->tx & (TCP_ALT_TX_SYN | TCP_ALT_TX_FIN)) {
    rod_on_ack_flags(rod, ev);
  }
  rod_retire(rod, seg->ack);
  rod_on_ack_rtt(rod, seg);
  rod->dupacks = 0;
  if (rod->state != TCP_ALT_ROD_OPEN) {
    ev->what |= rod_on_new_ack_in_recovery(rod, seg->ack);
    ev->flight = (tcpwnd_size_t)tcp_alt_rod_flight(rod);
  }
  /* RFC 6298 5.2 and 5.3 */
  if (rod_unacked(rod)) {
    rod->tx = (u8_t)((rod->tx & ~TCP_ALT_TX_FLUSH) | TCP_ALT_TX_TIMER);
    rod->timer_at = seg->now + rod->rto;
  } else {
    rod->tx &= (u8_t)~(TCP_ALT_TX_TIMER | TCP_ALT_TX_FLUSH);
  }
}

static void
rod_on_dup_ack(struct tcp_alt_rod *rod, struct tcp_alt_ack_event *ev)
{
  ev->what = TCP_ALT_ACK_DUP;
  ev->before = (tcpwnd_size_t)tcp_alt_rod_flight(rod);
  if (rod->dupacks < 255) {
    rod->dupacks++;
  }
  /* RFC 6582 3.2 step 2: not for data that an earlier recovery sent again. SND.UNA is never below
   * `recover` here; "not equal" stays right when it is gigabytes ahead. */
  if (rod->state == TCP_ALT_ROD_OPEN && rod->dupacks == DUP_THRESH && rod->snd_una != rod->recover) {
    LWIP_DEBUGF(TCP_FR_DEBUG, ("tcp: fast retransmit of %"U32_F"\n", rod->snd_una));
    rod->state = TCP_ALT_ROD_RECOVERY;
    rod->recover = rod->snd_nxt - 1;
    rod_mark_first_lost(rod);
    ev->what = TCP_ALT_ACK_DUP | TCP_ALT_ACK_ENTERED;
  }
}

void
tcp_alt_rod_on_ack(struct tcp_alt_rod *rod, const struct tcp_alt_flow *flow,
                   const struct tcp_alt_segment *seg, struct tcp_alt_ack_event *ev)
{
  if (TCP_ALT_GT(seg->ack, rod->snd_una)) {
    rod_on_new_ack(rod, seg, ev);
    return;
  }
  ev->acked = 0;
  ev->what = 0;
  if (seg->ack == rod->snd_una && seg->len == 0 && rod_unacked(rod) &&
             !(seg->flags & (TCP_SYN | TCP_FIN)) &&
             TCP_ALT_SND_WND(flow, seg->wnd) == flow->snd_wnd) {
    rod_on_dup_ack(rod, ev); /* RFC 5681 section 2, (a) to (e) */
  }
}

/* ---- the timer ---- */

/* Everything sent counts as lost. */
static void
rod_mark_all_lost(struct tcp_alt_rod *rod)
{
  struct tcp_seg *seg;
  for (seg = rod->head; seg != rod->next; seg = seg->next) {
    rod_mark_lost(rod, seg);
  }
  if (rod->tx & TCP_ALT_TX_SYN) {
    rod->tx |= TCP_ALT_TX_SYN_LOST;
  } else if (FIN_SENT(rod)) {
    rod->tx |= TCP_ALT_TX_FIN_LOST;
  }
}

#if LWIP_TCP_PMTUD
void
tcp_alt_rod_retire(struct tcp_alt_rod *rod)
{
  rod_retire(rod, rod->snd_una);
}

void
tcp_alt_rod_on_too_big(struct tcp_alt_rod *rod, u16_t limit)
{
  struct tcp_seg *seg;
  for (seg = rod->head; seg != rod->next; seg = seg->next) {
    if (seg->len > limit) {
      rod_mark_lost(rod, seg);
    }
  }
  rod->tx &= (u8_t)~TCP_ALT_TX_TIMING; /* Karn */
  rod->acked_max = 0;
  rod->dupacks = 0;
  /* What is sent again is no sign of congestion, nor are the duplicate ACKs of what went through. */
  if (rod->state == TCP_ALT_ROD_OPEN) {
    rod->state = TCP_ALT_ROD_RTO;
    rod->recover = rod->snd_nxt;
  }
}
#endif

enum tcp_alt_rto
tcp_alt_rod_on_timer(struct tcp_alt_rod *rod, const struct tcp_alt_clock_event *ev)
{
  if (!(rod->tx & (TCP_ALT_TX_TIMER | TCP_ALT_TX_FLUSH)) || TCP_ALT_GT(rod->timer_at, ev->now)) {
    return TCP_ALT_RTO_NONE;
  }
  if (rod->tx & TCP_ALT_TX_FLUSH) {
    rod->tx &= (u8_t)~TCP_ALT_TX_FLUSH;
    return TCP_ALT_RTO_FLUSH;
  }
  /* RFC 6298 5.5 and 5.6 */
  if (rod->nrtx < 255) {
    rod->nrtx++;
  }
  rod->rto = (u16_t)LWIP_MIN((u32_t)rod->rto << 1, TCP_RTO_MAX_MS);
  rod->timer_at = ev->now + rod->rto;
  rod->tx &= (u8_t)~TCP_ALT_TX_TIMING;
  rod->dupacks = 0;
  if (!rod_unacked(rod)) {
    return TCP_ALT_RTO_AGAIN;
  }
  rod_mark_all_lost(rod);
  LWIP_DEBUGF(TCP_RTO_DEBUG, ("tcp: timeout %"U16_F", una %"U32_F", next in %"U16_F" ms\n", (u16_t)rod->nrtx,
                              rod->snd_una, rod->rto));
  rod->state = TCP_ALT_ROD_RTO;
  rod->recover = rod->snd_nxt;
  return TCP_ALT_RTO_LOSS;
}

void
tcp_alt_rod_resend_syn(struct tcp_alt_rod *rod)
{
  rod->tx |= TCP_ALT_TX_SYN_LOST;
}

#endif /* LWIP_TCP && LWIP_TCP_ALT */
