/* SPDX-License-Identifier: BSD-3-Clause */
/* CUBIC's window against RFC 9438's formulas in floating point, over 60 s; HyStart++ (RFC 9406) round by round. */
#include "unit.h"

#include <math.h>

#include "lwip/def.h"
#include "lwip/priv/tcp_alt_cc.h"

#define MSS 1460

/* ---- the RFC's text, in segments and seconds ---- */

#define C    0.4
#define BETA 0.7

struct model {
  double cwnd, w_max, w_est, prior, k, epoch;
};

static void
model_reduce(struct model *m)
{
  m->prior = m->cwnd;
  m->w_max = m->cwnd < m->w_max ? m->cwnd * (1 + BETA) / 2 : m->cwnd; /* 4.7 */
  m->cwnd = fmax(m->cwnd * BETA, 2);                                  /* 4.6 */
}

static void
model_begin(struct model *m, double now)
{
  m->epoch = now;
  m->w_est = m->cwnd;
  m->k = m->w_max > m->cwnd ? cbrt((m->w_max - m->cwnd) / C) : 0; /* 4.2 */
  m->w_max = fmax(m->w_max, m->cwnd);
}

static double
model_cubic(const struct model *m, double t)
{
  return C * pow(t - m->k, 3) + m->w_max; /* figure 1 */
}

static void
model_ack(struct model *m, double now, double rtt, double segments)
{
  const double t = now - m->epoch, alpha = m->w_est < m->prior ? 3 * (1 - BETA) / (1 + BETA) : 1;
  double target;
  m->w_est += alpha * segments / m->cwnd; /* 4.3 */
  if (model_cubic(m, t) < m->w_est) {
    m->cwnd = fmax(m->cwnd, m->w_est);
    return;
  }
  target = fmin(fmax(model_cubic(m, t + rtt), m->cwnd), 1.5 * m->cwnd);
  m->cwnd += (target - m->cwnd) / m->cwnd * segments; /* 4.4, 4.5 */
}

/* ---- ours beside it ---- */

static struct tcp_alt_cong cong;
static struct tcp_alt_rod rod;

/* A connection that has filled `segments` and loses one; then 60 s at this round-trip time, every second segment
 * acknowledged. Returns the largest difference, in segments, and what it was at `late` s of the window. */
static double
follow(double segments, u32_t rtt, u16_t mss, double *largest)
{
  struct model m = { 0 };
  struct tcp_alt_ack_event ev = { 0 };
  double worst = 0;
  u32_t now = 0x80000000U, start = now, sent;

  memset(&cong, 0, sizeof(cong));
  ev.mss = mss;
  ev.acked = 2U * mss;
  cong.cc = tcp_alt_cong_find("cubic");
  tcp_alt_cc_cubic_open(&cong, &rod, now);
  rod.srtt = rtt << 3;
  rod.snd_nxt = rod.snd_una + 1; /* something is in flight */
  cong.cwnd = (tcpwnd_size_t)(segments * mss);
  m.cwnd = segments;
  cong.prior_cwnd = cong.cwnd;
  cong.ssthresh = tcp_alt_cc_cubic_reduced(&cong, cong.cwnd, mss);
  cong.cwnd = cong.ssthresh;
  model_reduce(&m);
  model_begin(&m, 0);
  *largest = 0;
  while (now - start < 60000) {
    const u32_t round = now;
    for (sent = 0; sent < cong.cwnd; sent += ev.acked) {
      now = round + rtt * sent / cong.cwnd; /* spread over the round trip */
      ev.now = now;
      ev.before = cong.cwnd;
      tcp_alt_cc_cubic_grow(&cong, &rod, &ev, 2U * mss);
      model_ack(&m, (now - start) / 1000.0, rtt / 1000.0, 2);
      worst = fmax(worst, fabs((double)cong.cwnd / mss - m.cwnd));
    }
    now = round + rtt;
    *largest = fmax(*largest, m.cwnd);
    if (cong.cwnd > 0x3fffffff) {
      break;
    }
  }
  return worst;
}

/* RFC 9438 4.2-1, 4.2-2, 4.3-1, 4.4-1, 4.5-1: within rounding, over 60 s of virtual time. */
static void
test_curve(void **state)
{
  static const struct { double segments; u32_t rtt; u16_t mss; } cases[] = {
    { 8, 20, 1460 }, { 20, 100, 1460 }, { 100, 100, 1460 }, { 180, 20, 1448 }, { 400, 300, 536 }, { 1000, 50, 1448 },
  };
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(cases); i++) {
    double largest, worst = follow(cases[i].segments, cases[i].rtt, cases[i].mss, &largest);
    if (worst > 0.5 + largest / 200) {
      fail_msg("%g segments, %u ms: off by %.2f segments of %.1f", cases[i].segments, (unsigned)cases[i].rtt, worst,
               largest);
    }
  }
}

/* RFC 9438 4.2-1: at K the window is where it was when the path was full. */
static void
test_plateau(void **state)
{
  struct tcp_alt_ack_event ev = { 0 };
  u32_t i;
  (void)state;
  memset(&cong, 0, sizeof(cong));
  ev.mss = MSS;
  ev.acked = 2 * MSS;
  rod.srtt = 200 << 3;
  rod.snd_nxt = rod.snd_una + 1;
  cong.cwnd = 200 * MSS;
  cong.prior_cwnd = cong.cwnd;
  cong.cwnd = tcp_alt_cc_cubic_reduced(&cong, cong.cwnd, MSS);
  cong.ssthresh = cong.cwnd;
  assert_int_equal(cong.cwnd, 140 * MSS);
  /* K = cbrt(60 / 0.4) = 5.313 s; the round trips are long, so that W_est is out of the way */
  for (i = 0; i < 5313; i += 200) {
    u32_t n;
    for (n = 0; n < cong.cwnd; n += ev.acked) {
      ev.now = i + 200 * n / cong.cwnd;
      ev.before = cong.cwnd;
      tcp_alt_cc_cubic_grow(&cong, &rod, &ev, 2 * MSS);
    }
  }
  assert_in_range(cong.in.cubic.k, 5310, 5316);
  assert_in_range(cong.cwnd, 199 * MSS, 201 * MSS);
}

/* RFC 9438 4.6-1, 4.7-1, 4.9-1: and back. */
static void
test_reduce_and_undo(void **state)
{
  (void)state;
  memset(&cong, 0, sizeof(cong));
  cong.cwnd = 100000;
  assert_int_equal(tcp_alt_cc_cubic_reduced(&cong, 50000, MSS), 70000); /* from cwnd */
  assert_int_equal(cong.w_max, 100000);
  cong.cwnd = 70000;
  assert_int_equal(tcp_alt_cc_cubic_reduced(&cong, 70000, MSS), 49000);
  assert_int_equal(cong.w_max, 59500); /* fast convergence: 0.85 */
  tcp_alt_cc_cubic_undo(&cong);
  assert_int_equal(cong.w_max, 100000);
  cong.cwnd = 2 * MSS;
  assert_int_equal(tcp_alt_cc_cubic_reduced(&cong, 0, MSS), 2 * MSS); /* never less */
}

/* A connection in the middle of congestion avoidance: 100 segments, of which it had 140. */
static void
avoidance_begins(struct tcp_alt_ack_event *ev)
{
  memset(&cong, 0, sizeof(cong));
  memset(&rod, 0, sizeof(rod));
  memset(ev, 0, sizeof(*ev));
  rod.srtt = 100 << 3;
  rod.snd_una = 1000;
  rod.snd_nxt = 1000 + 100 * MSS;
  ev->mss = MSS;
  ev->acked = 2 * MSS;
  ev->now = 5000;
  cong.cwnd = 100 * MSS;
  cong.w_max = 140 * MSS;
  cong.prior_cwnd = 140 * MSS;
  cong.acked_at = ev->now;
  cong.cc = tcp_alt_cong_find("cubic");
}

/* A round trip in which all of cwnd, or half of it, is used. */
static void
avoidance_round(struct tcp_alt_ack_event *ev, int used)
{
  const u32_t cwnd = cong.cwnd, begins = ev->now;
  u32_t sent;
  for (sent = 0; sent < cwnd; sent += ev->acked) {
    ev->now = begins + 100U * LWIP_MIN(sent + ev->acked, cwnd) / cwnd;
    ev->before = used ? cong.cwnd : cong.cwnd / 2;
    tcp_alt_cc_cubic_grow(&cong, &rod, ev, 2 * MSS);
  }
}

/* RFC 9438 5.8-1, 4.2-2: what the application leaves unused does not grow, and its time does not count: afterwards the
 * curve goes on where it was, for t is the time of congestion avoidance. */
static void
test_unused_time(void **state)
{
  struct tcp_alt_ack_event ev;
  u32_t busy, i;
  (void)state;
  avoidance_begins(&ev);
  for (i = 0; i < 20; i++) {
    avoidance_round(&ev, 1);
  }
  busy = cong.cwnd;
  avoidance_begins(&ev);
  for (i = 0; i < 20; i++) {
    avoidance_round(&ev, 1);
    if (i % 5 == 2) {
      const u32_t before = cong.cwnd;
      avoidance_round(&ev, 0);
      assert_int_equal(cong.cwnd, before);
    }
    if (i % 5 == 4) {
      const u32_t before = cong.cwnd; /* everything is acknowledged, and for a minute nothing is sent */
      rod.snd_una = rod.snd_nxt;
      ev.now++;
      ev.before = MSS;
      tcp_alt_cc_cubic_grow(&cong, &rod, &ev, 2 * MSS);
      assert_int_equal(cong.cwnd, before);
      rod.snd_una = 1000;
      ev.now += 60000;
      ev.before = cong.cwnd;
      tcp_alt_cc_cubic_grow(&cong, &rod, &ev, 2 * MSS);
      assert_in_range(cong.cwnd, before, before + MSS);
    }
  }
  assert_in_range(cong.cwnd, busy - busy / 50, busy + busy / 50);
}

/* RFC 9438 4.8-1: a timeout shrinks as a loss does, and the congestion avoidance behind it has K = 0 and W_max, W_est = cwnd. */
static void
test_timeout(void **state)
{
  struct tcp_alt_clock_event timeout = { 0 };
  struct tcp_alt_ack_event ev;
  (void)state;
  avoidance_begins(&ev);
  timeout.mss = MSS;
  timeout.flight = cong.cwnd;
  tcp_alt_cong_on_rto(&cong, &timeout);
  assert_int_equal(cong.ssthresh, 70 * MSS);
  assert_int_equal(cong.cwnd, MSS);
  cong.cwnd = cong.ssthresh; /* slow start is over */
  ev.before = cong.cwnd;
  tcp_alt_cc_cubic_grow(&cong, &rod, &ev, 2 * MSS);
  assert_int_equal(cong.in.cubic.k, 0);
  assert_int_equal(cong.w_max, 70 * MSS);
  assert_in_range(cong.w_est, 70 * MSS, 71 * MSS);
}

/* RFC 9438 4.9-1: what was no congestion is undone: windows and W_max, and the curve goes on where it was, on either
 * side of W_max (where W_est was ahead of it, a little later on it). */
static void
test_undo_curve(void **state)
{
  struct tcp_alt_ack_event ev;
  u32_t side, i;
  (void)state;
  for (side = 0; side < 2; side++) {
    u32_t straight;
    avoidance_begins(&ev);
    cong.w_max = (side == 0 ? 140 : 100) * MSS;
    for (i = 0; i < 80; i++) {
      avoidance_round(&ev, 1);
    }
    straight = cong.cwnd;
    avoidance_begins(&ev);
    cong.w_max = (side == 0 ? 140 : 100) * MSS;
    for (i = 0; i < 80; i++) {
      avoidance_round(&ev, 1);
      if (i == 30) {
        struct tcp_alt_clock_event timeout = { 0 };
        struct tcp_alt_ack_event told = ev;
        const u32_t w_max = cong.w_max, cwnd = cong.cwnd;
        timeout.mss = MSS;
        timeout.flight = cong.cwnd;
        tcp_alt_cong_on_rto(&cong, &timeout);
        assert_true(cong.cwnd < cwnd);
        told.also = TCP_ALT_ALSO_SPURIOUS;
        told.what = TCP_ALT_ACK_DUP;
        tcp_alt_cong_on_ack(&cong, &rod, &told);
        assert_int_equal(cong.cwnd, cwnd);
        assert_int_equal(cong.w_max, w_max);
      }
    }
    assert_in_range(cong.cwnd, straight - straight / 10, straight + straight / 10);
  }
}

/* RFC 9438 4.6-2, RFC 3168 6.1.2: a mark is what a loss is; cwnd_prior of 4.3 is cwnd before it. */
static void
test_marked(void **state)
{
  struct tcp_alt_ack_event ev;
  (void)state;
  avoidance_begins(&ev);
  cong.prior_cwnd = 1;
  ev.what = TCP_ALT_ACK_NEW;
  ev.also = TCP_ALT_ALSO_SACK | TCP_ALT_ALSO_ECN;
  ev.before = cong.cwnd;
  tcp_alt_cong_on_ack(&cong, &rod, &ev);
  assert_int_equal(cong.cwnd, 70 * MSS);
  assert_int_equal(cong.ssthresh, 70 * MSS);
  assert_int_equal(cong.prior_cwnd, 100 * MSS);
  assert_int_equal(cong.w_max, 85 * MSS); /* 4.7 */
}

/* RFC 7661 4.1: NewReno, too, grows only what is used. */
static void
test_newreno_unused(void **state)
{
  struct tcp_alt_ack_event ev;
  (void)state;
  avoidance_begins(&ev);
  cong.ssthresh = 50 * MSS;
  ev.before = 98 * MSS;
  tcp_alt_cc_newreno_grow(&cong, &rod, &ev, 2 * MSS);
  assert_int_equal(cong.cwnd, 100 * MSS);
  ev.before = 99 * MSS;
  tcp_alt_cc_newreno_grow(&cong, &rod, &ev, 2 * MSS);
  assert_int_equal(cong.cwnd, 100 * MSS + MSS / 50);
  cong.cwnd = 20 * MSS; /* slow start, which has it double */
  ev.before = 9 * MSS;
  tcp_alt_cc_newreno_grow(&cong, &rod, &ev, 2 * MSS);
  assert_int_equal(cong.cwnd, 20 * MSS);
  ev.before = 10 * MSS;
  tcp_alt_cc_newreno_grow(&cong, &rod, &ev, 2 * MSS);
  assert_int_equal(cong.cwnd, 22 * MSS);
}

/* RFC 9438 4.2-3: at most half as much again a round trip; and numbers at their limits: nothing wraps. */
static void
test_extremes(void **state)
{
  static const u32_t windows[] = { 1, 88, 2920, 65535, 1U << 24, 0x3fffffff };
  static const u32_t times[] = { 0, 1, 999, 100000, 0x7fffffff };
  size_t i, k;
  (void)state;
  for (i = 0; i < COUNT_OF(windows); i++) {
    struct tcp_alt_ack_event ev = { 0 };
    memset(&cong, 0, sizeof(cong));
    ev.mss = 88;
    ev.acked = 1;
    cong.cwnd = windows[i];
    cong.cwnd = tcp_alt_cc_cubic_reduced(&cong, windows[i], 88);
    cong.ssthresh = 0;
    for (k = 0; k < COUNT_OF(times); k++) {
      const tcpwnd_size_t before = cong.cwnd;
      ev.now = times[k];
      ev.before = cong.cwnd;
      rod.srtt = 60000U << 3;
      tcp_alt_cc_cubic_grow(&cong, &rod, &ev, 176);
      assert_true(cong.cwnd >= before);
      assert_true(cong.cwnd - before <= before / 2 + 88); /* 4.2: at most half as much again */
    }
  }
}

#if TCP_HYSTART


/* A round of `n` samples of `rtt` ms; returns what the last of 1000 bytes may grow. */
static u32_t
hystart_round_of(unsigned n, u16_t rtt)
{
  struct tcp_alt_ack_event ev = { 0 };
  u32_t by = 0;
  rod.snd_una = rod.snd_nxt - n;
  while (n-- > 0) {
    ev.rtt = rtt;
    if (n == 0) {
      rod.snd_nxt += 100;
    }
    rod.snd_una++;
    by = tcp_alt_cc_hystart(&cong, &rod, &ev, 1000);
  }
  return by;
}

static void
hystart_begin(void)
{
  memset(&cong, 0, sizeof(cong));
  memset(&rod, 0, sizeof(rod));
  rod.snd_nxt = 100;
  cong.cwnd = 30000;
  cong.ssthresh = 0xffffffffU;
}

/* RFC 9406 4.2-1, RFC 9438 4.10-1: as long as round trips stay what they were, nothing happens. */
static void
test_steady(void **state)
{
  int i;
  (void)state;
  hystart_begin();
  for (i = 0; i < 20; i++) {
    assert_int_equal(hystart_round_of(10, 40 + (u16_t)(i % 4)), 1000);
  }
  assert_int_equal(cong.ssthresh, 0xffffffffU);
}

/* RFC 9406 4.2-1, 4.2-3, 4.2-4: longer by an eighth (4 to 16 ms): a quarter of the growth; after five rounds congestion avoidance. */
static void
test_leaves(void **state)
{
  static const struct { u16_t rtt, more; int leaves; } cases[] = {
    { 10, 3, 0 }, { 10, 4, 1 }, { 80, 9, 0 }, { 80, 10, 1 }, { 400, 15, 0 }, { 400, 16, 1 },
  };
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(cases); i++) {
    int n;
    hystart_begin();
    (void)hystart_round_of(10, cases[i].rtt);
    for (n = 0; n < 7; n++) {
      const u32_t by = hystart_round_of(10, (u16_t)(cases[i].rtt + cases[i].more));
      if (n < 4) {
        assert_int_equal(by, cases[i].leaves ? 250 : 1000);
        assert_int_equal(cong.ssthresh, 0xffffffffU);
      }
    }
    assert_int_equal(cong.ssthresh == 30000, cases[i].leaves);
  }
}

/* RFC 9406 4.2-2, 4.2-5: shorter again than when it began: slow start goes on. And fewer than eight samples prove nothing. */
static void
test_goes_on(void **state)
{
  (void)state;
  hystart_begin();
  (void)hystart_round_of(10, 40);
  assert_int_equal(hystart_round_of(7, 80), 1000);
  (void)hystart_round_of(10, 40);
  assert_int_equal(hystart_round_of(10, 50), 250);
  assert_int_equal(hystart_round_of(10, 49), 1000);
  assert_int_equal(cong.ssthresh, 0xffffffffU);
}

/* RFC 9406 4.3-1: an ACK counts up to L = 8 segments; after a timeout one (RFC 3465 2.3). */
static void
test_limit(void **state)
{
  struct tcp_alt_ack_event ev = { 0 };
  (void)state;
  hystart_begin();
  ev.mss = 1000;
  ev.acked = 20000;
  ev.before = 30000;
  tcp_alt_cc_cubic_grow(&cong, &rod, &ev, 2000);
  assert_int_equal(cong.cwnd, 38000);
  ev.before = 38000;
  tcp_alt_cc_cubic_grow(&cong, &rod, &ev, 1000);
  assert_int_equal(cong.cwnd, 39000);
}

#endif

int
main(void)
{
  static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_curve),
    cmocka_unit_test(test_plateau),
    cmocka_unit_test(test_reduce_and_undo),
    cmocka_unit_test(test_unused_time),
    cmocka_unit_test(test_timeout),
    cmocka_unit_test(test_undo_curve),
    cmocka_unit_test(test_marked),
    cmocka_unit_test(test_newreno_unused),
    cmocka_unit_test(test_extremes),
#if TCP_HYSTART
    cmocka_unit_test(test_steady),
    cmocka_unit_test(test_leaves),
    cmocka_unit_test(test_goes_on),
    cmocka_unit_test(test_limit),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
