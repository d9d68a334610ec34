/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * The way out: the only file that decides what leaves a connection, and asks wire and IP to carry it.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/stats.h"
#include "lwip/priv/tcp_alt_doors.h"
#include "lwip/priv/tcp_alt_send.h"

#include <string.h>

/* Why sending stopped. */
enum out_stop {
  OUT_EMPTY,      /* nothing to send */
  OUT_WINDOW,     /* the peer's */
  OUT_CONGESTION,
  OUT_NAGLE,
  OUT_BUSY,       /* the driver holds the segment still */
  OUT_REFUSED,    /* no route, no memory, or the driver refused */
  OUT_GONE        /* an answer came while we were sending, and ended the connection */
};

/* Is what leaves now a probe for the last of a flight, or new data by which F-RTO finds out? Nagle does not hold these, and
 * the timer goes on while the window does. */
#if TCP_ALT_LOSS_STATE
#define OUT_PROBES(cb) ((cb)->rod.loss & (TCP_ALT_LOSS_PROBE | TCP_ALT_LOSS_FRTO_NEW))
#else
#define OUT_PROBES(cb) 0
#endif

/* RFC 9293 3.7.4 in Minshall's variant (A.3): a small segment waits while another is unacknowledged, but not for
 * full ones. Not when it is all that the send buffer takes, for then nothing can be added to it. */
static int
out_nagle(const struct tcp_alt_cb *cb, const struct tcp_alt_tx *tx)
{
  const u16_t full = (u16_t)(cb->conn.mss - tcp_alt_out_optlen(cb));
  return tx->len < full && !tx->again && !(tx->flags & (TCP_SYN | TCP_FIN)) &&
         !(TCP_ALT_FACE(cb)->flags & TF_NODELAY) && cb->flow.snd_buf != 0 &&
         cb->rod.queuelen < TCP_SND_QUEUELEN && !OUT_PROBES(cb) && tcp_alt_rod_small_out(&cb->rod, full);
}

/* A segment without data. */
static err_t
out_bare(struct tcp_alt_cb *cb, u32_t seq, u32_t now)
{
  struct tcp_alt_tx tx;
  tx.now = now;
  tx.netif = NULL;
  tx.p = NULL;
  tx.seq = seq;
  tx.len = 0;
  tx.flags = 0;
#if LWIP_TCP_ECN
  tx.ect = 0;
#endif
  return tcp_alt_send(cb, &tx);
}

err_t
tcp_alt_out_ack(const struct tcp_alt_hold *hold, u32_t now)
{
  struct tcp_alt_cb *cb = hold->cb;
  err_t err = out_bare(cb, cb->rod.snd_nxt, now);
  if (hold->cb == NULL) {
    return err; /* an answer came at once, and ended the connection */
  }
  if (err == ERR_OK) {
    tcp_alt_rod_on_ack_sent(&cb->rod);
#if LWIP_TCP_USER_TIMEOUT_OPTION
    if (tcp_alt_conn_uto_due(&cb->conn)) {
      tcp_alt_conn_on_uto_sent(&cb->conn);
    }
#endif
  } else {
    tcp_alt_rod_ack_later(&cb->rod, now + TCP_OUTPUT_RETRY_MS);
  }
  return err;
}

/* RFC 5681 3.2 step 3 sends one segment, whatever cwnd is; with SACK cong has that in its figures. */
#if LWIP_TCP_SACK_IN
#define OUT_FAST_RETRANSMIT(cb) \
  ((cb)->rod.state == TCP_ALT_ROD_RECOVERY && !((cb)->rod.loss & TCP_ALT_LOSS_SACK))
#else
#define OUT_FAST_RETRANSMIT(cb) ((cb)->rod.state == TCP_ALT_ROD_RECOVERY)
#endif

/* Sends segments until something stops it. */
static enum out_stop
out_segments(struct tcp_alt_hold *hold, u32_t now, err_t *reason)
{
  struct tcp_alt_cb *cb = hold->cb;
  u32_t flight = tcp_alt_rod_flight(&cb->rod);
  u32_t limit;
  struct tcp_alt_tx tx;
  enum tcp_alt_tx_next next;
  err_t err;

#if TCP_RACK
  if (tcp_alt_rod_was_idle(&cb->rod, now)) {
    tcp_alt_cong_on_idle(&cb->cong, cb->conn.mss);
  }
#endif
  limit = tcp_alt_cong_limit(&cb->cong, &cb->rod, cb->conn.mss);
  tx.now = now;
  tx.netif = NULL;
#if TCP_RACK
  tx.mss = cb->conn.mss;
#endif
  while (tcp_alt_rod_wants_out(&cb->rod) &&
         (next = tcp_alt_rod_tx_next(&cb->rod, &tx)) != TCP_ALT_TX_NOTHING) {
    u32_t size = (u32_t)tx.len + (tx.len == 0); /* 1: a bare SYN or FIN */
    /* RFC 9293 3.8.6.2.1 */
    if (tx.seq - cb->rod.snd_una + size > cb->flow.snd_wnd && !(tx.flags & TCP_SYN)) {
      return flight == 0 && !OUT_PROBES(cb) ? OUT_WINDOW : OUT_EMPTY; /* what is sent to find out is not all there is */
    }
    /* RFC 5681; its fast retransmit (3.2 step 3) sends one segment, whatever cwnd is */
    if (flight + size > limit && flight != 0 && !(tx.again && OUT_FAST_RETRANSMIT(cb))) {
      return OUT_CONGESTION;
    }
    if (tx.last && out_nagle(cb, &tx)) {
      return OUT_NAGLE;
    }
    if (next == TCP_ALT_TX_BUSY) {
      return OUT_BUSY;
    }
#if LWIP_TCP_ECN
    tx.ect = !tx.again && (cb->conn.is & TCP_ALT_IS_ECN) != 0;
#endif
    tcp_alt_rod_lend(&cb->rod);
    err = tcp_alt_send(cb, &tx);
    if (hold->cb == NULL) {
      return OUT_GONE;
    }
    if (err != ERR_OK) {
      *reason = err;
      return OUT_REFUSED;
    }
    flight += size;
#if LWIP_TCP_SACK_IN
    if (cb->rod.state == TCP_ALT_ROD_RECOVERY) {
      tcp_alt_cong_on_sent(&cb->cong, tx.len);
    }
#endif
    tcp_alt_rod_on_segment_sent(&cb->rod, &tx);
#if TCP_RACK
    if (limit == TCP_ALT_CONG_PROBE) {
      limit = tcp_alt_cong_limit(&cb->cong, &cb->rod, cb->conn.mss); /* it has left */
    }
#endif
    if (tx.again) {
      MIB2_STATS_INC(mib2.tcpretranssegs);
    }
  }
  return OUT_EMPTY;
}

#if LWIP_TCP_INFO
/* The same for tcp_info_get(). */
static enum tcp_info_stop
out_told(const struct tcp_alt_cb *cb, enum out_stop stop, err_t err)
{
  switch (stop) {
    case OUT_WINDOW:
      return TCP_INFO_STOP_WINDOW;
    case OUT_CONGESTION:
      return TCP_INFO_STOP_CONGESTION;
    case OUT_NAGLE:
      return TCP_INFO_STOP_NAGLE;
    case OUT_BUSY:
      return TCP_INFO_STOP_HELD;
    case OUT_REFUSED:
      if (err == ERR_RTE) {
        return TCP_INFO_STOP_ROUTE;
      }
      /* data brings its packet along, a bare SYN or FIN needs memory for one */
      return err == ERR_MEM && cb->rod.next == NULL && cb->rod.lost == 0 ? TCP_INFO_STOP_MEMORY
                                                                        : TCP_INFO_STOP_DRIVER;
    case OUT_EMPTY:
    case OUT_GONE:
    default:
      /* more to send, and bytes in flight: the window was the reason, their ACK brings the next */
      return cb->rod.next != NULL || cb->rod.lost != 0 ? TCP_INFO_STOP_WINDOW : TCP_INFO_STOP_NOTHING;
  }
}
#endif

err_t
tcp_alt_out_run(struct tcp_alt_hold *hold, u32_t now)
{
  struct tcp_alt_cb *cb = hold->cb;
  err_t err = ERR_OK;
  enum out_stop stop;

  if (TCP_ALT_FACE(cb)->flags & TF_ACK_NOW) {
    /* a wish that output consumes */
    tcp_alt_conn_set_flags(TCP_ALT_FACE(cb), 0, TF_ACK_NOW);
    tcp_alt_rod_ack_now(&cb->rod);
  }
  if (((cb->rod.rx & TCP_ALT_RX_NOW) && tcp_alt_rod_tells(&cb->rod)) || tcp_alt_conn_uto_due(&cb->conn)) {
    /* One that carries data would be no duplicate ACK to the peer (RFC 5681 2), nor had it room for SACK. */
    (void)tcp_alt_out_ack(hold, now);
  }
  stop = hold->cb != NULL ? out_segments(hold, now, &err) : OUT_GONE;
  if (stop == OUT_GONE) {
    return err;
  }
#if LWIP_TCP_INFO
  tcp_alt_rod_on_stop(&cb->rod, out_told(cb, stop, err));
#endif
  if (stop == OUT_BUSY) {
    tcp_alt_rod_on_busy(&cb->rod, now);
  } else if (stop == OUT_REFUSED) {
    tcp_alt_rod_on_refused(&cb->rod, now);
  }
  if (stop == OUT_WINDOW || cb->flow.persist != 0) {
    tcp_alt_flow_on_output_end(&cb->flow, &cb->rod, now, stop == OUT_WINDOW);
    if (stop == OUT_WINDOW) {
      tcp_alt_rod_on_window_closed(&cb->rod);
    }
  }
  if (cb->rod.rx & TCP_ALT_RX_NOW) {
    err_t ack = tcp_alt_out_ack(hold, now);
    if (err == ERR_OK) {
      err = ack;
    }
  }
  return err;
}

void
tcp_alt_out_probe(const struct tcp_alt_hold *hold, u32_t now)
{
  struct tcp_alt_cb *cb = hold->cb;
  struct tcp_alt_tx tx;
  u16_t most = (u16_t)LWIP_MIN(LWIP_MAX(cb->flow.snd_wnd, 1U), cb->conn.mss);
  struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, (u16_t)(most + 40), PBUF_RAM);
  err_t err;

  tx.now = now;
  tx.netif = NULL;
  tx.seq = cb->rod.snd_una;
  tx.flags = 0;
#if LWIP_TCP_ECN
  tx.ect = 0;
#endif
  if (p != NULL) {
    pbuf_remove_header(p, 40); /* room for options */
    tx.len = tcp_alt_rod_peek(&cb->rod, p->payload, most);
    tx.p = p;
    if (tx.len == 0) {
      tx.p = NULL;
      tx.seq = cb->rod.snd_lbb;
      tx.flags = TCP_FIN;
    } else {
      pbuf_realloc(p, tx.len);
    }
    err = tcp_alt_send(cb, &tx);
    pbuf_free(p);
    if (hold->cb == NULL) {
      return;
    }
    if (err == ERR_OK) {
      tcp_alt_rod_on_probe_sent(&cb->rod, &tx);
    }
  }
  tcp_alt_flow_on_probe(&cb->flow, &cb->rod, now);
}

void
tcp_alt_out_keepalive(struct tcp_alt_cb *cb, u32_t now)
{
#if LWIP_TCP_INFO
  tcp_alt_rod_on_keepalive_sent(&cb->rod);
#endif
  (void)out_bare(cb, cb->rod.snd_nxt - 1, now);
}

#endif /* LWIP_TCP && LWIP_TCP_ALT */
