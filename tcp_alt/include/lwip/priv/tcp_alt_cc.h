/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * The algorithms of congestion control, behind one interface. An algorithm decides how far cwnd grows and what remains
 * of it after congestion; what is the same for all (RFC 5681's states, PRR, undo) is tcp_alt_cong.c's.
 *
 * With one algorithm compiled in, its functions are called by their names.
 */
#ifndef LWIP_HDR_TCP_ALT_CC_H
#define LWIP_HDR_TCP_ALT_CC_H

#include "lwip/priv/tcp_alt_cong.h"

#if LWIP_TCP && LWIP_TCP_ALT

#ifdef __cplusplus
extern "C" {
#endif

/** What an algorithm is asked. */
struct tcp_alt_cc {
  const char *name;
  /** Called when the connection is open; cwnd and ssthresh are set. */
  void (*open)(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, u32_t now);
  /** Called when an ACK of new data came outside of fast recovery; in slow start by at most `limit` bytes. */
  void (*grow)(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev, u32_t limit);
  /** Called at congestion with `flight` bytes in flight; returns the new ssthresh. */
  tcpwnd_size_t (*reduced)(struct tcp_alt_cong *cong, tcpwnd_size_t flight, u16_t mss);
  /** Called when that was no congestion; cwnd and ssthresh are what they were. */
  void (*undo)(struct tcp_alt_cong *cong);
  /** Called for an ACK during fast recovery (SACK): sets cwnd; 0: leaves it to PRR. */
  int (*recover)(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev);
#if TCP_MODEL
  /** Called first for every ACK but that of our SYN. */
  void (*seen)(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev);
#endif
};

#define TCP_ALT_CC_DECLARE(alg)                                                                                   \
  extern const struct tcp_alt_cc tcp_alt_cc_##alg;                                                                \
  void tcp_alt_cc_##alg##_open(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, u32_t now);              \
  void tcp_alt_cc_##alg##_grow(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod,                          \
                               const struct tcp_alt_ack_event *ev, u32_t limit);                                  \
  tcpwnd_size_t tcp_alt_cc_##alg##_reduced(struct tcp_alt_cong *cong, tcpwnd_size_t flight, u16_t mss);           \
  void tcp_alt_cc_##alg##_undo(struct tcp_alt_cong *cong);                                                        \
  int tcp_alt_cc_##alg##_recover(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod,                        \
                                 const struct tcp_alt_ack_event *ev)

#if TCP_CUBIC
TCP_ALT_CC_DECLARE(cubic);
#endif
#if TCP_MODEL
TCP_ALT_CC_DECLARE(model);
void tcp_alt_cc_model_seen(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev);
/** For those who need not see them. */
void tcp_alt_cc_unseen(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev);
#endif

#if LWIP_TCP_CC_PLUGGABLE
#define TCP_ALT_CC(cong, what) ((cong)->cc->what)
#elif TCP_CC == TCP_CC_CUBIC
#define TCP_ALT_CC(cong, what) tcp_alt_cc_cubic_##what
#elif TCP_CC == TCP_CC_MODEL
#define TCP_ALT_CC(cong, what) tcp_alt_cc_model_##what
#else
#define TCP_ALT_CC(cong, what) tcp_alt_cc_newreno_##what
#endif

/** cwnd of `cwnd` grown by `by` bytes; the type may have 16 bits: at most its largest value. */
static inline tcpwnd_size_t
tcp_alt_cong_grown(tcpwnd_size_t cwnd, u32_t by)
{
  tcpwnd_size_t grown = (tcpwnd_size_t)(cwnd + by);
  return grown < cwnd ? (tcpwnd_size_t)~(tcpwnd_size_t)0 : grown;
}

/** Slow start by the bytes acknowledged, at most `limit` an ACK (RFC 3465); beyond ssthresh equation (3) of RFC 5681: a
 *  segment a round trip however many ACKs there are, with the bytes acknowledged in the place of one SMSS. */
static inline void
tcp_alt_cong_reno(struct tcp_alt_cong *cong, const struct tcp_alt_ack_event *ev, u32_t limit)
{
  u32_t by = LWIP_MIN(ev->acked, limit);
  if (cong->cwnd >= cong->ssthresh) {
    by = by * ev->mss / cong->cwnd;
    by = LWIP_MAX(by, 1);
  }
  cong->cwnd = tcp_alt_cong_grown(cong->cwnd, by);
}

/** a * b / c, rounded up; what 32 bits do not hold costs precision. */
u32_t tcp_alt_cong_share(u32_t a, u32_t b, u32_t c);

#if TCP_HYSTART
/** How much of `by` slow start may grow, by RFC 9406; leaves slow start when it is time. */
u32_t tcp_alt_cc_hystart(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev,
                         u32_t by);
#endif

#if TCP_CC == TCP_CC_NEWRENO || LWIP_TCP_CC_PLUGGABLE
extern const struct tcp_alt_cc tcp_alt_cc_newreno;

static inline void
tcp_alt_cc_newreno_open(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, u32_t now)
{
  LWIP_UNUSED_ARG(cong);
  LWIP_UNUSED_ARG(rod);
  LWIP_UNUSED_ARG(now);
}

static inline void
tcp_alt_cc_newreno_grow(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev,
                        u32_t limit)
{
  LWIP_UNUSED_ARG(rod);
#if TCP_ALT_LOSS_STATE
  /* RFC 7661 4.1: what is not used does not grow */
  if ((cong->cwnd < cong->ssthresh ? 2U * (u32_t)ev->before : (u32_t)ev->before + ev->mss) < cong->cwnd) {
    return;
  }
#endif
  tcp_alt_cong_reno(cong, ev, limit);
}

/* RFC 5681 equation (4) */
static inline tcpwnd_size_t
tcp_alt_cc_newreno_reduced(struct tcp_alt_cong *cong, tcpwnd_size_t flight, u16_t mss)
{
  LWIP_UNUSED_ARG(cong);
  return (tcpwnd_size_t)LWIP_MAX((u32_t)flight >> 1, 2U * mss);
}

static inline void
tcp_alt_cc_newreno_undo(struct tcp_alt_cong *cong)
{
  LWIP_UNUSED_ARG(cong);
}

static inline int
tcp_alt_cc_newreno_recover(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev)
{
  LWIP_UNUSED_ARG(cong);
  LWIP_UNUSED_ARG(rod);
  LWIP_UNUSED_ARG(ev);
  return 0;
}
#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_TCP && LWIP_TCP_ALT */

#endif /* LWIP_HDR_TCP_ALT_CC_H */
