/* SPDX-License-Identifier: BSD-3-Clause */
/** @file What a bad line does to the bytes of an IP packet. */
#include "damage.h"

#include "packet.h"

/* Where the TCP header begins, or 0 if there is none. */
static size_t
tcp_offset(const struct frame *frame)
{
  const uint8_t *b = frame->bytes;

  if (frame->len >= 20 && (b[0] >> 4) == 4 && b[9] == PACKET_TCP) {
    size_t ihl = (size_t)(b[0] & 15) * 4;
    return ihl >= 20 && frame->len >= ihl + 20 ? ihl : 0;
  }
  if (frame->len >= 60 && (b[0] >> 4) == 6 && b[6] == PACKET_TCP) {
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

static void
repair_checksums(struct frame *frame)
{
  if (tcp_offset(frame) != 0) {
    packet_finish(frame->bytes, frame->len);
  }
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
