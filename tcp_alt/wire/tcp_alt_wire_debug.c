/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Ground, tracing: lwIP's debug functions about segments, for TCP_DEBUG, TCP_INPUT_DEBUG and
 * TCP_OUTPUT_DEBUG; nothing otherwise.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/priv/tcp_alt_wire.h"
#include "lwip/priv/tcp_priv.h"

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

#endif /* TCP_DEBUG || TCP_INPUT_DEBUG || TCP_OUTPUT_DEBUG */

#endif /* LWIP_TCP && LWIP_TCP_ALT */
