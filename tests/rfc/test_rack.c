/* SPDX-License-Identifier: BSD-3-Clause
 * RACK-TLP (RFC 8985) by the letter: what it remembers, and when it forgets. */
#include "groups.h"
#include "sack.h"

#include <string.h>

#if LWIP_TCP_ALT && RFC_OPTIONS && TCP_RACK

#define DAYS (24U * 3600U * 1000U)

/* RFC 8985 6.2-3: RACK.rtt is that of what was delivered last, though something was delivered that was sent later: who
 * sees a late one waits as long for those sent with it. */
START_TEST(rtt_of_late_segment)
{
  sack_path();
  flight(4);
  world_pass(20);
  flight(4);
  world_pass(90);
  SACK(1, 5, 6);           /* 90 ms: the first four are late by 20 */
  world_pass(1);
  SACK(2, 3, 4, 5, 6);     /* and one of them has come after 111 */
  ck_assert_uint_eq(until_data(0), 20 + 90 / 4); /* when the last of those sent before must have come */
}
END_TEST

/* RFC 8985 7.1-1: a probe under way when recovery begins, or the timer expires, has repaired nothing: there is no
 * second reduction. */
START_TEST(probe_then_recovery)
{
  u32_t before;
  sack_path();
  flight(4);
  ck_assert_uint_eq(until_data(3), 2 * RTT);
  if (_i == 0) {
    world_pass(RTT);
    SACK(1, 3, 4);
    (void)until_data(0);
    ck_assert_int_eq(recovery(), TCP_INFO_RECOVERY);
  } else {
    (void)until_data(0);
    ck_assert_int_eq(recovery(), TCP_INFO_RTO);
  }
  world_pass(RTT);
  ack(4 * SEG);
  ck_assert_int_eq(recovery(), TCP_INFO_OPEN);
  world_discard();
  before = cwnd();
  flight(1);
  world_pass(RTT);
  ack(SEG);
  ck_assert_uint_ge(cwnd(), before);
}
END_TEST

/* RFC 8985 7.4-2: a DSACK of something else says nothing of the probe. */
START_TEST(duplicate_of_another)
{
  u32_t before;
  sack_path();
  flight(4);
  before = cwnd();
  ck_assert_uint_eq(until_data(3), 2 * RTT);
  flight(1);
  world_pass(RTT);
  peer.ack += 5 * SEG;
  SACK(1, -5, -4);
  ck_assert_uint_lt(cwnd(), before);
}
END_TEST

/* RFC 8985 7.2-2: without a sample of the round-trip time the probe leaves after a second. */
START_TEST(probe_without_sample)
{
  sack_path_with(0, 1, 1); /* the SYN-ACK went twice: RFC 6298 3 takes no sample */
  flight(1);
  ck_assert_uint_eq(until_data(0), 1000 + 21);
  ck_assert_uint_eq(until_data(0), 3000);
  ack(SEG);
}
END_TEST

static struct pbuf *held;
static netif_output_fn real_output;

static err_t
holding_output(struct netif *nif, struct pbuf *p, const ip4_addr_t *to)
{
  if (held != NULL) {
    pbuf_free(held);
  }
  pbuf_ref(p);
  held = p;
  return real_output(nif, p, to);
}

/* RFC 8985 7.3-1: a probe that the driver has still from the first time was not sent: nothing is lost, and the answer to
 * the rest begins no recovery. */
START_TEST(probe_held_by_driver)
{
  u32_t before;
  sack_path();
  real_output = netif.output;
  netif.output = holding_output;
  flight(4);
  before = cwnd();
  netif.output = real_output;
  world_pass(2 * RTT + 10);
  assert_silence();
  ack(2 * SEG);
  ck_assert_int_eq(recovery(), TCP_INFO_OPEN);
  ck_assert_uint_ge(cwnd(), before);
  pbuf_free(held);
  held = NULL;
  world_pass(1);
  assert_silence();
  ack(2 * SEG);
}
END_TEST

/* RFC 8985 6.3-1: at a timeout, young is what was sent less than RACK.rtt and the reordering window ago, whatever the
 * round-trip time was before. */
START_TEST(old_at_timeout)
{
  sack_path();
  flight(1);
  world_pass(20);
  ack(SEG);
  flight(1);
  (void)until_data(0); /* the probe */
  world_pass(270);
  flight(1);           /* 50 ms before the timer */
  (void)until_data(0);
  ck_assert_int_eq(recovery(), TCP_INFO_RTO);
  ack(SEG);
  assert_data(0, SEG);
  ack(SEG);
}
END_TEST

/* The numbers move on by so much without anything being lost. */
static void
gigabytes(void)
{
  unsigned int i;
  for (i = 0; i < 5; i++) {
    u32_t una = peer.ack + 0x30000000U;
    tcp_alt_test_snd_nxt_set(app.pcb, una);
    tcp_alt_test_snd_lbb_set(app.pcb, una);
    say_ack(0, ACK, 0, 0x30000000U);
    peer.ack = una;
    flight(2);
    world_pass(RTT);
    ack(2 * SEG);
    world_discard();
  }
}

/* RFC 8985 6.2-6: the window grows with each round that sees a DSACK, also gigabytes later. */
START_TEST(duplicates_for_long)
{
  sack_path();
  flight(8);
  world_pass(RTT);
  SACK(1, 1, 2);
  world_pass(5);
  ack(2 * SEG); /* reordering was seen */
  SACK(1, -2, -1);
  ack(6 * SEG);
  world_discard();
  if (_i == 1) {
    gigabytes();
    SACK(1, -2, -1);
  }
  flight(2);
  world_pass(RTT);
  SACK(1, 1, 2);
  ck_assert_uint_eq(until_data(0), (u32_t)(2 + _i) * (RTT / 4));
  ack(2 * SEG);
}
END_TEST

/* RFC 8985 6.2-5: .. once for all DSACKs of a round trip. */
START_TEST(duplicates_of_one_round)
{
  sack_path();
  flight(8);
  world_pass(RTT);
  SACK(1, 1, 2);
  world_pass(5);
  ack(2 * SEG);
  SACK(1, -2, -1);
  SACK(1, -1, 0);
  SACK(1, -2, -1);
  SACK(1, 1, 2);
  ck_assert_uint_eq(until_data(0), RTT / 2);
  ack(6 * SEG);
}
END_TEST

/* RFC 8985 6.2-2: what was sent again and is answered sooner than any round trip was answered from before: it says nothing
 * of when others should have come. */
START_TEST(ambiguous_answer)
{
  sack_path();
  flight(10);
  world_pass(RTT);
  SACK(1, 1, 4);
  assert_data(0, SEG);
  world_pass(_i == 0 ? 30 : RTT);
  peer.ack += 4 * SEG; /* of the first one, or of the second */
  SACK(1, 6, 7);
  if (_i == 0) {
    assert_silence(); /* nothing new: none of those before was sent earlier than one that came, but for */
    ck_assert_int_eq(recovery(), TCP_INFO_RECOVERY);
  }
  world_discard();
  ack(6 * SEG);
}
END_TEST

/* RFC 8985 6.2-3, 6.2-4: .. that it came late all the same shows reordering: three reports are no proof of loss from then on.
 * An answer after a round trip shows nothing. */
START_TEST(late_answer_is_reordering)
{
  sack_path();
  flight(10);
  world_pass(RTT);
  SACK(1, 1, 4);
  assert_data(0, SEG);
  world_pass(_i == 0 ? 30 : RTT);
  ack(10 * SEG);
  ck_assert_int_eq(recovery(), TCP_INFO_OPEN);
  world_discard();
  flight(6);
  world_pass(RTT);
  SACK(1, 1, 4);
  if (_i == 0) {
    assert_silence();
    ck_assert_uint_gt(until_data(0), 0);
  } else {
    assert_data(0, SEG);
  }
  world_discard();
  ack(6 * SEG);
}
END_TEST

/* RFC 8985 6.2-1: half a minute on a longer path, and its round trips count. */
START_TEST(longer_path)
{
  unsigned int i;
  sack_path();
  flight(2);
  world_pass(20);
  ack(2 * SEG); /* the smallest */
  for (i = 0; i < 310; i++) {
    flight(2);
    world_pass(RTT);
    ack(2 * SEG);
  }
  flight(8);
  world_pass(RTT);
  SACK(1, 1, 2);
  ck_assert_uint_eq(until_data(0), RTT / 4);
  ack(8 * SEG);
}
END_TEST

/* RFC 8985 6.2-9: however many duplicates are told of, the window is a round trip at most. */
START_TEST(largest_window)
{
  unsigned int i;
  sack_path();
  flight(8);
  world_pass(RTT);
  SACK(1, 1, 2);
  world_pass(5);
  ack(8 * SEG);
  for (i = 0; i < 300; i++) {
    SACK(1, -2, -1);
    flight(2);
    world_pass(RTT);
    ack(2 * SEG);
  }
  flight(2);
  world_pass(RTT);
  SACK(1, 1, 2);
  ck_assert_uint_eq(until_data(0), RTT);
  ack(2 * SEG);
}
END_TEST

/* RFC 8985 7.2-1: no probe while segments are reported, nor during recovery: the timer of reordering, then the retransmission
 * timer. */
START_TEST(no_probe_in_recovery)
{
  sack_path();
  flight(4);
  world_pass(RTT);
  SACK(1, 1, 2);
  ck_assert_uint_eq(until_data(0), RTT / 4);
  ck_assert_int_eq(recovery(), TCP_INFO_RECOVERY);
  ck_assert_uint_ge(until_data(0), 2 * RTT + 40);
  ck_assert_int_eq(recovery(), TCP_INFO_RTO);
  ack(4 * SEG);
}
END_TEST

/* RFC 8985 7.4-1, 7.3-4: new data as a probe, beyond cwnd; when all is acknowledged nothing was lost. */
START_TEST(new_probe_is_answered)
{
  unsigned int i;
  u32_t before;
  sack_path();
  for (i = 0; i < 12; i++) {
    app_send(SEG);
  }
  ck_assert_uint_eq(world_pending(), 10);
  world_discard();
  before = cwnd();
  ck_assert_uint_eq(until_data(10), 2 * RTT);
  ack(11 * SEG);
  ck_assert_uint_ge(cwnd(), before);
  ck_assert_int_eq(recovery(), TCP_INFO_OPEN);
  world_discard();
  ack(SEG);
}
END_TEST

/* RFC 8985 6.2-4: times wrap: what was sent 25 days ago was not sent later. */
START_TEST(idle_for_long)
{
  sack_path();
  flight(2);
  world_pass(RTT);
  ack(2 * SEG);
  world_pass(25 * DAYS);
  world_discard();
  flight(10);
  world_pass(RTT);
  SACK(1, 1, 2);
  assert_silence();
  SACK(1, 1, 4);
  assert_data(0, SEG);
  assert_silence();
  ack(10 * SEG);
}
END_TEST

/* RFC 8985 7.3, RFC 9293 3.8.6.1: the window closes over what is in flight before the probe for it may leave, and opens
 * again before or after the timeout: whichever, all of it arrives. */
START_TEST(window_closes_before_probe)
{
  const unsigned int n = (_i & 1) ? 1 : 4;
  u16_t open;
  sack_path();
  open = peer.wnd;
  flight(n);
  peer.wnd = 0;
  say(0, ACK, 0);
  world_pass((_i & 2) ? 2 * RTT + 50 : 3000);
  world_discard(); /* probes of the window */
  peer.wnd = open;
  say(0, ACK, 0);
  (void)until_data(0);
  ack(n * SEG);
  ck_assert_int_eq(recovery(), TCP_INFO_OPEN);
}
END_TEST

/* RFC 8985 6.2-5: the reordering window ends when it ends, though it is shorter than any other deadline. */
START_TEST(short_reordering_window)
{
  struct packet syn = syn_of_peer();
  add_mss(&syn, SEG);
  add_option(&syn, 4, "", 0);
  establish_with(&syn);
  world_pass(8);
  say(0, ACK, 0);
  world_discard();
  tcp_nagle_disable(app.pcb);
  flight(5);
  world_pass(8);
  SACK(1, 1, 2);
  ck_assert_uint_eq(until_data(0), 8 / 4);
  ack(5 * SEG);
}
END_TEST

#endif

TCase *
rack_tests(void)
{
  TCase *tc = tcase_create("rack");
#if LWIP_TCP_ALT && RFC_OPTIONS && TCP_RACK
  tcase_add_test(tc, rtt_of_late_segment);
  tcase_add_loop_test(tc, probe_then_recovery, 0, 2);
  tcase_add_test(tc, duplicate_of_another);
  tcase_add_test(tc, probe_without_sample);
  tcase_add_test(tc, probe_held_by_driver);
  tcase_add_test(tc, old_at_timeout);
  tcase_add_loop_test(tc, duplicates_for_long, 0, 2);
  tcase_add_test(tc, duplicates_of_one_round);
  tcase_add_test(tc, idle_for_long);
  tcase_add_loop_test(tc, window_closes_before_probe, 0, 4);
  tcase_add_test(tc, short_reordering_window);
  tcase_add_loop_test(tc, ambiguous_answer, 0, 2);
  tcase_add_loop_test(tc, late_answer_is_reordering, 0, 2);
  tcase_add_test(tc, longer_path);
  tcase_add_test(tc, largest_window);
  tcase_add_test(tc, no_probe_in_recovery);
  tcase_add_test(tc, new_probe_is_answered);
#endif
  return tc;
}
