/* SPDX-License-Identifier: BSD-3-Clause */
/** @file SYNs from addresses that nobody has. */
#include "flood.h"

#include <stdio.h>
#include <string.h>

#include "packet.h"

#define FLOOD_STREAM 230000u /* of random numbers */
#define PORT_DEFAULT 5001u
#define PORT_LOWEST 1024u
#define WINDOW 8192u

void
flood_configure(struct flood *flood, struct params *params, uint64_t seed, unsigned number)
{
  uint64_t rate = params_count(params, "rate", 100);
  size_t smallest;

  flood->begin_ns = params_time(params, "at", 0);
  flood->count = params_count(params, "count", 0);
  flood->port = (unsigned)params_count(params, "port", PORT_DEFAULT) & 0xffffu;
  flood->version = params_count(params, "v6", 0) != 0 ? 6 : 4;
  flood->ecn = params_count(params, "ect", 0) != 0 ? ECN_ECT0 : ECN_NOT_ECT;
  smallest = flood->version == 4 ? 40 : 60;
  flood->size = (size_t)params_count(params, "size", smallest);
  flood->interval_ns = rate == 0 ? 0 : 1e9 / (double)rate;
  if (params->error[0] == '\0' && rate == 0) {
    snprintf(params->error, sizeof(params->error), "rate: packets per second, not 0");
  }
  if (params->error[0] == '\0' && (flood->size < smallest || flood->size > PACKET_MAX)) {
    snprintf(params->error, sizeof(params->error), "size: not within %u..%u", (unsigned)smallest,
             PACKET_MAX);
  }
  rng_seed(&flood->rng, seed, FLOOD_STREAM + number);
}

uint64_t
flood_due(const struct flood *flood)
{
  if (flood->count != 0 && flood->sent >= flood->count) {
    return UINT64_MAX;
  }
  return flood->begin_ns + (uint64_t)((double)flood->sent * flood->interval_ns);
}

size_t
flood_packet(struct flood *flood, uint8_t *to)
{
  size_t header = packet_begin(to, flood->version, PACKET_TCP);
  uint8_t *tcp = to + header;

  to[1] |= (uint8_t)(flood->version == 4 ? flood->ecn : flood->ecn << 4);
  memset(tcp, 0, flood->size - header);
  packet_forged_address(packet_source(to), flood->version, &flood->rng);
  packet_node_address(packet_destination(to), flood->version, flood->to);
  put16(tcp, PORT_LOWEST + (uint32_t)rng_below(&flood->rng, 65536 - PORT_LOWEST));
  put16(tcp + 2, flood->port);
  put32(tcp + 4, (uint32_t)++flood->sent);
  tcp[12] = 0x50;
  tcp[13] = TCP_SYN;
  put16(tcp + 14, WINDOW);
  packet_finish(to, flood->size);
  return flood->size;
}
