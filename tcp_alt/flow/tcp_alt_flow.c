/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * flow: the peers' buffers (RFC 9293 3.8.6, RFC 7323 2).
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/priv/tcp_alt_flow.h"
#include "lwip/priv/tcp_alt_rod.h"
#include "lwip/priv/tcp_alt_seq.h"
#include "lwip/priv/tcp_alt_component.h"

void
tcp_alt_flow_open(struct tcp_alt_flow *flow)
{
  flow->rcv_wnd = TCP_ALT_WND16;
  flow->snd_buf = TCP_SND_BUF;
}

void
tcp_alt_flow_on_syn(struct tcp_alt_flow *flow, const struct tcp_alt_rod *rod,
                    const struct tcp_alt_segment *seg, int scaled)
{
  flow->snd_wl1 = seg->seq;
  flow->snd_wnd = seg->wnd;
  flow->snd_wnd_max = seg->wnd;
  flow->rcv_edge = rod->rcv_nxt + TCP_ALT_WND16;
#if LWIP_WND_SCALE
  if (scaled) {
    flow->snd_scale = seg->wscale;
    flow->rcv_scale = TCP_RCV_SCALE;
    flow->rcv_wnd = TCP_ALT_WND_MAX(flow);
  }
#else
  LWIP_UNUSED_ARG(scaled);
#endif
}

void
tcp_alt_flow_on_output_end(struct tcp_alt_flow *flow, const struct tcp_alt_rod *rod, u32_t now,
                           int blocked)
{
  if (!blocked) {
    flow->persist = 0;
  } else if (flow->persist == 0) {
    flow->persist = 1;
    flow->persist_at = now + rod->rto; /* RFC 9293 SHLD-29 */
  }
}

void
tcp_alt_flow_on_probe(struct tcp_alt_flow *flow, const struct tcp_alt_rod *rod, u32_t now)
{
  u32_t interval = (u32_t)rod->rto << flow->persist; /* RFC 9293 SHLD-30 */
  if (interval >= TCP_RTO_MAX_MS) {
    interval = TCP_RTO_MAX_MS;
  } else {
    flow->persist++;
  }
  flow->persist_at = now + interval;
  if (flow->probes < 255) {
    flow->probes++;
  }
}

#if TCP_WND_REPEAT
#define REPEATS_MAX 6 /* then the peer has nothing to send, or is not there */

void
tcp_alt_flow_on_update(struct tcp_alt_flow *flow, const struct tcp_alt_rod *rod, u32_t now, u16_t mss)
{
  if (flow->rcv_edge - rod->rcv_nxt < mss) {
    flow->reopened = 1;
    flow->reopened_at = now + rod->rto;
  }
}

int
tcp_alt_flow_on_repeat(struct tcp_alt_flow *flow, const struct tcp_alt_rod *rod, u32_t now)
{
  if (flow->reopened == 0 || TCP_ALT_GT(flow->reopened_at, now)) {
    return 0;
  }
  flow->reopened_at = now + ((u32_t)rod->rto << flow->reopened);
  flow->reopened = (u8_t)(flow->reopened < REPEATS_MAX ? flow->reopened + 1 : 0);
  return 1;
}
#endif

#endif /* LWIP_TCP && LWIP_TCP_ALT */
