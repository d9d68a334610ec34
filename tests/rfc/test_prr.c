/* SPDX-License-Identifier: BSD-3-Clause
 * Proportional rate reduction (RFC 9937), computed beside: after each ACK cwnd is what section 6 makes of it. */
#include "groups.h"
#include "sack.h"

#include <string.h>

#if LWIP_TCP_ALT && RFC_OPTIONS && TCP_PRR && TCP_RACK

#define FLIGHT 10U

/* RFC 9937's variables, in bytes. */
static u32_t prr_delivered, prr_out, recover_fs, piped;

static u32_t
ssthresh(void)
{
  struct tcp_info info;
  ck_assert_int_eq(tcp_info_get(app.pcb, &info), ERR_OK);
  return info.ssthresh;
}

/* An ACK has come that delivered so much and made so much be lost; checks cwnd, and takes what left. */
static void
check(u32_t delivered, u32_t lost, int safe)
{
  const u32_t thresh = ssthresh();
  s32_t send;
  u32_t left = 0;
  const struct packet *p;

  prr_delivered += delivered;
  piped -= delivered + lost;
  if (piped > thresh) {
    send = (s32_t)((prr_delivered * thresh + recover_fs - 1) / recover_fs) - (s32_t)prr_out;
  } else {
    send = LWIP_MAX((s32_t)(prr_delivered - prr_out), (s32_t)delivered) + (safe ? (s32_t)SEG : 0);
    send = LWIP_MIN(send, (s32_t)(thresh - piped));
  }
  if (prr_out == 0) {
    send = LWIP_MAX(send, (s32_t)SEG);
  }
  ck_assert_uint_eq(cwnd(), piped + (u32_t)LWIP_MAX(send, 0));
  while ((p = world_next()) != NULL) {
    left += p->len;
  }
  ck_assert_int_le((s32_t)left, LWIP_MAX(send, 0));
  prr_out += left;
  piped += left;
}

/* Ten segments are in flight and many wait. */
static void
begin(void)
{
  unsigned int i;
  sack_path();
  for (i = 0; i < 3 * FLIGHT; i++) {
    app_send(SEG);
  }
  ck_assert_uint_eq(world_pending(), FLIGHT);
  world_discard();
  world_pass(RTT);
  recover_fs = piped = FLIGHT * SEG;
}

/* RFC 9937 6.1-1, 6.2-1, 6.2-2, 6.2-4, 6.2-6, 6.2-7: the first `_i` + 1 of a flight are lost, and the others are reported one by
 * one; then what was sent again is acknowledged. */
START_TEST(one_by_one)
{
  const unsigned int holes = (unsigned int)_i + 1;
  unsigned int i;
  u32_t thresh;
  begin();
  {
    s32_t edges[2];
    edges[0] = (s32_t)holes;
    edges[1] = (s32_t)holes + 3;
    sack(1, edges);
  }
  ck_assert_int_eq(recovery(), TCP_INFO_RECOVERY);
  thresh = ssthresh();
  ck_assert_uint_eq(thresh, FLIGHT * SEG * 7 / 10);
  check(3 * SEG, holes * SEG, 0);
  for (i = holes + 4; i <= FLIGHT; i++) {
    s32_t edges[2];
    world_pass(1);
    edges[0] = (s32_t)holes;
    edges[1] = (s32_t)i;
    sack(1, edges);
    check(SEG, 0, 0);
  }
  /* RFC 9937 6.2-5: no news */
  SACK(1, 4, 5);
  say(0, ACK, 0);
  assert_silence();
  world_pass(RTT);
  ack(FLIGHT * SEG);
  ck_assert_int_eq(recovery(), TCP_INFO_OPEN);
  ck_assert_uint_eq(cwnd(), thresh);
  world_discard();
}
END_TEST

/* RFC 9937 6.2-3: most of a flight is lost: piped is below ssthresh, and ACKs that move on without new losses let it grow. */
START_TEST(heavy_loss)
{
  unsigned int i;
  begin();
  SACK(1, 7, 10);
  ck_assert_int_eq(recovery(), TCP_INFO_RECOVERY);
  check(3 * SEG, 7 * SEG, 0);
  for (i = 0; i < 3; i++) {
    world_pass(RTT);
    ack(SEG);
    ck_assert_int_eq(recovery(), TCP_INFO_RECOVERY);
    check(SEG, 0, 1);
  }
  ack(7 * SEG);
  world_discard();
}
END_TEST

/* RFC 9937 6.2-5: an ACK that delivers nothing changes nothing. */
START_TEST(no_news_in_recovery)
{
  unsigned int i;
  u32_t before;
  begin();
  SACK(1, 1, 4);
  world_discard();
  before = cwnd();
  for (i = 0; i < 100; i++) {
    SACK(1, 1, 4);
    say(0, ACK, 0);
  }
  assert_silence();
  ck_assert_uint_eq(cwnd(), before);
  ack(10 * SEG);
  world_discard();
}
END_TEST

#endif

TCase *
prr_tests(void)
{
  TCase *tc = tcase_create("prr");
#if LWIP_TCP_ALT && RFC_OPTIONS && TCP_PRR && TCP_RACK
  tcase_add_loop_test(tc, one_by_one, 0, 4);
  tcase_add_test(tc, heavy_loss);
  tcase_add_test(tc, no_news_in_recovery);
#endif
  return tc;
}
