/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * The application door: urgent data (RFC 9293 3.8.5, lwip/tcp_urgent.h).
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_URGENT

#include "lwip/tcp_urgent.h"
#include "lwip/priv/tcp_alt_doors.h"

void
tcp_urgent(struct tcp_pcb *pcb, tcp_urgent_fn fn)
{
  LWIP_ASSERT_CORE_LOCKED();
  TCP_ALT_LIVE("tcp_urgent", pcb);
  if (pcb != NULL && pcb->state != LISTEN) {
    tcp_alt_conn_set_urgent_fn(&TCP_ALT_CB(pcb)->conn, fn);
  }
}

u32_t
tcp_urgent_left(const struct tcp_pcb *pcb)
{
  TCP_ALT_LIVE("tcp_urgent_left", pcb);
  return pcb->state == LISTEN ? 0 : tcp_alt_rod_urgent_left(&((const struct tcp_alt_cb *)(const void *)pcb)->rod);
}

err_t
tcp_urgent_mark(struct tcp_pcb *pcb)
{
  LWIP_ASSERT_CORE_LOCKED();
  TCP_ALT_LIVE("tcp_urgent_mark", pcb);
  LWIP_ERROR("tcp_urgent_mark: no PCB", pcb != NULL, return ERR_ARG);
  if (pcb->state != ESTABLISHED && pcb->state != CLOSE_WAIT) {
    return ERR_CONN;
  }
  tcp_alt_rod_mark_urgent(&TCP_ALT_CB(pcb)->rod);
  return ERR_OK;
}

#endif /* LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_URGENT */
