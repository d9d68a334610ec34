/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * conn: its deadlines, in plain words.
 *
 * SYN-RECEIVED     a half-open connection is dropped TCP_SYN_RCVD_TIMEOUT after the SYN.
 * FIN-WAIT-2       one that the application has left is dropped after TCP_FIN_WAIT_TIMEOUT; one that
 *                  still receives stays.
 * FIN-WAIT-1       one that the application has left is dropped when the peer has acknowledged nothing for
 * CLOSING,         TCP_ORPHAN_TIMEOUT_MS, whatever else it says; a FIN-WAIT-1 that still receives stays.
 * LAST-ACK
 * TIME-WAIT        forgotten after 2 MSL; the peer's FIN, come again, starts it afresh.
 * keepalive        SOF_KEEPALIVE: after keep_idle without a segment and with nothing outstanding, probes
 *                  every keep_intvl; after keep_cnt unanswered ones the connection is reset.
 * poll             tcp_poll()'s callback, every poll_interval * 500 ms.
 * rescan           LWIP_TCP_PCB_COMPAT: an open connection looks every TCP_ALT_COMPAT_RESCAN_MS for what the
 *                  application has written into the face.
 * giving up        not a deadline of its own: what would be a retransmission or window probe ends the connection
 *                  when nobody has answered for the time that TCP_MAXRTX stands for (R2 below); a SYN after
 *                  TCP_SYNMAXRTX.
 * user timeout     in its place where the application has set one: so long after what waits for its
 *                  acknowledgment began to wait, or moved on last. A closed window is no fault of the peer's:
 *                  then the time counts from when the peer was heard.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/priv/tcp_alt_conn.h"
#include "lwip/priv/tcp_alt_flow.h"
#include "lwip/priv/tcp_alt_rod.h"
#include "lwip/priv/tcp_alt_seq.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/priv/tcp_alt_component.h"

/* When poll is due next. As with legacy's tick, deadlines lie on a grid of 500 ms and the first comes up to
 * that much early; so any number of connections that poll wakes the device twice a second at most. */
#define POLL_AT(conn, now) ((now) - (now) % 500U + LWIP_MAX((u32_t)(conn)->poll_interval, 1U) * 500U)


#if LWIP_TCP_KEEPALIVE
#define KEEP_INTVL(pcb) ((pcb)->keep_intvl)
#define KEEP_CNT(pcb)   ((pcb)->keep_cnt)
#else
#define KEEP_INTVL(pcb) TCP_KEEPINTVL_DEFAULT
#define KEEP_CNT(pcb)   TCP_KEEPCNT_DEFAULT
#endif

/* How long nobody may answer, ms (RFC 9293 3.8.3). Retransmissions begin after milliseconds here, so it is not their
 * number that counts but the time that legacy takes for TCP_MAXRTX of them, with an RTO of a second. */
#define R2 (1000U * (TCP_MAXRTX < 7 ? (2U << TCP_MAXRTX) - 1U : 255U + (TCP_MAXRTX - 7U) * 128U))

/* States in which what may be written has an effect that nothing else would bring about. */
#define CONN_RESCANS(conn) ((conn)->face.state == ESTABLISHED || (conn)->face.state == CLOSE_WAIT)

/* How long the state may last after the peer was heard, or progress was made, ms; TCP_ALT_NEVER: for ever. */
static u32_t
conn_state_limit(const struct tcp_pcb *pcb)
{
  switch ((int)pcb->state) {
    case SYN_RCVD:
      return TCP_SYN_RCVD_TIMEOUT;
    case TIME_WAIT:
      return 2 * TCP_MSL;
    default:
      if (!tcp_alt_conn_is_left(pcb)) {
        return TCP_ALT_NEVER;
      }
      return pcb->state == FIN_WAIT_2 ? TCP_FIN_WAIT_TIMEOUT : TCP_ORPHAN_TIMEOUT_MS;
  }
}

/* How long the peer may be silent before the next keepalive probe, ms. */
static u32_t
conn_keep_limit(const struct tcp_alt_conn *conn, const struct tcp_alt_rod *rod)
{
  const struct tcp_pcb *pcb = &conn->face;
  if (!ip_get_option(pcb, SOF_KEEPALIVE) || (pcb->state != ESTABLISHED && pcb->state != CLOSE_WAIT) ||
      tcp_alt_rod_outstanding(rod)) {
    return TCP_ALT_NEVER;
  }
#if LWIP_TCP_USER_TIMEOUT_OPTION
  if (conn->uto_adv != 0 && conn->user_timeout >= pcb->keep_idle) {
    /* RFC 5482 4.2: longer than the user timeout, or it would end what that lets live */
    return conn->user_timeout + 1 + conn->keep_sent * (u32_t)KEEP_INTVL(pcb);
  }
#endif
  return pcb->keep_idle + conn->keep_sent * (u32_t)KEEP_INTVL(pcb);
}

/* ms until the user timeout, or TCP_ALT_NEVER. */
#if LWIP_TCP_USER_TIMEOUT
static u32_t
conn_user_wait(const struct tcp_alt_conn *conn, const struct tcp_alt_rod *rod, u32_t now)
{
  if (conn->user_timeout == 0 || !tcp_alt_rod_outstanding(rod)) {
    return TCP_ALT_NEVER;
  }
  return TCP_ALT_WAIT(conn->moved_at + conn->user_timeout, now);
}
#define CONN_GIVES_UP(conn) ((conn)->user_timeout == 0)
#else
#define CONN_GIVES_UP(conn) 1
#endif

u32_t
tcp_alt_conn_wait(const struct tcp_alt_conn *conn, const struct tcp_alt_rod *rod, u32_t now)
{
  u32_t silent = tcp_alt_conn_silent(conn, now);
  u32_t limit = LWIP_MIN(conn_state_limit(&conn->face), conn_keep_limit(conn, rod));
  u32_t wait = TCP_ALT_NEVER;
  if (limit != TCP_ALT_NEVER) {
    wait = silent < limit ? limit - silent : 0;
  }
  if (TCP_ALT_CONN_POLLS(conn) && conn->face.state != TIME_WAIT) {
    u32_t poll = TCP_ALT_WAIT(conn->poll_at, now);
    wait = LWIP_MIN(wait, poll);
  }
#if LWIP_TCP_USER_TIMEOUT
  {
    u32_t user = conn_user_wait(conn, rod, now);
    wait = LWIP_MIN(wait, user);
  }
#endif
#if LWIP_TCP_PCB_COMPAT
  if (CONN_RESCANS(conn)) {
    u32_t rescan = TCP_ALT_WAIT(conn->rescan_at, now);
    wait = LWIP_MIN(wait, rescan);
  }
#endif
  return wait;
}

enum tcp_alt_due
tcp_alt_conn_on_timer(struct tcp_alt_conn *conn, const struct tcp_alt_rod *rod,
                      const struct tcp_alt_flow *flow, const struct tcp_alt_clock_event *ev)
{
  struct tcp_pcb *pcb = &conn->face;
  u32_t silent = tcp_alt_conn_silent(conn, ev->now);
  u32_t limit;

  if (CONN_GIVES_UP(conn) &&
      (pcb->state == SYN_SENT ? rod->nrtx > TCP_SYNMAXRTX
                              : ev->outage >= R2 || (flow->probes != 0 && silent >= R2))) {
    return TCP_ALT_DUE_DROP;
  }
#if LWIP_TCP_USER_TIMEOUT
  if (conn_user_wait(conn, rod, ev->now) == 0) {
    return TCP_ALT_DUE_USER_TIMEOUT;
  }
#endif
  if (silent >= conn_state_limit(pcb)) {
    return pcb->state == TIME_WAIT ? TCP_ALT_DUE_FORGET : TCP_ALT_DUE_DROP;
  }
  limit = conn_keep_limit(conn, rod);
  if (silent >= limit) {
    if (conn->keep_sent >= KEEP_CNT(pcb)) {
      return TCP_ALT_DUE_ABORT;
    }
    conn->keep_sent++;
    conn->heard_at = ev->now - limit; /* the next comes an interval later, however long the silence was before */
    return TCP_ALT_DUE_KEEPALIVE;
  }
  if (TCP_ALT_CONN_POLLS(conn) && pcb->state != TIME_WAIT && TCP_ALT_LEQ(conn->poll_at, ev->now)) {
    conn->poll_at = POLL_AT(conn, ev->now);
    return TCP_ALT_DUE_POLL;
  }
#if LWIP_TCP_PCB_COMPAT
  if (CONN_RESCANS(conn) && TCP_ALT_LEQ(conn->rescan_at, ev->now)) {
    conn->rescan_at = ev->now + TCP_ALT_COMPAT_RESCAN_MS;
    tcp_alt_conn_show(conn, rod, flow);
  }
#endif
  return TCP_ALT_DUE_NOTHING;
}

void
tcp_alt_conn_restart_poll(struct tcp_alt_conn *conn, u32_t now)
{
  conn->poll_at = POLL_AT(conn, now);
}

void
tcp_alt_conn_set_poll(struct tcp_alt_conn *conn, tcp_poll_fn poll, u8_t interval, u32_t now)
{
#if LWIP_CALLBACK_API
  conn->poll = poll;
#else
  LWIP_UNUSED_ARG(poll);
#endif
  conn->poll_interval = interval;
  conn->poll_at = POLL_AT(conn, now);
}

#endif /* LWIP_TCP && LWIP_TCP_ALT */
