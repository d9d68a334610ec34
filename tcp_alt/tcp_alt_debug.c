/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Tracing: lwIP's debug functions about PCBs, for TCP_DEBUG, TCP_INPUT_DEBUG and TCP_OUTPUT_DEBUG; nothing
 * otherwise. Those about segments are in wire/.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/priv/tcp_alt_doors.h"
#include "lwip/priv/tcp_priv.h"

#if TCP_DEBUG || TCP_INPUT_DEBUG || TCP_OUTPUT_DEBUG

/** A state by name. */
void
tcp_debug_print_state(enum tcp_state s)
{
  LWIP_UNUSED_ARG(s);
  LWIP_DEBUGF(TCP_DEBUG, ("State: %s\n", tcp_debug_state_str(s)));
}

/** All PCBs: state, ports and what is queued. */
void
tcp_debug_print_pcbs(void)
{
  u8_t list;
  for (list = 0; list < NUM_TCP_PCB_LISTS; list++) {
    const struct tcp_pcb *pcb;
    for (pcb = *tcp_pcb_lists[list]; pcb != NULL; pcb = pcb->next) {
      LWIP_DEBUGF(TCP_DEBUG, ("%s local %"U16_F" remote %"U16_F" unsent %d unacked %d ooseq %d\n",
                              tcp_debug_state_str(pcb->state), pcb->local_port, tcp_remote_port_get(pcb),
                              tcp_has_unsent(pcb), tcp_has_unacked(pcb), tcp_has_ooseq(pcb)));
    }
  }
}

/** 1 when every PCB is in the list of its state; asserts otherwise. */
s16_t
tcp_pcbs_sane(void)
{
  u8_t list;
  for (list = 0; list < NUM_TCP_PCB_LISTS; list++) {
    const struct tcp_pcb *pcb;
    for (pcb = *tcp_pcb_lists[list]; pcb != NULL; pcb = pcb->next) {
      LWIP_ASSERT("tcp_pcbs_sane", pcb->state == LISTEN ? list == 0 : tcp_alt_list_of(pcb) == tcp_pcb_lists[list]);
    }
  }
  return 1;
}

#endif /* TCP_DEBUG || TCP_INPUT_DEBUG || TCP_OUTPUT_DEBUG */

#endif /* LWIP_TCP && LWIP_TCP_ALT */
