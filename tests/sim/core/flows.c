/* SPDX-License-Identifier: BSD-3-Clause */
/** @file What a link can know of the TCP connections that pass. */
#include "flows.h"

#include <stdlib.h>
#include <string.h>

#include "fatal.h"

/* Sequence number arithmetic. */
static int32_t
beyond(uint32_t a, uint32_t b)
{
  return (int32_t)(a - b);
}

/* The same for both directions. */
static void
make_key(uint8_t key[36], unsigned side, const struct packet *packet)
{
  const uint8_t *one = side == 0 ? packet->src : packet->dst;
  const uint8_t *other = side == 0 ? packet->dst : packet->src;

  memset(key, 0, 36);
  memcpy(key, one, packet->address_len);
  memcpy(key + 16, other, packet->address_len);
  put16(key + 32, side == 0 ? packet->src_port : packet->dst_port);
  put16(key + 34, side == 0 ? packet->dst_port : packet->src_port);
}

static struct flow *
find(struct flows *flows, unsigned side, const struct packet *packet)
{
  uint8_t key[36];
  uint32_t hash = 0;
  struct flow **at;
  unsigned i;

  make_key(key, side, packet);
  for (i = 0; i < sizeof(key); i++) {
    hash = hash * 31 + key[i];
  }
  at = &flows->bucket[hash % FLOWS_BUCKETS];
  while (*at != NULL && memcmp((*at)->key, key, sizeof(key)) != 0) {
    at = &(*at)->chain;
  }
  if (*at == NULL) {
    *at = must_calloc(1, sizeof(**at));
    memcpy((*at)->key, key, sizeof(key));
    (*at)->number = ++flows->count;
  }
  return *at;
}

/* A SYN of a new connection between the same ports makes a new flow of it. */
static void
learn_start(struct flows *flows, struct flow *flow, unsigned side, const struct packet *packet)
{
  struct flow_side *own = &flow->side[side];
  uint32_t start = packet->seq + ((packet->flags & TCP_SYN) != 0);

  if ((packet->flags & TCP_SYN) != 0 && own->known && own->start != start) {
    memset(flow->side, 0, sizeof(flow->side));
    flow->number = ++flows->count;
  }
  if (!own->known) {
    own->known = 1;
    own->start = start;
    own->next = packet->seq;
  }
}

/* New data begins a turn if the other side had the word. */
static void
learn_turn(struct flow *flow, unsigned side, uint32_t position)
{
  struct flow_side *own = &flow->side[side];

  if (!own->spoke_last) {
    own->spoke_last = 1;
    flow->side[1 - side].spoke_last = 0;
    own->turn++;
    own->turn_start = position;
    own->segments = 0;
  }
  own->segments++;
}

void
flows_see(struct flows *flows, unsigned side, const struct packet *packet,
          struct flow_view *view)
{
  struct flow *flow = find(flows, side, packet);
  struct flow_side *own = &flow->side[side];
  uint32_t space = (uint32_t)packet->payload + ((packet->flags & TCP_SYN) != 0) +
                   ((packet->flags & TCP_FIN) != 0);
  uint32_t end = packet->seq + space;

  memset(view, 0, sizeof(*view));
  if ((packet->flags & TCP_RST) == 0) {
    learn_start(flows, flow, side, packet);
    view->reopens = own->closed && packet->window != 0;
    own->closed = packet->window == 0;
  }
  view->flow = flow->number;
  view->byte = packet->seq - own->start;
  view->again = space != 0 && beyond(end, own->next) <= 0;
  if (space != 0 && !view->again) {
    if (packet->payload != 0) {
      learn_turn(flow, side, packet->seq - own->start);
      view->segment = own->segments;
    }
    own->next = end;
  }
  if (own->turn != 0 && view->byte >= own->turn_start) {
    view->turn = own->turn;
    view->turn_byte = view->byte - own->turn_start;
  }
}

struct flows *
flows_new(void)
{
  return must_calloc(1, sizeof(struct flows));
}

void
flows_free(struct flows *flows)
{
  unsigned i;

  for (i = 0; i < FLOWS_BUCKETS; i++) {
    while (flows->bucket[i] != NULL) {
      struct flow *next = flows->bucket[i]->chain;
      free(flows->bucket[i]);
      flows->bucket[i] = next;
    }
  }
  free(flows);
}
