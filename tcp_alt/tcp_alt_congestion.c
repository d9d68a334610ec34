/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * The application door: the choice of a connection's congestion control.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_CC_PLUGGABLE

#include "lwip/priv/tcp_alt_doors.h"

err_t
tcp_congestion_set(struct tcp_pcb *pcb, const char *name)
{
  const struct tcp_alt_cc *cc;

  LWIP_ASSERT_CORE_LOCKED();
  TCP_ALT_LIVE("tcp_congestion_set", pcb);
  LWIP_ERROR("tcp_congestion_set: no PCB", pcb != NULL, return ERR_ARG);
  LWIP_ERROR("tcp_congestion_set: no name", name != NULL, return ERR_ARG);
  cc = tcp_alt_cong_find(name);
  if (cc == NULL) {
    return ERR_VAL;
  }
  if (pcb->state == LISTEN) {
    tcp_alt_conn_set_cc((struct tcp_pcb_listen *)(void *)pcb, cc);
  } else {
    struct tcp_alt_cb *cb = TCP_ALT_CB(pcb);
    tcp_alt_cong_choose(&cb->cong, &cb->rod, cc, tcp_alt_now());
  }
  return ERR_OK;
}

const char *
tcp_congestion_get(const struct tcp_pcb *pcb)
{
  TCP_ALT_LIVE("tcp_congestion_get", pcb);
  return tcp_alt_cong_name(pcb->state == LISTEN ? ((const struct tcp_pcb_listen *)(const void *)pcb)->cc
                                                : ((const struct tcp_alt_cb *)(const void *)pcb)->cong.cc);
}

#endif /* LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_CC_PLUGGABLE */
