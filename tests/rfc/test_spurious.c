/* SPDX-License-Identifier: BSD-3-Clause
 * Recoveries that were not needed, and are taken back: F-RTO (RFC 5682), Eifel (RFC 3522, RFC 4015), DSACK (RFC 3708). */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

#if LWIP_TCP_ALT && RFC_OPTIONS && TCP_FRTO && TCP_UNDO

#define SEG 100U
#define RTT 100U

enum { PLAIN, WITH_SACK, WITH_TS };

static u32_t ts; /* the peer's clock */
static u32_t echo; /* our TSval of the SYN-ACK; ours counts milliseconds */

static void
open_path(int how)
{
  struct packet syn = syn_of_peer(), p;
  const struct packet *answer;
  u8_t len;
  add_mss(&syn, how == WITH_TS ? SEG + 12 : SEG);
  if (how != PLAIN) {
    add_option(&syn, 4, "", 0);
  }
  if (how == WITH_TS) {
    add_ts(&syn, ts, 0);
  }
  answer = establish_with(&syn);
  if (how == WITH_TS) {
    echo = get32(option(answer, 8, &len)) - answer->at;
  }
  world_pass(RTT);
  p = from_peer(0, ACK, 0);
  if (how == WITH_TS) {
    add_ts(&p, ++ts, echo + answer->at);
  }
  inject(&p);
  world_discard();
  tcp_nagle_disable(app.pcb);
}

static void
flight(unsigned int n)
{
  while (n-- > 0) {
    app_send(SEG);
  }
  world_discard();
}

static u32_t
cwnd(void)
{
  struct tcp_info info;
  ck_assert_int_eq(tcp_info_get(app.pcb, &info), ERR_OK);
  return info.cwnd;
}

static enum tcp_info_recovery
recovery(void)
{
  struct tcp_info info;
  ck_assert_int_eq(tcp_info_get(app.pcb, &info), ERR_OK);
  return info.recovery;
}

/* An ACK of `acked` segments more, with a block if `left` is not `right`, in segments from there; with the echo of what
 * was sent at `sent`. */
static void
answer(u32_t acked, s32_t left, s32_t right, u32_t sent)
{
  struct packet p;
  u8_t body[8];
  peer.ack += acked * SEG;
  p = from_peer(0, ACK, 0);
  if (sent != 0) {
    add_ts(&p, ++ts, echo + sent);
  }
  if (left != right) {
    put32(body, peer.ack + (u32_t)(left * (s32_t)SEG));
    put32(body + 4, peer.ack + (u32_t)(right * (s32_t)SEG));
    add_option(&p, 5, body, 8);
  }
  inject(&p);
}

/* Nobody answers until the retransmission timer has expired and the first segment left again. */
static void
timeout(void)
{
  do {
    ck_assert_ptr_nonnull(world_await_data(PATIENCE));
  } while (recovery() != TCP_INFO_RTO);
  world_discard();
}

/* RFC 5682 2.1-1, 2.1-3, 2.1-6; RFC 4015 3.2-1, 3.2-2: the answers were only late. After the first, new data leaves; after the second, nothing counts as lost. */
START_TEST(late_answers)
{
  u32_t before;
  open_path(PLAIN);
  flight(6);
  before = cwnd();
  timeout();
  flight(4); /* more, which has to wait */
  ck_assert_uint_eq(cwnd(), SEG);
  answer(1, 0, 0, 0);
  assert_data(5 * SEG, SEG); /* step 2b: not what follows, again */
  assert_data(6 * SEG, SEG);
  assert_silence();
  answer(1, 0, 0, 0);
  ck_assert_int_eq(recovery(), TCP_INFO_OPEN);
  ck_assert_uint_ge(cwnd(), before);
  assert_data(6 * SEG, SEG);
  assert_data(7 * SEG, SEG);
  assert_silence();
  answer(8, 0, 0, 0);
  world_pass(MINUTES);
  assert_silence();
}
END_TEST

/* RFC 5682 2.1-3: Nagle does not hold the new data. */
START_TEST(small_new_data)
{
  open_path(PLAIN);
  flight(6);
  app_send(SEG / 2);
  world_discard();
  timeout();
  tcp_nagle_enable(app.pcb);
  app_send(SEG / 2); /* has to wait */
  ck_assert_uint_eq(world_pending(), 0);
  answer(1, 0, 0, 0);
  assert_data(5 * SEG + SEG / 2, SEG / 2);
  world_discard();
  peer.ack += 6 * SEG;
  say(0, ACK, 0);
  world_pass(MINUTES);
  assert_silence();
}
END_TEST

/* RFC 5682 2.1-3, 2.1-6, 3.1-3: a single new segment is enough to find out by: beside it nothing is sent again. */
START_TEST(one_new_segment)
{
  u32_t before;
  open_path(_i < 2 ? PLAIN : WITH_SACK);
  flight(6);
  before = cwnd();
  timeout();
  flight(1);
  answer(1, 0, 0, 0);
  assert_data(5 * SEG, SEG);
  assert_silence();
  if (_i == 1) { /* they were lost */
    say(0, ACK, 0);
    assert_data(0, SEG);
    ck_assert_int_eq(recovery(), TCP_INFO_RTO);
    answer(6, 0, 0, 0);
  } else if (_i == 3) { /* nobody answers: the timer goes on */
    ck_assert_ptr_nonnull(world_await_data(PATIENCE));
    ck_assert_int_eq(recovery(), TCP_INFO_RTO);
    answer(6, 0, 0, 0);
  } else {
    answer(1, 0, 0, 0);
    ck_assert_int_eq(recovery(), TCP_INFO_OPEN);
    ck_assert_uint_ge(cwnd(), before);
    assert_silence();
    answer(5, 0, 0, 0);
  }
  world_discard();
  world_pass(MINUTES);
  assert_silence();
}
END_TEST

/* RFC 5682 2.1-5: a duplicate: they were lost. */
START_TEST(lost_answers)
{
  open_path(PLAIN);
  flight(6);
  timeout();
  flight(4);
  answer(1, 0, 0, 0);
  world_discard();
  say(0, ACK, 0);
  assert_data(0, SEG);
  ck_assert_int_eq(recovery(), TCP_INFO_RTO);
  answer(5, 0, 0, 0);
  world_discard();
}
END_TEST

/* RFC 5682 2.1-2: the first answer is a duplicate. */
START_TEST(duplicate_first)
{
  open_path(PLAIN);
  flight(6);
  timeout();
  flight(4);
  say(0, ACK, 0);
  assert_silence();
  answer(1, 0, 0, 0);
  assert_data(0, SEG); /* what follows, again */
  ck_assert_int_eq(recovery(), TCP_INFO_RTO);
}
END_TEST

/* RFC 5682 2.1-4: nothing new to send, or no window for it: the conventional recovery. */
START_TEST(nothing_new)
{
  open_path(PLAIN);
  flight(6);
  timeout();
  if (_i == 1) {
    flight(4);
    peer.wnd = 5 * SEG;
  }
  answer(1, 0, 0, 0);
  assert_data(0, SEG);
  ck_assert_int_eq(recovery(), TCP_INFO_RTO);
}
END_TEST

/* RFC 5682 3.1-2, 3.1-3: with SACK, one report of what was sent once is enough, when what was sent again has been answered;
 * before that it may be what the first segment's loss made the peer say. */
START_TEST(late_with_sack)
{
  u32_t before;
  open_path(WITH_SACK);
  flight(6);
  before = cwnd();
  timeout();
  if (_i == 0) {
    answer(2, 1, 2, 0);
  } else {
    flight(4);
    answer(0, 1, 2, 0);
    ck_assert_int_eq(recovery(), TCP_INFO_RTO);
    ck_assert_uint_lt(cwnd(), before);
    if (_i == 2) { /* it was lost indeed, and so were the others */
      answer(2, 0, 0, 0);
      ck_assert_int_eq(recovery(), TCP_INFO_RTO);
      ck_assert_uint_lt(cwnd(), before);
      return;
    }
    answer(1, 0, 0, 0);
    ck_assert_int_eq(recovery(), TCP_INFO_RTO);
    answer(0, 1, 3, 0);
  }
  ck_assert_int_eq(recovery(), TCP_INFO_OPEN);
  ck_assert_uint_ge(cwnd(), before);
}
END_TEST

static err_t
write_more(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  static const char more[2 * SEG];
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(len);
  return tcp_write(pcb, more, sizeof(more), TCP_WRITE_FLAG_COPY);
}

/* RFC 5682 2.1-3: an application whose buffer was full writes when it hears of the first answer: that is new data. */
START_TEST(written_at_the_answer)
{
  u32_t before;
  open_path(PLAIN);
  flight(6);
  before = cwnd();
  timeout();
  tcp_sent(app.pcb, write_more);
  answer(1, 0, 0, 0);
  assert_data(5 * SEG, SEG);
  assert_data(6 * SEG, SEG);
  assert_silence();
  tcp_sent(app.pcb, NULL);
  answer(1, 0, 0, 0);
  ck_assert_int_eq(recovery(), TCP_INFO_OPEN);
  ck_assert_uint_ge(cwnd(), before);
  answer(6, 0, 0, 0);
  world_discard();
}
END_TEST

/* RFC 5682 2.1-2: the answer does not acknowledge all that was sent again: the conventional recovery. */
START_TEST(answer_in_part)
{
  open_path(PLAIN);
  flight(6);
  timeout();
  flight(4);
  peer.ack += SEG / 2;
  say(0, ACK, 0);
  assert_data(SEG / 2, SEG); /* the next of those, and nothing new */
  assert_silence();
  peer.ack += SEG / 2;
  answer(1, 0, 0, 0);
  ck_assert_int_eq(recovery(), TCP_INFO_RTO);
}
END_TEST

/* RFC 5682 2.1-1: not for a timeout while an earlier one is being repaired. */
START_TEST(timeout_in_recovery)
{
  open_path(PLAIN);
  flight(6);
  timeout();
  flight(4);
  answer(1, 0, 0, 0);
  world_discard(); /* new data: a second timeout says that this, too, was not answered */
  ck_assert_ptr_nonnull(world_await_data(PATIENCE));
  world_discard();
  answer(1, 0, 0, 0);
  assert_data(0, SEG);
  ck_assert_int_eq(recovery(), TCP_INFO_RTO);
}
END_TEST

/* .. but where nothing at all was heard since the first timeout, nothing is repaired yet: the next is judged like it. */
START_TEST(second_timeout)
{
  u32_t before;
  open_path(PLAIN);
  flight(6);
  before = cwnd();
  timeout();
  ck_assert_ptr_nonnull(world_await_data(PATIENCE));
  flight(4);
  if (_i == 1) { /* after all they were lost */
    answer(1, 0, 0, 0);
    assert_data(5 * SEG, SEG);
    world_discard();
    say(0, ACK, 0);
    assert_data(0, SEG);
    ck_assert_int_eq(recovery(), TCP_INFO_RTO);
    return;
  }
  answer(1, 0, 0, 0);
  assert_data(5 * SEG, SEG);
  assert_data(6 * SEG, SEG);
  answer(1, 0, 0, 0);
  ck_assert_int_eq(recovery(), TCP_INFO_OPEN);
  ck_assert_uint_ge(cwnd(), before);
  world_discard();
}
END_TEST

/* RFC 3522 3.2-1, 3.2-2, 3.2-3; RFC 4015 3.2-1: the first ACK after a retransmission echoes what was sent before it. */
START_TEST(eifel)
{
  u32_t before, sent;
  open_path(WITH_TS);
  flight(8);
  before = cwnd();
  sent = world_now();
  world_pass(RTT);
  answer(0, 1, 4, sent);
  assert_data(0, SEG);
  ck_assert_int_eq(recovery(), TCP_INFO_RECOVERY);
  world_pass(10);
  answer(4, 0, 0, _i == 0 ? sent : sent + RTT);
  if (_i == 0) {
    ck_assert_int_eq(recovery(), TCP_INFO_OPEN);
    ck_assert_uint_ge(cwnd(), before);
  } else {
    ck_assert_int_eq(recovery(), TCP_INFO_RECOVERY);
    ck_assert_uint_lt(cwnd(), before);
  }
  answer(4, 0, 0, sent + RTT);
}
END_TEST

/* RFC 3708 3-1, 3-2: all that was sent again had arrived; one DSACK too few proves nothing. */
START_TEST(dsack)
{
  u32_t before;
  open_path(WITH_SACK);
  flight(8);
  before = cwnd();
  world_pass(RTT);
  answer(0, _i == 0 ? 1 : 2, 7, 0); /* one or two are sent again */
  world_pass(10);
  world_discard();
  answer(8, 0, 0, 0);
  ck_assert_uint_lt(cwnd(), before);
  answer(0, -8, -7, 0);
  if (_i == 0) {
    ck_assert_uint_ge(cwnd(), before);
  } else {
    ck_assert_uint_lt(cwnd(), before);
    answer(0, -7, -6, 0);
    ck_assert_uint_ge(cwnd(), before);
  }
}
END_TEST

#if TCP_RACK
/* RFC 8985 6.2 steps 3 and 4: what arrives late each time, and is sent again before, shows by the time of its answer that
 * it was reordered; from then on three reports are not enough. A real loss shows nothing like that. */
START_TEST(undone_is_reordered)
{
  open_path(WITH_SACK);
  flight(8);
  world_pass(RTT);
  answer(0, 1, 7, 0);
  assert_data(0, SEG);
  world_discard();
  world_pass(_i == 0 ? 10 : RTT);
  answer(8, 0, 0, 0);
  if (_i == 0) {
    answer(0, -8, -7, 0);
  }
  world_discard();
  world_pass(RTT);
  flight(8);
  world_pass(RTT);
  answer(0, 1, 7, 0);
  if (_i == 0) {
    assert_silence();
  } else {
    assert_data(0, SEG);
  }
  answer(8, 0, 0, 0);
  world_discard();
}
END_TEST
#endif

#endif

TCase *
spurious_tests(void)
{
  TCase *tc = tcase_create("spurious");
#if LWIP_TCP_ALT && RFC_OPTIONS && TCP_FRTO && TCP_UNDO
  tcase_add_test(tc, late_answers);
  tcase_add_test(tc, small_new_data);
  tcase_add_loop_test(tc, one_new_segment, 0, 4);
  tcase_add_test(tc, lost_answers);
  tcase_add_test(tc, duplicate_first);
  tcase_add_loop_test(tc, nothing_new, 0, 2);
  tcase_add_loop_test(tc, late_with_sack, 0, 3);
  tcase_add_test(tc, answer_in_part);
  tcase_add_test(tc, written_at_the_answer);
  tcase_add_test(tc, timeout_in_recovery);
  tcase_add_loop_test(tc, second_timeout, 0, 2);
  tcase_add_loop_test(tc, eifel, 0, 2);
  tcase_add_loop_test(tc, dsack, 0, 2);
#if TCP_RACK
  tcase_add_loop_test(tc, undone_is_reordered, 0, 2);
#endif
#endif
  return tc;
}
