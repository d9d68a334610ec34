/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * cong: model-based control, in the manner of BBR (Cardwell et al., "BBR: Congestion-Based Congestion Control", ACM Queue
 * 14(5), 2016, and draft-ietf-ccwg-bbr): a filter of the rates at which the path has delivered and the shortest round trip
 * are the model of the path, and a loss alone does not shrink cwnd.
 *
 * - Up to the model's bandwidth times shortest round trip, and a little more, cwnd grows as in slow start, as long as no
 *   queue stands. Beyond, and where one stands, it grows as Reno would (RFC 9438 4.3, with its alpha).
 * - A loss is congestion if a queue stands; or if an eighth of the round is lost, which tells of queues too shallow to be
 *   seen; and a mark (ECN) is. Then cwnd shrinks as CUBIC's does, and the filter with it: it yields to others. Any other
 *   loss is the link's.
 * - The peer's window is part of the path: a round that it limits counts like any other. A round that the application
 *   limits neither enters the filter, unless it is faster, nor ages it.
 * - Rates are measured by the round trip, not by the segment as BBR does: that needs no memory in the segments. And
 *   nothing is paced: ACKs are the clock.
 *
 * Without SACK nobody times segments, and there is no model: NewReno.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT && TCP_MODEL

#include "lwip/priv/tcp_alt_cc.h"
#include "lwip/priv/tcp_alt_seq.h"
#include "lwip/priv/tcp_alt_component.h"

#define FILTER_ROUNDS 10 /* rounds that a rate counts for: this many to twice as many */
#define FULL_ROUNDS   3  /* rounds without a quarter more: the path is full */
#define ROOM_SHIFT    3  /* beyond the model there is room for an eighth of it, */
#define ROOM_SEGS     3U /* and so many segments */
#define LEAST_SEGS    3U /* cwnd */
#define NO_RTT        0xffffU

static u32_t
model_bw(const struct tcp_alt_cong *cong)
{
  return LWIP_MAX(cong->bw[0], cong->bw[1]);
}

/* What arrives in `ms` at the model's rate, bytes. */
static u32_t
model_bytes(const struct tcp_alt_cong *cong, u32_t ms)
{
  const u32_t bw = model_bw(cong);
  return bw / 1000U * ms + bw % 1000U * ms / 1000U;
}

/* Does even the shortest of the round trips take longer than the path does, by what a segment of ours takes? Then a queue
 * stands. */
static int
model_queues(const struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, u16_t mss)
{
  const u32_t over = cong->round_rtt != NO_RTT && cong->round_rtt > rod->min_rtt ? cong->round_rtt - rod->min_rtt : 0;
  return over > 1U + (rod->min_rtt >> 4) && model_bytes(cong, over) >= 3U * mss / 4U;
}

static void
model_round_begins(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, u32_t now)
{
  cong->round_delivered = cong->delivered;
  cong->round_lost = 0;
  cong->round_end = rod->snd_nxt;
  cong->round_at = now;
  cong->round_rtt = NO_RTT;
  cong->app_limited = 0;
}

void
tcp_alt_cc_model_open(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, u32_t now)
{
  cong->delivered = 0;
  cong->bw[0] = 0;
  cong->bw[1] = 0;
  cong->full_bw = 0;
  cong->full = cong->cwnd < cong->ssthresh ? 0 : FULL_ROUNDS;
  cong->rounds = 0;
  cong->queued = 0;
  cong->congested = 0;
  cong->yields = 0;
  cong->yield_end = rod->snd_una;
  cong->yield_cwnd = 0;
  cong->reno_rest = 0;
  model_round_begins(cong, rod, now);
}

/* What a round has delivered goes into the filter. */
static void
model_rate(struct tcp_alt_cong *cong, u32_t now)
{
  const u32_t ms = LWIP_MIN(now - cong->round_at, 60000U), bytes = cong->delivered - cong->round_delivered;
  const u32_t rate = ms != 0 ? bytes / ms * 1000U + bytes % ms * 1000U / ms : 0;

  if (cong->app_limited && rate < model_bw(cong)) {
    return; /* nor does it age the filter */
  }
  cong->bw[0] = LWIP_MAX(cong->bw[0], rate);
  if (++cong->rounds >= FILTER_ROUNDS) {
    cong->rounds = 0;
    cong->bw[1] = cong->bw[0];
    cong->bw[0] = rate;
  }
}

/* A round is over. In slow start: has it brought a quarter more? If not, a queue says that it is over. */
static void
model_round(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev)
{
  model_rate(cong, ev->now);
  cong->queued = (u8_t)model_queues(cong, rod, ev->mss);
  if (cong->full < FULL_ROUNDS) {
    if (model_bw(cong) >= cong->full_bw + (cong->full_bw >> 2)) {
      cong->full_bw = model_bw(cong);
      cong->full = 0;
    } else if (cong->queued) {
      cong->full = FULL_ROUNDS;
    } else if (!cong->app_limited) {
      cong->full++;
    }
    if (cong->full == FULL_ROUNDS) {
      cong->ssthresh = cong->cwnd;
    }
  }
  model_round_begins(cong, rod, ev->now);
}

/* Is what was lost in this round congestion? */
static int
model_is_congestion(const struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev)
{
  const u32_t lost = cong->round_lost;
  if (cong->round_rtt == NO_RTT ? cong->queued : model_queues(cong, rod, ev->mss)) {
    return 1;
  }
  return lost >= 3U * ev->mss && lost > (u32_t)ev->before >> 3;
}

void
tcp_alt_cc_model_seen(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev)
{
  if (rod->min_rtt == 0) {
    return;
  }
  cong->delivered += ev->delivered;
  cong->round_lost += ev->lost;
  if (ev->rtt != 0) {
    cong->round_rtt = LWIP_MIN(cong->round_rtt, ev->rtt);
  }
  if (rod->next == NULL && (u32_t)ev->before + ev->mss < cong->cwnd) {
    cong->app_limited = 1;
  }
#if LWIP_TCP_ECN
  if (ev->also & TCP_ALT_ALSO_ECN) {
    cong->congested = 1;
  } else
#endif
  cong->congested = ev->lost != 0 ? (u8_t)model_is_congestion(cong, rod, ev) : cong->queued;
  if (TCP_ALT_GEQ(rod->fack, cong->round_end)) {
    model_round(cong, rod, ev);
  }
  if (cong->yields && TCP_ALT_GEQ(rod->snd_una, cong->yield_end)) {
    cong->yields = 0;
    if (rod->state == TCP_ALT_ROD_RECOVERY) {
      cong->cwnd = cong->ssthresh;
    }
  }
  if (!cong->yields) {
    cong->yield_end = rod->snd_nxt;
  }
}

/* What the path has given until now may have been others'. */
tcpwnd_size_t
tcp_alt_cc_model_reduced(struct tcp_alt_cong *cong, tcpwnd_size_t flight, u16_t mss)
{
  const u32_t cwnd = cong->cwnd;
  if (cong->round_rtt == NO_RTT && model_bw(cong) == 0) {
    return (tcpwnd_size_t)LWIP_MAX((u32_t)flight >> 1, 2U * mss); /* no model: NewReno */
  }
  if (!cong->congested) {
    return cong->cwnd;
  }
  cong->full = FULL_ROUNDS;
  cong->yields = 1;
  cong->yield_cwnd = cong->cwnd;
  cong->reno_rest = 0;
  cong->bw[0] = model_bw(cong) / 10U * 7U;
  cong->bw[1] = cong->bw[0];
  return (tcpwnd_size_t)LWIP_MAX(cwnd / 10U * 7U, LEAST_SEGS * mss);
}

/* As Reno grows, a segment a round trip; until it is back where it was, 9/17 of that (RFC 9438 4.3). */
static void
model_reno(struct tcp_alt_cong *cong, const struct tcp_alt_ack_event *ev)
{
  u32_t grown = LWIP_MIN((u32_t)ev->delivered, 0xffffU) * ev->mss;
  if (cong->cwnd < cong->yield_cwnd) {
    grown = grown / 17U * 9U;
  }
  grown += cong->reno_rest;
  cong->reno_rest = grown % cong->cwnd;
  cong->cwnd = tcp_alt_cong_grown(cong->cwnd, grown / cong->cwnd);
}

static void
model_grow(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev)
{
  const u32_t bdp = model_bytes(cong, rod->min_rtt);
  u32_t room = cong->ssthresh; /* after a timeout, or an idle time */

  if (cong->full < FULL_ROUNDS) {
    room = 0xffffffffU; /* slow start */
  } else if (!cong->queued) {
    room = LWIP_MAX(room, bdp + (bdp >> ROOM_SHIFT) + ROOM_SEGS * ev->mss);
  }
  if (cong->cwnd < room) {
    if (2U * (u32_t)ev->before >= cong->cwnd) {
      cong->cwnd = (tcpwnd_size_t)LWIP_MIN((u32_t)tcp_alt_cong_grown(cong->cwnd, ev->delivered), room);
    }
  } else if ((u32_t)ev->before + ev->mss >= cong->cwnd) {
    model_reno(cong, ev);
  }
  cong->cwnd = (tcpwnd_size_t)LWIP_MAX(cong->cwnd, LEAST_SEGS * ev->mss);
}

void
tcp_alt_cc_model_grow(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev, u32_t limit)
{
  if (rod->min_rtt == 0) {
    tcp_alt_cong_reno(cong, ev, limit);
  } else {
    model_grow(cong, rod, ev);
  }
}

void
tcp_alt_cc_model_undo(struct tcp_alt_cong *cong)
{
  cong->yields = 0;
}

int
tcp_alt_cc_model_recover(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev)
{
  if (rod->min_rtt == 0) {
    return 0;
  }
  if (!cong->yields && ev->lost != 0 && cong->congested) { /* found out later */
    cong->ssthresh = tcp_alt_cc_model_reduced(cong, ev->before, ev->mss);
#if TCP_PRR
    cong->in.prr.recover_fs = LWIP_MAX(ev->before, 1);
    cong->in.prr.delivered = 0;
    cong->in.prr.out = 0;
#else
    cong->cwnd = cong->ssthresh;
#endif
  }
  if (cong->yields) {
    return 0;
  }
  cong->cwnd = LWIP_MAX(cong->cwnd, cong->ssthresh);
  model_grow(cong, rod, ev);
  cong->ssthresh = cong->cwnd;
  return 1;
}

#if LWIP_TCP_CC_PLUGGABLE
const struct tcp_alt_cc tcp_alt_cc_model = {
  "model", tcp_alt_cc_model_open, tcp_alt_cc_model_grow, tcp_alt_cc_model_reduced, tcp_alt_cc_model_undo,
  tcp_alt_cc_model_recover, tcp_alt_cc_model_seen
};
#endif

#endif /* LWIP_TCP && LWIP_TCP_ALT && TCP_MODEL */
