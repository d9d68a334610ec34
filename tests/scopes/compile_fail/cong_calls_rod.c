/* SPDX-License-Identifier: BSD-3-Clause */
/* clothing: cong; reason: discarded */
/* A peer's handler cannot be called: it wants its structure mutable. */
void handler(const struct tcp_alt_rod *rod);

void
handler(const struct tcp_alt_rod *rod)
{
  LWIP_UNUSED_ARG(rod);
  FORBIDDEN(tcp_alt_rod_ack_now(rod);)
}
