/* SPDX-License-Identifier: BSD-3-Clause
 * The retransmission timer (RFC 6298, RFC 9293 3.8.1 and 3.8.3). */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

/* What 12 retransmissions, TCP_MAXRTX, take with an RTO of a second that doubles up to 128: 1 + 2 + .. + 6 * 128 s. */
#define R2_MS 895000U

/* RFC 9293 MUST-18; RFC 6298 2.2-1, 4-1, 5.1-1 */
START_TEST(first_sample)
{
  static const struct { u32_t rtt, rto; } cases[] = {
    { 0, 40 }, { 50, 150 }, { 100, 300 }, { 200, 600 }, { 900, 2700 },
  };
  path(cases[_i].rtt);
  app_send(100);
  world_discard();
  ck_assert_uint_le(wait_again(0) - cases[_i].rto, 4);
}
END_TEST

/* RFC 9293 MUST-18; RFC 6298 2.3-1, 3-2, 5-1 */
START_TEST(smoothing)
{
  u32_t srtt = 8 * 100, var = 2 * 100; /* scaled by 8 and 4 */
  static const u32_t rtt[] = { 290, 80, 500, 100, 100, 40, 1000 };
  size_t i;
  path(100);
  for (i = 0; i < LWIP_ARRAYSIZE(rtt); i++) {
    u32_t err = rtt[i] > srtt / 8 ? rtt[i] - srtt / 8 : srtt / 8 - rtt[i];
    u32_t rto = srtt / 8 + LWIP_MAX(40, var);
    if (rtt[i] >= rto) {
      break;
    }
    app_send(100);
    world_pass(rtt[i]);
    world_discard();
    ack(100);
    var = var - var / 4 + err;
    srtt = srtt - srtt / 8 + rtt[i];
  }
  ck_assert_uint_ge(i, 2);
  app_send(100);
  world_discard();
  {
    u32_t rto = srtt / 8 + LWIP_MAX(40, var), got = wait_again(0);
    ck_assert_msg(got + 3 >= rto && got <= rto + 3, "RTO %u instead of %u", (unsigned)got, (unsigned)rto);
  }
}
END_TEST

/* RFC 9293 MUST-19, MUST-20, SHLD-11; RFC 6298 2.5-1, 5.5-1, 5.6-1 */
START_TEST(backoff_and_cap)
{
  u32_t rto = 300, i, since;
  path(100);
  app_send(100);
  world_discard();
  since = world_now();
  for (i = 0; world_now() - since < R2_MS - 61000; i++) {
    u32_t w = wait_again(0);
    ck_assert_msg(w >= rto && w <= rto + 4, "interval %u is %u instead of %u", (unsigned)i, (unsigned)w, (unsigned)rto);
    rto = LWIP_MIN(2 * rto, 60000);
  }
  ck_assert_ptr_nonnull(app.pcb);
  world_pass(2 * MINUTES);
  ck_assert_int_eq(app.err, ERR_ABRT);
  ck_assert_uint_ge(app.err_at - since, R2_MS); /* SHLD-11 */
  ck_assert_uint_le(app.err_at - since, R2_MS + 61000);
}
END_TEST

/* RFC 9293 MUST-18; RFC 6298 3-1: no sample of what was sent twice, the backed-off RTO stays until there is one. */
START_TEST(karn)
{
  path(100);
  app_send(100);
  world_discard();
  wait_again(0);
  world_discard();
  ack(100);
  app_send(100);
  world_discard();
  {
    u32_t w = wait_again(0);
    ck_assert_msg(w >= 300 && w <= 604, "%u", (unsigned)w);
  }
}
END_TEST

/* RFC 6298 5-1, 5.3-1 */
START_TEST(restart_on_ack)
{
  path(100);
  app_send(3000);
  world_discard();
  world_pass(250);
  ack(1000);
  world_discard();
  {
    u32_t w = wait_again(0);
    ck_assert_msg(w >= 290, "after %u ms", (unsigned)w);
  }
}
END_TEST

/* RFC 6298 5.2-1 */
START_TEST(no_timer_without_data)
{
  path(100);
  app_send(1000);
  world_discard();
  ack(1000);
  world_pass(10 * MINUTES);
  assert_silence();
  ck_assert(!ALT || world_sleeps_forever()); /* legacy ticks as long as there is a connection */
}
END_TEST

/* RFC 9293 MUST-22, MUST-23; RFC 6298 2.1-1, 5.5-1: a SYN is tried for at least 3 minutes. */
START_TEST(syn_for_three_minutes)
{
  u32_t since = world_now(), interval = 1000, last;
  const struct packet *p;
  reach(SYN_SENT);
  last = since;
  while ((p = world_await(SYN, 2 * MINUTES)) != NULL) {
    ck_assert_uint_eq(p->at - last, interval);
    last = p->at;
    interval = LWIP_MIN(2 * interval, 60000);
  }
  ck_assert_int_eq(app.err, ERR_ABRT);
  ck_assert_msg(app.err_at - since >= 3 * MINUTES, "given up after %u ms", (unsigned)(app.err_at - since));
}
END_TEST

/* RFC 6298 5.7-1 */
START_TEST(rto_after_lost_syn)
{
  reach(SYN_SENT);
  ck_assert_ptr_nonnull(world_await(SYN, 5000));
  say(0, SYN | ACK, 0);
  peer.seq++;
  world_discard();
  app_send(100);
  world_discard();
  ck_assert_uint_eq(wait_again(0), 3000);
}
END_TEST

/* A backed-off timer does not outlive the loss, though there never was a sample. */
START_TEST(backoff_ends_without_sample)
{
  int i;
  reach(SYN_SENT);
  ck_assert_ptr_nonnull(world_await(SYN, 5000));
  say(0, SYN | ACK, 0);
  peer.seq++;
  app_send(100);
  world_discard();
  for (i = 0; i < 4; i++) {
    wait_again(0); /* 3, 6, 12, 24 s */
  }
  world_discard();
  ack(100);
  app_send(100);
  world_discard();
  ck_assert_uint_eq(wait_again(0), 3000);
}
END_TEST

/* The FIN is sent again with what it came with, by timer. */
START_TEST(lost_fin)
{
  int i;
  path(100);
  if (_i == 1) {
    app_send(500);
    take_all();
  }
  tcp_close(app.pcb);
  ck_assert_uint_eq(only()->flags & FIN, FIN);
  for (i = 0; i < 3; i++) {
    const struct packet *p = world_await(FIN, 5000);
    ck_assert_ptr_nonnull(p);
    ck_assert_uint_eq(p->seq, peer.ack);
  }
  ack(1);
  assert_state(FIN_WAIT_2);
  world_discard();
  world_pass(1000);
  assert_silence();
}
END_TEST

TCase *
rto_tests(void)
{
  TCase *tc = tcase_create("rto");
  tcase_add_loop_test(tc, first_sample, 0, 5);
  tcase_add_test(tc, smoothing);
  tcase_add_test(tc, backoff_and_cap);
  tcase_add_test(tc, karn);
  tcase_add_test(tc, restart_on_ack);
  tcase_add_test(tc, no_timer_without_data);
  tcase_add_test(tc, syn_for_three_minutes);
  tcase_add_test(tc, rto_after_lost_syn);
  tcase_add_test(tc, backoff_ends_without_sample);
  tcase_add_loop_test(tc, lost_fin, 0, 2);
  return tc;
}
