/* SPDX-License-Identifier: BSD-3-Clause */
/* The timer wheel against a model that looks at every timer each time. */
#include "unit.h"

#include "lwip/def.h"
#include "lwip/priv/tcp_alt_timer.h"

#define NUM_TIMERS 64
#define FAR        TCP_ALT_TIMER_MAX_MS

static struct tcp_alt_timer timers[NUM_TIMERS];

/* ---- the model ---- */

static struct {
  u32_t at;
  int armed;
} model[NUM_TIMERS];

/* Index of the armed timer that is due first, seen from `now`, overdue ones included; or -1. */
static int
model_first(u32_t now)
{
  int first = -1;
  int i;

  for (i = 0; i < NUM_TIMERS; i++) {
    if (model[i].armed && ((first < 0) || ((s32_t)(model[i].at - now) < (s32_t)(model[first].at - now)))) {
      first = i;
    }
  }
  return first;
}

static void
set(unsigned i, u32_t at, u32_t now)
{
  tcp_alt_timer_set(&timers[i], at, now);
  model[i].armed = 1;
  model[i].at = ((s32_t)(at - now) < 0) ? now : at;
  assert_int_equal(timers[i].at, model[i].at);
}

static void
clear(unsigned i)
{
  tcp_alt_timer_clear(&timers[i]);
  model[i].armed = 0;
}

static void
check_next(u32_t now)
{
  const int first = model_first(now);
  u32_t at = 0;

  assert_int_equal(tcp_alt_timer_next(&at), first >= 0);
  if (first >= 0) {
    assert_int_equal(at, model[first].at);
  }
}

/* Everything that is due comes out, in the order of the deadlines, and nothing else. */
static void
pop_all(u32_t now)
{
  for (;;) {
    const int first = model_first(now);
    struct tcp_alt_timer *t = tcp_alt_timer_pop(now);
    unsigned i;

    if ((first < 0) || ((s32_t)(model[first].at - now) > 0)) {
      assert_null(t);
      return;
    }
    assert_non_null(t);
    assert_in_range(t - timers, 0, NUM_TIMERS - 1);
    i = (unsigned)(t - timers);
    assert_true(model[i].armed);
    assert_int_equal(model[i].at, model[first].at);
    model[i].armed = 0;
    assert_null(t->prev);
  }
}

static void
start(u32_t now)
{
  memset(timers, 0, sizeof(timers));
  memset(model, 0, sizeof(model));
  tcp_alt_timer_init(now);
}

/* Clocks where digits change: small ones, before each carry, before the sign and before the wrap. */
static const u32_t clocks[] = {
  0, 1, 31, 32, 1023, 32767, 1048575, 33554431, 0x3fffffffUL, 0x7fffffffUL, 0x80000000UL,
  0xbffffff0UL, 0xffffffe0UL, 0xffffffffUL, 0x12345678UL, 0xdeadbeefUL
};

/* Every distance to 70 ms, and both sides of every power of two, up to the farthest. */
static unsigned
distances(u32_t *out)
{
  unsigned n = 0;
  unsigned i;

  for (i = 0; i < 70; i++) {
    out[n++] = i;
  }
  for (i = 7; i < 31; i++) {
    out[n++] = ((u32_t)1 << i) - 1;
    out[n++] = (u32_t)1 << i;
    out[n++] = ((u32_t)1 << i) + 1;
  }
  out[n++] = FAR;
  return n;
}

#define NUM_DISTANCES (70 + 24 * 3 + 1)

/* ---- tests ---- */

static void
nothing_is_armed_at_first(void **state)
{
  (void)state;
  start(1000);
  check_next(1000);
  assert_null(tcp_alt_timer_pop(1000));
  assert_null(tcp_alt_timer_pop(1000 + FAR));
  clear(0);
}

/* One timer: known exactly, silent a millisecond before, there on time, gone afterwards. */
static void
one_timer_is_exact(void **state)
{
  u32_t distance[NUM_DISTANCES];
  unsigned c;
  unsigned d;

  (void)state;
  assert_int_equal(distances(distance), NUM_DISTANCES);
  for (c = 0; c < COUNT_OF(clocks); c++) {
    for (d = 0; d < NUM_DISTANCES; d++) {
      start(clocks[c]);
      set(0, clocks[c] + distance[d], clocks[c]);
      check_next(clocks[c]);
      if (distance[d] > 0) {
        assert_null(tcp_alt_timer_pop(clocks[c] + distance[d] - 1));
        check_next(clocks[c] + distance[d] - 1);
      }
      assert_ptr_equal(tcp_alt_timer_pop(clocks[c] + distance[d]), &timers[0]);
      model[0].armed = 0;
      check_next(clocks[c] + distance[d]);
      assert_null(tcp_alt_timer_pop(clocks[c] + distance[d]));
    }
  }
}

/* Every pair of distances: the earlier one first, whichever was set first or moved last. */
static void
two_timers_come_in_order(void **state)
{
  u32_t distance[NUM_DISTANCES];
  unsigned c;
  unsigned d;
  unsigned e;

  (void)state;
  (void)distances(distance);
  for (c = 0; c < COUNT_OF(clocks); c++) {
    for (d = 0; d < NUM_DISTANCES; d++) {
      for (e = 0; e < NUM_DISTANCES; e++) {
        const u32_t first = LWIP_MIN(distance[d], distance[e]);
        const u32_t last = LWIP_MAX(distance[d], distance[e]);

        start(clocks[c]);
        set(0, clocks[c] + distance[d], clocks[c]);
        set(1, clocks[c] + distance[e], clocks[c]);
        check_next(clocks[c]);
        pop_all(clocks[c] + first);
        check_next(clocks[c] + first);
        pop_all(clocks[c] + last);
        check_next(clocks[c] + last);
      }
    }
  }
}

static void
the_past_is_due_at_once(void **state)
{
  unsigned c;

  (void)state;
  for (c = 0; c < COUNT_OF(clocks); c++) {
    start(clocks[c]);
    set(0, clocks[c] + 5000 - 1, clocks[c] + 5000);
    set(1, clocks[c] - 1000000, clocks[c] + 5000);
    set(2, clocks[c] + 5001, clocks[c] + 5000);
    check_next(clocks[c] + 5000);
    pop_all(clocks[c] + 5000);
    assert_false(model[0].armed || model[1].armed);
    assert_true(model[2].armed);
  }
}

/* The most frequent use: each segment moves the timer a little. */
static void
an_armed_timer_moves(void **state)
{
  u32_t now = 0xfffff000UL;
  unsigned i;

  (void)state;
  start(now);
  for (i = 0; i < 10000; i++) {
    now += unit_rand() % 3;
    set(0, now + 200, now);
    check_next(now);
    assert_null(tcp_alt_timer_pop(now));
  }
  set(0, now + 10, now); /* and to an earlier time */
  check_next(now);
  pop_all(now + 10);
  assert_false(model[0].armed);
}

static void
clearing_takes_out_exactly_one(void **state)
{
  unsigned i;

  (void)state;
  start(0);
  for (i = 0; i < NUM_TIMERS; i++) {
    set(i, 100, 0);
  }
  for (i = 0; i < NUM_TIMERS; i += 2) {
    clear(i);
    clear(i);
  }
  check_next(0);
  pop_all(100);
  for (i = 0; i < NUM_TIMERS; i++) {
    assert_false(model[i].armed);
  }
  check_next(100);
}

/* Nobody asked the wheel for weeks, while nothing was armed. */
static void
long_idle_times_do_not_confuse(void **state)
{
  u32_t now = 77;
  unsigned i;

  (void)state;
  start(now);
  for (i = 0; i < 1000; i++) {
    now += unit_rand();
    set(0, now + 300, now);
    check_next(now);
    assert_null(tcp_alt_timer_pop(now + 299));
    pop_all(now + 300);
    assert_false(model[0].armed);
  }
}

/* All overdue by days: each comes out, oldest first. */
static void
late_collection_loses_nothing(void **state)
{
  const u32_t now = 0xfff00000UL;
  unsigned i;

  (void)state;
  start(now);
  for (i = 0; i < NUM_TIMERS; i++) {
    set(i, now + unit_rand() % 100000000U, now);
  }
  pop_all(now + 200000000U);
  for (i = 0; i < NUM_TIMERS; i++) {
    assert_false(model[i].armed);
  }
}

/* A door re-entered by another goes on with the time it read at its start. */
static void
a_lagging_clock_does_no_harm(void **state)
{
  u32_t at;

  (void)state;
  start(1000);
  set(0, 5000, 1000);
  assert_null(tcp_alt_timer_pop(3000));
  tcp_alt_timer_set(&timers[1], 2990, 2990); /* due by its own clock, and overdue by the wheel's */
  tcp_alt_timer_set(&timers[2], 3500, 2990);
  assert_int_equal(tcp_alt_timer_next(&at), 1);
  assert_in_range(at, 2990, 3000);
  assert_ptr_equal(tcp_alt_timer_pop(2990), &timers[1]);
  assert_null(tcp_alt_timer_pop(2990));
  assert_null(tcp_alt_timer_pop(3499));
  assert_ptr_equal(tcp_alt_timer_pop(3500), &timers[2]);
  assert_null(tcp_alt_timer_pop(4999));
  assert_ptr_equal(tcp_alt_timer_pop(5000), &timers[0]);
}

/* A distance such as TCP's deadlines have: any magnitude is as likely as another. */
static u32_t
some_distance(unsigned bits)
{
  return unit_rand() >> (32 - 1 - unit_rand() % bits) & FAR;
}

static void
random_walk(u32_t seed, unsigned bits)
{
  u32_t now = seed * 0x9e3779b9UL;
  unsigned step;

  unit_srand(seed);
  start(now);
  for (step = 0; step < 20000; step++) {
    const unsigned i = unit_rand() % NUM_TIMERS;
    u32_t at;

    switch (unit_rand() % 9) {
    case 0:
      clear(i);
      break;
    case 1:
      now += some_distance(bits) / 4;
      pop_all(now);
      break;
    case 2: /* sleep until exactly the next one */
      if (tcp_alt_timer_next(&at)) {
        now = at;
        pop_all(now);
      }
      break;
    case 3:
      now += unit_rand() % 3;
      pop_all(now);
      break;
    case 4: /* time passes, and who comes next sets a timer before the clock door is open */
      now += some_distance(bits) / 64;
      break;
    default:
      set(i, now + some_distance(bits), now);
      break;
    }
    if (unit_rand() % 2) {
      check_next(now);
    }
  }
}

static void
random_walks_agree_with_model(void **state)
{
  u32_t seed;
  unsigned bits;

  (void)state;
  for (seed = 1; seed <= 4; seed++) {
    for (bits = 4; bits <= 31; bits += 3) {
      random_walk(seed, bits);
    }
  }
}

#define TEST(f) cmocka_unit_test(f)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    TEST(nothing_is_armed_at_first),
    TEST(one_timer_is_exact),
    TEST(two_timers_come_in_order),
    TEST(the_past_is_due_at_once),
    TEST(an_armed_timer_moves),
    TEST(clearing_takes_out_exactly_one),
    TEST(long_idle_times_do_not_confuse),
    TEST(late_collection_loses_nothing),
    TEST(a_lagging_clock_does_no_harm),
    TEST(random_walks_agree_with_model),
  };

  return cmocka_run_group_tests_name("timer", tests, NULL, NULL);
}
