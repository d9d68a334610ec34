/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * The network door: a segment for a listener (RFC 9293 3.10.7.2).
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/stats.h"
#include "lwip/priv/tcp_alt_doors.h"
#include "lwip/priv/tcp_priv.h"

#if TCP_LISTEN_BACKLOG
#define LISTEN_IS_FULL(lpcb) ((lpcb)->accepts_pending >= (lpcb)->backlog)
#else
#define LISTEN_IS_FULL(lpcb) 0
#endif

#if LWIP_TCP_PCB_NUM_EXT_ARGS
/* Do the listener's extension arguments want the child, and have not ended it themselves? Else it is gone. */
static int
listen_ext_agrees(struct tcp_pcb_listen *lpcb, struct tcp_alt_cb *cb)
{
  struct tcp_alt_hold hold;
  err_t err;
  tcp_alt_hold(&hold, cb);
  err = tcp_alt_ext_passive_open(lpcb, TCP_ALT_FACE(cb));
  tcp_alt_release(&hold);
  if (hold.cb != NULL && err != ERR_OK) {
    tcp_alt_end(cb, ERR_OK, TCP_ERR_REASON_NONE);
  }
  return hold.cb != NULL && err == ERR_OK;
}
#endif

/* A child in SYN-RECEIVED, its SYN-ACK on the way. */
static void
listen_open(struct tcp_pcb_listen *lpcb, const struct tcp_alt_segment *seg,
            const struct tcp_alt_tuple *t, u32_t beyond)
{
  struct tcp_alt_open_event ev;
  u32_t iss;
  struct tcp_alt_cb *cb = tcp_alt_new_block(lpcb->prio, seg->now);

  lpcb = tcp_alt_demux_find_listener(t);
  if (lpcb == NULL) { /* closed by the err callback of who made room */
    goto gone;
  }
  if (cb == NULL) {
    TCP_STATS_INC(tcp.memerr);
    tcp_alt_app_accept_failed(lpcb);
    return;
  }
  ev.now = seg->now;
  ev.local_ip = t->local_ip;
  ev.remote_ip = t->remote_ip;
  ev.local_port = t->local_port;
  ev.remote_port = t->remote_port;
  ev.mss = 0;
#if LWIP_CALLBACK_API
  ev.connected = NULL;
#endif
  tcp_alt_conn_on_passive_open(&cb->conn, lpcb, &ev);
#if LWIP_TCP_CC_PLUGGABLE
  tcp_alt_cong_choose(&cb->cong, &cb->rod, lpcb->cc, seg->now);
#endif
  iss = tcp_next_iss(TCP_ALT_FACE(cb));
  if (beyond != 0 && TCP_ALT_LEQ(iss, beyond)) {
    iss = beyond + 1; /* RFC 9293 3.10.7.4, MAY-2 (1): a transfer may be faster than the clock of ISNs */
  }
  tcp_alt_rod_open(&cb->rod, iss);
  (void)tcp_alt_take_syn(cb, seg, t); /* nothing is written yet */
  tcp_alt_conn_backlog(&cb->conn, 1);
  tcp_alt_demux_add(TCP_ALT_DEMUX_ARG(&cb->demux), &tcp_active_pcbs, TCP_ALT_FACE(cb));
#if LWIP_TCP_PCB_NUM_EXT_ARGS
  if (!listen_ext_agrees(lpcb, cb)) {
    return;
  }
#endif
  MIB2_STATS_INC(mib2.tcppassiveopens);
  tcp_output(TCP_ALT_FACE(cb));
  return;

gone:
  if (cb != NULL) {
    tcp_alt_pcb_free(cb);
  }
}

void
tcp_alt_listen_input(struct tcp_pcb_listen *lpcb, const struct tcp_alt_segment *seg,
                     const struct tcp_alt_tuple *t, u32_t beyond)
{
  if (seg->flags & TCP_RST) {
    return;
  }
  if (seg->flags & TCP_ACK) {
    tcp_alt_out_refuse(seg, t);
    return;
  }
  /* A SYN to itself has never been meant (CVE-1999-0016); SYN and FIN at once opens nothing. */
  if ((seg->flags & (TCP_SYN | TCP_FIN)) != TCP_SYN || LISTEN_IS_FULL(lpcb) ||
      (t->local_port == t->remote_port && ip_addr_cmp(t->local_ip, t->remote_ip))) {
    TCP_STATS_INC(tcp.drop);
    return;
  }
  listen_open(lpcb, seg, t, beyond);
}

#endif /* LWIP_TCP && LWIP_TCP_ALT */
