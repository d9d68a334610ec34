/* SPDX-License-Identifier: BSD-3-Clause
 * Connections that the application has left: data in the send queue is still delivered, but not for ever. And
 * those that it has not left: a closed window ends nothing. */
#include "contract.h"

#ifndef TCP_ORPHAN_TIMEOUT_MS
#define TCP_ORPHAN_TIMEOUT_MS HOUR /* legacy has no such limit */
#endif

/* The peer's window is closed and it says so whenever it is asked. */
static void
answer_probes(u32_t ms)
{
  u32_t end = world_now() + ms;
  while ((s32_t)(end - world_now()) > 0) {
    world_pass(SECOND);
    if (world_pending() != 0) {
      world_discard();
      say(0, ACK, 0);
      world_discard();
    }
  }
}

/* A closed window, data and a FIN behind it, in the state that tcp_close() or tcp_shutdown() leads to. */
static void
shut_in(int half, int peer_closed)
{
  establish();
  peer.wnd = 0;
  say(0, ACK | (peer_closed ? FIN : 0), 0);
  peer.seq += peer_closed ? 1 : 0;
  app_send(500);
  if (half) {
    ck_assert_int_eq(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  } else {
    tcp_err(app.pcb, NULL);
    ck_assert_int_eq(tcp_close(app.pcb), ERR_OK);
  }
  assert_state(peer_closed ? LAST_ACK : FIN_WAIT_1);
  world_discard();
}

/* RFC 9293 MUST-36: while the peer answers probes, the connection stays: open, or half closed with an
 * application that still receives. */
START_TEST(closed_window_ends_nothing)
{
  if (_i == 0) {
    establish();
    peer.wnd = 0;
    say(0, ACK, 0);
    app_send(500);
  } else {
    shut_in(1, 0);
  }
  answer_probes(HOUR);
  assert_state(_i == 0 ? ESTABLISHED : FIN_WAIT_1);
  ck_assert_uint_eq(app.errs, 0);
  peer.wnd = 20000;
  say(0, ACK, 0);
  world_pass(2 * MINUTE);
  take_all();
  ck_assert_uint_eq(app.sent, 500);
  end_clean();
}
END_TEST

/* RFC 9293 3.8.6.1, RFC 6429 3: but nobody waits for what an orphan has in its queue. */
START_TEST(closed_window_ends_orphan)
{
  shut_in(0, _i);
  answer_probes(TCP_ORPHAN_TIMEOUT_MS / 2);
  assert_state(_i ? LAST_ACK : FIN_WAIT_1);
  answer_probes(TCP_ORPHAN_TIMEOUT_MS / 2 + 2 * MINUTE);
  ck_assert_ptr_null(the_pcb());
  app.pcb = NULL;
  tcp_close(tcp_listen_pcbs.pcbs);
  assert_clean();
}
END_TEST

/* A slow orphan is not a stuck one: each acknowledged byte gives it its time anew. */
START_TEST(orphan_with_progress)
{
  unsigned int i;
  shut_in(0, _i);
  for (i = 0; i < 10; i++) {
    const struct packet *p;
    answer_probes(TCP_ORPHAN_TIMEOUT_MS / 2);
    ck_assert_ptr_nonnull(the_pcb());
    p = world_await_data(2 * MINUTE);
    ck_assert_ptr_nonnull(p);
    ck_assert_uint_eq(p->seq, peer.ack);
    peer.ack++;
    say(0, ACK, 0);
    world_discard();
  }
  peer.wnd = 20000;
  say(0, ACK, 0);
  ck_assert_ptr_nonnull(world_await(FIN, 2 * MINUTE));
  end_clean();
}
END_TEST

/* The peer says something again and again, but never what would end the connection. */
START_TEST(chatter_ends_nothing_anew)
{
  static const enum tcp_state states[] = { FIN_WAIT_2, CLOSING, LAST_ACK, FIN_WAIT_1 };
  const u8_t again = _i % 3 == 0 ? ACK : _i % 3 == 1 ? ACK | FIN : ACK;
  const u16_t len = _i % 3 == 2 ? 1 : 0;
  enum tcp_state state = states[_i / 3];
  unsigned int i;
  reach(state);
  app.pcb = NULL;
  for (i = 0; i < HOUR / (5 * SECOND) && the_pcb() != NULL; i++) {
    /* in the window: a pure ACK; old: the FIN, or the last byte, once more */
    if (again == ACK && len == 0) {
      say(0, ACK, 0);
    } else {
      struct packet p = from_peer(0, again, len);
      p.seq -= len + ((again & FIN) ? 1U : 0U);
      inject(&p);
    }
    world_pass(5 * SECOND);
    world_discard();
  }
  ck_assert_ptr_null(the_pcb());
  world_pass(HOUR);
  tcp_close(tcp_listen_pcbs.pcbs);
  assert_clean();
}
END_TEST

/* The peer is gone: R2 ends it, whatever the state. */
START_TEST(silent_peer)
{
  static const enum tcp_state states[] = { SYN_SENT, SYN_RCVD, FIN_WAIT_1, FIN_WAIT_2, CLOSING, LAST_ACK, TIME_WAIT };
  reach(states[_i]);
  world_pass(HOUR);
  ck_assert_ptr_null(the_pcb());
  app.pcb = NULL;
  world_discard();
  if (tcp_listen_pcbs.pcbs != NULL) {
    tcp_close(tcp_listen_pcbs.pcbs);
  }
  assert_clean();
}
END_TEST

/* Both directions shut down one after the other, the receiving one last: nobody receives, as after tcp_close(). */
START_TEST(shut_in_two_steps)
{
  establish();
  ck_assert_int_eq(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  peer.ack++;
  say(0, ACK, 0);
  assert_state(FIN_WAIT_2);
  world_pass(HOUR); /* it still receives */
  assert_state(FIN_WAIT_2);
  ck_assert_int_eq(tcp_shutdown(app.pcb, 1, 0), ERR_OK);
  world_pass(TCP_FIN_WAIT_TIMEOUT + SECOND);
  ck_assert_ptr_null(the_pcb());
  ck_assert_uint_eq(app.errs, 1);
  tcp_close(tcp_listen_pcbs.pcbs);
  assert_clean();
}
END_TEST

TCase *
orphan_tests(void)
{
  TCase *tc = tcase_create("orphan");
  tcase_add_loop_test(tc, silent_peer, 0, 7);
  tcase_add_test(tc, shut_in_two_steps);
  if (ALT) {
    tcase_add_loop_test(tc, closed_window_ends_nothing, 0, 2); /* legacy gives up */
    tcase_add_loop_test(tc, closed_window_ends_orphan, 0, 2);
    tcase_add_loop_test(tc, orphan_with_progress, 0, 2);
    tcase_add_loop_test(tc, chatter_ends_nothing_anew, 0, 12);
  }
  return tc;
}
