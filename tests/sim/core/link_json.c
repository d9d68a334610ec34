/* SPDX-License-Identifier: BSD-3-Clause */
/** @file The figures of one direction of a link as JSON. */
#include "link_json.h"

#include <inttypes.h>

#include "json.h"

struct figure {
  const char *name;
  uint64_t value;
};

static void
queue_delay_json(const struct histogram *queued, FILE *out)
{
  fprintf(out, "\"queue_ms\": {\"mean\": %.6f, \"p50\": %.6f, \"p95\": %.6f, \"p99\": %.6f, "
          "\"max\": %.6f}", histogram_mean(queued) * 1e-6,
          (double)histogram_percentile(queued, 0.5) * 1e-6,
          (double)histogram_percentile(queued, 0.95) * 1e-6,
          (double)histogram_percentile(queued, 0.99) * 1e-6, (double)queued->max * 1e-6);
}

void
link_stats_json(const struct link_stats *s, FILE *out)
{
  const struct figure figures[] = {
    {"offered", s->offered},           {"offered_bytes", s->offered_bytes},
    {"delivered", s->delivered},       {"delivered_bytes", s->delivered_bytes},
    {"lost", s->lost},                 {"loss_runs", s->loss_runs},
    {"overflowed", s->overflowed},     {"aqm_dropped", s->aqm_dropped},
    {"marked", s->marked},             {"too_big", s->too_big},
    {"reordered", s->reordered},       {"late", s->late},
    {"held", s->held},                 {"duplicated", s->duplicated},
    {"corrupted", s->corrupted},       {"damaged", s->damaged},
    {"rule_dropped", s->rule_dropped}, {"injected", s->injected},
    {"queue_peak_bytes", s->queue_peak_bytes},
    {"queue_peak_frames", s->queue_peak_frames},
  };
  unsigned i;

  for (i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
    fprintf(out, "\"%s\": %" PRIu64 ", ", figures[i].name, figures[i].value);
  }
  fprintf(out, "\"busy_s\": %.9f, ", (double)s->busy_ns * 1e-9);
  queue_delay_json(&s->queued, out);
}

void
link_rules_json(const struct rules *rules, FILE *out)
{
  const struct rule *rule;

  fputs(", \"rules\": [", out);
  for (rule = rules->first; rule != NULL; rule = rule->next) {
    fputs(rule == rules->first ? "{\"rule\": " : ", {\"rule\": ", out);
    json_text(out, rule->text);
    fprintf(out, ", \"met\": %" PRIu64 ", \"applied\": %" PRIu64 "}", rule->met, rule->applied);
  }
  fputc(']', out);
}
