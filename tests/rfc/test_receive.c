/* SPDX-License-Identifier: BSD-3-Clause
 * Receiving: order, overlap, ACKs and windows (RFC 9293 3.8.6, 3.10.7.4; RFC 5681 4.2). */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <stdlib.h>
#include <string.h>

#define DELACK_MS (ALT ? 20U : 499U)

static u32_t first_seq, expected; /* the stream the application saw: bytes count up from seq */
static unsigned int wrong;

static err_t
check_stream(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  u16_t i;
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  if (p == NULL) {
    app.closes++;
    return ERR_OK;
  }
  for (i = 0; i < p->tot_len; i++) {
    wrong += pbuf_get_at(p, i) != (u8_t)(expected + i);
  }
  expected += p->tot_len;
  app.taken += p->tot_len;
  if (app.recv_answer == ERR_OK) {
    tcp_recved(pcb, p->tot_len);
  }
  pbuf_free(p);
  return ERR_OK;
}

static void
watch_stream(void)
{
  first_seq = expected = peer.seq;
  tcp_recv(app.pcb, check_stream);
}

/* In the steady state: ACKs are delayed again after those of a start. */
static void
calm(void)
{
  int i;
  for (i = 0; i < 60; i++) {
    peer_data(100);
  }
  world_pass(100);
  world_discard();
  app.taken = 0;
}

/* ---- ACKs ---- */

/* RFC 9293 MUST-40, SHLD-18; RFC 5681 4.2-1 */
START_TEST(delayed_ack)
{
  u32_t since;
  const struct packet *p;
  establish();
  calm();
  since = world_now();
  peer_data(100);
  assert_silence();
  p = world_await(ACK, 500);
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_le(p->at - since, DELACK_MS);
  world_pass(500);
  assert_silence();
}
END_TEST

/* RFC 9293 MUST-58, SHLD-19; RFC 5681 4.2-2 */
START_TEST(ack_every_second_segment)
{
  establish();
  calm();
  peer_data(536);
  assert_silence();
  peer_data(536);
  assert_ack(0);
}
END_TEST

/* RFC 9293 MUST-59, MAY-13; RFC 5681 4.2-3, 4.2-4 */
START_TEST(ack_of_gap_and_filling)
{
  establish();
  calm();
  say(100, ACK, 100);
  assert_ack(0);
  say(200, ACK, 100);
  assert_ack(0);
  say(400, ACK, 100);
  assert_ack(0);
  say(0, ACK, 100);
  peer.seq += 300;
  assert_ack(0);
  say(0, ACK, 100);
  peer.seq += 200;
  assert_ack(0);
  ck_assert_uint_eq(app.taken, 500);
}
END_TEST

/* RFC 9293 3.10.7.4-1, 3.10.7.4-12 */
START_TEST(ack_of_duplicate)
{
  establish();
  calm();
  peer_data(100);
  world_pass(100);
  world_discard();
  say(0xffffffffU - 99, ACK, 100);
  assert_ack(0);
  say(0xffffffffU - 49, ACK, 100); /* half old */
  peer.seq += 50;
  assert_ack(0);
  ck_assert_uint_eq(app.taken, 150);
}
END_TEST

#ifdef TCP_QUICKACK_SEGS
/* A sender that repeats itself has lost its way: what it sends next is acknowledged at once, TCP_QUICKACK_SEGS times. */
START_TEST(ack_at_once_after_a_duplicate)
{
  unsigned int i;
  establish();
  calm();
  peer.seq -= 100;
  peer_data(100);
  assert_ack(0);
  for (i = 0; i < TCP_QUICKACK_SEGS; i++) {
    peer_data(100);
    assert_ack(0);
  }
  peer_data(100);
  assert_silence();
  world_pass(500);
  world_discard();
}
END_TEST
#endif

/* RFC 5681 section 2: an ACK that carries data is no duplicate ACK, so the gap is told by one that does not. */
START_TEST(gap_is_told_while_sending)
{
  const struct packet *p;
  int pure = 0;
  establish();
  calm();
  app_send(5);
  app_send(5); /* held by Nagle's algorithm */
  world_discard();
  peer.ack += 5;
  say(100, ACK, 100); /* lets it go, and shows a gap */
  while ((p = world_next()) != NULL) {
    pure += p->len == 0 && p->ack == peer.seq;
  }
  ck_assert_int_eq(pure, 1);
}
END_TEST

START_TEST(keepalive_of_peer)
{
  establish();
  peer_data(10);
  world_pass(100);
  world_discard();
  say(0xffffffffU, ACK, (u16_t)_i); /* with and without a garbage octet */
  assert_ack(0);
  ck_assert_uint_eq(app.taken, 10);
}
END_TEST

/* RFC 5681 4.2-5: not more than one for each segment, whatever it is. */
START_TEST(one_ack_for_a_segment)
{
  int i;
  srand(3);
  establish();
  for (i = 0; i < 1000; i++) {
    say((u32_t)(rand() % 3000) - 500U, ACK, (u16_t)(rand() % 500));
    ck_assert_uint_le(world_pending(), 1);
    if (world_pending() == 1) {
      peer.seq = world_next()->ack;
    }
  }
}
END_TEST

/* ---- order and overlap ---- */

/* RFC 9293 SHLD-31, 3.10.7.4-12 */
START_TEST(random_overlaps)
{
  u32_t end;
  int i;
  srand((unsigned)_i + 1);
  establish();
  watch_stream();
  end = peer.seq + 20000;
  for (i = 0; i < 4000 && the_state() == ESTABLISHED; i++) {
    struct packet p;
    u32_t from = expected + (u32_t)(rand() % 9000) - 500U;
    int most = rand() % 4 == 0 ? 1400 : 60;
    u16_t len = (u16_t)(rand() % most), next = (u16_t)(rand() % 300);
    if ((s32_t)(from - first_seq) < 0) {
      from = first_seq;
    }
    if ((s32_t)(end - from) < 0) {
      from = end;
    }
    if (len > end - from) {
      len = (u16_t)(end - from);
    }
    if (rand() % 10 == 0) { /* now and then the next bytes */
      from = expected;
      len = (u16_t)LWIP_MIN(next, end - from);
    }
    peer.seq = from;
    p = from_peer(0, ACK | (from + len == end ? FIN : 0), len);
    if (_i % 2) {
      inject_in_pieces(&p, (u16_t)(40 + rand() % (len + 1)));
    } else {
      inject(&p);
    }
    world_discard();
  }
  ck_assert_uint_eq(expected - first_seq, 20000);
  ck_assert_uint_eq(wrong, 0);
  ck_assert_uint_eq(app.closes, 1);
  assert_state(CLOSE_WAIT);
  tcp_abort(app.pcb);
  assert_clean();
}
END_TEST

/* Segments that disagree: every byte comes once, and those that were acknowledged do not change. */
START_TEST(overlap_with_other_content)
{
  struct packet p;
  establish();
  watch_stream();
  p = from_peer(100, ACK, 100);
  inject(&p);
  p = from_peer(150, ACK, 100);
  memset(p.data, 0xee, 100);
  inject(&p);
  p = from_peer(0, ACK, 160);
  inject(&p);
  ck_assert_uint_eq(app.taken, 250);
  peer.seq += 250;
  p = from_peer(0xffffffffU - 249, ACK, 250);
  memset(p.data, 0xdd, 250);
  inject(&p);
  ck_assert_uint_eq(app.taken, 250);
}
END_TEST

START_TEST(out_of_order_caps)
{
  u32_t i;
  establish();
  world_discard();
  for (i = 0; i < 2000; i++) {
    say(2 + 2 * i, ACK, 1); /* islands of one byte, each in a pbuf of its own */
  }
#if RFC_OPTIONS
  ck_assert_int_le(allocated, 2 * (4 * TCP_WND / TCP_MSS + 8) + 10);
#else
  ck_assert_uint_le(pool_used(MEMP_TCP_SEG), 4 * TCP_WND / TCP_MSS + 8);
#endif
  world_discard();
  say(0, ACK, 2);
  peer.seq += 3; /* the nearest were kept */
  ck_assert_uint_eq(only()->ack, peer.seq);
}
END_TEST

/* ---- windows ---- */

static u32_t edge;
static int scale;

static void
follow_edge(void)
{
  const struct packet *p;
  while ((p = world_next()) != NULL) {
    u32_t e = p->ack + ((u32_t)p->wnd << scale);
    ck_assert_msg((s32_t)(e - edge) >= 0, "the right edge moved left by %u", (unsigned)(edge - e));
    edge = e;
  }
}

static void
establish_scaled(void)
{
#if RFC_OPTIONS
  struct packet syn = syn_of_peer();
  const struct packet *p;
  u8_t shift = 3, len;
  add_option(&syn, 3, &shift, 1);
  p = establish_with(&syn);
  ck_assert_ptr_nonnull(option(p, 3, &len));
  scale = option(p, 3, &len)[0];
  ck_assert_int_eq(scale, TCP_RCV_SCALE);
  edge = p->ack + p->wnd;
  say(0, ACK, 0);
#else
  establish();
  edge = peer.seq + TCP_WND;
#endif
  watch_stream();
}

/* RFC 9293 SHLD-14; RFC 7323 2.3-3, 2.4-2 */
START_TEST(edge_never_moves_left)
{
  int i;
  u32_t unread = 0;
  srand(7);
  establish_scaled();
  app.recv_answer = ERR_MEM; /* consumed by hand */
  for (i = 0; i < 3000; i++) {
    u32_t room = edge - peer.seq, before = app.taken;
    u16_t len = (u16_t)LWIP_MIN((u32_t)(rand() % 700), room);
    if (len != 0) {
      peer_data(len);
    }
    unread += app.taken - before;
    follow_edge();
    if (rand() % 3 == 0) {
      u16_t read = (u16_t)LWIP_MIN(unread, (u32_t)(rand() % 1500));
      tcp_recved(app.pcb, read);
      unread -= read;
    }
    world_pass(rand() % 30);
    follow_edge();
  }
  ck_assert_uint_eq(wrong, 0);
}
END_TEST

/* RFC 7323 2.4-1: whatever the last ACK said, what was once in the window is taken. Segments are so small that the window
 * field, which counts in larger units, cannot follow. */
START_TEST(announced_is_taken)
{
  u32_t begin, promised;
  establish_scaled();
  app.recv_answer = ERR_MEM;
  begin = peer.seq;
  promised = edge;
  while (promised - peer.seq > 1000) {
    peer_data(7);
    world_pass(30);
  }
  world_discard();
  peer_data((u16_t)(promised - peer.seq));
  world_pass(30);
  ck_assert_uint_eq(only()->ack, promised);
  ck_assert_uint_eq(app.taken, promised - begin);
}
END_TEST

/* An application that does not read: bounded, whatever the size of segments. */
START_TEST(promise_is_bounded)
{
  u32_t sent = 0;
  establish_scaled();
  app.recv_answer = ERR_MEM;
  while (sent < 4 * TCP_WND && (s32_t)(edge - peer.seq) > 0) {
    const struct packet *p;
    peer_data(1);
    sent++;
    world_pass(30);
    while ((p = world_next()) != NULL) {
      edge = p->ack + ((u32_t)p->wnd << scale);
    }
  }
  ck_assert_msg(app.taken <= TCP_WND + 2 * TCP_MSS, "%u bytes taken", (unsigned)app.taken);
}
END_TEST

/* RFC 9293 MUST-39, MAY-8: a closed window opens by a segment or a good part of it, not byte by byte. */
START_TEST(receiver_sws)
{
  u32_t i, last;
  const struct packet *p;
  establish();
  watch_stream();
  app.recv_answer = ERR_MEM;
  for (i = 0; i < TCP_WND / 500; i++) {
    peer_data(500);
  }
  world_pass(100);
  last = 0;
  while ((p = world_next()) != NULL) {
    last = p->ack + p->wnd;
  }
  ck_assert_uint_eq(last, peer.seq);
  for (i = 0; i < TCP_WND; i += 10) {
    tcp_recved(app.pcb, 10);
    while ((p = world_next()) != NULL) {
      ck_assert_uint_ge(p->ack + p->wnd - last, 500);
      last = p->ack + p->wnd;
    }
    if (i % 200 == 0) {
      say(0, ACK, 1); /* a probe */
      if (world_pending() != 0) {
        p = world_next();
        if (p->ack == peer.seq + 1) {
          peer.seq++;
        }
        ck_assert(p->ack + p->wnd == last || p->ack + p->wnd - last >= 500);
        last = p->ack + p->wnd;
      }
    }
  }
  ck_assert_uint_ge(last - peer.seq, TCP_WND - 2 * 1000);
}
END_TEST

/* RFC 9293 3.10.7.4-12 */
START_TEST(beyond_the_window)
{
  establish();
  watch_stream();
  say(TCP_WND - 50, ACK, 100);
  assert_ack(0);
  say(0, ACK, 1000);
  peer.seq += 1000;
  ck_assert_uint_eq(app.taken, 1000);
  ck_assert_uint_eq(wrong, 0);
}
END_TEST

/* ---- listeners ---- */

START_TEST(backlog)
{
  struct tcp_pcb *pcb = tcp_new();
  int i;
  ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, PORT), ERR_OK);
  tcp_listen_with_backlog(pcb, 2);
  peer.lwip_port = PORT;
  for (i = 0; i < 4; i++) {
    peer.port = (u16_t)(5000 + i);
    say(0, SYN, 0);
  }
  ck_assert_uint_eq(world_pending(), 2);
  world_discard();
  peer.port = 5000; /* a reset one makes room */
  say(1, RST, 0);
  peer.port = 5003;
  say(0, SYN, 0);
  ck_assert_uint_eq(only()->flags, SYN | ACK);
}
END_TEST

/* ---- a FIN out of order ---- */

/* A FIN behind a gap, once more, and what comes behind it: it is told once, in order, and what is behind it never. */
START_TEST(fin_behind_a_gap_again)
{
  establish();
  say(10, ACK | FIN, 10);
  say(10, ACK | FIN, 10); /* again */
  say(15, ACK, 15);       /* over it */
  say(40, ACK, 10);       /* beyond it */
  say(0, ACK, 10);
  ck_assert_uint_eq(app.taken, 20);
  ck_assert_uint_eq(app.closes, 1);
  assert_state(CLOSE_WAIT);
}
END_TEST

/* Data in order that goes beyond a FIN which lies behind the gap: what was acknowledged cannot be taken back, so it
 * was no FIN. */
START_TEST(fin_that_data_passes)
{
  establish();
  say(10, ACK | FIN, 10);
  say(0, ACK, 25);
  ck_assert_uint_eq(app.taken, 25);
  ck_assert_uint_eq(app.closes, 0);
  assert_state(ESTABLISHED);
  ck_assert_ptr_null(tcp_alt_test_ooseq(the_pcb()));
}
END_TEST

/* A callback that frees the data and answers ERR_ABRT without having aborted: as lwIP has it, nothing is refused. */
static err_t
free_and_say_abort(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(err);
  app.taken += p->tot_len;
  pbuf_free(p);
  return ERR_ABRT;
}

START_TEST(abort_not_meant)
{
  establish();
  tcp_recv(app.pcb, free_and_say_abort);
  peer_data(10);
  peer_data(10);
  world_pass(1000);
  ck_assert_uint_eq(app.taken, 20);
  assert_alive(ESTABLISHED);
}
END_TEST

/* RFC 9293 3.1: IP's packet is too short for TCP's header. */
START_TEST(too_short)
{
  struct packet p;
  u8_t bytes[PACKET_MAX];
  u16_t len;
  establish();
  p = from_peer(0, RST | ACK, 0);
  bytes_of(bytes, &p);
  for (len = 21; len < 40; len++) {
    bytes[2] = 0;
    bytes[3] = (u8_t)len;
    ip_checksum(bytes);
    inject_bytes(bytes, len);
  }
  assert_silence();
  assert_alive(ESTABLISHED);
  ck_assert_uint_eq(lwip_stats.tcp.lenerr, 19);
}
END_TEST

/* A segment comes twice, the second time from within the sent callback that the first one causes: its bytes are
 * delivered once. */
static int once_more;

static err_t
sent_and_again(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(len);
  if (once_more) {
    once_more = 0;
    say(0, ACK, 10);
  }
  return ERR_OK;
}

START_TEST(duplicate_within_callback)
{
  establish();
  tcp_sent(app.pcb, sent_and_again);
  app_send(10);
  world_discard();
  peer.ack += 10;
  once_more = 1;
  say(0, ACK, 10);
  ck_assert_int_eq(once_more, 0);
  ck_assert_uint_eq(app.taken, 10);
  peer.seq += 10;
  peer_data(5);
  ck_assert_uint_eq(app.taken, 15);
  tcp_abort(app.pcb);
  world_discard();
  assert_clean();
}
END_TEST

TCase *
receive_tests(void)
{
  TCase *tc = tcase_create("receive");
  tcase_add_test(tc, delayed_ack);
  if (ALT) {
    tcase_add_test(tc, fin_that_data_passes);
    tcase_add_test(tc, too_short);
    tcase_add_test(tc, duplicate_within_callback);
  }
  tcase_add_test(tc, fin_behind_a_gap_again);
  tcase_add_test(tc, abort_not_meant);
  tcase_add_test(tc, ack_every_second_segment);
  tcase_add_test(tc, ack_of_gap_and_filling);
  tcase_add_test(tc, ack_of_duplicate);
#ifdef TCP_QUICKACK_SEGS
  tcase_add_test(tc, ack_at_once_after_a_duplicate);
#endif
  tcase_add_test(tc, gap_is_told_while_sending);
  tcase_add_loop_test(tc, keepalive_of_peer, 0, 2);
  tcase_add_loop_test(tc, random_overlaps, 0, 6);
  tcase_add_test(tc, overlap_with_other_content);
  tcase_add_test(tc, out_of_order_caps);
  tcase_add_test(tc, edge_never_moves_left);
  tcase_add_test(tc, one_ack_for_a_segment);
  tcase_add_test(tc, announced_is_taken);
  tcase_add_test(tc, promise_is_bounded);
  tcase_add_test(tc, receiver_sws);
  tcase_add_test(tc, beyond_the_window);
  tcase_add_test(tc, backlog);
  return tc;
}
