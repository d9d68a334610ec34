/* SPDX-License-Identifier: BSD-3-Clause */
/** @file Traces: asks the host how its connections stand and writes what is new. */
#include "trace.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fatal.h"

/* Compared as bytes: made by calloc and memset, padding included. */
struct row {
  struct simhost_connection connection;
  uint64_t retransmissions;
};

struct trace {
  FILE *out;
  const struct simhost_api *api;
  const struct resent *resent;
  struct simhost_connection *probed;
  struct row *rows, *before;   /* now and at the last sample, both in the order of lwIP's lists */
  unsigned room, before_count;
};

static void
make_room(struct trace *trace, unsigned room)
{
  trace->room = room;
  trace->probed = must_realloc(trace->probed, room * sizeof(*trace->probed));
  trace->rows = must_realloc(trace->rows, room * sizeof(*trace->rows));
  trace->before = must_realloc(trace->before, room * sizeof(*trace->before));
}

struct trace *
trace_open(const char *path, const struct simhost_api *api, const struct resent *resent)
{
  struct trace *trace = must_calloc(1, sizeof(*trace));

  trace->api = api;
  trace->resent = resent;
  make_room(trace, 8);
  trace->out = fopen(path, "w");
  if (trace->out == NULL) {
    fatal(EXIT_FAILURE, "cannot write %s: %s", path, strerror(errno));
  }
  fputs("t_s,local_port,remote,remote_port,state,cwnd,ssthresh,srtt_ms,rto_ms,in_flight,"
        "snd_wnd,rcv_wnd,snd_buf_used,retransmissions\n", trace->out);
  return trace;
}

static void
put_count(FILE *out, uint64_t value)
{
  fputc(',', out);
  if (value != SIMHOST_UNKNOWN) {
    fprintf(out, "%" PRIu64, value);
  }
}

static void
put_ms(FILE *out, uint64_t us)
{
  fputc(',', out);
  if (us != SIMHOST_UNKNOWN) {
    fprintf(out, "%.10g", (double)us / 1000);
  }
}

/* The columns that say which connection and when. */
static void
put_name(const struct trace *trace, uint64_t now_ns, const struct simhost_connection *c, const char *state)
{
  char remote[INET6_ADDRSTRLEN];

  inet_ntop(c->is_ipv6 ? AF_INET6 : AF_INET, c->remote, remote, sizeof(remote));
  fprintf(trace->out, "%" PRIu64 ".%09" PRIu64 ",%u,%s,%u,%s", now_ns / 1000000000u, now_ns % 1000000000u,
          c->local_port, remote, c->remote_port, state);
}

static void
put_row(const struct trace *trace, uint64_t now_ns, const struct row *row)
{
  const struct simhost_connection *c = &row->connection;

  put_name(trace, now_ns, c, c->state);
  put_count(trace->out, c->cwnd);
  put_count(trace->out, c->ssthresh);
  put_ms(trace->out, c->srtt_us);
  put_ms(trace->out, c->rto_us);
  put_count(trace->out, c->in_flight);
  put_count(trace->out, c->snd_wnd);
  put_count(trace->out, c->rcv_wnd);
  put_count(trace->out, c->snd_buf_used);
  put_count(trace->out, row->retransmissions);
  fputc('\n', trace->out);
}

static int
same_connection(const struct row *a, const struct row *b)
{
  return a->connection.local_port == b->connection.local_port &&
         a->connection.remote_port == b->connection.remote_port &&
         a->connection.is_ipv6 == b->connection.is_ipv6 &&
         memcmp(a->connection.remote, b->connection.remote, sizeof(a->connection.remote)) == 0;
}

/* The connection among `count` rows, or NULL. Lists keep their order, so it is most often at or behind `*hint`. */
static const struct row *
find(const struct row *rows, unsigned count, const struct row *wanted, unsigned *hint)
{
  unsigned i;

  for (i = 0; i < count; i++) {
    unsigned at = (*hint + i) % count;
    if (same_connection(&rows[at], wanted)) {
      *hint = at + 1;
      return &rows[at];
    }
  }
  return NULL;
}

static unsigned
probe(struct trace *trace)
{
  unsigned count = trace->api->probe(trace->probed, trace->room);
  unsigned i;

  if (count > trace->room) {
    make_room(trace, 2 * count);
    count = trace->api->probe(trace->probed, trace->room);
  }
  for (i = 0; i < count; i++) {
    struct flow_key key = {{0}, trace->probed[i].local_port, trace->probed[i].remote_port};
    memcpy(key.remote, trace->probed[i].remote, sizeof(key.remote));
    memset(&trace->rows[i], 0, sizeof(trace->rows[i]));
    memcpy(&trace->rows[i].connection, &trace->probed[i], sizeof(trace->probed[i]));
    trace->rows[i].retransmissions = resent_of(trace->resent, &key);
  }
  return count;
}

void
trace_sample(struct trace *trace, uint64_t now_ns)
{
  unsigned count = probe(trace);
  unsigned hint = 0;
  unsigned i;
  struct row *swapped;

  for (i = 0; i < trace->before_count; i++) {
    if (find(trace->rows, count, &trace->before[i], &hint) == NULL) {
      put_name(trace, now_ns, &trace->before[i].connection, "CLOSED");
      fputs(",,,,,,,,,\n", trace->out);
    }
  }
  for (i = 0, hint = 0; i < count; i++) {
    const struct row *old = find(trace->before, trace->before_count, &trace->rows[i], &hint);
    if (old == NULL || memcmp(old, &trace->rows[i], sizeof(*old)) != 0) {
      put_row(trace, now_ns, &trace->rows[i]);
    }
  }
  swapped = trace->before;
  trace->before = trace->rows;
  trace->rows = swapped;
  trace->before_count = count;
}

void
trace_close(struct trace *trace)
{
  if (trace != NULL) {
    fclose(trace->out);
    free(trace->probed);
    free(trace->rows);
    free(trace->before);
    free(trace);
  }
}
