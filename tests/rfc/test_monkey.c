/* SPDX-License-Identifier: BSD-3-Clause
 * The monkey with random numbers from a seed. The fuzzer has one that learns. */
#include "groups.h"
#include "monkey.h"

#include <stdlib.h>

#define STEPS 1200

static u32_t state;
static unsigned int steps;

static u32_t
dice(u32_t n)
{
  state = state * 1664525U + 1013904223U;
  return (state >> 8) % n;
}

static int
more(void)
{
  return steps++ < STEPS;
}

START_TEST(monkey)
{
  state = (u32_t)_i * 7919U + 1;
  steps = 0;
  monkey_run(dice, more, (unsigned int)_i);
}
END_TEST

TCase *
monkey_tests(void)
{
  TCase *tc = tcase_create("monkey");
  const char *n = getenv("RFC_MONKEYS"); /* how many seeds; each takes half a second */
  tcase_add_loop_test(tc, monkey, 0, n != NULL ? atoi(n) : 20);
  return tc;
}
