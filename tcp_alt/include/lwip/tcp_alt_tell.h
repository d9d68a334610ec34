/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * What TCP tells the application beyond lwIP's callbacks: why a connection ended. docs/telling.md has
 * examples. Included by lwip/tcp.h; not to be included by itself. C90 and C++98.
 */
#ifndef LWIP_HDR_TCP_ALT_TELL_H
#define LWIP_HDR_TCP_ALT_TELL_H

#ifdef __cplusplus
extern "C" {
#endif

/** Why a connection ended: finer than the err_t that tcp_err()'s callback gets. */
enum tcp_err_reason {
  TCP_ERR_REASON_NONE,         /**< no end is being told of just now */
  TCP_ERR_REASON_CLOSED,       /**< both sides have closed, nothing was lost */
  TCP_ERR_REASON_REFUSED,      /**< the peer answered our SYN with a RST */
  TCP_ERR_REASON_RESET,        /**< the peer reset the connection */
  TCP_ERR_REASON_TIMED_OUT,    /**< the peer answers no longer: R2 of RFC 9293 3.8.3, or a state's limit */
  TCP_ERR_REASON_USER_TIMEOUT, /**< no progress for as long as tcp_user_timeout_set() said */
  TCP_ERR_REASON_KEEPALIVE,    /**< keepalive probes were not answered */
  TCP_ERR_REASON_UNREACHABLE,  /**< ICMP: there is no way to the peer */
  TCP_ERR_REASON_ABORTED,      /**< this application called tcp_abort() */
  TCP_ERR_REASON_UNREAD,       /**< data came after this application had closed its receiving side */
  TCP_ERR_REASON_MEMORY,       /**< given up for a connection of a higher priority */
  TCP_ERR_REASON_ADDRESS       /**< our address is no longer the interface's */
};

/**
 * Why the connection ended that tcp_err()'s callback (or LWIP_EVENT_ERR) tells of just now.
 * TCP_ERR_REASON_NONE outside of it, and without LWIP_TCP_ERR_REASON.
 */
#if LWIP_TCP_ERR_REASON
enum tcp_err_reason tcp_err_reason_get(void);
#else
#define tcp_err_reason_get() TCP_ERR_REASON_NONE
#endif

#if LWIP_TCP_USER_TIMEOUT
/**
 * How long data, a SYN or a FIN may wait for its acknowledgment before the connection ends with
 * ERR_ABRT and TCP_ERR_REASON_USER_TIMEOUT (RFC 9293 3.8.3, R2 of this connection). While the peer's window is
 * closed the time counts from when it was heard last. As long as it is set, TCP_MAXRTX and TCP_SYNMAXRTX
 * do not count. A listener has none: set it in tcp_accept()'s callback.
 * @param ms at most 1073741823, which are twelve days; 0 (the default): TCP_MAXRTX and TCP_SYNMAXRTX count
 */
void tcp_user_timeout_set(struct tcp_pcb *pcb, u32_t ms);
/** What was set, or agreed on with the peer, ms; 0: TCP_MAXRTX counts. */
u32_t tcp_user_timeout_get(const struct tcp_pcb *pcb);
#endif

#if LWIP_TCP_USER_TIMEOUT_OPTION
/**
 * Tells the peer how long we shall wait (RFC 5482), with the SYN, the first segment after it, and now. From then
 * on what the peer tells counts here, too, between TCP_UTO_MIN_S and TCP_UTO_MAX_S, unless
 * tcp_user_timeout_set() was called.
 * @param s seconds, above 32767 rounded up to minutes, at most 32767 of those; 0 (the default): neither
 *        told nor taken
 */
void tcp_user_timeout_advertise(struct tcp_pcb *pcb, u32_t s);
#endif

#if LWIP_TCP_CC_PLUGGABLE
/**
 * Chooses the congestion control of a connection: "newreno" (RFC 5681, RFC 6582), "cubic" (RFC 9438) or "model" (in the
 * manner of BBR), those of them that are built in. Before tcp_connect() or later; on an open connection the new one
 * takes over cwnd and ssthresh and knows nothing else. Of a listener: what its connections begin with. What nobody
 * chose for has TCP_CC.
 * @return ERR_OK; ERR_ARG: no PCB or no name; ERR_VAL: no algorithm of that name is built in
 */
err_t tcp_congestion_set(struct tcp_pcb *pcb, const char *name);
/** The name of what tcp_congestion_set() has chosen, or of TCP_CC. */
const char *tcp_congestion_get(const struct tcp_pcb *pcb);
#endif

#if LWIP_TCP_INFO

/** Why sending stopped last. */
enum tcp_info_stop {
  TCP_INFO_STOP_NOTHING,    /**< nothing to send: the application has written no more */
  TCP_INFO_STOP_BUFFER,     /**< the same, and it could not: the send buffer is full */
  TCP_INFO_STOP_WINDOW,     /**< the peer's window */
  TCP_INFO_STOP_CONGESTION, /**< the congestion window */
  TCP_INFO_STOP_NAGLE,      /**< a small segment waits for an acknowledgment or for more data */
  TCP_INFO_STOP_HELD,       /**< the driver holds the segment that is to be sent again still */
  TCP_INFO_STOP_ROUTE,      /**< there is no way to the peer */
  TCP_INFO_STOP_MEMORY,     /**< no memory for a packet */
  TCP_INFO_STOP_DRIVER      /**< IP or the driver refused */
};

/** How losses are being repaired. */
enum tcp_info_recovery { TCP_INFO_OPEN, TCP_INFO_RECOVERY, TCP_INFO_RTO };

/** A connection's figures. Times in ms, windows in bytes of data, counters modulo 2^32. */
struct tcp_info {
  enum tcp_state state;
  enum tcp_info_stop stop;
  enum tcp_info_recovery recovery;
  u32_t srtt, rttvar; /**< 0: no sample yet */
  u32_t rto;
  u32_t silent;       /**< since the peer was heard last, or the state began */
  u32_t cwnd, ssthresh;
  u32_t snd_wnd;      /**< the peer's window */
  u32_t rcv_wnd;      /**< ours */
  u32_t in_flight;    /**< sent, neither acknowledged nor known to be lost */
  u32_t unacked;      /**< sent, not acknowledged */
  u32_t unsent;       /**< written, not sent */
  u32_t snd_buf;      /**< what may still be written */
  u32_t bytes_out;    /**< data sent, each byte once */
  u32_t bytes_again;  /**< data sent again */
  u32_t bytes_acked;  /**< data acknowledged */
  u32_t bytes_in;     /**< data received in order */
  u32_t segs_out;     /**< packets sent, pure ACKs and probes too */
  u32_t segs_again;   /**< retransmissions among them */
  u32_t segs_in;      /**< packets received for this connection */
  u16_t mss;          /**< most data of one segment */
  u8_t timeouts;      /**< retransmission timeouts in a row */
  u8_t probes;        /**< window or keepalive probes not answered */
  u8_t timestamps, sack, scaling; /**< 1: negotiated */
  const char *congestion; /**< the name of its congestion control: "newreno", "cubic" or "model" */
};

/** Fills `info`; ERR_OK, or ERR_ARG: no PCB, or a listener's, which has no figures. */
err_t tcp_info_get(const struct tcp_pcb *pcb, struct tcp_info *info);

/** Why sending stopped, in words. */
const char *tcp_info_stop_str(enum tcp_info_stop stop);

#endif

#if LWIP_TCP_SOCKET_OPTS

/* Options of getsockopt() and setsockopt() at the level IPPROTO_TCP; but for TCP_ERR_REASON with Linux's numbers. */
#ifndef TCP_USER_TIMEOUT
#define TCP_USER_TIMEOUT 18  /**< unsigned int, ms: tcp_user_timeout_set() and _get() */
#endif
#ifndef TCP_INFO
#define TCP_INFO         11  /**< get only: struct tcp_info */
#endif
#ifndef TCP_CONGESTION
#define TCP_CONGESTION   13  /**< string, at most TCP_CA_NAME_MAX bytes: tcp_congestion_set() and _get() */
#endif
#ifndef TCP_CA_NAME_MAX
#define TCP_CA_NAME_MAX  16
#endif
#define TCP_ERR_REASON   100 /**< get only: int, enum tcp_err_reason; also when the connection is gone */

struct lwip_sock;
/** What lwIP's hooks call: 1 when the option is one of these, and *err is 0 or an errno. `optlen` is a socklen_t
 *  or points to one. */
int tcp_alt_sock_get(const struct lwip_sock *sock, int level, int optname, void *optval, void *optlen, int *err);
int tcp_alt_sock_set(const struct lwip_sock *sock, int level, int optname, const void *optval, u32_t optlen,
                     int *err);

/* An application that has hooks of its own defines these two, with the arguments of lwIP's hooks, in lwipopts.h. */
#ifndef TCP_NEXT_HOOK_GETSOCKOPT
#define TCP_NEXT_HOOK_GETSOCKOPT(s, sock, level, optname, optval, optlen, err) 0
#endif
#ifndef TCP_NEXT_HOOK_SETSOCKOPT
#define TCP_NEXT_HOOK_SETSOCKOPT(s, sock, level, optname, optval, optlen, err) 0
#endif
#define LWIP_HOOK_SOCKETS_GETSOCKOPT(s, sock, level, optname, optval, optlen, err) \
  (tcp_alt_sock_get(sock, level, optname, optval, optlen, err) ||                  \
   TCP_NEXT_HOOK_GETSOCKOPT(s, sock, level, optname, optval, optlen, err))
#define LWIP_HOOK_SOCKETS_SETSOCKOPT(s, sock, level, optname, optval, optlen, err) \
  (tcp_alt_sock_set(sock, level, optname, optval, (u32_t)(optlen), err) ||         \
   TCP_NEXT_HOOK_SETSOCKOPT(s, sock, level, optname, optval, optlen, err))

#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_TCP_ALT_TELL_H */
