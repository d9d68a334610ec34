/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * The doors: birth and end of a connection, and the few transitions that move it between lists.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/stats.h"
#include "lwip/priv/tcp_alt_doors.h"
#include "lwip/priv/tcp_priv.h"

struct tcp_pcb **
tcp_alt_list_of(const struct tcp_pcb *pcb)
{
  if (pcb->state == CLOSED) {
    return pcb->local_port != 0 ? &tcp_bound_pcbs : NULL;
  }
  return pcb->state == TIME_WAIT ? &tcp_tw_pcbs : &tcp_active_pcbs;
}

/* Tells the application that its PCB is gone. */
static void
life_report(tcp_err_fn errf, int unseen, void *arg, err_t err)
{
#if LWIP_EVENT_API
  LWIP_UNUSED_ARG(errf);
  if (!unseen) {
    lwip_tcp_event(arg, NULL, LWIP_EVENT_ERR, NULL, 0, err);
  }
#else
  LWIP_UNUSED_ARG(unseen);
  if (errf != NULL) {
    errf(arg, err);
  }
#endif
}

#if LWIP_TCP_ERR_REASON
static enum tcp_err_reason life_reason; /* while an err callback runs */

enum tcp_err_reason
tcp_err_reason_get(void)
{
  LWIP_ASSERT_CORE_LOCKED();
  return life_reason;
}

void
tcp_alt_end(struct tcp_alt_cb *cb, err_t err, enum tcp_err_reason why)
#else
void
tcp_alt_end_untold(struct tcp_alt_cb *cb, err_t err)
#endif
{
  struct tcp_pcb *pcb = TCP_ALT_FACE(cb);
  enum tcp_state state = pcb->state;
  struct tcp_pcb **list = tcp_alt_list_of(pcb);
  void *arg = pcb->callback_arg;
#if LWIP_CALLBACK_API
  const int unseen = 0;
  tcp_err_fn errf = cb->conn.errf;
#else
  const int unseen = TCP_ALT_UNSEEN(cb);
  tcp_err_fn errf = NULL;
#endif

  if (err == ERR_CLSD && (pcb->flags & TF_RXCLOSED)) {
    err = ERR_OK; /* the application has left it */
  }
  if (err != ERR_OK) {
    if (state == SYN_SENT || state == SYN_RCVD) {
      MIB2_STATS_INC(mib2.tcpattemptfails);
    } else if (state == ESTABLISHED || state == CLOSE_WAIT) {
      MIB2_STATS_INC(mib2.tcpestabresets);
    }
  }
  tcp_alt_conn_backlog(&cb->conn, 0);
  if (list != NULL) {
    tcp_alt_demux_remove(TCP_ALT_DEMUX_ARG(&cb->demux), list, pcb);
  }
#if LWIP_TCP_PCB_NUM_EXT_ARGS
  tcp_alt_ext_destroy(pcb->ext_args);
#endif
  tcp_alt_pcb_free(cb);
  tcp_alt_tmr_idle();
  if (err != ERR_OK) {
#if LWIP_TCP_ERR_REASON
    enum tcp_err_reason outer = life_reason; /* an err callback may abort another connection */
    life_reason = why;
#if LWIP_TCP_SOCKET_OPTS
    tcp_alt_sock_note(arg, why);
#endif
#endif
    life_report(errf, unseen, arg, err);
#if LWIP_TCP_ERR_REASON
    life_reason = outer;
#endif
  }
}

#if LWIP_TCP_ERR_REASON
void
tcp_alt_reset_and_end(struct tcp_alt_cb *cb, enum tcp_err_reason why)
#else
void
tcp_alt_reset_and_end_untold(struct tcp_alt_cb *cb)
#endif
{
  enum tcp_state state = TCP_ALT_FACE(cb)->state;
  if (state == TIME_WAIT) {
    tcp_alt_end(cb, ERR_CLSD, why);
    return;
  }
  if (state != CLOSED && state != SYN_SENT) {
    tcp_alt_out_reset(cb);
  }
  tcp_alt_end(cb, ERR_ABRT, why);
}

void
tcp_alt_enter_time_wait(struct tcp_alt_cb *cb)
{
  struct tcp_pcb *pcb = TCP_ALT_FACE(cb);
  tcp_alt_conn_backlog(&cb->conn, 0); /* its listener looks for it among the active ones */
  tcp_alt_demux_remove(TCP_ALT_DEMUX_ARG(&cb->demux), &tcp_active_pcbs, pcb);
  /* Both FINs took everything else away; data that the application refused is still its own. */
  tcp_alt_demux_add(TCP_ALT_DEMUX_ARG(&cb->demux), &tcp_tw_pcbs, pcb);
}

/* ---- when the pool is dry ---- */

/* The connection of a list that was heard longest ago among those that `state` (CLOSED: any state) and
 * a priority below `prio` admit. */
static struct tcp_pcb *
life_oldest(struct tcp_pcb *list, enum tcp_state state, u8_t prio, u32_t now)
{
  struct tcp_pcb *pcb, *oldest = NULL;
  u32_t age = 0;
  for (pcb = list; pcb != NULL; pcb = pcb->next) {
    u32_t a = now - TCP_ALT_CB(pcb)->conn.heard_at;
    if ((state != CLOSED ? pcb->state == state : pcb->prio < prio) &&
        (oldest == NULL || (state == CLOSED && pcb->prio < oldest->prio) ||
         ((state != CLOSED || pcb->prio == oldest->prio) && a >= age))) {
      oldest = pcb;
      age = a;
    }
  }
  return oldest;
}

/* The n-th attempt to make room: whom to kill, or NULL. */
static struct tcp_pcb *
life_victim(u8_t attempt, u8_t prio, u32_t now)
{
  switch (attempt) {
    case 0:
      return life_oldest(tcp_tw_pcbs, TIME_WAIT, 0, now);
    case 1:
      return life_oldest(tcp_active_pcbs, LAST_ACK, 0, now);
    case 2:
      return life_oldest(tcp_active_pcbs, CLOSING, 0, now);
    case 4:
      return life_oldest(tcp_active_pcbs, SYN_RCVD, 0, now);
    default:
      return life_oldest(tcp_active_pcbs, CLOSED, LWIP_MIN(TCP_PRIO_MAX, prio), now);
  }
}

struct tcp_alt_cb *
tcp_alt_new_block(u8_t prio, u32_t now)
{
  struct tcp_alt_cb *cb = tcp_alt_pcb_new(prio, now);
  u8_t attempt;
  for (attempt = 0; cb == NULL && attempt < 5; attempt++) {
    struct tcp_pcb *victim = life_victim(attempt, prio, now);
    if (victim == NULL) {
      continue;
    }
    if (attempt % 3 != 0) {
      /* Both sides have closed, or it may be one of a flood of SYNs: no RST. */
      tcp_alt_end(TCP_ALT_CB(victim), ERR_ABRT, TCP_ERR_REASON_MEMORY);
    } else {
      tcp_alt_reset_and_end(TCP_ALT_CB(victim), TCP_ERR_REASON_MEMORY);
    }
    cb = tcp_alt_pcb_new(prio, now);
    if (cb != NULL) {
      MEMP_STATS_DEC(err, MEMP_TCP_PCB); /* the failure above was not the last word */
    }
  }
#if LWIP_CALLBACK_API
  if (cb != NULL) {
    tcp_recv(TCP_ALT_FACE(cb), tcp_alt_recv_null);
  }
#endif
  return cb;
}

/** lwIP's name for a new PCB of a priority, TCP_PRIO_MIN..TCP_PRIO_MAX. */
struct tcp_pcb *
tcp_alloc(u8_t prio)
{
  struct tcp_alt_cb *cb;
  LWIP_ASSERT_CORE_LOCKED();
  cb = tcp_alt_new_block(prio, tcp_alt_now());
  return cb != NULL ? TCP_ALT_FACE(cb) : NULL;
}

/** Frees a PCB that is in no list. */
void
tcp_free(struct tcp_pcb *pcb)
{
  LWIP_ASSERT("tcp_free: not for listeners", pcb->state != LISTEN);
#if LWIP_TCP_PCB_NUM_EXT_ARGS
  tcp_alt_ext_destroy(pcb->ext_args);
#endif
  tcp_alt_pcb_free(TCP_ALT_CB(pcb));
}

/** Ends a connection at once, with a RST when `reset`; the application hears ERR_ABRT. */
void
tcp_abandon(struct tcp_pcb *pcb, int reset)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ERROR("tcp_abandon: no PCB", pcb != NULL, return);
  TCP_ALT_LIVE("tcp_abandon", pcb);
  LWIP_ASSERT("tcp_abandon: not for listeners", pcb->state != LISTEN);
#if LWIP_TCP_PCB_CHECK
  tcp_alt_hold_aborted(TCP_ALT_CB(pcb));
#endif
  if (reset || pcb->state == TIME_WAIT) {
    tcp_alt_reset_and_end(TCP_ALT_CB(pcb), TCP_ERR_REASON_ABORTED);
  } else {
    tcp_alt_end(TCP_ALT_CB(pcb), ERR_ABRT, TCP_ERR_REASON_ABORTED);
  }
}

/** Ends a connection at once with a RST. Inside one of its own callbacks: return ERR_ABRT afterwards. */
void
tcp_abort(struct tcp_pcb *pcb)
{
  TCP_ALT_LIVE("tcp_abort", pcb);
  tcp_abandon(pcb, 1);
}

#endif /* LWIP_TCP && LWIP_TCP_ALT */
