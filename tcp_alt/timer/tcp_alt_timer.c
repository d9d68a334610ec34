/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Ground: a hierarchical timer wheel in milliseconds.
 *
 * Time is seven digits to the base 32. A timer lies on the level of the highest digit in which its
 * deadline differs from the wheel's clock, in the slot of that digit of the deadline. So the next
 * timer is always in the first used slot of the lowest level in use, and on level 0 a slot is one
 * millisecond. When the clock reaches a higher slot, its timers move down: each at most six times.
 *
 * Nothing happens between deadlines: tcp_alt_timer_next() looks into a higher slot instead of waking
 * up for it. It remembers what it found, and walks one slot again only when that timer was taken out.
 *
 * The wheel takes 206 words of RAM.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT && TCP_ALT_TIMER_WHEEL

#include <string.h>

#include "lwip/priv/tcp_alt_timer.h"

#define DIGIT_BITS 5
#define NUM_SLOTS  (1U << DIGIT_BITS)
#define NUM_LEVELS 7 /* the highest digit has only two bits left */

static struct {
  struct tcp_alt_timer *slot[(NUM_LEVELS - 1) * NUM_SLOTS + 4];
  u32_t used[NUM_LEVELS]; /* a bit for each slot; may be set when the slot is empty */
  u32_t clock;            /* no timer is due before this; with timers, it never runs back */
  u32_t earliest;         /* first deadline, if `known` */
  u8_t known;
} wheel;

/* Ahead of the wheel's clock; what is behind it counts as now (a door's clock may lag behind that
 * of a door it was re-entered by). */
static u32_t
ahead(u32_t time)
{
  const u32_t span = time - wheel.clock;

  return (span > TCP_ALT_TIMER_MAX_MS) ? 0 : span;
}

/* Number of the lowest bit set, by a de Bruijn sequence. */
static u8_t
lowest_bit(u32_t bits)
{
  static const u8_t number[32] = {
    0, 1, 28, 2, 29, 14, 24, 3, 30, 22, 20, 15, 25, 17, 4, 8,
    31, 27, 13, 23, 21, 19, 16, 7, 26, 12, 18, 6, 11, 5, 10, 9
  };

  return number[(u32_t)((bits & (0U - bits)) * 0x077cb531UL) >> 27];
}

static void
link_in(struct tcp_alt_timer *t)
{
  u32_t difference = t->at ^ wheel.clock;
  u8_t level = 0;
  u8_t digit;
  struct tcp_alt_timer **slot;

  while (difference >= NUM_SLOTS) {
    difference >>= DIGIT_BITS;
    level++;
  }
  digit = (u8_t)((t->at >> (level * DIGIT_BITS)) & (NUM_SLOTS - 1));
  wheel.used[level] |= (u32_t)1 << digit;
  slot = &wheel.slot[level * NUM_SLOTS + digit];
  t->next = *slot;
  t->prev = slot;
  if (t->next != NULL) {
    t->next->prev = &t->next;
  }
  *slot = t;
}

/* The first slot with timers in it, its level, and the time it begins; or NULL. */
static struct tcp_alt_timer **
first_slot(u8_t *level, u32_t *begin)
{
  u8_t l;

  for (l = 0; l < NUM_LEVELS; l++) {
    u8_t shift;
    u32_t digits;

    if (wheel.used[l] == 0) {
      continue; /* nearly every level */
    }
    shift = (u8_t)(l * DIGIT_BITS);
    digits = wheel.clock >> shift;
    do {
      /* slots before the clock's digit come after the rest: on the highest level, time wraps */
      const u32_t rest = wheel.used[l] & (~(u32_t)0 << (digits & (NUM_SLOTS - 1)));
      const u8_t digit = lowest_bit((rest != 0) ? rest : wheel.used[l]);
      struct tcp_alt_timer **slot = &wheel.slot[l * NUM_SLOTS + digit];

      if (*slot != NULL) {
        *level = l;
        *begin = ((digits & ~(u32_t)(NUM_SLOTS - 1)) | digit) << shift;
        return slot;
      }
      wheel.used[l] &= ~((u32_t)1 << digit);
    } while (wheel.used[l] != 0);
  }
  return NULL;
}

/* Moves the clock to `now` or to the first timer due before; returns that timer, or NULL. */
static struct tcp_alt_timer *
advance(u32_t now)
{
  u8_t level;
  u32_t begin;
  struct tcp_alt_timer **slot;

  while ((slot = first_slot(&level, &begin)) != NULL) {
    struct tcp_alt_timer *t = *slot;

    if (begin - wheel.clock > ahead(now)) {
      wheel.clock += ahead(now);
      return NULL;
    }
    wheel.clock = begin;
    if (level == 0) {
      return t;
    }
    *slot = NULL;
    while (t != NULL) {
      struct tcp_alt_timer *next = t->next;

      link_in(t);
      t = next;
    }
  }
  wheel.clock = now;
  return NULL;
}

void
tcp_alt_timer_init(u32_t now)
{
  memset(&wheel, 0, sizeof(wheel));
  wheel.clock = now;
}

void
tcp_alt_timer_set(struct tcp_alt_timer *t, u32_t at, u32_t now)
{
  if ((t->prev != NULL) && (t->at == at)) {
    return;
  }
  tcp_alt_timer_clear(t);
  if (now - wheel.clock >= NUM_SLOTS) {
    (void)advance(now); /* else slots would grow wide, and looking into one slow */
  }
  now = wheel.clock + ahead(now);
  t->at = (at - now > TCP_ALT_TIMER_MAX_MS) ? now : at;
  link_in(t);
  if (wheel.known && (t->at - wheel.clock < wheel.earliest - wheel.clock)) {
    wheel.earliest = t->at;
  }
}

void
tcp_alt_timer_clear(struct tcp_alt_timer *t)
{
  if (t->prev == NULL) {
    return;
  }
  *t->prev = t->next;
  if (t->next != NULL) {
    t->next->prev = t->prev;
  }
  t->prev = NULL;
  if (t->at == wheel.earliest) {
    wheel.known = 0;
  }
}

struct tcp_alt_timer *
tcp_alt_timer_pop(u32_t now)
{
  struct tcp_alt_timer *t = advance(now);

  if (t != NULL) {
    tcp_alt_timer_clear(t);
  }
  return t;
}

int
tcp_alt_timer_next(u32_t *at)
{
  if (!wheel.known) {
    u8_t level;
    u32_t begin;
    struct tcp_alt_timer **slot = first_slot(&level, &begin);
    const struct tcp_alt_timer *t;

    if (slot == NULL) {
      return 0;
    }
    wheel.known = 1;
    wheel.earliest = (*slot)->at;
    for (t = (*slot)->next; (t != NULL) && (level != 0); t = t->next) {
      if (t->at - wheel.clock < wheel.earliest - wheel.clock) {
        wheel.earliest = t->at;
      }
    }
  }
  *at = wheel.earliest;
  return 1;
}

#endif /* LWIP_TCP && LWIP_TCP_ALT && TCP_ALT_TIMER_WHEEL */
