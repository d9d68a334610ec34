/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * One connection moved by hand: what its application writes, and when it closes, comes from outside.
 * It reads at once what arrives. For tools/replay, which has both from a capture.
 */
#include "host.h"

#include <stdlib.h>
#include <string.h>

#include "app_conn.h"

struct hand {
  struct app_conn conn; /* first */
};

static struct hand *hand; /* the connection, once it is open */
static struct app_listener listener;
static uint8_t *queue;    /* what the application wants to write, from the first byte on */
static size_t queued, written;
static int ends;          /* then it closes */

/* Offers less and less while TCP lacks memory for the whole; 0: it takes nothing. */
static size_t
write_some(struct tcp_pcb *pcb)
{
  size_t len = LWIP_MIN(queued - written, LWIP_MIN((size_t)tcp_sndbuf(pcb), 0xffffu));

  while (len != 0 && tcp_write(pcb, queue + written, (u16_t)len, TCP_WRITE_FLAG_COPY) != ERR_OK) {
    len /= 2;
  }
  written += len;
  return len;
}

/* Writes what TCP takes, and ends when nothing is left. */
static void
go_on(struct app_conn *conn)
{
  size_t before = written;

  while (written < queued && write_some(conn->pcb) != 0) {
  }
  if (written != before) {
    (void)tcp_output(conn->pcb);
  }
  if (written < queued) {
    app_conn_call_later(conn); /* `sent` may come before */
  }
  if (ends && written == queued) {
    if (conn->peer_closed) {
      app_conn_close(conn);
    } else {
      app_conn_shutdown(conn);
    }
  }
}

static err_t
hand_received(struct app_conn *conn, struct pbuf *p)
{
  app_notify(&conn->observer, APP_RECEIVED, p->tot_len);
  tcp_recved(conn->pcb, p->tot_len);
  pbuf_free(p);
  go_on(conn);
  return ERR_OK;
}

static void
hand_connected(struct app_conn *conn)
{
  hand = (struct hand *)conn;
  go_on(conn);
}

static void
hand_released(struct app_conn *conn)
{
  if (hand == (struct hand *)conn) {
    hand = NULL;
  }
}

static const struct app_conn_ops ops = {hand_connected, go_on, hand_received, go_on, NULL, hand_released};

static struct app_conn *
make(struct app_listener *from)
{
  return hand == NULL ? app_conn_alloc(sizeof(struct hand), &ops, &from->observer) : NULL;
}

err_t
hand_listen(const struct app_observer *observer, u8_t iptype, u16_t port)
{
  listener.make = make;
  listener.observer = *observer;
  return app_listen(&listener, iptype, port);
}

err_t
hand_connect(const struct app_observer *observer, const ip_addr_t *addr, u16_t port)
{
  struct app_conn *conn = app_conn_alloc(sizeof(struct hand), &ops, observer);

  return conn == NULL ? ERR_MEM : app_conn_connect(conn, addr, port);
}

void
hand_stop(void)
{
  app_listen_stop(&listener);
}

static void
enqueue(const uint8_t *bytes, size_t len)
{
  uint8_t *larger = realloc(queue, queued + len);

  if (larger == NULL) {
    abort();
  }
  queue = larger;
  memcpy(queue + queued, bytes, len);
  queued += len;
}

void
simhost_hand(enum simhost_hand what, const uint8_t *bytes, size_t len)
{
  switch (what) {
    case SIMHOST_HAND_QUEUE:
      if (len != 0) {
        enqueue(bytes, len);
      }
      break;
    case SIMHOST_HAND_END:
      ends = 1;
      break;
    case SIMHOST_HAND_GO:
      if (hand != NULL) {
        go_on(&hand->conn);
      }
      break;
    case SIMHOST_HAND_ABORT:
      if (hand != NULL) {
        app_conn_abort(&hand->conn);
      }
      break;
  }
}
