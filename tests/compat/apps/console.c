/* SPDX-License-Identifier: BSD-3-Clause
 * A remote console: each key is echoed in a segment of its own; 'q' gathers them instead. */
#include "apps.h"

typedef struct tcp_pcb console_pcb_t;

static err_t
console_recv(void *arg, console_pcb_t *tpcb, struct pbuf *p, err_t err)
{
  u16_t i;

  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  if (p == NULL) {
    return tcp_close(tpcb);
  }
  for (i = 0; i < p->tot_len; i++) {
    u8_t key = pbuf_get_at(p, i);
    if (key == 'q')
      tpcb->flags &= (tcpflags_t)~TF_NODELAY;
    else if (key == 'r')
      tpcb->flags |= TF_NODELAY;
    if (tpcb->flags & TF_NODELAY || !(tpcb->flags & TF_FIN)) {
      tcp_write(tpcb, &key, 1, TCP_WRITE_FLAG_COPY);
      tcp_output(tpcb);
    }
  }
  tcp_recved(tpcb, p->tot_len);
  pbuf_free(p);
  return ERR_OK;
}

static err_t
console_accept(void *arg, struct tcp_pcb *newpcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  if (err != ERR_OK || newpcb == NULL) return ERR_VAL;
  (*newpcb).flags |= TF_NODELAY;   /* no Nagle on a console */
  tcp_recv(newpcb, console_recv);
  return ERR_OK;
}

void
console_start(void)
{
  console_pcb_t *pcb = tcp_new();
  tcp_bind(pcb, IP_ADDR_ANY, CONSOLE_PORT);
  pcb = tcp_listen(pcb);
  tcp_accept(pcb, console_accept);
}
