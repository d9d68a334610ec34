/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * cong: HyStart++ (RFC 9406). Slow start ends before it has filled the bottleneck's queue: when a round trip takes
 * longer than the last did, cwnd grows slower for a few rounds, and if that was no mistake, slow start is over.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT && TCP_HYSTART

#include "lwip/priv/tcp_alt_cc.h"
#include "lwip/priv/tcp_alt_seq.h"
#include "lwip/priv/tcp_alt_component.h"

/* 4.3 */
#define MIN_RTT_THRESH     4  /* ms */
#define MAX_RTT_THRESH     16 /* ms */
#define MIN_RTT_DIVISOR    8
#define N_RTT_SAMPLE       8
#define CSS_GROWTH_DIVISOR 4
#define CSS_ROUNDS         5

#define NO_RTT 0xffffU

static void
hystart_open(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod)
{
  cong->phase = TCP_ALT_CONG_SLOW_START;
  cong->in.hs.end = rod->snd_nxt;
  cong->in.hs.last = NO_RTT;
  cong->in.hs.current = NO_RTT;
  cong->in.hs.samples = 0;
  cong->in.hs.css = 0;
}

/* A new round: until what is sent now is acknowledged. */
static void
hystart_round(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod)
{
  cong->in.hs.end = rod->snd_nxt;
  cong->in.hs.last = cong->in.hs.current;
  cong->in.hs.current = NO_RTT;
  cong->in.hs.samples = 0;
  if (cong->in.hs.css != 0 && ++cong->in.hs.css > CSS_ROUNDS) {
    cong->ssthresh = cong->cwnd; /* congestion avoidance */
  }
}

u32_t
tcp_alt_cc_hystart(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev, u32_t by)
{
  if (cong->phase != TCP_ALT_CONG_SLOW_START) {
    hystart_open(cong, rod);
  }
  if (ev->rtt != 0) {
    cong->in.hs.current = LWIP_MIN(cong->in.hs.current, ev->rtt);
    cong->in.hs.samples = (u8_t)LWIP_MIN(cong->in.hs.samples + 1, 255);
  }
  if (cong->in.hs.samples >= N_RTT_SAMPLE) {
    if (cong->in.hs.css == 0) {
      if (cong->in.hs.last != NO_RTT) {
        u16_t thresh = (u16_t)LWIP_MAX(MIN_RTT_THRESH, LWIP_MIN(cong->in.hs.last / MIN_RTT_DIVISOR, MAX_RTT_THRESH));
        if (cong->in.hs.current >= cong->in.hs.last + thresh) {
          cong->in.hs.baseline = cong->in.hs.current;
          cong->in.hs.css = 1;
        }
      }
    } else if (cong->in.hs.current < cong->in.hs.baseline) {
      cong->in.hs.css = 0; /* it was a mistake */
    }
  }
  if (TCP_ALT_GEQ(rod->snd_una, cong->in.hs.end)) {
    hystart_round(cong, rod);
  }
  return cong->in.hs.css != 0 ? by / CSS_GROWTH_DIVISOR : by;
}

#endif /* LWIP_TCP && LWIP_TCP_ALT && TCP_HYSTART */
