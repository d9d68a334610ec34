/* SPDX-License-Identifier: BSD-3-Clause */
/** @file The event queue: a binary heap. */
#include "events.h"

#include <stdlib.h>

#include "fatal.h"

static int
before(const struct event *a, const struct event *b)
{
  return a->when_ns < b->when_ns || (a->when_ns == b->when_ns && a->order < b->order);
}

uint64_t
events_reserve(struct event_queue *queue, unsigned count)
{
  uint64_t first = queue->emitted;

  queue->emitted += count;
  return first;
}

void
events_push(struct event_queue *queue, struct event event)
{
  event.order = events_reserve(queue, 1);
  events_push_reserved(queue, event);
}

void
events_push_reserved(struct event_queue *queue, struct event event)
{
  size_t at = queue->count++;

  if (queue->count > queue->room) {
    queue->room = queue->room == 0 ? 256 : 2 * queue->room;
    queue->heap = must_realloc(queue->heap, queue->room * sizeof(event));
  }
  while (at > 0 && before(&event, &queue->heap[(at - 1) / 2])) {
    queue->heap[at] = queue->heap[(at - 1) / 2];
    at = (at - 1) / 2;
  }
  queue->heap[at] = event;
}

int
events_pop(struct event_queue *queue, struct event *out)
{
  struct event last;
  size_t at = 0;

  if (queue->count == 0) {
    return 0;
  }
  *out = queue->heap[0];
  last = queue->heap[--queue->count];
  for (;;) {
    size_t child = 2 * at + 1;
    if (child >= queue->count) {
      break;
    }
    if (child + 1 < queue->count && before(&queue->heap[child + 1], &queue->heap[child])) {
      child++;
    }
    if (!before(&queue->heap[child], &last)) {
      break;
    }
    queue->heap[at] = queue->heap[child];
    at = child;
  }
  if (queue->count != 0) {
    queue->heap[at] = last;
  }
  return 1;
}

void
events_free(struct event_queue *queue)
{
  size_t i;

  for (i = 0; i < queue->count; i++) {
    free(queue->heap[i].frame);
  }
  free(queue->heap);
  queue->heap = NULL;
  queue->count = queue->room = 0;
}
