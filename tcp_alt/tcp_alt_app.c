/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * The doors' calls of the application, for LWIP_CALLBACK_API and LWIP_EVENT_API. After each call the
 * connection may be gone: the hold tells, whatever the callback returned.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/priv/tcp_alt_doors.h"
#include "lwip/priv/tcp_priv.h"

#if LWIP_EVENT_API
#define CALL_RECV(cb, p)      lwip_tcp_event(TCP_ALT_FACE(cb)->callback_arg, TCP_ALT_FACE(cb), LWIP_EVENT_RECV, p, 0, ERR_OK)
#define CALL_SENT(cb, n)      lwip_tcp_event(TCP_ALT_FACE(cb)->callback_arg, TCP_ALT_FACE(cb), LWIP_EVENT_SENT, NULL, n, ERR_OK)
#define CALL_POLL(cb)         lwip_tcp_event(TCP_ALT_FACE(cb)->callback_arg, TCP_ALT_FACE(cb), LWIP_EVENT_POLL, NULL, 0, ERR_OK)
#define CALL_CONNECTED(cb)    lwip_tcp_event(TCP_ALT_FACE(cb)->callback_arg, TCP_ALT_FACE(cb), LWIP_EVENT_CONNECTED, NULL, 0, ERR_OK)
#define CALL_ACCEPT(l, p, a, e) lwip_tcp_event(a, p, LWIP_EVENT_ACCEPT, NULL, 0, e)
#else
#define CALL_RECV(cb, p)      app_recv_call(cb, p)
#define CALL_SENT(cb, n)      ((cb)->conn.sent != NULL ? (cb)->conn.sent(TCP_ALT_FACE(cb)->callback_arg, TCP_ALT_FACE(cb), n) : ERR_OK)
#define CALL_POLL(cb)         ((cb)->conn.poll != NULL ? (cb)->conn.poll(TCP_ALT_FACE(cb)->callback_arg, TCP_ALT_FACE(cb)) : ERR_OK)
#define CALL_CONNECTED(cb)    ((cb)->conn.open.connected != NULL ? (cb)->conn.open.connected(TCP_ALT_FACE(cb)->callback_arg, TCP_ALT_FACE(cb), ERR_OK) : ERR_OK)
#define CALL_ACCEPT(l, p, a, e) ((l)->accept != NULL ? (l)->accept(a, p, e) : ERR_ARG)

/* Without a callback data is consumed unread. */
static err_t
app_recv_call(struct tcp_alt_cb *cb, struct pbuf *p)
{
  struct tcp_pcb *pcb = TCP_ALT_FACE(cb);
  if (cb->conn.recv != NULL) {
    return cb->conn.recv(pcb->callback_arg, pcb, p, ERR_OK);
  }
  return p != NULL ? tcp_alt_recv_null(NULL, pcb, p, ERR_OK) : ERR_OK;
}

/** The receive callback of a PCB that never got another: discards data and closes after the peer. */
err_t
tcp_alt_recv_null(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  if (p == NULL) {
    return tcp_close(pcb);
  }
  tcp_recved(pcb, p->tot_len);
  pbuf_free(p);
  return ERR_OK;
}
#endif /* LWIP_EVENT_API */

/* What a callback returned. One that has called tcp_abort() must return ERR_ABRT: this backend notices by itself,
 * legacy would go on with a PCB that is gone. Not asked of tcp_poll()'s, where legacy notices too, and lwIP's own
 * netconn relies on it. */
#if LWIP_TCP_PCB_CHECK
static err_t
app_returned(const struct tcp_alt_hold *hold, err_t err)
{
  LWIP_UNUSED_ARG(hold);
  LWIP_ASSERT("a callback called tcp_abort() and did not return ERR_ABRT", !hold->aborted || err == ERR_ABRT);
  return err;
}
#define APP_RETURNED(hold, call) app_returned(hold, call)
#else
#define APP_RETURNED(hold, call) (call)
#endif

void
tcp_alt_app_recv(struct tcp_alt_hold *hold, struct pbuf *p, u32_t now)
{
  err_t err = APP_RETURNED(hold, CALL_RECV(hold->cb, p));
  /* An error other than ERR_ABRT means: p is still ours, offer it again. */
  if (hold->cb != NULL && err != ERR_OK && err != ERR_ABRT) {
    tcp_alt_rod_on_refusal(&hold->cb->rod, p, now);
  }
}

void
tcp_alt_app_fin(struct tcp_alt_hold *hold)
{
  struct tcp_alt_cb *cb = hold->cb;
  if (cb != NULL && (cb->rod.rx & TCP_ALT_RX_FIN) && !(cb->conn.is & TCP_ALT_IS_TOLD) &&
      cb->rod.refused == NULL) {
    tcp_alt_conn_on_fin_told(&cb->conn);
    (void)APP_RETURNED(hold, CALL_RECV(cb, NULL));
  }
}

void
tcp_alt_app_refused(struct tcp_alt_hold *hold, u32_t now)
{
  struct pbuf *p = tcp_alt_rod_take_refused(&hold->cb->rod);
  if (p != NULL) {
    tcp_alt_app_recv(hold, p, now);
    tcp_alt_arrive_leftover(hold, now);
    tcp_alt_app_fin(hold);
  }
}

void
tcp_alt_app_sent(struct tcp_alt_hold *hold, u32_t bytes)
{
#if LWIP_WND_SCALE
  /* The callback's type is narrower than a scaled window. */
  while (bytes > 0xffffU) {
    (void)APP_RETURNED(hold, CALL_SENT(hold->cb, 0xffffU));
    if (hold->cb == NULL) {
      return;
    }
    bytes -= 0xffffU;
  }
#endif
  (void)APP_RETURNED(hold, CALL_SENT(hold->cb, (u16_t)bytes));
}

void
tcp_alt_app_poll(struct tcp_alt_hold *hold)
{
#if LWIP_EVENT_API
  if (TCP_ALT_UNSEEN(hold->cb)) {
    return;
  }
#endif
  CALL_POLL(hold->cb);
}

void
tcp_alt_app_opened(struct tcp_alt_hold *hold)
{
  struct tcp_alt_cb *cb = hold->cb;
  err_t err;
  if (!(cb->conn.is & TCP_ALT_IS_PASSIVE)) {
    (void)APP_RETURNED(hold, CALL_CONNECTED(cb));
    return;
  }
  tcp_alt_conn_backlog(&cb->conn, 0);
  err = APP_RETURNED(hold, CALL_ACCEPT(cb->conn.open.listener, TCP_ALT_FACE(cb),
                                       TCP_ALT_FACE(cb)->callback_arg, ERR_OK));
#if LWIP_TCP_SOCKET_OPTS
  if (hold->cb != NULL) {
    tcp_alt_sock_forget(TCP_ALT_FACE(cb)->callback_arg);
  }
#endif
  if (err != ERR_OK && hold->cb != NULL) {
    tcp_abort(TCP_ALT_FACE(cb));
  }
}

void
tcp_alt_app_accept_failed(struct tcp_pcb_listen *lpcb)
{
  (void)CALL_ACCEPT(lpcb, NULL, lpcb->callback_arg, ERR_MEM);
}

#if LWIP_TCP_URGENT
void
tcp_alt_app_urgent(const struct tcp_alt_hold *hold)
{
  struct tcp_alt_cb *cb = hold->cb;
  if (cb->conn.urgent_fn != NULL) {
    cb->conn.urgent_fn(TCP_ALT_FACE(cb)->callback_arg, TCP_ALT_FACE(cb), tcp_alt_rod_urgent_left(&cb->rod));
  }
}
#endif

#if LWIP_TCP_ICMP
void
tcp_alt_app_soft_error(struct tcp_alt_hold *hold, enum tcp_soft_error error)
{
  struct tcp_alt_cb *cb = hold->cb;
  tcp_alt_conn_on_soft_error(&cb->conn, error);
  if (cb->conn.soft_error_fn != NULL) {
    cb->conn.soft_error_fn(TCP_ALT_FACE(cb)->callback_arg, TCP_ALT_FACE(cb), error);
  }
}
#endif

#endif /* LWIP_TCP && LWIP_TCP_ALT */
