/* SPDX-License-Identifier: BSD-3-Clause
 * Listeners: the backlog, delayed accept, what an accept callback may answer, and what becomes of those who
 * wait when a listener is closed. */
#include "contract.h"

#include <string.h>

static struct tcp_pcb *listener;
static struct tcp_pcb *taken[4];
static unsigned int n_taken;
static err_t accept_answer;

static err_t
delaying_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  if (err == ERR_OK) {
    tcp_backlog_delayed(pcb);
    app_install(pcb);
    taken[n_taken++] = pcb;
  }
  return ERR_OK;
}

/* ---- backlog ---- */

/* Who waits counts: in SYN-RECEIVED, and when accept is delayed; not once it is accepted. */
START_TEST(backlog_counts_delayed)
{
  listener = listen_on(2);
  tcp_accept(listener, delaying_accept);
  ck_assert(enter_from(1000) && knock_from(1001));
  ck_assert(!knock_from(1002));
  tcp_backlog_accepted(taken[0]);
  ck_assert(knock_from(1002));
  ck_assert(!knock_from(1003));
  tcp_backlog_accepted(taken[0]); /* a second time changes nothing */
  ck_assert(!knock_from(1003));
}
END_TEST

/* A connection that ends while it waits gives its place back: reset, aborted, timed out, closed. */
START_TEST(backlog_of_ended)
{
  struct tcp_pcb *pcb;
  u32_t seq;
  listener = listen_on(1);
  tcp_accept(listener, delaying_accept);
  ck_assert(enter_from(1000));
  seq = peer.seq;
  ck_assert(!knock_from(1001));
  peer.port = 1000;
  peer.seq = seq;
  pcb = taken[0];
  if (_i == 0) {
    say(0, RST, 0);
  } else if (_i == 1) {
    tcp_abort(pcb);
  } else {
    say(0, ACK | FIN, 0);
    peer.seq++;
    tcp_err(pcb, NULL);
    tcp_close(pcb);
    world_pass(HOUR);
  }
  world_discard();
  ck_assert(knock_from(1001));
  world_pass(HOUR); /* SYN-RECEIVED times out */
  world_discard();
  ck_assert(knock_from(1002));
}
END_TEST

/* Delayed and its listener gone: it lives on, and tcp_backlog_accepted() does no harm. */
START_TEST(delayed_without_listener)
{
  listener = listen_on(2);
  tcp_accept(listener, delaying_accept);
  ck_assert(enter_from(1000));
  ck_assert_int_eq(tcp_close(listener), ERR_OK);
  assert_silence();
  tcp_backlog_accepted(taken[0]);
  app_send(100);
  take_all();
  ck_assert_uint_eq(app.sent, 100);
  peer_data(10);
  ck_assert_uint_eq(app.taken, 10);
  end_clean();
}
END_TEST

/* One that waits still is closed by its application, both sides close, and then its listener goes: TIME-WAIT does
 * not remember a listener that is gone. */
START_TEST(delayed_in_time_wait)
{
  const struct packet *fin;
  listener = listen_on(1);
  tcp_accept(listener, delaying_accept);
  ck_assert(enter_from(1000));
  tcp_err(taken[0], NULL);
  tcp_close(taken[0]);
  app.pcb = NULL;
  fin = world_await(FIN, 0);
  ck_assert_ptr_nonnull(fin);
  peer.ack++;
  say(0, FIN | ACK, 0);
  assert_state(TIME_WAIT);
  world_discard();
  ck_assert(knock_from(1001)); /* it does not wait for anyone any more */
  say(0, RST, 0);
  ck_assert_int_eq(tcp_close(listener), ERR_OK);
  world_pass(HOUR);
  assert_clean();
}
END_TEST

/* ---- a listener is closed ---- */

/* A child that nobody has accepted is reset at once; one that was, or is another listener's, stays. */
START_TEST(close_resets_children)
{
  struct tcp_pcb *other = tcp_new();
  const struct packet *p;
  unsigned int resets = 0;
  ck_assert_int_eq(tcp_bind(other, IP4_ADDR_ANY, PORT + 1), ERR_OK);
  other = tcp_listen(other);
  listener = listen_on(8);
  ck_assert(enter_from(1000) && knock_from(1001) && knock_from(1002));
  peer.lwip_port = PORT + 1;
  peer.port = 1003;
  say(0, SYN, 0);
  ck_assert_uint_eq(only()->flags, SYN | ACK);
  ck_assert_int_eq(tcp_close(listener), ERR_OK);
  while ((p = world_next()) != NULL) {
    ck_assert_uint_eq(p->flags & (u8_t)~ACK, RST);
    ck_assert_uint_eq(p->src, PORT);
    ck_assert(p->dst == 1001 || p->dst == 1002);
    resets++;
  }
  ck_assert_uint_eq(resets, 2);
  ck_assert_ptr_nonnull(pcb_of(1000));
  ck_assert_ptr_null(pcb_of(1001));
  ck_assert_ptr_null(pcb_of(1002));
  ck_assert_ptr_nonnull(pcb_of(1003));
  ck_assert_uint_eq(app.errs, 0);
  tcp_close(other);
  world_discard();
  end_clean();
}
END_TEST

static err_t
closing_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  ck_assert_int_eq(err, ERR_OK);
  app_install(pcb);
  ck_assert_int_eq(tcp_close(listener), ERR_OK);
  return accept_answer;
}

/* An accept callback that closes its listener, and then takes or refuses the connection. */
START_TEST(accept_closes_listener)
{
  accept_answer = _i == 0 ? ERR_OK : ERR_MEM;
  listener = listen_on(8);
  tcp_accept(listener, closing_accept);
  ck_assert(knock_from(1001) && knock_from(1000));
  say(0, ACK, 10);
  peer.seq += 10;
  ck_assert_ptr_null(pcb_of(1001));
  if (_i == 0) {
    ck_assert_uint_eq(app.taken, 10);
    app_send(100);
    take_all();
    ck_assert_uint_eq(app.sent, 100);
  } else {
    ck_assert_uint_eq(app.taken, 0);
    ck_assert_uint_eq(app.errs, 1);
    ck_assert_ptr_null(the_pcb());
  }
  end_clean();
}
END_TEST

static void
closing_err(void *arg, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  ck_assert_int_eq(err, ERR_CLSD);
  app.errs++;
  tcp_close(tcp_listen_pcbs.pcbs);
}

/* A SYN would open a connection anew that is in TIME-WAIT; who held the old one hears of its end, and closes the
 * listener. */
START_TEST(end_of_the_old_closes_listener)
{
  struct packet syn;
  listen_on(8);
  ck_assert(enter_from(1000));
  tcp_err(app.pcb, closing_err);
  tcp_shutdown(app.pcb, 0, 1);
  peer.ack++;
  say(0, FIN | ACK, 0);
  peer.seq++;
  assert_state(TIME_WAIT);
  world_discard();
  peer.seq += 100;
  syn = syn_of_peer();
  inject(&syn);
  ck_assert_uint_eq(app.errs, 1);
  ck_assert_ptr_null(the_pcb());
  assert_rst_to(1000);
  assert_clean();
}
END_TEST

/* ---- what accept may answer ---- */

static err_t
answering_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  app_install(pcb);
  if (accept_answer == ERR_ABRT) {
    tcp_abort(pcb);
  } else if (accept_answer == ERR_OK) {
    tcp_err(pcb, NULL);
    tcp_close(pcb);
  }
  return accept_answer;
}

/* An error: the connection is reset, its data dropped, err told; ERR_ABRT: it was aborted inside;
 * ERR_OK after tcp_close(): it closes in order. The backlog has room again each time. */
START_TEST(accept_answers)
{
  static const err_t answers[] = { ERR_MEM, ERR_VAL, ERR_ABRT, ERR_OK };
  accept_answer = answers[_i];
  listener = listen_on(1);
  tcp_accept(listener, answering_accept);
  ck_assert(knock_from(1000));
  say(0, ACK, accept_answer == ERR_OK ? 0 : 10);
  if (accept_answer == ERR_OK) {
    const struct packet *fin = world_await(FIN, 0);
    ck_assert_ptr_nonnull(fin);
    peer.ack++;
    say(0, FIN | ACK, 0);
    world_discard();
  } else {
    assert_rst_to(1000);
    ck_assert_uint_eq(app.errs, 1);
    ck_assert_int_eq(app.err, ERR_ABRT);
    ck_assert_ptr_null(the_pcb());
  }
  ck_assert_uint_eq(app.recvs, 0);
  ck_assert(knock_from(1001));
  app.pcb = NULL;
  ck_assert_int_eq(tcp_close(listener), ERR_OK);
  world_pass(HOUR);
  end_clean();
}
END_TEST

/* tcp_accept() was never called, or with NULL: nobody is there to take it. */
START_TEST(accept_nobody)
{
  struct tcp_pcb *pcb = tcp_new();
  ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, PORT), ERR_OK);
  pcb = tcp_listen(pcb);
  if (_i == 1) {
    tcp_accept(pcb, NULL);
  }
  ck_assert(enter_from(1000));
  assert_rst_to(1000);
  ck_assert_ptr_null(the_pcb());
  tcp_close(pcb);
  end_clean();
}
END_TEST

/* What a listener has is its children's: argument, options, TOS, TTL, interface. */
START_TEST(child_inherits)
{
  int mark;
  struct tcp_pcb *pcb;
  listener = listen_on(4);
  tcp_arg(listener, &mark);
  ip_set_option(listener, SOF_KEEPALIVE);
  tcp_tos_set(listener, 0x10);
  tcp_ttl_set(listener, 7);
  tcp_bind_netif(listener, &netif);
  ck_assert(enter_from(1000));
  pcb = app.pcb;
  ck_assert_ptr_eq(tcp_callback_arg_get(pcb), &mark);
  ck_assert(ip_get_option(pcb, SOF_KEEPALIVE));
  if (ALT) { /* legacy: not these two */
    ck_assert_uint_eq(tcp_tos_get(pcb), 0x10);
    ck_assert_uint_eq(tcp_ttl_get(pcb), 7);
  }
}
END_TEST

TCase *
accept_tests(void)
{
  TCase *tc = tcase_create("accept");
  tcase_add_test(tc, backlog_counts_delayed);
  tcase_add_loop_test(tc, backlog_of_ended, 0, 3);
  tcase_add_test(tc, delayed_without_listener);
  tcase_add_test(tc, delayed_in_time_wait);
  if (ALT) {
    /* legacy: they are reset when they have answered the SYN-ACK */
    tcase_add_test(tc, close_resets_children);
    tcase_add_loop_test(tc, accept_closes_listener, 0, 2);
    tcase_add_test(tc, end_of_the_old_closes_listener);
  }
  tcase_add_loop_test(tc, accept_answers, 0, 4);
  tcase_add_loop_test(tc, accept_nobody, 0, ALT ? 2 : 1); /* legacy: NULL is an assertion */
  tcase_add_test(tc, child_inherits);
  return tc;
}
