/* SPDX-License-Identifier: BSD-3-Clause */
/* What every unit test includes first: cmocka with what it needs, and a random source of our own. */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lwip/opt.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* xorshift32: the same numbers on every machine. Reset it at the start of each test. */
static uint32_t unit_rand_state = 1;

static inline void
unit_srand(uint32_t seed)
{
  unit_rand_state = seed * 2654435761u + 1u;
}

static inline uint32_t
unit_rand(void)
{
  unit_rand_state ^= unit_rand_state << 13;
  unit_rand_state ^= unit_rand_state >> 17;
  unit_rand_state ^= unit_rand_state << 5;
  return unit_rand_state;
}

#endif
