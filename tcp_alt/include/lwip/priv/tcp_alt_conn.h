/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Component conn: connection management (RFC 9293 3.3.2, 3.5, 3.6, 3.10; RFC 5961).
 *
 * Owns the public face but for `next`, the eleven states, what the options negotiated, the link to the
 * listener, the application's callbacks, keepalive and the deadlines of the states.
 */
#ifndef LWIP_HDR_TCP_ALT_CONN_H
#define LWIP_HDR_TCP_ALT_CONN_H

#include "lwip/priv/tcp_alt_event.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/tcp.h"
#include "lwip/tcp_soft_error.h"
#include "lwip/tcp_urgent.h"
#include "lwip/priv/tcp_alt_face.h"
#include "lwip/priv/tcp_alt_flow.h"
#include "lwip/priv/tcp_alt_rod.h"
#include "lwip/priv/tcp_alt_seq.h"

#ifdef __cplusplus
extern "C" {
#endif


/* conn.is */
#define TCP_ALT_IS_PASSIVE 0x01U /**< opened by a peer: `open.listener` is meant, not `.connected` */
#define TCP_ALT_IS_TS      0x02U /**< timestamps negotiated (RFC 7323) */
#define TCP_ALT_IS_WS      0x04U /**< window scaling negotiated */
#define TCP_ALT_IS_SACK    0x08U /**< SACK negotiated (RFC 2018) */
#define TCP_ALT_IS_PENDING 0x10U /**< counts in its listener's backlog */
#define TCP_ALT_IS_ECN     0x40U /**< ECN negotiated (RFC 3168 6.1.1) */
#define TCP_ALT_IS_TOLD    0x20U /**< the application knows of the peer's FIN */

/* conn.pmtu */
#define TCP_ALT_PMTU_NO_DF  0x01U /**< the path takes less than we are willing to believe: it may fragment */
#define TCP_ALT_PMTU_HOLE   0x02U /**< lowered on suspicion of a black hole */
#define TCP_ALT_PMTU_RAISED 0x04U /**< the last change was upwards */

struct tcp_alt_conn {
  struct tcp_pcb face;
#if LWIP_CALLBACK_API
  tcp_sent_fn sent;
  tcp_recv_fn recv;
  tcp_poll_fn poll;
  tcp_err_fn errf;
#endif
  union {
#if LWIP_CALLBACK_API
    tcp_connected_fn connected;
#endif
    struct tcp_pcb_listen *listener;
  } open;
  u32_t heard_at;      /* ms: last acceptable segment, or progress, or when the state began */
  u32_t poll_at;       /* ms: next tcp_poll() call; valid while poll_interval > 0 */
  u16_t mss;           /* effective send MSS in bytes, before options (RFC 9293 3.7.1) */
  u8_t is;             /* TCP_ALT_IS_.. */
  u8_t poll_interval;  /* units of 500 ms; 0: off */
  u8_t keep_sent;      /* keepalive probes since the peer was heard */
  u8_t challenges;     /* challenge ACKs sent in this epoch (RFC 5961 7) */
  u8_t challenge_epoch;
#if LWIP_TCP_PMTUD
  u8_t pmtu;           /* TCP_ALT_PMTU_.. */
  u16_t mss_max;       /* effective send MSS if the path were no limit, bytes */
  u32_t pmtu_at;       /* ms: when the path last changed `mss` */
#endif
#if LWIP_TCP_ICMP
  u8_t soft_error;     /* enum tcp_soft_error: the last one */
  tcp_soft_error_fn soft_error_fn;
#endif
#if LWIP_TCP_USER_TIMEOUT
  u32_t user_timeout;  /* ms; 0: TCP_MAXRTX decides */
  u32_t moved_at;      /* ms: what waits for its acknowledgment waits since then */
#endif
#if LWIP_TCP_USER_TIMEOUT_OPTION
  u16_t uto_adv;       /* what we tell the peer, as on the wire; 0: nothing (RFC 5482 3, ENABLED) */
  u8_t uto;            /* TCP_ALT_UTO_.. */
#endif
#if LWIP_TCP_PCB_COMPAT
  u32_t rescan_at;     /* ms: when writes into the face are looked for next */
#endif
#if LWIP_TCP_URGENT
  tcp_urgent_fn urgent_fn;
#endif
};

/* conn.uto */
#define TCP_ALT_UTO_DUE   0x01U /**< the next ACK without SYN carries the option */
#define TCP_ALT_UTO_FIXED 0x02U /**< the application has set a timeout (RFC 5482 3.1, not CHANGEABLE) */

/** The component behind a public face; the face is its first member. */
#define TCP_ALT_CONN(pcb) ((struct tcp_alt_conn *)(void *)(pcb))

/** Is tcp_poll()'s callback wanted? */
#if LWIP_CALLBACK_API
#define TCP_ALT_CONN_POLLS(conn) ((conn)->poll != NULL)
#else
#define TCP_ALT_CONN_POLLS(conn) 1 /* LWIP_EVENT_POLL comes without being asked for */
#endif

/** What to do with a segment (RFC 9293 3.10.7, RFC 5961). */
enum tcp_alt_verdict {
  TCP_ALT_SEG_ACCEPT,
  TCP_ALT_SEG_DROP,
  TCP_ALT_SEG_ACK,           /**< drop, answer <SEQ=SND.NXT><ACK=RCV.NXT> */
  TCP_ALT_SEG_CHALLENGE_ACK, /**< the same, but limited */
  TCP_ALT_SEG_RESET,         /**< the peer reset the connection */
  TCP_ALT_SEG_REPLY_RST      /**< drop, answer <SEQ=SEG.ACK><CTL=RST> */
};

/** What an event changed. */
enum tcp_alt_news {
  TCP_ALT_NEWS_NONE,
  TCP_ALT_NEWS_ESTABLISHED,
  TCP_ALT_NEWS_TIME_WAIT, /**< the connection is only a memory now */
  TCP_ALT_NEWS_CLOSED     /**< both sides have closed: delete it */
};

/** What the clock asks for. */
enum tcp_alt_due {
  TCP_ALT_DUE_NOTHING,
  TCP_ALT_DUE_FORGET,    /**< TIME-WAIT is over: delete it silently */
  TCP_ALT_DUE_DROP,      /**< nothing more is to be hoped for: delete it, tell the application */
  TCP_ALT_DUE_ABORT,     /**< the same, and reset the peer */
#if LWIP_TCP_USER_TIMEOUT
  TCP_ALT_DUE_USER_TIMEOUT, /**< DROP, since the application would not wait longer */
#endif
  TCP_ALT_DUE_KEEPALIVE, /**< send a keepalive probe */
  TCP_ALT_DUE_POLL       /**< call tcp_poll()'s callback */
};

/** What tcp_close() means for the wire. */
enum tcp_alt_close {
  TCP_ALT_CLOSE_NOTHING, /**< it is closing already */
  TCP_ALT_CLOSE_FORGET,  /**< nothing was sent: delete it */
  TCP_ALT_CLOSE_FIN      /**< queue a FIN */
};

#if LWIP_TCP_PCB_CHECK
/** A PCB of either kind is about to be freed. */
void tcp_alt_conn_on_freed(struct tcp_pcb *pcb);
#endif

/** A new block, state CLOSED. */
void tcp_alt_conn_init(struct tcp_alt_conn *conn, u8_t prio, u32_t now);


/** tcp_connect() (3.10.1): addresses, ports, MSS in the event; state SYN-SENT. */
struct tcp_alt_open_event {
  u32_t now;
  const ip_addr_t *local_ip;
  const ip_addr_t *remote_ip;
  u16_t local_port;
  u16_t remote_port;
  u16_t mss; /* effective send MSS, bytes */
#if LWIP_CALLBACK_API
  tcp_connected_fn connected;
#endif
};
void tcp_alt_conn_on_open(struct tcp_alt_conn *conn, const struct tcp_alt_open_event *ev);

/** A SYN came for a listener (3.10.7.2): state SYN-RECEIVED; what a child inherits is taken. */
void tcp_alt_conn_on_passive_open(struct tcp_alt_conn *conn, struct tcp_pcb_listen *listener,
                                  const struct tcp_alt_open_event *ev);

/** The peer's SYN: its options are taken; state SYN-RECEIVED, which one that acknowledges ours too
 *  leaves at once. `mss`: effective send MSS in bytes. */
void tcp_alt_conn_on_syn(struct tcp_alt_conn *conn, const struct tcp_alt_segment *seg, u16_t mss);

#if LWIP_TCP_ECN
/** The same SYN: is ECN in use? Not if ours was sent more than once, without offering it (RFC 3168 6.1.1). */
void tcp_alt_conn_on_ecn_setup(struct tcp_alt_conn *conn, const struct tcp_alt_rod *rod, const struct tcp_alt_segment *seg);
#endif

/** Judges a segment in SYN-SENT without writing anything. */
enum tcp_alt_verdict tcp_alt_conn_judge_in_syn_sent(const struct tcp_alt_conn *conn,
                                                    const struct tcp_alt_rod *rod,
                                                    const struct tcp_alt_segment *seg);

/** Judges a segment in SYN-RECEIVED and later states without writing anything. */
enum tcp_alt_verdict tcp_alt_conn_judge(const struct tcp_alt_conn *conn,
                                        const struct tcp_alt_rod *rod,
                                        const struct tcp_alt_flow *flow,
                                        const struct tcp_alt_segment *seg);

/** What nearly every segment is, judged in a few instructions: a plain ACK or data that begins at RCV.NXT
 *  and fits, on a connection that is open. Of those that it does not know, judge() decides. */
static inline int
tcp_alt_conn_is_plain(const struct tcp_alt_conn *conn, const struct tcp_alt_rod *rod,
                      const struct tcp_alt_flow *flow, const struct tcp_alt_segment *seg)
{
  return conn->face.state >= ESTABLISHED && seg->seq == rod->rcv_nxt &&
         (seg->flags & (TCP_SYN | TCP_RST | TCP_ACK)) == TCP_ACK &&
#if LWIP_TCP_TIMESTAMPS
         (!(conn->is & TCP_ALT_IS_TS) ||
          ((seg->opts & TCP_ALT_OPT_TS) && TCP_ALT_GEQ(seg->tsval, rod->ts_recent))) &&
#endif
         seg->ack - rod->snd_una <= rod->snd_nxt - rod->snd_una &&
         seg->len <= flow->rcv_edge - rod->rcv_nxt;
}

/** 1 when another challenge ACK is within the limit; counts it. */
int tcp_alt_conn_challenge(struct tcp_alt_conn *conn, u32_t now);

/** Is nobody there to receive, or nothing to come? Then only progress keeps the connection, not any segment. */
static inline int
tcp_alt_conn_is_left(const struct tcp_pcb *pcb)
{
  return pcb->state >= FIN_WAIT_1 && pcb->state != CLOSE_WAIT &&
         (pcb->state >= CLOSING || (pcb->flags & TF_RXCLOSED));
}

/** An acceptable segment came: the peer lives. */
static inline void
tcp_alt_conn_on_heard(struct tcp_alt_conn *conn, u32_t now)
{
  conn->keep_sent = 0;
  if (!tcp_alt_conn_is_left(&conn->face)) {
    conn->heard_at = now;
  }
}

/** ms since the peer was heard; 0 when another door, entered later, heard it after `now`. */
static inline u32_t
tcp_alt_conn_silent(const struct tcp_alt_conn *conn, u32_t now)
{
  return TCP_ALT_GT(now, conn->heard_at) ? now - conn->heard_at : 0;
}

#if LWIP_TCP_USER_TIMEOUT
/** Something begins to wait for its acknowledgment, or what waited moved on: the user timeout starts afresh. */
static inline void
tcp_alt_conn_on_moved(struct tcp_alt_conn *conn, u32_t now)
{
  conn->moved_at = now;
}

/** tcp_user_timeout_set(). */
void tcp_alt_conn_set_user_timeout(struct tcp_alt_conn *conn, u32_t ms);
#endif

#if LWIP_TCP_USER_TIMEOUT_OPTION
/** tcp_user_timeout_advertise(). */
void tcp_alt_conn_set_uto(struct tcp_alt_conn *conn, u32_t s);

/** An acceptable segment had the option. */
void tcp_alt_conn_on_uto(struct tcp_alt_conn *conn, const struct tcp_alt_segment *seg);

/** An ACK that carried the option has left. */
void tcp_alt_conn_on_uto_sent(struct tcp_alt_conn *conn);

/** Is the option to go out with an ACK now? */
#define tcp_alt_conn_uto_due(conn) (((conn)->uto & TCP_ALT_UTO_DUE) && (conn)->face.state >= ESTABLISHED)
#else
#define tcp_alt_conn_uto_due(conn) 0
#endif

/** Data was acknowledged: an orphan has its time anew; tcp_poll() is for idle connections, its interval
 *  starts afresh. */
void tcp_alt_conn_restart_poll(struct tcp_alt_conn *conn, u32_t now);
static inline void
tcp_alt_conn_on_progress(struct tcp_alt_conn *conn, u32_t now)
{
  conn->heard_at = now;
  if (TCP_ALT_CONN_POLLS(conn)) {
    tcp_alt_conn_restart_poll(conn, now);
  }
}

/** The peer's FIN came once more: TIME-WAIT starts afresh (3.10.7.4, eighth). */
void tcp_alt_conn_on_fin_again(struct tcp_alt_conn *conn, u32_t now);

/** Our SYN or FIN was acknowledged. */
enum tcp_alt_news tcp_alt_conn_on_ack(struct tcp_alt_conn *conn, const struct tcp_alt_ack_event *ev);

/** The peer's FIN is in order. */
enum tcp_alt_news tcp_alt_conn_on_fin(struct tcp_alt_conn *conn, u32_t now);

/** The application will not send any more (3.10.4). */
enum tcp_alt_close tcp_alt_conn_on_close(struct tcp_alt_conn *conn, u32_t now);

/** The application will not receive any more. */
void tcp_alt_conn_on_rx_closed(struct tcp_alt_conn *conn);

/** The connection counts (`pending`) or no longer counts in its listener's backlog. */
#if TCP_LISTEN_BACKLOG
void tcp_alt_conn_backlog(struct tcp_alt_conn *conn, int pending);
#else
#define tcp_alt_conn_backlog(conn, pending)
#endif

/** The listener is gone. 1: and with it who would have accepted the connection. */
int tcp_alt_conn_on_listener_gone(struct tcp_alt_conn *conn, const struct tcp_pcb_listen *listener);

/** A deadline may have come; call again until it says nothing. */
enum tcp_alt_due tcp_alt_conn_on_timer(struct tcp_alt_conn *conn, const struct tcp_alt_rod *rod,
                                       const struct tcp_alt_flow *flow,
                                       const struct tcp_alt_clock_event *ev);

/** What the face has copies of: called when a door is done with changing it. */
#if LWIP_TCP_PCB_COMPAT
void tcp_alt_conn_show(struct tcp_alt_conn *conn, const struct tcp_alt_rod *rod,
                       const struct tcp_alt_flow *flow);
#else
#define tcp_alt_conn_show(conn, rod, flow)
#endif

/** ms until conn's next deadline, or TCP_ALT_NEVER. */
u32_t tcp_alt_conn_wait(const struct tcp_alt_conn *conn, const struct tcp_alt_rod *rod, u32_t now);

/** The application has been told of the peer's FIN. */
void tcp_alt_conn_on_fin_told(struct tcp_alt_conn *conn);

/** tcp_bind(): a local address and port. */
void tcp_alt_conn_bind(struct tcp_alt_conn *conn, const ip_addr_t *ip, u16_t port);

/** tcp_poll(). */
void tcp_alt_conn_set_poll(struct tcp_alt_conn *conn, tcp_poll_fn poll, u8_t interval, u32_t now);

/* Setters of members that applications used to write (any PCB kind). */

enum tcp_alt_keep {
  TCP_ALT_KEEP_IDLE /**< ms */
#if LWIP_TCP_KEEPALIVE
  , TCP_ALT_KEEP_INTVL /**< ms */
  , TCP_ALT_KEEP_CNT   /**< probes */
#endif
};
void tcp_alt_conn_set_keep(struct tcp_pcb *pcb, enum tcp_alt_keep which, u32_t value);
void tcp_alt_conn_set_flags(struct tcp_pcb *pcb, tcpflags_t set, tcpflags_t clear);
void tcp_alt_conn_set_so_options(struct ip_pcb *pcb, u8_t options); /* of any protocol */
void tcp_alt_conn_bind_netif(struct tcp_pcb *pcb, u8_t netif_idx);
void tcp_alt_conn_set_local_ip(struct tcp_pcb *pcb, const ip_addr_t *ip);

#if LWIP_TCP_PMTUD
/** A packet did not fit through the path. */
struct tcp_alt_mtu_event {
  u32_t now;
  u32_t mtu;     /* what the next link takes, bytes; 0 to 67: it did not say */
  u16_t size;    /* of the packet, bytes */
  u16_t headers; /* of IP and TCP, without options, bytes */
  u16_t floor;   /* smallest MTU to believe, bytes */
};
/** Bytes of data and TCP options that fit now, or 0: not believed, and nothing has changed. */
u16_t tcp_alt_conn_on_too_big(struct tcp_alt_conn *conn, const struct tcp_alt_rod *rod,
                              const struct tcp_alt_mtu_event *ev);

/** Timeouts in a row, and the first segment has `len` bytes: 1 when the MSS has changed, be it that full
 *  segments vanish (ev->floor is tried), be it that smaller ones did not help. */
int tcp_alt_conn_on_timeouts(struct tcp_alt_conn *conn, const struct tcp_alt_rod *rod,
                             const struct tcp_alt_mtu_event *ev, u16_t len);

/** Is it time to try a larger segment again? Called only while mss < mss_max. */
int tcp_alt_conn_may_grow(const struct tcp_alt_conn *conn, u32_t now);
/** Tries one: the next size of RFC 1191's table, at most `mss`. */
void tcp_alt_conn_grow(struct tcp_alt_conn *conn, const struct tcp_alt_mtu_event *ev, u16_t mss);
#endif

#if LWIP_TCP_ICMP
/** The network says something of this connection that does not end it. */
void tcp_alt_conn_on_soft_error(struct tcp_alt_conn *conn, enum tcp_soft_error error);
void tcp_alt_conn_set_soft_error_fn(struct tcp_alt_conn *conn, tcp_soft_error_fn fn);
#endif

#if LWIP_TCP_URGENT
void tcp_alt_conn_set_urgent_fn(struct tcp_alt_conn *conn, tcp_urgent_fn fn);
#endif

#if LWIP_TCP_PCB_NUM_EXT_ARGS
void tcp_alt_conn_set_ext(struct tcp_pcb *pcb, u8_t id, const struct tcp_ext_arg_callbacks *callbacks,
                          void *data);
#endif

/** tcp_listen(): fills a listener from the PCB it replaces. */
void tcp_alt_conn_listen(struct tcp_pcb_listen *listener, const struct tcp_pcb *pcb);

#if LWIP_TCP_CC_PLUGGABLE
/** Congestion control of a listener's children. */
void tcp_alt_conn_set_cc(struct tcp_pcb_listen *listener, const struct tcp_alt_cc *cc);
#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_TCP && LWIP_TCP_ALT */

#endif /* LWIP_HDR_TCP_ALT_CONN_H */
