/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lookup and timers cost the same with one connection and with thousands. The measure is the number
 * of functions entered (-finstrument-functions), which does not depend on the machine, and the length
 * of the lists that are walked.
 */
#include "unit.h"

#include "../../tcp_alt/demux/tcp_alt_demux_hash.c"
#include "../../tcp_alt/timer/tcp_alt_timer.c"

#define MANY     4000
#define NUM_OPS  40000

struct block {
  struct tcp_pcb face;
  struct tcp_alt_demux demux;
  struct tcp_alt_timer timer;
};

static struct block blocks[MANY];
static struct netif netif;
static unsigned long entered;

void __cyg_profile_func_enter(void *fn, void *site) __attribute__((no_instrument_function));
void __cyg_profile_func_exit(void *fn, void *site) __attribute__((no_instrument_function));

void
__cyg_profile_func_enter(void *fn, void *site)
{
  (void)fn;
  (void)site;
  entered++;
}

void
__cyg_profile_func_exit(void *fn, void *site)
{
  (void)fn;
  (void)site;
}

static void
connect_all(unsigned n)
{
  unsigned i;

  memset(blocks, 0, sizeof(blocks));
  tcp_alt_demux_init(12345);
  for (i = 0; i < n; i++) {
    struct tcp_pcb *pcb = &blocks[i].face;

    IP_ADDR4(&pcb->local_ip, 10, 0, 0, 1);
    IP_ADDR4(&pcb->remote_ip, 10, 0, 1, (u8_t)(1 + i % 100));
    pcb->local_port = 80;
    pcb->remote_port = (u16_t)(49152 + i);
    tcp_alt_demux_add(&blocks[i].demux, &tcp_active_pcbs, pcb);
  }
}

static void
disconnect_all(unsigned n)
{
  unsigned i;

  for (i = 0; i < n; i++) {
    tcp_alt_demux_remove(&blocks[i].demux, &tcp_active_pcbs, &blocks[i].face);
  }
}

/* Functions entered for a thousand lookups, connections taking turns. */
static unsigned long
cost_of_finding(unsigned n)
{
  unsigned long cost;
  unsigned k;

  connect_all(n);
  entered = 0;
  for (k = 0; k < NUM_OPS; k++) {
    const struct tcp_pcb *pcb = &blocks[k % n].face;
    const struct tcp_alt_tuple t = {
      &pcb->local_ip, &pcb->remote_ip, &netif, pcb->local_port, pcb->remote_port
    };

    assert_ptr_equal(tcp_alt_demux_find(&t), pcb);
  }
  cost = entered * 1000 / NUM_OPS;
  disconnect_all(n);
  return cost;
}

static void
lookup_does_not_grow(void **state)
{
  const unsigned long one = cost_of_finding(1);

  (void)state;
  assert_in_range(one, 3000, 8000);
  assert_in_range(cost_of_finding(MANY), one, one * 3 / 2);
}

/* A connection moves from list to list whatever else is in them. */
static unsigned long
cost_of_moving(unsigned n)
{
  unsigned long cost;
  unsigned k;

  connect_all(n);
  entered = 0;
  for (k = 0; k < NUM_OPS; k++) {
    struct block *b = &blocks[unit_rand() % n];

    tcp_alt_demux_remove(&b->demux, &tcp_active_pcbs, &b->face);
    tcp_alt_demux_add(&b->demux, &tcp_active_pcbs, &b->face);
  }
  cost = entered * 1000 / NUM_OPS;
  disconnect_all(n);
  return cost;
}

static void
adding_and_removing_do_not_grow(void **state)
{
  const unsigned long one = cost_of_moving(1);

  (void)state;
  assert_in_range(cost_of_moving(MANY), one, one * 5 / 4);
}

/* Connections to one server, each with a port of its own. */
static unsigned long
cost_of_a_port(unsigned n)
{
  unsigned long cost;
  unsigned k;
  unsigned i;

  memset(blocks, 0, sizeof(blocks));
  for (i = 0; i < n; i++) {
    blocks[i].face.local_port = tcp_alt_demux_free_port((u16_t)unit_rand());
    assert_int_not_equal(blocks[i].face.local_port, 0);
    tcp_alt_demux_add(&blocks[i].demux, &tcp_active_pcbs, &blocks[i].face);
  }
  entered = 0;
  for (k = 0; k < 1000; k++) {
    assert_int_not_equal(tcp_alt_demux_free_port((u16_t)unit_rand()), 0);
  }
  cost = entered;
  disconnect_all(n);
  return cost;
}

/* With as many connections as buckets, some buckets are tried; never a list walked. */
static void
finding_a_port_does_not_grow(void **state)
{
  const unsigned long one = cost_of_a_port(1);

  (void)state;
  assert_in_range(cost_of_a_port(MANY / 2), one, one * 5 / 2);
}

/* Ten segments a millisecond, each of which moves its connection's deadline away. */
static unsigned long
cost_of_setting(unsigned n)
{
  u32_t now = 0xfffffff0UL;
  unsigned k;

  memset(blocks, 0, sizeof(blocks));
  tcp_alt_timer_init(now);
  entered = 0;
  for (k = 0; k < NUM_OPS; k++) {
    now += (k % 10 == 0);
    tcp_alt_timer_set(&blocks[k % n].timer, now + 500 + unit_rand() % 100, now);
  }
  return entered * 1000 / NUM_OPS;
}

static void
setting_a_timer_does_not_grow(void **state)
{
  const unsigned long one = cost_of_setting(1);

  (void)state;
  assert_in_range(cost_of_setting(MANY), one * 3 / 4, one * 5 / 4);
}

/* Every timer expires and is set again, for what a connection of ours may wait. */
static unsigned long
cost_of_expiring(unsigned n)
{
  unsigned long fired = 0;
  u32_t now = 1000;
  unsigned i;

  memset(blocks, 0, sizeof(blocks));
  tcp_alt_timer_init(now);
  for (i = 0; i < n; i++) {
    tcp_alt_timer_set(&blocks[i].timer, now + unit_rand() % 60000, now);
  }
  entered = 0;
  while ((fired < NUM_OPS) && tcp_alt_timer_next(&now)) {
    struct tcp_alt_timer *t;

    while ((t = tcp_alt_timer_pop(now)) != NULL) {
      fired++;
      tcp_alt_timer_set(t, now + unit_rand() % 60000, now);
    }
  }
  return entered * 1000 / fired;
}

static void
expiry_does_not_grow(void **state)
{
  const unsigned long ten = cost_of_expiring(10);

  (void)state;
  assert_in_range(cost_of_expiring(MANY), ten / 2, ten * 5 / 4);
}

/* tcp_alt_timer_next() walks one slot. Deadlines are always 200 to 300 ms away, and the clock moves
 * along: seldom are all in one slot. */
static void
slots_stay_narrow(void **state)
{
  u32_t now = 0;
  unsigned long length = 0;
  unsigned samples = 0;
  unsigned k;

  (void)state;
  memset(blocks, 0, sizeof(blocks));
  tcp_alt_timer_init(now);
  for (k = 0; k < 50 * NUM_OPS; k++) {
    now += (k % 40 == 0);
    tcp_alt_timer_set(&blocks[k % MANY].timer, now + 200 + unit_rand() % 100, now);
    if (k % 4001 == 4000) {
      u8_t level;
      u32_t begin;
      const struct tcp_alt_timer *t;

      for (t = *first_slot(&level, &begin); t != NULL; t = t->next) {
        length++;
      }
      samples++;
    }
  }
  assert_in_range(length / samples, 1, MANY / 2);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(lookup_does_not_grow),
    cmocka_unit_test(adding_and_removing_do_not_grow),
    cmocka_unit_test(finding_a_port_does_not_grow),
    cmocka_unit_test(setting_a_timer_does_not_grow),
    cmocka_unit_test(expiry_does_not_grow),
    cmocka_unit_test(slots_stay_narrow),
  };

  return cmocka_run_group_tests_name("cost", tests, NULL, NULL);
}
