/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Sizes of the elements of TCP's three pools, for priv/memp_std.h. Only memp.c includes this: it is
 * the one file outside TCP that needs the complete structures of the selected backend.
 */
#ifndef LWIP_HDR_TCP_POOL_SIZES_H
#define LWIP_HDR_TCP_POOL_SIZES_H

#include "lwip/opt.h"
#include "lwip/priv/tcp_priv.h"

#if LWIP_TCP && LWIP_TCP_ALT
#include "lwip/priv/tcp_alt_pcb.h" /* defines the three */
#include "lwip/priv/tcp_alt_seg.h"
#if LWIP_TCP_BOTH /* the larger ones */
#include "lwip/priv/tcp_both_sizes.h"
#undef TCP_PCB_SIZEOF
#undef TCP_PCB_LISTEN_SIZEOF
#undef TCP_SEG_SIZEOF
#define TCP_PCB_SIZEOF        LWIP_MAX(sizeof(struct tcp_alt_cb), sizeof(struct tcp_legacy_pcb))
#define TCP_PCB_LISTEN_SIZEOF LWIP_MAX(sizeof(struct tcp_pcb_listen), sizeof(struct tcp_legacy_pcb_listen))
#define TCP_SEG_SIZEOF        LWIP_MAX(sizeof(struct tcp_seg), sizeof(struct tcp_legacy_seg))
#endif
#else
#define TCP_PCB_SIZEOF        sizeof(struct tcp_pcb)
#define TCP_PCB_LISTEN_SIZEOF sizeof(struct tcp_pcb_listen)
#define TCP_SEG_SIZEOF        sizeof(struct tcp_seg)
#endif

#endif /* LWIP_HDR_TCP_POOL_SIZES_H */
