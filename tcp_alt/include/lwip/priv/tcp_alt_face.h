/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * The public face of a PCB: what applications in the field touch. Complete outside the backend only
 * with LWIP_TCP_PCB_COMPAT; the same definition everywhere.
 *
 * Both PCB kinds begin with the same members in lwIP's order, since tcp_listen() returns its smaller
 * structure as a `struct tcp_pcb *`, and with lwIP's IP_PCB, since netconn reads them as `struct ip_pcb`.
 */
#ifndef LWIP_HDR_TCP_ALT_FACE_H
#define LWIP_HDR_TCP_ALT_FACE_H

#include "lwip/ip.h"
#include "lwip/tcpbase.h"

/* Debug builds: a PCB that has ended is known by a mark that it has no longer. Not at the front, where a
 * pool links what is free. */
#if LWIP_TCP_PCB_CHECK
#define TCP_ALT_PCB_MARK ; u32_t mark
#define TCP_ALT_MARK_LIVE  0x706362A1UL
#define TCP_ALT_MARK_ENDED 0x656E64EDUL
/** At the beginning of the public function `who`: its PCB is one, and has not ended. */
#define TCP_ALT_LIVE(who, pcb) \
  LWIP_ASSERT(who "(): this PCB has ended", (pcb) == NULL || (pcb)->mark == TCP_ALT_MARK_LIVE)
#else
#define TCP_ALT_PCB_MARK
#define TCP_ALT_LIVE(who, pcb)
#endif

#define TCP_ALT_PCB_COMMON(type) \
  IP_PCB;                        \
  TCP_PCB_COMMON(type)           \
  TCP_ALT_PCB_MARK

#if LWIP_TCP_PCB_COMPAT
#include "lwip/priv/tcp_alt_elsewhere.h"
#endif

/** What both PCB kinds share. */
struct tcp_pcb_common {
  TCP_ALT_PCB_COMMON(struct tcp_pcb);
};

/** A connection, as an application may see it. */
struct tcp_pcb {
  TCP_ALT_PCB_COMMON(struct tcp_pcb);
  u16_t remote_port; /**< host byte order */
  tcpflags_t flags;  /**< TF_NODELAY, TF_ACK_NOW, TF_RXCLOSED, TF_FIN */
  u32_t keep_idle;   /**< ms without a segment before the first keepalive probe */
#if LWIP_TCP_KEEPALIVE
  u32_t keep_intvl;  /**< ms between keepalive probes */
  u32_t keep_cnt;    /**< unanswered probes after which the connection is aborted */
#endif
#if LWIP_TCP_PCB_COMPAT
  /* Copies for applications that read them; a write has no effect. */
  tcpwnd_size_t snd_buf; /**< bytes that tcp_write() takes */
  u16_t mss;             /**< bytes of a segment, before options */
  TCP_ALT_BESIDE_ELSEWHERE(u16_t snd_queuelen); /**< pbufs in the send queue */
#endif
};

#if LWIP_TCP_CC_PLUGGABLE
struct tcp_alt_cc;
#endif

/** A listener. */
struct tcp_pcb_listen {
  TCP_ALT_PCB_COMMON(struct tcp_pcb_listen);
#if LWIP_CALLBACK_API
  tcp_accept_fn accept;
#endif
#if TCP_LISTEN_BACKLOG
  u8_t backlog;
  u8_t accepts_pending;
#endif
#if LWIP_TCP_CC_PLUGGABLE
  const struct tcp_alt_cc *cc; /* congestion control of its children */
#endif
};

#endif /* LWIP_HDR_TCP_ALT_FACE_H */
