/* SPDX-License-Identifier: BSD-3-Clause */
/** @file The figures of an application as JSON. */
#include "result.h"

#include <inttypes.h>

#define NS 1e-9

double
result_goodput_bps(const struct simhost_result *result)
{
  uint64_t span = result->last_rx_ns - result->connected_ns;

  if (result->rx_bytes == 0 || span == 0) {
    return 0;
  }
  return (double)result->rx_bytes * 8 / ((double)span * NS);
}

static void
latencies_json(const struct simhost_result *result, FILE *out)
{
  const char *comma = "";
  uint32_t i;

  if (result->latency_ns == NULL) {
    return;
  }
  fputs(", \"latency_us\": [", out);
  for (i = 0; i < result->requests; i++) {
    if (result->latency_ns[i] != 0) {
      fprintf(out, "%s%" PRIu64, comma, result->latency_ns[i] / 1000);
      comma = ", ";
    }
  }
  fputc(']', out);
}

void
result_json(const struct simhost_result *r, FILE *out)
{
  fprintf(out, "\"finished\": %s, \"started_s\": %.9f, \"connected_s\": %.9f, \"first_rx_s\": %.9f, "
          "\"last_rx_s\": %.9f, \"silence_s\": %.9f, \"finished_s\": %.9f, ", r->finished ? "true" : "false",
          (double)r->started_ns * NS, (double)r->connected_ns * NS,
          (double)r->first_rx_ns * NS, (double)r->last_rx_ns * NS,
          (double)r->silence_ns * NS, (double)r->finished_ns * NS);
  fprintf(out, "\"rx_bytes\": %" PRIu64 ", \"acked_bytes\": %" PRIu64
          ", \"goodput_bps\": %.0f, ", r->rx_bytes, r->acked_bytes, result_goodput_bps(r));
  fprintf(out, "\"opened\": %u, \"closed\": %u, \"aborted\": %u, \"requests\": %u, "
          "\"responses\": %u, \"corrupt\": %u, \"too_short\": %u, \"excess\": %u", r->opened, r->closed,
          r->aborted, r->requests, r->responses, r->corrupt, r->too_short, r->excess);
  latencies_json(r, out);
}

void
result_print(const struct simhost_result *result, uint64_t now_ns, FILE *out)
{
  fprintf(out, "result {\"role\": \"%s\", \"now_s\": %.9f, ", result->role, (double)now_ns * NS);
  result_json(result, out);
  fputs("}\n", out);
}
