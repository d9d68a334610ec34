/* SPDX-License-Identifier: BSD-3-Clause
 * Closing (RFC 9293 3.6), TIME-WAIT (RFC 1337, RFC 6191) and abort. */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

/* ---- closing ---- */

/* RFC 9293 MUST-13, 3.10.7.4-9, 3.10.7.4-10 */
START_TEST(active_close)
{
  const struct packet *p;
  establish();
  tcp_close(app.pcb);
  p = only();
  ck_assert_uint_eq(p->flags & (FIN | ACK), FIN | ACK);
  assert_state(FIN_WAIT_1);
  peer.ack++;
  say(0, ACK, 0);
  assert_state(FIN_WAIT_2);
  assert_silence();
  say(0, FIN | ACK, 0);
  peer.seq++;
  assert_state(TIME_WAIT);
  assert_ack(0);
  world_pass(2 * TCP_MSL - 1000);
  assert_state(TIME_WAIT);
  world_pass(1100 + 2 * grain());
  assert_clean();
}
END_TEST

/* RFC 9293 MUST-12, 3.10.7.4-9, 3.10.7.4-10 */
START_TEST(passive_close)
{
  establish();
  say(0, FIN | ACK, 0);
  peer.seq++;
  assert_ack(0);
  ck_assert_uint_eq(app.closes, 1);
  assert_state(CLOSE_WAIT);
  tcp_close(app.pcb);
  ck_assert_uint_eq(only()->flags & FIN, FIN);
  assert_state(LAST_ACK);
  peer.ack++;
  say(0, ACK, 0);
  assert_silence();
  assert_clean();
  ck_assert_uint_eq(app.errs, 0);
}
END_TEST

/* RFC 9293 3.10.7.4-9, 3.10.7.4-10 */
START_TEST(simultaneous_close)
{
  reach(CLOSING);
  say_ack(0, ACK, 0, 1);
  assert_state(TIME_WAIT);
  assert_silence();
  world_pass(2 * TCP_MSL + 100 + 2 * grain());
  assert_clean();
}
END_TEST

/* RFC 9293 3.10.7.4-9: FIN and the ACK of ours in one segment: FIN-WAIT-1 to TIME-WAIT. */
START_TEST(fin_with_ack_of_fin)
{
  reach(FIN_WAIT_1);
  peer.ack++;
  say(0, FIN | ACK, 0);
  peer.seq++;
  assert_state(TIME_WAIT);
  assert_ack(0);
}
END_TEST

START_TEST(half_close_by_us)
{
  establish();
  ck_assert_int_eq(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  ck_assert_uint_eq(only()->flags & FIN, FIN);
  peer.ack++;
  say(0, ACK, 0);
  assert_state(FIN_WAIT_2);
  ck_assert_int_eq(tcp_write(app.pcb, "x", 1, TCP_WRITE_FLAG_COPY), ERR_CONN);
  peer_data(500);
  ck_assert_uint_eq(app.taken, 500);
  world_pass(10 * 60 * 1000);
  assert_state(FIN_WAIT_2); /* the application still receives */
  peer_data(500);
  ck_assert_uint_eq(app.taken, 1000);
  say(0, FIN | ACK, 0);
  ck_assert_uint_eq(app.closes, 1);
  assert_state(TIME_WAIT);
}
END_TEST

START_TEST(half_close_by_peer)
{
  reach(CLOSE_WAIT);
  app_send(700);
  take_all();
  take_all();
  ck_assert_uint_eq(app.sent, 700);
  tcp_close(app.pcb);
  assert_state(LAST_ACK);
}
END_TEST

/* RFC 9293 SHLD-3, MAY-1 */
START_TEST(close_with_unread_data)
{
  establish();
  tcp_recv(app.pcb, hoard);
  peer_data(100);
  world_discard();
  tcp_close(app.pcb);
  assert_rst(peer.ack);
  assert_clean();
}
END_TEST

/* RFC 9293 SHLD-3, MAY-1 */
START_TEST(data_after_close)
{
  reach(_i == 0 ? FIN_WAIT_1 : FIN_WAIT_2);
  say(0, ACK, 10);
  assert_rst(peer.ack + (_i == 0 ? 1 : 0));
  assert_clean();
}
END_TEST

/* RFC 9293 3.10.7.4-7; RFC 1337 3-2 */
START_TEST(text_after_fin)
{
  enum tcp_state s = _i == 0 ? CLOSE_WAIT : _i == 1 ? LAST_ACK : _i == 2 ? CLOSING : TIME_WAIT;
  reach(s);
  app.taken = 0;
  say(0, ACK, 100);
  assert_ack(in_flight());
  say(0xffffffffU, ACK, 100); /* overlapping the FIN */
  assert_ack(in_flight());
  say(0, ACK | FIN, 100);
  assert_ack(in_flight());
  assert_state(s);
  ck_assert_uint_eq(app.taken, 0);
}
END_TEST

/* RFC 9293 3.10.7.4-8, SHLD-31 */
START_TEST(fin_out_of_order)
{
  establish();
  say(100, FIN | ACK, 100);
  assert_ack(0);
  assert_state(ESTABLISHED);
  say(0, ACK, 100);
  peer.seq += 201;
  ck_assert_uint_eq(app.taken, 200);
  ck_assert_uint_eq(app.closes, 1);
  assert_state(CLOSE_WAIT);
  assert_ack(0);
}
END_TEST

/* RFC 9293 3.10.7.4-8 */
START_TEST(bare_fin_out_of_order)
{
  establish();
  say(100, FIN | ACK, 0);
  assert_ack(0);
  say(150, ACK, 50); /* behind the FIN: ignored */
  assert_ack(0);
  say(0, ACK, 100);
  peer.seq += 101;
  ck_assert_uint_eq(app.taken, 100);
  ck_assert_uint_eq(app.closes, 1);
  assert_ack(0);
  assert_state(CLOSE_WAIT);
}
END_TEST

/* Data and FIN of the peer, refused by the application, survive the way into TIME-WAIT. */
START_TEST(refused_data_survives_time_wait)
{
  establish();
  tcp_shutdown(app.pcb, 0, 1);
  app.recv_answer = ERR_MEM;
  say(0, ACK | FIN, 100);
  peer.seq += 101;
  assert_state(CLOSING);
  world_discard();
  peer.ack++;
  say(0, ACK, 0);
  assert_state(TIME_WAIT);
  app.recv_answer = ERR_OK;
  world_pass(1000);
  ck_assert_uint_eq(app.taken, 100);
  ck_assert_uint_eq(app.closes, 1);
}
END_TEST

/* ---- TIME-WAIT ---- */

/* RFC 9293 3.10.7.4-11; RFC 1337 3-2 */
START_TEST(fin_restarts_time_wait)
{
  reach(TIME_WAIT);
  world_pass(2 * TCP_MSL - 5000);
  say(0xffffffffU, FIN | ACK, 0);
  assert_ack(0);
  world_pass(2 * TCP_MSL - 1000);
  assert_state(TIME_WAIT);
  world_pass(1100 + 2 * grain());
  assert_clean();
}
END_TEST

/* Only the peer's FIN does that, not any segment with the flag. */
START_TEST(stray_fin_does_not_restart_time_wait)
{
  reach(TIME_WAIT);
  world_pass(2 * TCP_MSL - 5000);
  say(0x40000000U, FIN | ACK, 0);
  world_pass(5100);
  assert_clean();
}
END_TEST

/* RFC 9293 MAY-2; RFC 6191 2-2: without timestamps by its number, and with an ISN beyond all that was used. */
START_TEST(syn_reopens_time_wait)
{
  struct packet syn;
  const struct packet *p;
  u32_t old;
  reach(TIME_WAIT);
  old = peer.ack;
  peer.seq += 100;
  syn = syn_of_peer();
  inject(&syn);
  p = only();
  ck_assert_uint_eq(p->flags, SYN | ACK);
  ck_assert_uint_eq(p->ack, syn.seq + 1);
  ck_assert_int_gt((s32_t)(p->seq - old), 0); /* beyond all that the old connection used */
  peer.seq++;
  peer.ack = p->seq + 1;
  say(0, ACK, 0);
  assert_state(ESTABLISHED);
}
END_TEST

/* RFC 9293 MAY-2: the same after a transfer that ran ahead of the ISN's clock (its first condition). */
START_TEST(reopened_beyond_a_fast_transfer)
{
  struct packet syn;
  const struct packet *p;
  u32_t old;
  int i;
  establish();
  tcp_nagle_disable(app.pcb);
  for (i = 0; i < 200; i++) {
    app_send(5000);
    world_discard();
    peer.ack += 5000;
    say(0, ACK, 0);
    world_discard();
  }
  tcp_close(app.pcb);
  peer.ack++;
  say(0, FIN | ACK, 0);
  peer.seq++;
  assert_state(TIME_WAIT);
  world_discard();
  old = peer.ack;
  peer.seq += 100;
  syn = syn_of_peer();
  inject(&syn);
  p = only();
  ck_assert_uint_eq(p->flags, SYN | ACK);
  ck_assert_int_gt((s32_t)(p->seq - old), 0);
}
END_TEST

/* A blind SYN must not end TIME-WAIT where nobody listens (RFC 5961 4.2). */
START_TEST(syn_in_time_wait_without_listener)
{
  establish();
  tcp_close(app.pcb);
  peer.ack++;
  say(0, FIN | ACK, 0);
  peer.seq++;
  world_discard();
  tcp_close(tcp_listen_pcbs.pcbs);
  say(100, SYN, 0);
  assert_ack(0);
  assert_state(TIME_WAIT);
}
END_TEST

/* An application that has only shut down its sending side still holds the PCB: it hears of its end. */
START_TEST(time_wait_held_by_application)
{
  establish();
  tcp_shutdown(app.pcb, 0, 1);
  peer.ack++;
  say(0, FIN | ACK, 0);
  peer.seq++;
  assert_state(TIME_WAIT);
  ck_assert_uint_eq(app.closes, 1);
  if (_i == 0) {
    world_pass(2 * TCP_MSL + 1000);
  } else {
    struct packet syn;
    peer.seq += 100;
    syn = syn_of_peer();
    inject(&syn);
  }
  ck_assert_uint_eq(app.errs, 1);
  ck_assert_ptr_null(app.pcb);
}
END_TEST

/* RFC 1337 3-1 */
START_TEST(rst_in_time_wait)
{
  reach(TIME_WAIT);
  say(0, RST, 0);
  say(0, RST | ACK, 0);
  say(0xffffffffU, RST, 0);
  assert_silence();
  assert_state(TIME_WAIT);
}
END_TEST

/* ---- abort ---- */

/* RFC 9293 3.10.5-1 */
START_TEST(abort_in_each_state)
{
  enum tcp_state s = synchronized[_i];
  reach(s);
  if (s == ESTABLISHED || s == CLOSE_WAIT) {
    tcp_abort(app.pcb);
    assert_rst(peer.ack + in_flight());
    ck_assert_int_eq(app.err, ERR_ABRT);
    assert_clean();
  }
}
END_TEST

TCase *
close_tests(void)
{
  TCase *tc = tcase_create("close");
  tcase_add_test(tc, active_close);
  tcase_add_test(tc, passive_close);
  tcase_add_test(tc, simultaneous_close);
  tcase_add_test(tc, fin_with_ack_of_fin);
  tcase_add_test(tc, half_close_by_us);
  tcase_add_test(tc, half_close_by_peer);
  tcase_add_test(tc, close_with_unread_data);
  tcase_add_loop_test(tc, data_after_close, 0, 2);
  tcase_add_loop_test(tc, text_after_fin, 0, 4);
  tcase_add_test(tc, fin_out_of_order);
  tcase_add_test(tc, bare_fin_out_of_order);
  tcase_add_test(tc, refused_data_survives_time_wait);
  tcase_add_test(tc, fin_restarts_time_wait);
  tcase_add_test(tc, stray_fin_does_not_restart_time_wait);
  tcase_add_test(tc, syn_reopens_time_wait);
  tcase_add_test(tc, reopened_beyond_a_fast_transfer);
  tcase_add_test(tc, syn_in_time_wait_without_listener);
  tcase_add_loop_test(tc, time_wait_held_by_application, 0, 2);
  tcase_add_test(tc, rst_in_time_wait);
  tcase_add_loop_test(tc, abort_in_each_state, 0, N_SYNCHRONIZED);
  return tc;
}
