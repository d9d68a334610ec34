/* SPDX-License-Identifier: BSD-3-Clause
 * The sequence of API calls, from everywhere and within every callback, with several connections at a time,
 * segments around what is plausible, and failing memory and driver: the monkey, whose dice are the input. */
#include "fuzz.h"
#include "monkey.h"

static int
more(void)
{
  return food_left() > 0;
}

void
fuzz_one(void)
{
  monkey_run(food, more, food(6));
}
