/* SPDX-License-Identifier: BSD-3-Clause
 * Loss recovery by the scoreboard alone (RFC 6675): SACK without RACK, NewReno. The MSS is 100 bytes, the round-trip time
 * 100 ms. */
#include "groups.h"
#include "sack.h"

#include <string.h>

#if LWIP_TCP_ALT && RFC_OPTIONS && LWIP_TCP_SACK_IN && !TCP_RACK

/* RFC 6675 4-1, 5-1, 5-4: a segment is lost when more than two segments' worth is reported above it, or three runs. */
START_TEST(is_lost)
{
  sack_path();
  flight(10);
  world_pass(RTT);
  if (_i == 0) {
    SACK(1, 2, 4);
    assert_silence();
    SACK(1, 2, 5);
    assert_data(0, SEG);
    assert_silence(); /* 4-3: the pipe has five, and this one */
    SACK(1, 2, 6);
    assert_silence();
    SACK(1, 2, 7);
    assert_data(SEG, SEG);
  } else {
    SACK(1, 2, 3);
    SACK(2, 4, 5, 2, 3);
    assert_silence();
    SACK(3, 6, 7, 4, 5, 2, 3);
    assert_data(0, SEG);
    assert_silence();
    SACK(3, 6, 8, 4, 5, 2, 3);
    assert_data(SEG, SEG);
  }
  ck_assert_int_eq(recovery(), TCP_INFO_RECOVERY);
  ack(10 * SEG);
  ck_assert_int_eq(recovery(), TCP_INFO_OPEN);
  ck_assert_uint_eq(cwnd(), 5 * SEG); /* 5-4: half of what was in flight */
}
END_TEST

/* RFC 6675 5-2: three duplicate ACKs that report something begin recovery, however little that is. */
START_TEST(three_small_reports)
{
  unsigned int i;
  sack_path();
  flight(2);
  for (i = 0; i < 4; i++) {
    app_send(10);
  }
  world_discard();
  world_pass(RTT);
  for (i = 0; i < 3; i++) {
    struct packet p = from_peer(0, ACK, 0);
    assert_silence();
    add_sack(&p, 2 * SEG, 2 * SEG + 10 * (i + 1));
    inject(&p);
  }
  assert_data(0, SEG);
  ck_assert_int_eq(recovery(), TCP_INFO_RECOVERY);
  ack(2 * SEG + 40);
}
END_TEST

/* RFC 3042 2-4; RFC 6675 2-1: a duplicate ACK that reports nothing new sends nothing, nor does it count. */
START_TEST(no_news)
{
  unsigned int i;
  sack_path();
  for (i = 0; i < 20; i++) {
    app_send(SEG);
  }
  ck_assert_uint_eq(world_pending(), 10);
  world_discard();
  world_pass(RTT);
  SACK(1, 1, 2);
  assert_data(10 * SEG, SEG);
  for (i = 0; i < 5; i++) {
    SACK(1, 1, 2);
    say(0, ACK, 0);
  }
  assert_silence();
  SACK(1, 1, 3);
  assert_data(11 * SEG, SEG);
  assert_silence();
  ck_assert_uint_eq(cwnd(), 10 * SEG);
  ack(20 * SEG);
}
END_TEST

/* RFC 6675 4-2, 4-3, 5-3: as much leaves as the pipe has room for: first what is lost, then new data. */
START_TEST(lost_before_new)
{
  unsigned int i;
  sack_path();
  for (i = 0; i < 20; i++) {
    app_send(SEG);
  }
  world_discard();
  world_pass(RTT);
  SACK(1, 3, 5);      /* two new ones, by limited transmit */
  ck_assert_uint_eq(world_pending(), 2);
  world_discard();
  SACK(1, 3, 6);      /* three lost: pipe is 12 - 3 - 3, cwnd is half of 10 */
  assert_data(0, SEG);
  assert_silence();
  for (i = 7; i <= 12; i++) {
    static const u32_t then[] = { 0, 0, SEG, 2 * SEG, 12 * SEG, 13 * SEG }; /* each report makes room for one */
    s32_t edges[2] = { 3, 0 };
    edges[1] = (s32_t)i;
    sack(1, edges);
    if (then[i - 7] != 0) {
      assert_data(then[i - 7], SEG);
    }
    assert_silence();
  }
  ack(14 * SEG);
  world_discard();
}
END_TEST

/* RFC 6675 4-4: nothing is certainly lost and nothing new: what lies below a report is sent again, once. */
START_TEST(below_a_report)
{
  sack_path();
  flight(6);
  world_pass(RTT);
  SACK(2, 1, 2, 4, 6); /* the first is lost, the two between are not for certain; ssthresh is three */
  assert_data(0, SEG);
  assert_silence();
  ack(2 * SEG);
  assert_data(0, SEG);
  assert_silence();    /* the pipe is full: two are out, and one of them twice */
  ack(SEG);
  assert_data(0, SEG);
  assert_silence();
  ack(3 * SEG);
  assert_silence();
}
END_TEST

/* RFC 6675 4-5: the last segment is sent again once, when there is nothing else, so that its answer tells the end. */
START_TEST(rescue)
{
  sack_path();
  flight(10);
  world_pass(RTT);
  SACK(1, 1, 4);
  assert_data(0, SEG);
  SACK(1, 1, 8);
  assert_data(9 * SEG, SEG);
  assert_silence();
  SACK(1, 1, 9);
  assert_silence();
  ck_assert_uint_ge(until_data(0), 200); /* the timer */
  ack(10 * SEG);
}
END_TEST

/* RFC 6675 5-4, 5-5: recovery lasts until all is acknowledged that was in flight when it began, with one reduction. */
START_TEST(until_recovery_point)
{
  unsigned int i;
  sack_path();
  flight(10);
  world_pass(RTT);
  SACK(1, 5, 10);
  for (i = 0; i < 4; i++) {
    world_discard();
    world_pass(10);
    ack(SEG);
    ck_assert_int_eq(recovery(), TCP_INFO_RECOVERY);
    ck_assert_uint_eq(cwnd(), 5 * SEG);
  }
  ack(6 * SEG);
  ck_assert_int_eq(recovery(), TCP_INFO_OPEN);
  ck_assert_uint_eq(cwnd(), 5 * SEG);
  world_discard();
}
END_TEST

/* RFC 6675 6-1: what is sent again has its own full timeout. */
START_TEST(timer_of_retransmission)
{
  sack_path();
  flight(10);
  world_pass(RTT);
  SACK(1, 1, 4);
  assert_data(0, SEG);
  world_discard();
  world_pass(RTT);
  SACK(1, 1, 9); /* .. and the rescue of the last */
  world_discard();
  ck_assert_uint_eq(until_data(0), 3 * RTT);
  ack(10 * SEG);
}
END_TEST

/* RFC 6675 5.1-1: a timeout during recovery: all but what was reported is sent again, in slow start. */
START_TEST(timeout_by_board)
{
  struct tcp_info info;
  sack_path();
  flight(10);
  world_pass(RTT);
  SACK(1, 4, 8);
  world_discard();
  (void)until_data(0);
  ck_assert_int_eq(recovery(), TCP_INFO_RTO);
  ck_assert_uint_eq(cwnd(), SEG);
  ck_assert_int_eq(tcp_info_get(app.pcb, &info), ERR_OK);
  ck_assert_uint_eq(info.ssthresh, 5 * SEG); /* RFC 5681 (4): what was reported is in FlightSize */
  ack(SEG);
  assert_data(0, SEG);
  assert_data(SEG, SEG);
  ack(2 * SEG);
  assert_data(0, SEG);
  ack(5 * SEG);
  assert_data(0, SEG);
  assert_data(SEG, SEG);
  ack(2 * SEG);
  assert_silence();
}
END_TEST

#endif

TCase *
board_tests(void)
{
  TCase *tc = tcase_create("board");
#if LWIP_TCP_ALT && RFC_OPTIONS && LWIP_TCP_SACK_IN && !TCP_RACK
  tcase_add_loop_test(tc, is_lost, 0, 2);
  tcase_add_test(tc, three_small_reports);
  tcase_add_test(tc, no_news);
  tcase_add_test(tc, lost_before_new);
  tcase_add_test(tc, below_a_report);
  tcase_add_test(tc, rescue);
  tcase_add_test(tc, until_recovery_point);
  tcase_add_test(tc, timer_of_retransmission);
  tcase_add_test(tc, timeout_by_board);
#endif
  return tc;
}
