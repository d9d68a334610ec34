/* SPDX-License-Identifier: BSD-3-Clause */
/** @file A NAT that forgets. */
#include "nat.h"

#include <stdlib.h>

#include "fatal.h"
#include "packet.h"

#define FIRST_PORT 20000u
#define LAST_PORT 65535u
#define ICMP_ERROR_HEADER 8u

/* Where the fields are that a translation changes. */
struct fields {
  uint8_t *address, *address_sum;
  uint8_t *port;
  uint8_t *upper_sum;       /* covers both; NULL: not there (a quote cut short) */
};

struct nat *
nat_new(unsigned node, uint64_t forget_ns)
{
  struct nat *nat = must_calloc(1, sizeof(*nat));
  uint8_t address[4];

  packet_node_address(address, 4, node);
  nat->address = get32(address);
  nat->forget_ns = forget_ns;
  nat->inside_link = -1;
  nat->next_port = FIRST_PORT;
  return nat;
}

void
nat_free(struct nat *nat)
{
  if (nat != NULL) {
    free(nat->mappings);
    free(nat);
  }
}

/* ---- mappings ---------------------------------------------------------- */

static void
forget_idle(struct nat *nat, uint64_t now_ns)
{
  unsigned i;

  for (i = 0; i < nat->count;) {
    if (now_ns - nat->mappings[i].used_ns > nat->forget_ns) {
      nat->mappings[i] = nat->mappings[--nat->count];
      nat->stats.forgotten++;
    } else {
      i++;
    }
  }
}

static struct nat_mapping *
by_outside_port(struct nat *nat, unsigned port)
{
  unsigned i;

  for (i = 0; i < nat->count; i++) {
    if (nat->mappings[i].outside_port == port) {
      return &nat->mappings[i];
    }
  }
  return NULL;
}

static struct nat_mapping *
by_inside(struct nat *nat, uint32_t address, unsigned port)
{
  unsigned i;

  for (i = 0; i < nat->count; i++) {
    if (nat->mappings[i].address == address && nat->mappings[i].port == port) {
      return &nat->mappings[i];
    }
  }
  return NULL;
}

static int
was_used(const struct nat *nat, unsigned port)
{
  return nat->used_ports[port / 8] >> (port % 8) & 1;
}

/* The wanted one, if it is new to us; else ports are used in turn, so that a
 * mapping that comes back never gets its old one. */
static unsigned
free_port(struct nat *nat, unsigned wanted)
{
  unsigned tries;

  if (!was_used(nat, wanted)) {
    return wanted;
  }
  for (tries = FIRST_PORT; tries <= LAST_PORT; tries++) {
    unsigned port = nat->next_port;
    nat->next_port = port == LAST_PORT ? FIRST_PORT : port + 1;
    if (by_outside_port(nat, port) == NULL) {
      return port;
    }
  }
  return 0;
}

static struct nat_mapping *
new_mapping(struct nat *nat, uint32_t address, unsigned port)
{
  unsigned outside_port = free_port(nat, port);
  struct nat_mapping *mapping;

  if (outside_port == 0) {
    return NULL;
  }
  if (nat->count == nat->room) {
    nat->room = nat->room == 0 ? 64 : 2 * nat->room;
    nat->mappings = must_realloc(nat->mappings, nat->room * sizeof(*nat->mappings));
  }
  mapping = &nat->mappings[nat->count++];
  mapping->address = address;
  mapping->port = port;
  mapping->outside_port = outside_port;
  nat->used_ports[outside_port / 8] |= (uint8_t)(1u << (outside_port % 8));
  nat->stats.mapped++;
  return mapping;
}

/* ---- packets ----------------------------------------------------------- */

static void
rewrite32(uint8_t *at, uint32_t value, uint8_t *checksum)
{
  packet_replace16(at, value >> 16, checksum);
  packet_replace16(at + 2, value, checksum);
}

/* Two checksums cover an address: IP's and, as its pseudo header, TCP's. */
static void
rewrite(const struct fields *fields, uint32_t address, unsigned port)
{
  uint8_t before[4];

  put32(before, get32(fields->address));
  rewrite32(fields->address, address, fields->address_sum);
  if (fields->upper_sum != NULL) {
    rewrite32(before, address, fields->upper_sum);
    packet_replace16(fields->port, port, fields->upper_sum);
  } else {
    put16(fields->port, port);
  }
}

/* The source of a TCP packet, or its destination. */
static void
find_fields(struct fields *fields, uint8_t *bytes, const struct packet *packet, int source)
{
  fields->address = bytes + (source ? 12 : 16);
  fields->address_sum = bytes + 10;
  fields->port = bytes + packet->tcp + (source ? 0 : 2);
  fields->upper_sum = bytes + packet->tcp + 16;
}

int
nat_outbound(struct nat *nat, uint8_t *bytes, size_t len, uint64_t now_ns)
{
  struct packet packet;
  struct nat_mapping *mapping;
  struct fields fields;

  packet_parse(&packet, bytes, len);
  if (packet.version != 4 || packet.tcp == 0) {
    return packet.version == 6; /* IPv6 needs none */
  }
  forget_idle(nat, now_ns);
  mapping = by_inside(nat, get32(packet.src), packet.src_port);
  if (mapping == NULL) {
    mapping = new_mapping(nat, get32(packet.src), packet.src_port);
  }
  if (mapping == NULL) {
    return 0;
  }
  mapping->used_ns = now_ns;
  find_fields(&fields, bytes, &packet, 1);
  rewrite(&fields, nat->address, mapping->outside_port);
  return 1;
}

/* An ICMP error quotes what we sent: quote and destination are translated back (RFC 5508 4.2). */
static int
inbound_error(struct nat *nat, uint8_t *bytes, size_t len)
{
  size_t header = (size_t)(bytes[0] & 15u) * 4;
  uint8_t *quote = bytes + header + ICMP_ERROR_HEADER;
  size_t quoted;
  size_t inner;
  struct nat_mapping *mapping;
  struct fields fields;

  if (len < header + ICMP_ERROR_HEADER + 28 || bytes[header] != 3) {
    return 0;
  }
  quoted = len - header - ICMP_ERROR_HEADER;
  inner = (size_t)(quote[0] & 15u) * 4;
  if (quote[0] >> 4 != 4 || quote[9] != PACKET_TCP || quoted < inner + 8 ||
      get32(quote + 12) != nat->address) {
    return 0;
  }
  mapping = by_outside_port(nat, get16(quote + inner));
  if (mapping == NULL) {
    return 0;
  }
  fields.address = quote + 12;
  fields.address_sum = quote + 10;
  fields.port = quote + inner;
  fields.upper_sum = quoted >= inner + 18 ? quote + inner + 16 : NULL;
  rewrite(&fields, mapping->address, mapping->port);
  put32(bytes + 16, mapping->address);
  packet_finish(bytes, len);
  return 1;
}

int
nat_inbound(struct nat *nat, uint8_t *bytes, size_t len, uint64_t now_ns)
{
  struct nat_mapping *mapping = NULL;
  struct packet packet;
  struct fields fields;
  int through = 0;

  packet_parse(&packet, bytes, len);
  if (packet.version == 6) {
    return 1;
  }
  forget_idle(nat, now_ns);
  if (packet.version == 4 && packet.protocol == PACKET_ICMP && get32(packet.dst) == nat->address) {
    through = inbound_error(nat, bytes, len);
  } else if (packet.tcp != 0 && get32(packet.dst) == nat->address) {
    mapping = by_outside_port(nat, packet.dst_port);
  }
  if (mapping != NULL) {
    mapping->used_ns = now_ns;
    find_fields(&fields, bytes, &packet, 0);
    rewrite(&fields, mapping->address, mapping->port);
    through = 1;
  }
  nat->stats.inbound_dropped += (uint64_t)!through;
  return through;
}
