/* SPDX-License-Identifier: BSD-3-Clause
 * Timestamps and PAWS (RFC 7323 3 to 5). */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

#if RFC_OPTIONS

#define DAYS (24U * 3600U * 1000U)

static u32_t ts; /* the peer's clock */

static const struct packet *
establish_ts(void)
{
  struct packet syn = syn_of_peer();
  const struct packet *p;
  u8_t len;
  ts = 1000000;
  add_ts(&syn, ts, 0);
  p = establish_with(&syn);
  ck_assert_ptr_nonnull(option(p, 8, &len));
  ck_assert_uint_eq(get32(option(p, 8, &len) + 4), ts);
  {
    struct packet ack = from_peer(0, ACK, 0);
    add_ts(&ack, ts, get32(option(p, 8, &len)));
    inject(&ack);
  }
  assert_state(ESTABLISHED);
  world_discard();
  tcp_recv(app.pcb, NULL);
  return p;
}

static void
say_ts(u32_t off, u8_t flags, u16_t n, u32_t val)
{
  struct packet p = from_peer(off, flags, n);
  add_ts(&p, val, 0);
  inject(&p);
}

static u32_t
echoed(void)
{
  const struct packet *p = only();
  u8_t len;
  const u8_t *b = option(p, 8, &len);
  ck_assert_ptr_nonnull(b);
  ck_assert_uint_eq(p->ack, peer.seq);
  return get32(b + 4);
}

START_TEST(paws)
{
  establish_ts();
  say_ts(0, ACK, 100, ts + 10);
  peer.seq += 100;
  ck_assert_uint_eq(echoed(), ts + 10);
  say_ts(0, ACK, 100, ts + 9); /* 5.3 R1: dropped, acknowledged */
  ck_assert_uint_eq(echoed(), ts + 10);
  say_ts(0, ACK, 100, ts + 10);
  peer.seq += 100;
  ck_assert_uint_eq(echoed(), ts + 10);
}
END_TEST

START_TEST(without_timestamp)
{
  establish_ts();
  say(0, ACK, 100);
  assert_silence();
  say(0, RST, 0);
  assert_state(CLOSED); /* never demanded of a RST */
}
END_TEST

/* 5.3: an old timestamp does not save from a RST */
START_TEST(rst_with_old_timestamp)
{
  establish_ts();
  say_ts(0, RST, 0, ts - 1000);
  assert_state(CLOSED);
}
END_TEST

/* 4.3: what fills a gap is echoed, not what came behind it */
START_TEST(ts_recent_rule)
{
  establish_ts();
  say_ts(100, ACK, 100, ts + 20);
  ck_assert_uint_eq(echoed(), ts);
  say_ts(0, ACK, 100, ts + 10);
  peer.seq += 200;
  ck_assert_uint_eq(echoed(), ts + 10);
}
END_TEST

/* 5.5 */
START_TEST(ts_recent_expires)
{
  establish_ts();
  world_pass(25 * DAYS);
  ts -= 5000; /* the peer's clock went round */
  say_ts(0, ACK, 100, ts);
  peer.seq += 100;
  ck_assert_uint_eq(echoed(), ts);
  say_ts(0, ACK, 100, ts - 1);
  ck_assert_uint_eq(echoed(), ts); /* and PAWS works again */
}
END_TEST

START_TEST(timestamps_in_every_segment)
{
  const struct packet *p;
  u8_t len;
  establish_ts();
  app_send(3000);
  say_ts(0, ACK, 100, ts);
  tcp_close(app.pcb);
  while ((p = world_next()) != NULL) {
    ck_assert_ptr_nonnull(option(p, 8, &len));
    ck_assert_uint_le(p->len, 1000 - 12);
  }
}
END_TEST

START_TEST(syn_without_timestamp)
{
  establish_ts();
  say(0, SYN, 0); /* RFC 5961 4.2: a peer that came back without timestamps learns of the old connection */
  ck_assert_uint_eq(only()->flags, ACK);
}
END_TEST

#endif /* RFC_OPTIONS */

TCase *
timestamp_tests(void)
{
  TCase *tc = tcase_create("timestamp");
#if RFC_OPTIONS
  tcase_add_test(tc, paws);
  tcase_add_test(tc, without_timestamp);
  tcase_add_test(tc, rst_with_old_timestamp);
  tcase_add_test(tc, ts_recent_rule);
  tcase_add_test(tc, ts_recent_expires);
  tcase_add_test(tc, timestamps_in_every_segment);
  tcase_add_test(tc, syn_without_timestamp);
#endif
  return tc;
}
