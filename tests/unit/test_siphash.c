/* SPDX-License-Identifier: BSD-3-Clause */
/* SipHash-2-4 against the published vectors: key 00 01 .. 0f, message 00 01 .. of n bytes. */
#include "unit.h"

#include "lwip/priv/tcp_alt_siphash.h"

/* The first four bytes of each tag, as a little-endian number, for n = 0, 4, 8, .. 60. */
static const u32_t vectors[] = {
  0xdd0e0e31, 0x277187b7, 0x9a932462, 0x860ee5fb, 0x57c29bdb, 0x1aa2ee98, 0xf649af94, 0xa71dc9a5,
  0x72f27cce, 0x0815a3b4, 0x5304a7d0, 0xe4f21df2, 0x9ecba951, 0x8ecb74b2, 0x3a8d83bd, 0x5c5f91e1
};

static const u32_t key[4] = { 0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c };

static void
published_vectors(void **state)
{
  u32_t words[COUNT_OF(vectors)];
  u8_t n;

  (void)state;
  for (n = 0; n < COUNT_OF(vectors); n++) {
    assert_int_equal(tcp_alt_siphash(key, words, n), vectors[n]);
    words[n] = 0x03020100u + 0x04040404u * n;
  }
}

/* Every key and message bit counts: about half of the output bits change, never few. */
static void
every_bit_counts(void **state)
{
  u32_t words[5] = { 1, 2, 3, 4, 5 };
  u32_t k[4] = { 6, 7, 8, 9 };
  const u32_t before = tcp_alt_siphash(k, words, 5);
  unsigned bit;
  unsigned changed = 0;

  (void)state;
  for (bit = 0; bit < 9 * 32; bit++) {
    u32_t *word = (bit < 5 * 32) ? &words[bit / 32] : &k[bit / 32 - 5];
    u32_t difference;
    unsigned n = 0;

    *word ^= (u32_t)1 << (bit % 32);
    for (difference = before ^ tcp_alt_siphash(k, words, 5); difference != 0;
         difference &= difference - 1) {
      n++;
    }
    *word ^= (u32_t)1 << (bit % 32);
    assert_in_range(n, 3, 29);
    changed += n;
  }
  assert_in_range(changed, 9 * 32 * 15, 9 * 32 * 17);
}

/* The length is part of the message, and nothing past it is read (the sanitizer watches). */
static void
length_counts(void **state)
{
  const u32_t zero[3] = { 0, 0, 0 };
  u32_t *const exact = malloc(sizeof(u32_t));

  (void)state;
  assert_int_not_equal(tcp_alt_siphash(key, zero, 1), tcp_alt_siphash(key, zero, 2));
  assert_int_not_equal(tcp_alt_siphash(key, zero, 2), tcp_alt_siphash(key, zero, 3));
  assert_non_null(exact);
  *exact = 0x03020100u;
  assert_int_equal(tcp_alt_siphash(key, exact, 1), vectors[1]);
  free(exact);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(published_vectors),
    cmocka_unit_test(every_bit_counts),
    cmocka_unit_test(length_counts),
  };

  return cmocka_run_group_tests_name("siphash", tests, NULL, NULL);
}
