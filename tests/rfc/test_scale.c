/* SPDX-License-Identifier: BSD-3-Clause
 * Window scaling (RFC 7323 2). */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

#if RFC_OPTIONS

static void
accept_scaled(u8_t shift)
{
  struct packet syn = syn_of_peer();
  syn.wnd = 1000;
  add_option(&syn, 3, &shift, 1);
  establish_with(&syn);
}

/* RFC 7323 2.2-3, 2.3-1, 2.3-2: a shift beyond 14 is 14. */
START_TEST(scale)
{
  accept_scaled(15);
  peer.wnd = 0;
  say(0, ACK, 0);
  app_send(8000);
  ck_assert_uint_eq(sent_bytes(), 0);
  peer.wnd = 1; /* 1 << 14 */
  say(0, ACK, 0);
  ck_assert_uint_eq(sent_bytes(), 8000);
}
END_TEST

/* RFC 7323 2.2-1, 2.2-2 */
START_TEST(scale_of_one_side)
{
  struct packet syn = syn_of_peer();
  const struct packet *p;
  u8_t len;
  p = establish_with(&syn);
  ck_assert_ptr_null(option(p, 3, &len));
  ck_assert_uint_eq(p->wnd, TCP_WND);
  peer.wnd = 1000;
  say(0, ACK, 0);
  app_send(8000);
  ck_assert_uint_eq(sent_bytes(), 1000);
  peer_data(10);
  ck_assert_uint_gt(only()->wnd, TCP_WND / 2);
}
END_TEST

/* RFC 7323 2.2-3 */
START_TEST(scale_in_syn_ack)
{
  struct packet p;
  u8_t shift = 7;
  static const u8_t bytes[8000];
  reach(SYN_SENT);
  p = from_peer(0, SYN | ACK, 0);
  p.wnd = 600;
  add_mss(&p, 100);
  add_option(&p, 3, &shift, 1);
  inject(&p);
  peer.seq++;
  world_discard();
  ck_assert_int_eq(tcp_write(app.pcb, bytes, 2000, TCP_WRITE_FLAG_COPY), ERR_OK);
  tcp_output(app.pcb);
  ck_assert_uint_le(sent_bytes(), 600);
}
END_TEST

/* RFC 7323 2.2-3: where the SYN-ACK ends it. */
START_TEST(scale_in_simultaneous_open)
{
  struct packet p;
  u8_t shift = 7;
  static const u8_t bytes[8000];
  reach(SYN_SENT);
  p = from_peer(0, SYN, 0);
  p.wnd = 600;
  add_mss(&p, 100);
  add_option(&p, 3, &shift, 1);
  inject(&p);
  world_discard();
  p.flags = SYN | ACK;
  p.ack = peer.ack;
  inject(&p);
  peer.seq++;
  assert_state(ESTABLISHED);
  world_discard();
  ck_assert_int_eq(tcp_write(app.pcb, bytes, 2000, TCP_WRITE_FLAG_COPY), ERR_OK);
  tcp_output(app.pcb);
  ck_assert_uint_le(sent_bytes(), 600);
}
END_TEST

/* RFC 9293 REC-1: 0x40000 is not 0, and neither are the sums made with it. */
START_TEST(window_beyond_16_bits)
{
  accept_scaled(14);
  peer.wnd = 16;
  say(0, ACK, 0);
  app_send(8000);
  ck_assert_uint_eq(sent_bytes(), 8000);
  peer.wnd = 65535; /* just below 2^30 */
  ack(8000);
  app_send(8000);
  ck_assert_uint_ge(sent_bytes(), 4000);
}
END_TEST

#endif /* RFC_OPTIONS */

TCase *
scale_tests(void)
{
  TCase *tc = tcase_create("scale");
#if RFC_OPTIONS
  tcase_add_test(tc, scale);
  tcase_add_test(tc, scale_of_one_side);
  tcase_add_test(tc, scale_in_syn_ack);
  tcase_add_test(tc, scale_in_simultaneous_open);
  tcase_add_test(tc, window_beyond_16_bits);
#endif
  return tc;
}
