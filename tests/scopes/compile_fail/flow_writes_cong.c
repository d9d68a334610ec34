/* SPDX-License-Identifier: BSD-3-Clause */
/* clothing: flow; reason: incomplete */
/* cong is nothing to flow: its structure is unknown. */
struct tcp_alt_cong;
void handler(struct tcp_alt_cong *cong);

void
handler(struct tcp_alt_cong *cong)
{
  LWIP_UNUSED_ARG(cong);
  FORBIDDEN(cong->cwnd = 0;)
}
