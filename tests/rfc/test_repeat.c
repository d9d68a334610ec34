/* SPDX-License-Identifier: BSD-3-Clause
 * The update that opens a closed window may be lost, and the peer's next probe be a minute off: it is repeated. */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

#if LWIP_TCP_ALT && RFC_OPTIONS && TCP_WND_REPEAT

#define RTO     300U /* of a first sample of 100 ms */
#define REPEATS 6U

/* The peer fills the window but for `left` bytes, and the application then takes everything. */
static void
reopen(u32_t left)
{
  path(100);
  tcp_recv(app.pcb, hoard);
  while (TCP_WND - app.taken > left) {
    peer_data((u16_t)LWIP_MIN(MSS, TCP_WND - app.taken - left));
  }
  world_discard();
  tcp_recved(app.pcb, (u16_t)app.taken);
}

/* The update comes again after so long; the same one. */
static void
assert_repeated(u32_t after)
{
  const u32_t since = world_now();
  const struct packet *p = world_await(ACK, after + 10);
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_ge(p->at - since, after);
  ck_assert_uint_le(p->at - since, after + 2);
  ck_assert_uint_eq(p->flags, ACK);
  ck_assert_uint_eq(p->len, 0);
  ck_assert_uint_eq(p->ack, peer.seq);
  ck_assert_uint_gt(p->wnd, 0);
}

/* RFC 9293 3.8.6.2.2: after the RTO, then twice that, and so on, six times; then the peer has nothing to send. */
START_TEST(update_repeated)
{
  unsigned int i;
  reopen(0);
  assert_ack(0);
  for (i = 0; i < REPEATS; i++) {
    assert_repeated(RTO << i);
  }
  world_pass(60 * MINUTES);
  assert_silence();
}
END_TEST

/* Data shows that the peer knows. */
START_TEST(ends_with_data)
{
  reopen(0);
  assert_ack(0);
  assert_repeated(RTO);
  assert_repeated(2 * RTO);
  peer_data(10);
  world_pass(1000);
  world_discard();
  world_pass(60 * MINUTES);
  assert_silence();
}
END_TEST

/* A window that let a segment through is not repeated: the peer was never blocked. */
START_TEST(not_closed)
{
  reopen(2 * MSS);
  world_discard();
  world_pass(60 * MINUTES);
  assert_silence();
}
END_TEST

/* Who has sent its FIN needs no window: neither before the update nor after it. */
START_TEST(not_after_fin)
{
  reopen(_i == 0 ? 0 : MSS / 2);
  world_discard();
  say(0, FIN | ACK, 0);
  peer.seq++;
  world_pass(1000);
  world_discard();
  world_pass(60 * MINUTES);
  assert_silence();
}
END_TEST

START_TEST(not_behind_fin)
{
  path(100);
  tcp_recv(app.pcb, hoard);
  while (TCP_WND - app.taken > MSS) {
    peer_data((u16_t)LWIP_MIN(MSS, TCP_WND - app.taken - MSS));
  }
  say(0, FIN | ACK, 0);
  peer.seq++;
  world_pass(1000);
  world_discard();
  tcp_recved(app.pcb, (u16_t)app.taken);
  world_discard();
  world_pass(60 * MINUTES);
  assert_silence();
}
END_TEST

#endif

TCase *
repeat_tests(void)
{
  TCase *tc = tcase_create("repeat");
#if LWIP_TCP_ALT && RFC_OPTIONS && TCP_WND_REPEAT
  tcase_add_test(tc, update_repeated);
  tcase_add_test(tc, ends_with_data);
  tcase_add_test(tc, not_closed);
  tcase_add_loop_test(tc, not_after_fin, 0, 2);
  tcase_add_test(tc, not_behind_fin);
#endif
  return tc;
}
