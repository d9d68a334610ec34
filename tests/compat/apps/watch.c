/* SPDX-License-Identifier: BSD-3-Clause
 * A client that looks at the state of its connection from time to time. */
#include "apps.h"

const char *watch_phase = "idle";
static struct tcp_pcb *watch_pcb;

static err_t
watch_poll(void *arg, struct tcp_pcb *tpcb)
{
  LWIP_UNUSED_ARG(arg);
  switch (tpcb->state) {
    case SYN_SENT:
    case SYN_RCVD:
      watch_phase = "connecting";
      break;
    case ESTABLISHED:
      watch_phase = tpcb->local_port > 0 && tpcb->remote_port == 4000 ? "open" : "strange";
      break;
    case CLOSE_WAIT:
      watch_phase = "left";
      watch_pcb = NULL;
      return tcp_close(tpcb);
    default:
      watch_phase = "closing";
      break;
  }
  return ERR_OK;
}

static err_t
watch_recv(void *arg, struct tcp_pcb *tpcb, struct pbuf *p, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  if (p != NULL) {
    tcp_recved(tpcb, p->tot_len);
    pbuf_free(p);
  }
  return ERR_OK; /* the poll callback notices that the peer has closed */
}

static void
watch_error(void *arg, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  watch_phase = "lost";
  watch_pcb = NULL;
}

static err_t
watch_connected(void *arg, struct tcp_pcb *tpcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  tcp_recv(tpcb, watch_recv);
  return ERR_OK;
}

err_t
watch_start(const ip_addr_t *to, u16_t port)
{
  err_t err;
  watch_pcb = tcp_new();
  tcp_err(watch_pcb, watch_error);
  tcp_poll(watch_pcb, watch_poll, 2);
  err = tcp_connect(watch_pcb, to, port, watch_connected);
  if (err == ERR_OK && watch_pcb->state == SYN_SENT) {
    watch_phase = "started";
  }
  return err;
}

void
watch_stop(void)
{
  if (watch_pcb != NULL && (watch_pcb->state == ESTABLISHED || watch_pcb->state == SYN_SENT)) {
    tcp_abort(watch_pcb);
  }
}
