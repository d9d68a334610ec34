/* SPDX-License-Identifier: BSD-3-Clause */
/** @file One TCP connection in an application's hands. */
#include "app_conn.h"

#include "lwip/mem.h"
#include "lwip/pbuf.h"
#include <string.h>

/* Polls are in units of 500 ms. */
#define APP_POLL_INTERVAL 1

static struct app_conn *live;

static void
unlink_live(struct app_conn *conn)
{
  struct app_conn **at = &live;

  while (*at != NULL && *at != conn) {
    at = &(*at)->next;
  }
  if (*at != NULL) {
    *at = conn->next;
  }
}

static void
free_conn(struct app_conn *conn)
{
  unlink_live(conn);
  if (conn->ops->released != NULL) {
    conn->ops->released(conn);
  }
  mem_free(conn);
}

/* The connection is no longer ours: say so, and free it as soon as no callback
 * of ours stands on it. */
static void
end(struct app_conn *conn, enum app_event event, u32_t value)
{
  conn->pcb = NULL;
  conn->over = 1;
  conn->depth++;
  app_notify(&conn->observer, event, value);
  conn->depth--;
  if (conn->depth == 0) {
    free_conn(conn);
  }
}

static void
enter(struct app_conn *conn)
{
  conn->depth++;
}

/* Leaves a callback; what lwIP has to be told. */
static err_t
leave(struct app_conn *conn, err_t result)
{
  if (conn->aborted) {
    result = ERR_ABRT;
  }
  conn->depth--;
  if (conn->over && conn->depth == 0) {
    free_conn(conn);
  }
  return result;
}

static void
retry(struct app_conn *conn)
{
  tcp_poll(conn->pcb, NULL, 0);
  if (conn->want_close) {
    app_conn_close(conn);
  } else {
    if (conn->want_shut) {
      app_conn_shutdown(conn);
    }
    if (!conn->over) {
      conn->ops->ready(conn);
    }
  }
}

static err_t
on_poll(void *arg, struct tcp_pcb *pcb)
{
  struct app_conn *conn = (struct app_conn *)arg;

  LWIP_UNUSED_ARG(pcb);
  enter(conn);
  retry(conn);
  return leave(conn, ERR_OK);
}

static err_t
on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  struct app_conn *conn = (struct app_conn *)arg;

  LWIP_UNUSED_ARG(pcb);
  enter(conn);
  app_notify(&conn->observer, APP_ACKED, len);
  if (conn->ops->acked != NULL) {
    conn->ops->acked(conn, len);
  }
  if (!conn->over) {
    conn->ops->ready(conn);
  }
  return leave(conn, ERR_OK);
}

static err_t
on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  struct app_conn *conn = (struct app_conn *)arg;
  err_t result = ERR_OK;

  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(err);
  enter(conn);
  if (p != NULL) {
    result = conn->ops->received(conn, p);
  } else {
    conn->peer_closed = 1;
    conn->ops->peer_closed(conn);
  }
  return leave(conn, result);
}

static void
on_err(void *arg, err_t err)
{
  struct app_conn *conn = (struct app_conn *)arg;

  if (conn != NULL) {
    end(conn, APP_ABORTED, (u32_t)-err);
  }
}

static err_t
on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
  struct app_conn *conn = (struct app_conn *)arg;

  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(err);
  enter(conn);
  app_notify(&conn->observer, APP_CONNECTED, 0);
  conn->ops->connected(conn);
  return leave(conn, ERR_OK);
}

static void
attach(struct app_conn *conn)
{
  tcp_arg(conn->pcb, conn);
  tcp_recv(conn->pcb, on_recv);
  tcp_sent(conn->pcb, on_sent);
  tcp_err(conn->pcb, on_err);
}

static void
detach(struct app_conn *conn)
{
  tcp_arg(conn->pcb, NULL);
  tcp_recv(conn->pcb, NULL);
  tcp_sent(conn->pcb, NULL);
  tcp_err(conn->pcb, NULL);
  tcp_poll(conn->pcb, NULL, 0);
}

struct app_conn *
app_conn_alloc(size_t size, const struct app_conn_ops *ops,
               const struct app_observer *observer)
{
  struct app_conn *conn = (struct app_conn *)mem_malloc((mem_size_t)size);

  if (conn != NULL) {
    memset(conn, 0, size);
    conn->ops = ops;
    conn->observer = *observer;
    conn->next = live;
    live = conn;
  }
  return conn;
}

err_t
app_conn_connect(struct app_conn *conn, const ip_addr_t *addr, u16_t port)
{
  err_t err = ERR_MEM;

  conn->is_client = 1;
  conn->pcb = tcp_new_ip_type(IP_GET_TYPE(addr));
  if (conn->pcb != NULL) {
    attach(conn);
    err = tcp_connect(conn->pcb, addr, port, on_connected);
    if (err != ERR_OK) {
      detach(conn);
      tcp_abort(conn->pcb);
    }
  }
  if (err != ERR_OK) {
    free_conn(conn);
  }
  return err;
}

static err_t
on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  struct app_listener *listener = (struct app_listener *)arg;
  struct app_conn *conn;

  if (err != ERR_OK || pcb == NULL) {
    return ERR_VAL; /* the stack had no memory for it: nothing to take */
  }
  conn = listener->make(listener);
  if (conn == NULL) {
    return ERR_MEM; /* the stack aborts it */
  }
  conn->pcb = pcb;
  attach(conn);
  enter(conn);
  app_notify(&conn->observer, APP_CONNECTED, 0);
  conn->ops->connected(conn);
  return leave(conn, ERR_OK);
}

/* IP4_ADDR_ANY and IP6_ADDR_ANY exist only where their protocol does. */
static const ip_addr_t *
any_address(u8_t iptype)
{
#if LWIP_IPV4 && LWIP_IPV6
  if (iptype == IPADDR_TYPE_V6) {
    return IP6_ADDR_ANY;
  }
  return iptype == IPADDR_TYPE_V4 ? IP4_ADDR_ANY : IP_ANY_TYPE;
#else
  LWIP_UNUSED_ARG(iptype);
  return IP_ADDR_ANY;
#endif
}

err_t
app_listen(struct app_listener *listener, u8_t iptype, u16_t port)
{
  struct tcp_pcb *pcb = tcp_new_ip_type(iptype);
  struct tcp_pcb *listening;
  err_t err;

  if (pcb == NULL) {
    return ERR_MEM;
  }
  err = tcp_bind(pcb, any_address(iptype), port);
  listening = err == ERR_OK ? tcp_listen(pcb) : NULL;
  if (listening == NULL) {
    tcp_abort(pcb);
    return err == ERR_OK ? ERR_MEM : err;
  }
  listener->pcb = listening;
  tcp_arg(listening, listener);
  tcp_accept(listening, on_accept);
  return ERR_OK;
}

void
app_listen_stop(struct app_listener *listener)
{
  if (listener->pcb != NULL) {
    tcp_arg(listener->pcb, NULL);
    tcp_accept(listener->pcb, NULL);
    (void)tcp_close(listener->pcb); /* closing a listener cannot fail */
    listener->pcb = NULL;
  }
}

void
app_conn_call_later(struct app_conn *conn)
{
  tcp_poll(conn->pcb, on_poll, APP_POLL_INTERVAL);
}

void
app_conn_shutdown(struct app_conn *conn)
{
  if (conn->over || conn->shut) {
    return;
  }
  conn->want_shut = tcp_shutdown(conn->pcb, 0, 1) != ERR_OK;
  if (conn->want_shut) {
    app_conn_call_later(conn);
  } else {
    conn->shut = 1;
  }
}

void
app_conn_close(struct app_conn *conn)
{
  if (conn->over) {
    return;
  }
  detach(conn);
  conn->want_close = tcp_close(conn->pcb) != ERR_OK;
  if (conn->want_close) {
    attach(conn);
    app_conn_call_later(conn);
  } else {
    end(conn, APP_CLOSED, 0);
  }
}

void
app_conn_abort(struct app_conn *conn)
{
  if (conn->over) {
    return;
  }
  detach(conn);
  tcp_abort(conn->pcb);
  conn->aborted = 1;
  end(conn, APP_ABORTED, (u32_t)-ERR_ABRT);
}

int
app_conn_alive(const struct app_conn *conn)
{
  return !conn->over;
}

u16_t
app_conn_client_port(const struct app_conn *conn)
{
  ip_addr_t addr;
  u16_t port = 0;

  (void)tcp_tcp_get_tcp_addrinfo(conn->pcb, conn->is_client, &addr, &port);
  return port;
}

unsigned
app_conn_count(void)
{
  const struct app_conn *conn;
  unsigned count = 0;

  for (conn = live; conn != NULL; conn = conn->next) {
    count++;
  }
  return count;
}

void
app_conn_abort_all(void)
{
  while (live != NULL) {
    app_conn_abort(live);
  }
}
