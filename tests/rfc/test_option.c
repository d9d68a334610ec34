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

/* RFC 9293 MUST-4, MUST-15, MUST-16 */
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

/* RFC 9293 MUST-65 */
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

/* RFC 9293 MUST-16: also for data that was written before the peer's SYN came, copied or not; if there is no memory
 * to cut it, the SYN-ACK has not come: the next one finds some. */
START_TEST(mss_for_early_data)
{
  struct packet p;
  const struct packet *out;
  static u8_t bytes[1000];
  u32_t got = 0, i;
  for (i = 0; i < sizeof(bytes); i++) {
    bytes[i] = (u8_t)(i * 7 + i / 256);
  }
  reach(SYN_SENT);
  ck_assert_int_eq(tcp_write(app.pcb, bytes, 700, _i % 2 ? TCP_WRITE_FLAG_COPY : 0), ERR_OK);
  ck_assert_int_eq(tcp_write(app.pcb, bytes + 700, 300, TCP_WRITE_FLAG_COPY), ERR_OK);
  p = from_peer(0, SYN | ACK, 0);
  add_mss(&p, 200);
  fail_alloc = (unsigned int)_i / 2;
  inject(&p);
  if (fail_alloc == 0 && _i / 2 != 0 && the_state() == SYN_SENT) {
    assert_silence();
    inject(&p);
  }
  fail_alloc = 0;
  peer.seq++;
  assert_state(ESTABLISHED);
  while (got < sizeof(bytes)) {
    out = world_await_data(10000);
    ck_assert_ptr_nonnull(out);
    ck_assert_uint_le(out->len, 200);
    if (out->seq != peer.ack) {
      continue; /* again */
    }
    ck_assert_int_eq(memcmp(out->data, bytes + got, out->len), 0);
    got += out->len;
    peer_take(out);
  }
  ck_assert_uint_eq(tcp_sndqueuelen(app.pcb), 0);
  tcp_abort(app.pcb);
  assert_clean();
}
END_TEST

/* RFC 9293 MUST-14, SHLD-5, MAY-3: in a SYN, in one sent again, and in a SYN-ACK. */
START_TEST(mss_in_every_syn)
{
  const struct packet *p;
  u8_t len;
  int i;
  if (_i == 0) {
    ck_assert_int_eq(open_active(), ERR_OK);
  } else {
    knock();
  }
  for (i = 0; i < 3; i++) {
    p = world_await(SYN, 10000);
    ck_assert_ptr_nonnull(p);
    ck_assert_ptr_nonnull(option(p, 2, &len));
    ck_assert_uint_eq(len, 2);
    ck_assert_uint_eq((u32_t)(option(p, 2, &len)[0] << 8 | option(p, 2, &len)[1]), TCP_MSS);
  }
}
END_TEST

/* RFC 9293 MUST-16, MUST-67, SHLD-6: what the interface carries bounds both directions. */
START_TEST(mss_of_interface)
{
  struct packet syn = syn_of_peer();
  const struct packet *p;
  u8_t len;
  netif.mtu = 540;
  p = establish_with(&syn);
  ck_assert_uint_eq((u32_t)(option(p, 2, &len)[0] << 8 | option(p, 2, &len)[1]), 500);
  say(0, ACK, 0);
  app_send(3000);
  ck_assert_uint_eq(largest(), 500);
}
END_TEST

/* RFC 9293 MUST-69: behind the end of the list there is nothing but zeros, if there is an end at all. */
START_TEST(padding_is_zero)
{
  const struct packet *p;
  int n = 0;
  reach(SYN_RCVD);
  say(0, ACK, 0);
  app_send(100);
  say(100, ACK, 100);
  tcp_abort(app.pcb);
  peer.port++;
  ck_assert_int_eq(open_active(), ERR_OK);
  while ((p = world_next()) != NULL) {
    u8_t i = 0, end = 0;
    while (i < p->optlen) {
      ck_assert(!end || p->opts[i] == 0);
      end |= p->opts[i] == 0;
      i = (u8_t)(i + (p->opts[i] < 2 ? 1 : p->opts[i + 1]));
    }
    ck_assert_uint_eq(i, p->optlen);
    n++;
  }
  ck_assert_int_ge(n, 4);
}
END_TEST

/* RFC 5482 3-1: a user timeout that nobody asked for changes nothing. */
START_TEST(user_timeout_is_ignored)
{
  static const u8_t a_second[2] = { 0, 1 };
  struct packet p;
  u32_t since;
  establish();
  p = from_peer(0, ACK, 10);
  add_option(&p, 28, a_second, 2);
  inject(&p);
  peer.seq += 10;
  ck_assert_uint_eq(app.taken, 10);
  app_send(10);
  since = world_now();
  while (app.pcb != NULL) {
    world_pass(1000);
  }
  ck_assert_uint_ge(app.err_at - since, 100000);
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
  { "timestamps of length 6", 8, { 8, 6, 1, 2, 3, 4, 1, 1 } },
  { "user timeout of length 6", 8, { 28, 6, 1, 2, 3, 4, 1, 1 } },
  { "SACK permitted of length 3", 4, { 4, 3, 0, 1 } },
  { "SACK blocks in a SYN", 12, { 1, 1, 5, 10, 1, 2, 3, 4, 5, 6, 7, 8 } },
  { "255s", 40, { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
                  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255 } },
};

/* RFC 9293 MUST-7: in a SYN. */
START_TEST(broken_options)
{
  struct packet p = from_peer(0, SYN, 0);
  p.optlen = broken[_i].len;
  memcpy(p.opts, broken[_i].bytes, sizeof(p.opts));
  listen_only();
  inject(&p);
  ck_assert_uint_eq(only()->flags, SYN | ACK);
}
END_TEST

/* And in as many pbufs as there are bytes. */
START_TEST(broken_options_in_pieces)
{
  struct packet p = from_peer(0, SYN, 0);
  p.optlen = broken[_i].len;
  memcpy(p.opts, broken[_i].bytes, sizeof(p.opts));
  listen_only();
  inject_in_pieces(&p, 40);
  ck_assert_uint_eq(only()->flags, SYN | ACK);
  peer.port++;
  inject_in_pieces(&p, 41);
  ck_assert_uint_eq(only()->flags, SYN | ACK);
}
END_TEST

/* RFC 9293 MUST-5, MUST-7 */
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

/* RFC 9293 MUST-4, MUST-6, MUST-64, MUST-68: good ones behind unknown ones and NOPs, at every alignment. */
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
  u8_t nibble;
  establish();
  for (nibble = 0; nibble < 16; nibble++) {
    struct packet p = from_peer(0, ACK, 0);
    u16_t total = bytes_of(bytes, &p);
    bytes[20 + 12] = (u8_t)(nibble << 4);
    packet_sum(bytes, total);
    inject_bytes(bytes, total);
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
  tcase_add_loop_test(tc, mss_for_early_data, 0, RFC_OPTIONS ? 2 * 9 : 2);
  tcase_add_loop_test(tc, broken_options, 0, (int)LWIP_ARRAYSIZE(broken));
  tcase_add_loop_test(tc, broken_options_in_pieces, 0, (int)LWIP_ARRAYSIZE(broken));
  tcase_add_loop_test(tc, broken_options_with_data, 0, (int)LWIP_ARRAYSIZE(broken));
  tcase_add_loop_test(tc, options_are_found, 0, 16);
  tcase_add_test(tc, header_length);
  tcase_add_loop_test(tc, mss_in_every_syn, 0, 2);
  tcase_add_test(tc, mss_of_interface);
  tcase_add_test(tc, padding_is_zero);
  tcase_add_test(tc, user_timeout_is_ignored);
  return tc;
}
