/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Tracing: lwIP's debug functions, for TCP_DEBUG, TCP_INPUT_DEBUG and TCP_OUTPUT_DEBUG; nothing otherwise.
 */
#include "lwip/opt.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/priv/tcp_priv.h"
#include "lwip/priv/tcp_alt_face.h"
#include "lwip/priv/tcp_alt_wire.h"

#if TCP_DEBUG || TCP_INPUT_DEBUG || TCP_OUTPUT_DEBUG

/** Flags by name. */
void
tcp_debug_print_flags(u8_t flags)
{
  static const char *const names[] = { "FIN ", "SYN ", "RST ", "PSH ", "ACK ", "URG ", "ECE ", "CWR " };
  u8_t bit;
  for (bit = 0; bit < 8; bit++) {
    if (flags & (1U << bit)) {
      LWIP_DEBUGF(TCP_DEBUG, ("%s", names[bit]));
    }
  }
  LWIP_DEBUGF(TCP_DEBUG, ("\n"));
}

/** A header as it is on the wire. */
void
tcp_debug_print(struct tcp_hdr *tcphdr)
{
  const u8_t *b = (const u8_t *)tcphdr;
  LWIP_DEBUGF(TCP_DEBUG, ("TCP %"U16_F" -> %"U16_F" seq %"U32_F" ack %"U32_F" wnd %"U16_F" ",
                          tcp_alt_wire_get16(b), tcp_alt_wire_get16(b + 2), tcp_alt_wire_get32(b + 4),
                          tcp_alt_wire_get32(b + 8), tcp_alt_wire_get16(b + 14)));
  tcp_debug_print_flags(b[13]);
}

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
