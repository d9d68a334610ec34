/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * cong: growth by RFC 5681 with byte counting (RFC 3465), and arithmetic that all algorithms share. The rest of NewReno is
 * so little that it stands in tcp_alt_cc.h.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/priv/tcp_alt_cc.h"
#include "lwip/priv/tcp_alt_component.h"

/* The window counts in a type that may have 16 bits: it stays at its largest value. */
tcpwnd_size_t
tcp_alt_cong_grown(tcpwnd_size_t cwnd, u32_t by)
{
  tcpwnd_size_t grown = (tcpwnd_size_t)(cwnd + by);
  return grown < cwnd ? (tcpwnd_size_t)~(tcpwnd_size_t)0 : grown;
}

#if TCP_PRR || TCP_CUBIC
u32_t
tcp_alt_cong_share(u32_t a, u32_t b, u32_t c)
{
  while (a > 0xffffU || b > 0xffffU) {
    if (b > a) {
      b >>= 1;
    } else {
      a >>= 1;
    }
    c >>= 1;
  }
  c = LWIP_MAX(c, 1);
  return (a * b + c - 1) / c;
}
#endif

/* A segment a round trip however many ACKs there are: equation (3) with the bytes acknowledged in the place of one
 * SMSS. */
void
tcp_alt_cong_reno(struct tcp_alt_cong *cong, const struct tcp_alt_ack_event *ev, u32_t limit)
{
  u32_t by = LWIP_MIN(ev->acked, limit);
  if (cong->cwnd >= cong->ssthresh) {
    by = by * ev->mss / cong->cwnd;
    by = LWIP_MAX(by, 1);
  }
  cong->cwnd = tcp_alt_cong_grown(cong->cwnd, by);
}

#if LWIP_TCP_CC_PLUGGABLE
const struct tcp_alt_cc tcp_alt_cc_newreno = {
  "newreno", tcp_alt_cc_newreno_open, tcp_alt_cc_newreno_grow, tcp_alt_cc_newreno_reduced, tcp_alt_cc_newreno_undo,
  tcp_alt_cc_newreno_recover,
#if TCP_MODEL
  tcp_alt_cc_unseen
#endif
};
#endif

#endif /* LWIP_TCP && LWIP_TCP_ALT */
