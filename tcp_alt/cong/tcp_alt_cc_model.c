/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * cong: model-based control, in the manner of BBR (Cardwell et al., "BBR: Congestion-Based Congestion Control", ACM Queue
 * 14(5), 2016, and draft-ietf-ccwg-bbr): cwnd follows what the path is seen to deliver, bandwidth times shortest round
 * trip, and a loss alone does not shrink it. What it leaves out and why:
 *
 * - Rates are measured once a round trip, not for each segment: that needs no memory in the segments.
 * - No pacing: with windows of a few segments it costs more than it gains, and ACKs are the clock.
 * - A round that the peer's window limits counts like any other; one that the application limits only when it is faster.
 * - Losses shrink cwnd where the round trips have grown as well: then the queue is full, and it yields.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT && TCP_MODEL

#include "lwip/priv/tcp_alt_cc.h"
#include "lwip/priv/tcp_alt_seq.h"
#include "lwip/priv/tcp_alt_component.h"

#define FILTER_ROUNDS 10   /* rounds that a rate counts for: this many to twice as many */
#define FULL_ROUNDS   3    /* rounds without a quarter more: the path is full */
#define NO_RTT        0xffffU

static u32_t
model_bw(const struct tcp_alt_cong *cong)
{
  return LWIP_MAX(cong->bw[0], cong->bw[1]);
}

/* Bandwidth times shortest round trip, bytes. */
static u32_t
model_bdp(const struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod)
{
  return (u32_t)((u64_t)model_bw(cong) * rod->min_rtt / 1000U);
}

/* Do round trips take longer than the path does? Then there is a queue. */
static int
model_queues(const struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod)
{
  return cong->round_rtt != NO_RTT && cong->round_rtt > rod->min_rtt + (rod->min_rtt >> 2) + 2;
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
  cong->full = 0;
  cong->rounds = 0;
  cong->inflight_hi = 0;
  model_round_begins(cong, rod, now);
}

/* What a round has delivered goes into the filter. */
static void
model_rate(struct tcp_alt_cong *cong, u32_t now)
{
  const u32_t ms = now - cong->round_at;
  const u32_t rate = ms != 0 ? (u32_t)((u64_t)(cong->delivered - cong->round_delivered) * 1000U / ms) : 0;

  if (cong->app_limited && rate < model_bw(cong)) {
    return; /* nor does it age the filter */
  }
  cong->bw[0] = LWIP_MAX(cong->bw[0], rate);
  if (++cong->rounds >= FILTER_ROUNDS) {
    cong->rounds = 0;
    cong->bw[1] = cong->bw[0];
    cong->bw[0] = rate;
  }
  if (cong->full < FULL_ROUNDS) {
    if (model_bw(cong) >= cong->full_bw + (cong->full_bw >> 2)) {
      cong->full_bw = model_bw(cong);
      cong->full = 0;
    } else {
      cong->full++;
    }
  }
}

/* A round is over: was it too much for the path? */
static void
model_round(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev)
{
  model_rate(cong, ev->now);
  if (cong->round_lost != 0 && model_queues(cong, rod)) {
    const u32_t most = LWIP_MIN(cong->cwnd, cong->inflight_hi != 0 ? cong->inflight_hi : cong->cwnd);
    cong->inflight_hi = LWIP_MAX(most / 20 * 17, 4U * ev->mss);
    cong->full = FULL_ROUNDS;
  } else if (cong->inflight_hi != 0 && cong->round_lost == 0 && (u32_t)ev->before + ev->mss > cong->inflight_hi) {
    cong->inflight_hi += ev->mss; /* it was used, and taken */
  }
  model_round_begins(cong, rod, ev->now);
}

/* Every ACK with news. */
static void
model_acked(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev)
{
  const u32_t arrived = (ev->also & TCP_ALT_ALSO_SACK) ? (u32_t)ev->delivered : ev->acked;
  u32_t target;

  cong->delivered += arrived;
  cong->round_lost += ev->lost;
  if (ev->rtt != 0) {
    cong->round_rtt = LWIP_MIN(cong->round_rtt, ev->rtt);
  }
  if (rod->next == NULL && (u32_t)ev->before + ev->mss < cong->cwnd) {
    cong->app_limited = 1;
  }
  if (TCP_ALT_GEQ(rod->snd_una, cong->round_end)) {
    model_round(cong, rod, ev);
  }
  if (cong->full < FULL_ROUNDS || rod->min_rtt == 0 || model_bw(cong) == 0) {
    if (2U * (u32_t)ev->before >= cong->cwnd) {
      cong->cwnd = tcp_alt_cong_grown(cong->cwnd, arrived); /* slow start */
    }
  } else {
    target = model_bdp(cong, rod);
    target += (target >> 2) + 3U * ev->mss;
    cong->cwnd = (tcpwnd_size_t)LWIP_MIN((u32_t)tcp_alt_cong_grown(cong->cwnd, arrived), target);
  }
  if (cong->inflight_hi != 0) {
    cong->cwnd = (tcpwnd_size_t)LWIP_MIN(cong->cwnd, cong->inflight_hi);
  }
  cong->cwnd = (tcpwnd_size_t)LWIP_MAX(cong->cwnd, 4U * ev->mss);
}

void
tcp_alt_cc_model_grow(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev, u32_t limit)
{
  LWIP_UNUSED_ARG(limit);
  model_acked(cong, rod, ev);
}

tcpwnd_size_t
tcp_alt_cc_model_reduced(struct tcp_alt_cong *cong, tcpwnd_size_t flight, u16_t mss)
{
  LWIP_UNUSED_ARG(flight);
  LWIP_UNUSED_ARG(mss);
  return cong->cwnd; /* what a loss means is decided when the round is over */
}

void
tcp_alt_cc_model_undo(struct tcp_alt_cong *cong)
{
  LWIP_UNUSED_ARG(cong);
}

int
tcp_alt_cc_model_recover(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev)
{
  model_acked(cong, rod, ev);
  return 1;
}

#if LWIP_TCP_CC_PLUGGABLE
const struct tcp_alt_cc tcp_alt_cc_model = {
  "model", tcp_alt_cc_model_open, tcp_alt_cc_model_grow, tcp_alt_cc_model_reduced, tcp_alt_cc_model_undo,
  tcp_alt_cc_model_recover
};
#endif

#endif /* LWIP_TCP && LWIP_TCP_ALT && TCP_MODEL */
