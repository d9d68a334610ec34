/* SPDX-License-Identifier: BSD-3-Clause
 * Congestion that routers tell of (RFC 3168) together with losses: one reduction for what was in flight, and the peer is
 * told of each. */
#include "groups.h"
#include "sack.h"

#include <string.h>

#if LWIP_TCP_ALT && RFC_OPTIONS && LWIP_TCP_ECN

#define ECE 0x40U
#define CWR 0x80U

/* The peer acknowledges so many segments, and says that one was marked. */
static void
marked(unsigned int n)
{
  peer.ack += n * SEG;
  say(0, ACK | ECE, 0);
}

/* RFC 3168 6.1.2-3: a loss among what was in flight when a mark was told of is repaired without a second reduction. */
START_TEST(loss_after_mark)
{
  u32_t reduced;
  sack_path_with(ECE | CWR, _i != 2, 0);
  flight(10);
  world_pass(RTT);
  marked(1);
  reduced = cwnd();
  ck_assert_uint_lt(reduced, 10 * SEG);
  world_discard();
  if (_i == 0) {
    SACK(1, 1, 4);
    assert_data(0, SEG);
  } else if (_i == 1) {
    SACK(1, 1, 2);
    (void)until_data(0); /* the reordering window is over */
  } else {
    say(0, ACK, 0);
    say(0, ACK, 0);
    say(0, ACK, 0);
    assert_data(0, SEG);
  }
  ck_assert_int_eq(recovery(), TCP_INFO_RECOVERY);
  world_discard();
  world_pass(10);
  ack(9 * SEG);
  ck_assert_int_eq(recovery(), TCP_INFO_OPEN);
  world_discard();
  if (_i == 2) {
    struct tcp_info info; /* RFC 6582 3.2 leaves with less, and slow start leads to ssthresh */
    ck_assert_int_eq(tcp_info_get(app.pcb, &info), ERR_OK);
    ck_assert_uint_ge(info.ssthresh, reduced);
    return;
  }
  ck_assert_uint_ge(cwnd(), reduced);
}
END_TEST

/* RFC 3168 6.1.2-4: whatever the window was reduced for, the first new segment says CWR, and what is sent again does not. */
START_TEST(any_reduction_is_told)
{
  const struct packet *p;
  sack_path_with(ECE | CWR, _i < 2, 0);
  flight(10);
  world_pass(RTT);
  if (_i == 0) {
    SACK(1, 1, 4);
  } else if (_i == 2) {
    say(0, ACK, 0);
    say(0, ACK, 0);
    say(0, ACK, 0);
  } else {
    do {
      p = world_await_data(PATIENCE);
      ck_assert_ptr_nonnull(p);
      ck_assert_uint_eq(p->flags & CWR, 0);
    } while (recovery() != TCP_INFO_RTO);
  }
  while ((p = world_next()) != NULL) {
    ck_assert_uint_eq(p->flags & CWR, 0);
  }
  ack(10 * SEG);
  world_discard();
  app_send(SEG);
  ck_assert_uint_eq(only()->flags & CWR, CWR);
  app_send(SEG);
  ck_assert_uint_eq(only()->flags & CWR, 0);
  ack(2 * SEG);
}
END_TEST

/* RFC 3168 6.1.2-3: a mark told of after a loss, for the same flight: no second reduction either. */
START_TEST(mark_after_loss)
{
  u32_t reduced;
  sack_path_with(ECE | CWR, 1, 0);
  flight(10);
  world_pass(RTT);
  SACK(1, 1, 4);
  world_discard();
  marked(10); /* ends recovery */
  ck_assert_int_eq(recovery(), TCP_INFO_OPEN);
  reduced = cwnd();
  ck_assert_uint_ge(reduced, 10 * SEG / 2);
  say(0, ACK | ECE, 0);
  flight(1);
  marked(1);
  ck_assert_uint_lt(cwnd(), reduced); /* that is a new one */
}
END_TEST

/* RFC 3168 6.1.2-1: a mark never makes the window larger. */
START_TEST(smallest_window)
{
  sack_path_with(ECE | CWR, 1, 1);
  ck_assert_uint_eq(cwnd(), SEG); /* the SYN-ACK was lost */
  flight(1);
  marked(1);
  ck_assert_uint_eq(cwnd(), SEG);
}
END_TEST

#endif

TCase *
mark_tests(void)
{
  TCase *tc = tcase_create("mark");
#if LWIP_TCP_ALT && RFC_OPTIONS && LWIP_TCP_ECN
  tcase_add_loop_test(tc, loss_after_mark, 0, 3);
  tcase_add_loop_test(tc, any_reduction_is_told, 0, 3);
  tcase_add_test(tc, mark_after_loss);
  tcase_add_test(tc, smallest_window);
#endif
  return tc;
}
