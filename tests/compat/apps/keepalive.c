/* SPDX-License-Identifier: BSD-3-Clause
 * A server that must notice dead clients: it turns keepalive on for each connection. */
#include "apps.h"

unsigned int keepalive_open;

static err_t
keepalive_recv(void *arg, struct tcp_pcb *tpcb, struct pbuf *p, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  if (p == NULL) {
    keepalive_open--;
    return tcp_close(tpcb);
  }
  if (err == ERR_OK && tpcb->state == ESTABLISHED) {
    tcp_recved(tpcb, p->tot_len);
  }
  pbuf_free(p);
  return ERR_OK;
}

static void
keepalive_error(void *arg, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  keepalive_open--;
}

static err_t
keepalive_accept(void *arg, struct tcp_pcb *newpcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  /* five seconds of silence, then three probes */
  newpcb->so_options |= SOF_KEEPALIVE;
  newpcb->keep_idle = 5000;
#if LWIP_TCP_KEEPALIVE
  newpcb->keep_intvl = 1000; newpcb->keep_cnt = 3;
#endif
  tcp_recv(newpcb, keepalive_recv);
  tcp_err(newpcb, keepalive_error);
  keepalive_open++;
  return ERR_OK;
}

void
keepalive_start(void)
{
  struct tcp_pcb *pcb = tcp_new();
  tcp_bind(pcb, IP_ADDR_ANY, KEEPALIVE_PORT);
  pcb = tcp_listen(pcb);
  tcp_accept(pcb, keepalive_accept);
}
