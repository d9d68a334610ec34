/* SPDX-License-Identifier: BSD-3-Clause
 * A congestion window that nobody uses says nothing about the path. */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

#if LWIP_TCP_ALT && RFC_OPTIONS && TCP_RACK && TCP_CC == TCP_CC_CUBIC

#define SEG 100U
#define RTT 100U
#define IW  10U

static void
small_path(int with_sack)
{
  struct packet syn = syn_of_peer();
  add_mss(&syn, SEG);
  if (with_sack) {
    add_option(&syn, 4, "", 0); /* SACK permitted */
  }
  establish_with(&syn);
  world_pass(RTT);
  say(0, ACK, 0);
  world_discard();
  tcp_nagle_disable(app.pcb);
}

/* The application writes n segments; how many leave? */
static unsigned int
leave(unsigned int n)
{
  unsigned int left;
  while (n-- != 0) {
    app_send(SEG);
  }
  left = world_pending();
  world_discard();
  return left;
}

static void
round_trip(unsigned int n)
{
  ck_assert_uint_eq(leave(n), n);
  world_pass(RTT);
  while (n-- != 0) {
    ack(SEG);
  }
  ck_assert_uint_eq(world_pending(), 0);
}

/* RFC 5681 4.1-1; RFC 6928 2-3: after an RTO without sending, no more than the initial window; sooner, what there was. */
START_TEST(restart)
{
  const u32_t pause[] = { RTT / 2, 1000 };
  unsigned int turn, left;
  for (turn = 0; turn < 2; turn++) {
    if (turn == 0) {
      small_path(_i);
      round_trip(IW);
    }
    round_trip(IW);
    round_trip(IW);
    world_pass(pause[turn]);
    left = leave(2 * IW);
    if (turn == 0) {
      ck_assert_uint_gt(left, IW + IW / 2);
    } else {
      ck_assert_uint_eq(left, IW);
    }
    world_pass(RTT);
    ack(left * SEG);
    world_discard();
    world_pass(RTT);
    if (left != 2 * IW) {
      ack((2 * IW - left) * SEG);
    }
  }
}
END_TEST

/* RFC 9438 5.8, RFC 5681 3.1: twenty round trips with two segments each do not make room for more than there was. */
START_TEST(unused)
{
  unsigned int i;
  small_path(_i);
  for (i = 0; i < 20; i++) {
    round_trip(2);
  }
  ck_assert_uint_eq(leave(2 * IW), IW);
  world_pass(RTT);
  ack(IW * SEG);
  world_discard();
  world_pass(RTT);
  ack(IW * SEG);
}
END_TEST

#endif

TCase *
idle_tests(void)
{
  TCase *tc = tcase_create("idle");
#if LWIP_TCP_ALT && RFC_OPTIONS && TCP_RACK && TCP_CC == TCP_CC_CUBIC
  tcase_add_loop_test(tc, restart, 0, 2);
  tcase_add_loop_test(tc, unused, 0, 2);
#endif
  return tc;
}
