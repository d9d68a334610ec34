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


struct tcp_alt_cong {
  tcpwnd_size_t cwnd;     /* bytes */
  tcpwnd_size_t ssthresh; /* bytes */
};

/** Called for every ACK that was taken, after rod and flow; that of our SYN begins. */
void tcp_alt_cong_on_ack(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod,
                         const struct tcp_alt_ack_event *ev);

/** Called when the retransmission timer declared everything in flight lost (RFC 5681 3.1). */
void tcp_alt_cong_on_rto(struct tcp_alt_cong *cong, const struct tcp_alt_clock_event *ev);

/** Bytes that may be in flight now; more than cwnd after the first two duplicate ACKs (RFC 3042). */
static inline u32_t
tcp_alt_cong_limit(const struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, u16_t mss)
{
  u32_t limit = cong->cwnd;
  if (rod->dupacks != 0 && rod->state == TCP_ALT_ROD_OPEN && rod->dupacks < 3) {
    limit += (u32_t)rod->dupacks * mss; /* RFC 3042: cwnd itself stays */
  }
  return limit;
}

#ifdef __cplusplus
}
#endif

#endif /* LWIP_TCP && LWIP_TCP_ALT */

#endif /* LWIP_HDR_TCP_ALT_CONG_H */
