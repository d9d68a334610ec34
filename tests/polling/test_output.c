/* SPDX-License-Identifier: BSD-3-Clause
 * Output that could not leave when it was asked for: nobody asks again but TCP's own
 * deadline. Nothing else happens on the connection in these tests. */
#include "tests.h"

#include "lwip/priv/tcp_priv.h"

#define FLUSH_MS 500U
#define LONG_MS  10000U
#define HOURS    (3600U * 1000U)

/* RFC 9293 MUST-60: tcp_write() without tcp_output(). */
START_TEST(written_but_not_output)
{
  const struct packet *p;
  u32_t since;

  establish();
  world_pass(137);
  app_write(5);
  since = world_now();
  p = world_await_data(PATIENCE);
  ck_assert_ptr_nonnull(p);
  assert_within(p->at, since, FLUSH_MS);
  ck_assert_uint_eq(p->len, 5);
}
END_TEST

/* Legacy flushes with the poll interval, here after two seconds. */
START_TEST(written_but_not_output_with_slow_poll)
{
  const struct packet *p;
  u32_t since;

  establish();
  tcp_poll(app.pcb, app_poll, 4);
  app_write(5);
  since = world_now();
  p = world_await_data(PATIENCE);
  ck_assert_ptr_nonnull(p);
  assert_within(p->at, since, FLUSH_MS);
}
END_TEST

/* Nagle's algorithm holds a small segment; the application switches it off, and calls nothing else. */
/* A window probe's byte is not outstanding data: when the window opens, a last small segment must not wait
 * for it. (It did, for ever: no timer runs for a probe.) */
START_TEST(small_segment_leaves_when_the_window_opens)
{
  const struct packet *p;

  establish();
  peer.wnd = 0;
  peer_send(ACK, NULL, 0);
  world_discard();
  app_write(100);
  ck_assert_int_eq(tcp_output(app.pcb), ERR_OK);
  p = world_await_data(PATIENCE);
  ck_assert_ptr_nonnull(p); /* the probe, which the peer drops */
  peer.wnd = 60000;
  peer_send(ACK, NULL, 0);
  p = world_await_data(grain());
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_ge(p->len, 99);
}
END_TEST

START_TEST(nagle_disabled_while_data_waits)
{
  const struct packet *p;
  u32_t since;

  establish_slowly(600);
  app_write(5);
  tcp_output(app.pcb);
  app_write(5);
  tcp_output(app.pcb);
  ck_assert_uint_eq(world_pending(), 1);
  world_discard();
  tcp_nagle_disable(app.pcb);
  since = world_now();
  p = world_await_data(PATIENCE);
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->seq, peer.ack + 5); /* not the first one again */
  assert_within(p->at, since, FLUSH_MS);
}
END_TEST

/* How sending is refused, and how it is allowed again. */
static const struct refusal {
  const char *name;
  err_t driver_answer;
  int interface_down, link_down;
} refusals[] = {
  { "driver: ERR_MEM", ERR_MEM, 0, 0 },   { "driver: ERR_IF", ERR_IF, 0, 0 },
  { "driver: ERR_RTE", ERR_RTE, 0, 0 },   { "link down", ERR_OK, 0, 1 },
  { "interface down", ERR_OK, 1, 0 },
};
#define N_REFUSALS ((int)LWIP_ARRAYSIZE(refusals))
#define N_DRIVER   3                /* the first ones, which the driver sees */
#define N_INPUT    (N_REFUSALS - 1) /* the ones during which packets still come in */

static void
refuse(const struct refusal *how)
{
  driver.answer = how->driver_answer;
  if (how->interface_down) {
    netif_set_down(&netif);
  }
  if (how->link_down) {
    netif_set_link_down(&netif);
  }
}

static void
allow(void)
{
  driver.answer = ERR_OK;
  netif_set_up(&netif);
  netif_set_link_up(&netif);
}

/* The first transmission is refused; soon afterwards it would be welcome. */
START_TEST(data_refused_once)
{
  const struct packet *p;
  u32_t since;

  establish();
  world_pass(137);
  refuse(&refusals[_i]);
  app_write(5);
  tcp_output(app.pcb);
  world_pass(100);
  ck_assert_uint_eq(world_pending(), 0);
  allow();
  since = world_now();
  p = world_await_data(PATIENCE);
  ck_assert_msg(p != NULL, "%s: never sent", refusals[_i].name);
  assert_within(p->at, since, FLUSH_MS);
  peer_take(p);
  ck_assert_uint_eq(app.sent, 5);
}
END_TEST

/* A long refusal must not turn into a storm of attempts, nor be forgotten. */
START_TEST(data_refused_for_long)
{
  const struct packet *p;
  u32_t since;

  establish();
  refuse(&refusals[_i]);
  app_write(5);
  tcp_output(app.pcb);
  world_pass(LONG_MS);
  ck_assert_uint_le(driver.refused, 60);
  if (_i < N_DRIVER) {
    ck_assert_uint_ge(driver.refused, 2);
  }
  allow();
  since = world_now();
  /* Attempts may back off by doubling: not later than the refusal took. */
  p = world_await_data(10 * LONG_MS);
  ck_assert_msg(p != NULL, "%s: never sent", refusals[_i].name);
  assert_within(p->at, since, LONG_MS);
  peer_take(p);
  ck_assert_uint_eq(app.sent, 5);
}
END_TEST

/* The handshake's own segments. */
START_TEST(syn_refused_once)
{
  const struct packet *p;
  u32_t since;

  driver.answer = refusals[_i].driver_answer;
  ck_assert_int_eq(open_active(), ERR_OK);
  world_pass(100);
  allow();
  since = world_now();
  p = world_await(SYN, PATIENCE);
  ck_assert_msg(p != NULL, "%s: never sent", refusals[_i].name);
  assert_within(p->at, since, FLUSH_MS);
}
END_TEST

START_TEST(syn_ack_refused_once)
{
  const struct packet *p;
  u32_t since;

  driver.answer = refusals[_i].driver_answer;
  knock();
  world_pass(100);
  allow();
  since = world_now();
  p = world_await(SYN | ACK, PATIENCE);
  ck_assert_msg(p != NULL, "%s: never sent", refusals[_i].name);
  assert_within(p->at, since, FLUSH_MS);
}
END_TEST

START_TEST(fin_refused_once)
{
  const struct packet *p;
  u32_t since;

  establish();
  refuse(&refusals[_i]);
  ck_assert_int_eq(tcp_close(app.pcb), ERR_OK);
  world_pass(100);
  ck_assert_uint_eq(world_pending(), 0);
  allow();
  since = world_now();
  p = world_await(FIN, PATIENCE);
  ck_assert_msg(p != NULL, "%s: never sent", refusals[_i].name);
  assert_within(p->at, since, FLUSH_MS);
}
END_TEST

/* An ACK in its own right that the driver refuses. */
START_TEST(ack_refused_once)
{
  const struct packet *p;
  u32_t since;

  establish();
  world_pass(10);
  refuse(&refusals[_i]);
  peer_send(ACK, "0123456789", 10);
  peer_send(ACK, "0123456789", 10);
  world_pass(30);
  allow();
  since = world_now();
  p = world_await(ACK, PATIENCE);
  ck_assert_msg(p != NULL, "%s: never sent", refusals[_i].name);
  ck_assert_uint_eq(p->ack, peer.seq);
  assert_within(p->at, since, FLUSH_MS);
}
END_TEST

/* The refusal never ends: the connection does. */
static void
await_the_end(const char *name, u32_t at_least, u32_t at_most)
{
  u32_t since = world_now();

  while (app.errs == 0 && world_now() - since < at_most) {
    world_pass(1000);
  }
  ck_assert_msg(app.errs == 1, "%s: the connection never ends", name);
  ck_assert_int_eq(app.err, ERR_ABRT);
  ck_assert_uint_ge(app.err_at - since, at_least);
  ck_assert_uint_eq(pool_used(MEMP_TCP_PCB), 0);
  ck_assert_uint_eq(pool_used(MEMP_TCP_SEG), 0);
}

START_TEST(data_refused_for_ever)
{
  establish();
  refuse(&refusals[_i]);
  app_write(5);
  tcp_output(app.pcb);
  await_the_end(refusals[_i].name, 60000, 4 * HOURS);
  if (_i < N_DRIVER) {
    ck_assert_uint_ge(driver.refused, TCP_MAXRTX);
  }
}
END_TEST

/* Legacy too, when the segment has left once. */
START_TEST(sent_then_refused_for_ever)
{
  establish();
  app_write(5);
  tcp_output(app.pcb);
  ck_assert_uint_eq(world_pending(), 1);
  refuse(&refusals[_i]);
  await_the_end(refusals[_i].name, 60000, 4 * HOURS);
}
END_TEST

START_TEST(syn_refused_for_ever)
{
  driver.answer = refusals[_i].driver_answer;
  ck_assert_int_eq(open_active(), ERR_OK);
  await_the_end(refusals[_i].name, 10000, 4 * HOURS);
}
END_TEST

START_TEST(fin_refused_for_ever)
{
  establish();
  refuse(&refusals[_i]);
  ck_assert_int_eq(tcp_close(app.pcb), ERR_OK);
  world_pass(4 * HOURS);
  ck_assert_uint_eq(pool_used(MEMP_TCP_PCB), 0);
  ck_assert_uint_eq(pool_used(MEMP_TCP_SEG), 0);
}
END_TEST

/* A driver whose queue has room again says so: no waiting then. */
START_TEST(txnow_sends_at_once)
{
  const struct packet *p;

  establish();
  driver.answer = ERR_MEM;
  app_write(5);
  tcp_output(app.pcb);
  world_pass(20);
  driver.answer = ERR_OK;
  tcp_txnow();
  p = world_next();
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->len, 5);
}
END_TEST

TCase *
output_tests(void)
{
  TCase *t = tcase_create("output");

  tcase_add_test(t, written_but_not_output);
  if (ALT) {
    tcase_add_test(t, small_segment_leaves_when_the_window_opens);
  }
  tcase_add_test(t, nagle_disabled_while_data_waits);
  tcase_add_loop_test(t, data_refused_once, 0, N_REFUSALS);
  tcase_add_loop_test(t, data_refused_for_long, 0, N_REFUSALS);
  tcase_add_loop_test(t, syn_refused_once, 0, N_DRIVER);
  tcase_add_loop_test(t, syn_ack_refused_once, 0, N_DRIVER);
  tcase_add_loop_test(t, fin_refused_once, 0, N_REFUSALS);
  tcase_add_loop_test(t, sent_then_refused_for_ever, 0, N_REFUSALS);
  tcase_add_loop_test(t, syn_refused_for_ever, 0, N_DRIVER);
  tcase_add_test(t, txnow_sends_at_once);
  if (ALT) {
    tcase_add_test(t, written_but_not_output_with_slow_poll);
    tcase_add_loop_test(t, ack_refused_once, 0, N_INPUT);
  }
  /* Legacy counts attempts only once a segment got as far as the driver. */
  tcase_add_loop_test(t, data_refused_for_ever, 0, ALT ? N_REFUSALS : N_DRIVER);
  tcase_add_loop_test(t, fin_refused_for_ever, 0, ALT ? N_REFUSALS : N_DRIVER);
  return t;
}
