/* SPDX-License-Identifier: BSD-3-Clause
 * Congestion control and loss recovery (RFC 5681, 6582, 3042). */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

/* RFC 5681 3.2-3 */
START_TEST(fast_retransmit)
{
  path(100);
  app_send(3000);
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

/* RFC 5681 3.2-1; RFC 3042 2-1, 2-2: cwnd is small after a timeout. */
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

/* RFC 5681 3.2-7: an ACK with data, another window or that acknowledges something is none. */
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

/* RFC 6582 3.2-2, 3.2-3 */
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

/* RFC 6582 3.2-1 */
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

/* RFC 9293 MUST-19; RFC 5681 3.1-9; RFC 6298 5.4-1; RFC 6928 2-4 */
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

#if LWIP_TCP_ALT
/* RFC 6582: `recover` must not lag behind by half the sequence space. */
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

/* ---- cwnd, read off what leaves; segments of 100 bytes, so that nothing else is in the way ---- */

#define SMALL 100U

static void
small_path(void)
{
  struct packet syn = from_peer(0, SYN, 0);
  add_mss(&syn, SMALL);
  establish_with(&syn);
  world_pass(100);
  say(0, ACK, 0);
  world_discard();
  tcp_nagle_disable(app.pcb);
}

/* Keeps the send buffer full. */
static void
keep_full(void)
{
  while (tcp_sndbuf(app.pcb) >= SMALL && tcp_sndqueuelen(app.pcb) < TCP_SND_QUEUELEN - 1) {
    app_send(SMALL);
  }
}

/* The peer acknowledges one by one what has left; returns how many segments that were. */
static unsigned int
round_trip(void)
{
  unsigned int n = world_pending(), i;
  world_discard();
  world_pass(100);
  for (i = 0; i < n; i++) {
    ack(SMALL);
    keep_full();
  }
  return n;
}

/* RFC 5681 3.1-1, 3.1-3; RFC 6928 2-1: at most ten segments at first, and from there slow start. */
START_TEST(initial_window)
{
  unsigned int n;
  small_path();
  keep_full();
  n = round_trip();
  ck_assert_uint_ge(n, 2);
  ck_assert_uint_le(n, 10);
  ck_assert_uint_ge(round_trip(), 2 * n);
}
END_TEST

/* RFC 5681 3.1-2; RFC 6928 2-2: one segment after a SYN that was lost. */
START_TEST(initial_window_after_lost_syn)
{
  struct packet p;
  reach(SYN_SENT);
  ck_assert_ptr_nonnull(world_await(SYN, 5000));
  p = from_peer(0, SYN | ACK, 0);
  add_mss(&p, SMALL);
  inject(&p);
  peer.seq++;
  world_discard();
  tcp_nagle_disable(app.pcb);
  keep_full();
  ck_assert_uint_eq(world_pending(), 1);
}
END_TEST

#if !LWIP_TCP_ALT || TCP_CC == TCP_CC_NEWRENO
/* RFC 9293 MUST-19; RFC 5681 3.1-4, 3.1-6, 3.1-7, 3.1-8: ten segments are lost, and what was sent again is lost as well:
 * one segment, two, four, up to half of ten; from there one more each round trip. */
START_TEST(slow_start_and_avoidance)
{
  unsigned int n, last, i;
  small_path();
  keep_full();
  ck_assert_uint_eq(world_pending(), 10);
  world_discard();
  ck_assert_ptr_nonnull(world_await_data(1000));
  if (_i == 1) { /* again: ssthresh stays */
    ck_assert_ptr_nonnull(world_await_data(3000));
  }
  ck_assert_uint_eq(world_pending(), 0);
  ack(SMALL);
  ck_assert_uint_eq(round_trip(), 2);
  ck_assert_uint_eq(round_trip(), 4);
  last = round_trip();
  ck_assert(last == 5 || last == 6);
  for (i = 0; i < 6; i++) {
    n = round_trip();
    ck_assert(n == last || n == last + 1);
    last = n;
  }
  ck_assert_uint_ge(last, 10);
}
END_TEST
#endif

/* Ten segments leave and more wait; so many duplicate ACKs come. */
static void
duplicates(unsigned int n)
{
  small_path();
  keep_full();
  ck_assert_uint_eq(world_pending(), 10);
  world_discard();
  for (; n > 0; n--) {
    say(0, ACK, 0);
  }
}

#if TCP_HYSTART
#define OF_ONE_ACK 8 /* RFC 9406 4.3, L */
#else
#define OF_ONE_ACK 2 /* RFC 3465 2.3 */
#endif

/* RFC 3042 2-3: limited transmit leaves cwnd alone. */
START_TEST(limited_transmit_and_cwnd)
{
  duplicates(2);
  ck_assert_uint_eq(world_pending(), 2);
  world_discard();
  ack(12 * SMALL);
  keep_full();
  ck_assert_uint_le(world_pending(), 10 + OF_ONE_ACK); /* ten, and what slow start gives for one ACK */
}
END_TEST

#if !LWIP_TCP_ALT || TCP_CC == TCP_CC_NEWRENO
/* RFC 5681 3.2-2, 3.2-4, 3.2-5, 3.2-6: ten segments, and two by limited transmit. ssthresh is five, cwnd five and three and
 * one for each further duplicate; so the fifth of those sends the thirteenth segment. The ACK of all ends it. */
START_TEST(fast_recovery)
{
  int i;
  duplicates(2);
  world_discard();
  say(0, ACK, 0);
  assert_data(0, SMALL);
  for (i = 0; i < 4; i++) {
    say(0, ACK, 0);
    assert_silence();
  }
  say(0, ACK, 0);
  assert_data(12 * SMALL, SMALL);
  say(0, ACK, 0);
  assert_data(13 * SMALL, SMALL);
  assert_silence();
  ack(14 * SMALL);
  keep_full();
  ck_assert_uint_ge(world_pending(), ALT ? 4 : 2); /* RFC 6582 3.2-3: less than all that ssthresh allows, no burst; */
  ck_assert_uint_le(world_pending(), ALT ? 4 : 5); /* but enough for more than one ACK, which may be lost */
}
END_TEST
#endif

/* RFC 5681 3.2-8: hundreds of duplicate ACKs for ten segments: no more new ones leave than were in flight, and two. */
START_TEST(invented_duplicates)
{
  unsigned int i, fresh = 0;
  const struct packet *p;
  duplicates(0);
  for (i = 0; i < 600; i++) {
    say(0, ACK, 0);
    while ((p = world_next()) != NULL) {
      fresh += p->seq - peer.ack >= 10 * SMALL;
    }
    keep_full();
  }
  ck_assert_uint_ge(fresh, 4);
  ck_assert_uint_le(fresh, 12);
}
END_TEST

/* RFC 2018 5-2, 8-1: what was selectively acknowledged comes again when it is not acknowledged in the end. */
START_TEST(sacked_data_is_kept)
{
  struct packet p;
  unsigned int i;
  duplicates(0);
  p = from_peer(0, ACK, 0);
  add_sack(&p, SMALL, 10 * SMALL);
  inject(&p);
  world_discard();
  for (i = 0; i < 10; i++) {
    const struct packet *again = world_next();
    if (again == NULL) {
      again = world_await_data(3000);
    }
    ck_assert_ptr_nonnull(again);
    ck_assert_uint_eq(again->seq, peer.ack);
    peer.ack += SMALL;
    say(0, ACK, 0);
    while (world_pending() > 0 && world_next()->seq != peer.ack) {
    }
    if (world_pending() == 0) {
      continue;
    }
    world_discard();
  }
}
END_TEST

/* RFC 6582 3.2: a partial ACK of all data, and the FIN is what is missing: it is sent again at once. */
START_TEST(partial_ack_of_all_data)
{
  const struct packet *p;
  int i;
  path(100);
  app_send(3000);
  tcp_shutdown(app.pcb, 0, 1);
  world_discard();
  for (i = 0; i < 3; i++) {
    say(0, ACK, 0);
  }
  assert_data(0, 1000);
  world_discard();
  ack(3000);
  p = only();
  ck_assert_uint_eq(p->flags & FIN, FIN);
  ck_assert_uint_eq(p->seq, peer.ack);
  ck_assert_uint_eq(p->len, 0);
}
END_TEST

/* Hundreds of duplicate ACKs: the counter does not begin again. */
START_TEST(many_duplicates)
{
  int i;
  path(100);
  app_send(2000);
  world_discard();
  for (i = 0; i < 600; i++) {
    say(0, ACK, 0);
  }
  ck_assert_uint_eq(sent_bytes(), 1000);
  ck_assert_uint_eq(tcp_alt_test_dupacks(app.pcb), 255);
  ack(2000);
  ck_assert_uint_eq(app.sent, 2000);
  ck_assert_uint_eq(tcp_alt_test_dupacks(app.pcb), 0);
}
END_TEST

TCase *
loss_tests(void)
{
  TCase *tc = tcase_create("loss");
  tcase_add_test(tc, fast_retransmit);
  tcase_add_test(tc, limited_transmit);
  tcase_add_test(tc, partial_ack_of_all_data);
  if (ALT) {
    tcase_add_test(tc, many_duplicates);
  }
  tcase_add_test(tc, what_is_a_duplicate);
  tcase_add_test(tc, partial_ack);
  tcase_add_test(tc, no_fast_retransmit_after_timeout);
  tcase_add_test(tc, loss_window);
#if LWIP_TCP_ALT
  if (ALT) {
    tcase_add_test(tc, fast_retransmit_after_gigabytes);
  }
#endif
  tcase_add_test(tc, initial_window);
  tcase_add_test(tc, initial_window_after_lost_syn);
#if !LWIP_TCP_ALT || TCP_CC == TCP_CC_NEWRENO
  tcase_add_loop_test(tc, slow_start_and_avoidance, 0, 2);
  tcase_add_test(tc, fast_recovery);
#endif
  tcase_add_test(tc, limited_transmit_and_cwnd);
  if (ALT) {
    tcase_add_test(tc, invented_duplicates);
  }
  tcase_add_test(tc, sacked_data_is_kept);
  return tc;
}
