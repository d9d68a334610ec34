/* SPDX-License-Identifier: BSD-3-Clause */
/** @file What happens to a link by the clock: intervals, and values that change. */
#ifndef SIM_SCHEDULE_H
#define SIM_SCHEDULE_H

#include "params.h"

#define SCHEDULE_MAX 32

/** Intervals: listed ones, and one that comes back. */
struct intervals {
  unsigned count;
  struct {
    uint64_t from_ns, to_ns;
  } list[SCHEDULE_MAX];
  uint64_t period_ns, length_ns;  /* from each multiple of the period but 0; 0: none */
};

/** A value that changes at times. */
struct steps {
  unsigned count;
  struct {
    uint64_t at_ns, value;
  } list[SCHEDULE_MAX];
};

/** Reads `key` (5s+10s;60s+1s: from when, how long) and `periodic` (30s+2s: every 30 s, for 2 s). */
void intervals_read(struct intervals *intervals, struct params *params, const char *key,
                    const char *periodic);
/** Whether `now_ns` is within one; then `end_ns` is when that one ends. */
int intervals_contain(const struct intervals *intervals, uint64_t now_ns, uint64_t *end_ns);

/** Reads `key` (5s:1M;8s:10M), the values with `parse`, in the order of time. */
void steps_read(struct steps *steps, struct params *params, const char *key,
                int (*parse)(const char *text, uint64_t *out));
/** The value at `now_ns`; `next_ns` is when it changes (UINT64_MAX: never). */
uint64_t steps_value(const struct steps *steps, uint64_t before, uint64_t now_ns,
                     uint64_t *next_ns);

#endif /* SIM_SCHEDULE_H */
