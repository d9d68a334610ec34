/* SPDX-License-Identifier: BSD-3-Clause
 * A collector whose clients wait for each ACK: it does not delay them. */
#include "apps.h"

#define SENSOR_PCB(s) ((s)->pcb)

struct sensor {
  struct tcp_pcb *pcb;
  u32_t bytes;
};

u32_t sensor_bytes;
static struct sensor sensor;

static err_t
sensor_recv(void *arg, struct tcp_pcb *tpcb, struct pbuf *p, err_t err)
{
  struct sensor *s = (struct sensor *)arg;

  LWIP_UNUSED_ARG(err);
  if (p == NULL) {
    return tcp_close(tpcb);
  }
  s->bytes += p->tot_len;
  sensor_bytes = s->bytes;
  s->pcb->flags |= TF_ACK_NOW;
  tcp_recved(tpcb, p->tot_len);
  pbuf_free(p);
  tcp_output(SENSOR_PCB(s));
  return ERR_OK;
}

static err_t
sensor_accept(void *arg, struct tcp_pcb *newpcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  sensor.pcb = newpcb;
  tcp_arg(newpcb, &sensor);
  tcp_recv(newpcb, sensor_recv);
  return newpcb->callback_arg == &sensor ? ERR_OK : ERR_VAL;
}

void
sensor_start(void)
{
  struct tcp_pcb *pcb = tcp_new();
  tcp_bind(pcb, IP_ADDR_ANY, SENSOR_PORT);
  pcb = tcp_listen(pcb);
  tcp_accept(pcb, sensor_accept);
}
