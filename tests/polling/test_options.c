/* SPDX-License-Identifier: BSD-3-Clause
 * Options that applications change with plain writes or accessors, without a call that
 * legacy's TCP would notice: its tick reads them every time. */
#include "tests.h"

#include "lwip/priv/tcp_priv.h"
#include "lwip/tcp_access.h"

#define IDLE_MS  5000U
#define INTVL_MS 1000U
#define CNT      3U
/* Legacy compares whole ticks and needs one more. */
#define TICKS (ALT ? grain() : 2U * TCP_SLOW_INTERVAL)

static void
set_times(u32_t idle)
{
  tcp_keep_idle_set(app.pcb, idle);
  tcp_keep_intvl_set(app.pcb, INTVL_MS);
  tcp_keep_cnt_set(app.pcb, CNT);
}

static void
assert_probe(const struct packet *p)
{
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->seq, peer.ack - 1);
  ck_assert_uint_le(p->len, 1);
}

START_TEST(keepalive_probes_then_resets)
{
  const struct packet *p;
  u32_t since;

  establish();
  set_times(IDLE_MS);
  ip_set_option(app.pcb, SOF_KEEPALIVE);
  since = world_now();
  p = world_await(ACK, IDLE_MS + TICKS);
  assert_probe(p);
  ck_assert_uint_ge(p->at - since, IDLE_MS);
  while (app.errs == 0) {
    world_pass(100);
    ck_assert_uint_le(world_now() - since, IDLE_MS + CNT * INTVL_MS + TICKS + 100);
  }
  ck_assert_int_eq(app.err, ERR_ABRT);
  ck_assert_ptr_nonnull(world_await(RST, 0));
}
END_TEST

/* The last segment was long ago when the option is set. Legacy then resets the connection
 * without a single probe, since all of them would have been due by now. */
START_TEST(keepalive_set_late)
{
  u32_t since;
  const struct packet *p;

  establish();
  world_pass(60000);
  ck_assert_uint_eq(world_pending(), 0);
  set_times(IDLE_MS);
  ip_set_option(app.pcb, SOF_KEEPALIVE);
  since = world_now();
  p = world_await(ACK, PATIENCE);
  assert_probe(p);
  /* Counted from the last segment (legacy) or from now: both are well within keep_idle. */
  assert_within(p->at, since, IDLE_MS);
}
END_TEST

/* sockets.c sets it through the part that all PCBs share. */
START_TEST(keepalive_set_through_ip_pcb)
{
  struct ip_pcb *ip;

  establish();
  set_times(IDLE_MS);
  ip = (struct ip_pcb *)(void *)app.pcb;
  ip_set_option(ip, SOF_KEEPALIVE);
  assert_probe(world_await(ACK, IDLE_MS + TICKS));
}
END_TEST

START_TEST(keepalive_idle_shortened)
{
  establish();
  ip_set_option(app.pcb, SOF_KEEPALIVE); /* two hours */
  world_pass(IDLE_MS + 500);
  set_times(IDLE_MS);
  assert_probe(world_await(ACK, TICKS + 1));
}
END_TEST

START_TEST(keepalive_idle_lengthened)
{
  establish();
  set_times(IDLE_MS);
  ip_set_option(app.pcb, SOF_KEEPALIVE);
  world_pass(3000);
  set_times(100000);
  world_pass(90000);
  ck_assert_uint_eq(world_pending(), 0);
  assert_probe(world_await(ACK, 10000 + TICKS));
}
END_TEST

START_TEST(keepalive_answered)
{
  const struct packet *p;
  int i;

  establish();
  set_times(IDLE_MS);
  ip_set_option(app.pcb, SOF_KEEPALIVE);
  for (i = 0; i < 10; i++) {
    u32_t since = world_now();

    p = world_await(ACK, IDLE_MS + TICKS);
    assert_probe(p);
    ck_assert_uint_ge(p->at - since, IDLE_MS);
    peer_send(ACK, NULL, 0);
  }
  ck_assert_uint_eq(app.errs, 0);
}
END_TEST

START_TEST(keepalive_reset)
{
  establish();
  set_times(IDLE_MS);
  ip_set_option(app.pcb, SOF_KEEPALIVE);
  world_pass(3000);
  ip_reset_option(app.pcb, SOF_KEEPALIVE);
  world_pass(60000);
  ck_assert_uint_eq(world_pending(), 0);
  ck_assert_uint_eq(app.errs, 0);
#if LWIP_TIMERS
  ck_assert(!ALT || world_sleeps_forever());
#endif
}
END_TEST

/* Set before the connection exists, as applications do on a fresh PCB or a listener. */
START_TEST(keepalive_set_before_connect)
{
  struct packet syn;
  const struct packet *p;

  ck_assert_int_eq(open_active(), ERR_OK);
  set_times(IDLE_MS);
  ip_set_option(app.pcb, SOF_KEEPALIVE);
  p = world_await(SYN, 0);
  ck_assert_ptr_nonnull(p);
  syn = *p;
  peer.lwip_port = syn.src;
  peer.ack = syn.seq + 1;
  peer_send(SYN | ACK, NULL, 0);
  ck_assert_uint_eq(app.connects, 1);
  world_pass(500 + grain());
  world_discard();
  assert_probe(world_await(ACK, IDLE_MS + TICKS));
}
END_TEST

/* Longer than sys_timeout() takes (twelve days), and than times can be compared over (25): what is due still comes,
 * and until then nobody is woken for nothing. */
START_TEST(keepalive_after_weeks)
{
  static const u32_t idle[] = { 0x40000000U, 1728000000U, 0x90000000U, 0xfffffffeU };
  const u32_t day = 24U * 60U * 60U * 1000U;
  u32_t since;
  establish();
  set_times(idle[_i]);
  ip_set_option(app.pcb, SOF_KEEPALIVE);
  since = world_now();
  if (idle[_i] < 0x80000000U) {
    const struct packet *p = world_await(ACK, 24U * day);
    assert_probe(p);
    assert_within(p->at, since + idle[_i], TICKS);
  } else {
    world_pass(24U * day);
    ck_assert_uint_eq(world_pending(), 0);
  }
#if LWIP_TIMERS
  ck_assert_uint_le(world_wakeups(), 10);
#endif
}
END_TEST

TCase *
option_tests(void)
{
  TCase *t = tcase_create("options");

  tcase_add_test(t, keepalive_probes_then_resets);
  tcase_add_test(t, keepalive_set_through_ip_pcb);
  tcase_add_test(t, keepalive_idle_shortened);
  tcase_add_test(t, keepalive_idle_lengthened);
  tcase_add_test(t, keepalive_answered);
  tcase_add_test(t, keepalive_reset);
  tcase_add_test(t, keepalive_set_before_connect);
  if (ALT) {
    tcase_add_test(t, keepalive_set_late);
    if (clock_source == CLOCK_SYS_NOW) { /* weeks of ticks */
      tcase_add_loop_test(t, keepalive_after_weeks, 0, 4);
    }
  }
  return t;
}
