/* SPDX-License-Identifier: BSD-3-Clause */
/* clothing: cong; reason: discarded */
/* Every kind of write: memset. */
#include <string.h>
void handler(const struct tcp_alt_rod *rod);

void
handler(const struct tcp_alt_rod *rod)
{
  LWIP_UNUSED_ARG(rod);
  FORBIDDEN(memset(rod, 0, sizeof(*rod));)
}
