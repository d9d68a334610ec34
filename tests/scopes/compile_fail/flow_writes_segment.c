/* SPDX-License-Identifier: BSD-3-Clause */
/* clothing: flow; reason: incomplete */
/* const is shallow: a segment of the queue is protected by being unknown. */
void handler(const struct tcp_alt_rod *rod);

void
handler(const struct tcp_alt_rod *rod)
{
  LWIP_UNUSED_ARG(rod);
  FORBIDDEN(rod->head->len = 0;)
}
