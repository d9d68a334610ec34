/* SPDX-License-Identifier: BSD-3-Clause */
/* clothing: conn; reason: read-only */
/* conn reads rod, and no more. */
void handler(const struct tcp_alt_rod *rod);

void
handler(const struct tcp_alt_rod *rod)
{
  LWIP_UNUSED_ARG(rod);
  FORBIDDEN(rod->snd_una = 0;)
}
