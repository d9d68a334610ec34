/* SPDX-License-Identifier: BSD-3-Clause
 * TCP's options: MSS (RFC 9293 3.7.1), broken ones (MUST-4 to -7), and with RFC_OPTIONS timestamps and window
 * scaling (RFC 7323), SACK (RFC 2018, RFC 2883). */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

#define DAYS (24U * 3600U * 1000U)

/* ---- MSS ---- */

static u16_t
largest(void)
{
  const struct packet *p;
  u16_t most = 0;
  while ((p = world_next()) != NULL) {
    most = LWIP_MAX(most, p->len);
  }
  return most;
}

START_TEST(mss_of_peer)
{
  static const struct { int mss; u16_t expected; } cases[] = {
    { -1, 536 }, { 0, 88 }, { 1, 88 }, { 48, 88 }, { 87, 88 }, { 88, 88 }, { 536, 536 }, { 700, 700 },
    { 1000, 1000 }, { 1460, 1000 }, { 65535, 1000 },
  };
  struct packet syn = from_peer(0, SYN, 0);
  if (cases[_i].mss >= 0) {
    add_mss(&syn, (u16_t)cases[_i].mss);
  }
  establish_with(&syn);
  say(0, ACK, 0);
  app_send(2000);
  ck_assert_uint_eq(largest(), cases[_i].expected);
}
END_TEST

START_TEST(mss_in_syn_only)
{
  const struct packet *p;
  u8_t len;
  struct packet syn = syn_of_peer();
  p = establish_with(&syn);
  ck_assert_ptr_nonnull(option(p, 2, &len));
  ck_assert_uint_eq(len, 2);
  say(0, ACK, 0);
  app_send(3000);
  peer_data(10);
  while ((p = world_next()) != NULL) {
    ck_assert_ptr_null(option(p, 2, &len));
  }
}
END_TEST

/* MUST-16: also for data that was written before the peer's SYN came. */
START_TEST(mss_for_early_data)
{
  struct packet p;
  static const u8_t bytes[1000];
  reach(SYN_SENT);
  ck_assert_int_eq(tcp_write(app.pcb, bytes, sizeof(bytes), TCP_WRITE_FLAG_COPY), ERR_OK);
  p = from_peer(0, SYN | ACK, 0);
  add_mss(&p, 200);
  inject(&p);
  ck_assert_uint_le(largest(), 200);
}
END_TEST

/* ---- broken options ---- */

static const struct { const char *name; u8_t len; u8_t bytes[40]; } broken[] = {
  { "length 0", 4, { 2, 0, 5, 180 } },
  { "length 1", 4, { 2, 1, 5, 180 } },
  { "unknown, length 0", 8, { 99, 0, 1, 1, 2, 4, 5, 180 } },
  { "unknown, length 1", 4, { 99, 1, 1, 1 } },
  { "beyond the header", 4, { 2, 40, 5, 180 } },
  { "one byte at the end", 4, { 1, 1, 1, 2 } },
  { "unknown at the end", 4, { 1, 1, 1, 254 } },
  { "only NOPs", 40, { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                       1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 } },
  { "EOL, then garbage", 8, { 0, 2, 0, 255, 255, 3, 0, 99 } },
  { "MSS of another length", 8, { 2, 6, 1, 1, 1, 1, 1, 1 } },
  { "MSS of length 3", 4, { 2, 3, 1, 1 } },
  { "scale of length 2", 4, { 3, 2, 1, 1 } },
  { "timestamps cut", 8, { 1, 1, 8, 10, 1, 2, 3, 4 } },
  { "SACK permitted of length 3", 4, { 4, 3, 0, 1 } },
  { "SACK blocks in a SYN", 12, { 1, 1, 5, 10, 1, 2, 3, 4, 5, 6, 7, 8 } },
  { "255s", 40, { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
                  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255 } },
};

/* In a SYN, in one pbuf and in many. */
START_TEST(broken_options)
{
  struct packet p = from_peer(0, SYN, 0);
  struct tcp_pcb *pcb = tcp_new();
  p.optlen = broken[_i].len;
  memcpy(p.opts, broken[_i].bytes, sizeof(p.opts));
  ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, PORT), ERR_OK);
  tcp_listen(pcb);
  peer.lwip_port = PORT;
  inject(&p);
  ck_assert_uint_eq(only()->flags, SYN | ACK);
  peer.port++;
  inject_in_pieces(&p, 40);
  ck_assert_uint_eq(only()->flags, SYN | ACK);
  peer.port++;
  inject_in_pieces(&p, 41);
  ck_assert_uint_eq(only()->flags, SYN | ACK);
}
END_TEST

START_TEST(broken_options_with_data)
{
  struct packet p;
  establish();
  p = from_peer(0, ACK, 10);
  p.optlen = broken[_i].len;
  memcpy(p.opts, broken[_i].bytes, sizeof(p.opts));
  inject(&p);
  ck_assert_uint_eq(app.taken, 10);
}
END_TEST

/* Good options behind unknown ones and NOPs, at every alignment, whole and in pieces. */
START_TEST(options_are_found)
{
  struct packet syn = from_peer(0, SYN, 0);
  int i;
  for (i = 0; i < _i % 4; i++) {
    syn.opts[syn.optlen++] = 1;
  }
  syn.opts[syn.optlen++] = 77;
  syn.opts[syn.optlen++] = (u8_t)(2 + _i / 4);
  syn.optlen = (u8_t)(syn.optlen + _i / 4);
  memcpy(syn.opts + syn.optlen, "\x02\x04\x02\xbc", 4); /* MSS 700 */
  syn.optlen = (u8_t)((syn.optlen + 4 + 3) / 4 * 4);
  establish_with(&syn);
  say(0, ACK, 0);
  app_send(3000);
  ck_assert_uint_eq(largest(), 700);
}
END_TEST

START_TEST(header_length)
{
  u8_t bytes[PACKET_MAX];
  static const u8_t peer_addr[4] = { 10, 0, 0, 2 }, lwip_addr[4] = { 10, 0, 0, 1 };
  struct packet p;
  u8_t nibble;
  establish();
  for (nibble = 0; nibble < 16; nibble++) {
    u16_t total;
    struct pbuf *q;
    u32_t sum = 0;
    size_t i;
    p = from_peer(0, ACK, 0);
    p.src = peer.port;
    p.dst = PORT;
    total = packet_build(bytes, &p, peer_addr, lwip_addr);
    bytes[20 + 12] = (u8_t)(nibble << 4);
    bytes[20 + 16] = bytes[20 + 17] = 0;
    for (i = 12; i < total; i++) {
      sum += (i & 1U) ? bytes[i] : (u32_t)bytes[i] << 8;
    }
    sum += 6 + total - 20U;
    sum = (sum & 0xffffU) + (sum >> 16);
    sum = (sum & 0xffffU) + (sum >> 16);
    bytes[20 + 16] = (u8_t)(~sum >> 8);
    bytes[20 + 17] = (u8_t)~sum;
    q = pbuf_alloc(PBUF_RAW, total, PBUF_RAM);
    pbuf_take(q, bytes, total);
    if (netif.input(q, &netif) != ERR_OK) {
      pbuf_free(q);
    }
  }
  assert_silence();
  assert_state(ESTABLISHED);
}
END_TEST

#if RFC_OPTIONS

/* ---- timestamps ---- */

static u32_t ts; /* the peer's clock */

static const struct packet *
establish_ts(void)
{
  struct packet syn = syn_of_peer();
  const struct packet *p;
  u8_t len;
  ts = 1000000;
  add_ts(&syn, ts, 0);
  p = establish_with(&syn);
  ck_assert_ptr_nonnull(option(p, 8, &len));
  ck_assert_uint_eq(get32(option(p, 8, &len) + 4), ts);
  {
    struct packet ack = from_peer(0, ACK, 0);
    add_ts(&ack, ts, get32(option(p, 8, &len)));
    inject(&ack);
  }
  assert_state(ESTABLISHED);
  world_discard();
  tcp_recv(app.pcb, NULL);
  return p;
}

static void
say_ts(u32_t off, u8_t flags, u16_t n, u32_t val)
{
  struct packet p = from_peer(off, flags, n);
  add_ts(&p, val, 0);
  inject(&p);
}

static u32_t
echoed(void)
{
  const struct packet *p = only();
  u8_t len;
  const u8_t *b = option(p, 8, &len);
  ck_assert_ptr_nonnull(b);
  ck_assert_uint_eq(p->ack, peer.seq);
  return get32(b + 4);
}

START_TEST(paws)
{
  establish_ts();
  say_ts(0, ACK, 100, ts + 10);
  peer.seq += 100;
  ck_assert_uint_eq(echoed(), ts + 10);
  say_ts(0, ACK, 100, ts + 9); /* 5.3 R1: dropped, acknowledged */
  ck_assert_uint_eq(echoed(), ts + 10);
  say_ts(0, ACK, 100, ts + 10);
  peer.seq += 100;
  ck_assert_uint_eq(echoed(), ts + 10);
}
END_TEST

START_TEST(without_timestamp)
{
  establish_ts();
  say(0, ACK, 100);
  assert_silence();
  say(0, RST, 0);
  assert_state(CLOSED); /* never demanded of a RST */
}
END_TEST

/* 5.3: an old timestamp does not save from a RST */
START_TEST(rst_with_old_timestamp)
{
  establish_ts();
  say_ts(0, RST, 0, ts - 1000);
  assert_state(CLOSED);
}
END_TEST

/* 4.3: what fills a gap is echoed, not what came behind it */
START_TEST(ts_recent_rule)
{
  establish_ts();
  say_ts(100, ACK, 100, ts + 20);
  ck_assert_uint_eq(echoed(), ts);
  say_ts(0, ACK, 100, ts + 10);
  peer.seq += 200;
  ck_assert_uint_eq(echoed(), ts + 10);
}
END_TEST

/* 5.5 */
START_TEST(ts_recent_expires)
{
  establish_ts();
  world_pass(25 * DAYS);
  ts -= 5000; /* the peer's clock went round */
  say_ts(0, ACK, 100, ts);
  peer.seq += 100;
  ck_assert_uint_eq(echoed(), ts);
  say_ts(0, ACK, 100, ts - 1);
  ck_assert_uint_eq(echoed(), ts); /* and PAWS works again */
}
END_TEST

START_TEST(timestamps_in_every_segment)
{
  const struct packet *p;
  u8_t len;
  establish_ts();
  app_send(3000);
  say_ts(0, ACK, 100, ts);
  tcp_close(app.pcb);
  while ((p = world_next()) != NULL) {
    ck_assert_ptr_nonnull(option(p, 8, &len));
    ck_assert_uint_le(p->len, 1000 - 12);
  }
}
END_TEST

START_TEST(syn_without_timestamp)
{
  establish_ts();
  say(0, SYN, 0); /* RFC 5961 4.2: a peer that came back without timestamps learns of the old connection */
  ck_assert_uint_eq(only()->flags, ACK);
}
END_TEST

/* ---- window scaling ---- */

static void
accept_scaled(u8_t shift)
{
  struct packet syn = syn_of_peer();
  syn.wnd = 1000;
  add_option(&syn, 3, &shift, 1);
  establish_with(&syn);
}

static u32_t
sent_bytes(void)
{
  const struct packet *p;
  u32_t n = 0;
  while ((p = world_next()) != NULL) {
    n += p->len;
  }
  return n;
}

/* 2.2: the window of a SYN is never scaled; 2.3: a shift beyond 14 is 14 */
START_TEST(scale)
{
  accept_scaled(15);
  peer.wnd = 0;
  say(0, ACK, 0);
  app_send(8000);
  ck_assert_uint_eq(sent_bytes(), 0);
  peer.wnd = 1; /* 1 << 14 */
  say(0, ACK, 0);
  ck_assert_uint_eq(sent_bytes(), 8000);
}
END_TEST

START_TEST(scale_of_one_side)
{
  struct packet syn = syn_of_peer();
  const struct packet *p;
  u8_t len;
  p = establish_with(&syn);
  ck_assert_ptr_null(option(p, 3, &len));
  ck_assert_uint_eq(p->wnd, TCP_WND);
  peer.wnd = 1000;
  say(0, ACK, 0);
  app_send(8000);
  ck_assert_uint_eq(sent_bytes(), 1000);
  peer_data(10);
  ck_assert_uint_gt(only()->wnd, TCP_WND / 2);
}
END_TEST

START_TEST(scale_in_syn_ack)
{
  struct packet p;
  u8_t shift = 7;
  static const u8_t bytes[8000];
  reach(SYN_SENT);
  p = from_peer(0, SYN | ACK, 0);
  p.wnd = 600;
  add_mss(&p, 100);
  add_option(&p, 3, &shift, 1);
  inject(&p);
  peer.seq++;
  world_discard();
  ck_assert_int_eq(tcp_write(app.pcb, bytes, 2000, TCP_WRITE_FLAG_COPY), ERR_OK);
  tcp_output(app.pcb);
  ck_assert_uint_le(sent_bytes(), 600);
}
END_TEST

/* The same where the SYN-ACK ends a simultaneous open. */
START_TEST(scale_in_simultaneous_open)
{
  struct packet p;
  u8_t shift = 7;
  static const u8_t bytes[8000];
  reach(SYN_SENT);
  p = from_peer(0, SYN, 0);
  p.wnd = 600;
  add_mss(&p, 100);
  add_option(&p, 3, &shift, 1);
  inject(&p);
  world_discard();
  p.flags = SYN | ACK;
  p.ack = peer.ack;
  inject(&p);
  peer.seq++;
  assert_state(ESTABLISHED);
  world_discard();
  ck_assert_int_eq(tcp_write(app.pcb, bytes, 2000, TCP_WRITE_FLAG_COPY), ERR_OK);
  tcp_output(app.pcb);
  ck_assert_uint_le(sent_bytes(), 600);
}
END_TEST

/* ---- SACK ---- */

static void
establish_sack(void)
{
  struct packet syn = syn_of_peer();
  const struct packet *p;
  u8_t len;
  add_option(&syn, 4, "", 0);
  p = establish_with(&syn);
  ck_assert_ptr_nonnull(option(p, 4, &len));
  say(0, ACK, 0);
  world_discard();
  tcp_recv(app.pcb, NULL);
}

/* The blocks of the only packet are these, relative to peer.seq. */
static void
assert_blocks(unsigned int n, const s32_t *edges)
{
  const struct packet *p = only();
  u8_t len = 0;
  const u8_t *b = option(p, 5, &len);
  unsigned int i;
  ck_assert_uint_eq(p->ack, peer.seq);
  ck_assert_uint_eq(b == NULL ? 0 : len, 8 * n);
  for (i = 0; i < 2 * n; i++) {
    ck_assert_int_eq((s32_t)(get32(b + 4 * i) - peer.seq), edges[i]);
  }
}
#define BLOCKS(n, ...) do { static const s32_t edges[] = { __VA_ARGS__ }; assert_blocks(n, edges); } while (0)

/* RFC 2018 4: the latest first, then the most recently reported */
START_TEST(sack_order)
{
  establish_sack();
  say(100, ACK, 100);
  BLOCKS(1, 100, 200);
  say(300, ACK, 100);
  BLOCKS(2, 300, 400, 100, 200);
  say(500, ACK, 100);
  BLOCKS(3, 500, 600, 300, 400, 100, 200);
  say(200, ACK, 50);
  BLOCKS(3, 100, 250, 500, 600, 300, 400);
  say(700, ACK, 100);
  BLOCKS(4, 700, 800, 100, 250, 500, 600, 300, 400);
  say(900, ACK, 100);
  BLOCKS(4, 900, 1000, 700, 800, 100, 250, 500, 600);
  say(0, ACK, 100);
  peer.seq += 250;
  BLOCKS(4, 650, 750, 450, 550, 250, 350, 50, 150);
  say(0, ACK, 1000);
  peer.seq += 1000;
  BLOCKS(0, 0);
}
END_TEST

/* RFC 2883 4.1.1: a whole segment again */
START_TEST(dsack_of_duplicate)
{
  establish_sack();
  peer_data(100);
  world_pass(100);
  world_discard();
  say(0xffffffffU - 99, ACK, 100);
  BLOCKS(1, -100, 0);
  say(100, ACK, 100);
  BLOCKS(1, 100, 200); /* reported once */
  say(0xffffffffU - 49, ACK, 50);
  BLOCKS(2, -50, 0, 100, 200);
}
END_TEST

/* RFC 2883 4.1.2, 4.2.1: of queued data, with the block around it */
START_TEST(dsack_of_queued)
{
  establish_sack();
  say(100, ACK, 200);
  world_discard();
  say(500, ACK, 100);
  world_discard();
  say(150, ACK, 50);
  BLOCKS(3, 150, 200, 100, 300, 500, 600);
}
END_TEST

START_TEST(dsack_of_part)
{
  establish_sack();
  peer_data(100);
  world_pass(100);
  world_discard();
  say(0xffffffffU - 49, ACK, 100);
  peer.seq += 50;
  BLOCKS(1, -100, -50);
}
END_TEST

START_TEST(sack_while_sending)
{
  const struct packet *p;
  u8_t len;
  int told = 0;
  establish_sack();
  app_send(5);
  app_send(5);
  world_discard();
  peer.ack += 5;
  say(100, ACK, 100);
  while ((p = world_next()) != NULL) {
    told += option(p, 5, &len) != NULL;
  }
  ck_assert_int_ge(told, 1);
}
END_TEST

START_TEST(no_empty_block)
{
  const struct packet *p;
  const u8_t *b;
  u8_t len, i;
  establish_sack();
  say(100, ACK, 100);
  say(150, ACK | FIN, 0); /* a FIN amid queued data */
  say(300, ACK | FIN, 0);
  say(300, ACK | FIN, 0);
  while ((p = world_next()) != NULL) {
    b = option(p, 5, &len);
    for (i = 0; b != NULL && i < len; i = (u8_t)(i + 8)) {
      ck_assert_int_gt((s32_t)(get32(b + i + 4) - get32(b + i)), 0);
    }
  }
}
END_TEST

START_TEST(no_sack_unless_permitted)
{
  u8_t len;
  struct packet syn = syn_of_peer();
  ck_assert_ptr_null(option(establish_with(&syn), 4, &len));
  say(0, ACK, 0);
  world_discard();
  say(100, ACK, 100);
  ck_assert_ptr_null(option(only(), 5, &len));
}
END_TEST

#endif

TCase *
option_tests(void)
{
  TCase *tc = tcase_create("option");
  tcase_add_loop_test(tc, mss_of_peer, 0, 11);
  tcase_add_test(tc, mss_in_syn_only);
  tcase_add_test(tc, mss_for_early_data);
  tcase_add_loop_test(tc, broken_options, 0, (int)LWIP_ARRAYSIZE(broken));
  tcase_add_loop_test(tc, broken_options_with_data, 0, (int)LWIP_ARRAYSIZE(broken));
  tcase_add_loop_test(tc, options_are_found, 0, 16);
  tcase_add_test(tc, header_length);
#if RFC_OPTIONS
  tcase_add_test(tc, paws);
  tcase_add_test(tc, without_timestamp);
  tcase_add_test(tc, rst_with_old_timestamp);
  tcase_add_test(tc, ts_recent_rule);
  tcase_add_test(tc, ts_recent_expires);
  tcase_add_test(tc, timestamps_in_every_segment);
  tcase_add_test(tc, syn_without_timestamp);
  tcase_add_test(tc, scale);
  tcase_add_test(tc, scale_of_one_side);
  tcase_add_test(tc, scale_in_syn_ack);
  tcase_add_test(tc, scale_in_simultaneous_open);
  tcase_add_test(tc, sack_order);
  tcase_add_test(tc, dsack_of_duplicate);
  tcase_add_test(tc, dsack_of_queued);
  tcase_add_test(tc, dsack_of_part);
  tcase_add_test(tc, sack_while_sending);
  tcase_add_test(tc, no_empty_block);
  tcase_add_test(tc, no_sack_unless_permitted);
#endif
  return tc;
}
