/* SPDX-License-Identifier: BSD-3-Clause
 * Sending: retransmission (RFC 6298), loss recovery (RFC 5681, 6582, 3042), windows and probes (RFC 9293 3.8.6),
 * keepalive (3.8.4), sequence numbers and ports (RFC 6528, RFC 6056). */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

#define MSS      1000U
#define MINUTES  (60U * 1000U)

/* A connection with MSS 1000 and this round-trip time in its handshake. */
static void
path(u32_t rtt)
{
  struct packet syn = syn_of_peer();
  establish_with(&syn);
  world_pass(rtt);
  say(0, ACK, 0);
  ck_assert_uint_eq(app.accepts, 1);
  world_discard();
  tcp_nagle_disable(app.pcb);
}

static void
ack(u32_t bytes)
{
  peer.ack += bytes;
  say(0, ACK, 0);
}

/* The next packet begins this far behind peer.ack; it is of len bytes. */
static void
assert_data(u32_t off, u32_t len)
{
  const struct packet *p = world_next();
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->seq - peer.ack, off);
  ck_assert_uint_eq(p->len, len);
}

/* ms until the first segment comes again; everything stays unanswered */
static u32_t
wait_again(u32_t off)
{
  u32_t since = world_now();
  const struct packet *p = world_await_data(2 * MINUTES);
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->seq - peer.ack, off);
  return p->at - since;
}

/* ---- the timer ---- */

START_TEST(first_sample)
{
  static const struct { u32_t rtt, rto; } cases[] = {
    { 0, 200 }, { 50, 250 }, { 100, 300 }, { 200, 600 }, { 900, 2700 },
  };
  path(cases[_i].rtt);
  app_send(100);
  world_discard();
  ck_assert_uint_le(wait_again(0) - cases[_i].rto, 4);
}
END_TEST

START_TEST(smoothing)
{
  u32_t srtt = 8 * 100, var = 2 * 100; /* scaled by 8 and 4 */
  static const u32_t rtt[] = { 290, 80, 500, 100, 100, 40, 1000 };
  size_t i;
  path(100);
  for (i = 0; i < LWIP_ARRAYSIZE(rtt); i++) {
    u32_t err = rtt[i] > srtt / 8 ? rtt[i] - srtt / 8 : srtt / 8 - rtt[i];
    u32_t rto = srtt / 8 + LWIP_MAX(200, var);
    if (rtt[i] >= rto) {
      break;
    }
    app_send(100);
    world_pass(rtt[i]);
    world_discard();
    ack(100);
    var = var - var / 4 + err;
    srtt = srtt - srtt / 8 + rtt[i];
  }
  ck_assert_uint_ge(i, 2);
  app_send(100);
  world_discard();
  {
    u32_t rto = srtt / 8 + LWIP_MAX(200, var), got = wait_again(0);
    ck_assert_msg(got + 3 >= rto && got <= rto + 3, "RTO %u instead of %u", (unsigned)got, (unsigned)rto);
  }
}
END_TEST

START_TEST(backoff_and_cap)
{
  u32_t rto = 300, i, since;
  path(100);
  app_send(100);
  world_discard();
  since = world_now();
  for (i = 0; i < TCP_MAXRTX; i++) {
    u32_t w = wait_again(0);
    ck_assert_msg(w >= rto && w <= rto + 4, "interval %u is %u instead of %u", (unsigned)i, (unsigned)w, (unsigned)rto);
    rto = LWIP_MIN(2 * rto, 60000);
  }
  ck_assert_ptr_nonnull(app.pcb);
  world_pass(61000);
  ck_assert_int_eq(app.err, ERR_ABRT);
  ck_assert_uint_ge(app.err_at - since, 100000); /* SHLD-11 */
}
END_TEST

/* RFC 6298 3 and 5.7 in one: no sample of what was sent twice, the backed-off RTO stays until there is one. */
START_TEST(karn)
{
  path(100);
  app_send(100);
  world_discard();
  wait_again(0);
  world_discard();
  ack(100);
  app_send(100);
  world_discard();
  {
    u32_t w = wait_again(0);
    ck_assert_msg(w >= 300 && w <= 604, "%u", (unsigned)w);
  }
}
END_TEST

START_TEST(restart_on_ack)
{
  path(100);
  app_send(3000);
  world_discard();
  world_pass(250);
  ack(1000);
  world_discard();
  {
    u32_t w = wait_again(0);
    ck_assert_msg(w >= 290, "after %u ms", (unsigned)w);
  }
}
END_TEST

START_TEST(no_timer_without_data)
{
  path(100);
  app_send(1000);
  world_discard();
  ack(1000);
  world_pass(10 * MINUTES);
  assert_silence();
  ck_assert(world_sleeps_forever());
}
END_TEST

/* RFC 9293 MUST-23: a SYN is tried for at least 3 minutes. */
START_TEST(syn_for_three_minutes)
{
  u32_t since = world_now(), interval = 1000, last;
  const struct packet *p;
  reach(SYN_SENT);
  last = since;
  while ((p = world_await(SYN, 2 * MINUTES)) != NULL) {
    ck_assert_uint_eq(p->at - last, interval);
    last = p->at;
    interval = LWIP_MIN(2 * interval, 60000);
  }
  ck_assert_int_eq(app.err, ERR_ABRT);
  ck_assert_msg(app.err_at - since >= 3 * MINUTES, "given up after %u ms", (unsigned)(app.err_at - since));
}
END_TEST

/* RFC 6298 5.7 */
START_TEST(rto_after_lost_syn)
{
  reach(SYN_SENT);
  ck_assert_ptr_nonnull(world_await(SYN, 5000));
  say(0, SYN | ACK, 0);
  peer.seq++;
  world_discard();
  app_send(100);
  world_discard();
  ck_assert_uint_eq(wait_again(0), 3000);
}
END_TEST

/* ---- loss ---- */

START_TEST(fast_retransmit)
{
  path(100);
  app_send(6000);
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

/* RFC 3042 */
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

/* An ACK with data, another window or that acknowledges something is no duplicate. */
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

/* RFC 6582 */
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

/* RFC 6582: `recover` must not lag behind by half the sequence space. */
#if LWIP_TCP_ALT
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

/* ---- windows ---- */

START_TEST(zero_window)
{
  u32_t interval = 300, i;
  path(100);
  peer.wnd = 0;
  say(0, ACK, 0);
  app_send(3000);
  assert_silence();
  for (i = 0; i < 30; i++) {
    u32_t since = world_now();
    const struct packet *p = world_await_data(2 * MINUTES);
    ck_assert_ptr_nonnull(p);
    ck_assert_uint_eq(p->seq, peer.ack);
    ck_assert_uint_eq(p->len, 1);
    ck_assert_uint_eq(p->data[0], 0);
    ck_assert_msg(p->at - since >= interval && p->at - since <= interval + 4, "interval %u: %u instead of %u",
                  (unsigned)i, (unsigned)(p->at - since), (unsigned)interval);
    interval = LWIP_MIN(2 * interval, 60000);
    say(0, ACK, 0); /* MUST-37 */
  }
  peer.wnd = 5000;
  say(0, ACK, 0);
  assert_data(0, MSS);
  assert_data(1000, MSS);
  assert_data(2000, MSS);
  ack(3000);
  ck_assert_uint_eq(app.sent, 3000);
}
END_TEST

START_TEST(zero_window_unanswered)
{
  u32_t n = 0;
  path(100);
  peer.wnd = 0;
  say(0, ACK, 0);
  app_send(3000);
  while (world_await_data(2 * MINUTES) != NULL) {
    n++;
  }
  ck_assert_uint_eq(n, TCP_MAXRTX);
  ck_assert_int_eq(app.err, ERR_ABRT);
}
END_TEST

/* The probe's byte was taken, the window update was lost. */
START_TEST(probe_is_taken)
{
  path(100);
  peer.wnd = 0;
  say(0, ACK, 0);
  app_send(3000);
  ck_assert_ptr_nonnull(world_await_data(1000));
  peer.wnd = 8000;
  ack(1);
  {
    u32_t end = peer.ack;
    const struct packet *p;
    while ((p = world_next()) != NULL) {
      ck_assert_int_le((s32_t)(p->seq - end), 0);
      end = p->seq + p->len;
    }
    ck_assert_uint_eq(end - peer.ack, 2999);
  }
  ack(2999);
  ck_assert_uint_eq(app.sent, 3000);
}
END_TEST

/* SHLD-15 to -17 */
START_TEST(window_shrinks)
{
  const struct packet *p;
  int i;
  path(100);
  app_send(6000);
  world_discard();
  peer.wnd = 2500;
  say(0, ACK, 0);
  app_send(2000);
  assert_silence();
  world_pass(5000);
  while ((p = world_next()) != NULL) {
    ck_assert_uint_le(p->seq + p->len - peer.ack, 2500);
  }
  peer.wnd = 0;
  say(0, ACK, 0);
  world_pass(60000);
  while ((p = world_next()) != NULL) {
    ck_assert_uint_eq(p->seq, peer.ack);
    ck_assert_uint_eq(p->len, 1);
    say(0, ACK, 0);
  }
  peer.wnd = 20000;
  say(0, ACK, 0);
  for (i = 0; i < 8; i++) {
    take_all();
  }
  ck_assert_uint_eq(app.sent, 8000);
}
END_TEST

/* A peer whose window is smaller than the segments queued for it: never slower than a probe per RTO. */
START_TEST(small_window)
{
  u32_t since, i;
  path(10);
  app_send(100);
  take_all();
  peer.wnd = 400;
  say(0, ACK, 0);
  app_send(8000);
  since = world_now();
  for (i = 0; i < 1000 && app.sent < 8100; i++) {
    const struct packet *p = world_await_data(2 * MINUTES);
    ck_assert_ptr_nonnull(p);
    ck_assert_uint_le(p->seq + p->len - peer.ack, 400);
    world_pass(10);
    peer.ack = p->seq + p->len;
    say(0, ACK, 0);
  }
  ck_assert_uint_eq(app.sent, 8100);
  ck_assert_msg(world_now() - since <= 20 * 400, "%u ms for 20 windows", (unsigned)(world_now() - since));
}
END_TEST

/* Both windows closed, both sides probing: the update's sequence number is one beyond the closed window. */
START_TEST(simultaneous_probes)
{
  path(100);
  tcp_recv(app.pcb, hoard);
  while (app.taken < TCP_WND) {
    peer_data(1000);
  }
  peer.wnd = 0;
  say(0, ACK, 0);
  app_send(1000);
  world_discard();
  ck_assert_ptr_nonnull(world_await_data(1000));
  peer.wnd = 8000;
  say(1, ACK, 0);
  assert_data(0, MSS);
}
END_TEST

START_TEST(closed_window_and_fin)
{
  const struct packet *p;
  path(100);
  peer.wnd = 0;
  say(0, ACK, 0);
  app_send(10);
  tcp_close(app.pcb);
  assert_silence();
  p = world_await_data(1000);
  ck_assert_ptr_nonnull(p);
  peer.wnd = 10;
  ack(1);
  p = world_await(FIN, 3000);
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->seq + p->len - peer.ack, 9);
  ack(10);
  assert_state(FIN_WAIT_2);
}
END_TEST

START_TEST(bare_fin_at_closed_window)
{
  const struct packet *p;
  path(100);
  peer.wnd = 0;
  say(0, ACK, 0);
  tcp_close(app.pcb);
  p = world_await(FIN, 3000);
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->seq, peer.ack);
  ack(1);
  assert_state(FIN_WAIT_2);
}
END_TEST

START_TEST(nagle)
{
  path(100);
  tcp_nagle_enable(app.pcb);
  app_send(10);
  ck_assert_uint_eq(only()->len, 10);
  app_send(10);
  app_send(10);
  assert_silence();
  ack(10);
  ck_assert_uint_eq(only()->len, 20);
  app_send(990);
  assert_silence();
  app_send(20);
  ck_assert_uint_eq(only()->len, MSS);
  tcp_nagle_disable(app.pcb);
  tcp_output(app.pcb);
  ck_assert_uint_eq(only()->len, 10);
}
END_TEST

/* The FIN is sent again with what it came with, by timer. */
START_TEST(lost_fin)
{
  int i;
  path(100);
  if (_i == 1) {
    app_send(500);
    take_all();
  }
  tcp_close(app.pcb);
  ck_assert_uint_eq(only()->flags & FIN, FIN);
  for (i = 0; i < 3; i++) {
    const struct packet *p = world_await(FIN, 5000);
    ck_assert_ptr_nonnull(p);
    ck_assert_uint_eq(p->seq, peer.ack);
  }
  ack(1);
  assert_state(FIN_WAIT_2);
  world_discard();
  world_pass(1000);
  assert_silence();
}
END_TEST

/* ---- keepalive ---- */

START_TEST(keepalive)
{
  u32_t since;
  int i;
  path(10);
  tcp_keep_idle_set(app.pcb, 10000);
  tcp_keep_intvl_set(app.pcb, 3000);
  tcp_keep_cnt_set(app.pcb, 4);
  ip_set_option(app.pcb, SOF_KEEPALIVE);
  peer_data(1);
  world_pass(100);
  world_discard();
  say(0, ACK, 0);
  since = world_now();
  for (i = 0; i < 4; i++) {
    const struct packet *p = world_await(ACK, MINUTES);
    ck_assert_ptr_nonnull(p);
    ck_assert_uint_eq(p->at - since, (u32_t)(10000 + i * 3000));
    ck_assert_uint_eq(p->seq, peer.ack - 1);
    if (i == 1 && _i == 1) {
      say(0, ACK, 0); /* an answer: from the beginning (MUST-29) */
      since = world_now();
      i = -1;
      _i = 0;
    }
  }
  ck_assert_ptr_nonnull(world_await(RST, MINUTES));
  ck_assert_uint_eq(app.err_at - since, 10000 + 4 * 3000);
  ck_assert_int_eq(app.err, ERR_ABRT);
}
END_TEST

/* ---- sequence numbers and ports ---- */

static u32_t
iss_for(u16_t port)
{
  u32_t iss;
  peer.port = port;
  say(0, SYN, 0);
  iss = only()->seq;
  say(1, RST, 0);
  return iss;
}

static void
listen_only(void)
{
  struct tcp_pcb *pcb = tcp_new();
  ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, PORT), ERR_OK);
  tcp_listen(pcb);
  peer.lwip_port = PORT;
}

START_TEST(initial_sequence_numbers)
{
  u32_t a, b, c;
  listen_only();
  a = iss_for(4000);
  b = iss_for(4001);
  world_pass(1000);
  c = iss_for(4000);
  ck_assert_uint_eq(c - a, 250000); /* 4 us a step */
  ck_assert_uint_ne(b, a);
  ck_assert(b - a > 1000 && a - b > 1000);
}
END_TEST

START_TEST(ephemeral_ports)
{
  u16_t ports[3];
  int i;
  for (i = 0; i < 3; i++) {
    reach(SYN_SENT);
    ports[i] = peer.lwip_port;
    ck_assert_uint_ge(ports[i], 1024);
    tcp_abort(app.pcb);
    peer.port = (u16_t)(peer.port + 77);
    world_discard();
  }
  ck_assert(ports[1] - ports[0] > 3 || ports[0] - ports[1] > 3);
  ck_assert(ports[2] - ports[1] > 3 || ports[1] - ports[2] > 3);
}
END_TEST

/* A transfer across sequence number 0, with a loss and a timeout on the way; in both directions. */
static void
transfer(void)
{
  u32_t i;
  app.taken = app.sent = 0;
  for (i = 0; i < 20; i++) {
    app_send(1000);
    if (i % 5 == 3) {
      world_discard();
      ck_assert_uint_le(wait_again(0), 1300);
    }
    if (i % 3 == 0) {
      say(1000, ACK, 500);
      say(500, ACK, 500);
      say(0, ACK, 500);
      peer.seq += 1500;
    } else {
      peer_data(1000);
    }
    take_all();
  }
  ck_assert_uint_eq(app.sent, 20000);
  ck_assert_uint_eq(app.taken, 7 * 1500 + 13 * 1000);
}

START_TEST(sequence_wraps)
{
  u32_t iss;
  listen_only();
  iss = iss_for(4000);
  world_pass((0U - iss - 10000) / 250);
  tcp_close(tcp_listen_pcbs.pcbs);
  peer.port = 4000;
  peer.seq = 0U - 10000;
  establish();
  tcp_nagle_disable(app.pcb);
  ck_assert_uint_gt(peer.ack, 0xffff0000U);
  transfer();
  ck_assert_uint_lt(peer.ack, 0x10000);
  ck_assert_uint_lt(peer.seq, 0x20000);
  close_all();
}
END_TEST

START_TEST(clock_wraps)
{
  u32_t i;
  world_pass(0U - world_now() - 2000);
  establish();
  tcp_nagle_disable(app.pcb);
  for (i = 0; i < 4; i++) {
    transfer();
    world_pass(300);
  }
  ck_assert_uint_lt(world_now(), 1000000);
  close_all();
}
END_TEST

/* An idle connection, for 60 days. */
START_TEST(long_idle)
{
  establish();
  tcp_nagle_disable(app.pcb);
  transfer();
  world_pass(100);
  for (int i = 0; i < 60; i++) {
    world_pass(24U * 60U * MINUTES);
  }
  assert_silence();
  transfer();
  close_all();
}
END_TEST

TCase *
send_tests(void)
{
  TCase *tc = tcase_create("send");
  tcase_add_loop_test(tc, first_sample, 0, 5);
  tcase_add_test(tc, smoothing);
  tcase_add_test(tc, backoff_and_cap);
  tcase_add_test(tc, karn);
  tcase_add_test(tc, restart_on_ack);
  tcase_add_test(tc, no_timer_without_data);
  tcase_add_test(tc, syn_for_three_minutes);
  tcase_add_test(tc, rto_after_lost_syn);
  tcase_add_test(tc, fast_retransmit);
  tcase_add_test(tc, limited_transmit);
  tcase_add_test(tc, what_is_a_duplicate);
  tcase_add_test(tc, partial_ack);
  tcase_add_test(tc, no_fast_retransmit_after_timeout);
  tcase_add_test(tc, loss_window);
#if LWIP_TCP_ALT
  tcase_add_test(tc, fast_retransmit_after_gigabytes);
#endif
  tcase_add_test(tc, zero_window);
  tcase_add_test(tc, zero_window_unanswered);
  tcase_add_test(tc, probe_is_taken);
  tcase_add_test(tc, window_shrinks);
  tcase_add_test(tc, small_window);
  tcase_add_test(tc, simultaneous_probes);
  tcase_add_test(tc, closed_window_and_fin);
  tcase_add_test(tc, bare_fin_at_closed_window);
  tcase_add_test(tc, nagle);
  tcase_add_loop_test(tc, lost_fin, 0, 2);
  tcase_add_loop_test(tc, keepalive, 0, 2);
  tcase_add_test(tc, initial_sequence_numbers);
  tcase_add_test(tc, ephemeral_ports);
  tcase_add_test(tc, sequence_wraps);
  tcase_add_test(tc, clock_wraps);
  tcase_add_test(tc, long_idle);
  return tc;
}
