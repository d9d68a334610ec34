/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Accessors to the members of a TCP PCB, the same for both backends.
 *
 * With legacy they are macros over its structure and cost nothing; with alt they are functions of
 * the backend. Included by lwip/tcp.h. Use them with the core lock held (or NO_SYS=1), like all of
 * the raw API. Every one of them takes a listening PCB too; where a listener lacks the member,
 * that is said below: legacy must not be asked for it, alt gives the value stated.
 */
#ifndef LWIP_HDR_TCP_ACCESS_H
#define LWIP_HDR_TCP_ACCESS_H

#include "lwip/opt.h"

#if LWIP_TCP /* don't build if not configured for use in lwipopts.h */

#include "lwip/tcp.h"

#ifdef __cplusplus
extern "C" {
#endif

#if LWIP_TCP_ALT

/** State of the connection in the sense of RFC 9293 3.3.2. */
enum tcp_state tcp_state_get(const struct tcp_pcb *pcb);

/** TF_* flags that mean the same in both backends: TF_NODELAY, TF_ACK_NOW, TF_RXCLOSED, TF_FIN.
 * 0 for a listener. */
tcpflags_t tcp_flags_get(const struct tcp_pcb *pcb);

/** Priority, TCP_PRIO_MIN..TCP_PRIO_MAX; set it with tcp_setprio(). */
u8_t tcp_prio_get(const struct tcp_pcb *pcb);

/** What tcp_arg() set. */
void *tcp_callback_arg_get(const struct tcp_pcb *pcb);

/** Local port in host byte order, 0 if not bound. */
u16_t tcp_local_port_get(const struct tcp_pcb *pcb);

/** Remote port in host byte order, 0 if not connected; 0 for a listener. */
u16_t tcp_remote_port_get(const struct tcp_pcb *pcb);

/** Local address; valid as long as the PCB. */
const ip_addr_t *tcp_local_ip_get(const struct tcp_pcb *pcb);

/** Remote address; valid as long as the PCB. */
const ip_addr_t *tcp_remote_ip_get(const struct tcp_pcb *pcb);

/** Sets the type (IPADDR_TYPE_*) of the local address, without touching the address itself. */
void tcp_local_ip_type_set(struct tcp_pcb *pcb, u8_t type);

/** Sets the type (IPADDR_TYPE_*) of the remote address, without touching the address itself. */
void tcp_remote_ip_type_set(struct tcp_pcb *pcb, u8_t type);

/** IPv4 TOS or IPv6 traffic class of what is sent. */
u8_t tcp_tos_get(const struct tcp_pcb *pcb);
void tcp_tos_set(struct tcp_pcb *pcb, u8_t tos);

/** IPv4 TTL or IPv6 hop limit of what is sent. */
u8_t tcp_ttl_get(const struct tcp_pcb *pcb);
void tcp_ttl_set(struct tcp_pcb *pcb, u8_t ttl);

/** All SOF_* options at once; ip_get_option() and its like take single ones. */
u8_t tcp_so_options_get(const struct tcp_pcb *pcb);
void tcp_so_options_set(struct tcp_pcb *pcb, u8_t options);

/** Milliseconds without traffic before the first keepalive probe (RFC 9293 3.8.4);
 * takes effect with SOF_KEEPALIVE, at once. 0 for a listener. */
u32_t tcp_keep_idle_get(const struct tcp_pcb *pcb);
void tcp_keep_idle_set(struct tcp_pcb *pcb, u32_t ms);

#if LWIP_TCP_KEEPALIVE
/** Milliseconds between keepalive probes. 0 for a listener. */
u32_t tcp_keep_intvl_get(const struct tcp_pcb *pcb);
void tcp_keep_intvl_set(struct tcp_pcb *pcb, u32_t ms);

/** Unanswered keepalive probes after which the connection ends. 0 for a listener. */
u32_t tcp_keep_cnt_get(const struct tcp_pcb *pcb);
void tcp_keep_cnt_set(struct tcp_pcb *pcb, u32_t count);
#endif /* LWIP_TCP_KEEPALIVE */

#if LWIP_CALLBACK_API
/** The function that tcp_poll() set. NULL for a listener. */
tcp_poll_fn tcp_poll_fn_get(const struct tcp_pcb *pcb);
#endif /* LWIP_CALLBACK_API */

/** The interval that tcp_poll() set, in units of 500 ms. 0 for a listener. */
u8_t tcp_poll_interval_get(const struct tcp_pcb *pcb);

/** The PCB behind this one in its list (tcp_active_pcbs, ...), NULL at the end. */
struct tcp_pcb *tcp_next_get(const struct tcp_pcb *pcb);

/** 1 if data or a FIN waits to be sent for the first time, else 0. 0 for a listener. */
int tcp_has_unsent(const struct tcp_pcb *pcb);

/** 1 if something sent is not acknowledged yet, else 0. 0 for a listener. */
int tcp_has_unacked(const struct tcp_pcb *pcb);

/** 1 if data was received out of order and waits for what precedes it, else 0. 0 for a listener. */
int tcp_has_ooseq(const struct tcp_pcb *pcb);

/** For lwIP's own functions that promise a non-const pointer to a PCB's address; read only. */
#define tcp_access_unconst(addr) LWIP_CONST_CAST(ip_addr_t *, addr)

#else /* LWIP_TCP_ALT */

#define tcp_state_get(pcb)                ((pcb)->state)
#define tcp_flags_get(pcb)                ((pcb)->flags)
#define tcp_prio_get(pcb)                 ((pcb)->prio)
#define tcp_callback_arg_get(pcb)         ((pcb)->callback_arg)
#define tcp_local_port_get(pcb)           ((pcb)->local_port)
#define tcp_remote_port_get(pcb)          ((pcb)->remote_port)
#define tcp_local_ip_get(pcb)             (&(pcb)->local_ip)
#define tcp_remote_ip_get(pcb)            (&(pcb)->remote_ip)
#define tcp_local_ip_type_set(pcb, type)  IP_SET_TYPE_VAL((pcb)->local_ip, type)
#define tcp_remote_ip_type_set(pcb, type) IP_SET_TYPE_VAL((pcb)->remote_ip, type)
#define tcp_tos_get(pcb)                  ((pcb)->tos)
#define tcp_tos_set(pcb, value)           ((pcb)->tos = (value))
#define tcp_ttl_get(pcb)                  ((pcb)->ttl)
#define tcp_ttl_set(pcb, value)           ((pcb)->ttl = (value))
#define tcp_so_options_get(pcb)           ((pcb)->so_options)
#define tcp_so_options_set(pcb, options)  ((pcb)->so_options = (options))
#define tcp_keep_idle_get(pcb)            ((pcb)->keep_idle)
#define tcp_keep_idle_set(pcb, ms)        ((pcb)->keep_idle = (ms))
#if LWIP_TCP_KEEPALIVE
#define tcp_keep_intvl_get(pcb)           ((pcb)->keep_intvl)
#define tcp_keep_intvl_set(pcb, ms)       ((pcb)->keep_intvl = (ms))
#define tcp_keep_cnt_get(pcb)             ((pcb)->keep_cnt)
#define tcp_keep_cnt_set(pcb, count)      ((pcb)->keep_cnt = (count))
#endif /* LWIP_TCP_KEEPALIVE */
#if LWIP_CALLBACK_API
#define tcp_poll_fn_get(pcb)              ((pcb)->poll)
#endif /* LWIP_CALLBACK_API */
#define tcp_poll_interval_get(pcb)        ((pcb)->pollinterval)
#define tcp_next_get(pcb)                 ((pcb)->next)
#define tcp_has_unsent(pcb)               ((pcb)->unsent != NULL)
#define tcp_has_unacked(pcb)              ((pcb)->unacked != NULL)
#if TCP_QUEUE_OOSEQ
#define tcp_has_ooseq(pcb)                ((pcb)->ooseq != NULL)
#else
#define tcp_has_ooseq(pcb)                0
#endif /* TCP_QUEUE_OOSEQ */
#define tcp_access_unconst(addr)          (addr)

#endif /* LWIP_TCP_ALT */

#ifdef __cplusplus
}
#endif

#endif /* LWIP_TCP */

#endif /* LWIP_HDR_TCP_ACCESS_H */
