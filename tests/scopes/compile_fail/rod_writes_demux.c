/* SPDX-License-Identifier: BSD-3-Clause */
/* clothing: rod; reason: incomplete */
/* demux is nothing to rod: its structure is unknown. */
struct tcp_alt_demux;
void handler(struct tcp_alt_demux *demux);

void
handler(struct tcp_alt_demux *demux)
{
  LWIP_UNUSED_ARG(demux);
  FORBIDDEN(demux->hash_next = NULL;)
}
