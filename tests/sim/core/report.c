/* SPDX-License-Identifier: BSD-3-Clause */
/** @file What a run prints. */
#include "report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "result.h"

#define NS 1e-9

static void
json_findings(const struct report *report, FILE *out, int failures)
{
  const struct oracle *oracle = report->oracle;
  const char *comma = "";
  unsigned i;

  fputc('[', out);
  for (i = 0; i < oracle->finding_count; i++) {
    if (oracle->findings[i].is_failure == failures) {
      fputs(comma, out);
      json_text(out, oracle->findings[i].text);
      comma = ", ";
    }
  }
  fputc(']', out);
}

static void
json_host(const struct report *report, FILE *out, unsigned i)
{
  const struct node *node = &report->scenario->world->nodes[i];
  struct simhost_counters c;

  node->api->counters(&c);
  fprintf(out, "{\"name\": \"%s\", \"backend\": \"%s\", \"lwip\": \"%s\", \"profile\": \"%s\", ",
          node->name, node->api->backend, node->api->version,
          report->scenario->hosts[i].profile);
  fprintf(out, "\"wakeups\": %" PRIu64 ", \"marked_wakeups\": %" PRIu64
          ", \"frames_in\": %" PRIu64 ", \"frames_out\": %" PRIu64 ", \"retransmissions\": %" PRIu64 ", ",
          node->wakeups, node->marked_wakeups, node->frames_in, node->frames_out,
          resent_total(node->resent));
  fprintf(out, "\"tcp_xmit\": %u, \"tcp_recv\": %u, \"tcp_drop\": %u, \"tcp_chkerr\": %u, "
          "\"tcp_memerr\": %u, \"tcp_proterr\": %u, \"pool_errors\": %u, "
          "\"input_refused\": %u, \"allocations\": %u, \"allocations_failed\": %u}",
          c.tcp_xmit, c.tcp_recv, c.tcp_drop, c.tcp_chkerr, c.tcp_memerr, c.tcp_proterr,
          c.pool_errors, c.input_refused, c.allocations, c.allocations_failed);
}

static void
json_app(const struct report *report, FILE *out, unsigned i)
{
  const struct world *world = report->scenario->world;
  const struct scenario_app *app = &report->scenario->apps[i];

  fprintf(out, "{\"host\": \"%s\", \"role\": \"%s\", ", world->nodes[app->host].name, app->role);
  result_json(world->nodes[app->host].api->result(app->number), out);
  fputc('}', out);
}

static void
json_apps(const struct report *report, FILE *out)
{
  unsigned i;

  fputs(",\n \"apps\": [", out);
  for (i = 0; i < report->scenario->apps_started; i++) {
    fputs(i == 0 ? "\n  " : ",\n  ", out);
    json_app(report, out, i);
  }
  fputc(']', out);
}

/* Hosts are numbered among the nodes; routers have nothing to say. */
static void
json_hosts(const struct report *report, FILE *out)
{
  const struct world *world = report->scenario->world;
  const char *comma = "\n  ";
  unsigned i;

  fputs(",\n \"hosts\": [", out);
  for (i = 0; i < world->node_count; i++) {
    if (world->nodes[i].is_host) {
      fputs(comma, out);
      json_host(report, out, i);
      comma = ",\n  ";
    }
  }
  fputc(']', out);
}

void
report_json(const struct report *report, FILE *out)
{
  const struct world *world = report->scenario->world;

  fprintf(out, "{\"seed\": %" PRIu64 ", \"hash\": \"%016" PRIx64 "\", \"virtual_s\": %.9f, "
          "\"marked_s\": %.9f, \"ok\": %s,\n \"command\": ", world->seed, world->hash, (double)world->now_ns * NS,
          (double)report->scenario->marked_ns * NS, report->oracle->failures == 0 ? "true" : "false");
  json_text(out, report->command);
  fputs(",\n \"failures\": ", out);
  json_findings(report, out, 1);
  fputs(",\n \"notes\": ", out);
  json_findings(report, out, 0);
  json_hosts(report, out);
  report_json_net(world, out);
  json_apps(report, out);
  fputs("}\n", out);
}

static int
compare_u64(const void *a, const void *b)
{
  uint64_t x = *(const uint64_t *)a;
  uint64_t y = *(const uint64_t *)b;

  return (x > y) - (x < y);
}

static void
text_latencies(const struct simhost_result *r, FILE *out)
{
  uint64_t *sorted = calloc(r->requests + 1, sizeof(*sorted));
  uint32_t n = 0;
  uint32_t i;

  for (i = 0; sorted != NULL && i < r->requests; i++) {
    if (r->latency_ns[i] != 0) {
      sorted[n++] = r->latency_ns[i];
    }
  }
  if (n != 0) {
    qsort(sorted, n, sizeof(*sorted), compare_u64);
    fprintf(out, ", latency p50 %.3f p99 %.3f max %.3f ms", (double)sorted[(n - 1) / 2] / 1e6,
            (double)sorted[(uint64_t)(n - 1) * 99 / 100] / 1e6, (double)sorted[n - 1] / 1e6);
  }
  free(sorted);
}

static void
text_app(const struct report *report, FILE *out, const struct scenario_app *app)
{
  const struct node *node = &report->scenario->world->nodes[app->host];
  const struct simhost_result *r = node->api->result(app->number);

  fprintf(out, "  %s (%s) %s:", node->name, node->api->backend, app->role);
  if (r->rx_bytes != 0) {
    fprintf(out, " received %" PRIu64 " B at %.3f Mbit/s,", r->rx_bytes, result_goodput_bps(r) / 1e6);
  }
  fprintf(out, " %u opened, %u closed, %u aborted", r->opened, r->closed, r->aborted);
  if (r->requests != 0) {
    fprintf(out, ", %u of %u answered", r->responses, r->requests);
    text_latencies(r, out);
  }
  fputc('\n', out);
}

void
report_text(const struct report *report, FILE *out)
{
  const struct world *world = report->scenario->world;
  unsigned i;

  fprintf(out, "seed %" PRIu64 "  hash %016" PRIx64 "  virtual time %.3f s\n", world->seed,
          world->hash, (double)world->now_ns * NS);
  for (i = 0; i < report->scenario->apps_started; i++) {
    text_app(report, out, &report->scenario->apps[i]);
  }
  for (i = 0; i < world->node_count; i++) {
    const struct node *node = &world->nodes[i];
    if (node->is_host) {
      fprintf(out, "  %s (%s): %" PRIu64 " frames in, %" PRIu64 " out, %" PRIu64 " wake-ups\n",
              node->name, node->api->backend, node->frames_in, node->frames_out,
              node->wakeups);
    }
  }
  for (i = 0; i < report->oracle->finding_count; i++) {
    fprintf(out, "  %s: %s\n", report->oracle->findings[i].is_failure ? "FAILURE" : "note",
            report->oracle->findings[i].text);
  }
}

static void
state_of_host(const struct node *node, FILE *out)
{
  struct simhost_counters c;

  node->api->counters(&c);
  fprintf(out, "  host %s (%s, lwIP %s): pcb %u listen %u seg %u pbuf %u pool %u timeouts %u "
          "heap %" PRIu64 ", refused allocations %u, sleeps %d ms, app connections %u\n",
          node->name, node->api->backend, node->api->version, c.tcp_pcb, c.tcp_pcb_listen,
          c.tcp_seg, c.pbuf, c.pbuf_pool, c.sys_timeout, c.mem, c.pool_errors,
          (int)node->api->sleep_ms(), c.app_connections);
  node->api->dump(out);
}

void
report_state(const struct world *world, FILE *out)
{
  unsigned i;

  fprintf(out, "state at %.6f s:\n", (double)world->now_ns * NS);
  for (i = 0; i < world->node_count; i++) {
    if (world->nodes[i].is_host) {
      state_of_host(&world->nodes[i], out);
    }
  }
}

void
report_failure(const struct report *report, FILE *out)
{
  const struct world *world = report->scenario->world;
  unsigned i;

  fprintf(out, "FAILED with seed %" PRIu64 " at %.6f s\n  reproduce: %s\n", world->seed,
          (double)world->now_ns * NS, report->command);
  for (i = 0; i < report->oracle->finding_count; i++) {
    if (report->oracle->findings[i].is_failure) {
      fprintf(out, "  %s\n", report->oracle->findings[i].text);
    }
  }
  report_state(world, out);
}
