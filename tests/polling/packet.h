/* SPDX-License-Identifier: BSD-3-Clause
 * TCP segments in IPv4 packets, as bytes and as a structure. */
#ifndef TCP_ALT_TESTS_POLLING_PACKET_H
#define TCP_ALT_TESTS_POLLING_PACKET_H

#include "lwip/arch.h"

#define FIN 0x01U
#define SYN 0x02U
#define RST 0x04U
#define PSH 0x08U
#define ACK 0x10U

#define PACKET_MAX 1600 /**< bytes, headers included */

struct packet {
  u32_t at;       /**< when it was seen, in ms; for the user */
  u32_t from, to; /**< addresses, when read */
  u16_t src, dst; /**< ports */
  u32_t seq, ack;
  u8_t flags;
  u16_t wnd;
  u16_t urgent; /**< the urgent pointer */
  u8_t tos, ttl; /**< of IP; built with ttl 0: 64 */
  u8_t df;       /**< IP's DF, 0 or 1 */
  u16_t len; /**< of data */
  u8_t optlen; /**< of options, a multiple of 4 */
  u8_t opts[40];
  u8_t data[1500];
};

/** Writes a packet with correct checksums; returns its length. */
u16_t packet_build(u8_t bytes[PACKET_MAX], const struct packet *p, const u8_t src_addr[4],
                   const u8_t dst_addr[4]);

/** Sets both checksums of a packet whose bytes were changed; its IP header may have options. */
void packet_sum(u8_t *bytes, u16_t total);
/** Are both right? */
int packet_sums_right(const u8_t *bytes, u16_t total);

/** Reads all but `at`; 0 if these bytes are no TCP segment over IPv4. */
int packet_parse(struct packet *p, const u8_t *bytes, u16_t total);

/** Writes the checksum of an IPv4 header of 20 bytes. */
void ip_checksum(u8_t *ip);

/** An ICMP message; an error quotes the beginning of a packet. */
struct icmp {
  u8_t type, code;
  u32_t rest; /**< the second word of its header: Packet Too Big's MTU, for one */
  const u8_t *quoted;
  u16_t len; /**< of what is quoted */
};

/** Writes an IPv4 packet with this message and correct checksums; returns its length. */
u16_t icmp_build(u8_t bytes[PACKET_MAX], const struct icmp *m, const u8_t src_addr[4], const u8_t dst_addr[4]);

#endif
