/* SPDX-License-Identifier: BSD-3-Clause
 * Keepalive (RFC 9293 3.8.4). */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

/* RFC 9293 MUST-27, MUST-29, SHLD-12, MAY-5: at the times that were set, without data, and one of them unanswered is not
 * the end. */
START_TEST(keepalive)
{
  u32_t since;
  int i;
  path(10);
  tcp_keep_idle_set(app.pcb, 10000);
  tcp_keep_intvl_set(app.pcb, 3000);
  tcp_keep_cnt_set(app.pcb, 4);
  ip_set_option(app.pcb, SOF_KEEPALIVE);
  peer_data(1);
  world_pass(100);
  world_discard();
  say(0, ACK, 0);
  since = world_now();
  for (i = 0; i < 4; i++) {
    const struct packet *p = world_await(ACK, MINUTES);
    ck_assert_ptr_nonnull(p);
    ck_assert_uint_ge(p->at - since, (u32_t)(10000 + i * 3000));
    ck_assert_uint_le(p->at - since, (u32_t)(10000 + i * 3000) + 2 * grain());
    ck_assert_uint_eq(p->seq, peer.ack - 1);
    ck_assert_uint_eq(p->len, 0);
    if (i == 1 && _i == 1) {
      say(0, ACK, 0); /* an answer: from the beginning (MUST-29) */
      since = world_now();
      i = -1;
      _i = 0;
    }
  }
  ck_assert_ptr_nonnull(world_await(RST, MINUTES));
  ck_assert_uint_ge(app.err_at - since, 10000 + 4 * 3000);
  ck_assert_uint_le(app.err_at - since, 10000 + 4 * 3000 + 2 * grain());
  ck_assert_int_eq(app.err, ERR_ABRT);
}
END_TEST

/* RFC 9293 MUST-24, MUST-25: off unless it is switched on, and off again. Switched on after a long silence, its probes
 * come one by one all the same. */
START_TEST(keepalive_on_and_off)
{
  path(10);
  tcp_keep_idle_set(app.pcb, 10000);
  world_pass(24U * 60U * MINUTES);
  assert_silence();
  ip_set_option(app.pcb, SOF_KEEPALIVE);
  ck_assert_ptr_nonnull(world_await(ACK, MINUTES));
  world_pass(1000);
  assert_silence();
  say(0, ACK, 0);
  ip_reset_option(app.pcb, SOF_KEEPALIVE);
  world_discard();
  world_pass(24U * 60U * MINUTES);
  assert_silence();
  assert_alive(ESTABLISHED);
}
END_TEST

/* RFC 9293 MUST-28: two hours, unless the application says otherwise. */
START_TEST(keepalive_default)
{
  u32_t since;
  const struct packet *p;
  path(10);
  ip_set_option(app.pcb, SOF_KEEPALIVE);
  say(0, ACK, 0);
  since = world_now();
  p = world_await(ACK, 24U * 60U * MINUTES);
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_ge(p->at - since, 120U * MINUTES);
}
END_TEST

/* RFC 9293 MUST-26: neither while something is outstanding nor while the peer is heard. */
START_TEST(keepalive_only_when_idle)
{
  const struct packet *p;
  int i;
  path(100);
  tcp_keep_idle_set(app.pcb, 5000);
  ip_set_option(app.pcb, SOF_KEEPALIVE);
  for (i = 0; i < 10; i++) { /* heard */
    world_pass(4000);
    peer_data(10);
    while ((p = world_next()) != NULL) {
      ck_assert_uint_eq(p->seq, peer.ack);
    }
  }
  world_pass(1000);
  world_discard();
  app_send(10); /* outstanding: sent again and again, and nothing else */
  for (i = 0; i < 5; i++) {
    p = world_await(ACK, MINUTES);
    ck_assert_ptr_nonnull(p);
    ck_assert_uint_eq(p->seq, peer.ack);
    ck_assert_uint_eq(p->len, 10);
  }
}
END_TEST

TCase *
keepalive_tests(void)
{
  TCase *tc = tcase_create("keepalive");
  tcase_add_loop_test(tc, keepalive, 0, 2);
  tcase_add_test(tc, keepalive_on_and_off);
  tcase_add_test(tc, keepalive_default);
  tcase_add_test(tc, keepalive_only_when_idle);
  return tc;
}
