/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * One direction of a link: a queue, a rate, a delay, and what goes wrong on
 * the way.
 *
 * A frame waits in the queue, is serialised at the rate, and only then lost,
 * damaged, duplicated or delayed: what is lost has cost its time. Sizes are
 * those of IP packets; what the link adds to each is `overhead_bytes`.
 */
#ifndef SIM_LINK_H
#define SIM_LINK_H

#include "histogram.h"
#include "queue.h"
#include "rules.h"
#include "schedule.h"

#define LINK_DROPS_MAX 16

/** Bursts of loss (Gilbert and Elliott): two states, one step a frame. */
struct burst_config {
  double to_bad, to_good;       /* probabilities of a change of state */
  double loss_good, loss_bad;
};

struct link_config {
  uint64_t rate_bps;          /* 0: infinitely fast */
  uint64_t delay_ns;
  struct steps rates, delays;       /* from times on, others */
  struct queue_config queue;
  uint64_t overhead_bytes;          /* on the wire, for each frame */
  uint64_t mtu;                     /* 0: none */
  int blackhole;                    /* says nothing of what is too big */
  double loss, reorder, duplicate, corrupt, damage;
  struct burst_config burst;
  uint64_t reorder_ns;        /* how much later a reordered frame arrives */
  uint64_t jitter_ns;         /* up to this much more, order kept */
  uint64_t swap_ns;           /* up to this much more, order not kept */
  uint64_t drops[LINK_DROPS_MAX];   /* numbers of frames to drop, from 1; 0 ends */
  struct intervals down;      /* everything is lost */
  struct intervals stall;     /* what would arrive within arrives at the end */
};

struct link_stats {
  uint64_t offered, offered_bytes, delivered, delivered_bytes;
  uint64_t lost, overflowed, reordered, duplicated, corrupted, damaged;
  uint64_t loss_runs;         /* runs of frames lost one after the other */
  uint64_t marked, aqm_dropped, held, late, too_big;
  uint64_t rule_dropped, injected;
  uint64_t queue_peak_bytes, queue_peak_frames;
  uint64_t busy_ns;           /* the line was in use */
  struct histogram queued;    /* ns from entering the queue to leaving it */
};

struct link {
  unsigned from, to;          /* nodes */
  unsigned number;
  struct link_config config;
  struct link_stats stats;
  struct rng rng;             /* the fate of frames: a fixed number of draws each */
  struct rng detail;          /* where damage strikes */
  struct rng burst, swap;     /* of these impairments; draws for each frame */
  struct rng forge;           /* what rules inject */
  int in_bad_state;
  int lost_last;
  struct queue queue;
  struct codel codel;
  struct rules rules;         /* with `flows`: there are some, or on the other direction */
  int busy;                   /* `serving` is on its way out ... */
  struct queued serving;
  uint64_t busy_until_ns;     /* ... until then */
  uint64_t last_arrival_ns;
  uint64_t highest_arrived;   /* number of a frame */
};

void link_open(struct link *link, unsigned from, unsigned to, uint64_t seed, unsigned number);

/** Reads rate=, delay=, queue=, loss=, ... over what is set already. */
void link_configure(struct link_config *config, struct params *params);

/** Takes a frame; what becomes of it are events. */
void link_send(struct link *link, struct event_queue *events, uint64_t now_ns,
               const uint8_t *bytes, size_t len);
/** EVENT_DEPARTURE: the frame on the line has left it. */
void link_departure(struct link *link, struct event_queue *events, uint64_t now_ns);
/** A frame of this link has reached its node. */
void link_arrived(struct link *link, const struct frame *frame);

void link_free(struct link *link);

#endif /* SIM_LINK_H */
