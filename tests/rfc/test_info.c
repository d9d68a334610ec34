/* SPDX-License-Identifier: BSD-3-Clause
 * A connection's figures, tcp_info_get(): RFC 9293 3.9.1.5's STATUS, and why sending stopped. */
#include "groups.h"

#if RFC_OPTIONS && LWIP_TCP_ALT

#include "lwip/priv/tcp_priv.h"

#include <string.h>

static struct tcp_info info;

static void
look(void)
{
  ck_assert_int_eq(tcp_info_get(the_pcb(), &info), ERR_OK);
}

static void
assert_stop(enum tcp_info_stop stop)
{
  look();
  ck_assert_msg(info.stop == stop, "stopped by: %s, not %s", tcp_info_stop_str(info.stop), tcp_info_stop_str(stop));
}

START_TEST(info_of_states)
{
  reach(synchronized[_i]);
  look();
  ck_assert_int_eq(info.state, synchronized[_i]);
}
END_TEST

START_TEST(info_of_listener)
{
  struct tcp_pcb *pcb = tcp_new();
  ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, PORT), ERR_OK);
  pcb = tcp_listen(pcb);
  ck_assert_int_eq(tcp_info_get(pcb, &info), ERR_ARG);
}
END_TEST

/* Each byte and packet is counted once, in the right place. */
START_TEST(info_counts)
{
  u32_t in, out;
  path(100);
  look();
  in = info.segs_in;
  out = info.segs_out;
  ck_assert_uint_eq(info.bytes_out, 0);
  ck_assert_uint_eq(info.snd_buf, TCP_SND_BUF);
  app_send(2500); /* two segments and a half */
  look();
  ck_assert_uint_eq(info.bytes_out, 2500);
  ck_assert_uint_eq(info.unacked, 2500);
  ck_assert_uint_eq(info.in_flight, 2500);
  ck_assert_uint_eq(info.unsent, 0);
  ck_assert_uint_eq(info.segs_out - out, 3);
  ck_assert_uint_eq(info.snd_buf, TCP_SND_BUF - 2500);
  ack(1000);
  world_discard();
  look();
  ck_assert_uint_eq(info.bytes_acked, 1000);
  ck_assert_uint_eq(info.unacked, 1500);
  ck_assert_uint_eq(info.segs_in - in, 1);
  ck_assert_uint_eq(info.bytes_again, 0);
  wait_again(0);
  look();
  ck_assert_uint_eq(info.bytes_out, 2500);
  ck_assert_uint_eq(info.bytes_again, 1000);
  ck_assert_uint_eq(info.segs_again, 1);
  ck_assert_uint_eq(info.timeouts, 1);
  ck_assert_int_eq(info.recovery, TCP_INFO_RTO);
  ck_assert_uint_eq(info.cwnd, 1000);
  peer_data(300);
  look();
  ck_assert_uint_eq(info.bytes_in, 300);
  ck_assert_uint_eq(info.segs_in - in, 2);
}
END_TEST

START_TEST(info_of_round_trip)
{
  path(100);
  look();
  ck_assert_uint_eq(info.srtt, 100);
  ck_assert_uint_eq(info.rttvar, 50);
  ck_assert_uint_eq(info.rto, 300);
  ck_assert_uint_eq(info.mss, 1000);
  world_pass(777);
  look();
  ck_assert_uint_eq(info.silent, 777);
}
END_TEST

START_TEST(info_of_syn)
{
  reach(SYN_SENT);
  ck_assert_int_eq(tcp_write(app.pcb, "abc", 3, TCP_WRITE_FLAG_COPY), ERR_OK);
  look();
  ck_assert_uint_eq(info.unsent, 3);
  ck_assert_uint_eq(info.unacked, 0);
  ck_assert_uint_eq(info.segs_out, 1);
  ck_assert_uint_eq(info.bytes_out, 0);
}
END_TEST

START_TEST(info_of_fin)
{
  reach(FIN_WAIT_1);
  look();
  ck_assert_uint_eq(info.unsent, 0);
  ck_assert_uint_eq(info.unacked, 0);
  ck_assert_uint_eq(info.bytes_out, 0);
}
END_TEST

START_TEST(info_negotiated)
{
  struct packet syn = syn_of_peer();
  u8_t shift = 2;
  add_ts(&syn, 1, 0);
  add_option(&syn, 3, &shift, 1);
  add_option(&syn, 4, "", 0);
  establish_with(&syn);
  look();
  ck_assert(info.timestamps && info.sack && info.scaling);
  ck_assert_uint_eq(info.mss, 1000 - 12);
}
END_TEST

/* Three duplicate ACKs begin recovery; the ACK of all that was in flight ends it. */
START_TEST(info_of_recovery)
{
  unsigned int i;
  path(100);
  app_send(5000);
  look();
  ck_assert_int_eq(info.recovery, TCP_INFO_OPEN);
  for (i = 0; i < 3; i++) {
    say(0, ACK, 0);
  }
  look();
  ck_assert_int_eq(info.recovery, TCP_INFO_RECOVERY);
  take_all();
  look();
  ck_assert_int_eq(info.recovery, TCP_INFO_OPEN);
}
END_TEST

/* ---- why sending stopped ---- */

/* Each reason has words of its own. */
START_TEST(stop_in_words)
{
  int a, b;
  for (a = TCP_INFO_STOP_NOTHING; a <= TCP_INFO_STOP_DRIVER; a++) {
    ck_assert_uint_gt(strlen(tcp_info_stop_str((enum tcp_info_stop)a)), 0);
    for (b = TCP_INFO_STOP_NOTHING; b < a; b++) {
      ck_assert_str_ne(tcp_info_stop_str((enum tcp_info_stop)a), tcp_info_stop_str((enum tcp_info_stop)b));
    }
  }
}
END_TEST

START_TEST(stop_nothing)
{
  path(100);
  app_send(100);
  assert_stop(TCP_INFO_STOP_NOTHING);
}
END_TEST

START_TEST(stop_buffer)
{
  path(100);
  app_send(TCP_SND_BUF);
  assert_stop(TCP_INFO_STOP_BUFFER);
}
END_TEST

/* Bytes there is room for, but no pbufs. */
START_TEST(stop_queue)
{
  unsigned int i;
  path(100);
  for (i = 0; i < TCP_SND_QUEUELEN; i++) {
    app_send(1);
  }
  ck_assert_uint_eq(tcp_sndqueuelen(app.pcb), TCP_SND_QUEUELEN);
  ck_assert_uint_gt(tcp_sndbuf(app.pcb), 0);
  assert_stop(TCP_INFO_STOP_BUFFER);
}
END_TEST

/* With something in flight, and with nothing. */
START_TEST(stop_window)
{
  path(100);
  peer.wnd = _i ? 0 : 1500;
  say(0, ACK, 0);
  app_send(3000);
  assert_stop(TCP_INFO_STOP_WINDOW);
  ck_assert_uint_eq(info.snd_wnd, peer.wnd);
  ck_assert_uint_eq(info.unsent, 3000 - info.bytes_out);
}
END_TEST

START_TEST(stop_congestion)
{
  path(100);
  app_send(4000);
  world_discard();
  wait_again(0);
  assert_stop(TCP_INFO_STOP_CONGESTION);
}
END_TEST

START_TEST(stop_nagle)
{
  path(100);
  tcp_nagle_enable(app.pcb);
  app_send(100);
  app_send(100);
  assert_stop(TCP_INFO_STOP_NAGLE);
}
END_TEST

START_TEST(stop_driver)
{
  path(100);
  driver.answer = ERR_IF;
  app_send(100);
  assert_stop(TCP_INFO_STOP_DRIVER);
}
END_TEST

START_TEST(stop_route)
{
  path(100);
  netif_set_down(&netif);
  app_send(100);
  assert_stop(TCP_INFO_STOP_ROUTE);
}
END_TEST

START_TEST(stop_memory)
{
  path(100);
  fail_all = 1;
  fail_alloc = 1;
  ck_assert_int_eq(tcp_close(app.pcb), ERR_OK);
  assert_stop(TCP_INFO_STOP_MEMORY);
}
END_TEST

/* Probes of a closed window are packets; what they carry is sent once, and then again. */
START_TEST(info_of_probes)
{
  path(100);
  peer.wnd = 0;
  say(0, ACK, 0);
  app_send(500);
  world_pass(5000);
  look();
  ck_assert_uint_ge(info.probes, 2);
  ck_assert_uint_eq(info.bytes_out, 1);
  ck_assert_uint_eq(info.bytes_again, info.probes - 1U);
  world_discard();
  peer.wnd = 1000;
  say(0, ACK, 0);
  look();
  ck_assert_uint_eq(info.bytes_out, 500);
  ck_assert_uint_eq(info.unacked, 500);
}
END_TEST

TCase *
info_tests(void)
{
  TCase *group = tcase_create("info");
  tcase_add_loop_test(group, info_of_states, 0, N_SYNCHRONIZED);
  tcase_add_test(group, info_of_listener);
  tcase_add_test(group, info_counts);
  tcase_add_test(group, info_of_round_trip);
  tcase_add_test(group, info_of_syn);
  tcase_add_test(group, info_of_fin);
  tcase_add_test(group, info_negotiated);
  tcase_add_test(group, info_of_recovery);
  tcase_add_test(group, stop_in_words);
  tcase_add_test(group, stop_nothing);
  tcase_add_test(group, stop_buffer);
  tcase_add_test(group, stop_queue);
  tcase_add_loop_test(group, stop_window, 0, 2);
  tcase_add_test(group, stop_congestion);
  tcase_add_test(group, stop_nagle);
  tcase_add_test(group, stop_driver);
  tcase_add_test(group, stop_route);
  tcase_add_test(group, stop_memory);
  tcase_add_test(group, info_of_probes);
  return group;
}

#else

TCase *
info_tests(void)
{
  return tcase_create("info");
}

#endif
