/* SPDX-License-Identifier: BSD-3-Clause
 * Loss recovery with SACK: RACK-TLP (RFC 8985), the scoreboard (RFC 6675), PRR (RFC 9937). Ten segments of 100 bytes
 * are in flight, the round-trip time is 100 ms, and the peer says what it has. */
#include "groups.h"
#include "sack.h"

#include <string.h>

#if LWIP_TCP_ALT && RFC_OPTIONS && TCP_RACK

/* RFC 8985 4-1, 6.2-8; RFC 6675 5-1, 5-5; RFC 2018 5-1: with three segments reported above it, a segment is lost at once. */
START_TEST(three_reported)
{
  sack_path();
  flight(10);
  world_pass(RTT);
  SACK(1, 1, 2);
  SACK(1, 1, 3);
  assert_silence();
  SACK(1, 1, 4);
  assert_data(0, SEG);
  assert_silence();
  ck_assert_int_eq(recovery(), TCP_INFO_RECOVERY);
  ack(10 * SEG);
  ck_assert_int_eq(recovery(), TCP_INFO_OPEN);
  assert_silence();
}
END_TEST

/* RFC 8985 6.2-10, 6.2-11: fewer than three, and a quarter of the round-trip time later. */
START_TEST(reordering_window)
{
  sack_path();
  flight(10);
  world_pass(RTT);
  SACK(1, 1, 2);
  assert_silence();
  ck_assert_uint_eq(until_data(0), RTT / 4);
  assert_silence();
  ck_assert_int_eq(recovery(), TCP_INFO_RECOVERY);
}
END_TEST

/* RFC 8985 6.2-7: who has seen reordering waits, whatever is reported. */
START_TEST(reordering_seen)
{
  sack_path();
  flight(10);
  world_pass(RTT);
  SACK(1, 1, 2);
  world_pass(5);
  ack(2 * SEG); /* it was only late */
  assert_silence();
  SACK(1, 1, 8);
  assert_silence();
  ck_assert_uint_eq(until_data(0), RTT / 4);
}
END_TEST

/* RFC 8985 4-3, 6.2-6: a DSACK says that the window was too small: a quarter more, for 16 recoveries. */
START_TEST(window_grows_with_dsack)
{
  int i;
  sack_path();
  flight(10);
  world_pass(RTT);
  SACK(1, 1, 2);
  world_pass(5);
  ack(2 * SEG);
  SACK(1, 1, 8);
  ck_assert_uint_eq(until_data(0), RTT / 4);
  peer.ack += 8 * SEG;
  {
    /* it had arrived: a duplicate */
    struct packet p = from_peer(0, ACK, 0);
    u8_t body[8];
    put32(body, peer.ack - 8 * SEG);
    put32(body + 4, peer.ack - 7 * SEG);
    add_option(&p, 5, body, 8);
    inject(&p);
  }
  world_discard();
  for (i = 0; i < 16; i++) {
    u32_t wait;
    flight(2);
    world_pass(RTT);
    SACK(1, 1, 2);
    wait = until_data(0);
    ck_assert_msg(wait > RTT / 4 && wait <= RTT / 2, "%d: %u ms", i, (unsigned)wait);
    world_pass(RTT);
    ack(2 * SEG);
    world_discard();
  }
  flight(2);
  world_pass(RTT);
  SACK(1, 1, 2);
  ck_assert_uint_le(until_data(0), RTT / 4);
}
END_TEST

/* RFC 8985 4-2, 6.2-4, 6.2-10: what was sent again and is lost again is noticed without the timer. */
START_TEST(lost_again)
{
  sack_path();
  flight(10);
  world_pass(RTT);
  SACK(1, 1, 4);
  assert_data(0, SEG);
  app_send(SEG);
  app_send(SEG);
  world_pass(1);
  SACK(1, 1, 9);
  world_discard();
  app_send(SEG);
  world_discard();
  world_pass(RTT);
  ck_assert_int_eq(recovery(), TCP_INFO_RECOVERY);
  SACK(1, 1, 12);
  assert_data(0, SEG);
}
END_TEST

/* RFC 8985 7.2-2, 7.3-1: two round trips after the last was sent, it is sent again; for one alone a little later. */
START_TEST(probe_for_the_last)
{
  sack_path();
  flight(_i == 0 ? 10 : 1);
  ck_assert_uint_eq(until_data(_i == 0 ? 9 : 0), _i == 0 ? 2 * RTT : 2 * RTT + 21);
  assert_silence();
  ck_assert_int_eq(recovery(), TCP_INFO_OPEN); /* it is no loss yet */
  /* The probe's answer shows what is missing. */
  if (_i == 0) {
    world_pass(RTT);
    SACK(1, 9, 10);
    (void)until_data(0);
    ck_assert_int_eq(recovery(), TCP_INFO_RECOVERY);
  }
}
END_TEST

/* RFC 8985 7.3-1, 7.3-2, 7.3-3: new data rather than old; the retransmission timer follows. */
START_TEST(probe_with_new_data)
{
  unsigned int i;
  sack_path();
  for (i = 0; i < 12; i++) {
    app_send(SEG);
  }
  ck_assert_uint_eq(world_pending(), 10);
  world_discard();
  ck_assert_uint_eq(until_data(10), 2 * RTT);
  assert_silence();
  ck_assert_uint_le(until_data(0), 3 * RTT + 4); /* no second probe: the timer */
  ck_assert_int_eq(recovery(), TCP_INFO_RTO);
}
END_TEST

/* RFC 8985 7.4-2, 7.4-3: a probe that was sent again and then acknowledged together with later data has repaired a loss. */
START_TEST(probe_repairs)
{
  u32_t before;
  sack_path();
  flight(4);
  before = cwnd();
  ck_assert_uint_eq(until_data(3), 2 * RTT);
  app_send(SEG);
  assert_data(4 * SEG, SEG);
  world_pass(RTT);
  if (_i == 0) {
    ack(5 * SEG);
    ck_assert_uint_lt(cwnd(), before);
  } else if (_i == 1) {
    /* both copies arrived: the DSACK says so */
    struct packet p;
    u8_t body[8];
    peer.ack += 5 * SEG;
    p = from_peer(0, ACK, 0);
    put32(body, peer.ack - 2 * SEG);
    put32(body + 4, peer.ack - SEG);
    add_option(&p, 5, body, 8);
    inject(&p);
    ck_assert_uint_ge(cwnd(), before);
  } else {
    /* .. or a second ACK of the same */
    ack(4 * SEG);
    say(0, ACK, 0);
    ack(SEG);
    ck_assert_uint_ge(cwnd(), before);
  }
  world_discard();
  app_send(SEG);
  assert_data(0, SEG);
  assert_silence();
}
END_TEST

/* RFC 9937 6.2-1, 6.2-7: what leaves during recovery is, in proportion to what arrives, seven tenths of what was in flight (CUBIC),
 * and never in a burst. */
START_TEST(proportional)
{
  unsigned int i, sent = 0;
  sack_path();
  for (i = 0; i < 30; i++) {
    app_send(SEG);
  }
  ck_assert_uint_eq(world_pending(), 10);
  world_discard();
  world_pass(RTT);
  for (i = 2; i <= 10; i++) {
    s32_t edges[2];
    unsigned int now;
    edges[0] = 1;
    edges[1] = (s32_t)i;
    sack(1, edges);
    now = world_pending();
    ck_assert_uint_le(now, 2);
    sent += now;
    world_discard();
  }
  /* before recovery began, two new ones for the first two reports (RFC 3042) */
  ck_assert_msg(sent >= 7 && sent <= 9, "%u segments", sent);
  ck_assert_int_eq(recovery(), TCP_INFO_RECOVERY);
  ack(10 * SEG);
  ck_assert_uint_le(cwnd(), 8 * SEG);
  ck_assert_uint_le(world_pending(), 4);
}
END_TEST

/* RFC 6675 4-3: a hole of several segments is filled in order. */
START_TEST(several_lost)
{
  sack_path();
  flight(10);
  world_pass(RTT);
  SACK(1, 5, 6);
  SACK(1, 5, 7);
  SACK(1, 5, 8);
  assert_data(0, SEG);
  SACK(1, 5, 9);
  SACK(1, 5, 10);
  while (world_pending() != 0) {
    static u32_t next;
    const struct packet *p = world_next();
    next = p->seq - peer.ack == SEG ? SEG : next + SEG;
    ck_assert_uint_eq(p->seq - peer.ack, next);
    ck_assert_uint_lt(next, 5 * SEG);
  }
  ack(10 * SEG);
  assert_silence();
}
END_TEST

/* RFC 6675 2-1, 3-1; RFC 3042 2-4: what cannot be true is not read, and reports without news move nothing. */
START_TEST(lies)
{
  u32_t before;
  int i;
  sack_path();
  flight(10);
  before = cwnd();
  world_pass(RTT);
  for (i = 0; i < 5; i++) {
    SACK(1, 8, 12);     /* beyond what was sent */
    SACK(1, 4, 2);      /* the wrong way round */
    SACK(1, 0, 3);      /* begins where the ACK stands */
    SACK(2, 11, 13, 5, 4);
    say(0, ACK, 0);     /* RFC 5681 2: a duplicate by its looks */
  }
  assert_silence();
  ck_assert_uint_eq(cwnd(), before);
  ck_assert_int_eq(recovery(), TCP_INFO_OPEN);
  SACK(3, 3, 4, 3, 4, 3, 4);
  SACK(1, 3, 4);
  SACK(1, 3, 4);
  assert_silence(); /* one segment, told of often */
  ack(10 * SEG);
  world_discard();
}
END_TEST

/* RFC 2018 5-2, 8-1; RFC 6675 5.1-1: the peer may throw away what it reported: at a timeout everything counts as lost again. */
START_TEST(reneging)
{
  unsigned int i;
  sack_path();
  flight(4);
  world_pass(RTT);
  SACK(1, 1, 4);
  assert_data(0, SEG);
  world_pass(5);
  ack(SEG); /* and no word of the rest */
  for (i = 0; i < 3; i++) {
    ck_assert_uint_le(until_data(0), 4000);
    ack(SEG);
    if (world_pending() != 0) {
      assert_data(0, SEG);
      ack(SEG);
      i++;
    }
  }
  world_pass(MINUTES);
  assert_silence();
}
END_TEST

/* RFC 8985 6.3-1: a timeout takes for lost what was sent longer ago than a round trip, not what was sent just now. */
START_TEST(young_at_timeout)
{
  sack_path();
  app_send(SEG);
  world_discard();
  (void)until_data(0); /* the probe */
  world_pass(250);
  app_send(SEG);       /* soon before the timer */
  world_discard();
  (void)until_data(0);
  ck_assert_int_eq(recovery(), TCP_INFO_RTO);
  ack(SEG);
  assert_silence();    /* the second is under way */
  ack(SEG);
  assert_silence();
}
END_TEST

#endif

TCase *
recovery_tests(void)
{
  TCase *tc = tcase_create("recovery");
#if LWIP_TCP_ALT && RFC_OPTIONS && TCP_RACK
  tcase_add_test(tc, three_reported);
  tcase_add_test(tc, reordering_window);
  tcase_add_test(tc, reordering_seen);
  tcase_add_test(tc, window_grows_with_dsack);
  tcase_add_test(tc, lost_again);
  tcase_add_loop_test(tc, probe_for_the_last, 0, 2);
  tcase_add_test(tc, probe_with_new_data);
  tcase_add_loop_test(tc, probe_repairs, 0, 3);
  tcase_add_test(tc, proportional);
  tcase_add_test(tc, several_lost);
  tcase_add_test(tc, lies);
  tcase_add_test(tc, reneging);
  tcase_add_test(tc, young_at_timeout);
#endif
  return tc;
}
