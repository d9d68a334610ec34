/* SPDX-License-Identifier: BSD-3-Clause
 * What the RFC tests share: segments to inject, what came out, and connections in each state. The clock, the
 * interface, the peer and the application are the polling tests' (world.h). */
#ifndef TCP_ALT_TESTS_RFC_RFC_H
#define TCP_ALT_TESTS_RFC_RFC_H

#include "world.h"

#include "lwip/tcp_access.h"
#include "lwip/tcp_alt_test.h"

#include <check.h>

#define URG  0x20U
#define PORT 80

/* ---- in ---- */

/** Injects exactly this packet; ports 0 become those of peer. */
void inject(const struct packet *p);
/** The same from one address to another. */
void inject_between(const struct packet *p, const u8_t src[4], const u8_t dst[4]);
/** The bytes of inject(p); returns how many. */
u16_t bytes_of(u8_t bytes[PACKET_MAX], const struct packet *p);
/** The same, with the first `first` bytes of the IP packet in a pbuf of their own, then one byte each. */
void inject_in_pieces(const struct packet *p, u16_t first);
/** Injects an IP packet as it stands, in one pbuf, or in pieces as above. */
void inject_bytes(const u8_t *bytes, u16_t len);
void inject_bytes_in_pieces(const u8_t *bytes, u16_t len, u16_t first);
/** A router sends this ICMP message about a packet of ours, of which it quotes the first `len` bytes. */
void icmp_about(const struct packet *ours, u8_t type, u8_t code, u32_t rest, u16_t len);
/** What routers quote at least: IP's header and eight bytes. */
#define QUOTE 28
/** Writes our packet as it left. */
u16_t build_ours(u8_t *bytes, const struct packet *ours);
/** A packet of the peer at peer.seq + off, with peer.ack and peer.wnd; data counts up from seq. */
struct packet from_peer(u32_t off, u8_t flags, u16_t len);
/** Builds and injects one. */
void say(u32_t off, u8_t flags, u16_t len);
/** The same with another acknowledgment number: peer.ack + ack_off. */
void say_ack(u32_t off, u8_t flags, u16_t len, u32_t ack_off);
/** Data of the peer in order: peer.seq moves on. */
void peer_data(u16_t len);
/** Adds an option, padded with NOPs in front to a multiple of 4. */
void add_option(struct packet *p, u8_t kind, const void *body, u8_t len);
void add_mss(struct packet *p, u16_t mss);
void add_ts(struct packet *p, u32_t val, u32_t ecr);
/** One block, from peer.ack + left to peer.ack + right. */
void add_sack(struct packet *p, u32_t left, u32_t right);

/* ---- out ---- */

/** Exactly one packet has left since the last look: this one. */
const struct packet *only(void);
void assert_silence(void);
/** Exactly one packet, <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>: RCV.NXT is peer.seq, SND.NXT peer.ack + in_flight. */
void assert_ack(u32_t in_flight);
/** Exactly one packet, a RST with this number. */
void assert_rst(u32_t seq);
/** The option's body, or NULL; *len its length without kind and length. */
const u8_t *option(const struct packet *p, u8_t kind, u8_t *len);
/** Bytes of data in all packets since the last look. */
u32_t sent_bytes(void);
u32_t get32(const u8_t *b);
void put32(u8_t *b, u32_t v);

/* ---- connections ---- */

/** The one connection, or NULL. */
struct tcp_pcb *the_pcb(void);
enum tcp_state the_state(void);
#define assert_state(s) ck_assert_int_eq(the_state(), s)
/** A connection in this state; `CLOSED` is not one of them. Nothing is left to look at. */
void reach(enum tcp_state state);
/** The listener, its SYN with these options, SYN-ACK and ACK. Returns the SYN-ACK. */
const struct packet *establish_with(const struct packet *syn);
/** A SYN of the peer, without options. */
struct packet syn_of_peer(void);
/** Only a listener. */
void listen_only(void);
/** A receive callback that takes data and does not consume it: the window closes. */
err_t hoard(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err);
/** tcp_write() of n bytes that count up from their sequence number, and tcp_output(). */
void app_send(u16_t n);
/** The peer acknowledges everything up to here and looks away. */
void take_all(void);
/** Are all pools and the heap as empty as a world without connections? */
void assert_clean(void);

/* ---- states ---- */

/** The synchronized ones; a loop test runs in each. */
extern const enum tcp_state synchronized[];
#define N_SYNCHRONIZED 7
/** SND.NXT - peer.ack after reach(): our FIN where it is not acknowledged. */
u32_t in_flight(void);
/** Still in this state, and the application has heard of no error. */
void assert_alive(enum tcp_state state);

/* ---- sending ---- */

#define MSS      1000U /**< of path() */
#define MINUTES  (60U * 1000U)

/** A connection with MSS, without Nagle's algorithm, and this round-trip time in its handshake. */
void path(u32_t rtt);
/** The peer acknowledges so many bytes more. */
void ack(u32_t bytes);
/** The next packet begins this far behind peer.ack; it is of len bytes. */
void assert_data(u32_t off, u32_t len);
/** Nothing is answered: ms until data comes again, from this far behind peer.ack. */
u32_t wait_again(u32_t off);

/* ---- assertions ---- */

/** lwIP will assert with this message, and the process end with MISUSED: for tcase_add_exit_test(). */
void misuse(const char *message);
#define MISUSED 77

/* ---- faults ---- */

/** An accept callback that takes the connection, without the checks of the one in establish(). */
err_t accept_quietly(void *arg, struct tcp_pcb *pcb, err_t err);

/** RFC_OPTIONS: the n-th allocation from now on fails (1: the next); 0: none. */
extern unsigned int fail_alloc;
/** and so do all after it. */
extern int fail_all;
/** Packets that find no buffer are lost; else that ends the test. */
extern int lossy;
/** Blocks that are allocated now. */
extern int allocated;

#endif
