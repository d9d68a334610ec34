/* SPDX-License-Identifier: BSD-3-Clause */
/* clothing: conn; reason: cast */
/* Every kind of write: through a cast. */
void handler(const struct tcp_alt_flow *flow);

void
handler(const struct tcp_alt_flow *flow)
{
  LWIP_UNUSED_ARG(flow);
  FORBIDDEN(((struct tcp_alt_flow *)flow)->snd_wnd = 0;)
}
