/* SPDX-License-Identifier: BSD-3-Clause */
/** @file The way through the network: routes, routers, NATs and floods. */
#include "routing.h"

#include <string.h>

#include "fatal.h"
#include "icmp.h"
#include "packet.h"

/* ---- routes ------------------------------------------------------------ */

void
world_route(struct world *world)
{
  unsigned to;

  /* Breadth first from each destination backwards: fewest hops, and among
   * those the link that was declared first. Hosts do not forward. */
  for (to = 0; to < world->node_count; to++) {
    unsigned fringe[WORLD_NODES_MAX];
    unsigned head = 0;
    unsigned tail = 0;
    unsigned i;

    for (i = 0; i < world->node_count; i++) {
      world->next_link[i][to] = -1;
    }
    fringe[tail++] = to;
    while (head < tail) {
      unsigned at = fringe[head++];
      if (at != to && world->nodes[at].is_host) {
        continue;
      }
      for (i = 0; i < world->link_count; i++) {
        unsigned from = world->links[i].from;
        if (world->links[i].to == at && from != to && world->next_link[from][to] < 0) {
          world->next_link[from][to] = (int)i;
          fringe[tail++] = from;
        }
      }
    }
  }
}

/* The node a packet goes to, or -1. Routers take none. */
static int
destination(const struct world *world, const uint8_t *bytes, size_t len)
{
  int to = packet_goes_to(bytes, len);

  if (to == PACKET_TO_FORGED) { /* answers to a flood go back to where it came from */
    return world->flood_count != 0 ? (int)world->floods[0].node : -1;
  }
  if (to < 0 || (unsigned)to >= world->node_count) {
    return -1;
  }
  return world->nodes[to].is_host || world->nodes[to].nat != NULL ? to : -1;
}

static void
deliver_now(struct world *world, unsigned node, const uint8_t *bytes, size_t len)
{
  struct event event = {0};

  event.when_ns = world->now_ns;
  event.kind = EVENT_ARRIVAL;
  event.target = node;
  event.frame = must_calloc(1, sizeof(*event.frame) + len);
  event.frame->len = len;
  event.frame->link = ROUTING_NO_LINK;
  memcpy(event.frame->bytes, bytes, len);
  events_push(&world->queue, event);
}

/* Sends an error on from where the packet was too big. A NAT finds its own
 * address in what it has translated, and takes that back. */
static void
tell(struct world *world, unsigned node, uint8_t *error, size_t len)
{
  struct nat *nat = world->nodes[node].nat;

  if (nat == NULL || packet_goes_to(error, len) != (int)node ||
      nat_inbound(nat, error, len, world->now_ns)) {
    routing_forward(world, node, error, len);
  }
}

/* A link that leaves a host is answered for by its other end. */
static void
too_big(struct world *world, struct link *link, const uint8_t *bytes, size_t len)
{
  int from_host = world->nodes[link->from].is_host;
  uint8_t error[ICMP_ERROR_MAX];
  size_t error_len = 0;

  link->stats.too_big++;
  if (!link->config.blackhole) {
    error_len = icmp_too_big(error, from_host ? link->to : link->from,
                             (uint32_t)link->config.mtu, bytes, len);
  }
  if (error_len != 0 && from_host) {
    deliver_now(world, link->from, error, error_len);
  } else if (error_len != 0) {
    tell(world, link->from, error, error_len);
  }
}

void
routing_forward(struct world *world, unsigned node, const uint8_t *bytes, size_t len)
{
  int to = destination(world, bytes, len);
  int number = to < 0 ? -1 : world->next_link[node][to];
  struct link *link = &world->links[number < 0 ? 0 : number];

  if (number < 0) {
    world->unroutable++;
  } else if (link->config.mtu != 0 && len > link->config.mtu) {
    too_big(world, link, bytes, len);
  } else {
    link_send(link, &world->queue, world->now_ns, bytes, len);
  }
}

/* Translates what goes through a NAT; 0: it does not. */
static int
translate(struct world *world, struct nat *nat, struct frame *frame)
{
  if (frame->link == (unsigned)nat->inside_link) {
    return nat_outbound(nat, frame->bytes, frame->len, world->now_ns);
  }
  return nat_inbound(nat, frame->bytes, frame->len, world->now_ns);
}

void
routing_arrival(struct world *world, unsigned node, struct frame *frame)
{
  struct nat *nat = world->nodes[node].nat;

  if (nat == NULL || translate(world, nat, frame)) {
    routing_forward(world, node, frame->bytes, frame->len);
  }
}

/* ---- floods ------------------------------------------------------------ */

void
world_start_flood(struct world *world, unsigned number)
{
  struct event event = {0};

  event.when_ns = flood_due(&world->floods[number]);
  event.kind = EVENT_FLOOD;
  event.target = number;
  if (event.when_ns != UINT64_MAX) {
    events_push(&world->queue, event);
  }
}

void
routing_flood(struct world *world, unsigned number)
{
  struct flood *flood = &world->floods[number];
  uint8_t bytes[PACKET_MAX];
  size_t len;

  if (!world->floods_over) {
    len = flood_packet(flood, bytes);
    routing_forward(world, flood->node, bytes, len);
    world_start_flood(world, number);
  }
}

void
world_stop_floods(struct world *world)
{
  world->floods_over = 1;
}
