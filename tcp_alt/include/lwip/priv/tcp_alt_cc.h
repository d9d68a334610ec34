/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * The algorithms of congestion control, behind one interface. An algorithm decides how far cwnd grows and what remains
 * of it after congestion; what is the same for all (RFC 5681's states, PRR, undo) is tcp_alt_cong.c's.
 */
#ifndef LWIP_HDR_TCP_ALT_CC_H
#define LWIP_HDR_TCP_ALT_CC_H

#include "lwip/priv/tcp_alt_cong.h"

#if LWIP_TCP && LWIP_TCP_ALT

#ifdef __cplusplus
extern "C" {
#endif

/** cwnd of `cwnd` grown by `by` bytes, at most what the type holds. */
tcpwnd_size_t tcp_alt_cong_grown(tcpwnd_size_t cwnd, u32_t by);

/** a * b / c, rounded up; what 32 bits do not hold costs precision. */
u32_t tcp_alt_cong_share(u32_t a, u32_t b, u32_t c);

/** Slow start by the bytes acknowledged, at most `limit` an ACK (RFC 3465); beyond ssthresh equation (3) of RFC 5681. */
void tcp_alt_cc_newreno_grow(struct tcp_alt_cong *cong, const struct tcp_alt_ack_event *ev, u32_t limit);
/** RFC 5681 equation (4): ssthresh after congestion with `flight` bytes in flight. */
tcpwnd_size_t tcp_alt_cc_newreno_reduced(struct tcp_alt_cong *cong, tcpwnd_size_t flight, u16_t mss);

#if TCP_CC == TCP_CC_CUBIC
/** The connection is open: nothing is known. */
void tcp_alt_cc_cubic_open(struct tcp_alt_cong *cong, u32_t now);
/** RFC 9438 4.2 to 4.5; `srtt` in ms. */
void tcp_alt_cc_cubic_grow(struct tcp_alt_cong *cong, const struct tcp_alt_ack_event *ev, u32_t limit, u32_t srtt);
/** RFC 9438 4.6 and 4.7. */
tcpwnd_size_t tcp_alt_cc_cubic_reduced(struct tcp_alt_cong *cong, tcpwnd_size_t flight, u16_t mss);
/** What was no congestion is taken back (4.9). */
void tcp_alt_cc_cubic_undo(struct tcp_alt_cong *cong);
#endif

#if TCP_HYSTART
/** How much of `by` slow start may grow, by RFC 9406; leaves slow start when it is time. */
u32_t tcp_alt_cc_hystart(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev,
                         u32_t by);
#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_TCP && LWIP_TCP_ALT */

#endif /* LWIP_HDR_TCP_ALT_CC_H */
