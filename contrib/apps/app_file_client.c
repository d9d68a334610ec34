/* SPDX-License-Identifier: BSD-3-Clause */
/** @file Fetches a file and verifies it. */
#include "app_file_client.h"

#include "app_file_server.h"
#include <string.h>

struct fetch {
  struct app_conn conn;    /* first */
  struct app_sink sink;
  u8_t requested;
  char line[APP_FILE_NAME_MAX + 2];
};

static struct fetch *
fetch_of(struct app_conn *conn)
{
  return (struct fetch *)conn;
}

static void
fetch_ready(struct app_conn *conn)
{
  struct fetch *fetch = fetch_of(conn);
  err_t err;

  if (fetch->requested) {
    return;
  }
  err = tcp_write(conn->pcb, fetch->line, (u16_t)strlen(fetch->line), TCP_WRITE_FLAG_COPY);
  if (err == ERR_OK) {
    fetch->requested = 1;
    (void)tcp_output(conn->pcb);
  } else if (err == ERR_MEM) {
    app_conn_call_later(conn);
  } else {
    app_conn_abort(conn);
  }
}

static err_t
fetch_received(struct app_conn *conn, struct pbuf *p)
{
  struct fetch *fetch = fetch_of(conn);
  u16_t len = p->tot_len;
  enum app_sink_verdict verdict = app_sink_take(&fetch->sink, p, 0, len);

  pbuf_free(p);
  if (verdict != APP_SINK_OK) {
    app_notify(&conn->observer, verdict == APP_SINK_CORRUPT ? APP_CORRUPT : APP_EXCESS,
               fetch->sink.received);
    app_conn_abort(conn);
    return ERR_OK;
  }
  tcp_recved(conn->pcb, len);
  app_notify(&conn->observer, APP_RECEIVED, len);
  return ERR_OK;
}

static void
fetch_peer_closed(struct app_conn *conn)
{
  struct fetch *fetch = fetch_of(conn);

  if (!app_sink_complete(&fetch->sink)) {
    app_notify(&conn->observer, APP_SHORT, fetch->sink.received);
  }
  app_conn_close(conn);
}

static const struct app_conn_ops fetch_ops = {
  fetch_ready, fetch_ready, fetch_received, fetch_peer_closed, NULL, NULL
};

err_t
app_file_fetch(const char *name, u32_t key, u32_t len, const struct app_observer *observer,
               const ip_addr_t *addr, u16_t port)
{
  struct fetch *fetch;
  size_t name_len = strlen(name);

  if (name_len > APP_FILE_NAME_MAX) {
    return ERR_ARG;
  }
  fetch = fetch_of(app_conn_alloc(sizeof(*fetch), &fetch_ops, observer));
  if (fetch == NULL) {
    return ERR_MEM;
  }
  memcpy(fetch->line, name, name_len);
  fetch->line[name_len] = '\n';
  app_sink_open(&fetch->sink, key, len);
  return app_conn_connect(&fetch->conn, addr, port);
}
