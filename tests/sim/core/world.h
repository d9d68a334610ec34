/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * The simulated world: hosts and routers joined by links, virtual time, and
 * the loop that gives each host frames and time exactly when they are due.
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "../simhost.h"
#include "capture.h"
#include "cpu.h"
#include "events.h"
#include "flood.h"
#include "link.h"
#include "nat.h"
#include "resent.h"
#include "trace.h"

#define WORLD_NODES_MAX 64
#define WORLD_LINKS_MAX 256
#define WORLD_FLOODS_MAX 8
#define WORLD_NAME_MAX 32

/** Hosts, routers and NATs. Node numbers of hosts are their indices for simhost.h. */
struct node {
  char name[WORLD_NAME_MAX];
  int is_host;
  struct nat *nat;                    /* NATs only */
  const struct simhost_api *api;      /* hosts only, from here on */
  void *library;
  struct simhost_counters baseline;   /* what an idle host has in use */
  uint64_t timer_stamp;               /* the one timer event that is not stale */
  uint64_t timer_ns;                  /* when it is due; UINT64_MAX: none */
  uint64_t wakeups;                   /* times a timer was due */
  uint64_t marked_wakeups;            /* those within the marked interval */
  uint64_t frames_in, frames_out;
  uint64_t wakeups_at;                /* guard against spinning: at this time ... */
  unsigned wakeups_here;              /* ... so often */
  struct cpu cpu;
  struct capture *capture;            /* or NULL */
  struct resent *resent;              /* what it sent again */
  struct trace *trace;                /* or NULL */
};

struct world {
  uint64_t now_ns;
  uint64_t seed;
  struct event_queue queue;
  struct node nodes[WORLD_NODES_MAX];
  unsigned node_count;
  struct link links[WORLD_LINKS_MAX];
  unsigned link_count;
  struct flood floods[WORLD_FLOODS_MAX];
  unsigned flood_count;
  int floods_over;
  int next_link[WORLD_NODES_MAX][WORLD_NODES_MAX];  /* from, to -> link, or -1 */
  uint64_t hash;                                    /* of all frames and times */
  uint64_t unroutable;
  int in_mark;
  /** Called for EVENT_START; the scenario's business. */
  void (*start)(struct world *world, unsigned number);
  /** Called for a fault a host reports; must not return. */
  void (*fault)(struct world *world, unsigned host, const char *what);
  void *owner;
};

unsigned world_add_node(struct world *world, const char *name, int is_host);
/** The node's number, or -1. */
int world_find(const struct world *world, const char *name);
unsigned world_add_link(struct world *world, unsigned from, unsigned to);
/** The link from one node to another, or -1. */
int world_find_link(const struct world *world, unsigned from, unsigned to);

/** Begins a flood that is configured, when its time comes. */
void world_start_flood(struct world *world, unsigned number);
/** No flood sends any more. */
void world_stop_floods(struct world *world);

/** Loads a private copy of DIR/KIND.so for a host; ends the program on failure. */
void world_load_host(struct world *world, unsigned node, const char *dir, const char *kind);
/** Starts the stack of a host. */
void world_init_host(struct world *world, unsigned node, const struct simhost_setup *setup);
/** Computes the routes. To be called once, before anything runs. */
void world_route(struct world *world);

/** Runs the next event not later than `until_ns`; 0 if there is none. */
int world_step(struct world *world, uint64_t until_ns);

/** To be called after anything was done to a host from outside the loop. */
void world_touched(struct world *world, unsigned host);

void world_free(struct world *world);

#endif /* SIM_WORLD_H */
