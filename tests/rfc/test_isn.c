/* SPDX-License-Identifier: BSD-3-Clause
 * Sequence numbers and ports (RFC 6528, RFC 6056), and clocks and numbers that go round. */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

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

/* RFC 9293 MUST-8, SHLD-1; RFC 6528 3-1: a clock of 4 us, and another beginning for each connection. */
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

/* RFC 9293 MUST-9; RFC 6528 3-2: who sees the numbers of all his own connections learns nothing of the next: no
 * difference between neighbours comes twice, and no bit is the same in all. */
START_TEST(sequence_numbers_of_neighbours)
{
  u32_t iss[64], all = 0xffffffffU, none = 0;
  int i, k;
  listen_only();
  for (i = 0; i < 64; i++) {
    iss[i] = iss_for((u16_t)(4000 + i));
    all &= iss[i];
    none |= iss[i];
    for (k = 1; k < i; k++) {
      ck_assert_uint_ne(iss[i] - iss[i - 1], iss[k] - iss[k - 1]);
    }
  }
  ck_assert_uint_eq(all, 0);
  ck_assert_uint_eq(none, 0xffffffffU);
}
END_TEST

/* RFC 6056 3.3-2: the peer may still remember the last connection. */
START_TEST(ports_do_not_come_back)
{
  static u8_t used[65536];
  int i;
  for (i = 0; i < 500; i++) {
    reach(SYN_SENT);
    ck_assert_uint_eq(used[peer.lwip_port]++, 0);
    tcp_abort(app.pcb);
    world_discard();
  }
}
END_TEST

/* RFC 6056 3.3-1; RFC 5927 4.2-1 */
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
  world_pass(0U - world_now() - 800);
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
isn_tests(void)
{
  TCase *tc = tcase_create("isn");
  tcase_add_test(tc, initial_sequence_numbers);
  tcase_add_test(tc, ephemeral_ports);
  tcase_add_test(tc, sequence_wraps);
  tcase_add_test(tc, clock_wraps);
  tcase_add_test(tc, long_idle);
  tcase_add_test(tc, sequence_numbers_of_neighbours);
  tcase_add_test(tc, ports_do_not_come_back);
  return tc;
}
