/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Ground: a timer wheel in milliseconds. Setting, clearing and expiring a timer cost the same with
 * one timer or thousands; the next deadline is exact. Only with TCP_ALT_TIMER_WHEEL.
 */
#ifndef LWIP_HDR_TCP_ALT_TIMER_H
#define LWIP_HDR_TCP_ALT_TIMER_H

#include "lwip/opt.h"

#if LWIP_TCP && LWIP_TCP_ALT && TCP_ALT_TIMER_WHEEL

#include "lwip/arch.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A timer, embedded in its owner; all zero before its first use. */
struct tcp_alt_timer {
  struct tcp_alt_timer *next;
  struct tcp_alt_timer **prev; /* what points to this one; NULL: not armed */
  u32_t at;                    /* due when the clock reaches this */
};

/** Farthest deadline ahead of the clock, in ms (about 24.8 days). */
#define TCP_ALT_TIMER_MAX_MS 0x7fffffffUL

/** Forgets all timers and starts the clock at `now`. */
void tcp_alt_timer_init(u32_t now);

/** Arms `t` for `at`, or moves it there. A time that has passed is due at once. */
void tcp_alt_timer_set(struct tcp_alt_timer *t, u32_t at, u32_t now);

/** Disarms `t`; one that is not armed is left alone. */
void tcp_alt_timer_clear(struct tcp_alt_timer *t);

/** Takes out and returns one timer whose time has come, or NULL. */
struct tcp_alt_timer *tcp_alt_timer_pop(u32_t now);

/**
 * 1 and the earliest deadline in `*at`, or 0: no timer is armed. To be asked when the last answer's
 * time has come, not after each timer set: if the earliest timer was taken out or moved meanwhile,
 * this walks the timers of one slot.
 */
int tcp_alt_timer_next(u32_t *at);

#ifdef __cplusplus
}
#endif

#endif /* LWIP_TCP && LWIP_TCP_ALT && TCP_ALT_TIMER_WHEEL */

#endif /* LWIP_HDR_TCP_ALT_TIMER_H */
