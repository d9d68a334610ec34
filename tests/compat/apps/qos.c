/* SPDX-License-Identifier: BSD-3-Clause
 * Connections of two classes: the first is precious, the others make room when PCBs run out. */
#include "apps.h"

unsigned int qos_low_lost, qos_high_lost;
static unsigned int qos_seen;

static void
qos_lost(void *arg, err_t err)
{
  LWIP_UNUSED_ARG(err);
  ++*(unsigned int *)arg;
}

static void
qos_mark(struct tcp_pcb *pcb, int precious)
{
  pcb->tos = precious ? 0xb8 : 0x20;
  pcb->ttl = 32;
  if (precious)
    pcb->prio = TCP_PRIO_MAX;
  else
    pcb->prio = TCP_PRIO_MIN;
}

static err_t
qos_accept(void *arg, struct tcp_pcb *newpcb, err_t err)
{
  int precious = qos_seen++ == 0;

  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  qos_mark(newpcb, precious);
  tcp_arg(newpcb, newpcb->prio == TCP_PRIO_MAX ? &qos_high_lost : &qos_low_lost);
  tcp_err(newpcb, qos_lost);
  return ERR_OK;
}

void
qos_connect(const ip_addr_t *to, u16_t port)
{
  struct tcp_pcb *pcb = tcp_new();
  qos_mark(pcb, 1);
  tcp_arg(pcb, &qos_high_lost);
  tcp_err(pcb, qos_lost);
  if (pcb->tos != 0xb8 || pcb->ttl != 32)
    qos_high_lost++;
  tcp_connect(pcb, to, port, NULL);
}

void
qos_start(void)
{
  struct tcp_pcb *pcb = tcp_new();
  tcp_bind(pcb, IP_ADDR_ANY, QOS_PORT);
  pcb = tcp_listen(pcb);
  tcp_accept(pcb, qos_accept);
}
