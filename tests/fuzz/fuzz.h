/* SPDX-License-Identifier: BSD-3-Clause
 * What the fuzz targets share: an input is food, and each choice eats of it. The world is the RFC tests'. */
#ifndef TCP_ALT_TESTS_FUZZ_FUZZ_H
#define TCP_ALT_TESTS_FUZZ_FUZZ_H

#include "rfc.h"

/** Bytes of the input not yet eaten. */
size_t food_left(void);
/** A number below n (at least 1); 0 when nothing is left. */
u32_t food(u32_t n);

/** What each target defines: one input, in a world without connections. It leaves none behind. */
void fuzz_one(void);

/** The byte at this sequence number, from lwIP's peer and from lwIP. */
u8_t fuzz_peers_byte(u32_t seq);
u8_t fuzz_our_byte(u32_t seq);

#endif
