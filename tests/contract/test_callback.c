/* SPDX-License-Identifier: BSD-3-Clause
 * An application that does anything it may inside every callback, in every state in which that callback comes: the
 * whole product. Run under the address sanitizer: nothing that is freed is touched, and all is free in the end. */
#include "contract.h"

#include <string.h>

/* ---- what it does ---- */

enum deed {
  DO_NOTHING, DO_CLOSE, DO_ABORT, DO_ABORT_SILENTLY, DO_ABORT_AND_NEW, DO_WRITE, DO_WRITE_CLOSE, DO_OUTPUT, DO_RECVED,
  DO_SHUT_RX, DO_SHUT_TX, DO_SHUT_BOTH, DO_LISTEN, DO_CONNECT, DO_CLOSE_LISTENER, DO_ABORT_OTHERS, DO_CLOSE_OTHERS,
  DO_OUTPUT_OTHERS, DO_NO_CALLBACKS, DO_REFUSE, DO_NODELAY, DO_KEEPALIVE, DO_FREE_OOSEQ, DO_TXNOW, N_DEEDS
};

enum where { IN_CONNECTED, IN_ACCEPT, IN_RECV, IN_FIN, IN_SENT, IN_POLL, IN_ERR, N_WHERE };

static enum deed deed;
static enum where where;
static unsigned int done;

static void
each_other(struct tcp_pcb *but, void (*what)(struct tcp_pcb *pcb))
{
  struct tcp_pcb *pcb = tcp_active_pcbs;
  while (pcb != NULL) {
    if (pcb == but || tcp_remote_port_get(pcb) < 3000) {
      pcb = tcp_next_get(pcb);
    } else {
      what(pcb);
      pcb = what == tcp_abort ? tcp_active_pcbs : tcp_next_get(pcb);
    }
  }
}

static void
close_it(struct tcp_pcb *pcb)
{
  tcp_err(pcb, NULL);
  tcp_recv(pcb, NULL);
  ck_assert_int_eq(tcp_close(pcb), ERR_OK);
}

static void
write_to_it(struct tcp_pcb *pcb)
{
  (void)tcp_write(pcb, "other", 5, TCP_WRITE_FLAG_COPY);
  (void)tcp_output(pcb);
}

static void
leave(struct tcp_pcb *pcb)
{
  tcp_recv(pcb, NULL);
  tcp_sent(pcb, NULL);
  tcp_poll(pcb, NULL, 0);
  tcp_err(pcb, NULL);
  app.pcb = NULL;
}

static void
new_listener(void)
{
  struct tcp_pcb *l = tcp_new();
  ck_assert_int_eq(tcp_bind(l, IP4_ADDR_ANY, 8080), ERR_OK);
  l = tcp_listen(l);
  ck_assert_ptr_nonnull(l);
  ck_assert_int_eq(tcp_close(l), ERR_OK);
}

static void
new_connection(void)
{
  ip_addr_t to = IPADDR4_INIT_BYTES(10, 0, 0, 2);
  struct tcp_pcb *pcb = tcp_new();
  if (pcb != NULL) {
    ck_assert_int_eq(tcp_connect(pcb, &to, 3999, NULL), ERR_OK);
  }
}

/* Also what err may do, when the PCB is gone: `pcb` is NULL. */
static err_t
act_without(struct tcp_pcb *pcb)
{
  switch ((int)deed) {
    case DO_LISTEN:
      new_listener();
      break;
    case DO_CONNECT:
      new_connection();
      break;
    case DO_CLOSE_LISTENER:
      if (tcp_listen_pcbs.pcbs != NULL) {
        tcp_close(tcp_listen_pcbs.pcbs);
      }
      break;
    case DO_ABORT_OTHERS:
      each_other(pcb, tcp_abort);
      break;
    case DO_CLOSE_OTHERS:
      each_other(pcb, close_it);
      break;
    case DO_OUTPUT_OTHERS:
      each_other(pcb, write_to_it);
      break;
    case DO_TXNOW:
      tcp_txnow();
      break;
    case DO_FREE_OOSEQ:
      pbuf_free_ooseq();
      break;
    default:
      break;
  }
  return ERR_OK;
}

static err_t
act(struct tcp_pcb *pcb)
{
  static const u8_t bytes[300];
  if (done++ > 0) {
    return ERR_OK;
  }
  switch ((int)deed) {
    case DO_CLOSE:
      leave(pcb);
      ck_assert_int_eq(tcp_close(pcb), ERR_OK);
      return ERR_OK;
    case DO_ABORT:
      tcp_abort(pcb);
      return ERR_ABRT;
    case DO_ABORT_SILENTLY: /* its callback is wrong not to say so; nothing bad comes of it */
      tcp_abort(pcb);
      return ERR_OK;
    case DO_ABORT_AND_NEW: /* another takes the place of the one that is freed */
      tcp_abort(pcb);
      tcp_abort(tcp_new());
      return ERR_ABRT;
    case DO_WRITE:
      (void)tcp_write(pcb, bytes, 300, TCP_WRITE_FLAG_COPY);
      return tcp_output(pcb);
    case DO_WRITE_CLOSE:
      leave(pcb);
      (void)tcp_write(pcb, bytes, 300, TCP_WRITE_FLAG_COPY);
      (void)tcp_output(pcb);
      ck_assert_int_eq(tcp_close(pcb), ERR_OK);
      return ERR_OK;
    case DO_OUTPUT:
      return tcp_output(pcb);
    case DO_RECVED:
      tcp_recved(pcb, 0xffff); /* more than it was given */
      return ERR_OK;
    case DO_SHUT_RX:
      if (tcp_state_get(pcb) > ESTABLISHED && tcp_state_get(pcb) != CLOSE_WAIT) {
        leave(pcb); /* it has shut the other direction already: that closes it */
      }
      ck_assert_int_eq(tcp_shutdown(pcb, 1, 0), ERR_OK);
      return ERR_OK;
    case DO_SHUT_TX:
      (void)tcp_shutdown(pcb, 0, 1);
      return ERR_OK;
    case DO_SHUT_BOTH:
      leave(pcb);
      ck_assert_int_eq(tcp_shutdown(pcb, 1, 1), ERR_OK);
      return ERR_OK;
    case DO_NO_CALLBACKS:
      leave(pcb);
      app.pcb = pcb; /* it is the application's still, if deaf */
      return ERR_OK;
    case DO_NODELAY:
      tcp_nagle_disable(pcb);
      return ERR_OK;
    case DO_KEEPALIVE:
      ip_set_option(pcb, SOF_KEEPALIVE);
      tcp_keep_idle_set(pcb, 1);
      return ERR_OK;
    case DO_REFUSE:
      return ERR_MEM;
    default:
      return act_without(pcb);
  }
}

/* ---- callbacks ---- */

static err_t
on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  ck_assert_int_eq(err, ERR_OK);
  if (where == (p != NULL ? IN_RECV : IN_FIN)) {
    const int refuse = deed == DO_REFUSE && done == 0;
    err_t answer;
    if (p != NULL && !refuse) {
      tcp_recved(pcb, p->tot_len);
      pbuf_free(p);
    }
    answer = act(pcb);
    return answer;
  }
  if (p != NULL) {
    tcp_recved(pcb, p->tot_len);
    pbuf_free(p);
  }
  return ERR_OK;
}

static err_t
on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(len);
  return where == IN_SENT ? act(pcb) : ERR_OK;
}

static err_t
on_poll(void *arg, struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(arg);
  return where == IN_POLL ? act(pcb) : ERR_OK;
}

static void
on_err(void *arg, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  ck_assert_int_ne(err, ERR_OK);
  app.pcb = NULL;
  app.errs++;
  if (where == IN_ERR && done++ == 0) {
    act_without(NULL);
  }
}

static void
install(struct tcp_pcb *pcb)
{
  app.pcb = pcb;
  tcp_recv(pcb, on_recv);
  tcp_sent(pcb, on_sent);
  tcp_err(pcb, on_err);
}

static err_t
on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  ck_assert_int_eq(err, ERR_OK);
  return where == IN_CONNECTED ? act(pcb) : ERR_OK;
}

static err_t
on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  ck_assert_int_eq(err, ERR_OK);
  if (tcp_remote_port_get(pcb) >= 3000) {
    return ERR_OK; /* one of the others */
  }
  install(pcb);
  return where == IN_ACCEPT ? act(pcb) : ERR_OK;
}

/* ---- the states ---- */

/* Data that is not acknowledged yet stands in the queue of those that can send. */
static void
go_to(enum tcp_state state)
{
  ip_addr_t to = IPADDR4_INIT_BYTES(10, 0, 0, 2);
  if (state == SYN_SENT) {
    struct tcp_pcb *pcb = tcp_new();
    install(pcb);
    ck_assert_int_eq(tcp_connect(pcb, &to, peer.port, on_connected), ERR_OK);
    peer.lwip_port = world_next()->src;
    peer.ack = tcp_alt_test_snd_nxt(pcb);
    return;
  }
  ck_assert(knock_from(peer.port));
  if (state == SYN_RCVD) {
    return;
  }
  say(0, ACK, 0);
  if (state == CLOSE_WAIT || state == LAST_ACK) {
    say(0, FIN | ACK, 0);
    peer.seq++;
  }
  app_send(100);
  if (state != ESTABLISHED && state != CLOSE_WAIT) {
    ck_assert_int_eq(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  }
  if (state == CLOSING) {
    say(0, FIN | ACK, 0);
    peer.seq++;
  } else if (state == FIN_WAIT_2) {
    take_all();
  }
}

/* The segment or the time that makes lwIP call; in front and behind of it there is more to do. */
static void
provoke(enum tcp_state state)
{
  const u8_t syn = state == SYN_SENT ? SYN : 0;
  switch ((int)where) {
    case IN_CONNECTED:
    case IN_ACCEPT:
      say(0, ACK | FIN | syn, 10);
      peer.seq += 11 + (syn ? 1U : 0U);
      break;
    case IN_RECV:
      say(20, ACK, 10);
      say(10, ACK, 10); /* both fit behind the next */
      say(0, ACK, 10);
      peer.seq += 30;
      break;
    case IN_FIN:
      say(10, ACK | FIN, 5);
      say(0, ACK, 10);
      peer.seq += 16;
      break;
    case IN_SENT:
      peer.ack += 50;
      if (state == ESTABLISHED || state == FIN_WAIT_1) {
        say(0, ACK | FIN, 10);
        peer.seq += 11;
      } else {
        say(0, ACK, 0);
      }
      break;
    case IN_POLL:
      tcp_poll(app.pcb, on_poll, 1);
      world_pass(SECOND);
      break;
    default:
      say(0, syn ? RST | ACK : RST, 0);
      break;
  }
}

/* In which states does which callback come? */
static int
comes(enum tcp_state state)
{
  static const u16_t states[N_WHERE] = {
    1U << SYN_SENT,
    1U << SYN_RCVD,
    (1U << ESTABLISHED) | (1U << FIN_WAIT_1) | (1U << FIN_WAIT_2),
    (1U << ESTABLISHED) | (1U << FIN_WAIT_1) | (1U << FIN_WAIT_2),
    (1U << ESTABLISHED) | (1U << CLOSE_WAIT) | (1U << FIN_WAIT_1) | (1U << CLOSING) | (1U << LAST_ACK),
    (1U << SYN_SENT) | (1U << ESTABLISHED) | (1U << CLOSE_WAIT) | (1U << FIN_WAIT_1) | (1U << FIN_WAIT_2) |
      (1U << CLOSING) | (1U << LAST_ACK),
    (1U << SYN_SENT) | (1U << ESTABLISHED) | (1U << CLOSE_WAIT) | (1U << FIN_WAIT_1) | (1U << FIN_WAIT_2) |
      (1U << CLOSING) | (1U << LAST_ACK)
  };
  return (states[where] >> state) & 1;
}

/* A turn is a callback, a state and a deed. */
#define N_STATES (LAST_ACK - SYN_SENT + 1)

START_TEST(deeds_in_callbacks)
{
  const enum where asked = (enum where)(_i / (N_DEEDS * N_STATES));
  const enum tcp_state state = (enum tcp_state)(SYN_SENT + _i / N_DEEDS % N_STATES);
  struct peer mine;
  where = N_WHERE; /* not yet */
  deed = (enum deed)(_i % N_DEEDS);
  tcp_accept(listen_on(8), on_accept);
  ck_assert(enter_from(3000)); /* one in front of it, one behind it in lwIP's list */
  peer.port = 2000;
  go_to(state);
  mine = peer;
  ck_assert(enter_from(3001));
  peer = mine;
  world_discard();
  where = asked;
  provoke(state);
  ck_assert_uint_ge(done, 1);
  world_pass(3 * SECOND);
  say(0, ACK, 0);
  world_pass(MINUTE);
  if (app.pcb != NULL) {
    tcp_abort(app.pcb);
  }
  each_other(NULL, tcp_abort);
  if (tcp_listen_pcbs.pcbs != NULL) {
    tcp_close(tcp_listen_pcbs.pcbs);
  }
  world_pass(HOUR);
  assert_clean();
}
END_TEST

TCase *
callback_tests(void)
{
  TCase *tc = tcase_create("callback");
  int i;
  for (i = 0; i < N_WHERE * N_STATES; i++) {
    where = (enum where)(i / N_STATES);
    if (comes((enum tcp_state)(SYN_SENT + i % N_STATES))) {
      add_some(tc, deeds_in_callbacks, i * N_DEEDS, (i + 1) * N_DEEDS);
    }
  }
  return tc;
}
