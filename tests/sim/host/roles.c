/* SPDX-License-Identifier: BSD-3-Clause */
/** @file The applications a simulated host can run, by name. */
#include "host.h"

#include <stdlib.h>
#include <string.h>

#include "../core/params.h"
#include "app_echo.h"
#include "app_file_client.h"
#include "app_file_server.h"
#include "app_pattern.h"
#include "app_rr_client.h"
#include "app_rr_server.h"
#include "app_stream.h"
#include "lwip/timeouts.h"

#define ROLES_MAX 32
#define STREAM_PORT 5001
#define RR_PORT 5002
#define FILE_PORT 5003
#define ECHO_PORT 7
#define FILE_KEY 0x66696c65u

struct instance;

struct role {
  const char *name;
  int is_server;
  err_t (*start)(struct instance *instance, struct params *params);
  void (*stop)(struct instance *instance);    /* servers: stop listening */
  void (*cancel)(struct instance *instance);  /* clients with a life of their own */
};

/* One started application. */
struct instance {
  const struct role *role;
  struct simhost_result result;
  struct app_observer observer;
  uint64_t *asked_ns;        /* when each request was issued */
  uint64_t *latency_ns;
  uint32_t asked_room;
  uint32_t streams_left;     /* stream clients: connections still to end */
  struct app_stream *kept;   /* kept open until a timeout, or paused for a while */
  uint32_t keep_ms, pause_at_ms, pause_ms, pause_every_ms;
  union {
    struct app_stream_server stream;
    struct app_rr_server rr;
    struct app_rr_client rr_client;
    struct app_echo_server echo;
    struct app_file_server file;
  } app;
};

static struct instance instances[ROLES_MAX];
static unsigned instance_count;

/* ---- results ---------------------------------------------------------- */

static void
note_request(struct instance *instance, uint32_t number)
{
  if (number >= instance->asked_room) {
    return;
  }
  instance->asked_ns[number] = simhost_now_ns();
  instance->result.requests++;
}

static void
note_response(struct instance *instance, uint32_t number)
{
  if (number >= instance->asked_room) {
    return;
  }
  instance->latency_ns[number] = simhost_now_ns() - instance->asked_ns[number];
  instance->result.responses++;
}

static void
note_finished(struct instance *instance)
{
  if (!instance->result.finished) {
    instance->result.finished = 1;
    instance->result.finished_ns = simhost_now_ns();
  }
}

static void
note_received(struct simhost_result *result, u32_t len)
{
  uint64_t now = simhost_now_ns();
  uint64_t since = result->rx_bytes == 0 ? result->connected_ns : result->last_rx_ns;

  if (result->rx_bytes == 0) {
    result->first_rx_ns = now;
  }
  result->silence_ns = LWIP_MAX(result->silence_ns, now - since);
  result->rx_bytes += len;
  result->last_rx_ns = now;
}

/* A stream client has ended when its connection has, either way. */
static void
note_connection_over(struct instance *instance)
{
  instance->kept = NULL;
  if (instance->streams_left != 0 && --instance->streams_left == 0) {
    note_finished(instance);
  }
}

static void
notify(void *arg, enum app_event event, u32_t value)
{
  struct instance *instance = arg;
  struct simhost_result *result = &instance->result;
  uint64_t now = simhost_now_ns();

  switch (event) {
    case APP_CONNECTED:
      if (result->opened++ == 0) {
        result->connected_ns = now;
      }
      break;
    case APP_RECEIVED:
      note_received(result, value);
      break;
    case APP_ACKED:
      result->acked_bytes += value;
      break;
    case APP_REQUEST:
      note_request(instance, value);
      break;
    case APP_RESPONSE:
      note_response(instance, value);
      break;
    case APP_CLOSED:
      result->closed++;
      note_connection_over(instance);
      break;
    case APP_ABORTED:
      result->aborted++;
      result->last_error = -(int)value;
      note_connection_over(instance);
      break;
    case APP_CORRUPT:
      result->corrupt++;
      break;
    case APP_SHORT:
      result->too_short++;
      break;
    case APP_EXCESS:
      result->excess++;
      break;
    case APP_FINISHED:
      note_finished(instance);
      break;
  }
}

/* ---- parameters ------------------------------------------------------- */

static int
wants_v6(struct params *params)
{
  return params_count(params, "v6", 0) != 0;
}

static u8_t
ip_type(struct params *params)
{
#if LWIP_IPV6
  return wants_v6(params) ? IPADDR_TYPE_V6 : IPADDR_TYPE_V4;
#else
  (void)wants_v6(params);
  return IPADDR_TYPE_V4;
#endif
}

static u16_t
port(struct params *params, u16_t fallback)
{
  return (u16_t)params_count(params, "port", fallback);
}

static void
peer(struct params *params, ip_addr_t *addr)
{
  unsigned index = (unsigned)params_count(params, "to", 0);

  simhost_address(index, wants_v6(params), addr);
}

static uint32_t
milliseconds(struct params *params, const char *key)
{
  return (uint32_t)(params_time(params, key, 0) / 1000000u);
}

static struct app_stream_config
stream_config(struct params *params)
{
  struct app_stream_config config;

  memset(&config, 0, sizeof(config));
  config.tx_bytes = (u32_t)params_count(params, "tx", 0);
  config.rx_bytes = (u32_t)params_count(params, "rx", 0);
  config.zero_copy = params_count(params, "zerocopy", 0) != 0;
  config.refuse_last = params_count(params, "refuselast", 0) != 0;
  config.refuse_every = (u16_t)params_count(params, "refuse", 0);
  return config;
}

/* ---- stream ----------------------------------------------------------- */

static void
keep_over(void *arg)
{
  struct instance *instance = arg;

  if (instance->kept != NULL) {
    app_stream_finish(instance->kept);
  }
}

static void pause_begins(void *arg);

static void
pause_over(void *arg)
{
  struct instance *instance = arg;

  if (instance->kept != NULL) {
    app_stream_pause(instance->kept, 0);
    if (instance->pause_every_ms > instance->pause_ms) {
      sys_timeout(instance->pause_every_ms - instance->pause_ms, pause_begins, instance);
    }
  }
}

static void
pause_begins(void *arg)
{
  struct instance *instance = arg;

  if (instance->kept != NULL) {
    app_stream_pause(instance->kept, 1);
    sys_timeout(instance->pause_ms, pause_over, instance);
  }
}

static err_t
start_stream(struct instance *instance, struct params *params)
{
  struct app_stream_config config = stream_config(params);
  const char *congestion = params_text(params, "congestion", NULL);
  ip_addr_t addr;

  instance->keep_ms = milliseconds(params, "keep");
  config.keep_open = instance->keep_ms != 0;
  peer(params, &addr);
  instance->streams_left = 1;
  instance->kept =
    app_stream_connect(&config, &instance->observer, &addr, port(params, STREAM_PORT));
  if (instance->kept == NULL) {
    return ERR_MEM;
  }
  if (congestion != NULL) {
#if LWIP_TCP_ALT && LWIP_TCP_CC_PLUGGABLE
    return tcp_congestion_set(instance->kept->conn.pcb, congestion);
#else
    return ERR_VAL;
#endif
  }
  if (instance->keep_ms != 0) {
    sys_timeout(instance->keep_ms, keep_over, instance);
  }
  return ERR_OK;
}

/* The newest stream is the one whose reader pauses. */
static void
stream_accepted(struct app_stream_server *server, struct app_stream *stream)
{
  struct instance *instance =
    (struct instance *)((char *)server - offsetof(struct instance, app));

  instance->kept = stream;
  if (instance->pause_ms != 0) {
    sys_timeout(instance->pause_at_ms, pause_begins, instance);
  }
}

static err_t
start_serve(struct instance *instance, struct params *params)
{
  struct app_stream_config config = stream_config(params);

  instance->pause_at_ms = milliseconds(params, "pauseat");
  instance->pause_ms = milliseconds(params, "pause");
  instance->pause_every_ms = milliseconds(params, "pauseevery");
  instance->app.stream.accepted = stream_accepted;
  return app_stream_serve(&instance->app.stream, &config, &instance->observer,
                          ip_type(params), port(params, STREAM_PORT));
}

static void
stop_serve(struct instance *instance)
{
  app_listen_stop(&instance->app.stream.listener);
}

static void
cancel_timers(struct instance *instance)
{
  sys_untimeout(keep_over, instance);
  sys_untimeout(pause_over, instance);
  sys_untimeout(pause_begins, instance);
}

/* ---- request/response ------------------------------------------------- */

static err_t
start_rr(struct instance *instance, struct params *params)
{
  struct app_rr_config config;
  ip_addr_t addr;
  err_t err;

  memset(&config, 0, sizeof(config));
  config.requests = (u32_t)params_count(params, "requests", 1);
  config.request_len = (u32_t)params_count(params, "request", 100);
  config.response_len = (u32_t)params_count(params, "response", 1000);
  config.connections = (u16_t)params_count(params, "connections", 1);
  config.parallel = (u16_t)params_count(params, "parallel", 1);
  config.fresh = params_count(params, "fresh", 0) != 0;
  config.server_closes = params_count(params, "serverclose", 0) != 0;
  config.think_ms = milliseconds(params, "think");
  peer(params, &addr);
  instance->asked_room = config.requests;
  instance->asked_ns = calloc(config.requests, sizeof(uint64_t));
  instance->latency_ns = calloc(config.requests, sizeof(uint64_t));
  instance->result.latency_ns = instance->latency_ns;
  err = app_rr_start(&instance->app.rr_client, &config, &instance->observer, &addr,
                     port(params, RR_PORT));
  return err;
}

static void
cancel_rr(struct instance *instance)
{
  app_rr_cancel(&instance->app.rr_client);
}

static err_t
start_rr_server(struct instance *instance, struct params *params)
{
  return app_rr_serve(&instance->app.rr, &instance->observer, ip_type(params),
                      port(params, RR_PORT));
}

static void
stop_rr_server(struct instance *instance)
{
  app_listen_stop(&instance->app.rr.listener);
}

/* ---- echo ------------------------------------------------------------- */

static err_t
start_echo(struct instance *instance, struct params *params)
{
  return app_echo_serve(&instance->app.echo, &instance->observer, ip_type(params),
                        port(params, ECHO_PORT));
}

static void
stop_echo(struct instance *instance)
{
  app_listen_stop(&instance->app.echo.listener);
}

/* ---- files: the name of a file is its length -------------------------- */

static void *
file_open(void *arg, const char *name)
{
  uint64_t len;
  u32_t *file;

  LWIP_UNUSED_ARG(arg);
  if (parse_count(name, &len) != 0 || len > UINT32_MAX) {
    return NULL;
  }
  file = malloc(sizeof(*file));
  if (file != NULL) {
    *file = (u32_t)len;
  }
  return file;
}

static u16_t
file_read(void *file, u32_t offset, void *to, u16_t len)
{
  u32_t left = *(const u32_t *)file - offset;

  len = (u16_t)LWIP_MIN(left, len);
  app_pattern_fill(FILE_KEY, offset, to, len);
  return len;
}

static err_t
start_files(struct instance *instance, struct params *params)
{
  static const struct app_file_store store = {file_open, file_read, free, NULL};

  return app_file_serve(&instance->app.file, &store, &instance->observer, ip_type(params),
                        port(params, FILE_PORT));
}

static void
stop_files(struct instance *instance)
{
  app_listen_stop(&instance->app.file.listener);
}

static err_t
start_fetch(struct instance *instance, struct params *params)
{
  char name[24];
  ip_addr_t addr;
  u32_t len = (u32_t)params_count(params, "len", 1000);

  peer(params, &addr);
  snprintf(name, sizeof(name), "%lu", (unsigned long)len);
  instance->streams_left = 1;
  return app_file_fetch(name, FILE_KEY, len, &instance->observer, &addr,
                        port(params, FILE_PORT));
}

/* ---- a connection moved from outside ----------------------------------- */

static err_t
start_hand(struct instance *instance, struct params *params)
{
  ip_addr_t addr;

  peer(params, &addr);
  return hand_connect(&instance->observer, &addr, port(params, STREAM_PORT));
}

static err_t
start_hand_server(struct instance *instance, struct params *params)
{
  return hand_listen(&instance->observer, ip_type(params), port(params, STREAM_PORT));
}

static void
stop_hand_server(struct instance *instance)
{
  LWIP_UNUSED_ARG(instance);
  hand_stop();
}

/* ---- a fault of our own, to see that the oracle finds it --------------- */

static err_t
start_leak(struct instance *instance, struct params *params)
{
  LWIP_UNUSED_ARG(params);
  note_finished(instance);
  return pbuf_alloc(PBUF_RAW, 100, PBUF_POOL) != NULL ? ERR_OK : ERR_MEM;
}

/* ---- the table -------------------------------------------------------- */

static const struct role roles[] = {
  {"stream", 0, start_stream, NULL, cancel_timers},
  {"serve", 1, start_serve, stop_serve, cancel_timers},
  {"echo", 1, start_echo, stop_echo, NULL},
  {"rr", 0, start_rr, NULL, cancel_rr},
  {"rrserve", 1, start_rr_server, stop_rr_server, NULL},
  {"files", 1, start_files, stop_files, NULL},
  {"fetch", 0, start_fetch, NULL, NULL},
  {"hand", 0, start_hand, NULL, NULL},
  {"handserve", 1, start_hand_server, stop_hand_server, NULL},
  {"leak", 0, start_leak, NULL, NULL},
};

static const struct role *
find_role(const char *name)
{
  size_t i;

  for (i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
    if (strcmp(roles[i].name, name) == 0) {
      return &roles[i];
    }
  }
  return NULL;
}

int
roles_start(const char *name, const char *text, char *error, size_t error_size)
{
  const struct role *role = find_role(name);
  struct instance *instance = &instances[instance_count];
  struct params params;
  err_t err;

  if (role == NULL || instance_count == ROLES_MAX) {
    snprintf(error, error_size, role == NULL ? "no role '%s'" : "too many roles: %s", name);
    return -1;
  }
  instance_count++;
  instance->role = role;
  instance->result.role = role->name;
  instance->result.is_server = role->is_server;
  instance->result.started_ns = simhost_now_ns();
  instance->observer.notify = notify;
  instance->observer.arg = instance;
  err = ERR_ARG;
  if (params_parse(&params, text) == 0) {
    err = role->start(instance, &params);
  }
  if (params_finish(&params) != 0) {
    snprintf(error, error_size, "%s: %s", name, params.error);
    return -1;
  }
  if (err != ERR_OK) {
    snprintf(error, error_size, "%s: cannot start (err_t %d)", name, err);
    return -1;
  }
  return 0;
}

void
roles_stop_servers(void)
{
  unsigned i;

  for (i = 0; i < instance_count; i++) {
    if (instances[i].role->stop != NULL) {
      instances[i].role->stop(&instances[i]);
    }
    if (instances[i].role->cancel == cancel_timers) {
      cancel_timers(&instances[i]);
    }
  }
}

void
roles_abort_all(void)
{
  unsigned i;

  for (i = 0; i < instance_count; i++) {
    if (instances[i].role->cancel != NULL) {
      instances[i].role->cancel(&instances[i]);
    }
  }
  app_conn_abort_all();
}

const struct simhost_result *
roles_result(unsigned n)
{
  return n < instance_count ? &instances[n].result : NULL;
}
