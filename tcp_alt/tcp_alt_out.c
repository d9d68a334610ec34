/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * The way out: the only file that decides what leaves a connection, and asks wire and IP to carry it.
 */
#include "lwip/opt.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/stats.h"
#include "lwip/priv/tcp_alt_doors.h"
#include "lwip/priv/tcp_alt_send.h"

#include <string.h>

/* Why a segment may not leave now. */
enum out_stop {
  OUT_GO,
  OUT_WINDOW,     /* the peer's */
  OUT_CONGESTION,
  OUT_NAGLE
};

/* RFC 9293 3.7.4: a small segment waits while something is unacknowledged. Not when it is all that the
 * send buffer takes, for then nothing can be added to it. */
static int
out_nagle(const struct tcp_alt_cb *cb, const struct tcp_alt_tx *tx)
{
  return tx->last && !tx->again && !(tx->flags & TCP_FIN) && cb->rod.snd_nxt != cb->rod.snd_una &&
         !(TCP_ALT_FACE(cb)->flags & TF_NODELAY) && cb->flow.snd_buf != 0 &&
         cb->rod.queuelen < TCP_SND_QUEUELEN && tx->len + tcp_alt_out_optlen(cb) < cb->conn.mss;
}

/* May this segment leave? Its window, RFC 9293 3.8.6.2.1; the congestion window, RFC 5681; Nagle. */
static enum out_stop
out_may_send(const struct tcp_alt_cb *cb, const struct tcp_alt_tx *tx)
{
  u32_t end = tx->seq - cb->rod.snd_una + tx->len;
  u32_t flight;
  if (tx->flags & TCP_SYN) {
    return OUT_GO;
  }
  if (tx->len == 0) {
    end++; /* a bare FIN */
  }
  if (end > cb->flow.snd_wnd) {
    return OUT_WINDOW;
  }
  if (tx->again && cb->rod.state == TCP_ALT_ROD_RECOVERY) {
    return OUT_GO; /* RFC 5681 3.2 step 3: one segment, whatever cwnd is */
  }
  flight = tcp_alt_rod_flight(&cb->rod);
  if (flight != 0 && flight + tx->len > tcp_alt_cong_limit(&cb->cong, &cb->rod, cb->conn.mss)) {
    return OUT_CONGESTION;
  }
  return out_nagle(cb, tx) ? OUT_NAGLE : OUT_GO;
}

/* Tells every component that a segment has left. */
static void
out_sent(struct tcp_alt_cb *cb, const struct tcp_alt_tx *tx)
{
  tcp_alt_rod_on_segment_sent(&cb->rod, tx);
  tcp_alt_flow_on_segment_sent(&cb->flow, tx);
  if (TCP_ALT_FACE(cb)->flags & TF_ACK_NOW) {
    tcp_alt_conn_clear_flags(&cb->conn, TF_ACK_NOW);
  }
}

err_t
tcp_alt_out_ack(struct tcp_alt_cb *cb, u32_t now)
{
  struct tcp_alt_tx tx;
  err_t err;
  tx.now = now;
  tx.seq = cb->rod.snd_nxt;
  tx.p = NULL;
  tx.len = 0;
  tx.flags = 0;
  err = tcp_alt_send(cb, NULL, &tx);
  if (err == ERR_OK) {
    out_sent(cb, &tx);
  } else {
    tcp_alt_rod_ack_later(&cb->rod, now + TCP_OUTPUT_RETRY_MS);
  }
  return err;
}

/* Sends segments until something stops it; `*blocked`: the peer's window alone, with nothing in
 * flight. */
static err_t
out_segments(struct tcp_alt_hold *hold, u32_t now, int *blocked)
{
  struct tcp_alt_cb *cb = hold->cb;
  struct netif *netif = NULL;
  struct tcp_alt_tx tx;
  enum tcp_alt_tx_next next;
  err_t err = ERR_OK;

  tx.now = now;
  while ((next = tcp_alt_rod_tx_next(&cb->rod, &tx)) != TCP_ALT_TX_NOTHING) {
    enum out_stop stop = out_may_send(cb, &tx);
    if (stop != OUT_GO) {
      *blocked = stop == OUT_WINDOW && tcp_alt_rod_flight(&cb->rod) == 0;
      break;
    }
    if (next == TCP_ALT_TX_BUSY) {
      tcp_alt_rod_on_refused(&cb->rod, now);
      break;
    }
    if (netif == NULL) {
      netif = tcp_alt_out_route(TCP_ALT_FACE(cb), &TCP_ALT_FACE(cb)->remote_ip);
    }
    err = netif == NULL ? ERR_RTE : tcp_alt_send(cb, netif, &tx);
    if (hold->cb == NULL) {
      break; /* an answer came while we were sending, and ended the connection */
    }
    if (err != ERR_OK) {
      tcp_alt_rod_on_refused(&cb->rod, now);
      break;
    }
    out_sent(cb, &tx);
    if (tx.again) {
      MIB2_STATS_INC(mib2.tcpretranssegs);
    }
  }
  return err;
}

err_t
tcp_alt_out_run(struct tcp_alt_cb *cb, u32_t now)
{
  struct tcp_alt_hold hold;
  int blocked = 0;
  err_t err;

  tcp_alt_hold(&hold, cb);
  err = out_segments(&hold, now, &blocked);
  if (hold.cb != NULL) {
    if (blocked) {
      tcp_alt_rod_on_window_closed(&cb->rod);
    }
    tcp_alt_flow_on_output_end(&cb->flow, &cb->rod, now, blocked);
    if ((cb->rod.rx & TCP_ALT_RX_NOW) || (TCP_ALT_FACE(cb)->flags & TF_ACK_NOW)) {
      err_t ack = tcp_alt_out_ack(cb, now);
      if (err == ERR_OK) {
        err = ack;
      }
    }
  }
  tcp_alt_release(&hold);
  return err;
}

void
tcp_alt_out_probe(struct tcp_alt_cb *cb, u32_t now)
{
  struct tcp_alt_tx tx;
  u16_t most = (u16_t)LWIP_MIN(LWIP_MAX(cb->flow.snd_wnd, 1U), cb->conn.mss);
  struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, (u16_t)(most + 40), PBUF_RAM);

  tx.now = now;
  tx.seq = cb->rod.snd_una;
  tx.flags = 0;
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
    if (tcp_alt_send(cb, NULL, &tx) == ERR_OK) {
      tcp_alt_rod_on_probe_sent(&cb->rod, &tx);
      tcp_alt_flow_on_segment_sent(&cb->flow, &tx);
    }
    pbuf_free(p);
  }
  tcp_alt_flow_on_probe(&cb->flow, &cb->rod, now);
}

void
tcp_alt_out_keepalive(struct tcp_alt_cb *cb, u32_t now)
{
  struct tcp_alt_tx tx;
  tx.now = now;
  tx.seq = cb->rod.snd_nxt - 1;
  tx.p = NULL;
  tx.len = 0;
  tx.flags = 0;
  if (tcp_alt_send(cb, NULL, &tx) == ERR_OK) {
    tcp_alt_flow_on_segment_sent(&cb->flow, &tx);
  }
}

#endif /* LWIP_TCP && LWIP_TCP_ALT */
