/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * cong: CUBIC (RFC 9438). After congestion cwnd follows W_cubic(t) = C * (t - K)^3 + W_max: steep, then flat around the
 * window at which the path was full, then steep again; and never less than Reno would have (W_est).
 *
 * In bytes and milliseconds: C = 0.4 segments/s^3, so W_cubic differs from W_max by mss * 4 * |t - K|^3 / 10^10.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT && TCP_CUBIC

#include "lwip/priv/tcp_alt_cc.h"
#include "lwip/priv/tcp_alt_seq.h"
#include "lwip/priv/tcp_alt_component.h"

#define SLOW_START_L 8U /* segments that one ACK lets cwnd grow by, where HyStart++ watches (RFC 9406 4.3) */
#define T_MAX 100000U /* ms: beyond, the cubic is far above any window */

/* The largest number whose cube is not above `x`. */
static u32_t
cubic_root(u64_t x)
{
  u64_t root = 0;
  u8_t bit;
  for (bit = 17; bit-- > 0;) {
    const u64_t next = root | ((u64_t)1 << bit);
    if (next * next * next <= x) {
      root = next;
    }
  }
  return (u32_t)root;
}

void
tcp_alt_cc_cubic_open(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, u32_t now)
{
  LWIP_UNUSED_ARG(rod);
  cong->w_max = 0;
  cong->phase = TCP_ALT_CONG_NONE;
  cong->acked_at = now;
}

/* The ms in which the curve goes so far from W_max: cbrt(bytes / mss / C). */
static u32_t
cubic_time(u32_t bytes, u16_t mss)
{
  return cubic_root((u64_t)bytes * 2500000000U / mss);
}

/* Congestion avoidance begins (RFC 9438 4.2): K, and W_est from here. What was undone (4.9) goes on where it was on its
 * curve, which W_max and cwnd tell. */
static void
cubic_begin(struct tcp_alt_cong *cong, const struct tcp_alt_ack_event *ev)
{
  const int undone = cong->phase == TCP_ALT_CONG_UNDONE;
  cong->phase = TCP_ALT_CONG_AVOIDANCE;
  cong->in.cubic.w_est_rest = 0;
  cong->in.cubic.epoch_at = ev->now;
  cong->w_est = undone ? LWIP_MIN(cong->w_est, cong->cwnd) : cong->cwnd;
  cong->in.cubic.k = 0;
  if (cong->w_max > cong->cwnd) {
    cong->in.cubic.k = cubic_time(cong->w_max - cong->cwnd, ev->mss);
  } else if (undone && cong->w_max != 0) {
    cong->in.cubic.epoch_at -= cubic_time(cong->cwnd - cong->w_max, ev->mss);
  } else {
    cong->w_max = cong->cwnd;
  }
}

/* W_cubic(t), bytes; t in ms since the epoch began. */
static u32_t
cubic_window(const struct tcp_alt_cong *cong, u32_t t, u16_t mss)
{
  const u32_t off = t > cong->in.cubic.k ? t - cong->in.cubic.k : cong->in.cubic.k - t;
  const u64_t x = LWIP_MIN(off, T_MAX);
  const u64_t delta = x * x * x * mss / 2500000000U;

  if (t >= cong->in.cubic.k) {
    return delta > 0x7fffffffU - cong->w_max ? 0x7fffffffU : cong->w_max + (u32_t)delta;
  }
  return delta < cong->w_max ? cong->w_max - (u32_t)delta : 0;
}

/* 4.3: what Reno would have, with alpha = 3 * (1 - beta) / (1 + beta) = 9/17 until it is back where it was. */
static void
cubic_friendly(struct tcp_alt_cong *cong, const struct tcp_alt_ack_event *ev)
{
  u32_t grown = ev->acked * ev->mss;
  if (cong->w_est < cong->prior_cwnd) {
    grown = grown / 17 * 9;
  }
  grown += cong->in.cubic.w_est_rest;
  cong->w_est += grown / cong->cwnd;
  cong->in.cubic.w_est_rest = grown % cong->cwnd;
}

/* RFC 9438 5.8, RFC 7661: what is not used does not grow, and its time does not count. */
static int
cubic_is_used(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev)
{
  const u32_t used = cong->cwnd < cong->ssthresh ? 2U * (u32_t)ev->before : (u32_t)ev->before + ev->mss;
  const u32_t pause = ev->now - cong->acked_at;
  const int is_used = used >= cong->cwnd, idled = cong->phase == TCP_ALT_CONG_IDLE;
  cong->acked_at = ev->now;
  if (idled || (cong->phase == TCP_ALT_CONG_AVOIDANCE && !is_used)) {
    cong->in.cubic.epoch_at += pause;
    cong->phase = TCP_ALT_CONG_AVOIDANCE;
  }
  if (cong->phase == TCP_ALT_CONG_AVOIDANCE && rod->snd_una == rod->snd_nxt) {
    cong->phase = TCP_ALT_CONG_IDLE; /* up to the next ACK it is nobody's time */
  }
  return is_used;
}

void
tcp_alt_cc_cubic_grow(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev,
                      u32_t limit)
{
  u32_t target, t;

  if (!cubic_is_used(cong, rod, ev)) {
    return;
  }
  if (cong->cwnd < cong->ssthresh) {
#if TCP_HYSTART
    if (limit > ev->mss) {
      limit = SLOW_START_L * ev->mss; /* or lost ACKs would slow it down; not after a timeout */
    }
    limit = tcp_alt_cc_hystart(cong, rod, ev, LWIP_MIN(limit, ev->acked));
#endif
    tcp_alt_cong_reno(cong, ev, limit);
    return;
  }
  if (cong->phase != TCP_ALT_CONG_AVOIDANCE && cong->phase != TCP_ALT_CONG_IDLE) {
    cubic_begin(cong, ev);
  }
  t = ev->now - cong->in.cubic.epoch_at;
  cubic_friendly(cong, ev);
  if (cubic_window(cong, t, ev->mss) < cong->w_est) {
    if (cong->w_est > cong->cwnd) {
      cong->cwnd = tcp_alt_cong_grown(cong->cwnd, cong->w_est - cong->cwnd);
    }
    return;
  }
  /* 4.4 and 4.5: to where the curve is a round trip later, at most half as much again */
  target = cubic_window(cong, t + (rod->srtt >> 3), ev->mss);
  target = LWIP_MIN(target, (u32_t)cong->cwnd + (cong->cwnd >> 1));
  if (target > cong->cwnd) {
    cong->cwnd = tcp_alt_cong_grown(cong->cwnd, tcp_alt_cong_share(target - cong->cwnd, ev->acked, cong->cwnd));
  }
}

tcpwnd_size_t
tcp_alt_cc_cubic_reduced(struct tcp_alt_cong *cong, tcpwnd_size_t flight, u16_t mss)
{
  const u32_t cwnd = cong->cwnd; /* 4.6 allows it in place of FlightSize: it does not grow while it is not used */
  LWIP_UNUSED_ARG(flight);
  /* 4.7, fast convergence */
  cong->prior_w_max = cong->w_max;
  cong->w_max = cwnd < cong->w_max ? cwnd / 20 * 17 : cwnd;
  cong->phase = TCP_ALT_CONG_NONE;
  return (tcpwnd_size_t)LWIP_MAX(cwnd / 10 * 7, 2U * mss);
}

void
tcp_alt_cc_cubic_undo(struct tcp_alt_cong *cong)
{
  cong->w_max = cong->prior_w_max;
  cong->phase = TCP_ALT_CONG_UNDONE;
}

int
tcp_alt_cc_cubic_recover(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev)
{
  LWIP_UNUSED_ARG(cong);
  LWIP_UNUSED_ARG(rod);
  LWIP_UNUSED_ARG(ev);
  return 0;
}

#if LWIP_TCP_CC_PLUGGABLE
const struct tcp_alt_cc tcp_alt_cc_cubic = {
  "cubic", tcp_alt_cc_cubic_open, tcp_alt_cc_cubic_grow, tcp_alt_cc_cubic_reduced, tcp_alt_cc_cubic_undo,
  tcp_alt_cc_cubic_recover,
#if TCP_MODEL
  tcp_alt_cc_unseen
#endif
};
#endif

#endif /* LWIP_TCP && LWIP_TCP_ALT && TCP_CUBIC */
