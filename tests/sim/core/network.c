/* SPDX-License-Identifier: BSD-3-Clause */
/** @file Scenario statements about the network beyond hosts and links. */
#include "network.h"

#include <stdio.h>
#include <string.h>

#include "fatal.h"

#define FORGET_DEFAULT_NS (7440u * 1000000000ull) /* 2 h 4 min: RFC 5382 REQ-5 */

void
network_nat(struct world *world, unsigned node, struct params *params)
{
  world->nodes[node].nat = nat_new(node, params_time(params, "forget", FORGET_DEFAULT_NS));
}

static unsigned
node_of(struct world *world, const char *where, const char *name)
{
  int node = world_find(world, name);

  if (node < 0) {
    fatal(EXIT_USAGE, "%s: no host or router '%s'", where, name);
  }
  return (unsigned)node;
}

/* The link of A>B. */
static struct link *
link_of(struct world *world, const char *where, const char *direction)
{
  char from[WORLD_NAME_MAX];
  const char *to = strchr(direction, '>');
  int number;

  if (to == NULL || (size_t)(to - direction) >= sizeof(from)) {
    fatal(EXIT_USAGE, "%s: a rule is for one direction, like a>b, not '%s'", where, direction);
  }
  snprintf(from, sizeof(from), "%.*s", (int)(to - direction), direction);
  number = world_find_link(world, node_of(world, where, from), node_of(world, where, to + 1));
  if (number < 0) {
    fatal(EXIT_USAGE, "%s: no link %s", where, direction);
  }
  return &world->links[number];
}

/* Both directions of a link share what they know of flows. */
static void
watch(struct world *world, struct link *link)
{
  int back = world_find_link(world, link->to, link->from);

  if (link->rules.flows != NULL) {
    return;
  }
  link->rules.flows = flows_new();
  if (back >= 0) {
    world->links[back].rules.flows = link->rules.flows;
    world->links[back].rules.side = 1;
  }
}

void
network_rule(struct world *world, const char *where, const char *direction, const char *text)
{
  struct link *link = link_of(world, where, direction);

  watch(world, link);
  rules_add(&link->rules, where, text, rng_mix(world->seed + link->number));
}

void
network_flood(struct world *world, const char *where, unsigned from, unsigned to,
              struct params *params)
{
  struct flood *flood = &world->floods[world->flood_count];

  if (world->flood_count == WORLD_FLOODS_MAX) {
    fatal(EXIT_USAGE, "%s: more than %d floods", where, WORLD_FLOODS_MAX);
  }
  flood->node = from;
  flood->to = to;
  flood_configure(flood, params, world->seed, world->flood_count);
  world_start_flood(world, world->flood_count++);
}
