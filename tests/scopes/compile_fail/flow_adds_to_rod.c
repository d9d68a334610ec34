/* SPDX-License-Identifier: BSD-3-Clause */
/* clothing: flow; reason: read-only */
/* Every kind of write: compound assignment. */
void handler(const struct tcp_alt_rod *rod);

void
handler(const struct tcp_alt_rod *rod)
{
  LWIP_UNUSED_ARG(rod);
  FORBIDDEN(rod->rcv_nxt += 1;)
}
