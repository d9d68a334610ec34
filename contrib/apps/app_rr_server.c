/* SPDX-License-Identifier: BSD-3-Clause */
/** @file Answers requests of app_rr.h. */
#include "app_rr_server.h"

#include "app_pattern.h"
#include "app_rr.h"
#include "app_sink.h"
#include "app_source.h"

struct rr_session {
  struct app_conn conn;            /* first */
  u8_t raw[APP_RR_HEADER_LEN];
  u8_t raw_len;                    /* header bytes seen; complete: a request is under way */
  struct app_rr_header request;
  struct app_sink body;            /* its totals run on over all requests */
  struct app_source reply;         /* likewise */
};

static struct rr_session *
session_of(struct app_conn *conn)
{
  return (struct rr_session *)conn;
}

static int
replying(const struct rr_session *session)
{
  return !app_source_done(&session->reply);
}

static void
session_connected(struct app_conn *conn)
{
  struct rr_session *session = session_of(conn);
  u16_t port = app_conn_client_port(conn);

  app_sink_open(&session->body, app_pattern_key(port, APP_TO_SERVER), 0);
  (void)app_source_open(&session->reply, app_pattern_key(port, APP_TO_CLIENT), 0, 0);
}

static void
session_ready(struct app_conn *conn)
{
  struct rr_session *session = session_of(conn);
  err_t err = app_source_pump(&session->reply, conn->pcb);

  if (err == ERR_MEM) {
    app_conn_call_later(conn);
  } else if (err != ERR_OK) {
    app_conn_abort(conn);
  } else if (!replying(session) &&
             (conn->peer_closed || (session->request.flags & APP_RR_FLAG_LAST) != 0)) {
    app_conn_close(conn);
  }
}

/* Takes header bytes; returns how many, or -1 if it makes no sense. */
static int
take_header(struct rr_session *session, const struct pbuf *p, u16_t offset)
{
  u16_t want = (u16_t)(APP_RR_HEADER_LEN - session->raw_len);
  u16_t got = pbuf_copy_partial(p, session->raw + session->raw_len, want, offset);

  session->raw_len = (u8_t)(session->raw_len + got);
  if (session->raw_len == APP_RR_HEADER_LEN) {
    app_rr_decode(&session->request, session->raw);
    if (session->request.request_len < APP_RR_HEADER_LEN) {
      return -1;
    }
    session->body.expected += session->request.request_len - APP_RR_HEADER_LEN;
  }
  return got;
}

/* Takes what belongs to the request under way; returns the bytes taken, or -1. */
static int
take(struct rr_session *session, const struct pbuf *p, u16_t offset)
{
  u16_t len;

  if (session->raw_len < APP_RR_HEADER_LEN) {
    return take_header(session, p, offset);
  }
  len = (u16_t)LWIP_MIN((u32_t)(p->tot_len - offset),
                        session->body.expected - session->body.received);
  if (app_sink_take(&session->body, p, offset, len) != APP_SINK_OK) {
    app_notify(&session->conn.observer, APP_CORRUPT, session->body.received);
    return -1;
  }
  return len;
}

static int
request_complete(const struct rr_session *session)
{
  return session->raw_len == APP_RR_HEADER_LEN && app_sink_complete(&session->body);
}

static err_t
session_received(struct app_conn *conn, struct pbuf *p)
{
  struct rr_session *session = session_of(conn);
  u16_t len = p->tot_len;
  u16_t offset = 0;

  /* One request at a time: the next has to wait in TCP. */
  if (replying(session)) {
    return ERR_MEM;
  }
  while (offset < len && !replying(session)) {
    int taken = take(session, p, offset);
    if (taken < 0) {
      pbuf_free(p);
      app_conn_abort(conn);
      return ERR_OK;
    }
    offset = (u16_t)(offset + taken);
    if (request_complete(session)) {
      session->raw_len = 0;
      session->reply.total += session->request.response_len;
      if (offset < len && replying(session)) {
        /* A client that pipelines is not ours: app_rr_client waits. */
        pbuf_free(p);
        app_conn_abort(conn);
        return ERR_OK;
      }
    }
  }
  pbuf_free(p);
  tcp_recved(conn->pcb, len);
  app_notify(&conn->observer, APP_RECEIVED, len);
  session_ready(conn);
  return ERR_OK;
}

static void
session_peer_closed(struct app_conn *conn)
{
  session_ready(conn);
}

static const struct app_conn_ops session_ops = {
  session_connected, session_ready, session_received, session_peer_closed, NULL, NULL
};

static struct app_conn *
make_session(struct app_listener *listener)
{
  return app_conn_alloc(sizeof(struct rr_session), &session_ops, &listener->observer);
}

err_t
app_rr_serve(struct app_rr_server *server, const struct app_observer *observer,
             u8_t iptype, u16_t port)
{
  server->listener.make = make_session;
  server->listener.observer = *observer;
  return app_listen(&server->listener, iptype, port);
}
