/* SPDX-License-Identifier: BSD-3-Clause */
/** @file What a scenario is, as JSON, for the programs that run it. */
#ifndef SIM_DESCRIBE_H
#define SIM_DESCRIBE_H

#include "scenario.h"

void describe_scenario(const struct scenario *scenario, FILE *out);

#endif /* SIM_DESCRIBE_H */
