/* SPDX-License-Identifier: BSD-3-Clause */
/** @file Scenario statements about the network beyond hosts and links. Errors end the program. */
#ifndef SIM_NETWORK_H
#define SIM_NETWORK_H

#include "params.h"
#include "world.h"

/** nat NAME forget=TIME */
void network_nat(struct world *world, unsigned node, struct params *params);

/** rule A>B CONDITION... VERDICT */
void network_rule(struct world *world, const char *where, const char *direction,
                  const char *text);

/** flood NODE to=HOST rate=N ... */
void network_flood(struct world *world, const char *where, unsigned from, unsigned to,
                   struct params *params);

#endif /* SIM_NETWORK_H */
