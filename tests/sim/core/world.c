/* SPDX-License-Identifier: BSD-3-Clause */
/** @file The simulated world. */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fatal.h"
#include "routing.h"

/* A host that is due again and again at the same instant spins. */
#define SPIN_LIMIT 100000u
#define NS_PER_MS 1000000u
#define NEVER UINT64_MAX

unsigned
world_add_node(struct world *world, const char *name, int is_host)
{
  struct node *node;

  if (world->node_count == WORLD_NODES_MAX) {
    fatal(EXIT_USAGE, "more than %d hosts and routers", WORLD_NODES_MAX);
  }
  node = &world->nodes[world->node_count];
  snprintf(node->name, sizeof(node->name), "%s", name);
  node->is_host = is_host;
  node->timer_ns = NEVER;
  node->resent = is_host ? resent_new() : NULL;
  return world->node_count++;
}

int
world_find(const struct world *world, const char *name)
{
  unsigned i;

  for (i = 0; i < world->node_count; i++) {
    if (strcmp(world->nodes[i].name, name) == 0) {
      return (int)i;
    }
  }
  return -1;
}

/* A NAT's first link leads inside. */
static void
learn_inside(struct nat *nat, unsigned number, int leaves)
{
  if (nat != NULL && !leaves && nat->inside_link < 0) {
    nat->inside_link = (int)number;
  }
}

unsigned
world_add_link(struct world *world, unsigned from, unsigned to)
{
  unsigned number = world->link_count;

  if (number == WORLD_LINKS_MAX) {
    fatal(EXIT_USAGE, "more than %d link directions", WORLD_LINKS_MAX);
  }
  link_open(&world->links[number], from, to, world->seed, number);
  world->link_count++;
  learn_inside(world->nodes[from].nat, number, 1);
  learn_inside(world->nodes[to].nat, number, 0);
  return number;
}

int
world_find_link(const struct world *world, unsigned from, unsigned to)
{
  unsigned i;

  for (i = 0; i < world->link_count; i++) {
    if (world->links[i].from == from && world->links[i].to == to) {
      return (int)i;
    }
  }
  return -1;
}

/* The hash is over 64-bit words: fast, and any change changes it. */
static void
hash_frame(struct world *world, unsigned place, const uint8_t *bytes, size_t len)
{
  uint64_t hash = rng_mix(world->hash ^ rng_mix(world->now_ns) ^ ((uint64_t)place << 32) ^ len);
  size_t i;

  for (i = 0; i + 8 <= len; i += 8) {
    uint64_t word = 0;
    unsigned k;
    for (k = 0; k < 8; k++) {
      word |= (uint64_t)bytes[i + k] << (8 * k);
    }
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 29;
  }
  for (; i < len; i++) {
    hash = (hash ^ bytes[i]) * 0x100000001b3u;
  }
  world->hash = hash;
}

static void
record(struct world *world, unsigned node, const uint8_t *bytes, size_t len)
{
  hash_frame(world, node, bytes, len);
  if (world->nodes[node].capture != NULL) {
    capture_frame(world->nodes[node].capture, world->now_ns, bytes, len);
  }
}

/* ---- what hosts call --------------------------------------------------- */

static uint64_t
env_now(void *context)
{
  return ((struct world *)context)->now_ns;
}

static void
emit(struct world *world, unsigned index, const uint8_t *frame, size_t len)
{
  world->nodes[index].frames_out++;
  resent_frame(world->nodes[index].resent, frame, len);
  record(world, index, frame, len);
  routing_forward(world, index, frame, len);
}

static void
env_transmit(void *context, unsigned index, const uint8_t *frame, size_t len)
{
  struct world *world = context;
  struct cpu *cpu = &world->nodes[index].cpu;

  if (cpu->rate != 0) {
    cpu_emit(cpu, &world->queue, index, world->now_ns, frame, len);
  } else {
    emit(world, index, frame, len);
  }
}

static void
env_fault(void *context, unsigned index, const char *what)
{
  struct world *world = context;

  world->fault(world, index, what);
}

void
world_init_host(struct world *world, unsigned node, const struct simhost_setup *given)
{
  struct simhost_env env = {world, node, env_now, env_transmit, env_fault};
  struct simhost_setup setup = *given;
  const struct simhost_api *api = world->nodes[node].api;

  setup.seed = rng_mix(world->seed * 64 + node + 1);
  api->init(&env, &setup);
  api->counters(&world->nodes[node].baseline);
  world_touched(world, node);
}

/* ---- time -------------------------------------------------------------- */

/* When the host's next deadline is. Its clock counts whole milliseconds of the
 * same virtual time, so a deadline falls on a whole millisecond. */
static uint64_t
deadline(const struct world *world, const struct node *node)
{
  uint32_t sleep = node->api->sleep_ms();

  if (sleep == SIMHOST_NO_DEADLINE) {
    return NEVER;
  }
  return sleep == 0 ? world->now_ns : (world->now_ns / NS_PER_MS + sleep) * NS_PER_MS;
}

void
world_touched(struct world *world, unsigned host)
{
  struct node *node = &world->nodes[host];
  uint64_t when = deadline(world, node);
  struct event event = {0};

  if (node->trace != NULL) {
    trace_sample(node->trace, world->now_ns);
  }
  if (when == NEVER && node->api->waits()) {
    world->fault(world, host, "stalls: a connection waits and no timer is armed");
  }
  if (when == node->timer_ns) {
    return;
  }
  node->timer_ns = when;
  node->timer_stamp++;
  if (when != NEVER) {
    event.when_ns = when;
    event.kind = EVENT_TIMER;
    event.target = host;
    event.stamp = node->timer_stamp;
    events_push(&world->queue, event);
  }
}

static void
guard_against_spinning(struct world *world, unsigned host)
{
  struct node *node = &world->nodes[host];

  if (node->wakeups_at != world->now_ns) {
    node->wakeups_at = world->now_ns;
    node->wakeups_here = 0;
  }
  if (++node->wakeups_here > SPIN_LIMIT) {
    world->fault(world, host, "spins: it is due again and again at the same instant");
  }
}

/* The host sees a frame, or (NULL) that time has gone by. */
static void
see(struct world *world, unsigned host, const struct frame *frame)
{
  struct node *node = &world->nodes[host];

  if (frame != NULL) {
    node->api->input(frame->bytes, frame->len);
  } else {
    node->wakeups++;
    node->marked_wakeups += (uint64_t)(world->in_mark != 0);
    node->api->run_timers();
  }
  world_touched(world, host);
}

/* At once, or when the processor is through with it. Takes over the frame. */
static void
enter(struct world *world, unsigned host, struct frame *frame)
{
  struct cpu *cpu = &world->nodes[host].cpu;

  if (cpu->rate != 0) {
    cpu_enter(cpu, &world->queue, host, world->now_ns, frame);
  } else {
    see(world, host, frame);
    free(frame);
  }
}

static void
worked(struct world *world, struct event *event)
{
  struct cpu *cpu = &world->nodes[event->target].cpu;

  if (event->frame == NULL) {
    cpu->timer_waits = 0;
    world->nodes[event->target].timer_ns = NEVER;
  }
  see(world, event->target, event->frame);
  free(event->frame);
  cpu_next(cpu, &world->queue, event->target, world->now_ns);
}

static void
timer_due(struct world *world, const struct event *event)
{
  struct node *node = &world->nodes[event->target];

  if (event->stamp != node->timer_stamp) {
    return;
  }
  guard_against_spinning(world, event->target);
  node->timer_ns = NEVER;
  enter(world, event->target, NULL);
}

static void
arrival(struct world *world, struct event *event)
{
  struct node *node = &world->nodes[event->target];
  struct frame *frame = event->frame;

  if (frame->link != ROUTING_NO_LINK) {
    link_arrived(&world->links[frame->link], frame);
  }
  if (node->is_host) {
    node->frames_in++;
    record(world, event->target, frame->bytes, frame->len);
    enter(world, event->target, frame);
    return;
  }
  routing_arrival(world, event->target, frame);
  free(frame);
}

int
world_step(struct world *world, uint64_t until_ns)
{
  struct event event;

  if (world->queue.count == 0 || world->queue.heap[0].when_ns > until_ns) {
    return 0;
  }
  events_pop(&world->queue, &event);
  world->now_ns = event.when_ns;
  switch (event.kind) {
    case EVENT_ARRIVAL:
      arrival(world, &event);
      break;
    case EVENT_DEPARTURE:
      link_departure(&world->links[event.target], &world->queue, world->now_ns);
      break;
    case EVENT_FLOOD:
      routing_flood(world, event.target);
      break;
    case EVENT_WORK:
      worked(world, &event);
      break;
    case EVENT_EMIT:
      emit(world, event.target, event.frame->bytes, event.frame->len);
      free(event.frame);
      break;
    case EVENT_TIMER:
      timer_due(world, &event);
      break;
    case EVENT_START:
      world->start(world, event.target);
      break;
    case EVENT_MARK:
      world->in_mark = event.target != 0;
      break;
  }
  return 1;
}

void
world_free(struct world *world)
{
  unsigned i;

  events_free(&world->queue);
  for (i = 0; i < world->node_count; i++) {
    capture_close(world->nodes[i].capture);
    world->nodes[i].capture = NULL;
    cpu_free(&world->nodes[i].cpu);
    trace_close(world->nodes[i].trace);
    world->nodes[i].trace = NULL;
    resent_free(world->nodes[i].resent);
    world->nodes[i].resent = NULL;
    nat_free(world->nodes[i].nat);
    world->nodes[i].nat = NULL;
  }
  for (i = 0; i < world->link_count; i++) {
    link_free(&world->links[i]);
  }
}
