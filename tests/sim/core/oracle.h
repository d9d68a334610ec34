/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * What must be true of every run, whatever the network did.
 *
 * - every byte is delivered once, in order, to its stream, and none is missing
 *   when the peer has closed;
 * - no standstill: a host with anything unacknowledged has a timer armed, and
 *   the applications end within the scenario's limit;
 * - after both sides have closed and TIME-WAIT is over, every PCB, segment,
 *   pbuf, timeout and byte of heap is back.
 *
 * The first holds for all. The others are failures of hosts that run alt (for
 * a connection's fate: if all hosts do); of legacy hosts they are notes, or
 * failures too with `strict`.
 */
#ifndef SIM_ORACLE_H
#define SIM_ORACLE_H

#include "scenario.h"

#define ORACLE_FINDINGS_MAX 32
#define ORACLE_TEXT_MAX 240

struct oracle {
  const struct scenario *scenario;
  int strict;
  unsigned failures, notes;
  struct oracle_finding {
    int is_failure;
    char text[ORACLE_TEXT_MAX];
  } findings[ORACLE_FINDINGS_MAX];
  unsigned finding_count;
};

void oracle_init(struct oracle *oracle, const struct scenario *scenario, int strict);

/** A host asserted, spins or stalls. What hostile damage does to legacy is a note. */
void oracle_fault(struct oracle *oracle, unsigned host, const char *what);

/** Whether all applications have ended and all connections are given up. */
int oracle_apps_done(const struct scenario *scenario);
/** Whether every host has given everything back. */
int oracle_all_clean(const struct world *world);

/** The applications did not end: `why` says how that was seen. */
void oracle_unfinished(struct oracle *oracle, const char *why);
/** Judges the applications' results. */
void oracle_judge_data(struct oracle *oracle);
/** Judges what is still in use. */
void oracle_judge_pools(struct oracle *oracle);

#endif /* SIM_ORACLE_H */
