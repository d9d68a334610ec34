/* SPDX-License-Identifier: BSD-3-Clause */
/** @file The queue before a link. */
#include "queue.h"

#include <stdlib.h>

#include "fatal.h"

/* Whether `bytes` or `frames` are more than a limit that is set. */
static int
beyond(uint64_t bytes, uint64_t most_bytes, uint64_t frames, uint64_t most_frames)
{
  return (most_bytes != 0 && bytes > most_bytes) || (most_frames != 0 && frames > most_frames);
}

int
queue_admits(const struct queue *queue, const struct queue_config *config,
             struct queue_line line, size_t len)
{
  return !beyond(queue->bytes + line.bytes + len, config->limit_bytes,
                 queue->count + line.frames + 1, config->limit_frames);
}

int
queue_marks(const struct queue *queue, const struct queue_config *config,
            struct queue_line line, size_t len)
{
  return config->discipline == QUEUE_ECN &&
         beyond(queue->bytes + line.bytes + len, config->mark_bytes,
                queue->count + line.frames + 1, config->mark_frames);
}

void
queue_put(struct queue *queue, struct queued item)
{
  if (queue->count == queue->room) {
    size_t room = queue->room == 0 ? 16 : 2 * queue->room;
    size_t i;
    queue->ring = must_realloc(queue->ring, room * sizeof(*queue->ring));
    /* What was before the head follows the old end now. */
    for (i = 0; i < queue->head; i++) {
      queue->ring[queue->room + i] = queue->ring[i];
    }
    queue->room = room;
  }
  queue->ring[(queue->head + queue->count++) & (queue->room - 1)] = item;
  queue->bytes += item.frame->len;
}

int
queue_take(struct queue *queue, struct queued *out)
{
  if (queue->count == 0) {
    return 0;
  }
  *out = queue->ring[queue->head];
  queue->head = (queue->head + 1) & (queue->room - 1);
  queue->count--;
  queue->bytes -= out->frame->len;
  return 1;
}

void
queue_free(struct queue *queue)
{
  struct queued item;

  while (queue_take(queue, &item)) {
    free(item.frame);
  }
  free(queue->ring);
  queue->ring = NULL;
  queue->room = queue->head = 0;
}
