/* SPDX-License-Identifier: BSD-3-Clause
 * Path MTU discovery (RFC 1191), whom it believes (RFC 5927 7), and black holes (RFC 2923 2.1). */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

#if LWIP_TCP_PMTUD

#ifndef TCP_PMTU_MIN
#define TCP_PMTU_MIN 576 /* legacy knows of none */
#endif

#define OPTS    12U /* timestamps */
#define HEADERS 40U
#define FULL    (TCP_MSS - OPTS)
#define TOO_BIG(p, mtu) icmp_about(p, 3, 4, mtu, QUOTE)
#define FLOOR_LEN (TCP_PMTU_MIN - HEADERS - OPTS)
#define TEN_MINUTES 600000U

static u32_t written;   /* bytes that the application wrote; the n-th has the value n */
static u32_t first_seq;

static u32_t tsval, ts_offset; /* the peer's clock; ours, as it sees it, is world_now() and this */

/* The peer's timestamp option: it answers at once. */
static void
stamp(struct packet *p)
{
  add_ts(p, ++tsval, world_now() + ts_offset);
}

/* A connection with the full MSS. */
static void
start(void)
{
  struct packet p = syn_of_peer();
  u8_t len;
  stamp(&p);
  ts_offset = get32(option(establish_with(&p), 8, &len)) - world_now();
  p = from_peer(0, ACK, 0);
  stamp(&p);
  inject(&p);
  assert_state(ESTABLISHED);
  ck_assert_uint_eq(tcp_mss(app.pcb), FULL);
  tcp_nagle_disable(app.pcb);
  first_seq = peer.ack;
  world_discard();
}

static void
write_bytes(u16_t n)
{
  u8_t bytes[TCP_SND_BUF];
  u16_t i;
  for (i = 0; i < n; i++) {
    bytes[i] = (u8_t)(written + i);
  }
  ck_assert_int_eq(tcp_write(app.pcb, bytes, n, TCP_WRITE_FLAG_COPY), ERR_OK);
  written += n;
  tcp_output(app.pcb);
}

static void
acknowledge(u32_t seq)
{
  struct packet p;
  peer.ack = seq;
  p = from_peer(0, ACK, 0);
  stamp(&p);
  inject(&p);
}

static u16_t
size_of(const struct packet *p)
{
  return (u16_t)(HEADERS + p->optlen + p->len);
}

/* The next packet has these bytes, right ones. */
static const struct packet *
expect(u32_t off, u16_t len)
{
  const struct packet *p = world_next();
  u16_t i;
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->seq, first_seq + off);
  ck_assert_uint_eq(p->len, len);
  for (i = 0; i < len; i++) {
    ck_assert_uint_eq(p->data[i], (u8_t)(off + i));
  }
  return p;
}

/* ---- DF ---- */

/* RFC 1191 3: on every packet that is not larger than the path is believed to take. */
START_TEST(df_on_all)
{
  const struct packet *p;
  ck_assert_int_eq(open_active(), ERR_OK);
  p = only();
  ck_assert_uint_eq(p->df, 1);
  peer.lwip_port = p->src;
  peer.ack = p->seq + 1;
  say(0, SYN | ACK, 0);
  peer.seq++;
  ck_assert_uint_eq(only()->df, 1);
  app_send(500);
  ck_assert_uint_eq(only()->df, 1);
  tcp_close(app.pcb);
  ck_assert_uint_eq(only()->df, 1);
}
END_TEST

/* ---- Packet Too Big ---- */

/* RFC 1191 3-1, 6.4-1: smaller segments, sent again at once; the congestion window stays. */
START_TEST(too_big)
{
  const u16_t len = 800 - HEADERS - OPTS;
  struct packet p;
  u32_t cwnd;
  start();
  write_bytes(3 * FULL);
  p = *expect(0, FULL);
  world_discard();
  cwnd = tcp_alt_test_cwnd(app.pcb);
  TOO_BIG(&p, 800);
  expect(0, len);
  expect(len, FULL - len);
  expect(FULL, len);
  expect(FULL + len, FULL - len);
  expect(2 * FULL, len);
  ck_assert_uint_eq(expect(2 * FULL + len, FULL - len)->df, 1);
  assert_silence();
  ck_assert_uint_eq(tcp_alt_test_cwnd(app.pcb), cwnd);
  ck_assert_uint_eq(tcp_mss(app.pcb), len);
  acknowledge(first_seq + 3 * FULL);
  ck_assert_uint_eq(app.sent, 3 * FULL);
  ck_assert_uint_ge(tcp_alt_test_cwnd(app.pcb), cwnd);
  write_bytes(len + 1); /* what is written from now on */
  expect(3 * FULL, len);
  expect(3 * FULL + len, 1);
}
END_TEST

/* RFC 1191 6.4: no sign of congestion, neither the message nor the duplicate ACKs of what was small enough. */
START_TEST(too_big_and_duplicates)
{
  struct packet p;
  u32_t cwnd;
  unsigned int i;
  start();
  write_bytes(FULL);
  p = *expect(0, FULL);
  for (i = 0; i < 5; i++) {
    write_bytes(100);
  }
  world_discard();
  cwnd = tcp_alt_test_cwnd(app.pcb);
  TOO_BIG(&p, 800);
  expect(0, 800 - HEADERS - OPTS);
  expect(800 - HEADERS - OPTS, FULL - (800 - HEADERS - OPTS));
  for (i = 0; i < 5; i++) {
    acknowledge(first_seq);
  }
  assert_silence();
  ck_assert_uint_eq(tcp_alt_test_cwnd(app.pcb), cwnd);
  acknowledge(first_seq + written);
  ck_assert_uint_ge(tcp_alt_test_cwnd(app.pcb), cwnd);
}
END_TEST

/* What is not sent yet is cut as well; PSH and FIN stay at the end. */
START_TEST(too_big_unsent)
{
  const struct packet *p;
  struct packet first;
  u32_t at = 0;
  start();
  peer.wnd = FULL;
  acknowledge(first_seq);
  write_bytes(2 * FULL);
  first = *expect(0, FULL);
  tcp_close(app.pcb);
  TOO_BIG(&first, 700);
  peer.wnd = 60000;
  acknowledge(first_seq);
  while ((p = world_next()) != NULL) {
    ck_assert_uint_le(size_of(p), 700);
    ck_assert_uint_eq(p->seq, first_seq + at);
    at += p->len;
    ck_assert_int_eq((p->flags & PSH) != 0, at == 2 * FULL);
    ck_assert_int_eq((p->flags & FIN) != 0, at == 2 * FULL);
  }
  ck_assert_uint_eq(at, 2 * FULL);
}
END_TEST

/* Segments of referenced data, and with a reference held by the driver, come through too. */
START_TEST(too_big_rom)
{
  static u8_t bytes[2 * FULL];
  struct packet p;
  u16_t i;
  start();
  for (i = 0; i < sizeof(bytes); i++) {
    bytes[i] = (u8_t)i;
  }
  ck_assert_int_eq(tcp_write(app.pcb, bytes, sizeof(bytes), 0), ERR_OK);
  tcp_output(app.pcb);
  p = *expect(0, FULL);
  world_discard();
  TOO_BIG(&p, 800);
  expect(0, 748);
  expect(748, FULL - 748);
  expect(FULL, 748);
  expect(FULL + 748, FULL - 748);
  acknowledge(first_seq + 2 * FULL);
  ck_assert_uint_eq(tcp_sndqueuelen(app.pcb), 0);
}
END_TEST

/* RFC 1191 5-1: an old router does not say how much; the next smaller MTU that there is. */
START_TEST(old_router)
{
  static const u16_t nothing[] = { 0, 1, 67 };
  struct packet p;
  start();
  write_bytes(FULL);
  p = *expect(0, FULL);
  TOO_BIG(&p, nothing[_i]);
  ck_assert_uint_eq(size_of(expect(0, 1006 - HEADERS - OPTS)), 1006);
}
END_TEST

/* RFC 1191 3-2: never below a floor (RFC 5927 7); what is smaller than that may be fragmented. */
START_TEST(floor_mtu)
{
  const struct packet *p;
  struct packet first;
  start();
  write_bytes(FULL);
  first = *expect(0, FULL);
  TOO_BIG(&first, _i == 0 ? 68 : 500);
  p = expect(0, FLOOR_LEN);
  ck_assert_uint_eq(size_of(p), TCP_PMTU_MIN);
  ck_assert_uint_eq(p->df, 0);
  world_discard();
  TOO_BIG(p, 68); /* it may be fragmented: what does the router want? */
  assert_silence();
  ck_assert_uint_eq(tcp_mss(app.pcb), FLOOR_LEN);
}
END_TEST

/* A packet of the smallest size does not fit: again, without DF. */
START_TEST(below_floor_at_floor)
{
  struct packet p;
  start();
  write_bytes(FULL);
  p = *expect(0, FULL);
  TOO_BIG(&p, TCP_PMTU_MIN);
  p = *expect(0, FLOOR_LEN);
  ck_assert_uint_eq(p.df, 1);
  world_discard();
  TOO_BIG(&p, 300);
  ck_assert_uint_eq(expect(0, FLOOR_LEN)->df, 0);
  ck_assert_uint_eq(expect(FLOOR_LEN, FULL - FLOOR_LEN)->df, 0);
  assert_silence();
}
END_TEST

/* A router tells twice: the second message is about what was larger than what is sent now. */
START_TEST(too_big_late)
{
  struct packet p;
  start();
  write_bytes(FULL);
  p = *expect(0, FULL);
  TOO_BIG(&p, 800);
  world_discard();
  TOO_BIG(&p, 800);
  TOO_BIG(&p, 900);
  assert_silence();
  ck_assert_uint_eq(tcp_mss(app.pcb), 800 - HEADERS - OPTS);
}
END_TEST

/* The message comes while a callback of the connection runs: what is queued is not cut under its hands, and goes as it
 * is, without DF, when that has returned; what is written from now on is smaller. */
static struct packet too_big_packet;

static err_t
too_big_in_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(len);
  TOO_BIG(&too_big_packet, 800);
  assert_silence();
  return ERR_OK;
}

START_TEST(too_big_in_callback)
{
  const u16_t len = 800 - HEADERS - OPTS;
  start();
  write_bytes(100);
  expect(0, 100);
  write_bytes(FULL);
  too_big_packet = *expect(100, FULL);
  tcp_sent(app.pcb, too_big_in_sent);
  acknowledge(first_seq + 100);
  ck_assert_uint_eq(expect(100, FULL)->df, 0);
  assert_silence();
  tcp_sent(app.pcb, NULL);
  acknowledge(first_seq + written);
  ck_assert_uint_eq(tcp_sndqueuelen(app.pcb), 0);
  write_bytes(FULL);
  ck_assert_uint_eq(expect(100 + FULL, len)->df, 1);
}
END_TEST

/* ---- what is not believed ---- */

/* RFC 1191 3-3; RFC 5927 4.1-1: not in flight; not smaller than the packet that it quotes, nor than what is sent anyway. */
START_TEST(too_big_untrue)
{
  struct packet p;
  start();
  write_bytes(FULL);
  p = *expect(0, FULL);
  p.seq = first_seq - 1;
  TOO_BIG(&p, 800);
  p.seq = first_seq + FULL;
  TOO_BIG(&p, 800);
  p.seq = first_seq;
  TOO_BIG(&p, 1040);
  TOO_BIG(&p, 1500);
  p.len = 100;
  TOO_BIG(&p, 800);
  p.len = 8; /* an old router about a packet that every link takes */
  TOO_BIG(&p, 0);
  assert_silence();
  ck_assert_uint_eq(tcp_mss(app.pcb), FULL);
  p.len = FULL;
  TOO_BIG(&p, 800);
  ck_assert_uint_lt(tcp_mss(app.pcb), FULL);
}
END_TEST

/* RFC 5927 7.2-1: packets of this size have been through, so this one has to be lost first. */
START_TEST(has_been_through)
{
  const struct packet *p;
  struct packet q;
  start();
  write_bytes(FULL);
  expect(0, FULL);
  acknowledge(first_seq + FULL);
  write_bytes(FULL);
  q = *expect(FULL, FULL);
  TOO_BIG(&q, 800);
  assert_silence();
  ck_assert_uint_eq(tcp_mss(app.pcb), FULL);
  p = world_await_data(PATIENCE);
  ck_assert_uint_eq(p->len, FULL);
  q = *p;
  TOO_BIG(&q, 800);
  expect(FULL, 800 - HEADERS - OPTS);
  /* at the new size nothing has been through: the next router is believed at once */
  q.len = 800 - HEADERS - OPTS;
  world_discard();
  TOO_BIG(&q, 700);
  expect(FULL, 700 - HEADERS - OPTS);
}
END_TEST

START_TEST(too_big_while_opening)
{
  struct packet p;
  reach(SYN_SENT);
  memset(&p, 0, sizeof(p));
  p.src = peer.lwip_port;
  p.dst = peer.port;
  p.seq = peer.ack - 1;
  p.flags = SYN;
  TOO_BIG(&p, 68);
  assert_state(SYN_SENT);
  assert_silence();
}
END_TEST

/* ---- upwards ---- */

/* RFC 1191 6.3-1: after ten minutes a larger one is tried, and after two more the next. */
START_TEST(grows_again)
{
  struct packet p;
  u32_t at = FULL;
  start();
  write_bytes(FULL);
  p = *expect(0, FULL);
  TOO_BIG(&p, 600);
  world_discard();
  acknowledge(first_seq + FULL);
  world_pass(TEN_MINUTES - 1);
  world_discard();
  write_bytes(FULL);
  expect(at, 600 - HEADERS - OPTS);
  world_discard();
  acknowledge(first_seq + written);
  at = written;
  world_pass(1);
  write_bytes(FULL);
  expect(at, 1006 - HEADERS - OPTS);
  world_discard();
  acknowledge(first_seq + written);
  world_pass(TEN_MINUTES / 5);
  at = written;
  write_bytes(FULL);
  expect(at, FULL);
}
END_TEST

/* It may grow, but there is no way to the peer now: what is written waits, and arrives when there is one. */
START_TEST(grows_without_route)
{
  const struct packet *p;
  u32_t at = FULL;
  start();
  write_bytes(FULL);
  TOO_BIG(expect(0, FULL), 600);
  world_discard();
  acknowledge(first_seq + FULL);
  world_pass(TEN_MINUTES);
  world_discard();
  netif_set_down(&netif);
  write_bytes(100);
  assert_silence();
  netif_set_up(&netif);
  p = world_await_data(PATIENCE);
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->seq, first_seq + at);
  ck_assert_uint_eq(p->len, 100);
  acknowledge(first_seq + written);
  ck_assert_uint_eq(app.sent, FULL + 100);
}
END_TEST

/* ---- black holes ---- */

/* RFC 2923 2.1: no message comes, and full segments vanish. After three of them the smallest are tried. */
START_TEST(black_hole)
{
  const struct packet *p;
  unsigned int full = 0;
  u32_t at = 0;
  start();
  write_bytes(2 * FULL);
  while ((p = world_await_data(60000)) != NULL && p->len == FULL) {
    full++;
  }
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_le(full, 2 + 3);
  ck_assert_uint_eq(p->seq, first_seq);
  ck_assert_uint_eq(size_of(p), TCP_PMTU_MIN);
  ck_assert_uint_eq(p->df, 0);
  while (at < 2 * FULL) { /* what is small gets through */
    ck_assert_ptr_nonnull(p);
    ck_assert_uint_le(size_of(p), TCP_PMTU_MIN);
    if (p->seq == first_seq + at) {
      at += p->len;
      acknowledge(first_seq + at);
    }
    p = world_await_data(60000);
  }
  ck_assert_uint_eq(app.sent, 2 * FULL);
  at = written;
  write_bytes(FULL);
  while ((p = world_next()) != NULL && p->seq != first_seq + at) {
  }
  ck_assert_uint_eq(p->len, FLOOR_LEN);
}
END_TEST

/* The peer was away: once it is back, the segments have their size again. */
START_TEST(no_black_hole)
{
  const struct packet *p;
  u32_t at;
  start();
  write_bytes(FULL);
  world_pass(60000); /* six timeouts and more */
  world_discard();
  p = world_await_data(PATIENCE * 6);
  ck_assert_ptr_nonnull(p);
  acknowledge(first_seq + FULL);
  world_discard();
  at = written;
  write_bytes(FULL);
  expect(at, FULL);
}
END_TEST

/* Small segments that are lost say nothing of the path's MTU. */
START_TEST(small_losses)
{
  u32_t at;
  start();
  write_bytes(100);
  world_pass(60000);
  acknowledge(first_seq + 100);
  world_discard();
  at = written;
  write_bytes(FULL);
  expect(at, FULL);
}
END_TEST

/* ---- shortage ---- */

/* Without memory to cut it, a segment goes as it is and may be fragmented. */
START_TEST(no_memory)
{
  const struct packet *p;
  struct packet q;
  start();
  write_bytes(FULL);
  q = *expect(0, FULL);
  fail_alloc = 1;
  fail_all = 1;
  TOO_BIG(&q, 800);
  fail_alloc = 0;
  p = expect(0, FULL);
  ck_assert_uint_eq(p->df, 0);
  acknowledge(first_seq + FULL);
  write_bytes(800);
  ck_assert_uint_eq(expect(FULL, 800 - HEADERS - OPTS)->df, 1);
}
END_TEST

/* A segment that the driver holds is not cut under its hands: it goes again as it is, without DF, when the driver has
 * let go. Others are cut. */
static struct pbuf *held;
static netif_output_fn real_output;

static err_t
holding_output(struct netif *nif, struct pbuf *p, const ip4_addr_t *to)
{
  if (held == NULL) {
    held = p;
    pbuf_ref(p);
  }
  return real_output(nif, p, to);
}

START_TEST(driver_holds_it)
{
  const u16_t len = 800 - HEADERS - OPTS;
  const struct packet *p;
  struct packet q;
  u16_t before;
  start();
  real_output = netif.output;
  netif.output = holding_output;
  write_bytes(2 * FULL);
  q = *expect(0, FULL);
  expect(FULL, FULL);
  before = held->tot_len;
  TOO_BIG(&q, 800);
  ck_assert_uint_eq(held->tot_len, before);
  ck_assert_uint_eq(tcp_mss(app.pcb), len);
  world_discard();
  pbuf_free(held);
  p = world_await_data(PATIENCE);
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->seq, first_seq);
  ck_assert_uint_eq(p->len, FULL);
  ck_assert_uint_eq(p->df, 0);
  acknowledge(first_seq + 2 * FULL);
  ck_assert_uint_eq(app.sent, 2 * FULL);
  world_discard();
  write_bytes(FULL);
  expect(2 * FULL, len);
  tcp_abort(app.pcb);
  assert_clean();
}
END_TEST

/* ---- a closed window ---- */

/* The peer took the first bytes of a segment from a window probe, then the segment is cut where they end: what is probed
 * with is data still. */
START_TEST(cut_where_acknowledged)
{
  const struct packet *p;
  struct packet q;
  start();
  peer.wnd = 0;
  acknowledge(first_seq);
  write_bytes(FULL);
  peer.wnd = FLOOR_LEN + 10;
  acknowledge(first_seq);
  p = world_await_data(PATIENCE);
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->len, FLOOR_LEN + 10);
  peer.wnd = 0;
  acknowledge(first_seq + FLOOR_LEN + 10);
  p = world_await_data(PATIENCE);
  ck_assert_ptr_nonnull(p);
  q = *p;
  ck_assert_uint_eq(q.seq, first_seq + FLOOR_LEN + 10);
  q.len = FULL;
  TOO_BIG(&q, TCP_PMTU_MIN);
  p = world_await(ACK, PATIENCE);
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->flags & FIN, 0);
  ck_assert_uint_eq(p->len, 1);
  ck_assert_uint_eq(p->seq, q.seq);
  peer.wnd = 60000;
  acknowledge(q.seq + 1);
  p = world_await_data(PATIENCE);
  ck_assert_ptr_nonnull(p);
  acknowledge(first_seq + FULL);
  ck_assert_uint_eq(app.sent, FULL);
}
END_TEST

/* ---- at random ---- */

static u32_t state;

static u32_t
dice(u32_t n)
{
  state = state * 1664525U + 1013904223U;
  return (state >> 8) % n;
}

#define STORM 200U /* packets: a turn has a tenth of a second, or ten minutes of backed-off silence */

/* A path whose MTU changes, tells or does not tell, loses packets, and memory that lacks now and then: every
 * byte arrives once and is right, and no message begets another without end. */
START_TEST(moody_path)
{
  u32_t mtu = 1500, got = 0;
  unsigned int turn;
  state = (u32_t)_i + 1;
  start();
  for (turn = 0; turn < 4000 && !(turn > 2000 && got == written); turn++) {
    const struct packet *p;
    struct packet q;
    unsigned int in_turn = 0;
    u16_t room = tcp_sndbuf(app.pcb);
    if (turn <= 2000 && room > 0 && dice(3) == 0) {
      u16_t n = (u16_t)(1 + dice(LWIP_MIN(room, 3 * FULL)));
      write_bytes(n);
    }
    if (dice(50) == 0) {
      mtu = 300 + dice(1200);
    }
    while ((p = world_next()) != NULL) {
      u32_t off = p->seq - first_seq, i;
      q = *p;
      ck_assert_uint_lt(++in_turn, STORM);
      for (i = 0; i < q.len; i++) {
        ck_assert_uint_eq(q.data[i], (u8_t)(off + i));
      }
      if (q.df && size_of(&q) > mtu) {
        fail_alloc = dice(4) == 0 ? 1 + dice(3) : 0;
        if (dice(3) != 0) {
          TOO_BIG(&q, dice(4) == 0 ? 0 : mtu);
        }
        fail_alloc = 0;
      } else if (dice(10) != 0 && (s32_t)(off - got) <= 0 && (s32_t)(off + q.len - got) > 0) {
        got = off + q.len;
      }
    }
    if (dice(2) == 0) {
      acknowledge(first_seq + got);
    }
    world_pass(dice(200));
    if (dice(100) == 0) {
      world_pass(TEN_MINUTES);
    }
    if (app.pcb == NULL) {
      return; /* given up, on a path as bad as this one may be */
    }
  }
  ck_assert_uint_eq(got, written);
  tcp_abort(app.pcb);
  assert_clean();
}
END_TEST

TCase *
pmtud_tests(void)
{
  TCase *group = tcase_create("pmtud");
  tcase_add_test(group, df_on_all);
  tcase_add_test(group, too_big);
  tcase_add_test(group, too_big_and_duplicates);
  tcase_add_test(group, too_big_unsent);
  tcase_add_test(group, too_big_rom);
  tcase_add_loop_test(group, old_router, 0, 3);
  tcase_add_loop_test(group, floor_mtu, 0, 2);
  tcase_add_test(group, below_floor_at_floor);
  tcase_add_test(group, too_big_late);
  tcase_add_test(group, too_big_in_callback);
  tcase_add_test(group, too_big_untrue);
  tcase_add_test(group, has_been_through);
  tcase_add_test(group, too_big_while_opening);
  tcase_add_test(group, grows_again);
  tcase_add_test(group, grows_without_route);
  tcase_add_test(group, black_hole);
  tcase_add_test(group, no_black_hole);
  tcase_add_test(group, small_losses);
  tcase_add_test(group, no_memory);
  tcase_add_test(group, driver_holds_it);
  tcase_add_test(group, cut_where_acknowledged);
  tcase_add_loop_test(group, moody_path, 0, 6);
  return group;
}

#else

/* The option is off: lwIP's IP sets no DF. */
START_TEST(no_df)
{
  establish();
  app_send(500);
  ck_assert_uint_eq(only()->df, 0);
}
END_TEST

TCase *
pmtud_tests(void)
{
  TCase *group = tcase_create("pmtud");
  tcase_add_test(group, no_df);
  return group;
}

#endif
