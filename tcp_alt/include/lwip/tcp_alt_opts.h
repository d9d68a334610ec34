/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Options of the alt TCP backend and its defaults for lwIP's own options.
 *
 * Included by the tree's lwip/opt.h when LWIP_TCP_ALT is 1, after lwipopts.h and before lwIP's TCP
 * defaults: a value the user sets always wins. docs/options.md gives the reason for each default.
 */
#ifndef LWIP_HDR_TCP_ALT_OPTS_H
#define LWIP_HDR_TCP_ALT_OPTS_H

/** What a connection is worth: TCP_ALT_TINY (NewReno, an RTO in milliseconds, limited transmit) or TCP_ALT_FULL (SACK,
 *  RACK-TLP, PRR, F-RTO, CUBIC). Sets the defaults of the options for that; each can be set by itself. */
#define TCP_ALT_TINY 0
#define TCP_ALT_FULL 1
#ifndef TCP_ALT_PROFILE
#define TCP_ALT_PROFILE TCP_ALT_FULL
#endif

/* ---- lwIP's options whose default differs in this backend ---- */

/** SACK, both ways. */
#ifndef LWIP_TCP_SACK_OUT
#if defined(TCP_QUEUE_OOSEQ) && !TCP_QUEUE_OOSEQ
#define LWIP_TCP_SACK_OUT 0
#else
#define LWIP_TCP_SACK_OUT (TCP_ALT_PROFILE == TCP_ALT_FULL)
#endif
#endif

/** Initial RTO in ms (RFC 6298 2.1). */
#ifndef LWIP_TCP_RTO_TIME
#define LWIP_TCP_RTO_TIME 1000
#endif

/** Retransmissions of a SYN: RFC 9293 MUST-23 asks for three minutes, 1+2+4+8+16+32+60+60 s. */
#ifndef TCP_SYNMAXRTX
#define TCP_SYNMAXRTX 7
#endif

/** Out-of-order queue: most bytes kept per connection; 0 = no limit. */
#ifndef TCP_OOSEQ_MAX_BYTES
#define TCP_OOSEQ_MAX_BYTES TCP_WND
#endif

/** Out-of-order queue: most pbufs kept per connection; 0 = no limit. */
#ifndef TCP_OOSEQ_MAX_PBUFS
#define TCP_OOSEQ_MAX_PBUFS (4 * (TCP_WND) / (TCP_MSS) + 4)
#endif

/** Initial congestion window in bytes, from the effective send MSS in bytes (RFC 6928). */
#ifndef LWIP_TCP_CALC_INITIAL_CWND
#define LWIP_TCP_CALC_INITIAL_CWND(mss) \
  ((tcpwnd_size_t)LWIP_MIN(10U * (u32_t)(mss), LWIP_MAX(2U * (u32_t)(mss), 14600U)))
#endif

/* ---- options of this backend ---- */

/** 1: `struct tcp_pcb` (the public face) is a complete type for applications. */
#ifndef LWIP_TCP_PCB_COMPAT
#define LWIP_TCP_PCB_COMPAT 0
#endif

/** 1: tcp_err_reason_get() tells why a connection ended. */
#ifndef LWIP_TCP_ERR_REASON
#define LWIP_TCP_ERR_REASON (MEMP_NUM_TCP_PCB > 16)
#endif

/** 1: a user timeout for each connection, tcp_user_timeout_set() (RFC 9293 MUST-21). */
#ifndef LWIP_TCP_USER_TIMEOUT
#define LWIP_TCP_USER_TIMEOUT 0
#endif

/** 1: user timeouts are told to and taken from the peer, where the application wants it (RFC 5482). */
#ifndef LWIP_TCP_USER_TIMEOUT_OPTION
#define LWIP_TCP_USER_TIMEOUT_OPTION 0
#endif

/** Shortest user timeout that a peer can bring about, s (RFC 5482 3.1, L_LIMIT). */
#ifndef TCP_UTO_MIN_S
#define TCP_UTO_MIN_S 100
#endif

/** Longest user timeout that a peer can bring about, s (RFC 5482 3.1, U_LIMIT). At most 1000000. */
#ifndef TCP_UTO_MAX_S
#define TCP_UTO_MAX_S 3600
#endif

/** 1: tcp_info_get() tells a connection's figures, and each connection counts. */
#ifndef LWIP_TCP_INFO
#define LWIP_TCP_INFO 0
#endif

/** LWIP_TCP_PCB_COMPAT: an open connection looks this often, in ms, for what was written into its face. */
#ifndef TCP_ALT_COMPAT_RESCAN_MS
#define TCP_ALT_COMPAT_RESCAN_MS 1000
#endif

/** 1: getsockopt() and setsockopt() know TCP_USER_TIMEOUT, TCP_INFO, TCP_ERR_REASON and TCP_CONGESTION. */
#ifndef LWIP_TCP_SOCKET_OPTS
#define LWIP_TCP_SOCKET_OPTS 0
#endif

/** Ends of connections that TCP_ERR_REASON remembers. At least 1. */
#ifndef TCP_SOCKET_REASONS
#define TCP_SOCKET_REASONS MEMP_NUM_NETCONN
#endif

/** 1: test-only accessors (lwip/tcp_alt_test.h) are compiled in. Never in a product. */
#ifndef LWIP_TCP_ALT_TEST
#define LWIP_TCP_ALT_TEST 0
#endif

/** 1: a call with a PCB that has ended, and a callback that hides its tcp_abort(), assert. Debug builds. */
#ifndef LWIP_TCP_PCB_CHECK
#define LWIP_TCP_PCB_CHECK 0
#endif

/** 1: around every handler, a hash of the four other components must not change. Debug builds. */
#ifndef TCP_ALT_SCOPE_CHECK
#define TCP_ALT_SCOPE_CHECK 0
#endif

/** Buckets of the connection hash, a power of two; 0: walk lwIP's lists. */
#ifndef TCP_ALT_HASH
#if MEMP_NUM_TCP_PCB > 1024
#define TCP_ALT_HASH 4096
#elif MEMP_NUM_TCP_PCB > 256
#define TCP_ALT_HASH 1024
#elif MEMP_NUM_TCP_PCB > 16
#define TCP_ALT_HASH 64
#else
#define TCP_ALT_HASH 0
#endif
#endif

/** 1: timer wheel, O(1) in the number of connections; 0: walk the lists when a deadline comes. */
#ifndef TCP_ALT_TIMER_WHEEL
#if MEMP_NUM_TCP_PCB > 16
#define TCP_ALT_TIMER_WHEEL 1
#else
#define TCP_ALT_TIMER_WHEEL 0
#endif
#endif

/**
 * Where milliseconds come from. 1: every tcp_tmr() (or tcp_slowtmr()) advances the clock by its
 * interval; 0: sys_now().
 */
#ifndef TCP_ALT_CLOCK_TICKS
#define TCP_ALT_CLOCK_TICKS (NO_SYS && !LWIP_TIMERS)
#endif

/** 1: build although there is no LWIP_RAND: sequence numbers and ports are then predictable. */
#ifndef TCP_ALT_INSECURE_RAND
#define TCP_ALT_INSECURE_RAND 0
#endif

/** Smallest RTO above SRTT in ms: RTO = SRTT + max(this, 4 RTTVAR). RFC 6298 2.4 says 1000 ms in
 *  all; see docs/options.md for why less. Range 1..TCP_RTO_MAX_MS. */
#ifndef TCP_RTO_MIN_MS
#define TCP_RTO_MIN_MS 40
#endif

/** Largest RTO and persist interval in ms (RFC 6298 2.5: at least 60 s). Range 60000..65535. */
#ifndef TCP_RTO_MAX_MS
#define TCP_RTO_MAX_MS 60000
#endif

/** Longest time an ACK is delayed in ms (RFC 9293 MUST-40: below 500). */
#ifndef TCP_DELACK_MS
#define TCP_DELACK_MS 20
#endif

/** Full segments acknowledged one by one after a start, a gap or a duplicate. 0..255. */
#ifndef TCP_QUICKACK_SEGS
#define TCP_QUICKACK_SEGS 16
#endif

/** Smallest MSS accepted from a peer in bytes (CVE-2019-11479). */
#ifndef TCP_MIN_MSS
#define TCP_MIN_MSS 88
#endif

/** 1: the sender uses the SACK blocks of its peers (RFC 2018, RFC 6675). Needs LWIP_TCP_SACK_OUT, which negotiates them. */
#ifndef LWIP_TCP_SACK_IN
#define LWIP_TCP_SACK_IN (LWIP_TCP_SACK_OUT && TCP_ALT_PROFILE == TCP_ALT_FULL)
#endif

/** 1: losses are told by time, and the last of a flight are probed for (RACK-TLP, RFC 8985). Needs LWIP_TCP_SACK_IN. */
#ifndef TCP_RACK
#define TCP_RACK LWIP_TCP_SACK_IN
#endif

/** 1: cwnd shrinks in proportion to what arrives during recovery (PRR, RFC 9937). Needs LWIP_TCP_SACK_IN. */
#ifndef TCP_PRR
#define TCP_PRR LWIP_TCP_SACK_IN
#endif

/** 1: a timeout that was none is noticed by what is acknowledged next (F-RTO, RFC 5682), and undone. */
#ifndef TCP_FRTO
#define TCP_FRTO (TCP_ALT_PROFILE == TCP_ALT_FULL)
#endif

/** 1: a retransmission that was none is noticed by timestamps (Eifel, RFC 3522) and DSACK (RFC 3708), and undone. */
#ifndef TCP_UNDO
#define TCP_UNDO (TCP_ALT_PROFILE == TCP_ALT_FULL)
#endif

/** 1: a window that opens again is told again until data comes: an update may be lost, and the peer's next probe far off. */
#ifndef TCP_WND_REPEAT
#define TCP_WND_REPEAT (TCP_ALT_PROFILE == TCP_ALT_FULL)
#endif

/** 1: Explicit Congestion Notification (RFC 3168): offered, and used where the peer does. */
#ifndef LWIP_TCP_ECN
#define LWIP_TCP_ECN 0
#endif

/** Congestion control of new connections: TCP_CC_NEWRENO, TCP_CC_CUBIC or TCP_CC_MODEL. */
#define TCP_CC_NEWRENO 0 /* RFC 5681, RFC 6582 */
#define TCP_CC_CUBIC   1 /* RFC 9438 */
#define TCP_CC_MODEL   2 /* in the manner of BBR: for links that lose without being full */
#ifndef TCP_CC
#define TCP_CC (TCP_ALT_PROFILE == TCP_ALT_FULL ? TCP_CC_CUBIC : TCP_CC_NEWRENO)
#endif

/** 1: an application chooses for each connection, tcp_congestion_set(); TCP_CC is what it has otherwise. */
#ifndef LWIP_TCP_CC_PLUGGABLE
#define LWIP_TCP_CC_PLUGGABLE 0
#endif

/** 1: CUBIC is built in. */
#ifndef TCP_CUBIC
#define TCP_CUBIC (TCP_CC == TCP_CC_CUBIC || LWIP_TCP_CC_PLUGGABLE)
#endif

/** 1: the model-based control is built in. Needs TCP_RACK. */
#ifndef TCP_MODEL
#define TCP_MODEL (TCP_CC == TCP_CC_MODEL || (LWIP_TCP_CC_PLUGGABLE && TCP_RACK))
#endif

/** 1: CUBIC leaves slow start when the round trips grow longer (HyStart++, RFC 9406). Needs TCP_RACK, which times every
 *  segment. */
#ifndef TCP_HYSTART
#define TCP_HYSTART (TCP_CUBIC && TCP_RACK)
#endif

/* Not to be set: does a connection remember more of its losses than RFC 6582 asks for? */
#define TCP_ALT_LOSS_STATE (LWIP_TCP_SACK_IN || TCP_FRTO || TCP_UNDO || LWIP_TCP_ECN || TCP_CUBIC || TCP_MODEL)

/** Challenge ACKs a connection sends at most within about a second (RFC 5961 7). 1..255. */
#ifndef TCP_CHALLENGE_ACK_LIMIT
#define TCP_CHALLENGE_ACK_LIMIT 10
#endif

/** 1: ICMP errors reach TCP and its applications (RFC 9293 3.9.2.2, lwip/tcp_soft_error.h). */
#ifndef LWIP_TCP_ICMP
#define LWIP_TCP_ICMP (MEMP_NUM_TCP_PCB > 16)
#endif

/** 1: path MTU discovery (RFC 1191, RFC 8201) and a way out of black holes. Needs LWIP_TCP_ICMP. */
#ifndef LWIP_TCP_PMTUD
#define LWIP_TCP_PMTUD 0
#endif

/** Smallest path MTU believed over IPv4, in bytes; 68..1280. */
#ifndef TCP_PMTU_MIN
#define TCP_PMTU_MIN 576
#endif

/* lwIP's sum of an IPv4 header that it makes on the fly leaves out the field that DF is in. */
#if LWIP_TCP_PMTUD
#ifndef LWIP_INLINE_IP_CHKSUM
#define LWIP_INLINE_IP_CHKSUM 0
#endif
#endif

/** 1: urgent data (RFC 9293 3.8.5, lwip/tcp_urgent.h); 0: URG is ignored. */
#ifndef LWIP_TCP_URGENT
#define LWIP_TCP_URGENT 0
#endif

/** Refused data is offered to the application again after this many ms. */
#ifndef TCP_REFUSED_RETRY_MS
#define TCP_REFUSED_RETRY_MS 250
#endif

/** What found no memory, or no route, or a refusing driver, is tried again after this many ms. */
#ifndef TCP_OUTPUT_RETRY_MS
#define TCP_OUTPUT_RETRY_MS 250
#endif

/** A connection that the application has left (FIN-WAIT-1, CLOSING, LAST-ACK) is given up when the peer has
 *  acknowledged nothing new for this many ms, though it may answer probes of its closed window. */
#ifndef TCP_ORPHAN_TIMEOUT_MS
#define TCP_ORPHAN_TIMEOUT_MS 300000
#endif

/** Data written but never output is sent after this many ms. */
#ifndef TCP_FLUSH_MS
#define TCP_FLUSH_MS 500
#endif

#endif /* LWIP_HDR_TCP_ALT_OPTS_H */
