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

#if TCP_ALT_PROFILE != TCP_ALT_TINY && TCP_ALT_PROFILE != TCP_ALT_FULL
#error "TCP_ALT_PROFILE must be TCP_ALT_TINY or TCP_ALT_FULL."
#endif

#if TCP_RTO_MAX_MS < 60000 || TCP_RTO_MAX_MS > 65535
#error "TCP_RTO_MAX_MS must be 60000..65535 (RFC 6298 2.5)."
#endif

#if TCP_RTO_MIN_MS < 1 || TCP_RTO_MIN_MS > TCP_RTO_MAX_MS
#error "TCP_RTO_MIN_MS must be 1..TCP_RTO_MAX_MS."
#endif

#if TCP_DELACK_MS >= 500
#error "TCP_DELACK_MS must be below 500 (RFC 9293 MUST-40)."
#endif

#if LWIP_TCP_SACK_IN && !LWIP_TCP_SACK_OUT
#error "LWIP_TCP_SACK_IN needs LWIP_TCP_SACK_OUT: both directions are negotiated by it."
#endif

#if TCP_RACK && !LWIP_TCP_SACK_IN
#error "TCP_RACK needs LWIP_TCP_SACK_IN (RFC 8985 4)."
#endif

#if TCP_PRR && !LWIP_TCP_SACK_IN
#error "TCP_PRR needs LWIP_TCP_SACK_IN: it counts what SACK reports."
#endif

#if TCP_CC != TCP_CC_NEWRENO && TCP_CC != TCP_CC_CUBIC && TCP_CC != TCP_CC_MODEL
#error "TCP_CC must be TCP_CC_NEWRENO, TCP_CC_CUBIC or TCP_CC_MODEL."
#endif

#if TCP_CC == TCP_CC_CUBIC && !TCP_CUBIC
#error "TCP_CC is TCP_CC_CUBIC: that needs TCP_CUBIC."
#endif

#if TCP_CC == TCP_CC_MODEL && !TCP_MODEL
#error "TCP_CC is TCP_CC_MODEL: that needs TCP_MODEL."
#endif

#if ((TCP_CUBIC && TCP_CC != TCP_CC_CUBIC) || (TCP_MODEL && TCP_CC != TCP_CC_MODEL)) && !LWIP_TCP_CC_PLUGGABLE
#error "A second congestion control needs LWIP_TCP_CC_PLUGGABLE: nobody could choose it."
#endif

#if TCP_MODEL && !TCP_RACK
#error "TCP_MODEL needs TCP_RACK, which times every segment."
#endif

#if TCP_HYSTART && !(TCP_CUBIC && TCP_RACK)
#error "TCP_HYSTART needs TCP_CUBIC, whose slow start it ends, and TCP_RACK, which times every segment."
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
