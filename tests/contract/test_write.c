/* SPDX-License-Identifier: BSD-3-Clause
 * tcp_write() and tcp_close(), and the promises they make. */
#include "contract.h"

#include <string.h>

/* ---- tcp_write() of at most tcp_sndbuf() bytes ---- */

/* A bit each of a loop's turn. */
#define NODELAY   1
#define IN_FLIGHT 2
#define OUTPUT    4
#define UNSENT    8

static void
prepare(int turn)
{
  establish();
  if (turn & NODELAY) {
    tcp_nagle_disable(app.pcb);
  }
  if (turn & IN_FLIGHT) {
    app_send(700);
  }
  if (turn & UNSENT) {
    ck_assert_int_eq(tcp_write(app.pcb, "0123456789", 10, TCP_WRITE_FLAG_COPY), ERR_OK);
  }
}

/* Everything written arrives once and in order. */
static void
receive_all(u32_t first, u32_t n)
{
  u32_t expected = first;
  unsigned int i;
  for (i = 0; i < 1000 && peer.ack != first + n; i++) {
    const struct packet *p = world_await_data(MINUTE);
    ck_assert_ptr_nonnull(p);
    ck_assert_uint_eq(p->seq, expected);
    expected += p->len;
    peer.ack = expected;
    say(0, ACK, 0);
  }
  ck_assert_uint_eq(expected, first + n);
}

/* Bytes written one by one fill the send buffer before they fill TCP_SND_QUEUELEN: with and without Nagle, with
 * data in flight or unsent before them, and with tcp_output() after each while Nagle gathers them. */
START_TEST(bytes_one_by_one)
{
  u32_t n = 0, first;
  prepare(_i);
  first = peer.ack;
  n = TCP_SND_BUF - tcp_sndbuf(app.pcb);
  while (tcp_sndbuf(app.pcb) != 0) {
    u8_t byte = (u8_t)n;
    ck_assert_msg(tcp_write(app.pcb, &byte, 1, TCP_WRITE_FLAG_COPY) == ERR_OK,
                  "byte %u: %u pbufs, room for %u bytes", (unsigned)n, tcp_sndqueuelen(app.pcb),
                  (unsigned)tcp_sndbuf(app.pcb));
    n++;
    if (_i & OUTPUT) {
      tcp_output(app.pcb);
    }
  }
  ck_assert_uint_eq(n, TCP_SND_BUF);
  ck_assert_int_eq(tcp_write(app.pcb, "x", 1, TCP_WRITE_FLAG_COPY), ERR_MEM);
  receive_all(first, n);
  ck_assert_uint_eq(app.sent, n);
  ck_assert_uint_eq(tcp_sndbuf(app.pcb), TCP_SND_BUF);
  end_clean();
}
END_TEST

/* All of tcp_sndbuf() in one call, copied or not, behind whatever is there already. */
START_TEST(all_at_once)
{
  static u8_t bytes[TCP_SND_BUF];
  u32_t first;
  u16_t n;
  prepare(_i % 16);
  first = peer.ack;
  n = (u16_t)tcp_sndbuf(app.pcb);
  ck_assert_int_eq(tcp_write(app.pcb, bytes, n, _i < 16 ? TCP_WRITE_FLAG_COPY : 0), ERR_OK);
  ck_assert_uint_eq(tcp_sndbuf(app.pcb), 0);
  receive_all(first, TCP_SND_BUF);
  end_clean();
}
END_TEST

/* Pieces of any size, copied, with acknowledgments in between: never a refusal while there is room. */
START_TEST(odd_pieces)
{
  static u8_t bytes[TCP_SND_BUF];
  u32_t written = 0, i;
  unsigned int seed = (unsigned int)_i + 1;
  establish();
  for (i = 0; i < 300; i++) {
    u16_t room = (u16_t)tcp_sndbuf(app.pcb), n;
    seed = seed * 1103515245U + 12345U;
    n = (u16_t)(1 + (seed >> 16) % (_i % 2 ? 1500 : 90));
    n = LWIP_MIN(n, room);
    if (n != 0) {
      ck_assert_int_eq(tcp_write(app.pcb, bytes, n, TCP_WRITE_FLAG_COPY), ERR_OK);
      written += n;
    }
    if ((seed >> 8) % 4 == 0) {
      tcp_output(app.pcb);
      take_all();
    }
  }
  for (i = 0; i < 100 && app.sent != written; i++) {
    world_pass(SECOND);
    take_all();
  }
  ck_assert_uint_eq(app.sent, written);
  end_clean();
}
END_TEST

/* Written before the connection is open: it waits and is delivered. */
START_TEST(before_open)
{
  static u8_t bytes[TCP_SND_BUF];
  reach(_i == 0 ? SYN_SENT : SYN_RCVD);
  if (_i == 1) {
    app_install(the_pcb());
  }
  ck_assert_int_eq(tcp_write(app.pcb, bytes, TCP_SND_BUF, TCP_WRITE_FLAG_COPY), ERR_OK);
  tcp_output(app.pcb);
  assert_silence();
  if (_i == 0) {
    struct packet p = from_peer(0, SYN | ACK, 0);
    add_mss(&p, 1000);
    inject(&p);
    peer.seq++;
  } else {
    say(0, ACK, 0);
  }
  receive_all(peer.ack, TCP_SND_BUF);
  end_clean();
}
END_TEST

/* More than there is room for, nothing, no data: refused, accepted, refused, and nothing changes. */
START_TEST(what_is_refused)
{
  static u8_t bytes[TCP_SND_BUF + 1];
  establish();
  ck_assert_int_eq(tcp_write(app.pcb, bytes, TCP_SND_BUF + 1, TCP_WRITE_FLAG_COPY), ERR_MEM);
  ck_assert_int_eq(tcp_write(app.pcb, bytes, 0, TCP_WRITE_FLAG_COPY), ERR_OK);
  ck_assert_uint_eq(tcp_sndbuf(app.pcb), TCP_SND_BUF);
  ck_assert_uint_eq(tcp_sndqueuelen(app.pcb), 0);
  ck_assert_int_eq(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  ck_assert_int_eq(tcp_write(app.pcb, bytes, 1, TCP_WRITE_FLAG_COPY), ERR_CONN);
  end_clean();
}
END_TEST

#if !RFC_OPTIONS

/* ---- without memory ---- */

/* tcp_close() never fails, and the PCB is back in its pool in the end, though there was no memory for long. */
START_TEST(close_without_memory)
{
  static const enum tcp_state states[] = { SYN_SENT, SYN_RCVD, ESTABLISHED, CLOSE_WAIT };
  const int with_data = _i / 4;
  reach(states[_i % 4]);
  if (app.pcb == NULL) {
    app_install(the_pcb());
  }
  if (with_data && states[_i % 4] >= ESTABLISHED) {
    app_send(1500);
    world_discard();
  }
  memory_take();
  tcp_err(app.pcb, NULL);
  ck_assert_int_eq(tcp_close(app.pcb), ERR_OK);
  app.pcb = NULL;
  world_pass(MINUTE);
  memory_return();
  world_pass(HOUR);
  world_discard();
  assert_clean();
}
END_TEST

/* A write that found no memory has changed nothing; the next one finds room. */
START_TEST(write_without_memory)
{
  static u8_t bytes[3000];
  establish();
  if (_i % 2) {
    ck_assert_int_eq(tcp_write(app.pcb, bytes, 10, TCP_WRITE_FLAG_COPY), ERR_OK);
  }
  memory_take();
  ck_assert_int_eq(tcp_write(app.pcb, bytes, 3000, _i / 2 ? TCP_WRITE_FLAG_COPY : 0), ERR_MEM);
  ck_assert_uint_eq(tcp_sndbuf(app.pcb), TCP_SND_BUF - (_i % 2 ? 10 : 0));
  memory_return();
  ck_assert_int_eq(tcp_write(app.pcb, bytes, 3000, _i / 2 ? TCP_WRITE_FLAG_COPY : 0), ERR_OK);
  receive_all(peer.ack, 3000 + (_i % 2 ? 10 : 0));
  end_clean();
}
END_TEST

#endif

/* ---- timers ---- */

/* A backed-off timer does not outlive the loss: the next loss is repaired as fast as the first. */
START_TEST(backoff_ends_with_the_loss)
{
  const struct packet *p;
  u32_t quick, since;
  establish();
  app_send(100);
  take_all();
  app_send(100);
  world_discard();
  since = world_now();
  p = world_await_data(MINUTE);
  ck_assert_ptr_nonnull(p);
  quick = p->at - since;
  world_pass(30 * SECOND); /* backs off */
  take_all();
  ck_assert_uint_eq(app.sent, 200);
  app_send(100);
  take_all(); /* a sample */
  app_send(100);
  world_discard();
  since = world_now();
  p = world_await_data(MINUTE);
  ck_assert_ptr_nonnull(p);
  ck_assert_msg(p->at - since <= quick + SECOND, "first %u ms, then %u", (unsigned)quick, (unsigned)(p->at - since));
  end_clean();
}
END_TEST

TCase *
write_tests(void)
{
  TCase *tc = tcase_create("write");
  int i;
  for (i = 0; i < 16; i++) {
    /* Nagle off and output after each: each byte is a segment. Legacy gathers with Nagle and TCP_OVERSIZE only. */
    if ((i & (NODELAY | OUTPUT)) != (NODELAY | OUTPUT) && (ALT || (TCP_OVERSIZE && !(i & NODELAY)))) {
      tcase_add_loop_test(tc, bytes_one_by_one, i, i + 1);
    }
  }
  tcase_add_loop_test(tc, all_at_once, 0, 32);
  tcase_add_loop_test(tc, odd_pieces, 0, 8);
  tcase_add_loop_test(tc, before_open, 0, 2);
  tcase_add_test(tc, what_is_refused);
#if !RFC_OPTIONS
  if (ALT) {
    tcase_add_loop_test(tc, close_without_memory, 0, 8);
  }
  tcase_add_loop_test(tc, write_without_memory, 0, 4);
#endif
  if (ALT) {
    tcase_add_test(tc, backoff_ends_with_the_loss);
  }
  return tc;
}
