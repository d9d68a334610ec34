/* SPDX-License-Identifier: BSD-3-Clause
 * A file server of the usual kind: it looks how much room there is and writes in whole segments. */
#include "apps.h"

static u8_t bulk_data[BULK_SIZE];
static u32_t bulk_left;

static void
bulk_send(struct tcp_pcb *tpcb)
{
  while (bulk_left > 0 && tpcb->snd_buf > 0 && tpcb->snd_queuelen < TCP_SND_QUEUELEN) {
    u32_t len = LWIP_MIN(bulk_left, (u32_t)tpcb->snd_buf);
    if (len > tpcb->mss * 2)
      len = tpcb->mss * 2;
    if (tcp_write(tpcb, bulk_data + (BULK_SIZE - bulk_left), (u16_t)len, 0) != ERR_OK)
      break;
    bulk_left -= len;
  }
  if (bulk_left == 0)
    tcp_close(tpcb);
  else
    tcp_output(tpcb);
}

static err_t
bulk_sent(void *arg, struct tcp_pcb *tpcb, u16_t len)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(len);
  if (tpcb->state == ESTABLISHED) {
    bulk_send(tpcb);
  }
  return ERR_OK;
}

static err_t
bulk_accept(void *arg, struct tcp_pcb *newpcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  bulk_left = BULK_SIZE;
  tcp_sent(newpcb, bulk_sent);
  bulk_send(newpcb);
  return ERR_OK;
}

void
bulk_start(void)
{
  struct tcp_pcb *pcb = tcp_new();
  u32_t i;

  for (i = 0; i < BULK_SIZE; i++) {
    bulk_data[i] = (u8_t)(i * 7);
  }
  tcp_bind(pcb, IP_ADDR_ANY, BULK_PORT);
  pcb = tcp_listen(pcb);
  tcp_accept(pcb, bulk_accept);
}
