/* SPDX-License-Identifier: BSD-3-Clause
 * Received data that waits: refused by the application, out of order, not acknowledged. */
#include "tests.h"

#include "lwip/priv/tcp_priv.h"

#define RETRY_MS 250U

static void
be_refused(u8_t flags)
{
  establish();
  world_pass(137);
  app.recv_answer = ERR_MEM;
  peer_send(flags, "hello", 5);
  ck_assert_uint_eq(app.recvs, 1);
}

START_TEST(refused_data_comes_again)
{
  unsigned int i;

  be_refused(ACK | PSH);
  world_pass(3000);
  ck_assert_uint_ge(app.recvs, ALT && clock_source == CLOCK_FAST_SLOW ? 6 : 10);
  ck_assert_uint_le(app.recvs, 40);
  for (i = 1; i < app.recvs; i++) {
    assert_within(app.offered_at[i], app.offered_at[i - 1], RETRY_MS);
  }
  app.recv_answer = ERR_OK;
  world_pass(RETRY_MS + grain());
  ck_assert_uint_eq(app.taken, 5);
  i = app.recvs;
  world_pass(3000);
  ck_assert_uint_eq(app.recvs, i); /* and not once more */
}
END_TEST

START_TEST(refused_data_comes_again_with_any_segment)
{
  be_refused(ACK | PSH);
  peer_send(ACK, NULL, 0);
  ck_assert_uint_eq(app.recvs, 2);
  app.recv_answer = ERR_OK;
  peer_send(ACK, NULL, 0);
  ck_assert_uint_eq(app.taken, 5);
}
END_TEST

START_TEST(fin_behind_refused_data)
{
  be_refused(ACK | PSH | FIN);
  ck_assert_uint_eq(app.closes, 0);
  world_pass(1000);
  ck_assert_uint_eq(app.closes, 0);
  app.recv_answer = ERR_OK;
  world_pass(RETRY_MS + grain());
  ck_assert_uint_eq(app.taken, 5);
  ck_assert_uint_eq(app.closes, 1);
}
END_TEST

/* While data is refused a segment's own data is not taken, but its ACK is, and it is answered. */
START_TEST(ack_is_taken_while_data_is_refused)
{
  const struct packet *p;

  establish();
  app_write(100);
  tcp_output(app.pcb);
  p = world_await_data(0);
  ck_assert_ptr_nonnull(p);
  app.recv_answer = ERR_MEM;
  peer_send(ACK | PSH, "hello", 5);
  world_pass(300);
  world_discard();
  peer.ack = p->seq + p->len;
  peer_send_at(peer.seq, ACK | PSH, "world", 5);
  ck_assert_uint_eq(app.sent, 100);
  p = world_await(ACK, 500 + grain());
  ck_assert_ptr_nonnull(p);
  app.recv_answer = ERR_OK;
  world_pass(RETRY_MS + grain());
  ck_assert_uint_ge(app.taken, 5);
  if (app.taken == 5) { /* not kept: the peer sends it again */
    peer_send(ACK | PSH, "world", 5);
  }
  ck_assert_uint_eq(app.taken, 10);
}
END_TEST

/* Refused data, and the application goes away. */
START_TEST(abort_with_refused_data)
{
  be_refused(ACK | PSH);
  tcp_abort(app.pcb);
  world_pass(1000);
  ck_assert_uint_eq(app.recvs, 1);
  ck_assert_uint_eq(pool_used(MEMP_PBUF_POOL), 0);
  ck_assert_uint_eq(pool_used(MEMP_TCP_PCB), 0);
}
END_TEST

START_TEST(delayed_ack)
{
  const struct packet *ack;
  u32_t since;
  int i;

  establish();
  world_pass(137);
  /* Not the first segments: those may be answered at once. */
  for (i = 0; i < 20; i++) {
    peer_send(ACK | PSH, "hello", 5);
    world_pass(600);
  }
  world_discard();
  peer_send(ACK | PSH, "hello", 5);
  since = world_now();
  ack = world_await(ACK, PATIENCE);
  ck_assert_ptr_nonnull(ack);
  ck_assert_uint_eq(ack->ack, peer.seq);
  assert_within(ack->at, since, 250);
}
END_TEST

/* Data behind a gap that is never filled must not hold buffers for ever. */
START_TEST(out_of_order_data_is_given_up)
{
  establish();
  world_pass(137);
  peer_send_at(peer.seq + 100, ACK | PSH, "hello", 5);
  ck_assert_int_eq(tcp_has_ooseq(app.pcb), 1);
  world_pass(1000);
  ck_assert_int_eq(tcp_has_ooseq(app.pcb), 1);
  world_pass(60000);
  ck_assert_int_eq(tcp_has_ooseq(app.pcb), 0);
  ck_assert_uint_eq(pool_used(MEMP_PBUF_POOL), 0);
  ck_assert_uint_eq(pool_used(MEMP_TCP_SEG), 0);
}
END_TEST

TCase *
input_tests(void)
{
  TCase *t = tcase_create("input");

  tcase_add_test(t, refused_data_comes_again);
  tcase_add_test(t, refused_data_comes_again_with_any_segment);
  tcase_add_test(t, fin_behind_refused_data);
  tcase_add_test(t, abort_with_refused_data);
  tcase_add_test(t, delayed_ack);
  tcase_add_test(t, out_of_order_data_is_given_up);
  if (ALT) {
    tcase_add_test(t, ack_is_taken_while_data_is_refused);
  }
  return t;
}
