/* SPDX-License-Identifier: BSD-3-Clause */
/** @file What a bad line does to the bytes of an IP packet. */
#ifndef SIM_DAMAGE_H
#define SIM_DAMAGE_H

#include "events.h"
#include "rng.h"

/** Flips 1 to 15 adjacent bits (ends flipped, between them at random) of the
 * TCP header or payload: the checksum always detects that. Returns 1, or 0 if
 * this is no TCP packet. */
int damage_tcp_bits(struct frame *frame, struct rng *rng);

/** Anything anywhere: bytes of any layer, a cut or grown end; in half of the
 * cases the checksums are made right again, so that the damage gets through. */
void damage_anything(struct frame *frame, size_t room, struct rng *rng);

#endif /* SIM_DAMAGE_H */
