/* SPDX-License-Identifier: BSD-3-Clause
 * Attacks and accidents that no other test shows; docs/attacks.md has the whole list and says which test is whose.
 * What is described is what RFCs ask of this stack, not how any other stack fails. */
#include "contract.h"

#include <string.h>

#ifndef TCP_CHALLENGE_ACK_LIMIT
#define TCP_CHALLENGE_ACK_LIMIT 0 /* legacy */
#endif

/* ---- challenge ACKs ---- */

/* RFC 5961 7: the limit is each connection's own: who exhausts one learns nothing from another. */
START_TEST(challenge_limit_is_each_connections)
{
  unsigned int i, answers = 0;
  u32_t acks[2];
  listen_on(4);
  ck_assert(enter_from(1000));
  acks[0] = peer.ack;
  ck_assert(enter_from(1001));
  acks[1] = peer.ack;
  world_discard();
  peer.port = 1000;
  peer.ack = acks[0];
  for (i = 0; i < 50; i++) {
    say(100, RST, 0); /* in the window, not at its edge */
    answers += world_pending();
    world_discard();
  }
  ck_assert_uint_ge(answers, 1);
  ck_assert_uint_le(answers, TCP_CHALLENGE_ACK_LIMIT);
  peer.port = 1001;
  peer.ack = acks[1];
  for (i = 0; i < 3; i++) {
    say(100, RST, 0);
    assert_ack(0);
  }
  ck_assert_uint_eq(app.errs, 0);
}
END_TEST

/* ---- memory and work ---- */

/* RFC 9293 3.10.7.4 lets a receiver keep what is out of order; one-byte segments, each with a gap, must not eat the
 * memory: what is kept is bounded in buffers, the stream in order goes on, and all of it is free in the end. */
START_TEST(one_byte_out_of_order)
{
  unsigned int i, kept;
  int before;
  establish();
  before = allocated;
  for (i = 0; i < 3000; i++) {
    say(2 + 2 * ((i * 1009U) % 3000U), ACK, 1);
    world_discard();
  }
  kept = (unsigned int)(allocated - before) / 2; /* a pbuf and a segment each */
  ck_assert_uint_ge(kept, 1);
  ck_assert_uint_le(kept, TCP_OOSEQ_MAX_PBUFS);
  peer_data(500); /* with what was kept behind it: every other byte lacks */
  ck_assert_uint_ge(app.taken, 500);
  ck_assert_uint_eq(app.taken, tcp_alt_test_rcv_nxt(app.pcb) - (peer.seq - 500));
  end_clean();
}
END_TEST

/* RFC 2018: blocks are advisory. Whatever they say, sent data stays until it is acknowledged, and nothing that was
 * not sent counts; with the smallest MSS a peer may ask for. */
START_TEST(sack_blocks_of_peer)
{
  static const u32_t blocks[][2] = { { 100, 200 }, { 200, 100 }, { 0, 0 }, { 0x80000000U, 0x7fffffffU }, { 0, 5000 },
                                     { 4999, 9000 }, { 0xfffff000U, 10 }, { 88, 89 } };
  struct packet syn = from_peer(0, SYN, 0);
  const struct packet *p;
  unsigned int i;
  u32_t first;
  add_mss(&syn, 1);
  add_option(&syn, 4, "", 0);
  establish_with(&syn);
  say(0, ACK, 0);
  first = peer.ack;
  app_send(2000);
  world_discard();
  for (i = 0; i < 200; i++) {
    struct packet in = from_peer(0, ACK, 0);
    u8_t body[16];
    put32(body, first + blocks[i % LWIP_ARRAYSIZE(blocks)][0]);
    put32(body + 4, first + blocks[i % LWIP_ARRAYSIZE(blocks)][1]);
    put32(body + 8, first + i);
    put32(body + 12, first + i + 1);
    add_option(&in, 5, body, 16);
    inject(&in);
    world_pass(10);
  }
  for (i = 0; i < 2000 && app.sent != 2000; i++) {
    while ((p = world_next()) != NULL) {
      if ((s32_t)(p->seq + p->len - peer.ack) > 0 && (s32_t)(p->seq - peer.ack) <= 0) {
        peer.ack = p->seq + p->len;
      }
    }
    say(0, ACK, 0);
    world_pass(SECOND);
  }
  ck_assert_uint_eq(app.sent, 2000);
  end_clean();
}
END_TEST

/* What a SYN with a forged source makes us send: its answer and a few repetitions, none with data. */
START_TEST(reflection)
{
  unsigned int n = 0;
  u32_t bytes = 0;
  const struct packet *p;
  listen_on(4);
  say(0, SYN, 0);
  world_pass(HOUR);
  while ((p = world_next()) != NULL) {
    n++;
    bytes += 40U + p->optlen + p->len;
    ck_assert_uint_eq(p->len, 0);
  }
  ck_assert_uint_ge(n, 1);
  ck_assert_uint_le(n, 6);
  ck_assert_uint_le(bytes, 6 * 60);
  say(0, ACK, 100); /* for nobody: one answer, no larger than the question */
  p = only();
  ck_assert_uint_eq(p->flags & (u8_t)~ACK, RST);
  ck_assert_uint_eq(p->len + p->optlen, 0);
  world_pass(HOUR);
  assert_silence();
}
END_TEST

/* ---- acknowledgments that cheat ---- */

/* RFC 5681 3.1, RFC 3465: a segment acknowledged in many pieces opens the window by its bytes, not by the pieces. */
START_TEST(ack_splitting)
{
  tcpwnd_size_t before;
  unsigned int i;
  establish();
  app_send(4000);
  world_discard();
  before = tcp_alt_test_cwnd(app.pcb);
  for (i = 0; i < 1000; i++) {
    peer.ack++;
    say(0, ACK, 0);
  }
  ck_assert_uint_le(tcp_alt_test_cwnd(app.pcb) - before, 1000);
  end_clean();
}
END_TEST

/* RFC 5681 3.2 step 6: however many duplicate ACKs there were, after recovery there is half of what was in flight. */
START_TEST(duplicate_ack_spoofing)
{
  unsigned int i;
  u32_t flight;
  establish();
  app_send(8000);
  world_discard();
  flight = tcp_alt_test_snd_nxt(app.pcb) - peer.ack;
  for (i = 0; i < 200; i++) {
    say(0, ACK, 0);
  }
  peer.ack = tcp_alt_test_snd_nxt(app.pcb);
  say(0, ACK, 0);
  ck_assert_uint_le(tcp_alt_test_cwnd(app.pcb), flight / 2);
  end_clean();
}
END_TEST

/* ---- odd segments ---- */

/* RFC 9293 3.8.5: an urgent pointer of zero, within, at the end of, or beyond the segment, again and again and with
 * an out-of-order segment: the stream is what was sent. */
static u8_t seen[200];
static u32_t n_seen;

static err_t
keeping_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  if (p != NULL) {
    ck_assert_uint_le(n_seen + p->tot_len, sizeof(seen));
    pbuf_copy_partial(p, seen + n_seen, p->tot_len, 0);
    n_seen += p->tot_len;
    tcp_recved(pcb, p->tot_len);
    pbuf_free(p);
  }
  return ERR_OK;
}

static void
inject_urgent(u32_t off, u16_t len, u16_t pointer)
{
  static const u8_t from[4] = { 10, 0, 0, 2 }, to[4] = { 10, 0, 0, 1 };
  struct packet p = from_peer(off, ACK | URG, len);
  u8_t b[PACKET_MAX];
  struct pbuf *q;
  u16_t total;
  u32_t sum;
  p.src = peer.port;
  p.dst = peer.lwip_port;
  total = packet_build(b, &p, from, to);
  b[38] = (u8_t)(pointer >> 8);
  b[39] = (u8_t)pointer;
  sum = (u32_t)(u16_t)~((b[36] << 8) | b[37]) + pointer; /* RFC 1624 */
  sum = (sum & 0xffffU) + (sum >> 16);
  b[36] = (u8_t)(~sum >> 8);
  b[37] = (u8_t)~sum;
  q = pbuf_alloc(PBUF_RAW, total, PBUF_RAM);
  pbuf_take(q, b, total);
  if (netif.input(q, &netif) != ERR_OK) {
    pbuf_free(q);
  }
}

START_TEST(urgent_pointer)
{
  static const u16_t pointers[] = { 0, 1, 9, 10, 11, 500, 65535 };
  u32_t first, i;
  establish();
  tcp_recv(app.pcb, keeping_recv);
  first = peer.seq;
  inject_urgent(20, 10, pointers[_i]);
  inject_urgent(10, 10, pointers[_i]);
  inject_urgent(0, 10, pointers[_i]);
  peer.seq += 30;
  inject_urgent(0, 0, pointers[_i]);
  peer_data(10);
  ck_assert_uint_eq(n_seen, 40);
  for (i = 0; i < n_seen; i++) {
    ck_assert_uint_eq(seen[i], (u8_t)(first + i));
  }
  ck_assert_uint_eq(app.errs, 0);
  end_clean();
}
END_TEST

/* RFC 9293 3.1, RFC 791 3.1: lengths that contradict each other: nothing is read beyond the packet, nothing is
 * taken for data, and nobody is answered or reset. */
START_TEST(lengths)
{
  static const u8_t from[4] = { 10, 0, 0, 2 }, to[4] = { 10, 0, 0, 1 };
  struct packet p;
  u8_t b[PACKET_MAX];
  u16_t total, cut;
  int offset;
  establish();
  p = from_peer(0, ACK, 4);
  p.src = peer.port;
  p.dst = peer.lwip_port;
  total = packet_build(b, &p, from, to);
  for (cut = 1; cut < total; cut++) {
    for (offset = 0; offset < 16; offset++) {
      struct pbuf *q = pbuf_alloc(PBUF_RAW, cut, PBUF_RAM);
      u8_t c[PACKET_MAX];
      u32_t sum = 0, i;
      memcpy(c, b, total);
      c[2] = 0;
      c[3] = (u8_t)cut;
      c[32] = (u8_t)(offset << 4);
      c[10] = c[11] = 0;
      for (i = 0; i < 20; i += 2) {
        sum += (u32_t)(c[i] << 8) | c[i + 1];
      }
      sum = (sum & 0xffffU) + (sum >> 16);
      c[10] = (u8_t)(~sum >> 8);
      c[11] = (u8_t)~sum;
      if (cut > 37) { /* a right checksum of what there is */
        c[36] = c[37] = 0;
        sum = 6U + cut - 20U;
        for (i = 12; i < cut; i += 2) {
          sum += (u32_t)(c[i] << 8) | (i + 1 < cut ? c[i + 1] : 0U);
        }
        while (sum >> 16) {
          sum = (sum & 0xffffU) + (sum >> 16);
        }
        c[36] = (u8_t)(~sum >> 8);
        c[37] = (u8_t)~sum;
      }
      pbuf_take(q, c, cut);
      if (netif.input(q, &netif) != ERR_OK) {
        pbuf_free(q);
      }
    }
  }
  /* Of those, the ones with a whole header and its true length were segments: 0 to 3 bytes of data. */
  ck_assert_uint_eq(app.taken, 3);
  assert_state(ESTABLISHED);
  ck_assert_uint_eq(app.errs, 0);
  peer.seq += 3;
  peer_data(10);
  ck_assert_uint_eq(app.taken, 13);
  world_discard();
  end_clean();
}
END_TEST

/* RFC 9293 MUST-57 and 63, RFC 1122 4.2.3.10: to or from a broadcast or multicast address: nothing happens. */
START_TEST(martians)
{
  static const u8_t addresses[][2][4] = {
    { { 10, 0, 0, 2 }, { 10, 0, 0, 255 } },  { { 10, 0, 0, 2 }, { 255, 255, 255, 255 } },
    { { 10, 0, 0, 2 }, { 224, 0, 0, 1 } },   { { 10, 0, 0, 255 }, { 10, 0, 0, 1 } },
    { { 224, 0, 0, 1 }, { 10, 0, 0, 1 } },   { { 255, 255, 255, 255 }, { 10, 0, 0, 1 } }
  };
  static const u8_t flags[] = { SYN, ACK, RST, FIN | ACK, 0 };
  struct packet p;
  u8_t b[PACKET_MAX];
  u16_t total, port;
  unsigned int i;
  netif.flags |= NETIF_FLAG_BROADCAST;
  listen_on(4);
  for (i = 0; i < 2 * LWIP_ARRAYSIZE(flags); i++) {
    struct pbuf *q;
    port = i % 2 ? PORT : PORT + 1;
    p = from_peer(0, flags[i / 2], 0);
    p.src = peer.port;
    p.dst = port;
    total = packet_build(b, &p, addresses[_i][0], addresses[_i][1]);
    q = pbuf_alloc(PBUF_RAW, total, PBUF_RAM);
    pbuf_take(q, b, total);
    if (netif.input(q, &netif) != ERR_OK) {
      pbuf_free(q);
    }
  }
  assert_silence();
  ck_assert_ptr_null(the_pcb());
  end_clean();
}
END_TEST

/* Every combination of flags, with and without data, at three places, in every state: nothing crashes, nothing that
 * has RST or FIN beside its SYN opens a connection, and what is left ends by its timers. */
START_TEST(flags_in_every_state)
{
  static const u32_t offsets[] = { 0, 0xffffffffU, 100 };
  const enum tcp_state state = (enum tcp_state)(SYN_SENT - 1 + _i / 64);
  const u8_t flags = (u8_t)(_i % 64);
  unsigned int i;
  if (state == LISTEN) {
    listen_on(4);
  } else {
    reach(state);
  }
  for (i = 0; i < 6; i++) {
    say(offsets[i / 2], flags, i % 2 ? 5 : 0);
    if (state == LISTEN && ((flags & (RST | FIN | ACK)) || !(flags & SYN))) {
      ck_assert_ptr_null(the_pcb());
    }
    world_pass(100);
  }
  ck_assert_uint_le(world_pending(), 20);
  world_pass(10 * MINUTE);
  app.pcb = the_pcb();
  world_discard();
  end_clean();
}
END_TEST

/* RFC 5961 5.2: data with an ACK that nobody can have sent is not taken, wherever it would fit. */
START_TEST(blind_data)
{
  static const u32_t offsets[] = { 1, 1000, 0x10000, 0x7fffffff, 0x80000000U, 0xf0000000U };
  establish();
  app_send(10);
  world_discard();
  say_ack(0, ACK, 5, 10 + offsets[_i]);
  say_ack(3, ACK, 5, 10 + offsets[_i]);
  ck_assert_uint_eq(app.taken, 0);
  ck_assert(!tcp_has_ooseq(app.pcb));
  ck_assert_uint_eq(app.sent, 0);
  assert_state(ESTABLISHED);
  end_clean();
}
END_TEST

TCase *
attack_tests(void)
{
  TCase *tc = tcase_create("attack");
  if (!ALT) {
    return tc; /* what legacy does is not for here */
  }
  tcase_add_test(tc, challenge_limit_is_each_connections);
  tcase_add_test(tc, one_byte_out_of_order);
  tcase_add_test(tc, sack_blocks_of_peer);
  tcase_add_test(tc, reflection);
  tcase_add_test(tc, ack_splitting);
  tcase_add_test(tc, duplicate_ack_spoofing);
  tcase_add_loop_test(tc, urgent_pointer, 0, 7);
  tcase_add_test(tc, lengths);
  tcase_add_loop_test(tc, martians, 0, 6);
  add_some(tc, flags_in_every_state, 0, 64 * 10);
  tcase_add_loop_test(tc, blind_data, 0, 6);
  return tc;
}
