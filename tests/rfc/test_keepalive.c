/* SPDX-License-Identifier: BSD-3-Clause
 * Keepalive (RFC 9293 3.8.4). */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

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
    ck_assert_uint_eq(p->at - since, (u32_t)(10000 + i * 3000));
    ck_assert_uint_eq(p->seq, peer.ack - 1);
    if (i == 1 && _i == 1) {
      say(0, ACK, 0); /* an answer: from the beginning (MUST-29) */
      since = world_now();
      i = -1;
      _i = 0;
    }
  }
  ck_assert_ptr_nonnull(world_await(RST, MINUTES));
  ck_assert_uint_eq(app.err_at - since, 10000 + 4 * 3000);
  ck_assert_int_eq(app.err, ERR_ABRT);
}
END_TEST

TCase *
keepalive_tests(void)
{
  TCase *tc = tcase_create("keepalive");
  tcase_add_loop_test(tc, keepalive, 0, 2);
  return tc;
}
