/* SPDX-License-Identifier: BSD-3-Clause */
/* clothing: conn; reason: read-only */
/* conn reads flow, and no more. */
void handler(const struct tcp_alt_flow *flow);

void
handler(const struct tcp_alt_flow *flow)
{
  LWIP_UNUSED_ARG(flow);
  FORBIDDEN(flow->snd_wnd = 0;)
}
