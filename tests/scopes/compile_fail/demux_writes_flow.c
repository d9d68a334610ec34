/* SPDX-License-Identifier: BSD-3-Clause */
/* clothing: demux; reason: incomplete */
/* flow is nothing to demux: its structure is unknown. */
struct tcp_alt_flow;
void handler(struct tcp_alt_flow *flow);

void
handler(struct tcp_alt_flow *flow)
{
  LWIP_UNUSED_ARG(flow);
  FORBIDDEN(flow->snd_wnd = 0;)
}
