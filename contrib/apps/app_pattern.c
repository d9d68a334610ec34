/* SPDX-License-Identifier: BSD-3-Clause */
/** @file Bytes that say where they belong. */
#include "app_pattern.h"

/* One 32-bit word of the stream: a multiply and two shifts mix the word's
 * index with the key well enough that neighbouring words share no pattern. */
static u32_t
pattern_word(u32_t key, u32_t index)
{
  u32_t x = key + index * 0x9e3779b9u;
  x ^= x >> 16;
  x *= 0x85ebca6bu;
  x ^= x >> 13;
  return x;
}

static u8_t
pattern_byte(u32_t key, u32_t position)
{
  return (u8_t)(pattern_word(key, position / 4) >> (8 * (position % 4)));
}

u32_t
app_pattern_key(u16_t client_port, enum app_direction direction)
{
  return pattern_word((u32_t)direction, client_port);
}

void
app_pattern_fill(u32_t key, u32_t position, void *out, u32_t len)
{
  u8_t *to = (u8_t *)out;

  for (; len != 0 && position % 4 != 0; len--) {
    *to++ = pattern_byte(key, position++);
  }
  for (; len >= 4; len -= 4, position += 4) {
    u32_t word = pattern_word(key, position / 4);
    *to++ = (u8_t)word;
    *to++ = (u8_t)(word >> 8);
    *to++ = (u8_t)(word >> 16);
    *to++ = (u8_t)(word >> 24);
  }
  for (; len != 0; len--) {
    *to++ = pattern_byte(key, position++);
  }
}

u32_t
app_pattern_match(u32_t key, u32_t position, const void *data, u32_t len)
{
  const u8_t *from = (const u8_t *)data;
  u32_t done = 0;

  while (done < len) {
    u32_t word = pattern_word(key, position / 4) >> (8 * (position % 4));
    do {
      if (from[done] != (u8_t)word) {
        return done;
      }
      word >>= 8;
      done++;
      position++;
    } while (done < len && position % 4 != 0);
  }
  return len;
}
