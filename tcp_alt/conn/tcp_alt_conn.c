/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * conn: the eleven states (RFC 9293 3.3.2) and what moves a connection from one to another.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/priv/tcp_alt_conn.h"
#include "lwip/priv/tcp_alt_rod.h"
#include "lwip/priv/tcp_priv.h"

#include <string.h>

#include "lwip/priv/tcp_alt_component.h"

void
tcp_alt_conn_init(struct tcp_alt_conn *conn, u8_t prio, u32_t now)
{
  struct tcp_pcb *pcb = &conn->face;
#if LWIP_TCP_PCB_CHECK
  pcb->mark = TCP_ALT_MARK_LIVE;
#endif
  pcb->prio = prio;
  pcb->ttl = TCP_TTL;
  pcb->keep_idle = TCP_KEEPIDLE_DEFAULT;
#if LWIP_TCP_KEEPALIVE
  pcb->keep_intvl = TCP_KEEPINTVL_DEFAULT;
  pcb->keep_cnt = TCP_KEEPCNT_DEFAULT;
#endif
  conn->heard_at = now;
#if !LWIP_CALLBACK_API
  conn->poll_at = now + 500; /* LWIP_EVENT_POLL comes without being asked for */
#endif
#if LWIP_TCP_PCB_COMPAT
  conn->rescan_at = now;
#endif
  conn->mss = LWIP_MIN(TCP_MSS, 536);
}

#if LWIP_TCP_PCB_CHECK
void
tcp_alt_conn_on_freed(struct tcp_pcb *pcb)
{
  pcb->mark = TCP_ALT_MARK_ENDED;
}
#endif

/** The state's name as RFC 9293 writes it. */
const char *
tcp_debug_state_str(enum tcp_state s)
{
  static const char *const names[] = {
    "CLOSED", "LISTEN", "SYN_SENT", "SYN_RCVD", "ESTABLISHED", "FIN_WAIT_1",
    "FIN_WAIT_2", "CLOSE_WAIT", "CLOSING", "LAST_ACK", "TIME_WAIT"
  };
  return names[s];
}

static void
conn_enter(struct tcp_alt_conn *conn, enum tcp_state state, u32_t now)
{
  LWIP_DEBUGF(TCP_DEBUG, ("tcp port %"U16_F": %s -> %s\n", conn->face.local_port,
                          tcp_debug_state_str(conn->face.state), tcp_debug_state_str(state)));
  conn->face.state = state;
  conn->heard_at = now;
}

void
tcp_alt_conn_bind(struct tcp_alt_conn *conn, const ip_addr_t *ip, u16_t port)
{
  ip_addr_copy(conn->face.local_ip, *ip);
  conn->face.local_port = port;
}

void
tcp_alt_conn_on_open(struct tcp_alt_conn *conn, const struct tcp_alt_open_event *ev)
{
  struct tcp_pcb *pcb = &conn->face;
  ip_addr_copy(pcb->local_ip, *ev->local_ip);
  ip_addr_copy(pcb->remote_ip, *ev->remote_ip);
  pcb->local_port = ev->local_port;
  pcb->remote_port = ev->remote_port;
  conn->mss = ev->mss;
#if LWIP_TCP_USER_TIMEOUT
  conn->moved_at = ev->now;
#endif
#if LWIP_TCP_PMTUD
  conn->mss_max = ev->mss;
#endif
#if LWIP_CALLBACK_API
  conn->open.connected = ev->connected;
#endif
  conn_enter(conn, SYN_SENT, ev->now);
}

void
tcp_alt_conn_on_passive_open(struct tcp_alt_conn *conn, struct tcp_pcb_listen *listener,
                             const struct tcp_alt_open_event *ev)
{
  struct tcp_pcb *pcb = &conn->face;
  tcp_alt_conn_on_open(conn, ev);
  pcb->callback_arg = listener->callback_arg;
  pcb->so_options = listener->so_options & SOF_INHERITED;
  pcb->netif_idx = listener->netif_idx;
  pcb->tos = listener->tos;
  pcb->ttl = listener->ttl;
  conn->is |= TCP_ALT_IS_PASSIVE;
  conn->open.listener = listener;
}

#if LWIP_TCP_ECN
void
tcp_alt_conn_on_ecn_setup(struct tcp_alt_conn *conn, const struct tcp_alt_rod *rod, const struct tcp_alt_segment *seg)
{
  if (TCP_ALT_ECN_SETUP(seg->flags) && rod->nrtx == 0) {
    conn->is |= TCP_ALT_IS_ECN;
  }
}
#endif

void
tcp_alt_conn_on_syn(struct tcp_alt_conn *conn, const struct tcp_alt_segment *seg, u16_t mss)
{
  conn->mss = mss;
#if LWIP_TCP_PMTUD
  conn->mss_max = mss;
#endif
#if LWIP_TCP_TIMESTAMPS
  if (seg->opts & TCP_ALT_OPT_TS) {
    conn->is |= TCP_ALT_IS_TS;
  }
#endif
#if LWIP_WND_SCALE
  if (seg->opts & TCP_ALT_OPT_WS) {
    conn->is |= TCP_ALT_IS_WS;
  }
#endif
#if LWIP_TCP_SACK_OUT
  if (seg->opts & TCP_ALT_OPT_SACK_PERM) {
    conn->is |= TCP_ALT_IS_SACK;
  }
#endif
  conn_enter(conn, SYN_RCVD, seg->now);
}

void
tcp_alt_conn_on_fin_again(struct tcp_alt_conn *conn, u32_t now)
{
  if (conn->face.state == TIME_WAIT) {
    conn->heard_at = now;
  }
}

int
tcp_alt_conn_challenge(struct tcp_alt_conn *conn, u32_t now)
{
  u8_t epoch = (u8_t)(now >> 10); /* about a second */
  if (conn->challenge_epoch != epoch) {
    conn->challenge_epoch = epoch;
    conn->challenges = 0;
  }
  if (conn->challenges >= TCP_CHALLENGE_ACK_LIMIT) {
    return 0;
  }
  conn->challenges++;
  return 1;
}

enum tcp_alt_news
tcp_alt_conn_on_ack(struct tcp_alt_conn *conn, const struct tcp_alt_ack_event *ev)
{
  if ((ev->what & TCP_ALT_ACK_SYN) && conn->face.state == SYN_RCVD) {
    conn_enter(conn, ESTABLISHED, ev->now);
    return TCP_ALT_NEWS_ESTABLISHED;
  }
  if (ev->what & TCP_ALT_ACK_FIN) {
    switch ((int)conn->face.state) {
      case FIN_WAIT_1:
        conn_enter(conn, FIN_WAIT_2, ev->now);
        break;
      case CLOSING:
        conn_enter(conn, TIME_WAIT, ev->now);
        return TCP_ALT_NEWS_TIME_WAIT;
      case LAST_ACK:
      default: /* no other state has a FIN to be acknowledged */
        return TCP_ALT_NEWS_CLOSED;
    }
  }
  return TCP_ALT_NEWS_NONE;
}

enum tcp_alt_news
tcp_alt_conn_on_fin(struct tcp_alt_conn *conn, u32_t now)
{
  switch ((int)conn->face.state) {
    case ESTABLISHED:
      conn_enter(conn, CLOSE_WAIT, now);
      return TCP_ALT_NEWS_NONE;
    case FIN_WAIT_1:
      conn_enter(conn, CLOSING, now);
      return TCP_ALT_NEWS_NONE;
    case FIN_WAIT_2:
    default: /* no other state takes a FIN */
      conn_enter(conn, TIME_WAIT, now);
      return TCP_ALT_NEWS_TIME_WAIT;
  }
}

void
tcp_alt_conn_on_fin_told(struct tcp_alt_conn *conn)
{
  conn->is |= TCP_ALT_IS_TOLD;
}

enum tcp_alt_close
tcp_alt_conn_on_close(struct tcp_alt_conn *conn, u32_t now)
{
  enum tcp_state next;
  switch ((int)conn->face.state) {
    case CLOSED:
    case SYN_SENT:
      return TCP_ALT_CLOSE_FORGET;
    case SYN_RCVD:
    case ESTABLISHED:
      next = FIN_WAIT_1;
      break;
    case CLOSE_WAIT:
      next = LAST_ACK;
      break;
    default:
      return TCP_ALT_CLOSE_NOTHING;
  }
  conn->face.flags |= TF_FIN;
  conn_enter(conn, next, now);
  return TCP_ALT_CLOSE_FIN;
}

void
tcp_alt_conn_on_rx_closed(struct tcp_alt_conn *conn)
{
  conn->face.flags |= TF_RXCLOSED;
}

/* ---- listeners ---- */

#if TCP_LISTEN_BACKLOG
void
tcp_alt_conn_backlog(struct tcp_alt_conn *conn, int pending)
{
  struct tcp_pcb_listen *listener = conn->open.listener;
  if (!(conn->is & TCP_ALT_IS_PASSIVE) || listener == NULL ||
      !(conn->is & TCP_ALT_IS_PENDING) != !!pending) {
    return;
  }
  conn->is ^= TCP_ALT_IS_PENDING;
  listener->accepts_pending = (u8_t)(listener->accepts_pending + (pending ? 1 : -1));
}
#endif

int
tcp_alt_conn_on_listener_gone(struct tcp_alt_conn *conn, const struct tcp_pcb_listen *listener)
{
  if (!(conn->is & TCP_ALT_IS_PASSIVE) || conn->open.listener != listener) {
    return 0;
  }
#if TCP_LISTEN_BACKLOG
  conn->open.listener = NULL;
  conn->is &= (u8_t)~TCP_ALT_IS_PENDING;
#endif
  return conn->face.state == SYN_RCVD;
}

void
tcp_alt_conn_listen(struct tcp_pcb_listen *listener, const struct tcp_pcb *pcb)
{
#if LWIP_TCP_PCB_CHECK
  listener->mark = TCP_ALT_MARK_LIVE;
#endif
  listener->callback_arg = pcb->callback_arg;
  listener->local_port = pcb->local_port;
  listener->state = LISTEN;
  listener->prio = pcb->prio;
  listener->so_options = pcb->so_options;
  listener->netif_idx = pcb->netif_idx;
  listener->ttl = pcb->ttl;
  listener->tos = pcb->tos;
#if LWIP_TCP_PCB_NUM_EXT_ARGS
  MEMCPY(listener->ext_args, pcb->ext_args, sizeof(pcb->ext_args));
#endif
  ip_addr_copy(listener->local_ip, pcb->local_ip);
}

#if LWIP_TCP_CC_PLUGGABLE
void
tcp_alt_conn_set_cc(struct tcp_pcb_listen *listener, const struct tcp_alt_cc *cc)
{
  listener->cc = cc;
}
#endif

#endif /* LWIP_TCP && LWIP_TCP_ALT */
