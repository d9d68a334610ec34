/* SPDX-License-Identifier: BSD-3-Clause */
/** @file CoDel, controlled delay (RFC 8289): when the frame that leaves a queue is to be dropped. */
#ifndef SIM_CODEL_H
#define SIM_CODEL_H

#include <stdint.h>

struct codel_config {
  uint64_t target_ns;       /* acceptable standing delay (RFC 8289 4.4): 5 ms */
  uint64_t interval_ns;     /* worst expected round trip (RFC 8289 4.3): 100 ms */
};

struct codel {
  uint64_t first_above_ns;  /* when the delay has been above target for an interval; 0: it is not */
  uint64_t next_ns;         /* of the next drop, while dropping */
  uint32_t count;           /* drops since dropping began */
  uint32_t last_count;      /* what `count` was set to then */
  uint64_t largest;         /* frame seen: a queue of no more than that is no queue */
  int dropping;
  int owed;                 /* `next_ns` moves on if the frame behind the dropped one is late, too */
};

/** Judges a frame that leaves the queue: 1, drop it (or mark it) and offer the
 * next one; 0, send it. `sojourn_ns` is how long it was in the queue, `left`
 * how many bytes are behind it. */
int codel_drops(struct codel *codel, const struct codel_config *config, uint64_t now_ns,
                uint64_t sojourn_ns, uint64_t len, uint64_t left);
/** The queue is empty. */
void codel_idle(struct codel *codel);

#endif /* SIM_CODEL_H */
