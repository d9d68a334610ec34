/* SPDX-License-Identifier: BSD-3-Clause
 * A server that logs who connects, refuses some, and tells the client its own address. */
#include "apps.h"

#include <stdio.h>
#include <string.h>

char peer_log_line[128];

struct peer_log {
  struct tcp_pcb *pcb;
  ip_addr_t client;
  u16_t port;
};

/* "pcb->remote_ip" in a string or a comment is nobody's member. */
#define PEER_LOG_WHERE "remote pcb->remote_ip, local pcb->local_ip"

static struct peer_log newest;

static err_t
peer_log_accept(void *arg, struct tcp_pcb *newpcb, err_t err)
{
  char line[sizeof(peer_log_line)], from[IPADDR_STRLEN_MAX], to[IPADDR_STRLEN_MAX];

  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  newest.pcb = newpcb;
  newest.client = newpcb->remote_ip;
  ip_addr_copy(newest.client, newpcb->remote_ip);
  newest.port = newest.pcb->remote_port;
  ipaddr_ntoa_r(&newpcb->remote_ip, from, sizeof(from));
  ipaddr_ntoa_r(&(newest.pcb->local_ip), to, sizeof(to));
  snprintf(line, sizeof(line), "%s:%u -> %s:%u", from, (unsigned)newest.port, to,
           (unsigned)newpcb->local_port);
  strcpy(peer_log_line, line);
  if (ip_addr_cmp(&newpcb->remote_ip, &newpcb->local_ip) || newpcb->remote_port < 1024) {
    tcp_abort(newpcb);
    return ERR_ABRT; /* nobody of ours: pcb->remote_port < 1024 */
  }
  tcp_write(newpcb, line, (u16_t)strlen(line), TCP_WRITE_FLAG_COPY);
  tcp_output(newpcb);
  return ERR_OK;
}

void
peer_log_start(void)
{
  struct tcp_pcb *pcb = tcp_new();
  tcp_bind(pcb, IP_ADDR_ANY, PEER_LOG_PORT);
  pcb = tcp_listen(pcb);
  tcp_accept(pcb, peer_log_accept);
  LWIP_DEBUGF(TCP_DEBUG, (PEER_LOG_WHERE));
}
