/* SPDX-License-Identifier: BSD-3-Clause */
/* clothing: rod; reason: incomplete */
/* A component does not know the control block it is a part of. */
struct tcp_alt_cb;
void handler(struct tcp_alt_cb *cb);

void
handler(struct tcp_alt_cb *cb)
{
  LWIP_UNUSED_ARG(cb);
  FORBIDDEN(cb->rod.snd_una = 0;)
}
