/* SPDX-License-Identifier: BSD-3-Clause */
/** @file CoDel, controlled delay (RFC 8289). */
#include "codel.h"

#include <math.h>

/* Dropping resumes at the rate it had if it ended less than so many intervals ago (RFC 8289 5.5). */
#define MEMORY_INTERVALS 16u

/* RFC 8289 5.6: drops come closer with the root of their number. */
static uint64_t
control_law(const struct codel_config *config, uint64_t from_ns, uint32_t count)
{
  return from_ns + (uint64_t)((double)config->interval_ns / sqrt((double)count));
}

/* RFC 8289 5.6: above target for a whole interval, and not merely by one frame. */
static int
persists(struct codel *codel, const struct codel_config *config, uint64_t now_ns,
         uint64_t sojourn_ns, uint64_t left)
{
  if (sojourn_ns < config->target_ns || left <= codel->largest) {
    codel->first_above_ns = 0;
    return 0;
  }
  if (codel->first_above_ns == 0) {
    codel->first_above_ns = now_ns + config->interval_ns;
    return 0;
  }
  return now_ns >= codel->first_above_ns;
}

/* RFC 8289 5.5: a queue that came back soon is met with almost the old rate. */
static void
begin(struct codel *codel, const struct codel_config *config, uint64_t now_ns)
{
  uint32_t before = codel->count - codel->last_count;
  uint64_t memory = MEMORY_INTERVALS * config->interval_ns;

  codel->dropping = 1;
  codel->count = before > 1 && now_ns < codel->next_ns + memory ? before : 1;
  codel->last_count = codel->count;
  codel->next_ns = control_law(config, now_ns, codel->count);
}

int
codel_drops(struct codel *codel, const struct codel_config *config, uint64_t now_ns,
            uint64_t sojourn_ns, uint64_t len, uint64_t left)
{
  int owed = codel->owed;

  codel->owed = 0;
  if (len > codel->largest) {
    codel->largest = len;
  }
  if (!persists(codel, config, now_ns, sojourn_ns, left)) {
    codel->dropping = 0;
    return 0;
  }
  if (!codel->dropping) {
    begin(codel, config, now_ns);
    return 1;
  }
  if (owed) {
    codel->next_ns = control_law(config, codel->next_ns, codel->count);
  }
  if (now_ns < codel->next_ns) {
    return 0;
  }
  codel->count++;
  codel->owed = 1;
  return 1;
}

void
codel_idle(struct codel *codel)
{
  codel->first_above_ns = 0;
  codel->dropping = 0;
  codel->owed = 0;
}
