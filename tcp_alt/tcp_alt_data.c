/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * The application door: sending and receiving (RFC 9293 3.10.2, 3.10.3).
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/stats.h"
#include "lwip/priv/tcp_alt_doors.h"
#include "lwip/priv/tcp_priv.h"

/* States in which data may be queued (RFC 9293 3.10.2), a bit each. */
#define SENDING_STATES ((1U << SYN_SENT) | (1U << SYN_RCVD) | (1U << ESTABLISHED) | (1U << CLOSE_WAIT))

/* Most data bytes of one segment: not more than half the peer's largest window, so that a small one is
 * used at all (RFC 9293 3.8.6.2.1). */
static u16_t
data_segment_size(const struct tcp_alt_cb *cb, u8_t optlen)
{
  u32_t half = (u32_t)cb->flow.snd_wnd_max / 2;
  u16_t mss = (u16_t)(cb->conn.mss - optlen);
  return (u16_t)(half - 1 < mss ? half : mss); /* no window yet: 0 - 1 is not below */
}

/** Queues `len` bytes; TCP_WRITE_FLAG_COPY: copied, else they must stay until they are acknowledged.
 *  ERR_OK; ERR_MEM: more than tcp_sndbuf(), or no memory, and nothing is queued; ERR_CONN. */
err_t
tcp_write(struct tcp_pcb *pcb, const void *arg, u16_t len, u8_t apiflags)
{
  struct tcp_alt_cb *cb = TCP_ALT_CB(pcb);
  struct tcp_alt_write w;
#if LWIP_TCP_USER_TIMEOUT
  int idle;
#endif
  err_t err;

  LWIP_ASSERT_CORE_LOCKED();
  TCP_ALT_LIVE("tcp_write", pcb);
  LWIP_ERROR("tcp_write: no PCB", pcb != NULL, return ERR_ARG);
  LWIP_ERROR("tcp_write: no data", arg != NULL, return ERR_ARG);
  if (!((1U << pcb->state) & SENDING_STATES)) {
    return ERR_CONN;
  }
  if (len == 0) {
    return ERR_OK;
  }
  if (len > cb->flow.snd_buf || cb->rod.queuelen >= LWIP_MIN(TCP_SND_QUEUELEN, TCP_SNDQUEUELEN_OVERFLOW + 1)) {
    TCP_STATS_INC(tcp.memerr);
    return ERR_MEM;
  }
  w.now = tcp_alt_now();
  w.data = arg;
  w.len = len;
  w.flags = apiflags;
  w.optlen = pcb->state < ESTABLISHED ? TCP_ALT_OPTLEN_BEFORE_SYN : tcp_alt_out_optlen(cb);
  tcp_alt_pmtu_refresh(cb, w.now);
  w.mss = data_segment_size(cb, w.optlen);
  /* More is to be expected, too, of who writes twice before anything leaves. */
  w.more = (apiflags & TCP_WRITE_FLAG_MORE) != 0 || cb->rod.next != NULL ||
           (!(pcb->flags & TF_NODELAY) && cb->rod.snd_lbb != cb->rod.snd_una);
#if LWIP_TCP_USER_TIMEOUT
  idle = !tcp_alt_rod_outstanding(&cb->rod);
#endif
  err = tcp_alt_rod_write(&cb->rod, &w);
  if (err != ERR_OK) {
    TCP_STATS_INC(tcp.memerr);
    return err;
  }
#if LWIP_TCP_USER_TIMEOUT
  if (idle) {
    tcp_alt_conn_on_moved(&cb->conn, w.now);
  }
#endif
  tcp_alt_flow_on_write(&cb->flow, len);
  tcp_alt_conn_show(&cb->conn, &cb->rod, &cb->flow);
  if (cb->rod.tx & TCP_ALT_TX_FLUSH) {
    tcp_alt_tmr_rearm(cb, w.now);
  }
  return ERR_OK;
}

/** Sends what may be sent. Within a callback of the same PCB: when the callback has returned. ERR_OK;
 *  ERR_RTE; ERR_MEM and other errors of IP or the driver: it will be tried again. */
err_t
tcp_output(struct tcp_pcb *pcb)
{
  struct tcp_alt_cb *cb = TCP_ALT_CB(pcb);
  struct tcp_alt_hold hold;
  err_t err;
  u32_t now;

  LWIP_ASSERT_CORE_LOCKED();
  TCP_ALT_LIVE("tcp_output", pcb);
  LWIP_ASSERT("tcp_output: no PCB", pcb != NULL);
  LWIP_ASSERT("tcp_output: not for listeners", pcb->state != LISTEN);
  if (tcp_alt_held(cb) || pcb->state == CLOSED) {
    return ERR_OK;
  }
  now = tcp_alt_now();
  tcp_alt_hold(&hold, cb);
  err = tcp_alt_out_run(&hold, now);
  if (hold.cb != NULL) {
    tcp_alt_tmr_rearm(cb, now);
  }
  tcp_alt_release(&hold);
  return err;
}

/** The application has consumed `len` bytes that its receive callback was given. */
void
tcp_recved(struct tcp_pcb *pcb, u16_t len)
{
  LWIP_ASSERT_CORE_LOCKED();
  TCP_ALT_LIVE("tcp_recved", pcb);
  LWIP_ERROR("tcp_recved: no PCB", pcb != NULL, return);
  LWIP_ASSERT("tcp_recved: not for listeners", pcb->state != LISTEN);
  if (tcp_alt_flow_on_recved(&TCP_ALT_CB(pcb)->flow, &TCP_ALT_CB(pcb)->rod, len)) {
#if TCP_WND_REPEAT
    if (pcb->state < CLOSE_WAIT) { /* who has sent its FIN needs no window */
      tcp_alt_flow_on_update(&TCP_ALT_CB(pcb)->flow, &TCP_ALT_CB(pcb)->rod, tcp_alt_now(), TCP_ALT_CB(pcb)->conn.mss);
    }
#endif
    tcp_alt_rod_ack_now(&TCP_ALT_CB(pcb)->rod); /* the peer waits for this window */
    if (!tcp_alt_held(TCP_ALT_CB(pcb))) {
      (void)tcp_output(pcb);
    }
  }
}

/** For drivers that refused packets and have room again: sends what they refused. */
void
tcp_txnow(void)
{
  struct tcp_pcb *pcb, *next;
  LWIP_ASSERT_CORE_LOCKED();
  for (pcb = tcp_active_pcbs; pcb != NULL; pcb = next) {
    struct tcp_pcb *after = pcb->next;
    if (TCP_ALT_CB(pcb)->rod.tx & TCP_ALT_TX_REFUSED) {
      tcp_output(pcb);
    }
    /* An answer from within the driver may have ended any of them. */
    for (next = tcp_active_pcbs; next != after && next != NULL; next = next->next) {
    }
  }
}

#endif /* LWIP_TCP && LWIP_TCP_ALT */
