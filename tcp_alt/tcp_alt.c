/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * The application door: opening and closing (RFC 9293 3.9.1, 3.10.1, 3.10.4). lwIP's raw API; units,
 * ranges and errors are lwip/tcp.h's.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/stats.h"
#include "lwip/priv/tcp_alt_doors.h"
#include "lwip/priv/tcp_priv.h"

/** Once, from lwip_init(). */
void
tcp_init(void)
{
  tcp_alt_pcb_check_pools();
#if TCP_ALT_TIMER_WHEEL
  tcp_alt_timer_init(tcp_alt_now());
#endif
  tcp_alt_secret_init();
  tcp_alt_tmr_idle();
}

/** A PCB for IPv4, or for any type where both are built; NULL: the pool is empty. */
struct tcp_pcb *
tcp_new(void)
{
  return tcp_alloc(TCP_PRIO_NORMAL);
}

/** A PCB for addresses of a type: IPADDR_TYPE_V4, _V6, _ANY. */
struct tcp_pcb *
tcp_new_ip_type(u8_t type)
{
  struct tcp_pcb *pcb = tcp_alloc(TCP_PRIO_NORMAL);
#if LWIP_IPV4 && LWIP_IPV6
  if (pcb != NULL) {
    tcp_local_ip_type_set(pcb, type);
    tcp_remote_ip_type_set(pcb, type);
  }
#else
  LWIP_UNUSED_ARG(type);
#endif
  return pcb;
}

/* ---- bind and listen ---- */

/** ERR_OK; ERR_USE: taken; ERR_BUF: no port is free; ERR_VAL: not a fresh PCB. */
err_t
tcp_bind(struct tcp_pcb *pcb, const ip_addr_t *ipaddr, u16_t port)
{
  ip_addr_t zoned;

  LWIP_ASSERT_CORE_LOCKED();
  TCP_ALT_LIVE("tcp_bind", pcb);
#if LWIP_IPV4
  if (ipaddr == NULL) {
    ipaddr = IP4_ADDR_ANY;
  }
#else
  LWIP_ERROR("tcp_bind: no address", ipaddr != NULL, return ERR_ARG);
#endif
  LWIP_ERROR("tcp_bind: no PCB", pcb != NULL, return ERR_ARG);
  LWIP_ERROR("tcp_bind: the PCB is in use", pcb->state == CLOSED, return ERR_VAL);
  ipaddr = tcp_alt_out_zoned(ipaddr, &zoned, IP6_UNICAST);
  if (port == 0) {
    port = tcp_alt_demux_free_port((u16_t)tcp_alt_random()); /* RFC 6056 3.3.2 */
    if (port == 0) {
      return ERR_BUF;
    }
  } else if (tcp_alt_demux_bind_conflict(pcb, ipaddr, port) != NULL) {
    return ERR_USE;
  }
  if (pcb->local_port != 0) {
    tcp_alt_demux_remove(TCP_ALT_DEMUX_ARG(&TCP_ALT_CB(pcb)->demux), &tcp_bound_pcbs, pcb);
  }
  tcp_alt_conn_bind(&TCP_ALT_CB(pcb)->conn, ipaddr, port);
  tcp_alt_demux_add(TCP_ALT_DEMUX_ARG(&TCP_ALT_CB(pcb)->demux), &tcp_bound_pcbs, pcb);
  return ERR_OK;
}

#if LWIP_CALLBACK_API
/* What a listener does with a connection until tcp_accept() is called. */
static err_t
app_accept_null(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  if (pcb != NULL) {
    tcp_abort(pcb);
  }
  return ERR_ABRT;
}
#endif

/** tcp_listen_with_backlog_and_err() without the reason. */
struct tcp_pcb *
tcp_listen_with_backlog(struct tcp_pcb *pcb, u8_t backlog)
{
  TCP_ALT_LIVE("tcp_listen_with_backlog", pcb);
  return tcp_listen_with_backlog_and_err(pcb, backlog, NULL);
}

/** Replaces a bound PCB by a smaller, listening one; NULL and `*err`: ERR_CLSD (not CLOSED), ERR_USE,
 *  ERR_MEM, and `pcb` is as before. */
struct tcp_pcb *
tcp_listen_with_backlog_and_err(struct tcp_pcb *pcb, u8_t backlog, err_t *err)
{
  struct tcp_pcb_listen *lpcb = NULL;
  err_t res = ERR_OK;

  LWIP_ASSERT_CORE_LOCKED();
  TCP_ALT_LIVE("tcp_listen_with_backlog_and_err", pcb);
  LWIP_UNUSED_ARG(backlog);
  LWIP_ERROR("tcp_listen_with_backlog_and_err: no PCB", pcb != NULL, res = ERR_ARG; goto done);
  LWIP_ERROR("tcp_listen_with_backlog_and_err: the PCB is in use", pcb->state == CLOSED,
             res = ERR_CLSD; goto done);
  if (tcp_alt_demux_listener_is_bound(pcb)) {
    res = ERR_USE;
  } else if ((lpcb = tcp_alt_pcb_new_listener(pcb)) == NULL) {
    res = ERR_MEM;
  }
  if (res != ERR_OK) {
    goto done;
  }
#if LWIP_CALLBACK_API
  tcp_accept((struct tcp_pcb *)(void *)lpcb, app_accept_null);
#endif
#if TCP_LISTEN_BACKLOG
  tcp_backlog_set((struct tcp_pcb *)(void *)lpcb, backlog);
#endif
  if (pcb->local_port != 0) {
    tcp_alt_demux_remove(TCP_ALT_DEMUX_ARG(&TCP_ALT_CB(pcb)->demux), &tcp_bound_pcbs, pcb);
  }
  tcp_alt_pcb_free(TCP_ALT_CB(pcb)); /* its ext args live on in the listener */
  tcp_alt_demux_add(NULL, &tcp_listen_pcbs.pcbs, (struct tcp_pcb *)(void *)lpcb);
done:
  if (err != NULL) {
    *err = res;
  }
  return (struct tcp_pcb *)(void *)lpcb;
}

/* ---- connect ---- */

/** Opens a connection; `connected` is called when it is open, tcp_err()'s function when it failed.
 *  ERR_OK; ERR_ISCONN; ERR_RTE: no route; ERR_BUF: no port; ERR_USE; ERR_VAL: not a unicast address. */
err_t
tcp_connect(struct tcp_pcb *pcb, const ip_addr_t *ipaddr, u16_t port, tcp_connected_fn connected)
{
  struct tcp_alt_cb *cb = TCP_ALT_CB(pcb);
  struct tcp_alt_open_event ev;
  struct tcp_alt_tuple t;
  struct netif *netif;
  ip_addr_t zoned;

  LWIP_ASSERT_CORE_LOCKED();
  TCP_ALT_LIVE("tcp_connect", pcb);
  LWIP_ERROR("tcp_connect: no PCB", pcb != NULL, return ERR_ARG);
  LWIP_ERROR("tcp_connect: no address", ipaddr != NULL, return ERR_ARG);
  LWIP_ERROR("tcp_connect: the PCB is in use", pcb->state == CLOSED, return ERR_ISCONN);

  netif = tcp_alt_out_route(pcb, ipaddr);
  if (netif == NULL) {
    return ERR_RTE;
  }
  ipaddr = tcp_alt_out_zoned(ipaddr, &zoned, IP6_UNKNOWN);
#if LWIP_IPV6 && LWIP_IPV6_SCOPES
  if (IP_IS_V6(ipaddr) && ip6_addr_lacks_zone(ip_2_ip6(ipaddr), IP6_UNICAST)) {
    ip_addr_copy(zoned, *ipaddr);
    ip6_addr_assign_zone(ip_2_ip6(&zoned), IP6_UNICAST, netif);
    ipaddr = &zoned;
  }
#endif
  ev.now = tcp_alt_now();
  ev.local_ip = &pcb->local_ip;
  if (ip_addr_isany_val(pcb->local_ip)) {
    ev.local_ip = tcp_alt_out_source(netif, ipaddr);
    if (ev.local_ip == NULL) {
      return ERR_RTE;
    }
  }
  if (ip_addr_ismulticast(ipaddr) || ip_addr_isbroadcast(ipaddr, netif) ||
      ip_addr_isany_val(*ipaddr)) {
    return ERR_VAL; /* RFC 9293 MUST-46 */
  }
  ev.remote_ip = ipaddr;
  ev.remote_port = port;
  ev.local_port = pcb->local_port;
  ev.mss = tcp_alt_out_mss(cb->conn.mss, netif, ipaddr);
#if LWIP_CALLBACK_API
  ev.connected = connected;
#else
  LWIP_UNUSED_ARG(connected);
#endif
  t.local_ip = ev.local_ip;
  t.remote_ip = ipaddr;
  t.inp = NULL;
  t.local_port = ev.local_port;
  t.remote_port = port;
  if (ev.local_port == 0) {
    /* RFC 6056 3.3.3: a secret place to begin for each destination, then one after the other, so that a
     * port does not come back while the peer still remembers it. */
    static u16_t next_port;
    ev.local_port = tcp_alt_demux_free_port((u16_t)(tcp_alt_keyed(&t, 2) + next_port++));
    if (ev.local_port == 0) {
      return ERR_BUF;
    }
  } else {
    if (ip_get_option(pcb, SOF_REUSEADDR) && tcp_alt_demux_tuple_in_use(&t) != NULL) {
      return ERR_USE;
    }
    tcp_alt_demux_remove(TCP_ALT_DEMUX_ARG(&cb->demux), &tcp_bound_pcbs, pcb);
  }
  tcp_alt_conn_on_open(&cb->conn, &ev);
  tcp_alt_rod_open(&cb->rod, tcp_next_iss(pcb));
  tcp_alt_conn_show(&cb->conn, &cb->rod, &cb->flow);
#if LWIP_TCP_TIMESTAMPS
  t.local_port = ev.local_port;
  tcp_alt_rod_set_ts_offset(&cb->rod, tcp_alt_keyed(&t, 1));
#endif
  tcp_alt_demux_add(TCP_ALT_DEMUX_ARG(&cb->demux), &tcp_active_pcbs, pcb);
#if LWIP_TCP_SOCKET_OPTS
  tcp_alt_sock_forget(pcb->callback_arg);
#endif
  MIB2_STATS_INC(mib2.tcpactiveopens);
  tcp_output(pcb);
  return ERR_OK;
}

/* ---- close ---- */

/* A listener goes, and with it its children that the application has not been given yet. */
static void
app_close_listener(struct tcp_pcb_listen *lpcb)
{
  struct tcp_pcb *pcb;
  tcp_alt_demux_remove(NULL, &tcp_listen_pcbs.pcbs, (struct tcp_pcb *)(void *)lpcb);
restart:
  for (pcb = tcp_active_pcbs; pcb != NULL; pcb = pcb->next) {
    if (tcp_alt_conn_on_listener_gone(&TCP_ALT_CB(pcb)->conn, lpcb)) {
      tcp_alt_reset_and_end(TCP_ALT_CB(pcb), TCP_ERR_REASON_ABORTED);
      goto restart; /* the list has changed */
    }
  }
#if LWIP_TCP_PCB_NUM_EXT_ARGS
  tcp_alt_ext_destroy(lpcb->ext_args);
#endif
  tcp_alt_pcb_free_listener(lpcb);
}

/* The application sends no more: a FIN follows what is queued. It needs no memory. */
static void
app_close_send(struct tcp_alt_cb *cb)
{
  u32_t now = tcp_alt_now();
  switch (tcp_alt_conn_on_close(&cb->conn, now)) {
    case TCP_ALT_CLOSE_FORGET:
      tcp_alt_end(cb, ERR_OK, TCP_ERR_REASON_NONE);
      break;
    case TCP_ALT_CLOSE_FIN:
#if LWIP_TCP_USER_TIMEOUT
      if (!tcp_alt_rod_outstanding(&cb->rod)) {
        tcp_alt_conn_on_moved(&cb->conn, now);
      }
#endif
      tcp_alt_rod_close(&cb->rod);
      tcp_output(TCP_ALT_FACE(cb));
      break;
    case TCP_ALT_CLOSE_NOTHING:
    default:
      tcp_alt_tmr_rearm(cb, now); /* FIN-WAIT-2 is bounded now that nobody receives */
      break;
  }
}

/* Would closing lose data that came in (RFC 9293 3.6.1, SHLD-3)? */
static int
app_loses_data(const struct tcp_alt_cb *cb)
{
  enum tcp_state state = cb->conn.face.state;
  return (state == ESTABLISHED || state == CLOSE_WAIT) &&
         (cb->rod.refused != NULL || tcp_alt_flow_unread(&cb->flow));
}

/** Closes both directions; data in the send queue is still delivered. Data received and not consumed:
 *  RST. Always ERR_OK but for a NULL PCB; the PCB is TCP's afterwards. */
err_t
tcp_close(struct tcp_pcb *pcb)
{
  LWIP_ASSERT_CORE_LOCKED();
  TCP_ALT_LIVE("tcp_close", pcb);
  LWIP_ERROR("tcp_close: no PCB", pcb != NULL, return ERR_ARG);
  if (pcb->state == LISTEN) {
    app_close_listener((struct tcp_pcb_listen *)(void *)pcb);
    return ERR_OK;
  }
  tcp_alt_conn_on_rx_closed(&TCP_ALT_CB(pcb)->conn);
  if (app_loses_data(TCP_ALT_CB(pcb))) {
    tcp_alt_out_reset(TCP_ALT_CB(pcb));
    tcp_alt_end(TCP_ALT_CB(pcb), ERR_OK, TCP_ERR_REASON_NONE);
  } else {
    app_close_send(TCP_ALT_CB(pcb));
  }
  return ERR_OK;
}

/** Closes one direction or both. ERR_OK; ERR_CONN: a listener, or a state that sends no more. */
err_t
tcp_shutdown(struct tcp_pcb *pcb, int shut_rx, int shut_tx)
{
  LWIP_ASSERT_CORE_LOCKED();
  TCP_ALT_LIVE("tcp_shutdown", pcb);
  LWIP_ERROR("tcp_shutdown: no PCB", pcb != NULL, return ERR_ARG);
  if (pcb->state == LISTEN) {
    return ERR_CONN;
  }
  if (shut_rx) {
    struct pbuf *refused;
    if (shut_tx) {
      return tcp_close(pcb);
    }
    tcp_alt_conn_on_rx_closed(&TCP_ALT_CB(pcb)->conn);
    refused = tcp_alt_rod_take_refused(&TCP_ALT_CB(pcb)->rod);
    if (refused != NULL) {
      pbuf_free(refused);
    }
  }
  if (shut_tx && pcb->state != SYN_RCVD && pcb->state != ESTABLISHED && pcb->state != CLOSE_WAIT) {
    return ERR_CONN;
  }
  if (shut_tx || pcb->state == FIN_WAIT_2) { /* which has an end now if nobody receives any more */
    app_close_send(TCP_ALT_CB(pcb));
  }
  return ERR_OK;
}

#endif /* LWIP_TCP && LWIP_TCP_ALT */
