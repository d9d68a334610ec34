/* SPDX-License-Identifier: BSD-3-Clause
 * How what the application writes becomes segments: sizes, PUSH, Nagle's algorithm, silly windows (RFC 9293 3.7,
 * 3.8.6.2.1, 3.9.1.2), and their checksums (3.1). */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

static void
write_only(u16_t n, u8_t flags)
{
  static u8_t bytes[TCP_SND_BUF];
  ck_assert_int_eq(tcp_write(app.pcb, bytes, n, TCP_WRITE_FLAG_COPY | flags), ERR_OK);
}

/* RFC 9293 MUST-61, SHLD-27, MAY-15: many writes are one segment with one PSH; of several segments the last has it. */
START_TEST(push)
{
  const struct packet *p;
  int i;
  path(100);
  for (i = 0; i < 20; i++) {
    write_only(25, 0);
  }
  tcp_output(app.pcb);
  p = only();
  ck_assert_uint_eq(p->len, 500);
  ck_assert_uint_eq(p->flags, PSH | ACK);
  write_only(2500, 0);
  tcp_output(app.pcb);
  ck_assert_uint_eq(world_next()->flags, ACK);
  ck_assert_uint_eq(world_next()->flags, ACK);
  ck_assert_uint_eq(only()->flags, PSH | ACK);
}
END_TEST

/* RFC 9293 MUST-60, MAY-16: TCP_WRITE_FLAG_MORE lets data wait for what follows, but not for ever. */
START_TEST(more_to_come)
{
  const struct packet *p;
  path(100);
  write_only(10, TCP_WRITE_FLAG_MORE);
  write_only(10, TCP_WRITE_FLAG_MORE);
  p = world_await_data(1000);
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->len, 20);
}
END_TEST

/* RFC 9293 SHLD-28: however it is written. */
START_TEST(largest_segments)
{
  static const u16_t chunks[] = { 1, 7, 500, 999, 1000, 1001 };
  u16_t chunk = chunks[_i], n;
  path(100);
  tcp_nagle_enable(app.pcb);
  app_send(1); /* holds the rest together */
  world_discard();
  for (n = 0; n + chunk <= 4000 && tcp_sndqueuelen(app.pcb) < TCP_SND_QUEUELEN - 2; n = (u16_t)(n + chunk)) {
    write_only(chunk, 0);
  }
  ck_assert_uint_ge(n, 3000);
  ack(1);
  assert_data(0, MSS);
  assert_data(1000, MSS);
  assert_data(2000, MSS);
}
END_TEST

/* RFC 9293 MUST-38: a window that opens byte by byte is not used byte by byte. */
START_TEST(sender_sws)
{
  u16_t wnd;
  peer.wnd = 4000;
  path(100);
  app_send(8000);
  ck_assert_uint_eq(sent_bytes(), 4000);
  peer.wnd = 0;
  ack(4000);
  for (wnd = 100; wnd < 1000; wnd = (u16_t)(wnd + 100)) {
    peer.wnd = wnd;
    say(0, ACK, 0);
    assert_silence();
  }
  peer.wnd = 1000;
  say(0, ACK, 0);
  ck_assert_uint_eq(only()->len, MSS);
}
END_TEST

/* RFC 9293 SHLD-7, MUST-17: a small segment waits for the ACK of what is outstanding, unless the application wants
 * it otherwise. */
START_TEST(nagle)
{
  path(100);
  tcp_nagle_enable(app.pcb);
  app_send(10);
  ck_assert_uint_eq(only()->len, 10);
  app_send(10);
  app_send(10);
  assert_silence();
  ack(10);
  ck_assert_uint_eq(only()->len, 20);
  app_send(990);
  assert_silence();
  app_send(20);
  ck_assert_uint_eq(only()->len, MSS);
  tcp_nagle_disable(app.pcb);
  tcp_output(app.pcb);
  ck_assert_uint_eq(only()->len, 10);
}
END_TEST

/* ---- checksums ---- */

static netif_output_fn real_output;
static unsigned int right, wrong;

static err_t
counting_output(struct netif *nif, struct pbuf *p, const ip4_addr_t *to)
{
  u8_t bytes[PACKET_MAX];
  u16_t total = pbuf_copy_partial(p, bytes, sizeof(bytes), 0);
  if (packet_sums_right(bytes, total)) {
    right++;
  } else {
    wrong++;
  }
  return real_output(nif, p, to);
}

/* RFC 9293 MUST-2: of SYN, data of odd and even length in one write and several, sent again, ACK, FIN and RST. */
START_TEST(checksum_is_set)
{
  u16_t n;
  real_output = netif.output;
  netif.output = counting_output;
  establish();
  for (n = 1; n < 8; n++) {
    write_only(n, 0);
    app_send((u16_t)(100 + n));
    take_all();
  }
  say(7, ACK, 3);
  app_send(333);
  ck_assert_ptr_nonnull(world_await_data(5000));
  ck_assert_ptr_nonnull(world_await_data(5000));
  tcp_shutdown(app.pcb, 0, 1);
  tcp_abort(app.pcb);
  ck_assert_uint_eq(wrong, 0);
  ck_assert_uint_ge(right, 10);
}
END_TEST

/* RFC 9293 MUST-3: each byte counts, those of the pseudo header too. */
START_TEST(checksum_is_verified)
{
  u8_t bytes[PACKET_MAX];
  u16_t at, total;
  struct packet p;
  establish();
  p = from_peer(0, ACK, 11);
  total = bytes_of(bytes, &p);
  for (at = 12; at < total; at++) {
    u8_t byte = bytes[at];
    if (at == 16) {
      at = 20; /* an address that is not ours would not come so far */
      byte = bytes[at];
    }
    bytes[at] ^= 0x10;
    if (at < 20) { /* IP's own checksum is right */
      u16_t sum = (u16_t)((bytes[20 + 16] << 8) | bytes[20 + 17]);
      packet_sum(bytes, total);
      bytes[20 + 16] = (u8_t)(sum >> 8);
      bytes[20 + 17] = (u8_t)sum;
    }
    inject_bytes(bytes, total);
    bytes[at] = byte;
    if (at < 20) {
      packet_sum(bytes, total);
    }
  }
  assert_silence();
  assert_alive(ESTABLISHED);
  ck_assert_uint_eq(app.taken, 0);
  inject_bytes(bytes, total);
  ck_assert_uint_eq(app.taken, 11);
}
END_TEST

TCase *
segmentation_tests(void)
{
  TCase *tc = tcase_create("segmentation");
  tcase_add_test(tc, push);
  tcase_add_test(tc, more_to_come);
  tcase_add_loop_test(tc, largest_segments, 0, 6);
  tcase_add_test(tc, sender_sws);
  tcase_add_test(tc, nagle);
  tcase_add_test(tc, checksum_is_set);
  tcase_add_test(tc, checksum_is_verified);
  return tc;
}
