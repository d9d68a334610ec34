/* SPDX-License-Identifier: BSD-3-Clause
 * Which segments a synchronized state takes (RFC 9293 3.10.7.4, RFC 5961). */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

/* ---- synchronized states: RST, SYN, ACK ---- */

/* RFC 9293 MUST-12, SHLD-2; RFC 5961 3.2-2: also with data; TIME-WAIT ignores it (RFC 1337). */
START_TEST(rst_exact)
{
  enum tcp_state s = synchronized[_i];
  reach(s);
  say(0, RST, _i % 2 == 0 ? 0 : 7); /* SHLD-2: with data too */
  assert_silence();
  if (s == TIME_WAIT) {
    assert_state(TIME_WAIT); /* RFC 1337 */
  } else {
    ck_assert_ptr_null(the_pcb());
    if (s == ESTABLISHED || s == CLOSE_WAIT) {
      ck_assert_int_eq(app.err, ERR_RST);
    }
  }
}
END_TEST

/* RFC 5961 3.2-3 */
START_TEST(rst_in_window)
{
  enum tcp_state s = synchronized[_i];
  reach(s);
  say(1, RST, 0);
  if (s == TIME_WAIT) {
    assert_silence();
  } else {
    assert_ack(in_flight());
  }
  say(1000, RST | ACK, 0);
  if (s == TIME_WAIT) {
    assert_silence();
  } else {
    assert_ack(in_flight());
  }
  assert_alive(s);
}
END_TEST

/* RFC 5961 3.2-1 */
START_TEST(rst_outside)
{
  enum tcp_state s = synchronized[_i];
  reach(s);
  say(0xffffffffU, RST, 0);
  say(TCP_WND + 1, RST, 0);
  say(0x80000000U, RST, 0);
  say(0xffffff00U, RST | ACK, 0);
  assert_silence();
  assert_alive(s);
}
END_TEST

/* RFC 9293 MUST-66: the only number in a closed window is RCV.NXT. */
START_TEST(rst_with_closed_window)
{
  establish();
  tcp_recv(app.pcb, hoard);
  while (app.taken < TCP_WND) {
    peer_data(1000);
  }
  world_discard();
  say(1, RST, 0);
  say(0xffffffffU, RST, 0);
  ck_assert_uint_le(world_pending(), 1); /* dropped, or a challenge ACK at the edge */
  assert_alive(ESTABLISHED);
  world_discard();
  say(0, RST, 0);
  ck_assert_int_eq(app.err, ERR_RST);
}
END_TEST

/* RFC 5961 4.2-1: whatever its sequence number. */
START_TEST(syn_in_synchronized_state)
{
  static const u32_t off[] = { 0, 1, 1000, 0xffffffffU, 0xffffff00U, 0x80000000U };
  enum tcp_state s = synchronized[_i];
  size_t i;
  reach(s);
  for (i = 0; i < LWIP_ARRAYSIZE(off); i++) {
    if (s == TIME_WAIT && (s32_t)off[i] >= 0) {
      continue; /* see syn_reopens_time_wait */
    }
    say(off[i], SYN, 0);
    assert_ack(in_flight());
    say(off[i], SYN | ACK, 0);
    assert_ack(in_flight());
  }
  assert_alive(s);
}
END_TEST

/* RFC 9293 3.10.7.4-3 */
START_TEST(no_ack_flag)
{
  static const u8_t flags[] = { 0, PSH, URG, FIN, FIN | PSH | URG };
  enum tcp_state s = synchronized[_i];
  size_t i;
  reach(s);
  for (i = 0; i < sizeof(flags); i++) {
    say(0, flags[i], 0);
    say(0, flags[i], 10);
  }
  assert_silence();
  assert_alive(s);
  ck_assert_uint_eq(app.taken, 0);
}
END_TEST

/* RFC 9293 3.10.7.4-5, MAY-12; RFC 5961 5.2-1 */
START_TEST(ack_of_unsent)
{
  enum tcp_state s = synchronized[_i];
  reach(s);
  say_ack(0, ACK, 10, in_flight() + 1);
  assert_ack(in_flight());
  say_ack(0, ACK, 0, 0x7fffffffU);
  assert_ack(in_flight());
  assert_alive(s);
  ck_assert_uint_eq(app.taken, 0);
}
END_TEST

/* RFC 9293 MAY-12; RFC 5961 5.2-1, 5.2-2: SND.UNA - MAX.SND.WND <= SEG.ACK. */
START_TEST(ack_too_old)
{
  establish();
  say_ack(0, ACK, 10, 0U - peer.wnd - 1);
  assert_ack(0);
  ck_assert_uint_eq(app.taken, 0);
  say_ack(0, ACK, 10, 0U - peer.wnd);
  peer.seq += 10;
  assert_ack(0);
  ck_assert_uint_eq(app.taken, 10);
}
END_TEST

/* Two ends that each find the other's ACK unacceptable must not answer each other for ever. */
START_TEST(unacceptable_ack_limit)
{
  unsigned int i, n;
  establish();
  for (i = 0; i < 100; i++) {
    say(0U - 1000000U, ACK, 0);
  }
  n = world_pending();
  ck_assert_uint_ge(n, 1);
  ck_assert_uint_le(n, 20);
  world_discard();
  say(0U - 1000000U, ACK, 10); /* with data it may be a retransmission: always answered */
  assert_ack(0);
}
END_TEST

/* RFC 5961 7-1, 7-2: a second connection still answers. */
START_TEST(challenge_limit)
{
  unsigned int i, n;
  establish();
  for (i = 0; i < 100; i++) {
    say(1, RST, 0);
  }
  n = world_pending();
  ck_assert_uint_ge(n, 1);
  ck_assert_uint_le(n, 20);
  world_discard();
  {
    struct packet syn;
    u16_t port = peer.port;
    peer.port = 4001;
    peer.seq = 90000;
    syn = syn_of_peer();
    inject(&syn);
    peer.ack = only()->seq + 1;
    peer.seq++;
    say(0, ACK, 0);
    say(1, RST, 0);
    assert_ack(0);
    peer.port = port;
  }
  world_pass(3000);
  peer.port = 4001;
  say(1, RST, 0);
  assert_ack(0);
}
END_TEST

/* ---- acceptability (3.10.7.4 first) ---- */

/* RFC 9293 3.10.7.4-1 */
START_TEST(unacceptable)
{
  static const struct { u32_t off; u16_t len; } bad[] = {
    { 0xffffffffU, 0 }, { 0xffffffffU, 1 }, { 0xffffff00U, 256 }, { 0xffffff00U, 10 },
    { TCP_WND, 1 }, { TCP_WND + 1, 0 }, { TCP_WND + 1, 5 }, { 0x80000000U, 1 }, { 0x7fffffffU, 1 },
  };
  enum tcp_state s = synchronized[_i];
  size_t i;
  reach(s);
  for (i = 0; i < LWIP_ARRAYSIZE(bad); i++) {
    if ((s == TIME_WAIT || s == CLOSING || s == LAST_ACK || s == CLOSE_WAIT) && bad[i].off <= TCP_WND) {
      continue; /* the FIN has moved the window */
    }
    say(bad[i].off, ACK, bad[i].len);
    assert_ack(in_flight());
  }
  assert_alive(s);
  ck_assert_uint_eq(app.taken, 0);
}
END_TEST

/* RFC 9293 MUST-66, MAY-8: at a closed window a probe's data is not taken, its ACK is; and a FIN. */
START_TEST(acceptable_at_closed_window)
{
  establish();
  tcp_recv(app.pcb, hoard);
  while (app.taken < TCP_WND) {
    peer_data(1000);
  }
  app_send(5);
  world_discard();
  say(1, ACK, 0); /* neither in the window nor at its edge: see simultaneous_probes */
  world_discard();
  say_ack(0, ACK, 1, 5);
  peer.ack += 5;
  assert_ack(0);
  ck_assert_uint_eq(app.taken, TCP_WND);
  ck_assert_uint_eq(app.sent, 5);
  say(0, FIN | ACK, 0);
  peer.seq++;
  assert_ack(0);
  assert_state(CLOSE_WAIT);
}
END_TEST

TCase *
segment_tests(void)
{
  TCase *tc = tcase_create("segment");
  tcase_add_loop_test(tc, rst_exact, 0, N_SYNCHRONIZED);
  tcase_add_loop_test(tc, rst_in_window, 0, N_SYNCHRONIZED);
  tcase_add_loop_test(tc, rst_outside, 0, N_SYNCHRONIZED);
  tcase_add_test(tc, rst_with_closed_window);
  tcase_add_loop_test(tc, syn_in_synchronized_state, 0, N_SYNCHRONIZED);
  tcase_add_loop_test(tc, no_ack_flag, 0, N_SYNCHRONIZED);
  tcase_add_loop_test(tc, ack_of_unsent, 0, N_SYNCHRONIZED);
  tcase_add_test(tc, ack_too_old);
  tcase_add_test(tc, unacceptable_ack_limit);
  tcase_add_test(tc, challenge_limit);
  tcase_add_loop_test(tc, unacceptable, 0, N_SYNCHRONIZED);
  tcase_add_test(tc, acceptable_at_closed_window);
  return tc;
}
