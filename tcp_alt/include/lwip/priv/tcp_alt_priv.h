/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * What lwip/priv/tcp_priv.h has in place of legacy's internals when this backend is selected.
 */
#ifndef LWIP_HDR_TCP_ALT_PRIV_H
#define LWIP_HDR_TCP_ALT_PRIV_H

#include "lwip/tcp.h"

#ifdef __cplusplus
extern "C" {
#endif

struct tcp_seg;

/* What ports and add-ons use of legacy's internals; docs/compat.md lists what there is no place for. */
#define tcp_ack_now(pcb)      tcp_set_flags(pcb, TF_ACK_NOW)
#define tcp_output_nagle(pcb) tcp_output(pcb) /* which follows Nagle's rule itself */

#if !defined(LWIP_RAND) && !TCP_ALT_INSECURE_RAND
#error "LWIP_RAND is not defined: TCP needs it for a secret key (RFC 6528). Define LWIP_RAND() in arch/cc.h, or TCP_ALT_INSECURE_RAND to 1 for predictable sequence numbers."
#endif

#if TCP_RTO_MAX_MS < 60000 || TCP_RTO_MAX_MS > 65535
#error "TCP_RTO_MAX_MS must be 60000..65535 (RFC 6298 2.5)."
#endif

#if TCP_DELACK_MS >= 500
#error "TCP_DELACK_MS must be below 500 (RFC 9293 MUST-40)."
#endif

#if LWIP_TCP_SACK_IN && !LWIP_TCP_SACK_OUT
#error "LWIP_TCP_SACK_IN needs LWIP_TCP_SACK_OUT: both directions are negotiated by it."
#endif

#if (TCP_RACK || TCP_PRR) && !LWIP_TCP_SACK_IN
#error "TCP_RACK (RFC 8985 4) and TCP_PRR need LWIP_TCP_SACK_IN."
#endif

#if (TCP_CC == TCP_CC_CUBIC && !TCP_CUBIC) || (TCP_CC == TCP_CC_MODEL && !TCP_MODEL)
#error "TCP_CC names an algorithm that is not built in: TCP_CUBIC or TCP_MODEL is 0."
#endif

#if TCP_MODEL && !TCP_RACK
#error "TCP_MODEL needs TCP_RACK: it lives on RACK's round-trip times."
#endif

#if TCP_HYSTART && !(TCP_CUBIC && TCP_RACK)
#error "TCP_HYSTART belongs to TCP_CUBIC, and needs TCP_RACK, which times every segment."
#endif

#if LWIP_TCP_PMTUD && !LWIP_TCP_ICMP
#error "LWIP_TCP_PMTUD needs LWIP_TCP_ICMP."
#endif

#if LWIP_TCP_PMTUD && LWIP_IPV4 && LWIP_INLINE_IP_CHKSUM
#error "LWIP_TCP_PMTUD needs LWIP_INLINE_IP_CHKSUM 0: lwIP's inline checksum leaves out the fragment field."
#endif

#if TCP_PMTU_MIN < 68 || TCP_PMTU_MIN > 1280
#error "TCP_PMTU_MIN must be 68..1280 (RFC 791)."
#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_TCP_ALT_PRIV_H */
