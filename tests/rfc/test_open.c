/* SPDX-License-Identifier: BSD-3-Clause
 * Opening a connection, and what comes before it is open (RFC 9293 3.5, 3.10.7.1 to 3.10.7.4). */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

/* ---- opening ---- */

/* RFC 9293 3.10.7.3-4 */
START_TEST(active_open)
{
  reach(SYN_SENT);
  say(0, SYN | ACK, 0);
  peer.seq++;
  assert_ack(0);
  assert_state(ESTABLISHED);
  ck_assert_uint_eq(app.connects, 1);
}
END_TEST

START_TEST(passive_open)
{
  reach(SYN_RCVD);
  ck_assert_uint_eq(app.accepts, 0);
  say(0, ACK, 0);
  assert_silence();
  assert_state(ESTABLISHED);
  ck_assert_uint_eq(app.accepts, 1);
}
END_TEST

/* RFC 9293 MUST-10: figure 8, with both ways to end it: a SYN-ACK, or an ACK. */
START_TEST(simultaneous_open)
{
  const struct packet *p;
  u32_t iss;
  reach(SYN_SENT);
  iss = peer.ack - 1;
  say(0, SYN, 0);
  p = only();
  ck_assert_uint_eq(p->flags, SYN | ACK);
  ck_assert_uint_eq(p->seq, iss);
  ck_assert_uint_eq(p->ack, peer.seq + 1);
  assert_state(SYN_RCVD);
  if (_i == 0) {
    say(0, SYN | ACK, 0);
  } else {
    say(1, ACK, 0);
  }
  peer.seq++;
  assert_state(ESTABLISHED);
  ck_assert_uint_eq(app.connects, 1);
  ck_assert_uint_eq(app.accepts, 0);
  world_discard();
  app_send(5);
  ck_assert_uint_eq(only()->seq, iss + 1);
  peer_data(5);
  ck_assert_uint_eq(app.taken, 5);
}
END_TEST

/* RFC 9293 MUST-11, 3.10.7.4-2: an active open that a reset ends in SYN-RECEIVED: the application hears of it. */
START_TEST(simultaneous_open_reset)
{
  reach(SYN_SENT);
  say(0, SYN, 0);
  world_discard();
  say(1, RST | ACK, 0);
  assert_state(CLOSED);
  ck_assert_uint_eq(app.errs, 1);
  ck_assert_int_eq(app.err, ERR_RST);
}
END_TEST

START_TEST(simultaneous_open_then_close)
{
  const struct packet *p;
  reach(SYN_SENT);
  say(0, SYN, 0);
  world_discard();
  ck_assert_int_eq(tcp_close(app.pcb), ERR_OK);
  say(0, SYN | ACK, 0);
  world_pass(3000);
  say(1, ACK, 0);
  peer.seq++;
  p = world_await(FIN, 3000);
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->seq, peer.ack);
  peer.ack = p->seq + 1;
  say(0, ACK, 0);
  assert_state(FIN_WAIT_2);
}
END_TEST

/* A connection to oneself, over lwIP's loopback interface. */
START_TEST(self_connect)
{
  struct tcp_pcb *pcb = tcp_new();
  ip_addr_t self = IPADDR4_INIT_BYTES(127, 0, 0, 1);
  int i;
  ck_assert_int_eq(tcp_bind(pcb, &self, 5555), ERR_OK);
  app.pcb = pcb;
  ck_assert_int_eq(tcp_connect(pcb, &self, 5555, NULL), ERR_OK);
  for (i = 0; i < 20; i++) {
    netif_poll_all();
  }
  assert_state(ESTABLISHED);
  ck_assert_int_eq(tcp_write(pcb, "hello", 5, TCP_WRITE_FLAG_COPY), ERR_OK);
  tcp_output(pcb);
  for (i = 0; i < 20; i++) {
    netif_poll_all();
  }
  assert_state(ESTABLISHED);
  ck_assert_uint_eq(tcp_sndbuf(pcb), TCP_SND_BUF);
  tcp_close(pcb);
  for (i = 0; i < 20; i++) {
    netif_poll_all();
  }
  assert_state(TIME_WAIT);
  world_pass(2 * TCP_MSL + 1000);
  assert_clean();
}
END_TEST

/* RFC 9293 3.10.4-1: the SYN-ACK that comes then is for nobody. */
START_TEST(close_in_syn_sent)
{
  reach(SYN_SENT);
  ck_assert_int_eq(tcp_close(app.pcb), ERR_OK);
  assert_state(CLOSED);
  assert_silence();
  ck_assert_uint_eq(app.errs, 0);
  say(0, SYN | ACK, 0);
  assert_rst(peer.ack);
  assert_clean();
}
END_TEST

/* ---- LISTEN ---- */

/* RFC 9293 3.10.7.2-1 */
START_TEST(listen_ignores_rst)
{
  listen_only();
  say(0, RST, 0);
  say(0, RST | ACK, 0);
  say(0, RST | SYN, 0);
  assert_silence();
  assert_clean();
}
END_TEST

/* RFC 9293 3.10.7.2-2 */
START_TEST(listen_resets_ack)
{
  listen_only();
  peer.ack = 4711;
  say(0, ACK, _i == 0 ? 0 : 10);
  assert_rst(4711);
  say(0, SYN | ACK, 0);
  assert_rst(4711);
  say(0, FIN | ACK, 0);
  assert_rst(4711);
  assert_clean();
}
END_TEST

/* RFC 9293 3.10.7.2-4: flags that open nothing: null, xmas, SYN with FIN, with RST. */
START_TEST(listen_odd_flags)
{
  static const u8_t flags[] = { 0, FIN, PSH, URG, FIN | PSH | URG, SYN | FIN, SYN | RST, SYN | FIN | RST,
                                SYN | FIN | PSH | URG | RST, FIN | PSH };
  size_t i;
  listen_only();
  for (i = 0; i < sizeof(flags); i++) {
    say(0, flags[i], 0);
    say(0, flags[i], 5);
  }
  assert_silence();
  assert_clean();
}
END_TEST

/* CVE-1999-0016 */
START_TEST(land)
{
  struct packet p = syn_of_peer();
  const u8_t self[4] = { 10, 0, 0, 1 };
  listen_only();
  p.src = p.dst = PORT;
  inject_between(&p, self, self);
  world_pass(5000);
  assert_silence();
  assert_clean();
}
END_TEST

/* RFC 9293 3.10.7.2-3: what a SYN carries besides itself is not acknowledged, and taken when it comes again. */
START_TEST(syn_with_data)
{
  struct packet p = syn_of_peer();
  const struct packet *syn_ack;
  p.len = 10;
  memset(p.data, 'x', 10);
  syn_ack = establish_with(&p);
  ck_assert_uint_eq(syn_ack->ack, p.seq + 1);
  say(0, ACK, 10);
  peer.seq += 10;
  assert_state(ESTABLISHED);
  world_pass(500);
  assert_ack(0);
}
END_TEST

/* RFC 9293 3.10.7.1-1 */
START_TEST(closed_port)
{
  peer.lwip_port = 81;
  peer.ack = 99;
  say(0, SYN, 0);
  {
    const struct packet *p = only();
    ck_assert_uint_eq(p->flags, RST | ACK);
    ck_assert_uint_eq(p->seq, 0);
    ck_assert_uint_eq(p->ack, peer.seq + 1);
  }
  say(0, FIN, 5);
  ck_assert_uint_eq(only()->ack, peer.seq + 6);
  say(0, ACK, 5);
  assert_rst(99);
  say(0, RST, 0);
  say(0, RST | ACK, 0);
  assert_silence();
}
END_TEST

/* ---- SYN-SENT ---- */

/* RFC 9293 3.10.7.3-1, 3.10.7.3-2 */
START_TEST(syn_sent_unacceptable_ack)
{
  static const u32_t off[] = { 0xffffffffU, 1, 0x80000000U, 0xfffff000U };
  size_t i;
  reach(SYN_SENT);
  for (i = 0; i < LWIP_ARRAYSIZE(off); i++) {
    say_ack(0, ACK, 0, off[i]);
    assert_rst(peer.ack + off[i]);
    say_ack(0, SYN | ACK, 0, off[i]);
    assert_rst(peer.ack + off[i]);
    say_ack(0, RST | ACK, 0, off[i]);
    assert_silence();
  }
  assert_alive(SYN_SENT);
}
END_TEST

/* RFC 9293 3.10.7.3-2, 3.10.7.3-3 */
START_TEST(syn_sent_drops)
{
  static const u8_t flags[] = { 0, FIN, PSH, URG, FIN | URG | PSH, ACK, ACK | FIN, RST };
  size_t i;
  reach(SYN_SENT);
  for (i = 0; i < sizeof(flags); i++) {
    say(0, flags[i], 0);
    say(0, flags[i], 5);
  }
  assert_silence();
  assert_alive(SYN_SENT);
}
END_TEST

/* RFC 9293 3.10.7.3-2 */
START_TEST(syn_sent_refused)
{
  reach(SYN_SENT);
  say(0, RST | ACK, 0);
  assert_state(CLOSED);
  ck_assert_int_eq(app.err, ERR_RST);
  assert_silence();
  assert_clean();
}
END_TEST

/* RFC 9293 3.10.7.3-4: data and FIN with the SYN-ACK. */
START_TEST(syn_ack_with_data_and_fin)
{
  reach(SYN_SENT);
  say(0, SYN | FIN | ACK, 0);
  world_discard();
  ck_assert_uint_eq(app.connects, 1);
  assert_state(CLOSE_WAIT);
}
END_TEST

/* ---- SYN-RECEIVED ---- */

/* RFC 9293 3.10.7.4-4 */
START_TEST(syn_rcvd_bad_ack)
{
  static const u32_t off[] = { 0xffffffffU, 1, 0x80000001U, 1000 };
  size_t i;
  reach(SYN_RCVD);
  peer.seq = 7001;
  for (i = 0; i < LWIP_ARRAYSIZE(off); i++) {
    say_ack(0, ACK, 0, off[i]);
    assert_rst(peer.ack + off[i]);
  }
  assert_state(SYN_RCVD);
}
END_TEST

START_TEST(syn_rcvd_again)
{
  const struct packet *p;
  reach(SYN_RCVD);
  say(0xffffffffU, SYN, 0);
  p = only();
  ck_assert_uint_eq(p->flags, SYN | ACK);
  ck_assert_uint_eq(p->seq, peer.ack - 1);
  ck_assert_uint_eq(p->ack, peer.seq);
}
END_TEST

/* RFC 9293 MUST-11, 3.10.7.4-2; RFC 5961 3.2-2, 3.2-3: a passive open goes back to LISTEN, and nobody is told. */
START_TEST(syn_rcvd_rst)
{
  reach(SYN_RCVD);
  say(1, RST, 0); /* in window */
  assert_state(SYN_RCVD);
  assert_ack(0);
  say(0xfffffff0U, RST, 0);
  assert_silence();
  assert_state(SYN_RCVD);
  say(0, RST, 0);
  assert_state(CLOSED);
  assert_silence();
  assert_clean();
}
END_TEST

START_TEST(syn_rcvd_ack_with_data_and_fin)
{
  reach(SYN_RCVD);
  say(0, ACK | FIN, 10);
  peer.seq += 11;
  ck_assert_uint_eq(app.accepts, 1);
  ck_assert_uint_eq(app.taken, 10);
  ck_assert_uint_eq(app.closes, 1);
  assert_state(CLOSE_WAIT);
  assert_ack(0);
}
END_TEST

/* RFC 9293 MUST-22 */
START_TEST(syn_rcvd_times_out)
{
  const struct packet *p;
  reach(SYN_RCVD);
  while ((p = world_await(SYN, 120000)) != NULL) {
    ck_assert_uint_eq(p->seq, peer.ack - 1);
  }
  assert_clean();
}
END_TEST

TCase *
open_tests(void)
{
  TCase *tc = tcase_create("open");
  tcase_add_test(tc, active_open);
  tcase_add_test(tc, passive_open);
  tcase_add_loop_test(tc, simultaneous_open, 0, 2);
  tcase_add_test(tc, simultaneous_open_reset);
  tcase_add_test(tc, simultaneous_open_then_close);
  tcase_add_test(tc, self_connect);
  tcase_add_test(tc, listen_ignores_rst);
  tcase_add_loop_test(tc, listen_resets_ack, 0, 2);
  tcase_add_test(tc, listen_odd_flags);
  tcase_add_test(tc, land);
  tcase_add_test(tc, syn_with_data);
  tcase_add_test(tc, closed_port);
  tcase_add_test(tc, syn_sent_unacceptable_ack);
  tcase_add_test(tc, syn_sent_drops);
  tcase_add_test(tc, syn_sent_refused);
  tcase_add_test(tc, syn_ack_with_data_and_fin);
  tcase_add_test(tc, syn_rcvd_bad_ack);
  tcase_add_test(tc, syn_rcvd_again);
  tcase_add_test(tc, syn_rcvd_rst);
  tcase_add_test(tc, syn_rcvd_ack_with_data_and_fin);
  tcase_add_test(tc, syn_rcvd_times_out);
  tcase_add_test(tc, close_in_syn_sent);
  return tc;
}
