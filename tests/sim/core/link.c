/* SPDX-License-Identifier: BSD-3-Clause */
/** @file One direction of a link. */
#include "link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "damage.h"
#include "fatal.h"

#define FRAME_ROOM 65536u

void
link_open(struct link *link, unsigned from, unsigned to, uint64_t seed, unsigned number)
{
  memset(link, 0, sizeof(*link));
  link->from = from;
  link->to = to;
  rng_seed(&link->rng, seed, 1000 + 2 * (uint64_t)number);
  rng_seed(&link->detail, seed, 1001 + 2 * (uint64_t)number);
}

/* 3;17;18 */
static void
read_drops(struct link_config *config, const char *text, struct params *params)
{
  char *end;
  unsigned i = 0;

  while (*text != '\0') {
    uint64_t number = strtoull(text, &end, 10);
    if (end == text || number == 0 || i == LINK_DROPS_MAX || (*end != ';' && *end != '\0')) {
      snprintf(params->error, sizeof(params->error), "drop: not a list like 3;17: '%s'", text);
      return;
    }
    config->drops[i++] = number;
    text = *end == ';' ? end + 1 : end;
  }
}

/* 5s+10s;60s+1s: from when, how long */
static void
read_downs(struct link_config *config, const char *text, struct params *params)
{
  char copy[256];
  char *piece;
  char *rest;
  unsigned i = 0;

  snprintf(copy, sizeof(copy), "%s", text);
  for (piece = strtok_r(copy, ";", &rest); piece != NULL; piece = strtok_r(NULL, ";", &rest)) {
    char *plus = strchr(piece, '+');
    uint64_t from;
    uint64_t length;
    if (plus != NULL) {
      *plus = '\0';
    }
    if (plus == NULL || i == LINK_DOWNS_MAX || parse_time(piece, &from) != 0 ||
        parse_time(plus + 1, &length) != 0) {
      snprintf(params->error, sizeof(params->error), "down: not like 5s+10s: '%s'", text);
      return;
    }
    config->downs[i].from_ns = from;
    config->downs[i].to_ns = from + length;
    i++;
  }
}

void
link_configure(struct link_config *config, struct params *params)
{
  const char *text;

  config->rate_bps = params_count(params, "rate", config->rate_bps);
  config->delay_ns = params_time(params, "delay", config->delay_ns);
  config->queue_bytes = params_count(params, "queue", config->queue_bytes);
  config->loss = params_share(params, "loss", config->loss);
  config->reorder = params_share(params, "reorder", config->reorder);
  config->reorder_ns = params_time(params, "reorderby", config->reorder_ns);
  config->jitter_ns = params_time(params, "jitter", config->jitter_ns);
  config->duplicate = params_share(params, "duplicate", config->duplicate);
  config->corrupt = params_share(params, "corrupt", config->corrupt);
  config->damage = params_share(params, "damage", config->damage);
  text = params_text(params, "drop", NULL);
  if (text != NULL) {
    read_drops(config, text, params);
  }
  text = params_text(params, "down", NULL);
  if (text != NULL) {
    read_downs(config, text, params);
  }
}

static uint64_t
serialisation_ns(const struct link *link, uint64_t bytes)
{
  return link->config.rate_bps == 0 ? 0 : bytes * 8 * 1000000000u / link->config.rate_bps;
}

/* Bytes that still wait or are being sent. */
static uint64_t
backlog(const struct link *link, uint64_t now_ns)
{
  if (link->config.rate_bps == 0 || link->busy_until_ns <= now_ns) {
    return 0;
  }
  return (uint64_t)((double)(link->busy_until_ns - now_ns) * 1e-9 *
                    (double)link->config.rate_bps / 8 + 0.5);
}

static int
scripted_loss(const struct link *link, uint64_t when_ns)
{
  unsigned i;

  for (i = 0; i < LINK_DROPS_MAX && link->config.drops[i] != 0; i++) {
    if (link->config.drops[i] == link->stats.offered) {
      return 1;
    }
  }
  for (i = 0; i < LINK_DOWNS_MAX && link->config.downs[i].to_ns != 0; i++) {
    if (when_ns >= link->config.downs[i].from_ns && when_ns < link->config.downs[i].to_ns) {
      return 1;
    }
  }
  return 0;
}

static void
arrive(struct link *link, struct event_queue *queue, uint64_t when_ns, const uint8_t *bytes,
       size_t len, int corrupt, int damage)
{
  size_t room = damage ? FRAME_ROOM : len;
  struct frame *frame = must_realloc(NULL, sizeof(*frame) + room);
  struct event event = {0};

  frame->len = len;
  memcpy(frame->bytes, bytes, len);
  if (corrupt) {
    link->stats.corrupted += (uint64_t)damage_tcp_bits(frame, &link->detail);
  }
  if (damage) {
    damage_anything(frame, len + 64, &link->detail);
    link->stats.damaged++;
  }
  event.when_ns = when_ns;
  event.kind = EVENT_ARRIVAL;
  event.target = link->to;
  event.frame = frame;
  events_push(queue, event);
  link->stats.delivered++;
}

void
link_send(struct link *link, struct event_queue *queue, uint64_t now_ns,
          const uint8_t *bytes, size_t len)
{
  const struct link_config *config = &link->config;
  /* Always the same draws, so that one impairment does not shift another. */
  int lost = rng_share(&link->rng) < config->loss;
  int reordered = rng_share(&link->rng) < config->reorder;
  int duplicated = rng_share(&link->rng) < config->duplicate;
  int corrupted = rng_share(&link->rng) < config->corrupt;
  int damaged = rng_share(&link->rng) < config->damage;
  double jitter = rng_share(&link->rng);
  uint64_t waiting = backlog(link, now_ns) + len;
  uint64_t arrival;

  link->stats.offered++;
  link->stats.offered_bytes += len;
  if (config->queue_bytes != 0 && waiting > config->queue_bytes) {
    link->stats.overflowed++;
    return;
  }
  if (waiting > link->stats.queue_peak_bytes) {
    link->stats.queue_peak_bytes = waiting;
  }
  if (link->busy_until_ns < now_ns) {
    link->busy_until_ns = now_ns;
  }
  link->busy_until_ns += serialisation_ns(link, len);
  if (lost || scripted_loss(link, link->busy_until_ns)) {
    link->stats.lost++;
    return;
  }
  arrival = link->busy_until_ns + config->delay_ns +
            (uint64_t)(jitter * (double)config->jitter_ns);
  if (arrival < link->last_arrival_ns) {
    arrival = link->last_arrival_ns;
  }
  if (reordered) {
    link->stats.reordered++;
    arrival += config->reorder_ns; /* and does not hold up its followers */
  } else {
    link->last_arrival_ns = arrival;
  }
  arrive(link, queue, arrival, bytes, len, corrupted, damaged);
  if (duplicated) {
    link->stats.duplicated++;
    arrive(link, queue, arrival, bytes, len, 0, 0);
  }
}
