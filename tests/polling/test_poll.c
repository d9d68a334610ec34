/* SPDX-License-Identifier: BSD-3-Clause
 * tcp_poll(): the application's own clock, in units of 500 ms. */
#include "tests.h"

#include "lwip/priv/tcp_priv.h"

#define UNIT_MS 500U

static void
assert_regular(u32_t gap)
{
  unsigned int i;

  for (i = 1; i < app.polls && i < LWIP_ARRAYSIZE(app.polled_at); i++) {
    ck_assert_uint_eq(app.polled_at[i] - app.polled_at[i - 1], gap);
  }
}

START_TEST(poll_interval)
{
  static const u8_t intervals[] = { 1, 2, 3, 4, 10, 255 };
  u32_t gap = intervals[_i] * UNIT_MS;
  u32_t since;

  establish();
  world_pass(137);
  tcp_poll(app.pcb, app_poll, intervals[_i]);
  since = world_now();
  world_pass(10 * gap + 100);
  ck_assert_uint_ge(app.polls, 9);
  ck_assert_uint_le(app.polls, 10);
  ck_assert_uint_ge(app.polled_at[0] - since, gap - UNIT_MS);
  assert_within(app.polled_at[0], since, gap);
  assert_regular(gap);
}
END_TEST

/* An interval of 0 means every unit, not never. */
START_TEST(poll_interval_zero)
{
  establish();
  tcp_poll(app.pcb, app_poll, 0);
  world_pass(10 * UNIT_MS + 100);
  ck_assert_uint_ge(app.polls, 9);
  ck_assert_uint_le(app.polls, 10);
  assert_regular(UNIT_MS);
}
END_TEST

START_TEST(poll_goes_on_after_err_mem)
{
  establish();
  app.poll_answer = ERR_MEM;
  tcp_poll(app.pcb, app_poll, 1);
  world_pass(10 * UNIT_MS + 100);
  ck_assert_uint_ge(app.polls, 9);
  assert_regular(UNIT_MS);
  ck_assert_uint_eq(app.errs, 0);
}
END_TEST

START_TEST(poll_may_abort)
{
  const struct packet *rst;

  establish();
  app.poll_answer = ERR_ABRT;
  tcp_poll(app.pcb, app_poll, 1);
  world_pass(2 * UNIT_MS + 100);
  ck_assert_uint_eq(app.polls, 1);
  ck_assert_uint_eq(app.errs, 1);
  rst = world_await(RST, 0);
  ck_assert_ptr_nonnull(rst);
  world_pass(10 * UNIT_MS);
  ck_assert_uint_eq(app.polls, 1);
}
END_TEST

static err_t
write_in_poll(void *arg, struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(arg);
  app.polls++;
  return app.polls == 1 ? tcp_write(pcb, "hello", 5, TCP_WRITE_FLAG_COPY) : ERR_OK;
}

/* What the callback writes leaves right after it. */
START_TEST(poll_flushes_what_it_wrote)
{
  const struct packet *p;
  u32_t since;

  establish();
  tcp_poll(app.pcb, write_in_poll, 1);
  since = world_now();
  while (app.polls == 0) {
    world_pass(10);
    ck_assert_uint_lt(world_now() - since, PATIENCE);
  }
  p = world_next();
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->len, 5);
}
END_TEST

START_TEST(poll_while_connecting)
{
  ck_assert_int_eq(open_active(), ERR_OK);
  tcp_poll(app.pcb, app_poll, 1);
  world_pass(3 * UNIT_MS + 100);
  ck_assert_uint_ge(app.polls, 2);
}
END_TEST

/* As netconn does while it lingers: poll set on a PCB whose FIN is not acknowledged. */
START_TEST(poll_while_closing)
{
  establish();
  ck_assert_int_eq(tcp_close(app.pcb), ERR_OK);
  tcp_poll(app.pcb, app_poll, 1);
  world_pass(3 * UNIT_MS + 100);
  ck_assert_uint_ge(app.polls, 2);
  ck_assert_int_eq(tcp_close(app.pcb), ERR_OK); /* once more: no harm */
  world_pass(UNIT_MS);
  ck_assert_uint_ge(app.polls, 3);
}
END_TEST

/* The interval counts idle time: an ACK of new data starts it anew. */
START_TEST(poll_waits_for_idleness)
{
  int i;

  establish();
  tcp_poll(app.pcb, app_poll, 4);
  for (i = 0; i < 10; i++) {
    const struct packet *p;

    world_pass(1400);
    app_write(5);
    tcp_output(app.pcb);
    p = world_await_data(0);
    ck_assert_ptr_nonnull(p);
    peer_take(p);
  }
  ck_assert_uint_eq(app.polls, 0);
  world_pass(4 * UNIT_MS + UNIT_MS);
  ck_assert_uint_eq(app.polls, 1);
}
END_TEST

START_TEST(poll_can_be_changed_and_ended)
{
  unsigned int before;

  establish();
  tcp_poll(app.pcb, app_poll, 255);
  world_pass(1000);
  tcp_poll(app.pcb, app_poll, 1);
  world_pass(2 * UNIT_MS);
  ck_assert_uint_ge(app.polls, 1);
  tcp_poll(app.pcb, NULL, 0);
  before = app.polls;
  world_pass(20 * UNIT_MS);
  ck_assert_uint_eq(app.polls, before);
}
END_TEST

/* Two connections: the first one's callback ends the second. */
static struct tcp_pcb *victim;

static err_t
abort_victim(void *arg, struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(pcb);
  app.polls++;
  if (victim != NULL) {
    tcp_abort(victim);
    victim = NULL;
  }
  return ERR_OK;
}

START_TEST(poll_may_abort_another)
{
  struct tcp_pcb *first, *second;

  establish();
  first = app.pcb;
  peer.port++;
  peer.seq = 9000;
  peer_send(SYN, NULL, 0);
  peer_take(world_next());
  second = app.pcb;
  ck_assert_ptr_ne(first, second);
  tcp_poll(first, abort_victim, 1);
  tcp_poll(second, abort_victim, 1);
  victim = _i ? first : second;
  world_pass(UNIT_MS + 100);
  ck_assert_ptr_null(victim);
  world_pass(10 * UNIT_MS);
  ck_assert_uint_eq(pool_used(MEMP_TCP_PCB), 1);
  ck_assert_uint_ge(app.polls, 9);
}
END_TEST

/* A callback may wait, and let lwIP's timeouts run meanwhile: its own connection is left alone until it returns,
 * another's poll comes in time. */
static unsigned int other_polls, polls_in_recv;

static err_t
other_poll(void *arg, struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(pcb);
  other_polls++;
  return ERR_OK;
}

static err_t
waits_in_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  unsigned int before = app.polls, ms;

  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  for (ms = 0; ms < 4 * UNIT_MS; ms++) {
    world_pass(1);
  }
  polls_in_recv = app.polls - before;
  tcp_recved(pcb, p->tot_len);
  pbuf_free(p);
  return ERR_OK;
}

START_TEST(time_passes_in_a_callback)
{
  struct tcp_pcb *first;

  establish();
  first = app.pcb;
  peer.port++;
  peer.seq = 9000;
  peer_send(SYN, NULL, 0);
  peer_take(world_next());
  ck_assert_ptr_ne(app.pcb, first);
  tcp_poll(first, other_poll, 1);
  tcp_poll(app.pcb, app_poll, 1);
  tcp_recv(app.pcb, waits_in_recv);
  peer_send(ACK, "x", 1);
  ck_assert_uint_eq(polls_in_recv, 0);
  ck_assert_uint_ge(other_polls, 3);
  world_pass(UNIT_MS);
  ck_assert_uint_ge(app.polls, 1); /* its deadlines were not forgotten */
}
END_TEST

TCase *
poll_tests(void)
{
  TCase *t = tcase_create("poll");

  tcase_add_loop_test(t, poll_interval, 0, 6);
  tcase_add_test(t, poll_interval_zero);
  tcase_add_test(t, poll_goes_on_after_err_mem);
  tcase_add_test(t, poll_may_abort);
  tcase_add_test(t, poll_flushes_what_it_wrote);
  tcase_add_test(t, poll_while_connecting);
  tcase_add_test(t, poll_while_closing);
  tcase_add_test(t, poll_waits_for_idleness);
  tcase_add_test(t, poll_can_be_changed_and_ended);
  tcase_add_loop_test(t, poll_may_abort_another, 0, 2);
  if (ALT) {
    tcase_add_test(t, time_passes_in_a_callback);
  }
  return t;
}
