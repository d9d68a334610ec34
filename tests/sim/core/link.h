/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * One direction of a link: a queue in bytes, a rate, a delay, and what goes
 * wrong on the way.
 *
 * A frame waits in the queue, is serialised at the rate, and only then lost,
 * damaged, duplicated or delayed: what is lost has cost its time. The sizes
 * are those of IP packets; no link layer is added.
 */
#ifndef SIM_LINK_H
#define SIM_LINK_H

#include "events.h"
#include "params.h"
#include "rng.h"

#define LINK_DROPS_MAX 16
#define LINK_DOWNS_MAX 8

struct link_config {
  uint64_t rate_bps;          /* 0: infinitely fast */
  uint64_t delay_ns;
  uint64_t queue_bytes;       /* 0: no limit */
  double loss, reorder, duplicate, corrupt, damage;
  uint64_t reorder_ns;        /* how much later a reordered frame arrives */
  uint64_t jitter_ns;         /* up to this much more, order kept */
  uint64_t drops[LINK_DROPS_MAX];   /* numbers of frames to drop, from 1; 0 ends */
  struct {
    uint64_t from_ns, to_ns;
  } downs[LINK_DOWNS_MAX];    /* times when everything is lost; to 0 ends */
};

struct link_stats {
  uint64_t offered, offered_bytes, delivered;
  uint64_t lost, overflowed, reordered, duplicated, corrupted, damaged;
  uint64_t queue_peak_bytes;
};

struct link {
  unsigned from, to;          /* nodes */
  struct link_config config;
  struct link_stats stats;
  struct rng rng;             /* the fate of frames: a fixed number of draws each */
  struct rng detail;          /* where damage strikes */
  uint64_t busy_until_ns;
  uint64_t last_arrival_ns;
};

void link_open(struct link *link, unsigned from, unsigned to, uint64_t seed, unsigned number);

/** Reads rate=, delay=, queue=, loss=, ... over what is set already. */
void link_configure(struct link_config *config, struct params *params);

/** Takes a frame; its arrivals become events. */
void link_send(struct link *link, struct event_queue *queue, uint64_t now_ns,
               const uint8_t *bytes, size_t len);

#endif /* SIM_LINK_H */
