/* SPDX-License-Identifier: BSD-3-Clause */
/* clothing: way_out; reason: incomplete */
/* Segments are unknown to doors and the way out too. */
void handler(struct tcp_alt_cb *cb);

void
handler(struct tcp_alt_cb *cb)
{
  LWIP_UNUSED_ARG(cb);
  FORBIDDEN(cb->rod.head->len = 0;)
}
