/* SPDX-License-Identifier: BSD-3-Clause */
/* clothing: demux; reason: read-only */
/* Who only looks for a block cannot change it. */
void handler(const struct tcp_pcb *pcb);

void
handler(const struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(pcb);
  FORBIDDEN(pcb->state = CLOSED;)
}
