/* SPDX-License-Identifier: BSD-3-Clause
 * Congestion control and loss recovery (RFC 5681, 6582, 3042). */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

START_TEST(fast_retransmit)
{
  path(100);
  app_send(6000);
  world_discard();
  say(0, ACK, 0);
  say(0, ACK, 0);
  assert_silence();
  say(0, ACK, 0);
  assert_data(0, MSS);
  assert_silence();
  say(0, ACK, 0);
  assert_silence(); /* once */
}
END_TEST

/* RFC 3042 */
START_TEST(limited_transmit)
{
  u32_t i;
  path(100);
  app_send(8000);
  world_pass(350); /* a timeout, so that cwnd is smaller than the send buffer */
  ack(8000);
  app_send(100);   /* and beyond what the timeout has to do with */
  ack(100);
  world_discard();
  app_send(8000);
  i = world_pending();
  ck_assert_uint_lt(i, 7);
  world_discard();
  say(0, ACK, 0);
  assert_data(i * MSS, MSS);
  say(0, ACK, 0);
  assert_data((i + 1) * MSS, MSS);
  say(0, ACK, 0);
  assert_data(0, MSS);
}
END_TEST

/* An ACK with data, another window or that acknowledges something is no duplicate. */
START_TEST(what_is_a_duplicate)
{
  int i;
  path(100);
  app_send(6000);
  world_discard();
  for (i = 0; i < 4; i++) {
    peer.wnd = (u16_t)(50000 + i);
    say(0, ACK, 0);
  }
  assert_silence();
  for (i = 0; i < 4; i++) {
    peer_data(1);
  }
  ck_assert_ptr_null(world_await_data(0));
  say(0, ACK, 0);
  say(0, ACK, 0);
  peer.wnd++;
  say(0, ACK, 0);
  assert_silence();
}
END_TEST

/* RFC 6582 */
START_TEST(partial_ack)
{
  path(100);
  app_send(8000);
  world_discard();
  say(0, ACK, 0);
  say(0, ACK, 0);
  say(0, ACK, 0);
  assert_data(0, MSS);
  ack(2000);
  assert_data(0, MSS); /* the next hole, without duplicates */
  ack(3000);
  assert_data(0, MSS);
  ck_assert_uint_eq(world_pending(), 0);
  ack(3000);
  assert_silence();
}
END_TEST

START_TEST(no_fast_retransmit_after_timeout)
{
  int i;
  path(100);
  app_send(8000);
  world_discard();
  wait_again(0);
  world_discard();
  for (i = 0; i < 6; i++) {
    say(0, ACK, 0);
  }
  ck_assert_ptr_null(world_await_data(0));
}
END_TEST

START_TEST(loss_window)
{
  path(100);
  app_send(8000);
  world_discard();
  world_pass(301);
  assert_data(0, MSS);
  assert_silence();
  ack(1000);
  assert_data(0, MSS);
  assert_data(1000, MSS);
  assert_silence();
}
END_TEST

/* RFC 6582: `recover` must not lag behind by half the sequence space. */
#if LWIP_TCP_ALT
START_TEST(fast_retransmit_after_gigabytes)
{
  u32_t i;
  path(100);
  for (i = 0; i < 5; i++) { /* in five strides of 0x30000000 */
    u32_t una = peer.ack + 0x30000000U;
    tcp_alt_test_snd_nxt_set(app.pcb, una);
    tcp_alt_test_snd_lbb_set(app.pcb, una);
    say_ack(0, ACK, 0, 0x30000000U);
    peer.ack = una;
    app_send(6000);
    world_discard();
    say(0, ACK, 0);
    say(0, ACK, 0);
    if (i == 4) {
      say(0, ACK, 0);
      assert_data(0, MSS);
      break;
    }
    ack(6000);
    world_discard();
  }
}
END_TEST
#endif

TCase *
loss_tests(void)
{
  TCase *tc = tcase_create("loss");
  tcase_add_test(tc, fast_retransmit);
  tcase_add_test(tc, limited_transmit);
  tcase_add_test(tc, what_is_a_duplicate);
  tcase_add_test(tc, partial_ack);
  tcase_add_test(tc, no_fast_retransmit_after_timeout);
  tcase_add_test(tc, loss_window);
#if LWIP_TCP_ALT
  tcase_add_test(tc, fast_retransmit_after_gigabytes);
#endif
  return tc;
}
