/* SPDX-License-Identifier: BSD-3-Clause */
/** @file Bulk transfer in either direction or both. */
#include "app_stream.h"

#include "app_pattern.h"

static struct app_stream *
stream_of(struct app_conn *conn)
{
  return (struct app_stream *)conn;
}

/* Sends our FIN when all is written; gives the connection up when the peer
 * has finished, too. */
static void
end_if_done(struct app_stream *stream)
{
  struct app_conn *conn = &stream->conn;
  int nothing_at_all = stream->config.tx_bytes == 0 && stream->config.rx_bytes == 0;

  if (stream->config.keep_open && !conn->peer_closed) {
    return;
  }
  if (!app_source_done(&stream->source)) {
    return;
  }
  if (conn->peer_closed || (conn->is_client && nothing_at_all)) {
    if (app_source_released(&stream->source)) {
      app_conn_close(conn);
    }
  } else if (stream->config.tx_bytes != 0) {
    app_conn_shutdown(conn);
  }
}

static void
stream_ready(struct app_conn *conn)
{
  struct app_stream *stream = stream_of(conn);
  err_t err = ERR_OK;

  if (!conn->shut) {
    err = app_source_pump(&stream->source, conn->pcb);
  }
  if (err == ERR_OK) {
    end_if_done(stream);
  } else if (err == ERR_MEM) {
    app_conn_call_later(conn);
  } else {
    app_conn_abort(conn);
  }
}

static void
stream_connected(struct app_conn *conn)
{
  struct app_stream *stream = stream_of(conn);
  enum app_direction out = conn->is_client ? APP_TO_SERVER : APP_TO_CLIENT;
  enum app_direction in = conn->is_client ? APP_TO_CLIENT : APP_TO_SERVER;
  u16_t port = app_conn_client_port(conn);

  app_sink_open(&stream->sink, app_pattern_key(port, in), stream->config.rx_bytes);
  if (app_source_open(&stream->source, app_pattern_key(port, out), stream->config.tx_bytes,
                      stream->config.zero_copy) != ERR_OK) {
    app_conn_abort(conn);
    return;
  }
  stream_ready(conn);
}

static void
report_bad_data(struct app_stream *stream, enum app_sink_verdict verdict, u16_t len)
{
  struct app_conn *conn = &stream->conn;

  if (verdict == APP_SINK_CORRUPT) {
    app_notify(&conn->observer, APP_CORRUPT, stream->sink.received);
  } else {
    app_notify(&conn->observer, APP_EXCESS, len);
  }
  app_conn_abort(conn);
}

static int
refuses(struct app_stream *stream, u16_t len)
{
  if (stream->sink.expected - stream->sink.received <= len) {
    /* Legacy TCP forgets data that is still refused when TIME-WAIT ends, so
     * the last delivery is a case of its own. */
    int refuse = stream->config.refuse_last && !stream->last_refused;
    stream->last_refused = 1;
    return refuse;
  }
  if (stream->config.refuse_every == 0) {
    return 0;
  }
  stream->deliveries++;
  return stream->deliveries % stream->config.refuse_every == 0;
}

static err_t
stream_received(struct app_conn *conn, struct pbuf *p)
{
  struct app_stream *stream = stream_of(conn);
  u16_t len = p->tot_len;
  enum app_sink_verdict verdict;

  if (refuses(stream, len)) {
    return ERR_MEM;
  }
  verdict = app_sink_take(&stream->sink, p, 0, len);
  pbuf_free(p);
  if (verdict != APP_SINK_OK) {
    report_bad_data(stream, verdict, len);
    return ERR_OK;
  }
  if (stream->paused) {
    stream->unread += len;
  } else {
    tcp_recved(conn->pcb, len);
  }
  app_notify(&conn->observer, APP_RECEIVED, len);
  return ERR_OK;
}

static void
stream_peer_closed(struct app_conn *conn)
{
  struct app_stream *stream = stream_of(conn);

  if (!app_sink_complete(&stream->sink)) {
    app_notify(&conn->observer, APP_SHORT, stream->sink.received);
  }
  app_stream_pause(stream, 0);
  end_if_done(stream);
}

static void
stream_acked(struct app_conn *conn, u16_t len)
{
  app_source_acked(&stream_of(conn)->source, len);
}

static void
stream_released(struct app_conn *conn)
{
  app_source_close(&stream_of(conn)->source);
}

static const struct app_conn_ops stream_ops = {
  stream_connected, stream_ready, stream_received, stream_peer_closed, stream_acked,
  stream_released
};

static struct app_stream *
stream_new(const struct app_stream_config *config, const struct app_observer *observer)
{
  struct app_stream *stream =
    stream_of(app_conn_alloc(sizeof(struct app_stream), &stream_ops, observer));

  if (stream != NULL) {
    stream->config = *config;
  }
  return stream;
}

struct app_stream *
app_stream_connect(const struct app_stream_config *config,
                   const struct app_observer *observer, const ip_addr_t *addr, u16_t port)
{
  struct app_stream *stream = stream_new(config, observer);

  if (stream != NULL && app_conn_connect(&stream->conn, addr, port) != ERR_OK) {
    stream = NULL;
  }
  return stream;
}

static struct app_conn *
serve_one(struct app_listener *listener)
{
  struct app_stream_server *server = (struct app_stream_server *)listener;
  struct app_stream *stream = stream_new(&server->config, &listener->observer);

  if (stream == NULL) {
    return NULL;
  }
  if (server->accepted != NULL) {
    server->accepted(server, stream);
  }
  return &stream->conn;
}

err_t
app_stream_serve(struct app_stream_server *server, const struct app_stream_config *config,
                 const struct app_observer *observer, u8_t iptype, u16_t port)
{
  server->config = *config;
  server->listener.make = serve_one;
  server->listener.observer = *observer;
  return app_listen(&server->listener, iptype, port);
}

void
app_stream_finish(struct app_stream *stream)
{
  stream->config.keep_open = 0;
  if (!app_conn_alive(&stream->conn)) {
    return;
  }
  /* Kept open with nothing to send: this end is the one that closes. */
  if (app_source_done(&stream->source) && stream->config.tx_bytes == 0) {
    app_conn_close(&stream->conn);
  } else {
    end_if_done(stream);
  }
}

void
app_stream_pause(struct app_stream *stream, int paused)
{
  stream->paused = (u8_t)paused;
  if (paused || !app_conn_alive(&stream->conn)) {
    return;
  }
  while (stream->unread != 0) {
    u16_t len = (u16_t)LWIP_MIN(stream->unread, 0xffffu);
    stream->unread -= len;
    tcp_recved(stream->conn.pcb, len);
  }
}
