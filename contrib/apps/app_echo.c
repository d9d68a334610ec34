/* SPDX-License-Identifier: BSD-3-Clause */
/** @file Echo server. */
#include "app_echo.h"

#include "lwip/pbuf.h"

struct echo {
  struct app_conn conn;   /* first */
  struct pbuf *pending;   /* received, not yet written back */
};

static struct echo *
echo_of(struct app_conn *conn)
{
  return (struct echo *)conn;
}

static void
echo_connected(struct app_conn *conn)
{
  LWIP_UNUSED_ARG(conn);
}

/* Writes back what fits. The window is given back only for what was written,
 * so a peer that does not read is stopped by its own window. */
static err_t
write_back(struct echo *echo)
{
  struct tcp_pcb *pcb = echo->conn.pcb;

  while (echo->pending != NULL) {
    u16_t len = (u16_t)LWIP_MIN(echo->pending->len, tcp_sndbuf(pcb));
    err_t err;

    if (len == 0) {
      return ERR_OK; /* `sent` follows */
    }
    err = tcp_write(pcb, echo->pending->payload, len, TCP_WRITE_FLAG_COPY);
    if (err != ERR_OK) {
      return err;
    }
    echo->pending = pbuf_free_header(echo->pending, len);
    tcp_recved(pcb, len);
  }
  return ERR_OK;
}

static void
echo_ready(struct app_conn *conn)
{
  struct echo *echo = echo_of(conn);
  err_t err = write_back(echo);

  if (err == ERR_MEM) {
    app_conn_call_later(conn);
  } else if (err != ERR_OK) {
    app_conn_abort(conn);
    return;
  }
  (void)tcp_output(conn->pcb);
  if (echo->pending == NULL && conn->peer_closed) {
    app_conn_close(conn);
  }
}

static err_t
echo_received(struct app_conn *conn, struct pbuf *p)
{
  struct echo *echo = echo_of(conn);

  if (echo->pending != NULL && (u32_t)echo->pending->tot_len + p->tot_len > 0xffffu) {
    return ERR_MEM; /* a chain cannot be longer: TCP keeps it for us */
  }
  app_notify(&conn->observer, APP_RECEIVED, p->tot_len);
  if (echo->pending == NULL) {
    echo->pending = p;
  } else {
    pbuf_cat(echo->pending, p);
  }
  echo_ready(conn);
  return ERR_OK;
}

static void
echo_released(struct app_conn *conn)
{
  struct echo *echo = echo_of(conn);

  if (echo->pending != NULL) {
    pbuf_free(echo->pending);
  }
}

static const struct app_conn_ops echo_ops = {
  echo_connected, echo_ready, echo_received, echo_ready, NULL, echo_released
};

static struct app_conn *
make_echo(struct app_listener *listener)
{
  return app_conn_alloc(sizeof(struct echo), &echo_ops, &listener->observer);
}

err_t
app_echo_serve(struct app_echo_server *server, const struct app_observer *observer,
               u8_t iptype, u16_t port)
{
  server->listener.make = make_echo;
  server->listener.observer = *observer;
  return app_listen(&server->listener, iptype, port);
}
