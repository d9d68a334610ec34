/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * What lwip/tcp.h has in place of legacy's structures when this backend is selected. Not to be
 * included by itself. C90 and C++98.
 *
 * `struct tcp_pcb` and `struct tcp_pcb_listen` are incomplete: lwip/tcp_access.h and the functions
 * below take the place of their members. With LWIP_TCP_PCB_COMPAT the public face is complete.
 */
#ifndef LWIP_HDR_TCP_ALT_API_H
#define LWIP_HDR_TCP_ALT_API_H

struct tcp_pcb;
struct tcp_pcb_listen;

#include "lwip/tcp_alt_tell.h"

/* Flags that tcp_flags_get() tells of, with lwIP's values. An application may set and clear the first two. */
#define TF_NODELAY     0x40U   /* Nagle's algorithm is off */
#define TF_ACK_NOW     0x02U   /* acknowledge at the next output */
#define TF_RXCLOSED    0x10U   /* the application receives no more */
#define TF_FIN         0x20U   /* the application sends no more */
/* Legacy's inner state: code that looks for them compiles, but they are never set. */
#define TF_ACK_DELAY   0x01U   /* an ACK waits for its time */
#define TF_INFR        0x04U   /* in fast recovery */
#define TF_RTO         0x0800U /* the retransmission timer has expired */
#define TF_CLOSEPEND   0x08U   /* a FIN found no memory: here it needs none */
#define TF_NAGLEMEMERR 0x80U   /* data found no memory: tried again in any case */
/* What was agreed upon. */
#if LWIP_WND_SCALE
#define TF_WND_SCALE   0x0100U /* window scaling was agreed upon */
#endif
#if TCP_LISTEN_BACKLOG
#define TF_BACKLOGPEND 0x0200U /* counts in its listener's backlog */
#endif
#if LWIP_TCP_TIMESTAMPS
#define TF_TIMESTAMP   0x0400U /* timestamps were agreed upon */
#endif
#if LWIP_TCP_SACK_OUT
#define TF_SACK        0x1000U /* SACK was agreed upon */
#endif

/** What both kinds of PCB have in common, in lwIP's order. */
#define TCP_PCB_COMMON(type) \
  type *next;                \
  void *callback_arg;        \
  TCP_PCB_EXTARGS            \
  enum tcp_state state;      \
  u8_t prio;                 \
  u16_t local_port

/** Most pbufs that a connection's send queue ever holds. */
#define TCP_SNDQUEUELEN_OVERFLOW (0xffffU - 3)

#if LWIP_TCP_PCB_COMPAT
#include "lwip/priv/tcp_alt_face.h"
#endif

#if LWIP_TCP_BOTH && LWIP_TCP_PCB_COMPAT
#error "LWIP_TCP_PCB_COMPAT does not go with both backends in one program: their structures differ. Use tools/migrate, see docs/compat.md."
#endif

/* An object that was compiled for the other backend must not link; nor one with another idea of the face. */
#if LWIP_TCP_BOTH
#ifndef LWIP_TCP_SIDE_ALT /* where all names are others, see priv/tcp_both_names.h */
#define tcp_new                         tcp_both_new
#define tcp_new_ip_type                 tcp_both_new_ip_type
#define tcp_arg                         tcp_both_arg
#define tcp_accept                      tcp_both_accept
#define tcp_listen_with_backlog         tcp_both_listen_with_backlog
#define tcp_listen_with_backlog_and_err tcp_both_listen_with_backlog_and_err
#endif
#elif LWIP_TCP_PCB_COMPAT
#define tcp_new                         tcp_alt_new_compat
#define tcp_new_ip_type                 tcp_alt_new_ip_type_compat
#define tcp_arg                         tcp_alt_arg_compat
#define tcp_accept                      tcp_alt_accept_compat
#define tcp_listen_with_backlog         tcp_alt_listen_with_backlog_compat
#define tcp_listen_with_backlog_and_err tcp_alt_listen_with_backlog_and_err_compat
#else
#define tcp_new                         tcp_alt_new
#define tcp_new_ip_type                 tcp_alt_new_ip_type
#define tcp_arg                         tcp_alt_arg
#define tcp_accept                      tcp_alt_accept
#define tcp_listen_with_backlog         tcp_alt_listen_with_backlog
#define tcp_listen_with_backlog_and_err tcp_alt_listen_with_backlog_and_err
#endif

/** Sets flags: TF_NODELAY, TF_ACK_NOW. */
void tcp_set_flags(struct tcp_pcb *pcb, tcpflags_t flags);
/** Clears flags. */
void tcp_clear_flags(struct tcp_pcb *pcb, tcpflags_t flags);
#define tcp_is_flag_set(pcb, flag)  ((tcp_flags_get(pcb) & (flag)) != 0)
#define tcp_nagle_disable(pcb)      tcp_set_flags(pcb, TF_NODELAY)
#define tcp_nagle_enable(pcb)       tcp_clear_flags(pcb, TF_NODELAY)
#define tcp_nagle_disabled(pcb)     tcp_is_flag_set(pcb, TF_NODELAY)

/** Most bytes of data in one segment, options taken off. 0 for a listener. */
u16_t tcp_mss(const struct tcp_pcb *pcb);
/** Bytes that tcp_write() takes now, at most 65535. 0 for a listener. */
u16_t tcp_sndbuf(const struct tcp_pcb *pcb);
/** pbufs in the send queue. 0 for a listener. */
u16_t tcp_sndqueuelen(const struct tcp_pcb *pcb);
#define tcp_dbg_get_tcp_state(pcb) tcp_state_get(pcb)

/* Windows as they stand in a header, and the largest that is offered. */
#if LWIP_WND_SCALE
/** Bits by which the peer's window (`peer` 1) or ours is shifted. */
u8_t tcp_alt_scale_get(const struct tcp_pcb *pcb, int peer);
#define RCV_WND_SCALE(pcb, wnd) ((wnd) >> tcp_alt_scale_get(pcb, 0))
#define SND_WND_SCALE(pcb, wnd) ((wnd) << tcp_alt_scale_get(pcb, 1))
#define TCP_WND_MAX(pcb)        ((tcpwnd_size_t)(tcp_is_flag_set(pcb, TF_WND_SCALE) ? TCP_WND : TCPWND16(TCP_WND)))
#else
#define RCV_WND_SCALE(pcb, wnd) (wnd)
#define SND_WND_SCALE(pcb, wnd) (wnd)
#define TCP_WND_MAX(pcb)        TCP_WND
#endif

#if LWIP_TCP_SACK_OUT || LWIP_TCP_BOTH
/** 1 if an ACK sent now had an idx-th SACK block. */
int tcp_alt_sack_valid(const struct tcp_pcb *pcb, u8_t idx);
#endif
#if LWIP_TCP_SACK_OUT
#define LWIP_TCP_SACK_VALID(pcb, idx) tcp_alt_sack_valid(pcb, idx)
#endif

#if TCP_LISTEN_BACKLOG
/** Connections a listener lets wait for tcp_accept()'s callback or for tcp_backlog_accepted(); 0 means 1. */
void tcp_backlog_set(struct tcp_pcb *pcb, u8_t backlog);
#endif


/**
 * Key for sequence numbers and ports (RFC 6528). Call it before lwip_init(); without it the key comes
 * from LWIP_RAND(). For devices with an entropy source or a stored key.
 * @param key any bytes
 * @param len bytes, at least 16; of more all count
 * @return ERR_OK, or ERR_ARG: fewer than 16 bytes
 */
err_t tcp_alt_secret_set(const void *key, size_t len);

#endif /* LWIP_HDR_TCP_ALT_API_H */
