/* SPDX-License-Identifier: BSD-3-Clause
 * Drivers that keep packets, and interfaces that answer at once. */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

/* ---- a driver that keeps what it is given ---- */

static struct pbuf *kept[64];
static unsigned int n_kept;
static netif_output_fn real_output;

static err_t
keeping_output(struct netif *nif, struct pbuf *p, const ip4_addr_t *to)
{
  ck_assert_uint_lt(n_kept, LWIP_ARRAYSIZE(kept));
  pbuf_ref(p);
  kept[n_kept++] = p;
  return real_output(nif, p, to);
}

static void
keep_packets(void)
{
  real_output = netif.output;
  netif.output = keeping_output;
}

static void
let_go(void)
{
  while (n_kept > 0) {
    pbuf_free(kept[--n_kept]);
  }
  netif.output = real_output;
}

/* A retransmission is due while the driver holds the segment: it leaves soon after the driver is done, and the
 * connection lives. */
START_TEST(driver_keeps_segment)
{
  static const u32_t for_ms[] = { 500, 1000, 3000, 20000, 60000 };
  const struct packet *p;
  u32_t since;
  establish();
  keep_packets();
  app_send(500);
  world_discard();
  world_pass(for_ms[_i]);
  assert_silence();
  let_go();
  since = world_now();
  p = world_await_data(120000);
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->seq, peer.ack);
  ck_assert_msg(p->at - since <= 500, "after %u ms", (unsigned)(p->at - since));
  peer_take(p);
  ck_assert_uint_eq(app.sent, 500);
}
END_TEST

/* Acknowledged, written behind, closed, aborted while the driver holds it: its bytes must not change. */
START_TEST(driver_keeps_bytes)
{
  u8_t before[700], after[700];
  u16_t n;
  establish();
  keep_packets();
  app_send(500);
  n = pbuf_copy_partial(kept[0], before, sizeof(before), 0);
  if (_i == 0) {
    peer.ack += 500;
    say(0, ACK, 0);
  }
  app_send(100);
  app_send(100);
  world_pass(2000);
  if (_i == 1) {
    tcp_close(app.pcb);
    world_pass(2000);
  } else if (_i == 2) {
    tcp_abort(app.pcb);
  }
  ck_assert_uint_eq(pbuf_copy_partial(kept[0], after, sizeof(after), 0), n);
  ck_assert_int_eq(memcmp(before, after, n), 0);
  let_go();
}
END_TEST

/* ---- an interface that answers from within output ---- */

static unsigned int depth, deepest, answers;
static enum { ANSWER_ACK, ANSWER_RST, ANSWER_DATA, N_ANSWERS } answer;
static int answer_again_only; /* only retransmissions are answered */
static u32_t highest;

static err_t
answering_output(struct netif *nif, struct pbuf *p, const ip4_addr_t *to)
{
  err_t err = real_output(nif, p, to);
  const struct packet *out;
  struct packet in;
  u32_t end;
  if (depth > 50 || answers > 500) {
    return err;
  }
  out = world_next();
  if (out == NULL || (out->flags & RST)) {
    return err;
  }
  end = out->seq + out->len + ((out->flags & (SYN | FIN)) ? 1U : 0U);
  if (answer_again_only && (s32_t)(end - highest) > 0) {
    highest = end;
    return err;
  }
  if (out->len == 0 && !(out->flags & (SYN | FIN)) && answer != ANSWER_RST) {
    return err;
  }
  depth++;
  deepest = LWIP_MAX(deepest, depth);
  answers++;
  if ((s32_t)(end - peer.ack) > 0) {
    peer.ack = end;
  }
  in = from_peer(0, answer == ANSWER_RST ? RST : ACK, answer == ANSWER_DATA ? 10 : 0);
  peer.seq += in.len;
  inject(&in);
  depth--;
  return err;
}

static void
answer_at_once(void)
{
  real_output = netif.output;
  netif.output = answering_output;
  highest = peer.ack;
}

START_TEST(synchronous_answers)
{
  answer = (int)(_i % N_ANSWERS);
  answer_again_only = _i / N_ANSWERS;
  establish();
  answer_at_once();
  app_send(3000);
  world_pass(30000);
  if (answer == ANSWER_RST) {
    ck_assert_uint_eq(app.errs, 1);
  } else {
    ck_assert_uint_eq(app.sent, 3000);
  }
  ck_assert_msg(deepest <= 10, "%u levels deep", deepest);
  if (app.pcb != NULL) {
    tcp_close(app.pcb);
    world_pass(10000);
  }
}
END_TEST

/* The same for a pure ACK, a window probe and a keepalive probe, answered by a RST. */
START_TEST(synchronous_reset)
{
  establish();
  if (_i == 0) {
    answer = ANSWER_RST;
    answer_at_once();
    say(100, ACK, 10);
  } else if (_i == 1) {
    peer.wnd = 0;
    say(0, ACK, 0);
    app_send(10);
    answer = ANSWER_RST;
    answer_at_once();
    world_pass(5000);
  } else {
    tcp_keep_idle_set(app.pcb, 1000);
    ip_set_option(app.pcb, SOF_KEEPALIVE);
    say(0, ACK, 0);
    answer = ANSWER_RST;
    answer_at_once();
    world_pass(5000);
  }
  ck_assert_uint_eq(app.errs, 1);
  assert_clean();
}
END_TEST

/* An ACK of older data comes while the last segment is with the driver, and the application writes more in its
 * callback: that leaves behind the segment, at once. */
static int written;

static err_t
sent_write(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(len);
  if (!written) {
    written = 1;
    app_send(100);
  }
  return ERR_OK;
}

static err_t
acking_output(struct netif *nif, struct pbuf *p, const ip4_addr_t *to)
{
  netif.output = real_output;
  peer.ack += 500;
  say(0, ACK, 0);
  return real_output(nif, p, to);
}

START_TEST(synchronous_write)
{
  u32_t first;
  establish();
  tcp_nagle_disable(app.pcb);
  first = peer.ack;
  app_send(500);
  world_discard();
  tcp_sent(app.pcb, sent_write);
  real_output = netif.output;
  netif.output = acking_output;
  app_send(200);
  ck_assert_int_eq(written, 1);
  ck_assert_uint_eq(world_pending(), 2);
  ck_assert_uint_eq(world_next()->seq, first + 500);
  ck_assert_uint_eq(world_next()->seq, first + 700);
  peer.ack = first + 800;
  say(0, ACK, 0);
  assert_silence();
}
END_TEST

/* RFC 6298 5.1: a segment that the driver had refused has its timeout from when it has left. */
START_TEST(refused_is_timed_from_sending)
{
  establish_slowly(1000);
  driver.answer = ERR_MEM;
  app_send(100);
  world_pass(10);
  driver.answer = ERR_OK;
  world_discard();
  tcp_txnow();
  ck_assert_uint_eq(only()->len, 100);
  world_pass(900);
  assert_silence();
}
END_TEST

TCase *
driver_tests(void)
{
  TCase *tc = tcase_create("driver");
  tcase_add_loop_test(tc, driver_keeps_segment, 0, 5);
  tcase_add_loop_test(tc, driver_keeps_bytes, 0, 3);
  tcase_add_loop_test(tc, synchronous_answers, 0, 2 * N_ANSWERS);
  tcase_add_loop_test(tc, synchronous_reset, 0, 3);
  tcase_add_test(tc, synchronous_write);
  tcase_add_test(tc, refused_is_timed_from_sending);
  return tc;
}
