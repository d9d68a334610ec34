/* SPDX-License-Identifier: BSD-3-Clause */
/** @file What a bad line does to the bytes of an IP packet. */
#include "damage.h"

#define PROTO_TCP 6

/* Where the TCP header begins, or 0 if there is none. */
static size_t
tcp_offset(const struct frame *frame)
{
  const uint8_t *b = frame->bytes;

  if (frame->len >= 20 && (b[0] >> 4) == 4 && b[9] == PROTO_TCP) {
    size_t ihl = (size_t)(b[0] & 15) * 4;
    return ihl >= 20 && frame->len >= ihl + 20 ? ihl : 0;
  }
  if (frame->len >= 60 && (b[0] >> 4) == 6 && b[6] == PROTO_TCP) {
    return 40;
  }
  return 0;
}

static void
flip(struct frame *frame, size_t bit)
{
  frame->bytes[bit / 8] ^= (uint8_t)(0x80u >> (bit % 8));
}

int
damage_tcp_bits(struct frame *frame, struct rng *rng)
{
  size_t from = tcp_offset(frame) * 8;
  size_t width = 1 + (size_t)rng_below(rng, 15);
  uint64_t inner = rng_next(rng);
  size_t first;
  size_t i;

  if (from == 0) {
    return 0;
  }
  first = from + (size_t)rng_below(rng, frame->len * 8 - from - width + 1);
  flip(frame, first);
  for (i = 1; i < width; i++) {
    if (i + 1 == width || (inner >> i & 1) != 0) {
      flip(frame, first + i);
    }
  }
  return 1;
}

static uint32_t
sum16(const uint8_t *bytes, size_t len, uint32_t sum)
{
  size_t i;

  for (i = 0; i + 1 < len; i += 2) {
    sum += (uint32_t)(bytes[i] << 8 | bytes[i + 1]);
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
put16(uint8_t *at, uint32_t value)
{
  at[0] = (uint8_t)(value >> 8);
  at[1] = (uint8_t)value;
}

static void
repair_checksums(struct frame *frame)
{
  uint8_t *b = frame->bytes;
  size_t tcp = tcp_offset(frame);
  uint32_t sum;

  if (tcp == 0) {
    return;
  }
  if (tcp != 40 || b[0] >> 4 == 4) {
    put16(b + 2, (uint32_t)frame->len);
    put16(b + 10, 0);
    put16(b + 10, ~sum16(b, tcp, 0) & 0xffff);
    sum = sum16(b + 12, 8, 0);
  } else {
    put16(b + 4, (uint32_t)(frame->len - 40));
    sum = sum16(b + 8, 32, 0);
  }
  sum += PROTO_TCP + (uint32_t)(frame->len - tcp);
  put16(b + tcp + 16, 0);
  put16(b + tcp + 16, ~sum16(b + tcp, frame->len - tcp, sum) & 0xffff);
}

void
damage_anything(struct frame *frame, size_t room, struct rng *rng)
{
  unsigned bytes = 1 + (unsigned)rng_below(rng, 8);
  uint64_t choice = rng_below(rng, 16);
  size_t head = frame->len < 80 ? frame->len : 80;

  if (choice == 0) {
    frame->len = 1 + (size_t)rng_below(rng, frame->len);
    head = frame->len < head ? frame->len : head;
  } else if (choice == 1) {
    size_t more = (size_t)rng_below(rng, 64);
    for (; more != 0 && frame->len < room; more--) {
      frame->bytes[frame->len++] = (uint8_t)rng_next(rng);
    }
  }
  /* Headers are where it hurts: three of four bytes hit go there. */
  for (; bytes != 0; bytes--) {
    size_t span = rng_below(rng, 4) != 0 ? head : frame->len;
    frame->bytes[rng_below(rng, span)] = (uint8_t)rng_next(rng);
  }
  if (rng_below(rng, 2) == 0) {
    repair_checksums(frame);
  }
}
