/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Component demux: which control block does a segment, a bind or a connect mean?
 *
 * The only writer of `next` in the public face, of the list heads and of the hash. The four lists
 * are lwIP's own (tcp_listen_pcbs, tcp_bound_pcbs, tcp_active_pcbs, tcp_tw_pcbs): singly linked
 * through `next`, so that SNMP, debuggers and applications may walk them.
 *
 * Without the hash, tcp_alt_demux_find() moves what it found to the front of the active list: who
 * walks that list and may be re-entered by tcp_input() has to start again afterwards.
 */
#ifndef LWIP_HDR_TCP_ALT_DEMUX_H
#define LWIP_HDR_TCP_ALT_DEMUX_H

#include "lwip/opt.h"

#if LWIP_TCP && LWIP_TCP_ALT /* nothing to declare unless this backend is selected */

#include "lwip/ip_addr.h"
#include "lwip/netif.h"
#include "lwip/tcp.h"
#include "lwip/priv/tcp_alt_face.h"
#include "lwip/priv/tcp_priv.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a segment on the wire says about its connection, seen from this host. */
struct tcp_alt_tuple {
  const ip_addr_t *local_ip;
  const ip_addr_t *remote_ip;
  /** Interface it came in on; NULL: control blocks bound to any interface match. */
  const struct netif *inp;
  u16_t local_port;
  u16_t remote_port;
};

#if TCP_ALT_HASH

#if (TCP_ALT_HASH < 2) || (TCP_ALT_HASH > 0x10000) || (TCP_ALT_HASH & (TCP_ALT_HASH - 1))
#error "TCP_ALT_HASH must be 0 or a power of two from 2 to 65536."
#endif

/** demux's part of a control block, anywhere in it; all zero while the block is in no list. */
struct tcp_alt_demux {
  struct tcp_alt_demux *hash_next;
  struct tcp_alt_demux **hash_prev; /* what points to this one; NULL: not in the hash */
  struct tcp_pcb **list_prev;       /* what points to this block; NULL: in no list */
};

/** First argument of _add and _remove: `TCP_ALT_DEMUX_ARG(&cb->demux)`, or NULL for a listener. */
#define TCP_ALT_DEMUX_ARG(d) (d)

/** Called once, before anything else here: the secret that keys the hash. */
void tcp_alt_demux_init(u32_t seed);

/**
 * Puts a block at the head of a list, and those of the active and TIME-WAIT lists into the hash too.
 * Its ports and addresses are set before, and stay while it is there. `d` is NULL for a listener.
 */
void tcp_alt_demux_add(struct tcp_alt_demux *d, struct tcp_pcb **list, struct tcp_pcb *pcb);

/** Takes a block out of a list; one that is in no list is left alone. */
void tcp_alt_demux_remove(struct tcp_alt_demux *d, struct tcp_pcb **list, struct tcp_pcb *pcb);

/** 1: nobody uses this local port. 0: somebody does, or uses one that looks like it. */
int tcp_alt_demux_is_unused(u16_t port);

#else /* TCP_ALT_HASH */

#define TCP_ALT_DEMUX_ARG(d) NULL

#define tcp_alt_demux_init(seed)              LWIP_UNUSED_ARG(seed)
#define tcp_alt_demux_add(d, list, pcb)       tcp_alt_demux_list_add(list, pcb)
#define tcp_alt_demux_remove(d, list, pcb)    tcp_alt_demux_list_remove(list, pcb)

#endif /* TCP_ALT_HASH */

/* The same for what has no struct tcp_alt_demux: without the hash everything, with it listeners. */
void tcp_alt_demux_list_add(struct tcp_pcb **list, struct tcp_pcb *pcb);
void tcp_alt_demux_list_remove(struct tcp_pcb **list, struct tcp_pcb *pcb);

/** The connection a segment belongs to, active before TIME-WAIT, or NULL. */
struct tcp_pcb *tcp_alt_demux_find(const struct tcp_alt_tuple *t);

/** The listener a segment belongs to: exact address before ANY before dual-stack ANY, or NULL. */
struct tcp_pcb_listen *tcp_alt_demux_find_listener(const struct tcp_alt_tuple *t);

/**
 * Who keeps `pcb` from binding to `ip` and `port` (lwIP's rules, with SO_REUSE too), or NULL.
 * With `ip` NULL: anyone who uses the port, whatever the address; then `pcb` may be NULL.
 */
struct tcp_pcb *tcp_alt_demux_bind_conflict(const struct tcp_pcb *pcb, const ip_addr_t *ip,
                                            u16_t port);

/** First port from `start` on (folded into the range, wrapping) that nobody uses, or 0. */
u16_t tcp_alt_demux_free_port(u16_t start);

#if SO_REUSE
/** tcp_listen(): does a listener have exactly this block's local address and port already? */
int tcp_alt_demux_listener_is_bound(const struct tcp_pcb *pcb);

/** tcp_connect(): a connection with this tuple, bound to whatever interface, or NULL. */
struct tcp_pcb *tcp_alt_demux_tuple_in_use(const struct tcp_alt_tuple *t);
#else
/* Without SO_REUSE tcp_bind() has made sure of both. */
#define tcp_alt_demux_listener_is_bound(pcb)  ((void)(pcb), 0)
#define tcp_alt_demux_tuple_in_use(t)         ((void)(t), (struct tcp_pcb *)NULL)
#endif

/** A block bound to an interface (tcp_bind_netif) takes segments from that one only. */
static inline int
tcp_alt_demux_on_netif(const struct tcp_pcb *pcb, const struct netif *inp)
{
  return (pcb->netif_idx == NETIF_NO_INDEX) || (inp == NULL) ||
         (pcb->netif_idx == netif_get_index(inp));
}

/** Is this its connection? Ports first: among many connections they are what differs. */
static inline int
tcp_alt_demux_is_tuple(const struct tcp_pcb *pcb, const struct tcp_alt_tuple *t)
{
  return (pcb->remote_port == t->remote_port) && (pcb->local_port == t->local_port) &&
         ip_addr_cmp(&pcb->remote_ip, t->remote_ip) && ip_addr_cmp(&pcb->local_ip, t->local_ip) &&
         tcp_alt_demux_on_netif(pcb, t->inp);
}

#ifdef __cplusplus
}
#endif

#endif /* LWIP_TCP && LWIP_TCP_ALT */

#endif /* LWIP_HDR_TCP_ALT_DEMUX_H */
