/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * The queue before a link: frames in order, each with its fate, and the
 * disciplines that say who gets in. What CoDel drops, it drops on the way out.
 */
#ifndef SIM_QUEUE_H
#define SIM_QUEUE_H

#include "codel.h"
#include "events.h"
#include "rules.h"

enum discipline {
  QUEUE_DROPTAIL,
  QUEUE_ECN,            /* marks from a threshold on */
  QUEUE_CODEL,          /* RFC 8289 */
  QUEUE_CODEL_ECN       /* the same, marks what can be marked */
};

struct queue_config {
  enum discipline discipline;
  uint64_t limit_bytes, limit_frames;   /* 0: none */
  uint64_t mark_bytes, mark_frames;     /* of QUEUE_ECN; 0: not by this */
  struct codel_config codel;
};

/** What will happen to a frame once it has left the queue. */
struct fate {
  int lost, reordered, duplicated, corrupted, damaged;
  double jitter, swap;                  /* shares of the most */
  struct verdict verdict;
};

struct queued {
  struct frame *frame;
  struct fate fate;
  uint64_t entered_ns;
  uint64_t order;                       /* reserved for what becomes of it */
};

struct queue {
  struct queued *ring;
  size_t head, count, room;
  uint64_t bytes;
};

/** What the line itself still holds of the frame that is being sent. */
struct queue_line {
  uint64_t bytes, frames;
};

/** Whether a frame of `len` bytes still has room. */
int queue_admits(const struct queue *queue, const struct queue_config *config,
                 struct queue_line line, size_t len);
/** Whether a frame that enters now is to be marked. */
int queue_marks(const struct queue *queue, const struct queue_config *config,
                struct queue_line line, size_t len);
void queue_put(struct queue *queue, struct queued item);
/** 1 and the oldest, or 0: there is none. */
int queue_take(struct queue *queue, struct queued *out);
void queue_free(struct queue *queue);

#endif /* SIM_QUEUE_H */
