/* SPDX-License-Identifier: BSD-3-Clause */
/* clothing: flow; reason: discarded */
/* Every kind of write: through a pointer to a member. */
void handler(const struct tcp_alt_rod *rod);

void
handler(const struct tcp_alt_rod *rod)
{
  LWIP_UNUSED_ARG(rod);
  FORBIDDEN(u32_t *una = &rod->snd_una; *una = 0;)
}
