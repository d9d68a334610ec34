/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Both backends in one program: the table that calls go through. The tree's priv/tcp_priv.h includes this at its
 * end, so that lists and the like, which it declares as variables, become members of the chosen table.
 */
#ifndef LWIP_HDR_TCP_BOTH_H
#define LWIP_HDR_TCP_BOTH_H

#include "lwip/opt.h"

#if LWIP_TCP && LWIP_TCP_BOTH

#include "lwip/priv/tcp_priv.h"
#include "lwip/tcp_alt_tell.h"
#include "lwip/tcp_soft_error.h"
#include "lwip/tcp_urgent.h"

#ifdef LWIP_TCP_SIDE_LEGACY
#undef tcp_soft_error /* a macro there; in the table the enumeration of that name is meant */
#endif

#ifdef __cplusplus
extern "C" {
#endif

#include "lwip/priv/tcp_both_table.h"

extern const struct tcp_both tcp_both_legacy, tcp_both_alt;
/** The chosen one. */
extern const struct tcp_both *tcp_both;

#ifdef __cplusplus
}
#endif

/** What the files of both backends and all others must see alike, and what the table's layout hangs on; compared by
 *  tcp_init(). Any of these may differ only if lwipopts.h looks at LWIP_TCP_SIDE_LEGACY or _ALT. */
#define TCP_BOTH_AGREED                                                                  \
  { sizeof(struct tcp_both), sizeof(ip_addr_t), sizeof(tcpwnd_size_t), TCP_MSS, TCP_WND, \
    TCP_SND_BUF, TCP_SND_QUEUELEN, MEMP_NUM_TCP_PCB, MEMP_NUM_TCP_PCB_LISTEN,            \
    MEMP_NUM_TCP_SEG, TCP_LISTEN_BACKLOG, TCP_QUEUE_OOSEQ, LWIP_TCP_PCB_NUM_EXT_ARGS,    \
    LWIP_TCP_TIMESTAMPS, LWIP_TCP_KEEPALIVE }

/** Does legacy, where it has SACK, have this block to report? */
#if LWIP_TCP_SACK_OUT
#define TCP_LEGACY_SACK_VALID(pcb, idx) LWIP_TCP_SACK_VALID(pcb, idx)
#else
#define TCP_LEGACY_SACK_VALID(pcb, idx) 0
#endif

/** Two structures of lwIP's headers, one cut out and renamed, are the same. */
#define TCP_BOTH_SAME_SIZE(name, a, b) \
  struct tcp_both_same_size_##name { u8_t of[sizeof(a) == sizeof(b) ? 1 : -1]; }

#endif /* LWIP_TCP && LWIP_TCP_BOTH */

#endif /* LWIP_HDR_TCP_BOTH_H */
