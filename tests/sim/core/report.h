/* SPDX-License-Identifier: BSD-3-Clause */
/** @file What a run prints. */
#ifndef SIM_REPORT_H
#define SIM_REPORT_H

#include <stdio.h>

#include "oracle.h"

struct report {
  const struct scenario *scenario;
  const struct oracle *oracle;
  const char *command;      /* what reproduces the run */
};

void report_text(const struct report *report, FILE *out);
void report_json(const struct report *report, FILE *out);
/** Links, rules, NATs and floods, as members of a JSON object, each with a comma before it. */
void report_json_net(const struct world *world, FILE *out);
/** Every host's connections and pools, now. */
void report_state(const struct world *world, FILE *out);
/** Seed, command and state: for a failed run. */
void report_failure(const struct report *report, FILE *out);

#endif /* SIM_REPORT_H */
