/* SPDX-License-Identifier: BSD-3-Clause */
/* The model-based control against streams of ACKs that a path of known rate, round trip and queue would give. */
#include "unit.h"

#include "lwip/def.h"
#include "lwip/priv/tcp_alt_cc.h"

#define MSS 1460

static struct tcp_alt_cong cong;
static struct tcp_alt_rod rod;

/* A path: what it carries, how long it takes, what waits before it. */
static struct {
  u32_t rate;  /* bytes/ms */
  u32_t rtt;   /* ms, without a queue */
  u32_t queue; /* bytes of room */
  u32_t other; /* bytes of somebody else's in the queue */
  u32_t lose;  /* of each round, so many segments, by chance */
  u32_t wnd;   /* bytes: the peer's window */
  u32_t more;  /* 1: the application has more than cwnd */
  u64_t us;    /* the clock */
} path;

static u8_t some; /* what rod.next points to when there is more to send */

static void
path_is(u32_t rate, u32_t rtt, u32_t queue)
{
  struct tcp_alt_ack_event syn = { 0 };
  memset(&cong, 0, sizeof(cong));
  memset(&rod, 0, sizeof(rod));
  memset(&path, 0, sizeof(path));
  path.rate = rate;
  path.rtt = rtt;
  path.queue = queue;
  path.wnd = 0x3fffffff;
  path.more = 1;
  path.us = 0xfffff000ULL * 1000; /* the clock in ms wraps soon */
  rod.snd_una = rod.snd_nxt = rod.fack = 0xffff0000U; /* so do numbers */
  syn.mss = MSS;
  syn.what = TCP_ALT_ACK_NEW | TCP_ALT_ACK_SYN;
  syn.now = (u32_t)(path.us / 1000);
  tcp_alt_cong_on_ack(&cong, &rod, &syn);
  rod.min_rtt = (u16_t)rtt;
}

/* One ACK of a segment, with what was lost before it. */
static void
ack(u32_t flight, u32_t lost, u32_t rtt, u32_t *entered)
{
  struct tcp_alt_ack_event ev = { 0 };
  ev.now = (u32_t)(path.us / 1000);
  ev.mss = MSS;
  ev.also = TCP_ALT_ALSO_SACK;
  ev.what = rod.state == TCP_ALT_ROD_RECOVERY ? TCP_ALT_ACK_PARTIAL : TCP_ALT_ACK_NEW;
  ev.acked = ev.delivered = MSS;
  ev.before = flight;
  ev.flight = flight - MSS;
  ev.rtt = (u16_t)rtt;
  ev.lost = lost;
  rod.snd_nxt = rod.snd_una + flight; /* each ACK has let another segment go */
  rod.snd_una += MSS + lost;
  rod.fack = rod.snd_una;
  if (lost != 0) {
    ev.also |= TCP_ALT_ALSO_LOST;
    if (rod.state == TCP_ALT_ROD_OPEN) {
      rod.state = TCP_ALT_ROD_RECOVERY;
      ev.what |= TCP_ALT_ACK_DUP | TCP_ALT_ACK_ENTERED;
      *entered = 1;
    }
  }
  tcp_alt_cong_on_ack(&cong, &rod, &ev);
}

/* A round trip: what cwnd and the windows allow goes out, and is acknowledged at the path's rate. Returns what was lost. */
static u32_t
round_trip(void)
{
  const u32_t bdp = path.rate * path.rtt;
  u32_t flight = LWIP_MIN(cong.cwnd, path.wnd) / MSS * MSS, lost, n, waits, entered = 0, rtt;

  if (path.more == 0) {
    flight = LWIP_MIN(flight, 4U * MSS);
  }
  flight = LWIP_MAX(flight, MSS);
  waits = flight + path.other > bdp ? flight + path.other - bdp : 0;
  lost = waits > path.queue ? LWIP_MIN(waits - path.queue, flight - MSS) : 0;
  lost = lost / MSS * MSS + path.lose * MSS;
  lost = LWIP_MIN(lost, flight / 2);
  waits = LWIP_MIN(waits, path.queue);
  rtt = path.rtt + waits / path.rate;
  rod.next = path.more ? (struct tcp_seg *)(void *)&some : NULL;
  for (n = flight / MSS - lost / MSS; n != 0; n--) {
    path.us += rtt * 1000ULL * MSS / (flight - lost);
    ack(flight, n == flight / MSS - lost / MSS ? lost : 0, rtt, &entered);
    if (rod.state == TCP_ALT_ROD_RECOVERY && n == 1) {
      struct tcp_alt_ack_event left = { 0 };
      left.now = (u32_t)(path.us / 1000);
      left.mss = MSS;
      left.also = TCP_ALT_ALSO_SACK;
      left.what = TCP_ALT_ACK_NEW | TCP_ALT_ACK_LEFT;
      rod.state = TCP_ALT_ROD_OPEN;
      tcp_alt_cong_on_ack(&cong, &rod, &left);
    }
  }
  return lost;
}

static u32_t
rounds(unsigned int n)
{
  u32_t lost = 0;
  while (n-- != 0) {
    lost += round_trip();
  }
  return lost;
}

static u32_t
bandwidth(void)
{
  return LWIP_MAX(cong.bw[0], cong.bw[1]);
}

/* What the path delivers comes out, and slow start ends when it brings no more. */
static void
test_bandwidth(void **state)
{
  static const struct { u32_t rate, rtt; } cases[] = { { 125, 32 }, { 1250, 20 }, { 1250, 100 }, { 12500, 40 } };
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(cases); i++) {
    path_is(cases[i].rate, cases[i].rtt, 0x1000000);
    rounds(30);
    assert_in_range(bandwidth(), cases[i].rate * 900, cases[i].rate * 1100);
    assert_int_equal(cong.full, 3);
    assert_true(cong.cwnd >= cases[i].rate * cases[i].rtt);
  }
}

/* The peer's window is part of the path: its rate is what comes out, and cwnd leaves all of it room. */
static void
test_window_limited(void **state)
{
  (void)state;
  path_is(1250, 100, 0x1000000);
  path.wnd = 8 * MSS;
  rounds(30);
  assert_in_range(bandwidth(), 8 * MSS * 9, 8 * MSS * 11);
  assert_false(cong.app_limited);
  assert_true(cong.cwnd >= path.wnd);
  path.lose = 1; /* one of eight, each round */
  rounds(50);
  assert_true(cong.cwnd >= path.wnd);
}

/* An application that has little to send says nothing of the path: neither does the rate enter the filter, nor do its rounds
 * age it, nor does cwnd grow. */
static void
test_app_limited(void **state)
{
  u32_t bw, cwnd;
  (void)state;
  path_is(1250, 100, 0x1000000);
  rounds(30);
  bw = bandwidth();
  path.more = 0;
  rounds(1);
  cwnd = cong.cwnd;
  rounds(500);
  assert_int_equal(bandwidth(), bw);
  assert_int_equal(cong.cwnd, cwnd);
  path.more = 1;
  path.rate = 600; /* the path has become slower: rounds that use it age the filter */
  rounds(25);
  assert_in_range(bandwidth(), 540000, 700000);
}

/* Losses by chance do not shrink cwnd below what the path holds. */
static void
test_random_loss(void **state)
{
  u32_t n, least = 0xffffffffU, sum = 0;
  (void)state;
  path_is(1250, 100, 0x1000000);
  rounds(20);
  path.lose = 4; /* five percent */
  rounds(20);
  for (n = 0; n < 200; n++) {
    rounds(1);
    least = LWIP_MIN(least, cong.cwnd);
    sum += cong.cwnd / 200;
  }
  assert_true(least >= 125000 * 7 / 10);
  assert_in_range(sum, 125000 * 95 / 100, 150000); /* on average */
}

/* A queue that stands and overflows: cwnd shrinks to .7 as CUBIC's does, and the filter with it; and the path stays full. */
static void
test_yields(void **state)
{
  static const u32_t queues[] = { 4000, 8000, 16000, 64000, 128000 };
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(queues); i++) {
    u32_t n, before, shrunk = 0, lost = 0, sent = 0, least = 0xffffffffU;
    path_is(1250, 24, queues[i]);
    rounds(40);
    for (n = 0; n < 400; n++) {
      const u8_t stood = cong.queued;
      before = cong.cwnd;
      sent += before;
      lost += rounds(1);
      if (stood && cong.queued) {
        assert_true(cong.cwnd <= before + MSS); /* as Reno, where a queue stands */
      }
      least = LWIP_MIN(least, cong.cwnd);
      if (cong.cwnd < before) {
        shrunk++;
        assert_in_range(cong.cwnd, before * 65 / 100, before * 85 / 100);
      }
    }
    assert_in_range(shrunk, 2, 200);
    assert_true(lost < (queues[i] < 8000 ? sent / 12 : sent / 50));
    assert_true(least >= 1250 * 24 * 6 / 10);
  }
}

/* With another in the queue it gives way: the other's bytes stand there, and what is lost halves our share again and again. */
static void
test_gives_way(void **state)
{
  u32_t alone;
  (void)state;
  path_is(1250, 24, 32000);
  rounds(60);
  alone = cong.cwnd;
  path.other = 30000;
  rounds(60);
  assert_true(cong.cwnd < alone * 3 / 4);
  path.other = 0; /* .. and takes what is free, at once */
  rounds(12);
  assert_true(cong.cwnd >= 1250 * 24 * 9 / 10);
}

/* RFC 3168 6.1.2: a mark shrinks it, though nothing waits. And a model that knows nothing is NewReno. */
static void
test_marks_and_nothing(void **state)
{
  struct tcp_alt_ack_event ev = { 0 };
  u32_t before, bw;
  (void)state;
  path_is(1250, 100, 0x1000000);
  path.wnd = 20 * MSS;
  rounds(20);
  before = cong.cwnd;
  bw = bandwidth();
  ev.now = (u32_t)(path.us / 1000);
  ev.mss = MSS;
  ev.what = TCP_ALT_ACK_NEW;
  ev.also = TCP_ALT_ALSO_SACK | TCP_ALT_ALSO_ECN;
  ev.acked = ev.delivered = MSS;
  ev.before = 20 * MSS;
  tcp_alt_cong_on_ack(&cong, &rod, &ev);
  assert_in_range(cong.cwnd, before * 69 / 100, before * 70 / 100);
  assert_in_range(bandwidth(), bw / 100 * 69, bw / 100 * 71); /* and the model with it */

  path_is(1250, 100, 0x1000000); /* without SACK nobody times segments */
  rod.min_rtt = 0;
  cong.cwnd = 20 * MSS;
  ev.also = 0;
  ev.what = TCP_ALT_ACK_DUP | TCP_ALT_ACK_ENTERED;
  tcp_alt_cong_on_ack(&cong, &rod, &ev);
  assert_int_equal(cong.ssthresh, 10 * MSS);
  cong.cwnd = cong.ssthresh;
  ev.what = TCP_ALT_ACK_NEW;
  tcp_alt_cong_on_ack(&cong, &rod, &ev);
  assert_int_equal(cong.cwnd, 10 * MSS + MSS / 10);
}

/* A timeout begins with the loss window; what was lost without a queue comes back as in slow start. */
static void
test_timeout(void **state)
{
  struct tcp_alt_clock_event ev = { 0 };
  u32_t before;
  (void)state;
  path_is(1250, 100, 0x1000000);
  path.wnd = 40 * MSS;
  rounds(20);
  before = cong.cwnd;
  ev.mss = MSS;
  ev.flight = 40 * MSS;
  tcp_alt_cong_on_rto(&cong, &ev);
  assert_int_equal(cong.cwnd, MSS);
  rounds(8);
  assert_true(cong.cwnd >= LWIP_MIN(before, path.wnd));

  path_is(1250, 24, 64000); /* with a queue it is congestion: as far as ssthresh, whatever the model says */
  path.wnd = 40 * MSS;
  rounds(20);
  tcp_alt_cong_on_rto(&cong, &ev);
  assert_true(cong.ssthresh < before);
  before = cong.ssthresh;
  path.other = 20000;
  rounds(8);
  assert_true(cong.cwnd >= before);
}

int
main(void)
{
  static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_bandwidth),
    cmocka_unit_test(test_window_limited),
    cmocka_unit_test(test_app_limited),
    cmocka_unit_test(test_random_loss),
    cmocka_unit_test(test_yields),
    cmocka_unit_test(test_gives_way),
    cmocka_unit_test(test_marks_and_nothing),
    cmocka_unit_test(test_timeout),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
