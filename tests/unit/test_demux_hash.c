/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The hash of component demux from within: buckets of even length for the tuples networks have, and
 * no set of tuples that is bad without knowing the seed.
 */
#include "unit.h"

#include "../../tcp_alt/demux/tcp_alt_demux_hash.c"

#define NUM_TUPLES 4096
#define NUM_SEEDS  50
#define MEAN       (NUM_TUPLES / TCP_ALT_HASH)

static unsigned length[TCP_ALT_HASH];

static ip_addr_t
remote_host(u32_t n)
{
  ip_addr_t ip;

#if LWIP_IPV6
  IP_ADDR6(&ip, PP_HTONL(0x20010db8UL), 0, 0, n);
#else
  IP_ADDR4(&ip, 10, (u8_t)(n >> 16), (u8_t)(n >> 8), (u8_t)n);
#endif
  return ip;
}

static unsigned
bucket_number(const ip_addr_t *remote_ip, u16_t remote_port, u16_t local_port)
{
  return (unsigned)(bucket_of(remote_ip, remote_port, local_port) - table.bucket);
}

static unsigned
longest(void)
{
  unsigned n = 0;
  unsigned i;

  for (i = 0; i < TCP_ALT_HASH; i++) {
    n = LWIP_MAX(n, length[i]);
  }
  return n;
}

/* One client with many ports, many clients, many servers on many ports, subnets of a few hosts. */
static void
usual_tuples_spread(void **state)
{
  unsigned kind;
  u32_t seed;
  u32_t n;

  (void)state;
  for (kind = 0; kind < 4; kind++) {
    unsigned sum = 0;

    for (seed = 0; seed < NUM_SEEDS; seed++) {
      tcp_alt_demux_init(seed);
      memset(length, 0, sizeof(length));
      for (n = 0; n < NUM_TUPLES; n++) {
        const ip_addr_t remote = remote_host((kind == 0) ? 1 : (kind == 3) ? n / 16 : n);
        const u16_t remote_port = (u16_t)((kind == 0 || kind == 3) ? 49152 + n : 80);
        const u16_t local_port = (u16_t)((kind == 2) ? 49152 + n : 80);

        length[bucket_number(&remote, remote_port, local_port)]++;
      }
      sum += longest();
    }
    /* random placement has its longest bucket at about 1.4 times the mean */
    assert_in_range(sum / NUM_SEEDS, MEAN, 2 * MEAN);
  }
}

/* What collides under one seed, found by trying, is spread under another. */
static void
a_flood_for_one_seed_fails_for_others(void **state)
{
  static ip_addr_t flood[NUM_TUPLES];
  static u16_t port[NUM_TUPLES];
  unsigned found = 0;
  unsigned sum = 0;
  u32_t seed;
  u32_t n;

  (void)state;
  tcp_alt_demux_init(1);
  for (n = 0; found < NUM_TUPLES; n++) {
    flood[found] = remote_host(n * 2654435761u);
    port[found] = (u16_t)(n * 40503u);
    if (bucket_number(&flood[found], port[found], 80) == 7) {
      found++;
    }
  }
  for (seed = 2; seed < 2 + NUM_SEEDS; seed++) {
    tcp_alt_demux_init(seed);
    memset(length, 0, sizeof(length));
    for (n = 0; n < NUM_TUPLES; n++) {
      length[bucket_number(&flood[n], port[n], 80)]++;
    }
    sum += longest();
  }
  assert_in_range(sum / NUM_SEEDS, MEAN, 2 * MEAN);
}

#if LWIP_IPV6
/* An attacker who owns a /64 chooses two words at will: they must not cancel out. */
static void
words_of_an_address_do_not_cancel_out(void **state)
{
  unsigned first;
  unsigned second;
  unsigned sum = 0;
  u32_t seed;
  u32_t n;

  (void)state;
  for (first = 0; first < 4; first++) {
    for (second = 0; second < 4; second++) {
      for (seed = 0; seed < NUM_SEEDS; seed++) {
        tcp_alt_demux_init(seed);
        memset(length, 0, sizeof(length));
        for (n = 0; n < NUM_TUPLES; n++) {
          ip_addr_t remote = remote_host(1);

          ip_2_ip6(&remote)->addr[first] ^= n * 0x9e3779b9u;
          if (second != first) {
            ip_2_ip6(&remote)->addr[second] ^= n * 0x9e3779b9u;
          }
          length[bucket_number(&remote, 1000, 80)]++;
        }
        sum += longest();
      }
    }
  }
  assert_in_range(sum / (16 * NUM_SEEDS), MEAN, 2 * MEAN);
}
#endif /* LWIP_IPV6 */

/* Seeds that are alike, zero among them, share no key. */
static void
seeds_make_different_keys(void **state)
{
  wide_t key[NUM_KEYS];
  unsigned bit;
  unsigned i;

  (void)state;
  tcp_alt_demux_init(0);
  memcpy(key, table.key, sizeof(key));
  for (bit = 0; bit < 32; bit++) {
    tcp_alt_demux_init((u32_t)1 << bit);
    for (i = 0; i < NUM_KEYS; i++) {
      assert_true(key[i] != table.key[i]);
      assert_true(table.key[i] >> 32 != 0);
    }
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(usual_tuples_spread),
    cmocka_unit_test(a_flood_for_one_seed_fails_for_others),
#if LWIP_IPV6
    cmocka_unit_test(words_of_an_address_do_not_cancel_out),
#endif
    cmocka_unit_test(seeds_make_different_keys),
  };

  return cmocka_run_group_tests_name("demux hash", tests, NULL, NULL);
}
