/* SPDX-License-Identifier: BSD-3-Clause
 * A window of more than 64 KB, and an application that is called with 64 KB at most. */
#include "contract.h"

/* A gap in front of 140 KB is filled and the application refuses the first part: when it takes that, the rest follows
 * at once, though the peer says nothing more. So does a FIN behind all of it. */
START_TEST(leftover_follows_what_was_refused)
{
  struct packet syn = syn_of_peer();
  u8_t shift = 3;
  u32_t i;
  add_option(&syn, 3, &shift, 1);
  establish_with(&syn);
  say(0, ACK, 0);
  for (i = 1; i < 140; i++) {
    say(i * 1000, (u8_t)(ACK | (i == 139 && _i == 1 ? FIN : 0)), 1000);
  }
  app.recv_answer = ERR_MEM;
  say(0, ACK, 1000);
  peer.seq += 140000 + (_i == 1 ? 1U : 0U);
  ck_assert_uint_eq(app.recvs, 1);
  ck_assert_uint_eq(app.taken, 0);
  world_discard();
  app.recv_answer = ERR_OK;
  world_pass(SECOND);
  ck_assert_uint_eq(app.taken, 140000);
  ck_assert_uint_eq(app.closes, (unsigned int)_i);
  ck_assert_uint_eq(tcp_alt_test_rcv_nxt(app.pcb), peer.seq);
  ck_assert_ptr_nonnull(world_await(ACK, 0)); /* and the peer is told */
  end_clean();
}
END_TEST

/* The send buffer of this build is as large as the window, and one ACK may tell of more than the sent callback's
 * argument holds: it is called twice. Not again when it aborted the connection; and not at all when there is none. */
static unsigned int sent_calls;
static u32_t sent_told;

static err_t
on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  LWIP_UNUSED_ARG(arg);
  sent_calls++;
  sent_told += len;
  if (app.pcb == NULL) {
    tcp_abort(pcb);
    return ERR_ABRT;
  }
  return ERR_OK;
}

START_TEST(sent_more_than_64_kb)
{
  static u8_t bytes[50000];
  struct packet syn = syn_of_peer();
  u8_t shift = 7;
  const u32_t todo = 70000;
  add_option(&syn, 3, &shift, 1);
  establish_with(&syn);
  peer.wnd = 60000;
  say(0, ACK, 0);
  tcp_nagle_disable(app.pcb);
  while (tcp_alt_test_cwnd(app.pcb) < todo) {
    ck_assert_int_eq(tcp_write(app.pcb, bytes, 50000, 0), ERR_OK);
    tcp_output(app.pcb);
    while (tcp_sndqueuelen(app.pcb) != 0) {
      take_all();
    }
  }
  tcp_sent(app.pcb, on_sent);
  ck_assert_int_eq(tcp_write(app.pcb, bytes, 35000, 0), ERR_OK);
  ck_assert_int_eq(tcp_write(app.pcb, bytes, 35000, 0), ERR_OK);
  tcp_output(app.pcb);
  ck_assert_uint_eq(sent_bytes(), todo);
  if (_i == 1) {
    tcp_err(app.pcb, NULL);
    app.pcb = NULL;
  } else if (_i == 2) {
    tcp_sent(app.pcb, NULL);
  }
  peer.ack += todo;
  say(0, ACK, 0);
  ck_assert_uint_eq(sent_calls, 2U - (unsigned int)_i);
  ck_assert_uint_eq(sent_told, _i == 0 ? todo : _i == 1 ? 0xffff : 0);
  ck_assert_int_eq(the_pcb() == NULL, _i == 1);
  end_clean();
}
END_TEST

TCase *
wide_tests(void)
{
  TCase *tc = tcase_create("wide");
  if (ALT) {
    tcase_add_loop_test(tc, leftover_follows_what_was_refused, 0, 2);
    tcase_add_loop_test(tc, sent_more_than_64_kb, 0, 3);
  }
  return tc;
}
