/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Component cong: how much the network may carry (RFC 5681, 6582, 3465, 6928).
 */
#ifndef LWIP_HDR_TCP_ALT_CONG_H
#define LWIP_HDR_TCP_ALT_CONG_H

#include "lwip/priv/tcp_alt_event.h"
#include "lwip/priv/tcp_alt_flow.h"
#include "lwip/priv/tcp_alt_rod.h"

#if LWIP_TCP && LWIP_TCP_ALT

#ifdef __cplusplus
extern "C" {
#endif


/** What a connection is doing, and so remembers. */
enum tcp_alt_cong_phase {
  TCP_ALT_CONG_NONE,       /**< nothing */
  TCP_ALT_CONG_SLOW_START, /**< in.hs */
  TCP_ALT_CONG_AVOIDANCE,  /**< in.cubic */
  TCP_ALT_CONG_IDLE,       /**< in.cubic, and everything is acknowledged */
  TCP_ALT_CONG_UNDONE,     /**< nothing, but cwnd and w_max are on their curve */
  TCP_ALT_CONG_RECOVERY    /**< in.prr */
};

struct tcp_alt_cc;

struct tcp_alt_cong {
#if LWIP_TCP_CC_PLUGGABLE
  const struct tcp_alt_cc *cc;
#endif
  tcpwnd_size_t cwnd;     /* bytes */
  tcpwnd_size_t ssthresh; /* bytes */
#if TCP_ALT_LOSS_STATE
  tcpwnd_size_t prior_cwnd;     /* bytes: before the reduction that may yet be undone */
  tcpwnd_size_t prior_ssthresh;
#endif
#if TCP_CUBIC
  u32_t w_max;                  /* bytes: W_max; 0: none yet */
  u32_t prior_w_max;            /* bytes: .. before the reduction that may yet be undone */
  u32_t w_est;                  /* bytes: W_est */
  u32_t acked_at;               /* ms: last ACK of new data */
#endif
#if TCP_MODEL
  u32_t delivered;              /* bytes that have arrived, mod 2^32 */
  u32_t bw[2];                  /* bytes/s: largest rate of this window of rounds, and of the last */
  u32_t full_bw;                /* bytes/s: what slow start compares with */
  u32_t round_delivered;        /* `delivered` when this round began */
  u32_t round_lost;             /* bytes lost in it */
  u32_t round_end;              /* SND.NXT when it began */
  u32_t round_at;               /* ms: when */
  u32_t yield_end;              /* SND.NXT when cwnd shrank last */
  u32_t reno_rest;              /* what is left over of growth by cwnd */
  tcpwnd_size_t yield_cwnd;     /* bytes: cwnd before it shrank last */
  u16_t round_rtt;              /* ms: the round's shortest round trip; 0xffff: none */
  u8_t rounds;                  /* of this window of the filter */
  u8_t full;                    /* rounds in which slow start brought no more; 3: it is over */
  u8_t app_limited;             /* the application had nothing to send in this round */
  u8_t queued;                  /* a queue stood in the last round */
  u8_t congested;               /* a loss now is congestion */
  u8_t yields;                  /* cwnd shrinks, by PRR, up to yield_end */
#endif
#if TCP_PRR || TCP_CUBIC
  u8_t phase;                   /* enum tcp_alt_cong_phase: which of these is valid */
  union {
#if TCP_PRR
    struct {                    /* RFC 9937 6: */
      tcpwnd_size_t recover_fs; /* bytes: RecoverFS, */
      u32_t delivered, out;     /* bytes: prr_delivered and prr_out */
    } prr;
#endif
#if TCP_HYSTART
    struct {
      u8_t css;                 /* rounds of Conservative Slow Start, and 1; 0: not in it */
      u8_t samples;             /* rttSampleCount */
      u16_t last, current, baseline; /* ms: lastRoundMinRTT, currentRoundMinRTT, cssBaselineMinRtt */
      u32_t end;                /* windowEnd */
    } hs;
#endif
#if TCP_CUBIC
    struct {
      u32_t w_est_rest;         /* what is left over of W_est's division by cwnd */
      u32_t k;                  /* ms: K */
      u32_t epoch_at;           /* ms: when avoidance began, less the time that cwnd was not used */
    } cubic;
#endif
  } in;
#endif
};

#if LWIP_TCP_CC_PLUGGABLE
/** The algorithm of this name, or NULL: it is not built in. */
const struct tcp_alt_cc *tcp_alt_cong_find(const char *name);

/** Its name. */
const char *tcp_alt_cong_name(const struct tcp_alt_cc *cc);

/** A fresh block: TCP_CC. */
void tcp_alt_cong_init(struct tcp_alt_cong *cong);

/** From now on `cc` controls; what is open goes on with its cwnd and ssthresh. */
void tcp_alt_cong_choose(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_cc *cc, u32_t now);
#endif

/** Called for every ACK that was taken, after rod and flow; that of our SYN begins. */
void tcp_alt_cong_on_ack(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod,
                         const struct tcp_alt_ack_event *ev);

/** Called when the retransmission timer declared everything in flight lost (RFC 5681 3.1). */
void tcp_alt_cong_on_rto(struct tcp_alt_cong *cong, const struct tcp_alt_clock_event *ev);

#if TCP_RACK
/** Called when sending begins again after an idle time: the restart window (RFC 5681 4.1, RFC 6928 2). */
static inline void
tcp_alt_cong_on_idle(struct tcp_alt_cong *cong, u16_t mss)
{
  const tcpwnd_size_t restart = LWIP_TCP_CALC_INITIAL_CWND(mss);
  if (restart < cong->cwnd) {
    cong->cwnd = restart;
  }
}

/** Called when RACK's timer found losses: recovery has begun without an ACK. */
void tcp_alt_cong_on_loss(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod,
                          const struct tcp_alt_clock_event *ev);
#endif

/** Called when `len` bytes of data have left during fast recovery. */
static inline void
tcp_alt_cong_on_sent(struct tcp_alt_cong *cong, u16_t len)
{
#if TCP_PRR
  cong->in.prr.out += len;
#else
  LWIP_UNUSED_ARG(cong);
  LWIP_UNUSED_ARG(len);
#endif
}

/** What the limit is for a probe: one leaves, whatever cwnd is (RFC 8985 7.3). */
#define TCP_ALT_CONG_PROBE 0xffffffffU

/** Bytes that may be in flight now; more than cwnd after the first two duplicate ACKs (RFC 3042). */
static inline u32_t
tcp_alt_cong_limit(const struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, u16_t mss)
{
  u32_t limit = cong->cwnd;
  if (rod->dupacks != 0 && rod->state == TCP_ALT_ROD_OPEN && rod->dupacks < 3) {
    limit += (u32_t)rod->dupacks * mss; /* RFC 3042: cwnd itself stays */
  }
#if TCP_RACK
  if (rod->loss & TCP_ALT_LOSS_PROBE) {
    limit = TCP_ALT_CONG_PROBE;
  }
#endif
  return limit;
}

#ifdef __cplusplus
}
#endif

#endif /* LWIP_TCP && LWIP_TCP_ALT */

#endif /* LWIP_HDR_TCP_ALT_CONG_H */
