/* SPDX-License-Identifier: BSD-3-Clause
 * What each application of apps/ does, seen from its peer; the same for both backends, for the
 * applications as they are and for the migrated ones. */
#include "world.h"
#include "apps.h"

#include "lwip/priv/tcp_priv.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Legacy acts on its tick of 500 ms and may need one more; alt on the millisecond, but for what was
 * written without a call: that it finds within TCP_ALT_COMPAT_RESCAN_MS. */
#define LATE_BY 1000U

static struct packet last; /* the newest packet of the connection's opening */

static const struct packet *
await(u8_t flags, u32_t ms)
{
  const struct packet *p = world_await(flags, ms);
  ck_assert_ptr_nonnull(p);
  return p;
}

/* The peer opens a connection to an application's port. */
static void
dial_from(u16_t from, u16_t port)
{
  peer.port = from;
  peer.lwip_port = port;
  peer.seq = 7000;
  peer_send(SYN, NULL, 0);
  last = *await(SYN | ACK, 0);
  peer_take(&last);
}

static void
dial(u16_t port)
{
  dial_from(4000, port);
}

/* A segment before everything the peer expects, without data or with a byte of garbage. */
static const struct packet *
await_probe(u32_t ms)
{
  const struct packet *p = await(ACK, ms);
  ck_assert_uint_eq(p->seq, peer.ack - 1);
  ck_assert_uint_le(p->len, 1);
  return p;
}

/* The peer resets, listeners go: everything is back in its pool. */
static void
finish(void)
{
  while (tcp_active_pcbs != NULL) {
    tcp_abort(tcp_active_pcbs);
  }
  while (tcp_tw_pcbs != NULL) {
    tcp_abort(tcp_tw_pcbs);
  }
  while (tcp_listen_pcbs.pcbs != NULL) {
    tcp_close(tcp_listen_pcbs.pcbs);
  }
  ck_assert_uint_eq(pool_used(MEMP_TCP_PCB), 0);
  ck_assert_uint_eq(pool_used(MEMP_TCP_PCB_LISTEN), 0);
  ck_assert_uint_eq(pool_used(MEMP_TCP_SEG), 0);
  ck_assert_uint_eq(pool_used(MEMP_PBUF_POOL), 0);
}

START_TEST(keepalive_notices_dead_peer)
{
  u32_t since;

  keepalive_start();
  dial(KEEPALIVE_PORT);
  ck_assert_uint_eq(keepalive_open, 1);
  since = world_now();
  ck_assert_uint_ge(await_probe(5000 + LATE_BY)->at - since, 5000);
  while (keepalive_open > 0) {
    world_pass(100);
    ck_assert_uint_le(world_now() - since, 5000 + 3 * 1000 + LATE_BY + 100);
  }
  await(RST, 0);
  finish();
}
END_TEST

START_TEST(keepalive_answered_stays)
{
  int i;

  keepalive_start();
  dial(KEEPALIVE_PORT);
  peer_send(ACK | PSH, "x", 1);
  for (i = 0; i < 5; i++) {
    world_pass(500);
    world_discard();
    await_probe(5000 + LATE_BY);
    peer_send(ACK, NULL, 0);
  }
  ck_assert_uint_eq(keepalive_open, 1);
  finish();
}
END_TEST

START_TEST(peer_log_names_both_ends)
{
  const struct packet *p;

  peer_log_start();
  dial(PEER_LOG_PORT);
  ck_assert_str_eq(peer_log_line, "10.0.0.2:4000 -> 10.0.0.1:7002");
  p = world_await_data(0);
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->len, strlen(peer_log_line));
  ck_assert_int_eq(memcmp(p->data, peer_log_line, p->len), 0);
  dial_from(900, PEER_LOG_PORT);
  ck_assert_str_eq(peer_log_line, "10.0.0.2:900 -> 10.0.0.1:7002");
  await(RST, 0);
  finish();
}
END_TEST

/* A key is typed while the echo of the one before is not acknowledged; is it echoed at once? */
static int
echoes(const char *key)
{
  const struct packet *p;

  peer_send(ACK | PSH, key, 1);
  p = world_await_data(0);
  return p != NULL && p->len == 1 && p->data[0] == (u8_t)key[0];
}

START_TEST(console_echoes_at_once)
{
  console_start();
  dial(CONSOLE_PORT);
  ck_assert(echoes("a"));
  ck_assert(echoes("b"));
  ck_assert(!echoes("q"));
  ck_assert(!echoes("c"));
  peer.ack += 2;
  peer_send(ACK, NULL, 0);
  ck_assert_uint_eq(world_await_data(0)->len, 2); /* "qc" */
  ck_assert(!echoes("d"));
  peer.ack += 2;
  peer_send(ACK, NULL, 0);
  ck_assert_uint_eq(world_await_data(0)->len, 1);
  peer.ack += 1;
  ck_assert(echoes("r"));
  ck_assert(echoes("e"));
  finish();
}
END_TEST

START_TEST(sensor_acknowledges_at_once)
{
  u32_t i;

  sensor_start();
  dial(SENSOR_PORT);
  for (i = 1; i <= 40; i++) { /* more than are acknowledged at once anyway */
    const struct packet *p;
    peer_send(ACK | PSH, "0123456789", 10);
    p = world_await(ACK, 0);
    ck_assert_ptr_nonnull(p);
    ck_assert_uint_eq(p->ack, peer.seq);
    ck_assert_ptr_null(world_await(ACK, 0));
    ck_assert_uint_eq(sensor_bytes, i * 10);
  }
  finish();
}
END_TEST

START_TEST(qos_marks_packets)
{
  ip_addr_t to = IPADDR4_INIT_BYTES(10, 0, 0, 2);

  qos_connect(&to, 4000);
  last = *await(SYN, 0);
  ck_assert_uint_eq(last.tos, 0xb8);
  ck_assert_uint_eq(last.ttl, 32);
  ck_assert_uint_eq(qos_high_lost, 0);
  finish();
}
END_TEST

START_TEST(qos_keeps_the_precious)
{
  unsigned int i;

  qos_start();
  for (i = 0; i < MEMP_NUM_TCP_PCB + 3; i++) {
    dial_from((u16_t)(4000 + i), QOS_PORT);
    world_pass(5000); /* the first is the longest idle */
  }
  ck_assert_uint_eq(qos_low_lost, 3);
  ck_assert_uint_eq(qos_high_lost, 0);
  finish();
}
END_TEST

START_TEST(bulk_delivers)
{
  u32_t got = 0;
  int fin = 0;

  bulk_start();
  dial(BULK_PORT);
  while (!fin) {
    const struct packet *p = await(ACK, 100);
    u16_t i;
    ck_assert_uint_eq(p->seq, peer.ack);
    for (i = 0; i < p->len; i++) {
      ck_assert_uint_eq(p->data[i], (u8_t)((got + i) * 7));
    }
    got += p->len;
    fin = (p->flags & FIN) != 0;
    peer_take(p);
  }
  ck_assert_uint_eq(got, BULK_SIZE);
  finish();
}
END_TEST

/* Written from the main loop, long after the last segment. */
START_TEST(late_keepalive)
{
  u32_t since;

  late_start();
  dial(LATE_PORT);
  world_pass(2000);
  world_discard();
  late_command('k');
  since = world_now();
  ck_assert_uint_le(await_probe(2000 + LATE_BY)->at - since, 2000 + LATE_BY);
  while (late_open > 0) {
    world_pass(100);
    ck_assert_uint_le(world_now() - since, 2000 + 2 * 1000 + LATE_BY + 100);
  }
  finish();
}
END_TEST

START_TEST(late_keepalive_off)
{
  late_start();
  dial(LATE_PORT);
  late_command('k');
  world_pass(2000);
  late_command('o');
  world_discard();
  world_pass(60000);
  ck_assert_uint_eq(world_pending(), 0);
  ck_assert_uint_eq(late_open, 1);
  finish();
}
END_TEST

/* The peer does not acknowledge; what Nagle holds back leaves when it is turned off. */
START_TEST(late_nodelay)
{
  late_start();
  dial(LATE_PORT);
  late_command('w');
  ck_assert_uint_eq(world_await_data(0)->len, 4);
  late_command('w');
  ck_assert_ptr_null(world_await_data(0));
  late_command('n');
  ck_assert_ptr_nonnull(world_await_data(LATE_BY));
  finish();
}
END_TEST

START_TEST(netstat_lists)
{
  char text[400];

  netstat_start();
  late_start();
  dial(LATE_PORT);
  ck_assert_uint_lt(netstat_print(text, sizeof(text)), sizeof(text));
  ck_assert_str_eq(text, "7007 listens\n7008 listens\n7007 10.0.0.2:4000 ESTABLISHED\n");
  peer_send(FIN | ACK, NULL, 0);
  finish();
}
END_TEST

START_TEST(watch_follows_states)
{
  ip_addr_t to = IPADDR4_INIT_BYTES(10, 0, 0, 2);

  ck_assert_int_eq(watch_start(&to, 4000), ERR_OK);
  ck_assert_str_eq(watch_phase, "started");
  last = *await(SYN, 0);
  world_pass(1500);
  ck_assert_str_eq(watch_phase, "connecting");
  peer.lwip_port = last.src;
  peer.ack = last.seq + 1;
  peer_send(SYN | ACK, NULL, 0);
  world_pass(1500);
  ck_assert_str_eq(watch_phase, "open");
  peer_send(FIN | ACK, NULL, 0);
  world_discard();
  world_pass(1500);
  ck_assert_str_eq(watch_phase, "left");
  await(FIN, 0);
  watch_stop();
  finish();
}
END_TEST

START_TEST(watch_gives_up)
{
  ip_addr_t to = IPADDR4_INIT_BYTES(10, 0, 0, 2);

  ck_assert_int_eq(watch_start(&to, 4000), ERR_OK);
  watch_stop();
  ck_assert_str_eq(watch_phase, "lost");
  finish();
}
END_TEST

#if LWIP_TCP_ALT && LWIP_TCP_PCB_COMPAT
/* The price of not seeing writes: a wake-up each rescan, and not more; none without a connection. */
START_TEST(rescan_is_bounded)
{
  unsigned int before;

  late_start();
  ck_assert(world_sleeps_forever());
  dial(LATE_PORT);
  world_pass(5000);
  before = world_wakeups();
  world_pass(100 * TCP_ALT_COMPAT_RESCAN_MS);
  ck_assert_uint_le(world_wakeups() - before, 101);
  ck_assert_uint_ge(world_wakeups() - before, 99);
  finish();
  ck_assert(world_sleeps_forever());
}
END_TEST
#endif

int
main(int argc, char **argv)
{
  Suite *suite = suite_create("compat");
  TCase *t = tcase_create("apps");
  SRunner *runner;
  int failed;

  if (argc != 2) {
    fprintf(stderr, "usage: %s TAP-FILE\n", argv[0]);
    return 2;
  }
  tcase_add_checked_fixture(t, world_start, NULL);
  tcase_set_timeout(t, 60);
  tcase_add_test(t, keepalive_notices_dead_peer);
  tcase_add_test(t, keepalive_answered_stays);
  tcase_add_test(t, peer_log_names_both_ends);
  tcase_add_test(t, console_echoes_at_once);
  tcase_add_test(t, sensor_acknowledges_at_once);
  tcase_add_test(t, qos_marks_packets);
  tcase_add_test(t, qos_keeps_the_precious);
  tcase_add_test(t, bulk_delivers);
  tcase_add_test(t, late_keepalive);
  tcase_add_test(t, late_keepalive_off);
  tcase_add_test(t, late_nodelay);
  tcase_add_test(t, netstat_lists);
  tcase_add_test(t, watch_follows_states);
  tcase_add_test(t, watch_gives_up);
#if LWIP_TCP_ALT && LWIP_TCP_PCB_COMPAT
  tcase_add_test(t, rescan_is_bounded);
#endif
  suite_add_tcase(suite, t);
  runner = srunner_create(suite);
  srunner_set_fork_status(runner, CK_FORK);
  srunner_set_tap(runner, argv[1]);
  srunner_run_all(runner, CK_SILENT);
  failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? 1 : 0;
}
