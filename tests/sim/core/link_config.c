/* SPDX-License-Identifier: BSD-3-Clause */
/** @file The keys of a link. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link.h"

static void
complain(struct params *params, const char *key, const char *what, const char *text)
{
  if (params->error[0] == '\0') {
    snprintf(params->error, sizeof(params->error), "%s: %s: '%s'", key, what, text);
  }
}

/* 3;17;18 */
static void
read_drops(struct link_config *config, struct params *params)
{
  const char *text = params_text(params, "drop", NULL);
  char *end;
  unsigned i = 0;

  while (text != NULL && *text != '\0') {
    uint64_t number = strtoull(text, &end, 10);
    if (end == text || number == 0 || i == LINK_DROPS_MAX || (*end != ';' && *end != '\0')) {
      complain(params, "drop", "not a list like 3;17", text);
      return;
    }
    config->drops[i++] = number;
    text = *end == ';' ? end + 1 : end;
  }
}

/* P;R;LOSSGOOD;LOSSBAD */
static void
read_burst(struct burst_config *burst, struct params *params)
{
  const char *text = params_text(params, "ge", NULL);
  double *out[4] = {&burst->to_bad, &burst->to_good, &burst->loss_good, &burst->loss_bad};
  char copy[128];
  char *piece;
  char *rest;
  unsigned i = 0;

  if (text == NULL) {
    return;
  }
  snprintf(copy, sizeof(copy), "%s", text);
  for (piece = strtok_r(copy, ";", &rest); piece != NULL; piece = strtok_r(NULL, ";", &rest)) {
    if (i == 4 || parse_share(piece, out[i]) != 0) {
      i = 0;
      break;
    }
    i++;
  }
  if (i != 4 || (burst->to_bad != 0 && burst->to_good == 0)) {
    complain(params, "ge", "not P;R;LOSSGOOD;LOSSBAD like 1%;25%;0;100%, with a way back", text);
  }
}

/* 64Ki, or packets: 8p */
static void
read_size(struct params *params, const char *key, uint64_t *bytes, uint64_t *frames)
{
  const char *text = params_text(params, key, NULL);
  size_t len = text == NULL ? 0 : strlen(text);
  char number[32];

  if (text == NULL) {
    return;
  }
  *bytes = *frames = 0;
  if (len > 1 && len < sizeof(number) && text[len - 1] == 'p') {
    snprintf(number, sizeof(number), "%.*s", (int)len - 1, text);
    if (parse_count(number, frames) == 0) {
      return;
    }
  }
  if (parse_count(text, bytes) != 0) {
    complain(params, key, "not bytes (64Ki) or packets (8p)", text);
  }
}

static void
read_discipline(struct queue_config *config, struct params *params)
{
  static const char *const names[] = {"droptail", "ecn", "codel", "codelecn"};
  const char *text = params_text(params, "aqm", NULL);
  unsigned i;

  for (i = 0; text != NULL && i < sizeof(names) / sizeof(names[0]); i++) {
    if (strcmp(names[i], text) == 0) {
      config->discipline = (enum discipline)i;
      return;
    }
  }
  if (text != NULL) {
    complain(params, "aqm", "not droptail, ecn, codel or codelecn", text);
  }
}

static void
read_queue(struct queue_config *config, struct params *params)
{
  read_size(params, "queue", &config->limit_bytes, &config->limit_frames);
  read_size(params, "ecnmark", &config->mark_bytes, &config->mark_frames);
  config->codel.target_ns = params_time(params, "target", config->codel.target_ns);
  config->codel.interval_ns = params_time(params, "interval", config->codel.interval_ns);
  read_discipline(config, params);
  if (config->discipline == QUEUE_ECN && config->mark_bytes == 0 && config->mark_frames == 0) {
    complain(params, "aqm", "needs ecnmark=BYTES", "ecn");
  }
}

static void
read_mtu(struct link_config *config, struct params *params)
{
  config->mtu = params_count(params, "mtu", config->mtu);
  config->blackhole = params_count(params, "blackhole", (uint64_t)config->blackhole) != 0;
  if (config->mtu != 0 && config->mtu < 68) { /* RFC 791 */
    complain(params, "mtu", "less than 68", params_text(params, "mtu", ""));
  }
}

void
link_configure(struct link_config *config, struct params *params)
{
  config->rate_bps = params_count(params, "rate", config->rate_bps);
  config->delay_ns = params_time(params, "delay", config->delay_ns);
  config->overhead_bytes = params_count(params, "overhead", config->overhead_bytes);
  config->loss = params_share(params, "loss", config->loss);
  config->reorder = params_share(params, "reorder", config->reorder);
  config->reorder_ns = params_time(params, "reorderby", config->reorder_ns);
  config->jitter_ns = params_time(params, "jitter", config->jitter_ns);
  config->swap_ns = params_time(params, "jitterswap", config->swap_ns);
  config->duplicate = params_share(params, "duplicate", config->duplicate);
  config->corrupt = params_share(params, "corrupt", config->corrupt);
  config->damage = params_share(params, "damage", config->damage);
  steps_read(&config->rates, params, "rateat", parse_count);
  steps_read(&config->delays, params, "delayat", parse_time);
  intervals_read(&config->down, params, "down", "downevery");
  intervals_read(&config->stall, params, "stall", "stallevery");
  read_queue(&config->queue, params);
  read_burst(&config->burst, params);
  read_mtu(config, params);
  read_drops(config, params);
}
