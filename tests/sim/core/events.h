/* SPDX-License-Identifier: BSD-3-Clause */
/** @file The event queue: earliest first, ties in the order of emission. */
#ifndef SIM_EVENTS_H
#define SIM_EVENTS_H

#include <stddef.h>
#include <stdint.h>

struct frame {
  size_t len;
  unsigned link;      /* the one that brings it */
  uint64_t number;    /* of those offered to that link, from 1 */
  uint8_t bytes[];
};

enum event_kind {
  EVENT_ARRIVAL,      /* `frame` reaches the node `target` */
  EVENT_DEPARTURE,    /* link `target` has put a frame on the line */
  EVENT_FLOOD,        /* flood `target` sends its next packet */
  EVENT_WORK,         /* the processor of host `target` is through with `frame`, or the timers */
  EVENT_EMIT,         /* `frame` leaves host `target` */
  EVENT_TIMER,        /* host `target` may have a timer due; stale if `stamp` is old */
  EVENT_START,        /* application statement `target` begins */
  EVENT_MARK          /* a measuring interval begins or ends */
};

struct event {
  uint64_t when_ns;
  uint64_t order;
  enum event_kind kind;
  unsigned target;
  uint64_t stamp;
  struct frame *frame;
};

struct event_queue {
  struct event *heap;
  size_t count, room;
  uint64_t emitted;
};

void events_push(struct event_queue *queue, struct event event);

/** Takes `count` places in the order of emission; returns the first. What is
 * pushed there later comes, among ties, as if it were pushed now. */
uint64_t events_reserve(struct event_queue *queue, unsigned count);
void events_push_reserved(struct event_queue *queue, struct event event);

/** 1 and the earliest event, or 0 if there is none. */
int events_pop(struct event_queue *queue, struct event *out);
void events_free(struct event_queue *queue);

#endif /* SIM_EVENTS_H */
