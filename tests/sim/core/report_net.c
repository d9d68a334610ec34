/* SPDX-License-Identifier: BSD-3-Clause */
/** @file What a run prints of the network: links, rules, NATs and floods. */
#include <inttypes.h>

#include "link_json.h"
#include "report.h"

static void
json_link(const struct world *world, FILE *out, unsigned i)
{
  const struct link *link = &world->links[i];

  fprintf(out, "{\"from\": \"%s\", \"to\": \"%s\", \"rate_bps\": %" PRIu64 ", ",
          world->nodes[link->from].name, world->nodes[link->to].name, link->config.rate_bps);
  link_stats_json(&link->stats, out);
  link_rules_json(&link->rules, out);
  fputc('}', out);
}

static void
json_nats(const struct world *world, FILE *out)
{
  const char *comma = "";
  unsigned i;

  fputs(",\n \"nats\": [", out);
  for (i = 0; i < world->node_count; i++) {
    const struct nat *nat = world->nodes[i].nat;
    if (nat != NULL) {
      fprintf(out, "%s{\"name\": \"%s\", \"mapped\": %" PRIu64 ", \"forgotten\": %" PRIu64
              ", \"inbound_dropped\": %" PRIu64 "}", comma, world->nodes[i].name,
              nat->stats.mapped, nat->stats.forgotten, nat->stats.inbound_dropped);
      comma = ", ";
    }
  }
  fputc(']', out);
}

static void
json_floods(const struct world *world, FILE *out)
{
  unsigned i;

  fputs(",\n \"floods\": [", out);
  for (i = 0; i < world->flood_count; i++) {
    const struct flood *flood = &world->floods[i];
    fprintf(out, "%s{\"from\": \"%s\", \"to\": \"%s\", \"sent\": %" PRIu64 "}", i == 0 ? "" : ", ",
            world->nodes[flood->node].name, world->nodes[flood->to].name, flood->sent);
  }
  fputc(']', out);
}

void
report_json_net(const struct world *world, FILE *out)
{
  unsigned i;

  fputs(",\n \"links\": [", out);
  for (i = 0; i < world->link_count; i++) {
    fputs(i == 0 ? "\n  " : ",\n  ", out);
    json_link(world, out, i);
  }
  fputc(']', out);
  json_nats(world, out);
  json_floods(world, out);
  fprintf(out, ",\n \"unroutable\": %" PRIu64, world->unroutable);
}
