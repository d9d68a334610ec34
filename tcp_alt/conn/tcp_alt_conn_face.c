/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * conn: the functions of lwIP's API that only note something in the connection. Units, ranges and
 * errors are lwIP's: lwip/tcp.h.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/priv/tcp_alt_conn.h"
#include "lwip/priv/tcp_alt_component.h"

/** tcp_arg(): what the callbacks get as their first argument; a listener's children inherit it. */
void
tcp_arg(struct tcp_pcb *pcb, void *arg)
{
  LWIP_ASSERT_CORE_LOCKED();
  TCP_ALT_LIVE("tcp_arg", pcb);
  if (pcb != NULL) {
    pcb->callback_arg = arg;
  }
}

/** tcp_setprio(): TCP_PRIO_MIN..TCP_PRIO_MAX; the lowest is killed first when the pool is dry. */
void
tcp_setprio(struct tcp_pcb *pcb, u8_t prio)
{
  LWIP_ASSERT_CORE_LOCKED();
  TCP_ALT_LIVE("tcp_setprio", pcb);
  LWIP_ERROR("tcp_setprio: no PCB", pcb != NULL, return);
  pcb->prio = prio;
}

#if LWIP_CALLBACK_API

/** tcp_recv(): called with data in order, and with NULL when the peer has closed. */
void
tcp_recv(struct tcp_pcb *pcb, tcp_recv_fn recv)
{
  LWIP_ASSERT_CORE_LOCKED();
  TCP_ALT_LIVE("tcp_recv", pcb);
  if (pcb != NULL) {
    LWIP_ASSERT("tcp_recv: a listener receives nothing", pcb->state != LISTEN);
    TCP_ALT_CONN(pcb)->recv = recv;
  }
}

/** tcp_sent(): called with the number of bytes acknowledged. */
void
tcp_sent(struct tcp_pcb *pcb, tcp_sent_fn sent)
{
  LWIP_ASSERT_CORE_LOCKED();
  TCP_ALT_LIVE("tcp_sent", pcb);
  if (pcb != NULL) {
    LWIP_ASSERT("tcp_sent: a listener sends nothing", pcb->state != LISTEN);
    TCP_ALT_CONN(pcb)->sent = sent;
  }
}

/** tcp_err(): called when the connection has ended and the PCB is freed already. */
void
tcp_err(struct tcp_pcb *pcb, tcp_err_fn err)
{
  LWIP_ASSERT_CORE_LOCKED();
  TCP_ALT_LIVE("tcp_err", pcb);
  if (pcb != NULL) {
    LWIP_ASSERT("tcp_err: a listener has no errors", pcb->state != LISTEN);
    TCP_ALT_CONN(pcb)->errf = err;
  }
}

/** tcp_accept(): called with each new connection of a listener; ignored for other PCBs. */
void
tcp_accept(struct tcp_pcb *pcb, tcp_accept_fn accept)
{
  LWIP_ASSERT_CORE_LOCKED();
  TCP_ALT_LIVE("tcp_accept", pcb);
  if (pcb != NULL && pcb->state == LISTEN) {
    ((struct tcp_pcb_listen *)(void *)pcb)->accept = accept;
  }
}

#endif /* LWIP_CALLBACK_API */

#if TCP_LISTEN_BACKLOG
/** Connections that may wait; 0 means 1. Only for a listener. */
void
tcp_backlog_set(struct tcp_pcb *pcb, u8_t backlog)
{
  TCP_ALT_LIVE("tcp_backlog_set", pcb);
  LWIP_ASSERT("tcp_backlog_set: not a listener", pcb->state == LISTEN);
  ((struct tcp_pcb_listen *)(void *)pcb)->backlog = backlog != 0 ? backlog : 1;
}
#endif

#if LWIP_TCP_PCB_COMPAT
void
tcp_alt_conn_show(struct tcp_alt_conn *conn, const struct tcp_alt_rod *rod,
                  const struct tcp_alt_flow *flow)
{
  conn->face.snd_buf = flow->snd_buf;
  conn->face.snd_queuelen = rod->queuelen;
  conn->face.mss = conn->mss;
}
#endif

void
tcp_alt_conn_set_flags(struct tcp_pcb *pcb, tcpflags_t set, tcpflags_t clear)
{
  if (pcb->state != LISTEN) {
    pcb->flags = (tcpflags_t)((pcb->flags | set) & ~clear);
  }
}

void
tcp_local_ip_type_set(struct tcp_pcb *pcb, u8_t type)
{
  TCP_ALT_LIVE("tcp_local_ip_type_set", pcb);
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(type);
  IP_SET_TYPE_VAL(pcb->local_ip, type);
}

void
tcp_remote_ip_type_set(struct tcp_pcb *pcb, u8_t type)
{
  TCP_ALT_LIVE("tcp_remote_ip_type_set", pcb);
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(type);
  IP_SET_TYPE_VAL(pcb->remote_ip, type);
}

void
tcp_tos_set(struct tcp_pcb *pcb, u8_t tos)
{
  TCP_ALT_LIVE("tcp_tos_set", pcb);
  pcb->tos = tos;
}

void
tcp_ttl_set(struct tcp_pcb *pcb, u8_t ttl)
{
  TCP_ALT_LIVE("tcp_ttl_set", pcb);
  pcb->ttl = ttl;
}

void
tcp_alt_conn_set_so_options(struct ip_pcb *pcb, u8_t options)
{
  pcb->so_options = options;
}

void
tcp_alt_conn_bind_netif(struct tcp_pcb *pcb, u8_t netif_idx)
{
  pcb->netif_idx = netif_idx;
}

void
tcp_alt_conn_set_local_ip(struct tcp_pcb *pcb, const ip_addr_t *ip)
{
  ip_addr_copy(pcb->local_ip, *ip);
}

void
tcp_alt_conn_set_keep(struct tcp_pcb *pcb, enum tcp_alt_keep which, u32_t value)
{
  if (pcb->state == LISTEN) {
    return;
  }
  switch (which) {
#if LWIP_TCP_KEEPALIVE
    case TCP_ALT_KEEP_INTVL:
      pcb->keep_intvl = value;
      break;
    case TCP_ALT_KEEP_CNT:
      pcb->keep_cnt = value;
      break;
#endif
    case TCP_ALT_KEEP_IDLE:
    default:
      pcb->keep_idle = value;
      break;
  }
}

#if LWIP_TCP_ICMP
void
tcp_alt_conn_on_soft_error(struct tcp_alt_conn *conn, enum tcp_soft_error error)
{
  conn->soft_error = (u8_t)error;
}

void
tcp_alt_conn_set_soft_error_fn(struct tcp_alt_conn *conn, tcp_soft_error_fn fn)
{
  conn->soft_error_fn = fn;
}
#endif

#if LWIP_TCP_URGENT
void
tcp_alt_conn_set_urgent_fn(struct tcp_alt_conn *conn, tcp_urgent_fn fn)
{
  conn->urgent_fn = fn;
}
#endif

#if LWIP_TCP_PCB_NUM_EXT_ARGS
void
tcp_alt_conn_set_ext(struct tcp_pcb *pcb, u8_t id, const struct tcp_ext_arg_callbacks *callbacks,
                     void *data)
{
  pcb->ext_args[id].callbacks = callbacks;
  pcb->ext_args[id].data = data;
}
#endif

#endif /* LWIP_TCP && LWIP_TCP_ALT */
