/* SPDX-License-Identifier: BSD-3-Clause */
/** @file What the Linux application's connections carry: streams, requests, responses. */
#include "peer.h"

#include <stdlib.h>
#include <string.h>

#include "../../../tests/sim/core/fatal.h"
#include "app_pattern.h"

static uint64_t *asked_ns, *latency_ns;
static uint32_t issued;

/* Checks bytes of the pattern; how many were due, or -1 if one is wrong. */
static int64_t
take_pattern(struct conn *conn, const uint8_t *bytes, uint32_t len)
{
  uint32_t due = conn->in_total - conn->in_taken;
  uint32_t right;

  len = len < due ? len : due;
  right = app_pattern_match(conn->in_key, conn->in_taken, bytes, len);
  conn->in_taken += right;
  if (right != len) {
    result.corrupt++;
    return -1;
  }
  return len;
}

static int
take_all(struct conn *conn, const uint8_t *bytes, uint32_t len)
{
  int64_t taken = take_pattern(conn, bytes, len);

  if (taken >= 0 && taken != len) {
    result.excess++;
  }
  return taken == len ? 0 : -1;
}

/* ---- stream ------------------------------------------------------------ */

static void
stream_opened(struct conn *conn)
{
  conn->out_total = opt.tx;
  conn->in_total = opt.rx;
}

static void
stream_at_rest(struct conn *conn)
{
  if (conn->peer_closed && conn->in_taken != conn->in_total) {
    result.too_short++;
  }
  if (conn->peer_closed) {
    conn_release(conn, 0);
  } else if (opt.tx != 0) {
    conn_shut(conn);
  }
}

/* ---- request/response -------------------------------------------------- */

static int
rrserve_arrived(struct conn *conn, const uint8_t *bytes, uint32_t len)
{
  while (len != 0) {
    int64_t taken;

    if (conn->header_len < APP_RR_HEADER_LEN) {
      conn->header[conn->header_len++] = *bytes;
      taken = 1;
      if (conn->header_len == APP_RR_HEADER_LEN) {
        app_rr_decode(&conn->request, conn->header);
        if (conn->request.request_len < APP_RR_HEADER_LEN) {
          return -1;
        }
        conn->in_total += conn->request.request_len - APP_RR_HEADER_LEN;
      }
    } else {
      taken = take_pattern(conn, bytes, len);
    }
    if (taken < 0) {
      return -1;
    }
    if (conn->header_len == APP_RR_HEADER_LEN && conn->in_taken == conn->in_total) {
      conn->header_len = 0;
      conn->out_total += conn->request.response_len;
    }
    bytes += taken;
    len -= (uint32_t)taken;
  }
  return 0;
}

static void
rrserve_at_rest(struct conn *conn)
{
  if (conn->peer_closed || (conn->request.flags & APP_RR_FLAG_LAST) != 0) {
    conn_release(conn, 0);
  }
}

static void
issue(struct conn *conn)
{
  struct app_rr_header header = {opt.request_len, opt.response_len, 0};

  app_rr_encode(&header, conn->header);
  conn->header_len = APP_RR_HEADER_LEN;
  conn->out_total += opt.request_len - APP_RR_HEADER_LEN;
  conn->in_total += opt.response_len;
  conn->busy = 1;
  conn->number = issued++;
  asked_ns[conn->number] = clock_ns();
  result.requests++;
}

/* The next request of this connection, if there is one, or its end. */
static void
carry_on(struct conn *conn)
{
  if (issued < opt.requests) {
    issue(conn);
  } else {
    conn_shut(conn);
  }
}

static int
rr_arrived(struct conn *conn, const uint8_t *bytes, uint32_t len)
{
  if (take_all(conn, bytes, len) != 0) {
    return -1;
  }
  if (conn->busy && conn->in_taken == conn->in_total) {
    conn->busy = 0;
    latency_ns[conn->number] = clock_ns() - asked_ns[conn->number];
    result.responses++;
    carry_on(conn);
  }
  return 0;
}

static void
rr_at_rest(struct conn *conn)
{
  if (conn->peer_closed) {
    result.too_short += conn->busy != 0;
    conn_release(conn, 0);
  }
}

static void
rrserve_opened(struct conn *conn)
{
  (void)conn;
}

static const struct role roles[] = {
  {"serve", 1, 5001, stream_opened, take_all, stream_at_rest},
  {"stream", 0, 5001, stream_opened, take_all, stream_at_rest},
  {"rrserve", 1, 5002, rrserve_opened, rrserve_arrived, rrserve_at_rest},
  {"rr", 0, 5002, carry_on, rr_arrived, rr_at_rest},
};

const struct role *
role_find(const char *name)
{
  size_t i;

  for (i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
    if (strcmp(roles[i].name, name) == 0) {
      return &roles[i];
    }
  }
  return NULL;
}

void
roles_open(void)
{
  asked_ns = must_calloc(opt.requests + 1, sizeof(*asked_ns));
  latency_ns = must_calloc(opt.requests + 1, sizeof(*latency_ns));
  result.latency_ns = latency_ns;
}

void
roles_close(void)
{
  free(asked_ns);
  free(latency_ns);
}
