/* SPDX-License-Identifier: BSD-3-Clause
 * A device whose operator changes a session's options from the main loop: no callback, no call
 * into TCP, only members written. */
#include "apps.h"

unsigned int late_open;

static struct {
  struct tcp_pcb *pcb;
  unsigned int commands;
} late_session;

static void
late_error(void *arg, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  late_session.pcb = NULL;
  late_open--;
}

static err_t
late_accept(void *arg, struct tcp_pcb *newpcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  late_session.pcb = newpcb;
  tcp_err(newpcb, late_error);
  late_open++;
  return ERR_OK;
}

void
late_command(char command)
{
  late_session.commands++;
  switch (command) {
    case 'k':
      late_session.pcb->keep_idle = 4000UL;
      late_session.pcb->keep_intvl = 1000UL;
      late_session.pcb->keep_cnt = 2;
      late_session.pcb->so_options |= SOF_KEEPALIVE;
      break;
    case 'o':
      late_session.pcb->so_options &= ~SOF_KEEPALIVE;
      break;
    case 'n':
      late_session.pcb->flags |= TF_NODELAY;
      break;
    case 'w':
      tcp_write(late_session.pcb, "tick", 4, TCP_WRITE_FLAG_COPY);
      tcp_output(late_session.pcb);
      break;
    default:
      break;
  }
}

void
late_start(void)
{
  struct tcp_pcb *pcb = tcp_new();
  tcp_bind(pcb, IP_ADDR_ANY, LATE_PORT);
  pcb = tcp_listen(pcb);
  tcp_accept(pcb, late_accept);
}
