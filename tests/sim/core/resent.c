/* SPDX-License-Identifier: BSD-3-Clause */
/** @file What a host sends again: a hash table from connection to highest sequence number sent. */
#include "resent.h"

#include <stdlib.h>
#include <string.h>

#include "fatal.h"
#include "rng.h"

#define FLAG_FIN 0x01u
#define FLAG_SYN 0x02u
#define FLAG_RST 0x04u

struct flow {
  struct flow_key key;
  int used;
  uint32_t first, end;      /* initial sequence number; behind the last one sent */
  uint64_t resent;
};

struct resent {
  struct flow *flows;
  size_t room, count;       /* room is a power of two */
  uint64_t total;
};

struct segment {
  struct flow_key key;
  uint32_t seq, len;        /* len: sequence space */
  unsigned flags;
};

struct resent *
resent_new(void)
{
  struct resent *resent = must_calloc(1, sizeof(*resent));

  resent->room = 16;
  resent->flows = must_calloc(resent->room, sizeof(*resent->flows));
  return resent;
}

void
resent_free(struct resent *resent)
{
  if (resent != NULL) {
    free(resent->flows);
    free(resent);
  }
}

/* The flow's place, or the free one where it would be. */
static struct flow *
place(const struct resent *resent, const struct flow_key *key)
{
  uint64_t words[2];
  size_t at;

  memcpy(words, key->remote, sizeof(words));
  at = (size_t)rng_mix(words[0] ^ rng_mix(words[1]) ^ ((uint64_t)key->local_port << 16 | key->remote_port));
  for (;; at++) {
    struct flow *flow = &resent->flows[at & (resent->room - 1)];
    if (!flow->used || memcmp(&flow->key, key, sizeof(*key)) == 0) {
      return flow;
    }
  }
}

static void
grow(struct resent *resent)
{
  struct flow *old = resent->flows;
  size_t count = resent->room;
  size_t i;

  resent->room *= 2;
  resent->flows = must_calloc(resent->room, sizeof(*resent->flows));
  for (i = 0; i < count; i++) {
    if (old[i].used) {
      *place(resent, &old[i].key) = old[i];
    }
  }
  free(old);
}

static uint32_t
be32(const uint8_t *at)
{
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* 0 if the frame is not a whole TCP segment (hosts send no fragments and no extension headers). */
static int
read_segment(const uint8_t *bytes, size_t len, struct segment *out)
{
  size_t address_len = bytes[0] >> 4 == 4 ? 4 : 16;
  size_t header = address_len == 4 ? (size_t)(bytes[0] & 15) * 4 : 40;
  const uint8_t *tcp = bytes + header;
  size_t offset;

  if (len < header + 20 || bytes[address_len == 4 ? 9 : 6] != 6) {
    return 0;
  }
  offset = (size_t)(tcp[12] >> 4) * 4;
  if (len < header + offset) {
    return 0;
  }
  memset(out, 0, sizeof(*out));
  memcpy(out->key.remote, bytes + (address_len == 4 ? 16 : 24), address_len);
  out->key.local_port = (uint16_t)(tcp[0] << 8 | tcp[1]);
  out->key.remote_port = (uint16_t)(tcp[2] << 8 | tcp[3]);
  out->seq = be32(tcp + 4);
  out->flags = tcp[13];
  out->len = (uint32_t)(len - header - offset) + ((out->flags & FLAG_SYN) != 0) + ((out->flags & FLAG_FIN) != 0);
  return 1;
}

static void
begin(struct flow *flow, const struct segment *segment)
{
  memset(flow, 0, sizeof(*flow));
  flow->used = 1;
  flow->key = segment->key;
  flow->first = segment->seq;
  flow->end = segment->seq + segment->len;
}

void
resent_frame(struct resent *resent, const uint8_t *bytes, size_t len)
{
  struct segment segment;
  struct flow *flow;

  if (!read_segment(bytes, len, &segment) || segment.len == 0 || (segment.flags & FLAG_RST) != 0) {
    return;
  }
  flow = place(resent, &segment.key);
  if (!flow->used) {
    begin(flow, &segment);
    if (++resent->count * 2 > resent->room) {
      grow(resent);
    }
    return;
  }
  if ((segment.flags & FLAG_SYN) != 0 && segment.seq != flow->first) {
    begin(flow, &segment); /* the ports are used again */
    return;
  }
  if ((int32_t)(segment.seq - flow->end) < 0) {
    int keepalive = segment.len == 1 && segment.seq + 1 == flow->end && (segment.flags & (FLAG_SYN | FLAG_FIN)) == 0;
    resent->total += !keepalive;
    flow->resent += !keepalive;
  }
  if ((int32_t)(segment.seq + segment.len - flow->end) > 0) {
    flow->end = segment.seq + segment.len;
  }
}

uint64_t
resent_total(const struct resent *resent)
{
  return resent->total;
}

uint64_t
resent_of(const struct resent *resent, const struct flow_key *key)
{
  const struct flow *flow = place(resent, key);

  return flow->used ? flow->resent : 0;
}
