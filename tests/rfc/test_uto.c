/* SPDX-License-Identifier: BSD-3-Clause
 * How long a connection goes on without an answer: R2 of RFC 9293 3.8.3, for a SYN too, the user timeout by
 * which the application sets it, and RFC 5482's option by which peers tell each other theirs. */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

/* RFC 9293 MUST-23: a SYN is tried for at least three minutes. */
START_TEST(syn_tried_three_minutes)
{
  u32_t began = world_now();
  reach(SYN_SENT);
  world_pass(180U * 1000U - 1);
  assert_alive(SYN_SENT);
  world_pass(60U * 1000U);
  ck_assert_uint_eq(app.errs, 1);
  ck_assert_uint_ge(app.err_at - began, 180U * 1000U);
  ck_assert_int_eq(app.err, ERR_ABRT);
  assert_clean();
}
END_TEST

#if RFC_OPTIONS && LWIP_TCP_ALT

#define UTO 28

static enum tcp_err_reason reason;

static void
hear(void *arg, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  app.errs++;
  app.err = err;
  app.err_at = world_now();
  app.pcb = NULL;
  reason = tcp_err_reason_get();
}

static void
allow(u32_t ms)
{
  tcp_err(app.pcb, hear);
  tcp_user_timeout_set(app.pcb, ms);
  ck_assert_uint_eq(tcp_user_timeout_get(app.pcb), ms);
}

/* It ends by its user timeout exactly `ms` after `since`, and not earlier. */
static void
assert_ends(u32_t since, u32_t ms)
{
  world_pass(since + ms - 1 - world_now());
  ck_assert_uint_eq(app.errs, 0);
  world_pass(1);
  ck_assert_uint_eq(app.errs, 1);
  ck_assert_uint_eq(app.err_at - since, ms);
  ck_assert_int_eq(app.err, ERR_ABRT);
  ck_assert_int_eq(reason, TCP_ERR_REASON_USER_TIMEOUT);
  assert_clean();
}

/* ---- the application sets R2 ---- */

/* RFC 9293 MUST-21: the application sets R2 for a connection; RFC 5482 2: data that is not acknowledged. */
START_TEST(timeout_of_data)
{
  static const u32_t allowed[] = { 1000, 5000, 12345, 100000, 3600000 };
  u32_t sent_at;
  reach(ESTABLISHED);
  allow(allowed[_i]);
  world_pass(7000); /* idle: nothing waits */
  sent_at = world_now();
  app_send(100);
  assert_ends(sent_at, allowed[_i]);
}
END_TEST

/* RFC 9293 MUST-22: the same for a SYN; longer than TCP_SYNMAXRTX would try, and shorter. */
START_TEST(timeout_of_syn)
{
  static const u32_t allowed[] = { 10000, 600000 };
  u32_t sent_at = world_now();
  reach(SYN_SENT);
  allow(allowed[_i]);
  assert_ends(sent_at, allowed[_i]);
}
END_TEST

START_TEST(timeout_of_fin)
{
  u32_t closed_at;
  reach(ESTABLISHED);
  allow(30000);
  world_pass(100000);
  closed_at = world_now();
  ck_assert_int_eq(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  assert_ends(closed_at, 30000);
}
END_TEST

/* Whatever is acknowledged starts it afresh, and an idle connection knows no user timeout. */
START_TEST(timeout_of_progress)
{
  u32_t moved_at;
  reach(ESTABLISHED);
  allow(10000);
  app_send(100);
  world_pass(9000);
  ack(50);
  moved_at = world_now();
  world_pass(9000);
  ack(50);
  world_pass(1000000);
  ck_assert_uint_eq(app.errs, 0);
  ck_assert_uint_gt(world_now() - moved_at, 10000);
  world_discard();
  moved_at = world_now();
  app_send(100);
  assert_ends(moved_at, 10000);
}
END_TEST

/* An ACK that moves nothing is no progress: a peer that repeats itself does not hold our data for ever. */
START_TEST(timeout_despite_duplicates)
{
  u32_t sent_at;
  int i;
  reach(ESTABLISHED);
  allow(10000);
  sent_at = world_now();
  app_send(100);
  for (i = 0; i < 9; i++) {
    world_pass(1000);
    say(0, ACK, 0);
  }
  assert_ends(sent_at, 10000);
}
END_TEST

/* RFC 9293 MUST-37: a closed window is no reason while the peer answers probes; its silence is one. */
START_TEST(timeout_of_closed_window)
{
  u32_t heard_at = 0;
  int i;
  reach(ESTABLISHED);
  allow(20000);
  peer.wnd = 0;
  say(0, ACK, 0);
  app_send(100);
  for (i = 0; i < 60; i++) {
    world_pass(5000);
    say(0, ACK, 0);
    heard_at = world_now();
  }
  world_discard();
  assert_ends(heard_at, 20000);
}
END_TEST

/* When the window opens at last, data has the whole time: it could not be acknowledged before. */
START_TEST(timeout_after_closed_window)
{
  u32_t opened_at;
  reach(ESTABLISHED);
  allow(20000);
  peer.wnd = 0;
  say(0, ACK, 0);
  app_send(100);
  world_pass(19000);
  peer.wnd = 1000;
  say(0, ACK, 0);
  opened_at = world_now();
  assert_ends(opened_at, 20000);
}
END_TEST

/* The driver refuses everything: what was written waits all the same. */
START_TEST(timeout_of_refused)
{
  u32_t written_at;
  reach(ESTABLISHED);
  allow(15000);
  driver.answer = ERR_MEM;
  written_at = world_now();
  app_send(100);
  assert_ends(written_at, 15000);
}
END_TEST

/* Longer than TCP_MAXRTX retransmissions take: they do not count. 0 lets them count again. */
START_TEST(timeout_replaces_maxrtx)
{
  u32_t sent_at;
  reach(ESTABLISHED);
  allow(10000000);
  sent_at = world_now();
  app_send(100);
  world_pass(9000000);
  ck_assert_uint_eq(app.errs, 0);
  tcp_user_timeout_set(app.pcb, 0);
  world_pass(60000);
  ck_assert_uint_eq(app.errs, 1);
  ck_assert_uint_lt(app.err_at - sent_at, 10000000);
  ck_assert_int_eq(reason, TCP_ERR_REASON_TIMED_OUT);
}
END_TEST

/* Set while data waits already: the time counts from when the wait began. */
START_TEST(timeout_set_late)
{
  u32_t sent_at;
  reach(ESTABLISHED);
  sent_at = world_now();
  app_send(100);
  world_pass(5000);
  allow(6000);
  assert_ends(sent_at, 6000);
}
END_TEST

START_TEST(timeout_of_listener)
{
  struct tcp_pcb *pcb = tcp_new();
  ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, PORT), ERR_OK);
  pcb = tcp_listen(pcb);
  tcp_user_timeout_set(pcb, 1000);
  ck_assert_uint_eq(tcp_user_timeout_get(pcb), 0);
  tcp_user_timeout_advertise(pcb, 1000);
  tcp_close(pcb);
}
END_TEST

/* A timeout of more than twelve days is one of twelve days. */
START_TEST(timeout_is_bounded)
{
  reach(ESTABLISHED);
  tcp_user_timeout_set(app.pcb, 0xffffffffU);
  ck_assert_uint_eq(tcp_user_timeout_get(app.pcb), 0x3fffffffU);
  app_send(100);
  world_pass(1000);
  assert_alive(ESTABLISHED);
}
END_TEST

/* ---- peers tell each other ---- */

/* Value of the option in a packet, or -1. */
static int
told(const struct packet *p)
{
  u8_t len;
  const u8_t *body = option(p, UTO, &len);
  if (body == NULL) {
    return -1;
  }
  ck_assert_uint_eq(len, 2);
  return body[0] << 8 | body[1];
}

static void
tell(u16_t uto)
{
  struct packet p = from_peer(0, ACK, 0);
  u8_t body[2] = { (u8_t)(uto >> 8), (u8_t)uto };
  add_option(&p, UTO, body, 2);
  inject(&p);
}

/* RFC 5482 3.2: in the SYN and in the first segment without SYN; not before it is wanted, nor after. */
START_TEST(option_in_syn_and_next)
{
  struct tcp_pcb *pcb = tcp_new();
  ip_addr_t to = IPADDR4_INIT_BYTES(10, 0, 0, 2);
  const struct packet *p;
  tcp_user_timeout_advertise(pcb, 300);
  app_install(pcb);
  ck_assert_int_eq(tcp_connect(pcb, &to, peer.port, NULL), ERR_OK);
  p = only();
  ck_assert_int_eq(told(p), 300);
  peer.lwip_port = p->src;
  peer.ack = p->seq + 1;
  say(0, SYN | ACK, 0);
  peer.seq++;
  p = only();
  ck_assert_uint_eq(p->flags, ACK);
  ck_assert_int_eq(told(p), 300);
  app_send(100);
  ck_assert_int_eq(told(only()), -1);
}
END_TEST

/* With early data behind the SYN the ACK that carries it goes ahead. */
START_TEST(option_before_data)
{
  const struct packet *p;
  reach(ESTABLISHED);
  tcp_user_timeout_advertise(app.pcb, 32767);
  p = only();
  ck_assert_int_eq(told(p), 32767);
  ck_assert_uint_eq(p->len, 0);
  app_send(2000);
  while ((p = world_next()) != NULL) {
    ck_assert_int_eq(told(p), -1);
  }
}
END_TEST

/* RFC 5482 3.3: from 15 bits of seconds on in minutes, rounded up. */
START_TEST(option_granularity)
{
  static const struct { u32_t s; int wire; } cases[] = {
    { 1, 1 }, { 32767, 32767 }, { 32768, 0x8000 | 547 }, { 32820, 0x8000 | 547 }, { 32821, 0x8000 | 548 },
    { 32767U * 60U, 0xffff }, { 0xffffffffU, 0xffff },
  };
  reach(ESTABLISHED);
  tcp_user_timeout_advertise(app.pcb, cases[_i].s);
  ck_assert_int_eq(told(only()), cases[_i].wire);
}
END_TEST

/* RFC 5482 3.1: USER_TIMEOUT = min(U_LIMIT, max(ADV_UTO, REMOTE_UTO, L_LIMIT)); 3.3: zero is ignored. */
START_TEST(option_is_taken)
{
  static const struct { u32_t adv; u16_t remote; u32_t ms; } cases[] = {
    { 300, 200, 300000 }, { 200, 300, 300000 }, { 10, 20, 100000 }, { 300, 0x8000 | 10, 600000 },
    { 300, 0xffff, 3600000 }, { 100000, 10, 3600000 }, { 300, 0, 0 }, { 300, 0x8000, 0 },
  };
  reach(ESTABLISHED);
  tcp_user_timeout_advertise(app.pcb, cases[_i].adv);
  tell(cases[_i].remote);
  ck_assert_uint_eq(tcp_user_timeout_get(app.pcb), cases[_i].ms);
}
END_TEST

/* RFC 5482 3: ignored unless enabled; 3.1: ignored when the application has set a timeout itself. */
START_TEST(option_is_ignored)
{
  reach(ESTABLISHED);
  tell(500);
  ck_assert_uint_eq(tcp_user_timeout_get(app.pcb), 0);
  tcp_user_timeout_set(app.pcb, 1234);
  tcp_user_timeout_advertise(app.pcb, 300);
  tell(500);
  ck_assert_uint_eq(tcp_user_timeout_get(app.pcb), 1234);
}
END_TEST

/* An option of another length is none. */
START_TEST(option_of_wrong_length)
{
  struct packet p;
  reach(ESTABLISHED);
  tcp_user_timeout_advertise(app.pcb, 300);
  p = from_peer(0, ACK, 0);
  add_option(&p, UTO, "\1\2\3", 3);
  inject(&p);
  ck_assert_uint_eq(tcp_user_timeout_get(app.pcb), 0);
}
END_TEST

static err_t
accept_and_advertise(void *arg, struct tcp_pcb *pcb, err_t err)
{
  tcp_user_timeout_advertise(pcb, 150);
  return accept_quietly(arg, pcb, err);
}

/* A server that asks for it in its accept callback takes what the client's first ACK says. */
START_TEST(option_with_accept)
{
  struct packet syn = syn_of_peer();
  establish_with(&syn);
  tcp_accept((struct tcp_pcb *)(void *)tcp_listen_pcbs.listen_pcbs, accept_and_advertise);
  tell(250);
  ck_assert_uint_eq(tcp_user_timeout_get(app.pcb), 250000);
  ck_assert_int_eq(told(only()), 150);
}
END_TEST

/* RFC 5482 4.2: keepalive waits longer than an agreed user timeout. */
START_TEST(option_and_keepalive)
{
  reach(ESTABLISHED);
  ip_set_option(app.pcb, SOF_KEEPALIVE);
  tcp_keep_idle_set(app.pcb, 60000);
  tcp_user_timeout_advertise(app.pcb, 300);
  tell(200);
  world_discard();
  world_pass(300000);
  assert_silence();
  world_pass(2);
  ck_assert_uint_eq(world_pending(), 1);
}
END_TEST

/* Hundreds of retransmissions within a long user timeout: they stay a minute apart and the counter does not begin
 * again; the timeout ends it. */
START_TEST(long_user_timeout)
{
  const u32_t ms = 6U * 60U * MINUTES;
  struct tcp_info info;
  u32_t since = world_now();
  establish();
  tcp_user_timeout_set(app.pcb, ms);
  if (_i == 1) { /* probes of a closed window */
    peer.wnd = 0;
    say(0, ACK, 0);
  }
  app_send(100);
  world_pass(ms - 2 * MINUTES);
  ck_assert_int_eq(tcp_info_get(app.pcb, &info), ERR_OK);
  ck_assert_uint_eq(_i == 0 ? info.timeouts : info.probes, 255);
  world_pass(3 * MINUTES);
  ck_assert_uint_eq(app.errs, 1);
  ck_assert_uint_eq(app.err_at - since, ms);
}
END_TEST

/* RFC 5482 3: no longer advertised. */
START_TEST(advertised_no_more)
{
  u8_t len;
  establish();
  world_discard();
  tcp_user_timeout_advertise(app.pcb, 100);
  ck_assert_ptr_nonnull(option(only(), 28, &len));
  tcp_user_timeout_advertise(app.pcb, 0);
  assert_silence();
  peer_data(10);
  ck_assert_ptr_null(option(only(), 28, &len));
}
END_TEST

#endif

TCase *
uto_tests(void)
{
  TCase *group = tcase_create("uto");
  tcase_add_test(group, syn_tried_three_minutes);
#if RFC_OPTIONS && LWIP_TCP_ALT
  tcase_add_loop_test(group, timeout_of_data, 0, 5);
  tcase_add_loop_test(group, timeout_of_syn, 0, 2);
  tcase_add_test(group, timeout_of_fin);
  tcase_add_test(group, timeout_of_progress);
  tcase_add_test(group, timeout_despite_duplicates);
  tcase_add_test(group, timeout_of_closed_window);
  tcase_add_test(group, timeout_after_closed_window);
  tcase_add_test(group, timeout_of_refused);
  tcase_add_test(group, timeout_replaces_maxrtx);
  tcase_add_test(group, timeout_set_late);
  tcase_add_test(group, timeout_of_listener);
  tcase_add_test(group, timeout_is_bounded);
  tcase_add_loop_test(group, long_user_timeout, 0, 2);
  tcase_add_test(group, advertised_no_more);
  tcase_add_test(group, option_in_syn_and_next);
  tcase_add_test(group, option_before_data);
  tcase_add_loop_test(group, option_granularity, 0, 7);
  tcase_add_loop_test(group, option_is_taken, 0, 8);
  tcase_add_test(group, option_is_ignored);
  tcase_add_test(group, option_of_wrong_length);
  tcase_add_test(group, option_with_accept);
  tcase_add_test(group, option_and_keepalive);
#endif
  return group;
}
