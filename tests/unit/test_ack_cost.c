/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What an ACK costs the sender while it recovers: the number of basic blocks that are entered (-fsanitize-coverage=trace-pc),
 * which does not depend on the machine, against the number of segments in flight and to that of one plain walk along them.
 */
#include "unit.h"

#include "lwip/priv/tcp_alt_flow.h"
#include "lwip/priv/tcp_alt_rod.h"
#include "lwip/priv/tcp_alt_seg.h"

#define SEG   100U
#define MOST  256U
#define HOLES 20U
#define WALKS 10U /* an ACK may cost so many plain walks */

static unsigned long entered;
static struct tcp_seg segs[MOST];
static struct pbuf packets[MOST];
static struct tcp_alt_rod rod;
static struct tcp_alt_flow flow;

void __sanitizer_cov_trace_pc(void) __attribute__((no_sanitize_coverage));

void
__sanitizer_cov_trace_pc(void)
{
  entered++;
}

/* What rod needs of lwIP here. */
u8_t
pbuf_free(struct pbuf *p)
{
  (void)p;
  return 1;
}

u16_t
pbuf_clen(const struct pbuf *p)
{
  (void)p;
  return 1;
}

void
memp_free(memp_t type, void *mem)
{
  (void)type;
  (void)mem;
}

/* n segments are in flight, a millisecond apart. */
static void
send_all(unsigned n)
{
  unsigned i;
  memset(&rod, 0, sizeof(rod));
  memset(&flow, 0, sizeof(flow));
  flow.snd_wnd = 60000;
  for (i = 0; i < n; i++) {
    memset(&segs[i], 0, sizeof(segs[i]));
    segs[i].next = i + 1 < n ? &segs[i + 1] : NULL;
    segs[i].p = &packets[i];
    segs[i].seq = i * SEG;
    segs[i].len = SEG;
    segs[i].sent_at = 1000 + i;
  }
  rod.head = segs;
  rod.tail = &segs[n - 1];
  rod.snd_nxt = n * SEG;
  rod.snd_lbb = n * SEG;
  rod.loss = TCP_ALT_LOSS_SACK;
  rod.queuelen = (u16_t)n;
  rod.srtt = 8 * 100;
  rod.min_rtt = 100;
  rod.rto = 300;
  rod.sent_at = 1000 + n;
}

/* An ACK that reports these segments, and up to two more blocks below. Returns its cost. */
static unsigned long
acked(u32_t first, u32_t end)
{
  struct tcp_alt_segment seg;
  struct tcp_alt_ack_event ev;
  unsigned long cost;
  memset(&seg, 0, sizeof(seg));
  memset(&ev, 0, sizeof(ev));
  seg.now = 1100 + end;
  seg.wnd = 60000;
  seg.flags = TCP_ACK;
  seg.opts = TCP_ALT_OPT_SACK;
  seg.sacks = 1;
  seg.sack[0] = first * SEG;
  seg.sack[1] = end * SEG;
  for (; seg.sacks < 4 && first > 3U * seg.sacks; seg.sacks++) {
    seg.sack[2 * seg.sacks] = (first - 3U * seg.sacks) * SEG;
    seg.sack[2 * seg.sacks + 1] = (first - 3U * seg.sacks + 2) * SEG;
  }
  ev.now = seg.now;
  ev.mss = SEG;
  entered = 0;
  tcp_alt_rod_on_ack(&rod, &flow, &seg, &ev);
  cost = entered;
  assert_int_not_equal(ev.delivered, 0);
  return cost;
}

/* The most that one of the ACKs costs that report n segments but for every third, up to HOLES of those. */
static unsigned long
dearest(unsigned n)
{
  unsigned long most = 0;
  unsigned i, end;
  send_all(n);
  for (i = 1; i < n && i < 3 * HOLES; i = end + 1) {
    unsigned long cost;
    end = i + 2 < n ? i + 2 : n;
    cost = acked(i, end);
    most = LWIP_MAX(most, cost);
  }
  return most;
}

/* The least that looking at each segment costs. */
static unsigned long
walk(unsigned n)
{
  const struct tcp_seg *s;
  unsigned long bytes = 0;
  send_all(n);
  entered = 0;
  for (s = rod.head; s != NULL; s = s->next) {
    if (!(s->flags & TCP_ALT_SEG_SACKED)) {
      bytes += s->len;
    }
  }
  assert_int_equal(bytes, n * SEG);
  return entered;
}

static void
grows_with_flight_at_most(void **state)
{
  unsigned n;
  (void)state;
  for (n = 16; n < MOST; n *= 2) {
    const unsigned long one = dearest(n), two = dearest(2 * n);
    print_message("# %u in flight: %lu blocks, %u: %lu, a walk is %lu\n", n, one, 2 * n, two, walk(2 * n));
    assert_true(two <= 2 * one + one / 4);
    assert_true(two <= WALKS * walk(2 * n));
  }
}

/* Blocks that lie cost no more: each one byte beyond a segment, beyond what was sent, inverted, below the ACK. */
static void
lies_cost_a_walk(void **state)
{
  struct tcp_alt_segment seg;
  struct tcp_alt_ack_event ev;
  static const u32_t edges[8] = { 101, 199, 6300, 6500, 400, 300, 0xfffffff0U, 50 };
  (void)state;
  send_all(64);
  memset(&seg, 0, sizeof(seg));
  memset(&ev, 0, sizeof(ev));
  seg.now = 1200;
  seg.flags = TCP_ACK;
  seg.opts = TCP_ALT_OPT_SACK;
  seg.sacks = 4;
  memcpy(seg.sack, edges, sizeof(edges));
  ev.now = seg.now;
  ev.mss = SEG;
  entered = 0;
  tcp_alt_rod_on_ack(&rod, &flow, &seg, &ev);
  assert_true(entered <= WALKS * walk(64));
  assert_int_equal(ev.delivered, 0);
  assert_int_equal(ev.what, 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(grows_with_flight_at_most),
    cmocka_unit_test(lies_cost_a_walk),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
