/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * IP packets as the network reads, makes and changes them. Changes keep a
 * wrong checksum wrong: what a line has damaged is never repaired on the way.
 */
#ifndef SIM_PACKET_H
#define SIM_PACKET_H

#include <stddef.h>
#include <stdint.h>

#include "rng.h"

#define PACKET_ICMP 1u
#define PACKET_TCP 6u
#define PACKET_ICMP6 58u
#define PACKET_MAX 9000u

#define TCP_FIN 0x01u
#define TCP_SYN 0x02u
#define TCP_RST 0x04u
#define TCP_PSH 0x08u
#define TCP_ACK 0x10u

/** ECN codepoints (RFC 3168 5). */
#define ECN_NOT_ECT 0u
#define ECN_ECT0 2u
#define ECN_CE 3u

/** What a packet says; `tcp` is 0 if it is no TCP packet with a whole header. */
struct packet {
  unsigned version;             /* 4, 6, or 0: no IP packet */
  unsigned protocol;
  size_t header;                /* length of the IP header */
  size_t tcp;                   /* where the TCP header is */
  const uint8_t *src, *dst;     /* addresses */
  size_t address_len;
  unsigned src_port, dst_port, flags, window;
  uint32_t seq, ack;
  size_t payload;               /* TCP data bytes */
};

static inline unsigned
get16(const uint8_t *at)
{
  return (unsigned)at[0] << 8 | at[1];
}

static inline uint32_t
get32(const uint8_t *at)
{
  return (uint32_t)get16(at) << 16 | get16(at + 2);
}

static inline void
put16(uint8_t *at, uint32_t value)
{
  at[0] = (uint8_t)(value >> 8);
  at[1] = (uint8_t)value;
}

static inline void
put32(uint8_t *at, uint32_t value)
{
  put16(at, value >> 16);
  put16(at + 2, value);
}

/** Reads what is there; cut and senseless packets included. */
void packet_parse(struct packet *packet, const uint8_t *bytes, size_t len);

/** The ones' complement sum of 16-bit words, on top of `sum`. */
uint32_t packet_sum(const uint8_t *bytes, size_t len, uint32_t sum);

/** Sets the length fields and all checksums of an IP packet with TCP, ICMP or ICMPv6. */
void packet_finish(uint8_t *bytes, size_t len);

/** Overwrites two bytes that a checksum covers, and corrects it (RFC 1624). */
void packet_replace16(uint8_t *at, uint32_t value, uint8_t *checksum);

unsigned packet_ecn(const uint8_t *bytes, size_t len);
/** Sets CE; only for a packet that is ECN-capable. */
void packet_mark_ce(uint8_t *bytes);

/** Writes an IP header without addresses; returns its length. */
size_t packet_begin(uint8_t *bytes, unsigned version, unsigned protocol);
/** Where addresses stand in an IP header. */
uint8_t *packet_source(uint8_t *bytes);
uint8_t *packet_destination(uint8_t *bytes);

/** The address of node `index`: 10.0.x.y or fd00::z with index + 1. */
void packet_node_address(uint8_t *at, unsigned version, unsigned index);
/** An address that no node has: 198.18.0.0/15 or 2001:2::/48, for benchmarks (RFC 6890). */
void packet_forged_address(uint8_t *at, unsigned version, struct rng *rng);
/** The node a packet goes to; PACKET_TO_FORGED, or PACKET_TO_NOBODY. */
#define PACKET_TO_FORGED -1
#define PACKET_TO_NOBODY -2
int packet_goes_to(const uint8_t *bytes, size_t len);

#endif /* SIM_PACKET_H */
