/* SPDX-License-Identifier: BSD-3-Clause
 * The little of the polling tests' application that is wanted without callbacks. */
#include "world.h"

#include "lwip/stats.h"

struct app app; /* nobody calls it back */

unsigned int
pool_used(memp_t pool)
{
  return (unsigned int)lwip_stats.memp[pool]->used;
}
