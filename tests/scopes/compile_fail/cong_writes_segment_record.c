/* SPDX-License-Identifier: BSD-3-Clause */
/* clothing: cong; reason: read-only */
/* A record is filled once and const for everybody else. */
void handler(const struct tcp_alt_ack_event *ev);

void
handler(const struct tcp_alt_ack_event *ev)
{
  LWIP_UNUSED_ARG(ev);
  FORBIDDEN(ev->acked = 0;)
}
