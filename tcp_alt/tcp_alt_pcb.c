/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Assembly: birth and death of a control block.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/memp.h"
#include "lwip/priv/tcp_alt_pcb.h"
#include "lwip/priv/tcp_alt_seg.h"
#include "lwip/priv/tcp_alt_seq.h"

#include <stddef.h>
#include <string.h>

/* A pointer to the face, to the connection's component and to the block are the same. */
TCP_ALT_STATIC_ASSERT(face_first, offsetof(struct tcp_alt_cb, conn) == 0 &&
                                  offsetof(struct tcp_alt_conn, face) == 0);
/* A listener is handed out as a struct tcp_pcb *. */
TCP_ALT_STATIC_ASSERT(common_prio, offsetof(struct tcp_pcb, prio) == offsetof(struct tcp_pcb_listen, prio));
TCP_ALT_STATIC_ASSERT(common_port, offsetof(struct tcp_pcb, local_port) ==
                                   offsetof(struct tcp_pcb_listen, local_port));

struct tcp_alt_hold *tcp_alt_holds;

#if LWIP_TCP_PCB_CHECK
void
tcp_alt_hold_aborted(const struct tcp_alt_cb *cb)
{
  struct tcp_alt_hold *hold;
  for (hold = tcp_alt_holds; hold != NULL; hold = hold->up) {
    if (hold->cb == cb) {
      hold->aborted = 1;
      return;
    }
  }
}
#endif

#ifndef tcp_alt_pcb_check_pools
void
tcp_alt_pcb_check_pools(void)
{
  LWIP_ASSERT("MEMP_TCP_PCB", memp_pools[MEMP_TCP_PCB]->size >= sizeof(struct tcp_alt_cb));
  LWIP_ASSERT("MEMP_TCP_PCB_LISTEN",
              memp_pools[MEMP_TCP_PCB_LISTEN]->size >= sizeof(struct tcp_pcb_listen));
  LWIP_ASSERT("MEMP_TCP_SEG", memp_pools[MEMP_TCP_SEG]->size >= sizeof(struct tcp_seg));
}
#endif

struct tcp_alt_cb *
tcp_alt_pcb_new(u8_t prio, u32_t now)
{
  struct tcp_alt_cb *cb = (struct tcp_alt_cb *)memp_malloc(MEMP_TCP_PCB);
  if (cb != NULL) {
    memset(cb, 0, sizeof(*cb));
    tcp_alt_conn_init(&cb->conn, prio, now);
    tcp_alt_flow_open(&cb->flow);
#if LWIP_TCP_CC_PLUGGABLE
    tcp_alt_cong_init(&cb->cong);
#endif
    tcp_alt_conn_show(&cb->conn, &cb->rod, &cb->flow);
  }
  return cb;
}

void
tcp_alt_pcb_free(struct tcp_alt_cb *cb)
{
  struct tcp_alt_hold *hold;
  for (hold = tcp_alt_holds; hold != NULL; hold = hold->up) {
    if (hold->cb == cb) {
      hold->cb = NULL;
    }
  }
  tcp_alt_rod_purge(&cb->rod);
#if TCP_ALT_TIMER_WHEEL
  tcp_alt_timer_clear(&cb->timer);
#endif
#if LWIP_TCP_PCB_CHECK
  tcp_alt_conn_on_freed(TCP_ALT_FACE(cb));
#endif
  memp_free(MEMP_TCP_PCB, cb);
}

struct tcp_pcb_listen *
tcp_alt_pcb_new_listener(const struct tcp_pcb *pcb)
{
  struct tcp_pcb_listen *lpcb = (struct tcp_pcb_listen *)memp_malloc(MEMP_TCP_PCB_LISTEN);
  if (lpcb != NULL) {
    memset(lpcb, 0, sizeof(*lpcb));
    tcp_alt_conn_listen(lpcb, pcb);
#if LWIP_TCP_CC_PLUGGABLE
    tcp_alt_conn_set_cc(lpcb, ((const struct tcp_alt_cb *)(const void *)pcb)->cong.cc);
#endif
  }
  return lpcb;
}

void
tcp_alt_pcb_free_listener(struct tcp_pcb_listen *lpcb)
{
#if LWIP_TCP_PCB_CHECK
  tcp_alt_conn_on_freed((struct tcp_pcb *)(void *)lpcb);
#endif
  memp_free(MEMP_TCP_PCB_LISTEN, lpcb);
}

#endif /* LWIP_TCP && LWIP_TCP_ALT */
