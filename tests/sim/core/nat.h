/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * A NAT that forgets. In RFC 4787's terms: address and port translation for
 * TCP over IPv4, endpoint-independent mapping and filtering, mappings that
 * packets in both directions refresh, no hairpinning. A port is preserved the
 * first time; a mapping that has been forgotten comes back with another one.
 */
#ifndef SIM_NAT_H
#define SIM_NAT_H

#include <stddef.h>
#include <stdint.h>

struct nat_mapping {
  uint32_t address;         /* of the host inside */
  unsigned port;            /* its own ... */
  unsigned outside_port;    /* ... and the one the world sees; 0: forgotten */
  uint64_t used_ns;         /* when a packet last went through */
};

struct nat {
  uint32_t address;         /* the one the world sees */
  uint64_t forget_ns;       /* a mapping idle longer is gone */
  int inside_link;          /* number of the link that leads inside; -1: none yet */
  struct nat_mapping *mappings;
  unsigned count, room;
  unsigned next_port;
  uint8_t used_ports[65536 / 8];  /* a bit for each that ever was one of ours */
  struct {
    uint64_t mapped, forgotten, inbound_dropped;
  } stats;
};

struct nat *nat_new(unsigned node, uint64_t forget_ns);

/** Translates a packet in place. 1: it goes on to its destination, 0: it is dropped. */
int nat_outbound(struct nat *nat, uint8_t *bytes, size_t len, uint64_t now_ns);
int nat_inbound(struct nat *nat, uint8_t *bytes, size_t len, uint64_t now_ns);

void nat_free(struct nat *nat);

#endif /* SIM_NAT_H */
