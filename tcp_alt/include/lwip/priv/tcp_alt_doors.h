/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * What the doors and the way out offer each other: clock, sending, ending a connection, calls of the
 * application.
 */
#ifndef LWIP_HDR_TCP_ALT_DOORS_H
#define LWIP_HDR_TCP_ALT_DOORS_H

#include "lwip/priv/tcp_alt_pcb.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/sys.h"
#include "lwip/priv/tcp_alt_seq.h"

/* Here, since every door must agree on which hooks there are. */
#ifdef LWIP_HOOK_FILENAME
#include LWIP_HOOK_FILENAME
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- time (tcp_alt_tmr.c) ---- */

#if TCP_ALT_CLOCK_TICKS
extern u32_t tcp_alt_clock; /* ms, advanced by tcp_tmr() or tcp_slowtmr() */
#define tcp_alt_now() tcp_alt_clock
#else
#define tcp_alt_now() sys_now()
#endif

/* Deadlines that begin now are at least this far away (ms), but for the send side's, which is looked at: those of ACKs and
 * refused data, and those that neither the RTO nor the application sets. */
#define TCP_ALT_LEAST_RX_MS LWIP_MIN(TCP_DELACK_MS, LWIP_MIN(TCP_REFUSED_RETRY_MS, TCP_RTO_MIN_MS))
#define TCP_ALT_LEAST_REST_MS \
  LWIP_MIN(LWIP_MIN(TCP_FLUSH_MS, TCP_OUTPUT_RETRY_MS), LWIP_MIN(2 * TCP_MSL, TCP_FIN_WAIT_TIMEOUT))

/* Is no other deadline of a connection set by the RTO or the application? */
#if TCP_WND_REPEAT
#define TCP_ALT_REPEATS(cb) ((cb)->flow.reopened != 0)
#else
#define TCP_ALT_REPEATS(cb) 0
#endif
#if LWIP_TCP_USER_TIMEOUT
#define TCP_ALT_USER_TIMES(cb) ((cb)->conn.user_timeout != 0)
#else
#define TCP_ALT_USER_TIMES(cb) 0
#endif
#define TCP_ALT_ONLY_REST(cb)                                                                          \
  ((cb)->flow.persist == 0 && !TCP_ALT_REPEATS(cb) && !ip_get_option(TCP_ALT_FACE(cb), SOF_KEEPALIVE) && \
   !TCP_ALT_USER_TIMES(cb))

#if LWIP_TIMERS && !TCP_ALT_CLOCK_TICKS
/** lwIP's one timeout for all connections. */
struct tcp_alt_timeout {
  u32_t at;      /* when it comes, ms */
  void *element; /* of lwIP's pool of timeouts, which may be empty when one is needed: kept while it is not armed */
  u8_t armed;
  u8_t running;  /* its handler will arm it when it is done */
  u8_t missed;   /* .. but perhaps has looked at this connection's list already */
};
extern struct tcp_alt_timeout tcp_alt_timeout;
#endif

/** Is a timeout armed that comes before anything a segment can have begun? Then nothing is to be done;
 *  with the deadlines of a busy connection moving on with each segment, that is the usual case. */
static inline int
tcp_alt_tmr_is_soon(const struct tcp_alt_cb *cb, u32_t now)
{
#if TCP_ALT_TIMER_WHEEL
  const u32_t at = cb->timer.at;
  if (cb->timer.prev == NULL) {
    return 0;
  }
#elif LWIP_TIMERS && !TCP_ALT_CLOCK_TICKS
  const u32_t at = tcp_alt_timeout.at;
  if (!tcp_alt_timeout.armed) {
    return 0;
  }
#else
  const u32_t at = now;
#endif
  if (!TCP_RACK && at - now <= TCP_ALT_LEAST_RX_MS) {
    return 1;
  }
  if (at - now > TCP_ALT_LEAST_REST_MS) {
    return 0;
  }
  if (at - now > TCP_ALT_LEAST_RX_MS && ((cb->rod.rx & TCP_ALT_RX_OWED) || cb->rod.refused != NULL)) {
    return 0;
  }
  if (!TCP_RACK && at - now <= TCP_RTO_MIN_MS) {
    return 1;
  }
  return (!(cb->rod.tx & (TCP_ALT_TX_TIMER | TCP_ALT_TX_FLUSH)) || TCP_ALT_GEQ(cb->rod.timer_at, at)) &&
         (at - now <= TCP_RTO_MIN_MS || TCP_ALT_ONLY_REST(cb));
}

/** Called when a door is done with a connection: its earliest deadline may have changed. */
void tcp_alt_tmr_rearm(struct tcp_alt_cb *cb, u32_t now);

/** A connection has ended: when none is left, nothing is due any more. */
void tcp_alt_tmr_idle(void);

/* ---- the way out (tcp_alt_out.c) ---- */

/** Header room for options while it is not known which will be agreed upon, bytes. */
#if LWIP_TCP_TIMESTAMPS
#define TCP_ALT_OPTLEN_BEFORE_SYN LWIP_TCP_OPT_LEN_TS_OUT
#else
#define TCP_ALT_OPTLEN_BEFORE_SYN 0
#endif

/** Sends all that may leave: RFC 9293 3.8.6.2.1, Nagle, congestion and peer's window; then an ACK
 *  that is owed at once. ERR_OK, or why it stopped: ERR_RTE, ERR_MEM, the driver's error. */
err_t tcp_alt_out_run(struct tcp_alt_hold *hold, u32_t now);

/** Sends <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>. */
err_t tcp_alt_out_ack(const struct tcp_alt_hold *hold, u32_t now);

/** Probes a closed window with one byte, a small one with what fits (RFC 9293 3.8.6.1). */
void tcp_alt_out_probe(const struct tcp_alt_hold *hold, u32_t now);

/** Sends a keepalive probe: <SEQ=SND.NXT-1> without data (RFC 9293 3.8.4). */
void tcp_alt_out_keepalive(struct tcp_alt_cb *cb, u32_t now);

/** Sends a RST, with or without a control block. */
struct tcp_alt_rst {
  struct tcp_pcb *pcb; /* for TOS, TTL and hints of IP; may be NULL */
  struct netif *netif;       /* NULL: route */
  const ip_addr_t *local_ip, *remote_ip;
  u32_t seq, ack;
  u16_t local_port, remote_port;
  u8_t flags;                /* TCP_RST, TCP_ACK */
};
void tcp_alt_out_rst(const struct tcp_alt_rst *rst);

/** RST for a connection: <SEQ=SND.NXT><ACK=RCV.NXT><CTL=RST,ACK>. */
void tcp_alt_out_reset(struct tcp_alt_cb *cb);

/** Answers a segment that belongs to no connection (RFC 9293 3.10.7.1). */
void tcp_alt_out_refuse(const struct tcp_alt_segment *seg, const struct tcp_alt_tuple *t);

/** Interface to the peer, or NULL. */
struct netif *tcp_alt_out_route(const struct tcp_pcb *pcb, const ip_addr_t *dst);

/** Our address towards a destination behind an interface, or NULL. */
#if LWIP_IPV6
const ip_addr_t *tcp_alt_out_source(struct netif *netif, const ip_addr_t *dst);
#else
#define tcp_alt_out_source(netif, dst) ip_netif_get_local_ip(netif, dst)
#endif

/** `ip`, or `zoned` with the zone added that a link-local address of this type lacks. */
#if LWIP_IPV6 && LWIP_IPV6_SCOPES
const ip_addr_t *tcp_alt_out_zoned(const ip_addr_t *ip, ip_addr_t *zoned,
                                   enum lwip_ipv6_scope_type type);
#else
#define tcp_alt_out_zoned(ip, zoned, type) (LWIP_UNUSED_ARG(zoned), (ip))
#endif

/** Send MSS in bytes for a destination: `mss` limited by the interface's MTU (RFC 6691). */
u16_t tcp_alt_out_mss(u16_t mss, const struct netif *netif, const ip_addr_t *dst);

/** Option bytes in each data segment (timestamps, LWIP_HOOK_TCP_OUT_TCPOPT_LENGTH). */
#ifdef LWIP_HOOK_TCP_OUT_TCPOPT_LENGTH
u8_t tcp_alt_out_optlen(const struct tcp_alt_cb *cb);
#elif LWIP_TCP_TIMESTAMPS
#define tcp_alt_out_optlen(cb) (((cb)->conn.is & TCP_ALT_IS_TS) ? LWIP_TCP_OPT_LEN_TS_OUT : 0)
#else
#define tcp_alt_out_optlen(cb) 0
#endif

/* ---- birth and end of a connection (tcp_alt_life.c) ---- */

/** A new block; when the pool is dry, the one that lwIP would kill first makes room: TIME-WAIT, then
 *  LAST-ACK, CLOSING, then the longest idle of a lower priority than `prio`; where lwIP would give up, the
 *  oldest in SYN-RECEIVED, so that a flood of SYNs keeps nobody out for long. NULL: none could. */
struct tcp_alt_cb *tcp_alt_new_block(u8_t prio, u32_t now);

/** Deletes the block; with `err` other than ERR_OK the application hears of it afterwards; of ERR_CLSD only
 *  if it holds the PCB still, having closed one direction at most. `why`: what tcp_err_reason_get() says;
 *  without LWIP_TCP_ERR_REASON nobody asks, and it is not passed. */
#if LWIP_TCP_ERR_REASON
void tcp_alt_end(struct tcp_alt_cb *cb, err_t err, enum tcp_err_reason why);
#else
void tcp_alt_end_untold(struct tcp_alt_cb *cb, err_t err);
#define tcp_alt_end(cb, err, why) tcp_alt_end_untold(cb, err)
#endif

/** Resets the peer if it knows of the connection, then ends it: the application hears ERR_ABRT. */
#if LWIP_TCP_ERR_REASON
void tcp_alt_reset_and_end(struct tcp_alt_cb *cb, enum tcp_err_reason why);
#else
void tcp_alt_reset_and_end_untold(struct tcp_alt_cb *cb);
#define tcp_alt_reset_and_end(cb, why) tcp_alt_reset_and_end_untold(cb)
#endif

/** Moves the connection into TIME-WAIT's list and gives its buffers back. */
void tcp_alt_enter_time_wait(struct tcp_alt_cb *cb);

/** The list a connection in this state is in; NULL: none. */
struct tcp_pcb **tcp_alt_list_of(const struct tcp_pcb *pcb);

/* ---- path MTU (tcp_alt_pmtu.c) ---- */

#if LWIP_TCP_PMTUD
/** A packet of `size` bytes, headers included, did not fit; `mtu`: what the next link takes, 0: it did not say. */
void tcp_alt_pmtu_too_big(struct tcp_alt_cb *cb, u32_t mtu, u16_t size);

/** The retransmission timer has expired: perhaps full segments vanish. */
void tcp_alt_pmtu_timeout(struct tcp_alt_cb *cb, u32_t now);

/** Data is written: perhaps the path takes more by now. */
void tcp_alt_pmtu_refresh(struct tcp_alt_cb *cb, u32_t now);
#else
#define tcp_alt_pmtu_timeout(cb, now)
#define tcp_alt_pmtu_refresh(cb, now)
#endif

/* ---- sockets (tcp_alt_sock.c) ---- */

#if LWIP_TCP_SOCKET_OPTS
/** Keeps why the connection ended whose callbacks get `arg`, for TCP_ERR_REASON. */
void tcp_alt_sock_note(const void *arg, enum tcp_err_reason reason);
/** A connection of `arg` begins: what ended was another. */
void tcp_alt_sock_forget(const void *arg);
#endif

/* ---- secrets (tcp_alt_isn.c) ---- */

/** Draws the key unless it has been set; the rest of tcp_init(). */
void tcp_alt_secret_init(void);

/** 32 bits of F(tuple, secret); `what` tells purposes apart: 0 sequence numbers, 1 timestamps, 2 ports. */
u32_t tcp_alt_keyed(const struct tcp_alt_tuple *t, u32_t what);

/** A random number; from LWIP_RAND() where there is one. */
u32_t tcp_alt_random(void);

/* ---- calls of the application (tcp_alt_app.c) ---- */

/** A child that the application has not been given yet. */
#define TCP_ALT_UNSEEN(cb) (TCP_ALT_FACE(cb)->state == SYN_RCVD && ((cb)->conn.is & TCP_ALT_IS_PASSIVE) != 0)

/** Offers `p`; keeps it when refused. */
void tcp_alt_app_recv(struct tcp_alt_hold *hold, struct pbuf *p, u32_t now);

/** Tells of the peer's FIN, once, after all data was taken. */
void tcp_alt_app_fin(struct tcp_alt_hold *hold);

/** A call of the application holds 64 KB at most: what was in order behind data that was refused follows when that
 *  has been taken, and waits for no segment. */
#if TCP_WND > 0xffff
void tcp_alt_arrive_leftover(struct tcp_alt_hold *hold, u32_t now);
#else
#define tcp_alt_arrive_leftover(hold, now)
#endif

/** Refused data is offered again; afterwards it is taken, refused once more, or the block is gone. */
void tcp_alt_app_refused(struct tcp_alt_hold *hold, u32_t now);

/** `bytes` of data were acknowledged. */
void tcp_alt_app_sent(struct tcp_alt_hold *hold, u32_t bytes);
void tcp_alt_app_poll(struct tcp_alt_hold *hold);
/** tcp_connect()'s callback, or the listener's tcp_accept(). */
void tcp_alt_app_opened(struct tcp_alt_hold *hold);
/** The listener's tcp_accept() callback with ERR_MEM: a connection found no block. */
void tcp_alt_app_accept_failed(struct tcp_pcb_listen *lpcb);
#if LWIP_TCP_URGENT
/** There is urgent data. */
void tcp_alt_app_urgent(const struct tcp_alt_hold *hold);
#endif
#if LWIP_TCP_ICMP
/** Notes a soft error and tells the application of it. */
void tcp_alt_app_soft_error(struct tcp_alt_hold *hold, enum tcp_soft_error error);
#endif
#if LWIP_CALLBACK_API
err_t tcp_alt_recv_null(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err);
#endif

#if LWIP_TCP_PCB_NUM_EXT_ARGS
/** Lets the listener's extension arguments see the child; an error: drop it. */
err_t tcp_alt_ext_passive_open(struct tcp_pcb_listen *lpcb, struct tcp_pcb *pcb);
/** Called just before a PCB is freed. */
void tcp_alt_ext_destroy(const struct tcp_pcb_ext_args *args);
#endif

/* ---- the network door's other files ---- */

/** A segment for a listener (RFC 9293 3.10.7.2). Leaves seg->p to the caller. `beyond`: where the sequence
 *  numbers of the connection in TIME-WAIT end that it takes the place of, or 0. */
void tcp_alt_listen_input(struct tcp_pcb_listen *lpcb, const struct tcp_alt_segment *seg,
                          const struct tcp_alt_tuple *t, u32_t beyond);

/** A segment for a connection (RFC 9293 3.10.7.3, 3.10.7.4). Takes seg->p. */
void tcp_alt_arrive(struct tcp_alt_cb *cb, struct tcp_alt_segment *seg,
                    const struct tcp_alt_tuple *t);

/** The components take the peer's SYN and its options; state SYN-RECEIVED. 0: not for now, for want of memory to
 *  fit what the application has written to the peer's MSS. */
int tcp_alt_take_syn(struct tcp_alt_cb *cb, const struct tcp_alt_segment *seg,
                     const struct tcp_alt_tuple *t);

#ifdef __cplusplus
}
#endif

#endif /* LWIP_TCP && LWIP_TCP_ALT */

#endif /* LWIP_HDR_TCP_ALT_DOORS_H */
