/* SPDX-License-Identifier: BSD-3-Clause
 * The window of the peer: probes, shrinking (RFC 9293 3.8.6). */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

/* RFC 9293 SHLD-29, SHLD-30: after one RTO, then twice that, and so on; for ever, if the peer answers. */
START_TEST(zero_window)
{
  u32_t interval = 300, i;
  path(100);
  peer.wnd = 0;
  say(0, ACK, 0);
  app_send(3000);
  assert_silence();
  for (i = 0; i < 30; i++) {
    u32_t since = world_now();
    const struct packet *p = world_await_data(2 * MINUTES);
    ck_assert_ptr_nonnull(p);
    ck_assert_uint_eq(p->seq, peer.ack);
    ck_assert_uint_eq(p->len, 1);
    ck_assert_uint_eq(p->data[0], 0);
    ck_assert_msg(p->at - since >= interval && p->at - since <= interval + 4, "interval %u: %u instead of %u",
                  (unsigned)i, (unsigned)(p->at - since), (unsigned)interval);
    interval = LWIP_MIN(2 * interval, 60000);
    say(0, ACK, 0); /* MUST-37 */
  }
  peer.wnd = 5000;
  say(0, ACK, 0);
  assert_data(0, MSS);
  assert_data(1000, MSS);
  assert_data(2000, MSS);
  ack(3000);
  ck_assert_uint_eq(app.sent, 3000);
}
END_TEST

/* RFC 9293 MUST-36, MUST-37: a closed window is probed for as long as the peer answers, here for three hours. */
START_TEST(zero_window_for_hours)
{
  u32_t since = world_now();
  unsigned int probes = 0;
  path(100);
  app_send(100);
  world_discard();
  peer.wnd = 0;
  ack(100);
  app_send(1000);
  assert_silence();
  while (world_now() - since < 180 * MINUTES) {
    ck_assert_ptr_nonnull(world_await_data(5 * MINUTES));
    say(0, ACK, 0);
    probes++;
  }
  ck_assert_uint_ge(probes, 36);
  peer.wnd = 5000;
  say(0, ACK, 0);
  ck_assert_ptr_nonnull(world_await_data(5 * MINUTES));
  ack(1000);
  ck_assert_uint_eq(app.sent, 1100);
}
END_TEST

START_TEST(zero_window_unanswered)
{
  u32_t n = 0, since;
  path(100);
  peer.wnd = 0;
  say(0, ACK, 0);
  since = world_now();
  app_send(3000);
  while (world_await_data(2 * MINUTES) != NULL) {
    n++;
  }
  ck_assert_uint_ge(n, TCP_MAXRTX);
  ck_assert_int_eq(app.err, ERR_ABRT);
  ck_assert_uint_ge(app.err_at - since, 895000); /* what TCP_MAXRTX stands for, see backoff_and_cap */
  ck_assert_uint_le(app.err_at - since, 895000 + 61000);
}
END_TEST

/* The probe's byte was taken, the window update was lost. */
START_TEST(probe_is_taken)
{
  path(100);
  peer.wnd = 0;
  say(0, ACK, 0);
  app_send(3000);
  ck_assert_ptr_nonnull(world_await_data(1000));
  peer.wnd = 8000;
  ack(1);
  {
    u32_t end = peer.ack;
    const struct packet *p;
    while ((p = world_next()) != NULL) {
      ck_assert_int_le((s32_t)(p->seq - end), 0);
      end = p->seq + p->len;
    }
    ck_assert_uint_eq(end - peer.ack, 2999);
  }
  ack(2999);
  ck_assert_uint_eq(app.sent, 3000);
}
END_TEST

/* RFC 9293 MUST-34, MUST-35, SHLD-15, SHLD-16, SHLD-17; RFC 7323 2.4-3, 2.4-4 */
START_TEST(window_shrinks)
{
  const struct packet *p;
  int i;
  path(100);
  app_send(6000);
  world_discard();
  peer.wnd = 2500;
  say(0, ACK, 0);
  app_send(2000);
  assert_silence();
  world_pass(5000);
  while ((p = world_next()) != NULL) {
    ck_assert_uint_le(p->seq + p->len - peer.ack, 2500);
  }
  peer.wnd = 0;
  say(0, ACK, 0);
  world_pass(60000);
  while ((p = world_next()) != NULL) {
    ck_assert_uint_eq(p->seq, peer.ack);
    ck_assert_uint_eq(p->len, 1);
    say(0, ACK, 0);
  }
  peer.wnd = 20000;
  say(0, ACK, 0);
  for (i = 0; i < 8; i++) {
    take_all();
  }
  ck_assert_uint_eq(app.sent, 8000);
}
END_TEST

/* A peer whose window is smaller than the segments queued for it: never slower than a probe per RTO. */
START_TEST(small_window)
{
  u32_t since, i;
  path(10);
  app_send(100);
  take_all();
  peer.wnd = 400;
  say(0, ACK, 0);
  app_send(8000);
  since = world_now();
  for (i = 0; i < 1000 && app.sent < 8100; i++) {
    const struct packet *p = world_await_data(2 * MINUTES);
    ck_assert_ptr_nonnull(p);
    ck_assert_uint_le(p->seq + p->len - peer.ack, 400);
    world_pass(10);
    peer.ack = p->seq + p->len;
    say(0, ACK, 0);
  }
  ck_assert_uint_eq(app.sent, 8100);
  ck_assert_msg(world_now() - since <= 20 * 400, "%u ms for 20 windows", (unsigned)(world_now() - since));
}
END_TEST

/* Both windows closed, both sides probing: the update's sequence number is one beyond the closed window. */
START_TEST(simultaneous_probes)
{
  path(100);
  tcp_recv(app.pcb, hoard);
  while (app.taken < TCP_WND) {
    peer_data(1000);
  }
  peer.wnd = 0;
  say(0, ACK, 0);
  app_send(1000);
  world_discard();
  ck_assert_ptr_nonnull(world_await_data(1000));
  peer.wnd = 8000;
  say(1, ACK, 0);
  assert_data(0, MSS);
}
END_TEST

START_TEST(closed_window_and_fin)
{
  const struct packet *p;
  path(100);
  peer.wnd = 0;
  say(0, ACK, 0);
  app_send(10);
  tcp_close(app.pcb);
  assert_silence();
  p = world_await_data(1000);
  ck_assert_ptr_nonnull(p);
  peer.wnd = 10;
  ack(1);
  p = world_await(FIN, 3000);
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->seq + p->len - peer.ack, 9);
  ack(10);
  assert_state(FIN_WAIT_2);
}
END_TEST

START_TEST(bare_fin_at_closed_window)
{
  const struct packet *p;
  path(100);
  peer.wnd = 0;
  say(0, ACK, 0);
  tcp_close(app.pcb);
  p = world_await(FIN, 3000);
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->seq, peer.ack);
  ack(1);
  assert_state(FIN_WAIT_2);
}
END_TEST

/* RFC 9293 MUST-1: more than 32767 is not less than nothing. */
START_TEST(large_window)
{
  peer.wnd = 65535;
  path(100);
  app_send(8000);
  ck_assert_uint_ge(sent_bytes(), 2000); /* whatever cwnd allows */
}
END_TEST

/* RFC 9293 3.10.7.4-6: an old segment that comes late says nothing about the window. */
START_TEST(window_of_newer_segments)
{
  path(100);
  peer.wnd = 1000;
  say(100, ACK, 10); /* behind a gap, and newer than the next */
  peer.wnd = 9000;
  say(0, ACK, 10);
  peer.seq += 10;
  world_discard();
  app_send(8000);
  ck_assert_uint_eq(sent_bytes(), 1000);
  peer.wnd = 9000;
  say(100, ACK, 10);
  ck_assert_uint_eq(sent_bytes(), 7000);
}
END_TEST

TCase *
window_tests(void)
{
  TCase *tc = tcase_create("window");
  tcase_add_test(tc, zero_window);
  tcase_add_test(tc, zero_window_for_hours);
  tcase_add_test(tc, zero_window_unanswered);
  tcase_add_test(tc, probe_is_taken);
  tcase_add_test(tc, window_shrinks);
  tcase_add_test(tc, small_window);
  tcase_add_test(tc, simultaneous_probes);
  tcase_add_test(tc, closed_window_and_fin);
  tcase_add_test(tc, bare_fin_at_closed_window);
  tcase_add_test(tc, large_window);
  tcase_add_test(tc, window_of_newer_segments);
  return tc;
}
