/* SPDX-License-Identifier: BSD-3-Clause */
/** @file IP packets as the network reads, makes and changes them. */
#include "packet.h"

#include <string.h>

#define HOP_LIMIT 64u

#define NODES_V4 0x0a000000u        /* 10.0.0.0/16 */
#define NODES_V6 0xfd000000u
#define FORGED_V4 0xc6120000u       /* 198.18.0.0/15 */
#define FORGED_V4_MASK 0xfffe0000u
#define FORGED_V6 0x20010002u       /* 2001:2::/48 */

/* The IP layer. Returns 0 if there is none. */
static int
parse_ip(struct packet *packet, const uint8_t *bytes, size_t len)
{
  if (len >= 20 && bytes[0] >> 4 == 4 && (bytes[0] & 15u) >= 5 &&
      (size_t)(bytes[0] & 15u) * 4 <= len) {
    packet->version = 4;
    packet->header = (size_t)(bytes[0] & 15u) * 4;
    packet->protocol = bytes[9];
    packet->src = bytes + 12;
    packet->dst = bytes + 16;
    packet->address_len = 4;
  } else if (len >= 40 && bytes[0] >> 4 == 6) {
    packet->version = 6;
    packet->header = 40;
    packet->protocol = bytes[6];
    packet->src = bytes + 8;
    packet->dst = bytes + 24;
    packet->address_len = 16;
  }
  return packet->version != 0;
}

static int
is_later_fragment(const struct packet *packet, const uint8_t *bytes)
{
  return packet->version == 4 && (get16(bytes + 6) & 0x1fffu) != 0;
}

void
packet_parse(struct packet *packet, const uint8_t *bytes, size_t len)
{
  const uint8_t *tcp;
  size_t offset;

  memset(packet, 0, sizeof(*packet));
  if (!parse_ip(packet, bytes, len) || packet->protocol != PACKET_TCP ||
      is_later_fragment(packet, bytes) || len < packet->header + 20) {
    return;
  }
  tcp = bytes + packet->header;
  offset = (size_t)(tcp[12] >> 4) * 4;
  packet->tcp = packet->header;
  packet->src_port = get16(tcp);
  packet->dst_port = get16(tcp + 2);
  packet->seq = get32(tcp + 4);
  packet->ack = get32(tcp + 8);
  packet->flags = tcp[13];
  packet->window = get16(tcp + 14);
  packet->payload = len > packet->header + offset ? len - packet->header - offset : 0;
}

uint32_t
packet_sum(const uint8_t *bytes, size_t len, uint32_t sum)
{
  size_t i;

  for (i = 0; i + 1 < len; i += 2) {
    sum += get16(bytes + i);
  }
  if (len % 2 != 0) {
    sum += (uint32_t)bytes[len - 1] << 8;
  }
  while (sum >> 16 != 0) {
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return sum;
}

static void
finish_upper(uint8_t *upper, size_t len, unsigned protocol, const uint8_t *addresses,
             size_t addresses_len)
{
  uint8_t *field = upper + (protocol == PACKET_TCP ? 16 : 2);
  uint32_t sum = 0;

  if (protocol != PACKET_ICMP) { /* with the pseudo header */
    sum = packet_sum(addresses, addresses_len, protocol + (uint32_t)len);
  }
  put16(field, 0);
  put16(field, ~packet_sum(upper, len, sum) & 0xffff);
}

void
packet_finish(uint8_t *bytes, size_t len)
{
  if (bytes[0] >> 4 == 4) {
    size_t header = (size_t)(bytes[0] & 15u) * 4;
    put16(bytes + 2, (uint32_t)len);
    put16(bytes + 10, 0);
    put16(bytes + 10, ~packet_sum(bytes, header, 0) & 0xffff);
    finish_upper(bytes + header, len - header, bytes[9], bytes + 12, 8);
  } else {
    put16(bytes + 4, (uint32_t)(len - 40));
    finish_upper(bytes + 40, len - 40, bytes[6], bytes + 8, 32);
  }
}

void
packet_replace16(uint8_t *at, uint32_t value, uint8_t *checksum)
{
  uint32_t sum = (~get16(checksum) & 0xffffu) + (~get16(at) & 0xffffu) + (value & 0xffffu);

  put16(at, value);
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  put16(checksum, ~sum & 0xffff);
}

unsigned
packet_ecn(const uint8_t *bytes, size_t len)
{
  if (len >= 20 && bytes[0] >> 4 == 4) {
    return bytes[1] & 3u;
  }
  return len >= 40 && bytes[0] >> 4 == 6 ? (unsigned)bytes[1] >> 4 & 3u : ECN_NOT_ECT;
}

void
packet_mark_ce(uint8_t *bytes)
{
  if (bytes[0] >> 4 == 4) {
    packet_replace16(bytes, get16(bytes) | ECN_CE, bytes + 10);
  } else {
    bytes[1] |= (uint8_t)(ECN_CE << 4);
  }
}

size_t
packet_begin(uint8_t *bytes, unsigned version, unsigned protocol)
{
  if (version == 4) {
    memset(bytes, 0, 20);
    bytes[0] = 0x45;
    bytes[8] = HOP_LIMIT;
    bytes[9] = (uint8_t)protocol;
    return 20;
  }
  memset(bytes, 0, 40);
  bytes[0] = 0x60;
  bytes[6] = (uint8_t)protocol;
  bytes[7] = HOP_LIMIT;
  return 40;
}

uint8_t *
packet_source(uint8_t *bytes)
{
  return bytes + (bytes[0] >> 4 == 4 ? 12 : 8);
}

uint8_t *
packet_destination(uint8_t *bytes)
{
  return bytes + (bytes[0] >> 4 == 4 ? 16 : 24);
}

/* ---- addresses --------------------------------------------------------- */

void
packet_node_address(uint8_t *at, unsigned version, unsigned index)
{
  if (version == 4) {
    put32(at, NODES_V4 + index + 1);
  } else {
    memset(at, 0, 16);
    put32(at, NODES_V6);
    put32(at + 12, index + 1);
  }
}

void
packet_forged_address(uint8_t *at, unsigned version, struct rng *rng)
{
  uint32_t some = (uint32_t)(rng_next(rng) >> 32);

  if (version == 4) {
    put32(at, FORGED_V4 | (some & ~FORGED_V4_MASK));
  } else {
    memset(at, 0, 16);
    put32(at, FORGED_V6);
    put32(at + 12, some);
  }
}

int
packet_goes_to(const uint8_t *bytes, size_t len)
{
  struct packet packet;
  uint32_t low;

  packet_parse(&packet, bytes, len);
  if (packet.version == 0) {
    return PACKET_TO_NOBODY;
  }
  if (packet.version == 4 ? (get32(packet.dst) & FORGED_V4_MASK) == FORGED_V4
                          : get32(packet.dst) == FORGED_V6) {
    return PACKET_TO_FORGED;
  }
  low = get32(packet.dst + packet.address_len - 4);
  if (get32(packet.dst) != (packet.version == 4 ? low : NODES_V6)) {
    return PACKET_TO_NOBODY;
  }
  low -= packet.version == 4 ? NODES_V4 : 0;
  return low == 0 || low > 0xffff ? PACKET_TO_NOBODY : (int)low - 1;
}
