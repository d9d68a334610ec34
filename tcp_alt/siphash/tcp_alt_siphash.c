/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Ground: SipHash-2-4, after Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012).
 *
 * On Cortex-M3 -Os, 64-bit arithmetic is smaller than pairs of 32-bit words, and needs half the stack.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT /* compiles to nothing unless this backend is selected */

#include "lwip/priv/tcp_alt_siphash.h"

/* 64 bits, also where the port gives lwIP no u64_t. */
typedef unsigned long long lane_t;

#define PAIR(lo, hi)    ((lane_t)(lo) | ((lane_t)(hi) << 32))
#define ROTL(x, n)      (((x) << (n)) | ((x) >> (64 - (n))))

u32_t
tcp_alt_siphash(const u32_t key[4], const u32_t *words, u8_t nwords)
{
  const lane_t k0 = PAIR(key[0], key[1]);
  const lane_t k1 = PAIR(key[2], key[3]);
  /* "somepseudorandomlygeneratedbytes" */
  lane_t v0 = k0 ^ 0x736f6d6570736575ULL;
  lane_t v1 = k1 ^ 0x646f72616e646f6dULL;
  lane_t v2 = k0 ^ 0x6c7967656e657261ULL;
  lane_t v3 = k1 ^ 0x7465646279746573ULL;
  int left = nwords; /* 2 and more: a full block; 0 and 1: the last one; below: the finalization */

  do {
    lane_t m = 0;
    u8_t rounds = 2;

    if (left >= 2) {
      m = PAIR(words[0], words[1]);
      words += 2;
    } else if (left >= 0) {
      m = (lane_t)nwords << 58; /* the length in bytes, modulo 256, as the top byte */
      if (left != 0) {
        m |= words[0];
      }
    } else {
      v2 ^= 0xff;
      rounds = 4;
    }
    v3 ^= m;
    do {
      v0 += v1; v1 = ROTL(v1, 13); v1 ^= v0; v0 = ROTL(v0, 32);
      v2 += v3; v3 = ROTL(v3, 16); v3 ^= v2;
      v0 += v3; v3 = ROTL(v3, 21); v3 ^= v0;
      v2 += v1; v1 = ROTL(v1, 17); v1 ^= v2; v2 = ROTL(v2, 32);
    } while (--rounds != 0);
    v0 ^= m;
    left -= 2;
  } while (left > -3);

  return (u32_t)(v0 ^ v1 ^ v2 ^ v3);
}

#endif /* LWIP_TCP && LWIP_TCP_ALT */
