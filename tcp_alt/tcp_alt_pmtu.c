/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * The doors: path MTU discovery (RFC 1191, RFC 8201). conn decides what to believe, rod cuts what is queued;
 * tcp_alt_send.c sets DF on what fits. What could not be cut, for want of memory or because a driver holds it,
 * goes without DF: routers fragment it; with IPv6 lwIP does, which notes the path's MTU in nd6.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_PMTUD

#include "lwip/ip.h"
#include "lwip/prot/ip4.h"
#include "lwip/prot/ip6.h"
#include "lwip/priv/tcp_alt_doors.h"
#include "lwip/priv/tcp_priv.h"

static void
pmtu_event(struct tcp_alt_mtu_event *ev, const struct tcp_alt_cb *cb, u32_t now)
{
  const int v6 = IP_IS_V6_VAL(TCP_ALT_FACE(cb)->remote_ip);
  LWIP_UNUSED_ARG(cb); /* with one IP version */
  ev->now = now;
  ev->headers = (u16_t)((v6 ? IP6_HLEN : IP_HLEN) + TCP_HLEN);
  ev->floor = v6 ? IP6_MIN_MTU_LENGTH : TCP_PMTU_MIN;
}

/* Bytes of data that fit where `mss` bytes of data and options do. */
static u16_t
pmtu_data(const struct tcp_alt_cb *cb, u16_t mss)
{
  u8_t optlen = tcp_alt_out_optlen(cb);
  LWIP_UNUSED_ARG(cb);
  return (u16_t)(mss > optlen ? mss - optlen : 1);
}

static void
pmtu_cut(struct tcp_alt_cb *cb)
{
  (void)tcp_alt_rod_cut(&cb->rod, pmtu_data(cb, cb->conn.mss), tcp_alt_out_optlen(cb));
  tcp_alt_rod_retire(&cb->rod);
}

void
tcp_alt_pmtu_too_big(struct tcp_alt_cb *cb, u32_t mtu, u16_t size)
{
  struct tcp_alt_mtu_event ev;
  u16_t fits;

  pmtu_event(&ev, cb, tcp_alt_now());
  ev.mtu = mtu;
  ev.size = size;
  if (TCP_ALT_FACE(cb)->state < ESTABLISHED ||
      (fits = tcp_alt_conn_on_too_big(&cb->conn, &cb->rod, &ev)) == 0) {
    return;
  }
  tcp_alt_rod_on_too_big(&cb->rod, pmtu_data(cb, fits));
  if (!tcp_alt_held(cb)) { /* else one of them is perhaps just being sent */
    pmtu_cut(cb);
    (void)tcp_output(TCP_ALT_FACE(cb));
  }
}

void
tcp_alt_pmtu_timeout(struct tcp_alt_cb *cb, u32_t now)
{
  struct tcp_alt_mtu_event ev;
  if (TCP_ALT_FACE(cb)->state < ESTABLISHED) {
    return;
  }
  pmtu_event(&ev, cb, now);
  if (tcp_alt_conn_on_timeouts(&cb->conn, &cb->rod, &ev, tcp_alt_rod_first_len(&cb->rod))) {
    pmtu_cut(cb);
  }
}

void
tcp_alt_pmtu_refresh(struct tcp_alt_cb *cb, u32_t now)
{
  struct tcp_alt_mtu_event ev;
  const struct tcp_pcb *pcb = TCP_ALT_FACE(cb);
  if (cb->conn.mss < cb->conn.mss_max && tcp_alt_conn_may_grow(&cb->conn, now)) {
    pmtu_event(&ev, cb, now);
    tcp_alt_conn_grow(&cb->conn, &ev, tcp_alt_out_mss(cb->conn.mss_max, tcp_alt_out_route(pcb, &pcb->remote_ip),
                                                      &pcb->remote_ip));
  }
}

#endif /* LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_PMTUD */
