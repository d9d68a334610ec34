/* SPDX-License-Identifier: BSD-3-Clause */
/* clothing: demux; reason: incomplete */
/* rod is nothing to demux: its structure is unknown. */
struct tcp_alt_rod;
void handler(struct tcp_alt_rod *rod);

void
handler(struct tcp_alt_rod *rod)
{
  LWIP_UNUSED_ARG(rod);
  FORBIDDEN(rod->snd_una = 0;)
}
