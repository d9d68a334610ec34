/* SPDX-License-Identifier: BSD-3-Clause */
/* clothing: cong; reason: read-only */
/* Every kind of write: increment. */
void handler(const struct tcp_alt_rod *rod);

void
handler(const struct tcp_alt_rod *rod)
{
  LWIP_UNUSED_ARG(rod);
  FORBIDDEN(rod->dupacks++;)
}
