/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Assembly: one memp element = the five components. Complete for the doors and the way out only
 * (and for memp.c, which needs the sizes); a component's file must not include this.
 */
#ifndef LWIP_HDR_TCP_ALT_PCB_H
#define LWIP_HDR_TCP_ALT_PCB_H

#include "lwip/opt.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/priv/tcp_alt_conn.h"
#include "lwip/priv/tcp_alt_rod.h"
#include "lwip/priv/tcp_alt_flow.h"
#include "lwip/priv/tcp_alt_cong.h"
#include "lwip/priv/tcp_alt_demux.h"
#include "lwip/priv/tcp_alt_timer.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The control block. */
struct tcp_alt_cb {
  struct tcp_alt_conn conn; /* begins with the public face: a struct tcp_pcb * points here */
  struct tcp_alt_rod rod;
  struct tcp_alt_flow flow;
  struct tcp_alt_cong cong;
#if TCP_ALT_HASH
  struct tcp_alt_demux demux;
#endif
#if TCP_ALT_TIMER_WHEEL
  struct tcp_alt_timer timer;
#endif
};

/** The elements of lwIP's three pools, for memp.c. */
#define TCP_PCB_SIZEOF        sizeof(struct tcp_alt_cb)
#define TCP_PCB_LISTEN_SIZEOF sizeof(struct tcp_pcb_listen)
#define TCP_SEG_SIZEOF        sizeof(struct tcp_seg)

/** The control block behind a connection's PCB (not a listener's). */
#define TCP_ALT_CB(pcb) ((struct tcp_alt_cb *)(void *)(pcb))

#if TCP_ALT_TIMER_WHEEL
/** The control block a timer belongs to. */
#define TCP_ALT_CB_OF_TIMER(t) \
  ((struct tcp_alt_cb *)(void *)((u8_t *)(t) - offsetof(struct tcp_alt_cb, timer)))
#endif

/** The public face of a control block. */
#define TCP_ALT_FACE(cb) (&(cb)->conn.face)

/**
 * A door's hold on a control block while it calls the application. Whatever frees the block clears
 * the hold, so after each call the door knows whether the block is still there. Lives on the stack;
 * doors may be re-entered, so holds form a chain.
 */
struct tcp_alt_hold {
  struct tcp_alt_cb *cb; /* NULL once it is freed */
  struct tcp_alt_hold *up;
#if LWIP_TCP_PCB_CHECK
  u8_t aborted; /* tcp_abort() ended it */
#endif
};
extern struct tcp_alt_hold *tcp_alt_holds; /* the innermost */

static inline void
tcp_alt_hold(struct tcp_alt_hold *hold, struct tcp_alt_cb *cb)
{
  hold->cb = cb;
  hold->up = tcp_alt_holds;
#if LWIP_TCP_PCB_CHECK
  hold->aborted = 0;
#endif
  tcp_alt_holds = hold;
}

static inline void
tcp_alt_release(const struct tcp_alt_hold *hold)
{
  tcp_alt_holds = hold->up;
}

/** Is a segment or deadline of this block being processed further up the stack, from this hold on? */
static inline int
tcp_alt_held_from(const struct tcp_alt_hold *hold, const struct tcp_alt_cb *cb)
{
  while (hold != NULL && hold->cb != cb) {
    hold = hold->up;
  }
  return hold != NULL;
}

/** The same, from the innermost hold on. */
#define tcp_alt_held(cb) tcp_alt_held_from(tcp_alt_holds, cb)

#if LWIP_TCP_PCB_CHECK
/** tcp_abort() is about to end it: the innermost callback of it must say so. */
void tcp_alt_hold_aborted(const struct tcp_alt_cb *cb);
#endif

/** Once: a pool with elements of another size than ours would be silent corruption. */
#if MEMP_MEM_MALLOC || defined(LWIP_NOASSERT)
#define tcp_alt_pcb_check_pools()
#else
void tcp_alt_pcb_check_pools(void);
#endif

/** A cleared block in state CLOSED, or NULL: the pool is empty. */
struct tcp_alt_cb *tcp_alt_pcb_new(u8_t prio, u32_t now);

/** Frees everything the block owns, and the block. It must be in no list. */
void tcp_alt_pcb_free(struct tcp_alt_cb *cb);

/** A listener that is to replace `pcb`, in no list; NULL: the pool is empty. */
struct tcp_pcb_listen *tcp_alt_pcb_new_listener(const struct tcp_pcb *pcb);

/** Frees a listener that is in no list. */
void tcp_alt_pcb_free_listener(struct tcp_pcb_listen *lpcb);

#ifdef __cplusplus
}
#endif

#if TCP_ALT_SCOPE_CHECK
#include "lwip/priv/tcp_alt_scope.h"
#endif

#endif /* LWIP_TCP && LWIP_TCP_ALT */

#endif /* LWIP_HDR_TCP_ALT_PCB_H */
