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

/* The RTO without backoff, ms. */
static u32_t
rod_base_rto(const struct tcp_alt_rod *rod)
{
  u32_t rto = (rod->srtt >> 3) + LWIP_MAX(rod->rttvar, TCP_RTO_MIN_MS);
  return LWIP_MIN(rto, TCP_RTO_MAX_MS);
}

static void
rod_set_rto(struct tcp_alt_rod *rod)
{
  rod->rto = (u16_t)rod_base_rto(rod);
}

u32_t
tcp_alt_rod_outage(const struct tcp_alt_rod *rod)
{
  u32_t rto = rod_base_rto(rod), sum = 0; /* too little before the first sample: then it lasts longer */
  u8_t i;
  for (i = rod->nrtx; i != 0; i--) {
    sum += rto;
    rto = LWIP_MIN(rto << 1, TCP_RTO_MAX_MS);
  }
  return sum;
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

#if LWIP_TCP_TIMESTAMPS
/* RFC 7323 appendix G: how many samples a round trip has, if every second segment is acknowledged. */
static s32_t
rod_samples(const struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev)
{
  const u32_t flight = rod->snd_nxt - rod->snd_una + ev->acked;
  const u32_t n = (flight + 2U * ev->mss - 1) / (2U * ev->mss);
  return (s32_t)(n == 0 ? 1 : LWIP_MIN(n, 0x7fffU));
}

/* A sample among several of a round trip: what the gains, divided by their number, leave over is kept. */
static void
rod_rtt_scaled(struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev, u32_t rtt)
{
  const s32_t n = rod_samples(rod, ev), error = (s32_t)(rtt - (rod->srtt >> 3));
  s32_t srtt = error + rod->srtt_rest;
  s32_t rttvar = (error < 0 ? -error : error) - (s32_t)(rod->rttvar >> 2) + rod->rttvar_rest;

  rod->srtt += (u32_t)(srtt / n);
  rod->srtt_rest = (s16_t)(srtt % n);
  rod->rttvar_rest = (s16_t)(rttvar % n);
  rttvar = (s32_t)rod->rttvar + rttvar / n;
  rod->rttvar = (u16_t)LWIP_MIN(rttvar, 0xffff);
}
#endif

/* RFC 6298 2.2 and 2.3, with SRTT scaled by 8 and RTTVAR by 4. */
static void
rod_rtt_sample(struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev, u32_t rtt)
{
  u32_t rttvar;
  LWIP_UNUSED_ARG(ev);
  rtt = LWIP_MAX(rtt, 1);
  if (rtt > TCP_RTO_MAX_MS) {
    return;
  }
  if (rod->srtt == 0) {
    rod->srtt = rtt << 3;
    rttvar = rtt << 1;
#if LWIP_TCP_TIMESTAMPS
  } else if (rod->rx & TCP_ALT_RX_TS) {
    rod_rtt_scaled(rod, ev, rtt);
    return;
#endif
  } else {
    s32_t delta = (s32_t)(rtt - (rod->srtt >> 3));
    rod->srtt += (u32_t)delta;
    rttvar = rod->rttvar - (u32_t)(rod->rttvar >> 2) + (u32_t)(delta < 0 ? -delta : delta);
  }
  rod->rttvar = (u16_t)LWIP_MIN(rttvar, 0xffffU);
}

/* Takes the RTT sample of an ACK of new data, if it has one; ends the backoff. */
static void
rod_on_ack_rtt(struct tcp_alt_rod *rod, const struct tcp_alt_segment *seg, const struct tcp_alt_ack_event *ev)
{
  u8_t backed_off = rod->nrtx;
  rod->nrtx = 0;
#if LWIP_TCP_TIMESTAMPS
  if (rod->rx & TCP_ALT_RX_TS) {
    if (seg->opts & TCP_ALT_OPT_TS) {
      rod_rtt_sample(rod, ev, seg->now + rod->ts_offset - seg->tsecr); /* RFC 7323 4.3: each ACK of new data is one */
    } else if (backed_off == 0) {
      return;
    }
  } else
#endif
  if ((rod->tx & TCP_ALT_TX_TIMING) && TCP_ALT_GT(seg->ack, rod->rtt_seq)) {
    rod_rtt_sample(rod, ev, (u16_t)(seg->now - rod->rtt_at));
    rod->tx &= (u8_t)~TCP_ALT_TX_TIMING;
  } else if (backed_off == 0) {
    return;
  }
  if (rod->srtt != 0) {
    rod_set_rto(rod);
  } else {
    rod->rto = 3000; /* RFC 6298 5.7: the SYN was retransmitted; or nothing was sent but twice since */
  }
#if LWIP_TCP_TIMESTAMPS
  if ((ev->what & TCP_ALT_ACK_SYN) && ev->syn_lost) {
    rod->rto = LWIP_MAX(rod->rto, 3000); /* 5.7, though a timestamp told */
  }
#endif
}

/* ---- losses ---- */

#if LWIP_TCP_ECN
/* cwnd is being reduced: RFC 3168 6.1.2, once for what is in flight, and the peer is told with the next new data. 0: it
 * was reduced already for what is in flight. */
static int
rod_reduces(struct tcp_alt_rod *rod)
{
  if (!(rod->rx & TCP_ALT_RX_ECN)) {
    return 1;
  }
  if (TCP_ALT_LT(rod->snd_una, rod->ecn_end)) {
    return 0;
  }
  rod->ecn_end = rod->snd_nxt;
  rod->loss |= TCP_ALT_LOSS_CWR;
  return 1;
}
#else
#define rod_reduces(rod) 1
#endif

/* Marks one sent segment as lost. */
void
tcp_alt_rod_mark_lost(struct tcp_alt_rod *rod, struct tcp_seg *seg)
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
    tcp_alt_rod_mark_lost(rod, rod->head);
  } else if (FIN_SENT(rod)) {
    rod->tx |= TCP_ALT_TX_FIN_LOST;
  }
}

/* Frees what is wholly acknowledged. `by`: the segment that says so; NULL: it is known already. */
static void
rod_retire(struct tcp_alt_rod *rod, u32_t ack, const struct tcp_alt_segment *by, struct tcp_alt_ack_event *ev)
{
  struct tcp_seg *seg;
#if TCP_RACK
  /* Of segments that were sent once, one after the other, the last says all there is to say. */
  const int plain = by != NULL && (rod->loss & TCP_ALT_LOSS_SACK) && rod->state == TCP_ALT_ROD_OPEN && rod->sacked == 0;
  struct tcp_seg last;
  last.p = NULL;
#endif
  while ((seg = rod->head) != NULL && TCP_ALT_GEQ(ack, seg->seq + seg->len)) {
    u16_t pbufs = pbuf_clen(seg->p);
#if LWIP_TCP_SACK_IN
    if (seg->flags & TCP_ALT_SEG_SACKED) {
      rod->sacked = (tcpwnd_size_t)(rod->sacked - seg->len);
      if (by != NULL) {
        ev->delivered = (tcpwnd_size_t)(ev->delivered - seg->len);
      }
    } else
#endif
#if TCP_RACK
    if (plain && !(seg->flags & TCP_ALT_SEG_AGAIN)) {
      last = *seg;
    } else if (by != NULL) {
      if (last.p != NULL) {
        tcp_alt_rod_rack_delivered(rod, &last, by, ev);
        last.p = NULL;
      }
      tcp_alt_rod_delivered(rod, seg, by, ev);
    }
#elif TCP_ALT_LOSS_STATE
    if (by != NULL) {
      tcp_alt_rod_delivered(rod, seg, by, ev);
    }
#else
    LWIP_UNUSED_ARG(by);
#endif
    LWIP_UNUSED_ARG(ev);
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
#if TCP_RACK
  if (last.p != NULL) {
    tcp_alt_rod_rack_delivered(rod, &last, by, ev);
  }
#endif
}

#if LWIP_TCP_SACK_IN
#define ROD_USES_SACK(rod) ((rod)->loss & TCP_ALT_LOSS_SACK)

/* Fast recovery begins (RFC 6675 5 step 4). */
static void
rod_enter_recovery(struct tcp_alt_rod *rod)
{
  rod->state = TCP_ALT_ROD_RECOVERY;
  rod->recover = rod->snd_nxt;
#if TCP_RACK
  rod->loss &= (u16_t)~TCP_ALT_LOSS_PROBED; /* RFC 8985 7.1 */
#else
  rod->loss &= (u16_t)~TCP_ALT_LOSS_RESCUED;
#endif
  tcp_alt_rod_undo_begin(rod, 0);
}

/* Marks what is lost; returns ms until more may have to be, or 0. */
static u32_t
rod_losses(struct tcp_alt_rod *rod, u32_t now, u16_t mss)
{
#if TCP_RACK
  LWIP_UNUSED_ARG(mss);
  return tcp_alt_rod_rack_losses(rod, now);
#else
  LWIP_UNUSED_ARG(now);
  tcp_alt_rod_board_losses(rod, mss);
  return 0;
#endif
}

/* With SACK: what the ACK shows of losses, and whether recovery begins or ends. Returns ms until more may be lost. */
static u32_t
rod_on_sack_ack(struct tcp_alt_rod *rod, struct tcp_alt_ack_event *ev)
{
  const tcpwnd_size_t lost = rod->lost;
  u32_t wait = 0;

  if (rod->sacked != 0 || rod->state != TCP_ALT_ROD_OPEN) {
    wait = rod_losses(rod, ev->now, ev->mss);
  }
  if (rod->lost > lost) {
    ev->also |= TCP_ALT_ALSO_LOST;
#if TCP_MODEL
    ev->lost = (tcpwnd_size_t)(rod->lost - lost);
#endif
  }
  if (rod->state == TCP_ALT_ROD_OPEN) {
    if (rod->lost != 0) {
      LWIP_DEBUGF(TCP_FR_DEBUG, ("tcp: recovery from %"U32_F"\n", rod->snd_una));
      rod_enter_recovery(rod);
      ev->what |= TCP_ALT_ACK_ENTERED;
      if (!(ev->also & TCP_ALT_ALSO_ECN) && !rod_reduces(rod)) {
        ev->also |= TCP_ALT_ALSO_REDUCED;
      }
    }
  } else if (TCP_ALT_GEQ(rod->snd_una, rod->recover)) {
    ev->what |= rod->state == TCP_ALT_ROD_RTO ? TCP_ALT_ACK_RTO : TCP_ALT_ACK_LEFT;
    rod->state = TCP_ALT_ROD_OPEN;
#if TCP_RACK
    tcp_alt_rod_rack_left(rod);
#endif
  } else if (rod->state == TCP_ALT_ROD_RTO) {
    ev->what |= TCP_ALT_ACK_RTO;
  } else {
    ev->what |= TCP_ALT_ACK_PARTIAL; /* of which PRR decides */
  }
  return wait;
}
#else
#define ROD_USES_SACK(rod) 0
#endif

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

/* RFC 6298 5.2 and 5.3 */
static void
rod_restart_timer(struct tcp_alt_rod *rod, u32_t now)
{
  if (rod_unacked(rod)) {
    rod->tx = (u8_t)((rod->tx & ~TCP_ALT_TX_FLUSH) | TCP_ALT_TX_TIMER);
    rod->timer_at = now + rod->rto;
  } else {
    rod->tx &= (u8_t)~(TCP_ALT_TX_TIMER | TCP_ALT_TX_FLUSH);
  }
}

/* What an ACK of new data means, whatever else is known of losses. */
static void
rod_on_new_ack(struct tcp_alt_rod *rod, const struct tcp_alt_segment *seg, struct tcp_alt_ack_event *ev)
{
  ev->what = TCP_ALT_ACK_NEW;
  ev->acked = seg->ack - rod->snd_una;
  rod->snd_una = seg->ack;
  if (rod->tx & (TCP_ALT_TX_SYN | TCP_ALT_TX_FIN)) {
    rod_on_ack_flags(rod, ev);
  }
  rod_retire(rod, seg->ack, seg, ev);
  rod_on_ack_rtt(rod, seg, ev);
  rod->dupacks = 0;
}

/* And without SACK. */
static void
rod_on_new_ack_without_sack(struct tcp_alt_rod *rod, const struct tcp_alt_flow *flow, const struct tcp_alt_segment *seg,
                            struct tcp_alt_ack_event *ev)
{
  LWIP_UNUSED_ARG(flow);
  if (rod->state != TCP_ALT_ROD_OPEN) {
#if TCP_ALT_LOSS_STATE
    if (tcp_alt_rod_undo_on_ack(rod, flow, seg, 1)) {
      ev->also |= TCP_ALT_ALSO_SPURIOUS;
    } else
#endif
    ev->what |= rod_on_new_ack_in_recovery(rod, seg->ack);
    ev->flight = (tcpwnd_size_t)tcp_alt_rod_flight(rod);
  }
  rod_restart_timer(rod, seg->now);
}

static void
rod_on_dup_ack(struct tcp_alt_rod *rod, struct tcp_alt_ack_event *ev)
{
  ev->what = TCP_ALT_ACK_DUP;
  ev->before = (tcpwnd_size_t)tcp_alt_rod_flight(rod);
  if (rod->dupacks < 255) {
    rod->dupacks++;
  }
#if TCP_FRTO
  if (rod->loss & TCP_ALT_LOSS_FRTO_NEW) {
    ev->also |= TCP_ALT_ALSO_TIMEOUT;
  }
  rod->loss &= (u16_t)~(TCP_ALT_LOSS_FRTO | TCP_ALT_LOSS_FRTO_NEW); /* RFC 5682 2.1 steps 2a and 3a */
#endif
  /* RFC 6582 3.2 step 2: not for data that an earlier recovery sent again. SND.UNA is never below
   * `recover` here; "not equal" stays right when it is gigabytes ahead. */
  if (rod->state == TCP_ALT_ROD_OPEN && rod->dupacks == DUP_THRESH && rod->snd_una != rod->recover) {
    LWIP_DEBUGF(TCP_FR_DEBUG, ("tcp: fast retransmit of %"U32_F"\n", rod->snd_una));
    rod->state = TCP_ALT_ROD_RECOVERY;
    rod->recover = rod->snd_nxt - 1;
    rod_mark_first_lost(rod);
#if TCP_ALT_LOSS_STATE
    tcp_alt_rod_undo_begin(rod, 0);
#endif
    ev->what = TCP_ALT_ACK_DUP | TCP_ALT_ACK_ENTERED;
#if LWIP_TCP_ECN
    if (!(ev->also & TCP_ALT_ALSO_ECN) && !rod_reduces(rod)) {
      ev->also |= TCP_ALT_ALSO_REDUCED;
    }
#endif
  }
}

#if LWIP_TCP_SACK_IN
/* The timer after an ACK: RACK's, the probe's, or the retransmission timer. */
static void
rod_arm_with_sack(struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev, u32_t wait)
{
#if TCP_RACK
  if (wait == 0 && (rod->loss & TCP_ALT_LOSS_PTO) && rod->state == TCP_ALT_ROD_OPEN && rod->sacked == 0 &&
      rod->head != rod->next) {
    rod->timer_at = ev->now + tcp_alt_rod_probe_wait(rod, ev->now - rod->sent_at,
                                                     rod->snd_nxt - rod->snd_una <= ev->mss);
    return; /* it just moves on */
  }
  rod->loss &= (u16_t)~(TCP_ALT_LOSS_REORDER | TCP_ALT_LOSS_PTO);
#endif
  rod_restart_timer(rod, ev->now);
#if TCP_RACK
  if (!(rod->tx & TCP_ALT_TX_TIMER)) {
    return;
  }
  if (wait != 0 && wait < rod->rto) {
    rod->timer_at = ev->now + wait;
    rod->loss |= TCP_ALT_LOSS_REORDER;
  } else {
    (void)tcp_alt_rod_probe_arm(rod, ev->now, ev->mss);
  }
#else
  LWIP_UNUSED_ARG(wait);
#endif
}

/* With SACK, before SND.UNA moves: what the ACK reports. Returns the highest number reported or acknowledged. */
static u32_t
rod_on_report(struct tcp_alt_rod *rod, const struct tcp_alt_segment *seg, struct tcp_alt_ack_event *ev)
{
  u32_t highest = seg->ack;
  ev->also |= TCP_ALT_ALSO_SACK;
  if (seg->opts & TCP_ALT_OPT_SACK) {
    highest = tcp_alt_rod_board_on_sack(rod, seg, ev);
  }
#if TCP_RACK
  if ((rod->loss & (TCP_ALT_LOSS_PROBE | TCP_ALT_LOSS_PROBED)) && tcp_alt_rod_probe_on_ack(rod, seg) &&
      rod_reduces(rod)) {
    ev->also |= TCP_ALT_ALSO_PROBED;
  }
#endif
  return highest;
}

/* The ACK of a connection with SACK (RFC 6675, RFC 8985): forged or repeated ones without news mean nothing. */
static void
rod_on_ack_with_sack(struct tcp_alt_rod *rod, const struct tcp_alt_flow *flow, const struct tcp_alt_segment *seg,
                     struct tcp_alt_ack_event *ev)
{
  const int advances = (ev->what & TCP_ALT_ACK_NEW) != 0;

  ev->delivered = (tcpwnd_size_t)(ev->delivered + ev->acked);
#if TCP_RACK
  if ((rod->loss & (TCP_ALT_LOSS_DSACK | TCP_ALT_LOSS_ROUND)) || rod->head == rod->next) {
    tcp_alt_rod_rack_update(rod);
  }
#endif
#if TCP_FRTO || TCP_UNDO
  if ((rod->loss & (TCP_ALT_LOSS_FRTO | TCP_ALT_LOSS_UNDO)) && tcp_alt_rod_undo_on_ack(rod, flow, seg, advances)) {
    ev->also |= TCP_ALT_ALSO_SPURIOUS;
  }
#else
  LWIP_UNUSED_ARG(flow);
  LWIP_UNUSED_ARG(seg);
#endif
  if (advances || ev->delivered != 0 || (ev->also & TCP_ALT_ALSO_SPURIOUS)) {
    u32_t wait;
    if (!advances) {
      ev->what = TCP_ALT_ACK_DUP;
    }
    wait = rod_on_sack_ack(rod, ev);
    rod_arm_with_sack(rod, ev, wait);
  }
  if (rod->state != TCP_ALT_ROD_OPEN) {
    ev->flight = (tcpwnd_size_t)tcp_alt_rod_flight(rod);
  }
}
#endif

#if LWIP_TCP_ECN
/* RFC 3168 6.1.2: one reaction for what is in flight. The ACK of all of that may still carry the ECE that our CWR, behind
 * it, has not ended yet. A SYN's ECE means something else. */
static void
rod_on_ack_ecn(struct tcp_alt_rod *rod, const struct tcp_alt_segment *seg, struct tcp_alt_ack_event *ev)
{
  if (!(rod->rx & TCP_ALT_RX_ECN) || (rod->tx & TCP_ALT_TX_SYN) || TCP_ALT_LEQ(seg->ack, rod->ecn_end)) {
    return;
  }
  if (!(seg->flags & TCP_ECE)) {
    rod->ecn_end = seg->ack - 1; /* it must not fall so far behind that it seems to be ahead */
  } else if (rod->state == TCP_ALT_ROD_OPEN) {
    ev->also |= TCP_ALT_ALSO_ECN;
    rod->ecn_end = rod->snd_nxt;
    rod->loss |= TCP_ALT_LOSS_CWR;
  }
}
#endif

void
tcp_alt_rod_on_ack(struct tcp_alt_rod *rod, const struct tcp_alt_flow *flow,
                   const struct tcp_alt_segment *seg, struct tcp_alt_ack_event *ev)
{
  const int advances = TCP_ALT_GT(seg->ack, rod->snd_una);
#if LWIP_TCP_SACK_IN
  u32_t highest = seg->ack;
#endif
#if TCP_ALT_LOSS_STATE
  ev->before = (tcpwnd_size_t)tcp_alt_rod_flight(rod);
  ev->also = 0;
  ev->delivered = 0;
#if TCP_MODEL
  ev->lost = 0;
#endif
#if TCP_RACK
  ev->rtt = 0;
#endif
  rod->loss &= (u16_t)~TCP_ALT_LOSS_OF_ACK;
#endif
#if LWIP_TCP_ECN
  rod_on_ack_ecn(rod, seg, ev);
#endif
#if LWIP_TCP_SACK_IN
  if (ROD_USES_SACK(rod)) {
    highest = rod_on_report(rod, seg, ev);
  }
#endif
  if (advances) {
    rod_on_new_ack(rod, seg, ev);
  } else {
    ev->acked = 0;
    ev->what = 0;
  }
#if LWIP_TCP_SACK_IN
  if (ROD_USES_SACK(rod)) {
    if (TCP_ALT_GT(highest, rod->fack)) {
      rod->fack = highest;
    }
    rod_on_ack_with_sack(rod, flow, seg, ev);
    return;
  }
#endif
  if (advances) {
    rod_on_new_ack_without_sack(rod, flow, seg, ev);
  } else if (seg->ack == rod->snd_una && seg->len == 0 && rod_unacked(rod) &&
             !(seg->flags & (TCP_SYN | TCP_FIN)) &&
             TCP_ALT_SND_WND(flow, seg->wnd) == flow->snd_wnd) {
    rod_on_dup_ack(rod, ev); /* RFC 5681 section 2, (a) to (e) */
  }
}

/* ---- the timer ---- */

/* Everything sent counts as lost that the peer has not reported; with RACK, what was sent just now does not. */
static void
rod_mark_all_lost(struct tcp_alt_rod *rod, u32_t now)
{
  struct tcp_seg *seg;
  LWIP_UNUSED_ARG(now);
#if LWIP_TCP_SACK_IN
  if (rod->head != rod->next && (rod->head->flags & TCP_ALT_SEG_SACKED)) {
    tcp_alt_rod_board_forget(rod); /* RFC 2018 8: reported, and not acknowledged for so long */
  }
#endif
  for (seg = rod->head; seg != rod->next; seg = seg->next) {
#if LWIP_TCP_SACK_IN
    if (seg->flags & TCP_ALT_SEG_SACKED) {
      continue;
    }
#endif
#if TCP_RACK
    if (ROD_USES_SACK(rod) && tcp_alt_rod_rack_young(rod, seg, now)) {
      continue;
    }
#endif
    tcp_alt_rod_mark_lost(rod, seg);
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
  rod_retire(rod, rod->snd_una, NULL, NULL);
}

void
tcp_alt_rod_on_too_big(struct tcp_alt_rod *rod, u16_t limit)
{
  struct tcp_seg *seg;
  for (seg = rod->head; seg != rod->next; seg = seg->next) {
    if (seg->len > limit) {
      tcp_alt_rod_mark_lost(rod, seg);
    }
  }
  rod->tx &= (u8_t)~TCP_ALT_TX_TIMING; /* Karn */
#if TCP_RACK
  rod->loss &= (u16_t)~TCP_ALT_LOSS_PROBE; /* what counts as lost now is */
#endif
  rod->acked_max = 0;
  rod->dupacks = 0;
  /* What is sent again is no sign of congestion, nor are the duplicate ACKs of what went through. */
  if (rod->state == TCP_ALT_ROD_OPEN) {
    rod->state = TCP_ALT_ROD_RTO;
    rod->recover = rod->snd_nxt;
  }
}
#endif

#if TCP_RACK
/* RFC 8985 6.2 step 5: the reordering window is over. */
static enum tcp_alt_rto
rod_on_reorder_timer(struct tcp_alt_rod *rod, const struct tcp_alt_clock_event *ev)
{
  const u32_t wait = tcp_alt_rod_rack_losses(rod, ev->now);
  rod->timer_at = ev->now + (wait != 0 ? wait : rod->rto);
  if (wait == 0) {
    rod->loss &= (u16_t)~TCP_ALT_LOSS_REORDER;
  }
  if (rod->state == TCP_ALT_ROD_OPEN && rod->lost != 0) {
    rod_enter_recovery(rod);
    return rod_reduces(rod) ? TCP_ALT_RTO_REORDER : TCP_ALT_RTO_REPAIR;
  }
  return TCP_ALT_RTO_NONE;
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
#if TCP_RACK
  if (rod->loss & TCP_ALT_LOSS_PTO) {
    tcp_alt_rod_probe_on_timer(rod, ev);
    return TCP_ALT_RTO_PROBE;
  }
  if (rod->loss & TCP_ALT_LOSS_REORDER) {
    return rod_on_reorder_timer(rod, ev);
  }
#endif
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
#if TCP_ALT_LOSS_STATE
  if (rod->state != TCP_ALT_ROD_RTO && !(rod->tx & TCP_ALT_TX_SYN)) {
    if (rod->state == TCP_ALT_ROD_OPEN) {
      tcp_alt_rod_undo_begin(rod, 1);
    }
  } else if (rod->loss & TCP_ALT_LOSS_FRTO_NEW) { /* RFC 5682 2.1 step 1, where the first has been answered at all */
    rod->loss &= (u16_t)~(TCP_ALT_LOSS_FRTO | TCP_ALT_LOSS_FRTO_NEW);
  }
#endif
  rod_mark_all_lost(rod, ev->now);
#if LWIP_TCP_ECN
  if (rod->rx & TCP_ALT_RX_ECN) {
    rod->ecn_end = rod->snd_nxt;
    rod->loss |= TCP_ALT_LOSS_CWR;
  }
#endif
  LWIP_DEBUGF(TCP_RTO_DEBUG, ("tcp: timeout %"U16_F", una %"U32_F", next in %"U16_F" ms\n", (u16_t)rod->nrtx,
                              rod->snd_una, rod->rto));
  rod->state = TCP_ALT_ROD_RTO;
  rod->recover = rod->snd_nxt;
#if TCP_RACK
  rod->loss &= (u16_t)~(TCP_ALT_LOSS_PROBED | TCP_ALT_LOSS_PROBE); /* RFC 8985 7.1; nor does one that could not leave count */
#endif
  return TCP_ALT_RTO_LOSS;
}

void
tcp_alt_rod_resend_syn(struct tcp_alt_rod *rod)
{
  rod->tx |= TCP_ALT_TX_SYN_LOST;
}

#endif /* LWIP_TCP && LWIP_TCP_ALT */
