/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * SYNs from addresses that nobody has, at a steady rate: a SYN flood, and a
 * source of packets that no TCP slows down. The n-th has sequence number n.
 */
#ifndef SIM_FLOOD_H
#define SIM_FLOOD_H

#include <stddef.h>
#include <stdint.h>

#include "params.h"
#include "rng.h"

struct flood {
  unsigned node;            /* where they come from; answers end there */
  unsigned to;
  unsigned version, port;
  uint64_t begin_ns;
  double interval_ns;
  uint64_t count;           /* 0: no end */
  uint64_t sent;
  size_t size;              /* of each packet; what is beyond the headers is zeros */
  unsigned ecn;             /* codepoint */
  struct rng rng;
};

/** Reads to=HOST (a node's number) rate= count= at= port= size= ect v6. */
void flood_configure(struct flood *flood, struct params *params, uint64_t seed, unsigned number);

/** Makes the next packet; returns its length. */
size_t flood_packet(struct flood *flood, uint8_t *to);
/** When the next one is due; UINT64_MAX: there is none. */
uint64_t flood_due(const struct flood *flood);

#endif /* SIM_FLOOD_H */
