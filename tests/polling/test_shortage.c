/* SPDX-License-Identifier: BSD-3-Clause
 * What found no memory: the heap and the segment pool are empty for a while, buffers
 * for received packets are not. */
#include "tests.h"

#include "lwip/priv/tcp_priv.h"

#define RETRY_MS 250U

static void
fin_after_shortage(u32_t ms)
{
  const struct packet *fin;
  u32_t since;

  establish();
  world_pass(137);
  memory_take();
  ck_assert_int_eq(tcp_close(app.pcb), ERR_OK);
  world_pass(ms);
  memory_return();
  since = world_now();
  fin = world_await(FIN, PATIENCE);
  ck_assert_ptr_nonnull(fin);
  if (fin->at > since) { /* else it needed none of this memory */
    assert_within(fin->at, since, ms + RETRY_MS);
  }
  peer_take(fin);
  peer_send(FIN | ACK, NULL, 0);
  world_pass(2 * TCP_MSL + 2 * TCP_SLOW_INTERVAL);
  ck_assert_uint_eq(pool_used(MEMP_TCP_PCB), 0);
}

START_TEST(fin_without_memory)
{
  fin_after_shortage(100);
}
END_TEST

/* Attempts may back off by doubling: each waits as long as all before it, and the first one's time besides. */
START_TEST(fin_without_memory_for_long)
{
  fin_after_shortage(2600);
}
END_TEST

/* A FIN behind data that waits for the window; then no memory. */
START_TEST(fin_behind_data_without_memory)
{
  const struct packet *p;

  peer.wnd = 0;
  establish();
  app_write(5);
  tcp_output(app.pcb);
  memory_take();
  ck_assert_int_eq(tcp_close(app.pcb), ERR_OK);
  world_pass(600);
  memory_return();
  world_discard();
  peer.wnd = 60000;
  peer_send(ACK, NULL, 0);
  p = world_await_data(PATIENCE);
  ck_assert_ptr_nonnull(p);
  peer_take(p);
  if (!(p->flags & FIN)) {
    p = world_await(FIN, PATIENCE);
    ck_assert_ptr_nonnull(p);
  }
}
END_TEST

/* Two full segments ask for an ACK at once. */
static void
owe_ack(void)
{
  static const u8_t data[TCP_MSS];

  peer_send(ACK, data, TCP_MSS);
  peer_send(ACK | PSH, data, TCP_MSS);
  ck_assert_uint_eq(app.taken, 2 * TCP_MSS);
}

static void
ack_after_shortage(u32_t ms)
{
  const struct packet *ack;
  u32_t since;

  establish();
  world_pass(10); /* just after legacy's tick */
  memory_take();
  owe_ack();
  world_pass(ms);
  ck_assert_uint_eq(world_pending(), 0);
  memory_return();
  since = world_now();
  ack = world_await(ACK, PATIENCE);
  ck_assert_ptr_nonnull(ack);
  ck_assert_uint_eq(ack->ack, peer.seq);
  assert_within(ack->at, since, LWIP_MAX(RETRY_MS, ms));
}

START_TEST(ack_without_memory)
{
  ack_after_shortage(100);
}
END_TEST

/* Legacy forgets the ACK when its tick finds no memory either. */
START_TEST(ack_without_memory_for_long)
{
  ack_after_shortage(2600);
}
END_TEST

/* The window update of tcp_recved(). */
START_TEST(window_update_without_memory)
{
  const struct packet *ack;
  static const u8_t data[TCP_MSS];
  u32_t since;
  int i;

  establish();
  app.recv_answer = ERR_OK;
  world_pass(10);
  for (i = 0; i < 7; i++) {
    peer_send(ACK, data, TCP_MSS);
  }
  world_pass(250);
  world_discard();
  memory_take();
  peer_send(ACK | PSH, data, TCP_MSS);
  world_pass(30);
  memory_return();
  since = world_now();
  ack = world_await(ACK, PATIENCE);
  ck_assert_ptr_nonnull(ack);
  ck_assert_uint_eq(ack->wnd, TCP_WND);
  assert_within(ack->at, since, RETRY_MS);
}
END_TEST

/* tcp_abort(): the PCB is gone for the application, the RST is not sent yet. */
/* Even if it is never sent, a peer that speaks learns of it. */
START_TEST(rst_when_the_peer_speaks)
{
  const struct packet *rst;

  establish();
  memory_take();
  tcp_abort(app.pcb);
  memory_return();
  peer_send(ACK, "x", 1);
  rst = world_await(RST, 1000);
  ck_assert_ptr_nonnull(rst);
  ck_assert_uint_eq(rst->seq, peer.ack);
}
END_TEST

/* SYN and SYN-ACK need memory too. */
START_TEST(syn_without_memory)
{
  const struct packet *syn;
  u32_t since;
  err_t err;

  memory_take();
  err = open_active();
  memory_return();
  if (err == ERR_MEM) {
    /* tcp_connect() may say so at once: then nothing is under way. */
    tcp_abort(app.pcb);
    ck_assert_uint_eq(pool_used(MEMP_TCP_PCB), 0);
    return;
  }
  ck_assert_int_eq(err, ERR_OK);
  since = world_now();
  syn = world_await(SYN, PATIENCE);
  ck_assert_ptr_nonnull(syn);
  assert_within(syn->at, since, 500);
}
END_TEST

/* tcp_write() says ERR_MEM; the poll callback is where the application tries again. */
START_TEST(write_without_memory_then_poll)
{
  const struct packet *p;
  u32_t since;

  establish();
  tcp_poll(app.pcb, app_poll, 1);
  memory_take();
  ck_assert_int_eq(tcp_write(app.pcb, "hello", 5, TCP_WRITE_FLAG_COPY), ERR_MEM);
  world_pass(600);
  ck_assert_uint_ge(app.polls, 1);
  memory_return();
  since = world_now();
  while (app.polls < 2) {
    world_pass(10);
    ck_assert_uint_le(world_now() - since, PATIENCE);
  }
  assert_within(app.polled_at[1], since, 500);
  app_write(5);
  tcp_output(app.pcb);
  p = world_await_data(0);
  ck_assert_ptr_nonnull(p);
}
END_TEST

TCase *
shortage_tests(void)
{
  TCase *t = tcase_create("shortage");

  tcase_add_test(t, fin_without_memory);
  tcase_add_test(t, fin_without_memory_for_long);
  tcase_add_test(t, fin_behind_data_without_memory);
  tcase_add_test(t, ack_without_memory);
  tcase_add_test(t, window_update_without_memory);
  tcase_add_test(t, rst_when_the_peer_speaks);
  tcase_add_test(t, syn_without_memory);
  tcase_add_test(t, write_without_memory_then_poll);
  if (ALT) {
    tcase_add_test(t, ack_without_memory_for_long);
  }
  return t;
}
