/* SPDX-License-Identifier: BSD-3-Clause */
/** @file What a router says of a packet that is too big for its link. */
#include "icmp.h"

#include <string.h>

#include "packet.h"

#define UNREACHABLE 3u
#define FRAGMENTATION_NEEDED 4u
#define TOO_BIG 2u
#define DONT_FRAGMENT 0x4000u
#define V4_MAX 576u               /* RFC 1812 4.3.2.3 */
#define V6_MAX ICMP_ERROR_MAX     /* RFC 4443 2.4 (c) */

/* No error about an error (RFC 1812 4.3.2.7, RFC 4443 2.4 (e)), nor about a
 * packet of IPv4 that a router may fragment. */
static int
may_answer(const struct packet *packet, const uint8_t *bytes)
{
  if (packet->version == 4) {
    return packet->protocol != PACKET_ICMP && (get16(bytes + 6) & DONT_FRAGMENT) != 0;
  }
  return packet->version == 6 && packet->protocol != PACKET_ICMP6;
}

size_t
icmp_too_big(uint8_t to[ICMP_ERROR_MAX], unsigned router, uint32_t mtu,
             const uint8_t *bytes, size_t len)
{
  struct packet packet;
  size_t header;
  size_t most;
  uint8_t *icmp;

  packet_parse(&packet, bytes, len);
  if (!may_answer(&packet, bytes)) {
    return 0;
  }
  header = packet_begin(to, packet.version, packet.version == 4 ? PACKET_ICMP : PACKET_ICMP6);
  packet_node_address(packet_source(to), packet.version, router);
  memcpy(packet_destination(to), packet.src, packet.address_len);
  icmp = to + header;
  memset(icmp, 0, 8);
  icmp[0] = packet.version == 4 ? UNREACHABLE : TOO_BIG;
  icmp[1] = packet.version == 4 ? FRAGMENTATION_NEEDED : 0;
  put32(icmp + 4, mtu); /* IPv4: the upper half is unused, and 0 */
  most = (packet.version == 4 ? V4_MAX : V6_MAX) - header - 8;
  len = len < most ? len : most;
  memcpy(icmp + 8, bytes, len);
  packet_finish(to, header + 8 + len);
  return header + 8 + len;
}
