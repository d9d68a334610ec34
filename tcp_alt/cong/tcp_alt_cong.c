/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * cong: what is the same whatever the algorithm: slow start, fast recovery (RFC 5681, RFC 6582; with SACK by PRR, RFC
 * 9937), limited transmit (RFC 3042), an initial window of ten segments (RFC 6928), and taking back what was no loss.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/debug.h"
#include "lwip/priv/tcp_alt_cc.h"
#include "lwip/priv/tcp_alt_cong.h"
#include "lwip/priv/tcp_alt_rod.h"
#include "lwip/priv/tcp_alt_component.h"

/* RFC 6928 2: one segment when the SYN or SYN-ACK was retransmitted. */
static void
cong_on_established(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev)
{
  cong->cwnd = ev->syn_lost ? ev->mss : LWIP_TCP_CALC_INITIAL_CWND(ev->mss);
  cong->ssthresh = (tcpwnd_size_t)~(tcpwnd_size_t)0;
  TCP_ALT_CC(cong, open)(cong, rod, ev->now);
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

#if TCP_ALT_LOSS_STATE
static void
cong_remember(struct tcp_alt_cong *cong)
{
  cong->prior_cwnd = cong->cwnd;
  cong->prior_ssthresh = cong->ssthresh;
}

/* RFC 4015 3.2: what was no loss says nothing of congestion. */
static void
cong_undo(struct tcp_alt_cong *cong)
{
  cong->cwnd = LWIP_MAX(cong->cwnd, cong->prior_cwnd);
  cong->ssthresh = LWIP_MAX(cong->ssthresh, cong->prior_ssthresh);
  TCP_ALT_CC(cong, undo)(cong);
}
#else
#define cong_remember(cong)
#endif

#if LWIP_TCP_ECN
#define CONG_REDUCED(ev) (((ev)->also & TCP_ALT_ALSO_REDUCED) != 0)
#else
#define CONG_REDUCED(ev) 0
#endif

/* Congestion, with so many bytes sent and not acknowledged: FlightSize, without what limited transmit sent, which is what
 * exceeds cwnd (RFC 5681 3.2 step 2). */
static void
cong_reduce(struct tcp_alt_cong *cong, u32_t flight_size, u16_t mss)
{
  cong_remember(cong);
  cong->ssthresh = TCP_ALT_CC(cong, reduced)(cong, (tcpwnd_size_t)LWIP_MIN(flight_size, cong->cwnd), mss);
}

#if LWIP_TCP_SACK_IN
/* Fast recovery begins with `pipe` bytes in flight. */
static void
cong_enter(struct tcp_alt_cong *cong, tcpwnd_size_t pipe)
{
#if TCP_PRR
  cong->phase = TCP_ALT_CONG_RECOVERY;
  cong->in.prr.recover_fs = LWIP_MAX(pipe, 1);
  cong->in.prr.delivered = 0;
  cong->in.prr.out = 0;
#else
  LWIP_UNUSED_ARG(cong);
  LWIP_UNUSED_ARG(pipe);
#endif
}

#if TCP_PRR
/* RFC 9937 6.2: cwnd = pipe + what this ACK allows to be sent. */
static void
cong_prr(struct tcp_alt_cong *cong, const struct tcp_alt_ack_event *ev)
{
  u32_t pipe = ev->flight;
  s32_t send;

  cong->in.prr.delivered += ev->delivered;
  if (pipe > cong->ssthresh) {
    send = (s32_t)(tcp_alt_cong_share(cong->in.prr.delivered, cong->ssthresh, cong->in.prr.recover_fs) - cong->in.prr.out);
  } else {
    send = (s32_t)(cong->in.prr.delivered - cong->in.prr.out);
    send = LWIP_MAX(send, (s32_t)ev->delivered);
    if ((ev->what & TCP_ALT_ACK_NEW) && !(ev->also & TCP_ALT_ALSO_LOST)) {
      send += ev->mss; /* SafeACK */
    }
    send = LWIP_MIN(send, (s32_t)(cong->ssthresh - pipe));
  }
  if (cong->in.prr.out == 0) {
    send = LWIP_MAX(send, (s32_t)ev->mss); /* the fast retransmit */
  }
  cong->cwnd = tcp_alt_cong_grown((tcpwnd_size_t)pipe, send > 0 ? (u32_t)send : 0);
}
#else
/* RFC 6675 5 steps 4.2 and 4.3: ssthresh; and first one segment, whatever the pipe. */
static void
cong_prr(struct tcp_alt_cong *cong, const struct tcp_alt_ack_event *ev)
{
  cong->cwnd = cong->ssthresh;
  if (ev->what & TCP_ALT_ACK_ENTERED) {
    const tcpwnd_size_t first = tcp_alt_cong_grown(ev->flight, ev->mss);
    cong->cwnd = LWIP_MAX(cong->cwnd, first);
  }
}
#endif

static void
cong_on_sack_ack(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev)
{
#if TCP_MODEL
  TCP_ALT_CC(cong, seen)(cong, rod, ev);
#endif
  if (ev->what == TCP_ALT_ACK_NEW && !(ev->also & (TCP_ALT_ALSO_SPURIOUS | TCP_ALT_ALSO_PROBED)) &&
      rod->state == TCP_ALT_ROD_OPEN) {
    TCP_ALT_CC(cong, grow)(cong, rod, ev, 2U * ev->mss); /* nothing is lost */
    return;
  }
  if (ev->also & TCP_ALT_ALSO_SPURIOUS) {
    cong_undo(cong);
  }
  if (ev->what & TCP_ALT_ACK_ENTERED) {
    if (!CONG_REDUCED(ev)) {
      cong_reduce(cong, rod->snd_nxt - rod->snd_una + ev->acked, ev->mss);
    }
    cong_enter(cong, ev->before);
  }
  if (ev->what & TCP_ALT_ACK_LEFT) {
    cong->cwnd = cong->ssthresh;
  } else if (rod->state == TCP_ALT_ROD_RECOVERY) {
    if (!TCP_ALT_CC(cong, recover)(cong, rod, ev)) {
      cong_prr(cong, ev);
    }
  } else if (ev->what & TCP_ALT_ACK_RTO) {
    TCP_ALT_CC(cong, grow)(cong, rod, ev, ev->mss); /* RFC 3465 2.3: L = 1 after a timeout */
  } else if (ev->also & TCP_ALT_ALSO_PROBED) {
    /* RFC 8985 7.4.2: a loss that the probe repaired is a sign of congestion all the same */
    cong_remember(cong);
    cong->ssthresh = TCP_ALT_CC(cong, reduced)(cong, LWIP_MIN(ev->before, cong->cwnd), ev->mss);
    cong->cwnd = LWIP_MIN(cong->cwnd, cong->ssthresh);
  } else if (ev->what & TCP_ALT_ACK_NEW) {
    TCP_ALT_CC(cong, grow)(cong, rod, ev, 2U * ev->mss);
  }
}

#if TCP_RACK
void
tcp_alt_cong_on_loss(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_clock_event *ev)
{
  if (!ev->again) {
    cong_reduce(cong, rod->snd_nxt - rod->snd_una, ev->mss);
  }
  cong_enter(cong, ev->flight);
  cong->cwnd = tcp_alt_cong_grown(ev->pipe, ev->mss); /* one segment for now */
}
#endif
#endif

void
tcp_alt_cong_on_ack(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev)
{
#if LWIP_TCP_ECN
  if ((ev->also & TCP_ALT_ALSO_ECN) && !(ev->what & TCP_ALT_ACK_ENTERED)) {
    /* RFC 3168 6.1.2: as for a loss */
#if TCP_MODEL
    TCP_ALT_CC(cong, seen)(cong, rod, ev);
#endif
    cong_remember(cong);
    cong->ssthresh = TCP_ALT_CC(cong, reduced)(cong, LWIP_MIN(ev->before, cong->cwnd), ev->mss);
    cong->cwnd = LWIP_MIN(cong->cwnd, cong->ssthresh);
    return;
  }
#endif
#if LWIP_TCP_SACK_IN
  if ((ev->also & TCP_ALT_ALSO_SACK) && !(ev->what & TCP_ALT_ACK_SYN)) {
    cong_on_sack_ack(cong, rod, ev);
    return;
  }
#endif
#if TCP_ALT_LOSS_STATE
  if (ev->also & TCP_ALT_ALSO_SPURIOUS) {
    cong_undo(cong);
  } else if (ev->also & TCP_ALT_ALSO_TIMEOUT) {
    cong->cwnd = (tcpwnd_size_t)LWIP_MAX(cong->cwnd, 3U * ev->mss); /* or nothing could be sent again */
  }
#endif
  if (!(ev->what & ~(TCP_ALT_ACK_NEW | TCP_ALT_ACK_FIN | TCP_ALT_ACK_RTO))) {
    LWIP_DEBUGF(TCP_CWND_DEBUG, ("tcp: cwnd %"TCPWNDSIZE_F"\n", cong->cwnd));
    /* RFC 3465 2.3: L = 1 after a timeout */
    TCP_ALT_CC(cong, grow)(cong, rod, ev, (ev->what & TCP_ALT_ACK_RTO) ? ev->mss : 2U * ev->mss);
  } else if (ev->what & TCP_ALT_ACK_SYN) {
    cong_on_established(cong, rod, ev);
  } else if (ev->what & TCP_ALT_ACK_ENTERED) {
    if (!CONG_REDUCED(ev)) {
      cong_reduce(cong, ev->before, ev->mss);
    }
    cong->cwnd = tcp_alt_cong_grown(cong->ssthresh, 3U * ev->mss); /* RFC 5681 3.2 steps 2 and 3 */
  } else if (ev->what & TCP_ALT_ACK_DUP) {
    /* RFC 5681 3.2 step 4, with its limit for who invents duplicates: about as many as segments were in flight */
    if (rod->state == TCP_ALT_ROD_RECOVERY && (u32_t)rod->dupacks * ev->mss <= 2U * (u32_t)cong->ssthresh) {
      cong->cwnd = tcp_alt_cong_grown(cong->cwnd, ev->mss);
    }
  } else if (ev->what & TCP_ALT_ACK_LEFT) {
    /* RFC 6582 3.2 step 3, full, option (2) with a burst of at most four: of two that are acknowledged together, a lost
     * ACK would cost a timeout */
    u32_t cwnd = LWIP_MAX(ev->flight, ev->mss) + 3U * ev->mss;
    cong->cwnd = (tcpwnd_size_t)LWIP_MIN(cong->ssthresh, cwnd);
  } else {
    cong_on_partial(cong, ev);
  }
}

void
tcp_alt_cong_on_rto(struct tcp_alt_cong *cong, const struct tcp_alt_clock_event *ev)
{
  if (!ev->again) {
    cong_remember(cong);
    cong->ssthresh = TCP_ALT_CC(cong, reduced)(cong, ev->flight, ev->mss);
#if TCP_CUBIC
    cong->w_max = 0; /* RFC 9438 4.8: W_max is where congestion avoidance begins */
#endif
  }
#if TCP_RACK
  cong->cwnd = tcp_alt_cong_grown(ev->pipe, ev->mss); /* beside what was sent so late that it is not lost (RFC 8985 6.3) */
#else
  cong->cwnd = ev->mss; /* the loss window */
#endif
}

#endif /* LWIP_TCP && LWIP_TCP_ALT */
