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

TCase *
wide_tests(void)
{
  TCase *tc = tcase_create("wide");
  if (ALT) {
    tcase_add_loop_test(tc, leftover_follows_what_was_refused, 0, 2);
  }
  return tc;
}
