/* SPDX-License-Identifier: BSD-3-Clause
 * The other side of having no tick: what must still end ends, and nothing wakes the
 * processor when nothing is due. */
#include "tests.h"

#include "lwip/priv/tcp_priv.h"

#define HOUR (3600U * 1000U)

#if LWIP_TIMERS

/* A timeout that was asked for and is needed no more may come, once; then nothing does. */
static void
assert_silence(void)
{
  unsigned int before = world_wakeups();

  world_pass(HOUR);
  ck_assert_uint_le(world_wakeups() - before, 1);
  ck_assert_msg(world_sleeps_forever(), "a timeout is pending");
  ck_assert_uint_eq(world_pending(), 0);
}

START_TEST(listener_only)
{
  struct tcp_pcb *pcb = tcp_new();

  ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, 80), ERR_OK);
  ck_assert_ptr_nonnull(tcp_listen(pcb));
  assert_silence();
}
END_TEST

START_TEST(established_and_idle)
{
  establish();
  assert_silence();
}
END_TEST

START_TEST(idle_after_data_both_ways)
{
  const struct packet *p;

  establish();
  app_write(3000);
  tcp_output(app.pcb);
  while ((p = world_await_data(0)) != NULL) {
    peer_take(p);
  }
  peer_send(ACK | PSH, "hello", 5);
  ck_assert_uint_eq(app.sent, 3000);
  ck_assert_uint_eq(app.taken, 5);
  world_pass(500); /* its delayed ACK */
  world_discard();
  assert_silence();
}
END_TEST

START_TEST(opened_and_idle)
{
  const struct packet *syn;

  ck_assert_int_eq(open_active(), ERR_OK);
  syn = world_await(SYN, 0);
  ck_assert_ptr_nonnull(syn);
  peer.lwip_port = syn->src;
  peer.ack = syn->seq + 1;
  peer_send(SYN | ACK, NULL, 0);
  ck_assert_uint_eq(app.connects, 1);
  world_pass(500);
  world_discard();
  assert_silence();
}
END_TEST

/* altcp does this: an interval, but nobody to call. */
START_TEST(poll_of_nobody)
{
  establish();
  tcp_poll(app.pcb, NULL, 4);
  assert_silence();
}
END_TEST

/* After shutdown() of the sending side the peer may take all the time it likes. */
START_TEST(half_closed_by_us)
{
  const struct packet *fin;

  establish();
  ck_assert_int_eq(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  fin = world_await(FIN, 0);
  ck_assert_ptr_nonnull(fin);
  peer_take(fin);
  assert_silence();
  peer_send(ACK | PSH, "hello", 5);
  ck_assert_uint_eq(app.taken, 5);
}
END_TEST

START_TEST(half_closed_by_the_peer)
{
  establish();
  peer_send(ACK | FIN, NULL, 0);
  ck_assert_uint_eq(app.closes, 1);
  world_pass(500);
  world_discard();
  assert_silence();
}
END_TEST

START_TEST(refused_data_taken)
{
  establish();
  app.recv_answer = ERR_MEM;
  peer_send(ACK | PSH, "hello", 5);
  world_pass(1000);
  app.recv_answer = ERR_OK;
  world_pass(1000);
  ck_assert_uint_eq(app.taken, 5);
  world_discard();
  assert_silence();
}
END_TEST

/* A wake-up has a reason: an unanswered segment's are its retransmissions. */
START_TEST(one_wakeup_per_retransmission)
{
  unsigned int before;

  establish();
  app_write(5);
  tcp_output(app.pcb);
  world_discard();
  before = world_wakeups();
  world_pass(30000);
  ck_assert_uint_ge(world_pending(), 3);
  ck_assert_uint_le(world_wakeups() - before, world_pending() + 1);
}
END_TEST

/* TIME-WAIT needs one: its end. Legacy ticks 480 times. */
START_TEST(time_wait_wakes_once)
{
  const struct packet *fin;
  unsigned int before;

  establish();
  world_pass(2000);
  ck_assert_int_eq(tcp_close(app.pcb), ERR_OK);
  fin = world_await(FIN, 0);
  ck_assert_ptr_nonnull(fin);
  peer_take(fin);
  peer_send(FIN | ACK, NULL, 0);
  before = world_wakeups();
  world_pass(2 * TCP_MSL + 1000);
  ck_assert_uint_le(world_wakeups() - before, 2); /* and one asked for earlier */
  ck_assert_uint_eq(pool_used(MEMP_TCP_PCB), 0);
  ck_assert(world_sleeps_forever());
}
END_TEST

START_TEST(silence_after_the_end)
{
  establish();
  close_all();
  world_pass(1000); /* legacy notices at its next tick */
  world_discard();
  assert_silence();
}
END_TEST

START_TEST(silence_after_abort)
{
  establish();
  app_write(5);
  tcp_output(app.pcb);
  tcp_abort(app.pcb);
  world_pass(1000);
  world_discard();
  assert_silence();
}
END_TEST

#endif /* LWIP_TIMERS */

/* ---- states that only time ends ---- */

START_TEST(time_wait_ends)
{
  const struct packet *fin;

  establish();
  ck_assert_int_eq(tcp_close(app.pcb), ERR_OK);
  fin = world_await(FIN, 0);
  ck_assert_ptr_nonnull(fin);
  peer_take(fin);
  peer_send(FIN | ACK, NULL, 0);
  world_pass(2 * TCP_MSL - 2 * TCP_SLOW_INTERVAL);
  peer_send_at(peer.seq - 1, FIN | ACK, NULL, 0); /* still there: it answers, and starts anew */
  world_discard();
  world_pass(2 * TCP_MSL + 2 * TCP_SLOW_INTERVAL);
  ck_assert_uint_eq(pool_used(MEMP_TCP_PCB), 0);
}
END_TEST

START_TEST(fin_wait_2_ends)
{
  const struct packet *fin;

  establish();
  ck_assert_int_eq(tcp_close(app.pcb), ERR_OK);
  fin = world_await(FIN, 0);
  ck_assert_ptr_nonnull(fin);
  peer_take(fin);
  world_pass(10000);
  ck_assert_uint_eq(pool_used(MEMP_TCP_PCB), 1);
  world_pass(12000);
  ck_assert_uint_eq(pool_used(MEMP_TCP_PCB), 0);
}
END_TEST

START_TEST(syn_received_ends)
{
  knock();
  ck_assert_uint_eq(pool_used(MEMP_TCP_PCB), 1);
  world_pass(10 * 60 * 1000);
  ck_assert_uint_eq(pool_used(MEMP_TCP_PCB), 0);
  ck_assert_uint_eq(app.accepts, 0);
}
END_TEST

START_TEST(last_ack_ends)
{
  establish();
  peer_send(ACK | FIN, NULL, 0);
  ck_assert_int_eq(tcp_close(app.pcb), ERR_OK);
  world_pass(HOUR);
  ck_assert_uint_eq(pool_used(MEMP_TCP_PCB), 0);
  ck_assert_uint_eq(pool_used(MEMP_TCP_SEG), 0);
}
END_TEST

START_TEST(closing_ends)
{
  establish();
  ck_assert_int_eq(tcp_close(app.pcb), ERR_OK);
  peer_send(ACK | FIN, NULL, 0); /* does not acknowledge ours, and never will */
  world_pass(HOUR);
  ck_assert_uint_eq(pool_used(MEMP_TCP_PCB), 0);
  ck_assert_uint_eq(pool_used(MEMP_TCP_SEG), 0);
}
END_TEST

TCase *
idle_tests(void)
{
  TCase *t = tcase_create("idle");

  tcase_add_test(t, time_wait_ends);
  tcase_add_test(t, fin_wait_2_ends);
  tcase_add_test(t, syn_received_ends);
  tcase_add_test(t, last_ack_ends);
  tcase_add_test(t, closing_ends);
#if LWIP_TIMERS
  tcase_add_test(t, listener_only);
  tcase_add_test(t, silence_after_the_end);
  tcase_add_test(t, silence_after_abort);
  if (ALT) {
    tcase_add_test(t, established_and_idle);
    tcase_add_test(t, idle_after_data_both_ways);
    tcase_add_test(t, opened_and_idle);
    tcase_add_test(t, poll_of_nobody);
    tcase_add_test(t, half_closed_by_us);
    tcase_add_test(t, half_closed_by_the_peer);
    tcase_add_test(t, refused_data_taken);
    tcase_add_test(t, time_wait_wakes_once);
    tcase_add_test(t, one_wakeup_per_retransmission);
  }
#endif
  return t;
}
