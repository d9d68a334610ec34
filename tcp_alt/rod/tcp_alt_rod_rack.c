/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * rod, send side: RACK-TLP (RFC 8985). A segment is lost when one that was sent later, by more than the reordering
 * window, has been delivered; and when the last of a flight are not answered, a probe is sent to make the peer say
 * what it has.
 *
 * The clock counts milliseconds: within one, the sequence number decides which was sent later.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT && TCP_RACK

#include "lwip/priv/tcp_alt_flow.h"
#include "lwip/priv/tcp_alt_rod.h"
#include "lwip/priv/tcp_alt_seg.h"
#include "lwip/priv/tcp_alt_seq.h"
#include "lwip/priv/tcp_alt_component.h"

#define DUP_THRESH     3
#define REO_PERSIST    16    /* recoveries that the window stays enlarged (6.2 step 4) */
#define MIN_RTT_AGE    30000 /* ms that a smallest RTT counts */

/* RACK_sent_after(): was (at1, end1) sent after (at2, end2)? */
static int
rack_sent_after(u32_t at1, u32_t end1, u32_t at2, u32_t end2)
{
  return TCP_ALT_GT(at1, at2) || (at1 == at2 && TCP_ALT_GT(end1, end2));
}

static void
rack_min_rtt(struct tcp_alt_rod *rod, u16_t rtt, u32_t now)
{
  if (rod->min_rtt == 0 || rtt <= rod->min_rtt || now - rod->min_rtt_at > MIN_RTT_AGE) {
    rod->min_rtt = LWIP_MAX(rtt, 1);
    rod->min_rtt_at = now;
  }
}

/* How much was sent again in this recovery: of more, reports may have been lost that would look like late arrivals. */
#if TCP_UNDO
#define RACK_SENT_AGAIN(rod) ((rod)->undo_again)
#else
#define RACK_SENT_AGAIN(rod) 0
#endif

/* Step 2: does the answer to what was sent again belong to an earlier transmission? */
static int
rack_is_earlier(const struct tcp_alt_rod *rod, const struct tcp_seg *s, const struct tcp_alt_segment *ack, u32_t rtt)
{
#if LWIP_TCP_TIMESTAMPS
  if ((ack->opts & TCP_ALT_OPT_TS) && (rod->rx & TCP_ALT_RX_TS)) {
    return TCP_ALT_LT(ack->tsecr - rod->ts_offset, s->sent_at);
  }
#else
  LWIP_UNUSED_ARG(ack);
#endif
  LWIP_UNUSED_ARG(s);
  return rtt < (rod->min_rtt != 0 ? rod->min_rtt : rod->srtt >> 3);
}

void
tcp_alt_rod_rack_delivered(struct tcp_alt_rod *rod, const struct tcp_seg *s, const struct tcp_alt_segment *ack,
                           struct tcp_alt_ack_event *ev)
{
  const u32_t end = s->seq + s->len;
  const u32_t rtt = ack->now - s->sent_at;

  if (rtt > TCP_RTO_MAX_MS) {
    return;
  }
  if (s->flags & TCP_ALT_SEG_AGAIN) {
    if (rack_is_earlier(rod, s, ack, rtt)) {
      if (rod->state == TCP_ALT_ROD_RECOVERY && RACK_SENT_AGAIN(rod) < 2) {
        rod->loss |= TCP_ALT_LOSS_REORDERED; /* it was only late: step 3 would never see it */
      }
      return;
    }
  } else {
    rack_min_rtt(rod, (u16_t)rtt, ack->now);
    ev->rtt = (u16_t)LWIP_MAX(rtt, 1);
    /* step 3: below what was delivered already, and sent once */
    if (TCP_ALT_LT(end, rod->fack)) {
      rod->loss |= TCP_ALT_LOSS_REORDERED;
    }
  }
  /* Of what one ACK delivers, the last sent says how long it takes now: late ones too make us wait. */
  if (!(ev->also & TCP_ALT_ALSO_RTT) || rtt < rod->rack_rtt) {
    ev->also |= TCP_ALT_ALSO_RTT;
    rod->rack_rtt = (u16_t)rtt;
  }
  if (!(rod->loss & TCP_ALT_LOSS_RACK) || rack_sent_after(s->sent_at, end, rod->rack_at, rod->rack_end)) {
    rod->loss |= TCP_ALT_LOSS_RACK;
    rod->rack_at = s->sent_at;
    rod->rack_end = end;
  }
}

/* Has the peer reported three segments? */
static int
rack_has_three(const struct tcp_alt_rod *rod)
{
  const struct tcp_seg *s;
  u8_t n = 0;
  for (s = rod->head; s != rod->next && n < DUP_THRESH; s = s->next) {
    n = (u8_t)(n + ((s->flags & TCP_ALT_SEG_SACKED) != 0));
  }
  return n == DUP_THRESH;
}

/* Step 4: RACK_update_reo_wnd(): once a round trip at a DSACK. And what times and numbers of long ago would say is
 * forgotten before they seem to be ahead. */
void
tcp_alt_rod_rack_update(struct tcp_alt_rod *rod)
{
  if (TCP_ALT_GEQ(rod->snd_una, rod->dsack_round)) {
    rod->loss &= (u16_t)~TCP_ALT_LOSS_ROUND;
  }
  if (rod->head == rod->next) {
    rod->loss &= (u16_t)~TCP_ALT_LOSS_RACK; /* nothing was sent before or after */
  }
  if ((rod->loss & (TCP_ALT_LOSS_DSACK | TCP_ALT_LOSS_ROUND)) != TCP_ALT_LOSS_DSACK) {
    return;
  }
  rod->loss |= TCP_ALT_LOSS_ROUND;
  rod->dsack_round = rod->snd_nxt;
  rod->reo_mult = (u8_t)LWIP_MIN(rod->reo_mult + 1, 254);
  rod->reo_persist = REO_PERSIST;
}

/* The reordering window, ms. */
static u32_t
rack_window(const struct tcp_alt_rod *rod)
{
  u32_t wnd;
  if (!(rod->loss & TCP_ALT_LOSS_REORDERED) && (rod->state != TCP_ALT_ROD_OPEN || rack_has_three(rod))) {
    return 0;
  }
  wnd = ((u32_t)rod->reo_mult + 1) * rod->min_rtt / 4;
  return LWIP_MIN(wnd, rod->srtt >> 3);
}

void
tcp_alt_rod_rack_left(struct tcp_alt_rod *rod)
{
  if (rod->reo_persist != 0 && --rod->reo_persist == 0) {
    rod->reo_mult = 0;
  }
}

/* Step 5: RACK_detect_loss() */
u32_t
tcp_alt_rod_rack_losses(struct tcp_alt_rod *rod, u32_t now)
{
  struct tcp_seg *s;
  const u32_t window = rack_window(rod);
  u32_t wait = 0;

  if (!(rod->loss & TCP_ALT_LOSS_RACK)) {
    return 0;
  }
  for (s = rod->head; s != rod->next; s = s->next) {
    s32_t left;
    if ((s->flags & (TCP_ALT_SEG_SACKED | TCP_ALT_SEG_LOST)) ||
        !rack_sent_after(rod->rack_at, rod->rack_end, s->sent_at, s->seq + s->len)) {
      continue;
    }
    left = TCP_ALT_DIFF(s->sent_at + rod->rack_rtt + window, now);
    if (left <= 0) {
      tcp_alt_rod_mark_lost(rod, s);
    } else {
      wait = LWIP_MAX(wait, (u32_t)left);
    }
  }
  return wait;
}

int
tcp_alt_rod_rack_young(const struct tcp_alt_rod *rod, const struct tcp_seg *s, u32_t now)
{
  const u32_t rtt = rod->rack_rtt != 0 ? rod->rack_rtt : rod->srtt >> 3;
  return s != rod->head && TCP_ALT_GT(s->sent_at + rtt + rack_window(rod), now);
}

/* ---- the probe for the last of a flight (section 7) ---- */

int
tcp_alt_rod_probe_arm(struct tcp_alt_rod *rod, u32_t now, u16_t mss)
{
  if ((rod->loss & (TCP_ALT_LOSS_SACK | TCP_ALT_LOSS_PROBED)) != TCP_ALT_LOSS_SACK || rod->state != TCP_ALT_ROD_OPEN ||
      rod->sacked != 0 || rod->nrtx != 0 || rod->head == rod->next) {
    return 0;
  }
  rod->timer_at = now + tcp_alt_rod_probe_wait(rod, now - rod->sent_at, tcp_alt_rod_flight(rod) <= mss);
  rod->loss |= TCP_ALT_LOSS_PTO;
  return 1;
}

void
tcp_alt_rod_probe_on_timer(struct tcp_alt_rod *rod, const struct tcp_alt_clock_event *ev)
{
  struct tcp_seg *s;

  rod->timer_at = ev->now + rod->rto;
  rod->loss = (u16_t)((rod->loss & ~TCP_ALT_LOSS_PTO) | TCP_ALT_LOSS_PROBE);
  if (rod->next != NULL && rod->snd_nxt - rod->snd_una + rod->next->len <= ev->snd_wnd) {
    return; /* 7.3: new data */
  }
  for (s = rod->head; s->next != rod->next; s = s->next) {
  }
  tcp_alt_rod_mark_lost(rod, s);
}

void
tcp_alt_rod_probe_on_sent(struct tcp_alt_rod *rod, const struct tcp_alt_tx *tx)
{
  rod->loss = (u16_t)((rod->loss & ~(TCP_ALT_LOSS_PROBE | TCP_ALT_LOSS_PROBED_OLD)) | TCP_ALT_LOSS_PROBED);
  if (tx->again) {
    rod->loss |= TCP_ALT_LOSS_PROBED_OLD;
  }
  rod->probe_end = rod->snd_nxt;
  rod->tx |= TCP_ALT_TX_TIMER;
  rod->timer_at = tx->now + rod->rto;
}

int
tcp_alt_rod_probe_on_ack(struct tcp_alt_rod *rod, const struct tcp_alt_segment *seg)
{
  int repaired = 0;
  if (rod->loss & TCP_ALT_LOSS_PROBE) {
    /* the driver has it still: nobody has said that it is lost */
    rod->loss &= (u16_t)~TCP_ALT_LOSS_PROBE;
    tcp_alt_rod_none_lost(rod);
  }
  if (!(rod->loss & TCP_ALT_LOSS_PROBED) || TCP_ALT_LT(seg->ack, rod->probe_end)) {
    return 0;
  }
  /* a FIN has a number too, which a DSACK need not report */
  if (!(rod->loss & TCP_ALT_LOSS_PROBED_OLD) ||
      ((rod->loss & TCP_ALT_LOSS_DSACK) && TCP_ALT_GEQ(seg->sack[1], rod->probe_end - 1))) {
    rod->loss &= (u16_t)~TCP_ALT_LOSS_PROBED;
  } else if (TCP_ALT_GT(seg->ack, rod->probe_end)) {
    rod->loss &= (u16_t)~TCP_ALT_LOSS_PROBED;
    repaired = 1;
  } else if (seg->ack == rod->snd_una && seg->len == 0 && !(seg->opts & TCP_ALT_OPT_SACK)) {
    rod->loss &= (u16_t)~TCP_ALT_LOSS_PROBED; /* a duplicate ACK: both copies have arrived */
  }
  return repaired;
}

#endif /* LWIP_TCP && LWIP_TCP_ALT && TCP_RACK */
