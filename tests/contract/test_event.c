/* SPDX-License-Identifier: BSD-3-Clause
 * LWIP_EVENT_API: one function of the application's hears everything. */
#include "groups.h"
#include "world.h"

#include "lwip/tcp_access.h"
#include "lwip/priv/tcp_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PORT 80

/* What the RFC tests' language has in the other programs. */
void
rfc_assert(const char *message, const char *file, int line)
{
  fprintf(stderr, "lwIP asserts: %s (%s:%d)\n", message, file, line);
  abort();
}

/* What was heard, in order: A accept, C connected, R received, F FIN, S sent, P poll, E error. */
static char heard[200];

struct app app; /* the world's, which nobody here uses */
static struct tcp_pcb *pcb;
static struct tcp_pcb *listener;
static u32_t taken, acked;
static err_t error;
static enum lwip_event when; /* .. the application does this: */
static enum { NOTHING, CLOSE, ABORT, WRITE, SHUT_TX, REFUSE, N_DEEDS } deed;

static void
note(char c)
{
  size_t n = strlen(heard);
  if (n + 1 < sizeof(heard) - (c == 'P')) { /* polls leave room for what ends them */
    heard[n] = c;
    heard[n + 1] = 0;
  }
}

static err_t
act(void)
{
  struct tcp_pcb *mine = pcb;
  const int what = deed;
  deed = NOTHING;
  switch (what) {
    case CLOSE:
      pcb = NULL;
      return tcp_close(mine);
    case ABORT:
      tcp_abort(mine);
      return ERR_ABRT;
    case WRITE:
      ck_assert_int_eq(tcp_write(mine, "0123456789", 10, TCP_WRITE_FLAG_COPY), ERR_OK);
      return ERR_OK;
    case SHUT_TX:
      return tcp_shutdown(mine, 0, 1);
    case REFUSE:
      return ERR_MEM;
    default:
      return ERR_OK;
  }
}

err_t
lwip_tcp_event(void *arg, struct tcp_pcb *p, enum lwip_event event, struct pbuf *q, u16_t size, err_t err)
{
  const int now = event == when && deed != NOTHING;
  switch (event) {
    case LWIP_EVENT_ACCEPT:
      note('A');
      ck_assert_int_eq(err, ERR_OK);
      ck_assert_ptr_eq(arg, heard); /* the listener's */
      pcb = p;
      break;
    case LWIP_EVENT_CONNECTED:
      note('C');
      ck_assert_ptr_eq(p, pcb);
      break;
    case LWIP_EVENT_RECV:
      note(q != NULL ? 'R' : 'F');
      if (q != NULL && !(now && deed == REFUSE)) {
        taken += q->tot_len;
        tcp_recved(p, q->tot_len);
        pbuf_free(q);
      }
      break;
    case LWIP_EVENT_SENT:
      note('S');
      acked += size;
      break;
    case LWIP_EVENT_POLL:
      note('P');
      break;
    case LWIP_EVENT_ERR:
    default:
      note('E');
      ck_assert_ptr_null(p);
      error = err;
      pcb = NULL;
      return ERR_OK;
  }
  return now && p != NULL && p == pcb ? act() : ERR_OK;
}

static void
listen_here(void)
{
  struct tcp_pcb *l = tcp_new();
  ck_assert_int_eq(tcp_bind(l, IP4_ADDR_ANY, PORT), ERR_OK);
  listener = tcp_listen(l);
  ck_assert_ptr_nonnull(listener);
  tcp_arg(listener, heard);
  peer.lwip_port = PORT;
}

static void
open_passively(void)
{
  const struct packet *p;
  listen_here();
  peer_send(SYN, NULL, 0);
  p = world_next();
  ck_assert_ptr_nonnull(p);
  ck_assert_str_eq(heard, "");
  peer_take(p);
  world_discard();
}

static void
open_actively(void)
{
  ip_addr_t to = IPADDR4_INIT_BYTES(10, 0, 0, 2);
  const struct packet *p;
  pcb = tcp_new();
  ck_assert_int_eq(tcp_connect(pcb, &to, peer.port, NULL), ERR_OK);
  p = world_next();
  ck_assert_ptr_nonnull(p);
  peer.lwip_port = p->src;
  peer.ack = p->seq + 1;
  peer_send(SYN | ACK, NULL, 0);
  world_discard();
}

/* Both sides speak, the peer closes, then we: every event in its place. */
START_TEST(order_of_events)
{
  const struct packet *p;
  if (_i == 0) {
    open_passively();
    ck_assert_str_eq(heard, "A");
  } else {
    open_actively();
    ck_assert_str_eq(heard, "C");
  }
  ck_assert_int_eq(tcp_write(pcb, "hello", 5, TCP_WRITE_FLAG_COPY), ERR_OK);
  tcp_output(pcb);
  p = world_await_data(0);
  ck_assert_ptr_nonnull(p);
  peer.ack += 5;
  peer_send(ACK | FIN, "abc", 3);
  ck_assert_str_eq(heard + 1, "SRF");
  ck_assert_uint_eq(acked, 5);
  ck_assert_uint_eq(taken, 3);
  ck_assert_int_eq(tcp_close(pcb), ERR_OK);
  p = world_await(FIN, 0);
  ck_assert_ptr_nonnull(p);
  peer_take(p);
  ck_assert_str_eq(heard + 1, "SRF"); /* its end is no news to who has closed it */
  ck_assert_ptr_null(tcp_active_pcbs);
}
END_TEST

/* LWIP_EVENT_POLL comes without tcp_poll(), and by its interval with it. */
START_TEST(polls)
{
  unsigned int often;
  open_passively();
  heard[0] = 0;
  world_pass(5000);
  often = (unsigned int)strlen(heard);
  ck_assert_msg(often >= 9 && often <= 11, "%u polls in 5 s", often);
  tcp_poll(pcb, NULL, 4);
  heard[0] = 0;
  world_pass(10000);
  often = (unsigned int)strlen(heard);
  ck_assert_msg(often >= 4 && often <= 6, "%u polls in 10 s", often);
}
END_TEST

/* Refused by the peer, reset, timed out, aborted: an error each. */
START_TEST(errors)
{
  static const err_t errors[] = { ERR_RST, ERR_RST, ERR_ABRT, ERR_ABRT };
  ip_addr_t to = IPADDR4_INIT_BYTES(10, 0, 0, 2);
  if (_i == 0) {
    const struct packet *p;
    pcb = tcp_new();
    ck_assert_int_eq(tcp_connect(pcb, &to, peer.port, NULL), ERR_OK);
    p = world_next();
    peer.lwip_port = p->src;
    peer.ack = p->seq + 1;
    peer_send(RST | ACK, NULL, 0);
  } else {
    open_passively();
  }
  if (_i == 1) {
    peer_send(RST, NULL, 0);
  } else if (_i == 2) {
    ck_assert_int_eq(tcp_write(pcb, "hello", 5, TCP_WRITE_FLAG_COPY), ERR_OK);
    tcp_output(pcb);
    world_pass(60U * 60U * 1000U);
  } else if (_i == 3) {
    tcp_abort(pcb);
  }
  ck_assert_ptr_nonnull(strchr(heard, 'E'));
  ck_assert_int_eq(error, errors[_i]);
  ck_assert_ptr_null(tcp_active_pcbs);
}
END_TEST

/* Both sides open at once, and the peer thinks better of it: this one the application has seen. */
START_TEST(simultaneous_open_fails)
{
  ip_addr_t to = IPADDR4_INIT_BYTES(10, 0, 0, 2);
  const struct packet *p;
  pcb = tcp_new();
  ck_assert_int_eq(tcp_connect(pcb, &to, peer.port, NULL), ERR_OK);
  p = world_next();
  peer.lwip_port = p->src;
  peer.ack = p->seq + 1;
  peer_send(SYN, NULL, 0);
  ck_assert_int_eq(tcp_state_get(pcb), SYN_RCVD);
  heard[0] = 0;
  peer_send(RST, NULL, 0);
  ck_assert_str_eq(heard, "E");
  ck_assert_int_eq(error, ERR_RST);
  ck_assert_ptr_null(tcp_active_pcbs);
}
END_TEST

/* A child that never opened: the application has not seen it, and hears of nothing. */
START_TEST(unseen)
{
  listen_here();
  peer_send(SYN, NULL, 0);
  peer.ack = world_next()->seq + 1;
  if (_i == 0) {
    world_pass(60U * 60U * 1000U);
  } else {
    peer_send(RST, NULL, 0);
  }
  ck_assert_str_eq(heard, "");
  ck_assert_ptr_null(tcp_active_pcbs);
}
END_TEST

/* Every event, and what may be done in it. */
START_TEST(deeds_in_events)
{
  static const enum lwip_event events[] = { LWIP_EVENT_ACCEPT, LWIP_EVENT_CONNECTED, LWIP_EVENT_RECV, LWIP_EVENT_SENT,
                                            LWIP_EVENT_POLL };
  const int what = _i % N_DEEDS;
  when = events[_i / N_DEEDS];
  deed = what;
  if (when == LWIP_EVENT_CONNECTED) {
    open_actively();
  } else {
    open_passively();
  }
  if (when == LWIP_EVENT_RECV) {
    peer_send(ACK, "abc", 3);
    peer_send(ACK | FIN, "def", 3);
  } else if (when == LWIP_EVENT_SENT) {
    ck_assert_int_eq(tcp_write(pcb, "hello", 5, TCP_WRITE_FLAG_COPY), ERR_OK);
    tcp_output(pcb);
    peer.ack += 5;
    peer_send(ACK | FIN, "abc", 3);
  } else if (when == LWIP_EVENT_POLL) {
    world_pass(1500);
  }
  world_pass(3000);
  if (when == LWIP_EVENT_RECV && what == REFUSE) {
    ck_assert_uint_eq(taken, 6); /* offered again before the next segment's data */
  }
  if (pcb != NULL) {
    tcp_abort(pcb);
  }
  if (listener != NULL) {
    tcp_close(listener);
  }
  world_pass(60U * 60U * 1000U);
  ck_assert_ptr_null(tcp_active_pcbs);
  ck_assert_ptr_null(tcp_tw_pcbs);
  ck_assert_ptr_null(tcp_bound_pcbs);
}
END_TEST

TCase *
event_tests(void)
{
  TCase *tc = tcase_create("event");
  tcase_add_loop_test(tc, order_of_events, 0, 2);
  tcase_add_test(tc, polls);
  tcase_add_loop_test(tc, errors, 0, 4);
  tcase_add_loop_test(tc, unseen, 0, 2);
  if (ALT) {
    tcase_add_test(tc, simultaneous_open_fails);
    tcase_add_loop_test(tc, deeds_in_events, 0, 5 * N_DEEDS);
  }
  return tc;
}
