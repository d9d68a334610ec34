/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * The lower half of the way out: one segment becomes a packet.
 */
#ifndef LWIP_HDR_TCP_ALT_SEND_H
#define LWIP_HDR_TCP_ALT_SEND_H

#include "lwip/priv/tcp_alt_pcb.h"

#if LWIP_TCP && LWIP_TCP_ALT

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Puts header and options in front of tx->p (or sends them alone) and gives the packet to IP. tx->p stays the
 * caller's; its header room has been used.
 * @return ERR_OK, ERR_MEM, ERR_RTE, or what IP or the driver said
 */
err_t tcp_alt_send(struct tcp_alt_cb *cb, struct tcp_alt_tx *tx);

#ifdef __cplusplus
}
#endif

#endif /* LWIP_TCP && LWIP_TCP_ALT */

#endif /* LWIP_HDR_TCP_ALT_SEND_H */
