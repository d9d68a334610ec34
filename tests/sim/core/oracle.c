/* SPDX-License-Identifier: BSD-3-Clause */
/** @file What must be true of every run. */
#include "oracle.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
oracle_init(struct oracle *oracle, const struct scenario *scenario, int strict)
{
  memset(oracle, 0, sizeof(*oracle));
  oracle->scenario = scenario;
  oracle->strict = strict;
}

static void
find(struct oracle *oracle, int is_failure, const char *format, va_list arguments)
{
  struct oracle_finding *finding;

  if (is_failure) {
    oracle->failures++;
  } else {
    oracle->notes++;
  }
  if (oracle->finding_count < ORACLE_FINDINGS_MAX) {
    finding = &oracle->findings[oracle->finding_count++];
    finding->is_failure = is_failure;
    vsnprintf(finding->text, sizeof(finding->text), format, arguments);
  }
}

static void __attribute__((format(printf, 2, 3)))
fail(struct oracle *oracle, const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  find(oracle, 1, format, arguments);
  va_end(arguments);
}

static void __attribute__((format(printf, 3, 4)))
judge(struct oracle *oracle, int is_failure, const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  find(oracle, is_failure || oracle->strict, format, arguments);
  va_end(arguments);
}

static int
runs_alt(const struct world *world, unsigned node)
{
  return strcmp(world->nodes[node].api->backend, "alt") == 0;
}

static int
all_alt(const struct world *world)
{
  unsigned i;

  for (i = 0; i < world->node_count; i++) {
    if (world->nodes[i].is_host && !runs_alt(world, i)) {
      return 0;
    }
  }
  return 1;
}

/* Whether connections may end before their time: an application was told that it cannot start, or lwIP
 * had no PCB for a new connection and gave it one of an old. */
static int
may_abort(const struct scenario *scenario)
{
  struct simhost_counters counters;
  unsigned i;

  if (scenario->may_fail) {
    return 1;
  }
  for (i = 0; i < scenario->apps_started; i++) {
    if (scenario->apps[i].refused) {
      return 1;
    }
  }
  for (i = 0; i < scenario->world->node_count; i++) {
    if (scenario->world->nodes[i].is_host) {
      scenario->world->nodes[i].api->counters(&counters);
      if (counters.pcbs_failed != 0) {
        return 1;
      }
    }
  }
  return 0;
}

void
oracle_fault(struct oracle *oracle, unsigned host, const char *what)
{
  const struct world *world = oracle->scenario->world;

  judge(oracle, !oracle->scenario->hostile || runs_alt(world, host), "%s (%s): %s",
        world->nodes[host].name, world->nodes[host].api->backend, what);
}

int
oracle_apps_done(const struct scenario *scenario)
{
  const struct world *world = scenario->world;
  struct simhost_counters counters;
  unsigned i;

  if (scenario->apps_started < scenario->app_count) {
    return 0;
  }
  for (i = 0; i < scenario->app_count; i++) {
    const struct scenario_app *app = &scenario->apps[i];
    const struct simhost_result *result = world->nodes[app->host].api->result(app->number);
    if (!result->is_server && !result->finished && !app->refused) {
      return 0;
    }
  }
  for (i = 0; i < world->node_count; i++) {
    if (world->nodes[i].is_host) {
      world->nodes[i].api->counters(&counters);
      if (counters.app_connections != 0) {
        return 0;
      }
    }
  }
  return 1;
}

void
oracle_unfinished(struct oracle *oracle, const char *why)
{
  const struct world *world = oracle->scenario->world;

  judge(oracle, all_alt(world) && !oracle->scenario->may_fail, "%s at %.3f s", why, (double)world->now_ns * 1e-9);
}

static void
judge_app(struct oracle *oracle, const struct scenario_app *app)
{
  const struct world *world = oracle->scenario->world;
  const struct simhost_result *result = world->nodes[app->host].api->result(app->number);
  const char *host = world->nodes[app->host].name;
  int promised = all_alt(world) && !may_abort(oracle->scenario);

  if (result->corrupt != 0) {
    fail(oracle, "%s %s: wrong data on %u connections", host, app->role,
                result->corrupt);
  }
  if (result->excess != 0) {
    fail(oracle, "%s %s: too much data on %u connections", host, app->role,
                result->excess);
  }
  if (result->too_short != 0) {
    fail(oracle, "%s %s: FIN before all data on %u connections", host, app->role,
                result->too_short);
  }
  if (result->aborted != 0) {
    judge(oracle, promised, "%s %s: %u connections aborted (last err_t %d)", host,
          app->role, result->aborted, result->last_error);
  }
  if (result->requests != result->responses) {
    judge(oracle, promised, "%s %s: %u requests, %u responses", host, app->role,
          result->requests, result->responses);
  }
}

void
oracle_judge_data(struct oracle *oracle)
{
  unsigned i;

  for (i = 0; i < oracle->scenario->apps_started; i++) {
    judge_app(oracle, &oracle->scenario->apps[i]);
  }
}

struct pool {
  const char *name;
  uint64_t now, before;
};

/* Fills the table of what must be back; returns its length. */
static unsigned
pools_of(const struct node *node, struct pool pool[7])
{
  const struct simhost_counters *before = &node->baseline;
  struct simhost_counters now;
  unsigned n = 0;

  node->api->counters(&now);
  pool[n++] = (struct pool){"TCP_PCB", now.tcp_pcb, before->tcp_pcb};
  pool[n++] = (struct pool){"TCP_PCB_LISTEN", now.tcp_pcb_listen, before->tcp_pcb_listen};
  pool[n++] = (struct pool){"TCP_SEG", now.tcp_seg, before->tcp_seg};
  pool[n++] = (struct pool){"PBUF", now.pbuf, before->pbuf};
  pool[n++] = (struct pool){"PBUF_POOL", now.pbuf_pool, before->pbuf_pool};
  pool[n++] = (struct pool){"SYS_TIMEOUT", now.sys_timeout, before->sys_timeout};
  pool[n++] = (struct pool){"heap bytes", now.mem, before->mem};
  return n;
}

int
oracle_all_clean(const struct world *world)
{
  struct pool pool[7];
  unsigned i;

  for (i = 0; i < world->node_count; i++) {
    unsigned n = world->nodes[i].is_host ? pools_of(&world->nodes[i], pool) : 0;
    while (n-- > 0) {
      if (pool[n].now != pool[n].before) {
        return 0;
      }
    }
  }
  return 1;
}

void
oracle_judge_pools(struct oracle *oracle)
{
  const struct world *world = oracle->scenario->world;
  struct pool pool[7];
  unsigned i;
  unsigned k;

  for (i = 0; i < world->node_count; i++) {
    unsigned n = world->nodes[i].is_host ? pools_of(&world->nodes[i], pool) : 0;
    for (k = 0; k < n; k++) {
      if (pool[k].now != pool[k].before) {
        judge(oracle, runs_alt(world, i), "%s (%s): %s %llu in use at the end, %llu before",
              world->nodes[i].name, world->nodes[i].api->backend, pool[k].name,
              (unsigned long long)pool[k].now, (unsigned long long)pool[k].before);
      }
    }
  }
}
