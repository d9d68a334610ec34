/* SPDX-License-Identifier: BSD-3-Clause
 * A status page: walks TCP's lists. */
#include "apps.h"

#include "lwip/priv/tcp_priv.h"

#include <stdio.h>

size_t
netstat_print(char *out, size_t size)
{
  struct tcp_pcb *pcb;
  struct tcp_pcb_listen *lpcb;
  size_t used = 0;
  char from[IPADDR_STRLEN_MAX];

  for (lpcb = tcp_listen_pcbs.listen_pcbs; lpcb != NULL; lpcb = lpcb->next) {
    used += (size_t)snprintf(out + used, size - used, "%u listens\n", (unsigned)lpcb->local_port);
  }
  for (pcb = tcp_active_pcbs; pcb != NULL; pcb = pcb->next) {
    ipaddr_ntoa_r(&pcb->remote_ip, from, sizeof(from));
    used += (size_t)snprintf(out + used, size - used, "%u %s:%u %s\n", (unsigned)pcb->local_port, from,
                             (unsigned)pcb->remote_port, tcp_debug_state_str(pcb->state));
  }
  return used;
}

void
netstat_start(void)
{
  struct tcp_pcb *pcb = tcp_new();
  tcp_bind(pcb, IP_ADDR_ANY, NETSTAT_PORT);
  tcp_listen(pcb);
}
