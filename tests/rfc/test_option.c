/* SPDX-License-Identifier: BSD-3-Clause
 * Options of the header: MSS (RFC 9293 3.7.1), unknown and broken ones (3.1, 3.2). */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

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
  return tc;
}
