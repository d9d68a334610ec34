/* SPDX-License-Identifier: BSD-3-Clause */
/** @file What a router says of a packet that is too big for its link. */
#ifndef SIM_ICMP_H
#define SIM_ICMP_H

#include <stddef.h>
#include <stdint.h>

#define ICMP_ERROR_MAX 1280u

/** Writes the error to send to the source of a packet, from node `router`:
 * Fragmentation Needed (RFC 1191 4; only for a packet with DF) or Packet Too
 * Big (RFC 4443 3.2). Returns its length, 0: nothing is to be said. */
size_t icmp_too_big(uint8_t to[ICMP_ERROR_MAX], unsigned router, uint32_t mtu,
                    const uint8_t *bytes, size_t len);

#endif /* SIM_ICMP_H */
