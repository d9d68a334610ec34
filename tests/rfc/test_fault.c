/* SPDX-License-Identifier: BSD-3-Clause
 * Bad luck and bad company: allocations that fail one after the other, drivers that keep packets or answer at
 * once, callbacks that close, abort and write, pools that are empty. Run under the address sanitizer. */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

static err_t
accept_quietly(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  if (err == ERR_OK) {
    app_install(pcb);
  }
  return ERR_OK;
}

/* ---- a driver that keeps what it is given ---- */

static struct pbuf *kept[64];
static unsigned int n_kept;
static netif_output_fn real_output;

static err_t
keeping_output(struct netif *nif, struct pbuf *p, const ip4_addr_t *to)
{
  ck_assert_uint_lt(n_kept, LWIP_ARRAYSIZE(kept));
  pbuf_ref(p);
  kept[n_kept++] = p;
  return real_output(nif, p, to);
}

static void
keep_packets(void)
{
  real_output = netif.output;
  netif.output = keeping_output;
}

static void
let_go(void)
{
  while (n_kept > 0) {
    pbuf_free(kept[--n_kept]);
  }
  netif.output = real_output;
}

/* A retransmission is due while the driver holds the segment: it leaves soon after the driver is done, and the
 * connection lives. */
START_TEST(driver_keeps_segment)
{
  static const u32_t for_ms[] = { 500, 1000, 3000, 20000, 60000 };
  const struct packet *p;
  u32_t since;
  establish();
  keep_packets();
  app_send(500);
  world_discard();
  world_pass(for_ms[_i]);
  assert_silence();
  let_go();
  since = world_now();
  p = world_await_data(120000);
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->seq, peer.ack);
  ck_assert_msg(p->at - since <= 500, "after %u ms", (unsigned)(p->at - since));
  peer_take(p);
  ck_assert_uint_eq(app.sent, 500);
}
END_TEST

/* Acknowledged, written behind, closed, aborted while the driver holds it: its bytes must not change. */
START_TEST(driver_keeps_bytes)
{
  u8_t before[700], after[700];
  u16_t n;
  establish();
  keep_packets();
  app_send(500);
  n = pbuf_copy_partial(kept[0], before, sizeof(before), 0);
  if (_i == 0) {
    peer.ack += 500;
    say(0, ACK, 0);
  }
  app_send(100);
  app_send(100);
  world_pass(2000);
  if (_i == 1) {
    tcp_close(app.pcb);
    world_pass(2000);
  } else if (_i == 2) {
    tcp_abort(app.pcb);
  }
  ck_assert_uint_eq(pbuf_copy_partial(kept[0], after, sizeof(after), 0), n);
  ck_assert_int_eq(memcmp(before, after, n), 0);
  let_go();
}
END_TEST

/* ---- an interface that answers from within output ---- */

static unsigned int depth, deepest, answers;
static enum { ANSWER_ACK, ANSWER_RST, ANSWER_DATA, N_ANSWERS } answer;
static int answer_again_only; /* only retransmissions are answered */
static u32_t highest;

static err_t
answering_output(struct netif *nif, struct pbuf *p, const ip4_addr_t *to)
{
  err_t err = real_output(nif, p, to);
  const struct packet *out;
  struct packet in;
  u32_t end;
  if (depth > 50 || answers > 500) {
    return err;
  }
  out = world_next();
  if (out == NULL || (out->flags & RST)) {
    return err;
  }
  end = out->seq + out->len + ((out->flags & (SYN | FIN)) ? 1U : 0U);
  if (answer_again_only && (s32_t)(end - highest) > 0) {
    highest = end;
    return err;
  }
  if (out->len == 0 && !(out->flags & (SYN | FIN)) && answer != ANSWER_RST) {
    return err;
  }
  depth++;
  deepest = LWIP_MAX(deepest, depth);
  answers++;
  if ((s32_t)(end - peer.ack) > 0) {
    peer.ack = end;
  }
  in = from_peer(0, answer == ANSWER_RST ? RST : ACK, answer == ANSWER_DATA ? 10 : 0);
  peer.seq += in.len;
  inject(&in);
  depth--;
  return err;
}

static void
answer_at_once(void)
{
  real_output = netif.output;
  netif.output = answering_output;
  highest = peer.ack;
}

START_TEST(synchronous_answers)
{
  answer = (int)(_i % N_ANSWERS);
  answer_again_only = _i / N_ANSWERS;
  establish();
  answer_at_once();
  app_send(3000);
  world_pass(30000);
  if (answer == ANSWER_RST) {
    ck_assert_uint_eq(app.errs, 1);
  } else {
    ck_assert_uint_eq(app.sent, 3000);
  }
  ck_assert_msg(deepest <= 10, "%u levels deep", deepest);
  if (app.pcb != NULL) {
    tcp_close(app.pcb);
    world_pass(10000);
  }
}
END_TEST

/* The same for a pure ACK, a window probe and a keepalive probe, answered by a RST. */
START_TEST(synchronous_reset)
{
  establish();
  if (_i == 0) {
    answer = ANSWER_RST;
    answer_at_once();
    say(100, ACK, 10);
  } else if (_i == 1) {
    peer.wnd = 0;
    say(0, ACK, 0);
    app_send(10);
    answer = ANSWER_RST;
    answer_at_once();
    world_pass(5000);
  } else {
    tcp_keep_idle_set(app.pcb, 1000);
    ip_set_option(app.pcb, SOF_KEEPALIVE);
    say(0, ACK, 0);
    answer = ANSWER_RST;
    answer_at_once();
    world_pass(5000);
  }
  ck_assert_uint_eq(app.errs, 1);
  assert_clean();
}
END_TEST

/* ---- callbacks that do things ---- */

enum deed { DO_CLOSE, DO_ABORT, DO_WRITE, DO_SHUT_TX, DO_SHUT_RX, DO_WRITE_CLOSE, DO_NEW, N_DEEDS };
static enum deed deed;
static int deeds;

static err_t
act(struct tcp_pcb *pcb)
{
  static const u8_t bytes[300];
  if (deeds++ > 0) {
    return ERR_OK;
  }
  switch (deed) {
    case DO_CLOSE:
      tcp_close(pcb);
      app.pcb = NULL;
      return ERR_OK;
    case DO_ABORT:
      tcp_abort(pcb);
      return ERR_ABRT;
    case DO_SHUT_TX:
      tcp_shutdown(pcb, 0, 1);
      return ERR_OK;
    case DO_SHUT_RX:
      tcp_shutdown(pcb, 1, 0);
      return ERR_OK;
    case DO_WRITE_CLOSE:
      tcp_write(pcb, bytes, 300, TCP_WRITE_FLAG_COPY);
      tcp_output(pcb);
      tcp_close(pcb);
      app.pcb = NULL;
      return ERR_OK;
    case DO_NEW: {
      /* another takes the place of the one that is freed */
      struct tcp_pcb *other;
      tcp_abort(pcb);
      other = tcp_new();
      tcp_abort(other);
      return ERR_ABRT;
    }
    case DO_WRITE:
    default:
      tcp_write(pcb, bytes, 300, TCP_WRITE_FLAG_COPY);
      tcp_output(pcb);
      return ERR_OK;
  }
}

static err_t
acting_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  if (p != NULL) {
    tcp_recved(pcb, p->tot_len);
    pbuf_free(p);
  }
  return act(pcb);
}

static err_t
acting_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(len);
  return act(pcb);
}

static err_t
acting_poll(void *arg, struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(arg);
  return act(pcb);
}

static err_t
acting_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  return act(pcb);
}

enum where { IN_RECV, IN_FIN, IN_RECV_FIN, IN_RECV_OF_MANY, IN_SENT, IN_SENT_WITH_DATA, IN_POLL, IN_CONNECTED,
             IN_ACCEPT, IN_REFUSED, IN_SENT_OF_FIN, N_WHERE };

static err_t
once_refusing_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  static int n;
  if (n++ == 0) {
    return ERR_MEM;
  }
  return acting_recv(arg, pcb, p, err);
}

START_TEST(deeds_in_callbacks)
{
  enum where where = (enum where)(_i / N_DEEDS);
  deed = (enum deed)(_i % N_DEEDS);
  if (where == IN_CONNECTED) {
    ip_addr_t to = IPADDR4_INIT_BYTES(10, 0, 0, 2);
    struct tcp_pcb *pcb = tcp_new();
    app_install(pcb);
    tcp_connect(pcb, &to, peer.port, acting_connected);
    peer.lwip_port = world_next()->src;
    peer.ack = tcp_alt_test_snd_nxt(pcb);
    say(0, SYN | ACK | FIN, 10);
    peer.seq += 12;
  } else if (where == IN_ACCEPT) {
    struct packet syn = syn_of_peer();
    establish_with(&syn);
    tcp_accept(tcp_listen_pcbs.pcbs, acting_connected);
    say(0, ACK | FIN, 10);
    peer.seq += 11;
  } else {
    establish();
    if (where == IN_REFUSED) {
      tcp_recv(app.pcb, once_refusing_recv);
    } else if (where <= IN_RECV_OF_MANY) {
      tcp_recv(app.pcb, acting_recv);
    } else if (where == IN_POLL) {
      tcp_poll(app.pcb, acting_poll, 1);
    } else {
      tcp_sent(app.pcb, acting_sent);
    }
    if (where == IN_RECV_OF_MANY) {
      say(20, ACK, 10);
      say(10, ACK, 10);
      say(30, ACK | FIN, 10);
    }
    switch ((int)where) {
      case IN_SENT_OF_FIN:
        app_send(100);
        tcp_shutdown(app.pcb, 0, 1);
        peer.ack += 101;
        say(0, ACK | FIN, 10);
        peer.seq += 11;
        break;
      case IN_SENT_WITH_DATA:
      case IN_SENT:
        app_send(100);
        peer.ack += 100;
        say(0, ACK, where == IN_SENT ? 0 : 10);
        peer.seq += where == IN_SENT ? 0 : 10;
        break;
      case IN_FIN:
        say(0, ACK | FIN, 0);
        break;
      case IN_RECV_FIN:
        say(0, ACK | FIN, 10);
        break;
      default:
        say(0, ACK, 10);
        break;
    }
    world_pass(2000);
  }
  ck_assert_int_ge(deeds, 1);
  world_pass(2000);
  take_all();
  world_pass(2000);
  if (app.pcb != NULL && the_state() != CLOSED && deed != DO_NEW && deed != DO_ABORT) {
    tcp_abort(app.pcb);
  }
  /* The peer resets what is left; the rest ends by its timers. */
  {
    const struct packet *p;
    while ((p = world_next()) != NULL) {
      if (p->flags & ACK) {
        peer.seq = p->ack;
      }
    }
    say(0, RST, 0);
  }
  world_pass(30U * 60U * 1000U);
  assert_clean();
}
END_TEST

/* ---- allocations that fail ---- */

#if RFC_OPTIONS

static void
from_peer_with_ts(u32_t off, u8_t flags, u16_t len)
{
  struct packet p = from_peer(off, flags, len);
  add_ts(&p, 100, 0);
  inject(&p);
}

/* What lwIP said moves the peer on. */
static void
follow(void)
{
  const struct packet *p;
  while ((p = world_next()) != NULL) {
    u32_t end = p->seq + p->len + ((p->flags & (FIN | SYN)) ? 1U : 0U);
    if (p->flags & RST) {
      continue;
    }
    if ((p->flags & SYN) || (s32_t)(end - peer.ack) > 0) {
      peer.ack = end;
    }
    if ((p->flags & ACK) && (s32_t)(p->ack - peer.seq) > 0) {
      peer.seq = p->ack;
    }
  }
}

static void
open_somehow(int active)
{
  struct packet syn = syn_of_peer();
  add_ts(&syn, 100, 0);
  add_option(&syn, 4, "", 0);
  if (active) {
    const struct packet *p;
    ip_addr_t to = IPADDR4_INIT_BYTES(10, 0, 0, 2);
    struct tcp_pcb *pcb = tcp_new();
    if (pcb == NULL) {
      return;
    }
    app_install(pcb);
    if (tcp_connect(pcb, &to, peer.port, NULL) != ERR_OK) {
      tcp_abort(pcb);
      return;
    }
    p = world_await(SYN, 10000);
    if (p == NULL) {
      fail_alloc = 0; /* everything failed: from now on nothing does */
      p = world_await(SYN, 60000);
    }
    ck_assert_ptr_nonnull(p);
    peer.lwip_port = p->src;
    peer.ack = p->seq + 1;
    syn.flags = SYN | ACK;
    syn.ack = peer.ack;
    inject(&syn);
  } else {
    inject(&syn);
    world_pass(3000);
    inject(&syn); /* if it was lost */
  }
  peer.seq = syn.seq + 1;
  world_pass(3000);
  follow();
  from_peer_with_ts(0, ACK, 0);
}

/* A connection with data both ways, gaps, a timeout and a close by both. */
static void
life(int active)
{
  static const u8_t bytes[3000];
  int i;
  open_somehow(active);
  for (i = 0; i < 6; i++) {
    if (app.pcb != NULL && i < 4) {
      (void)tcp_write(app.pcb, bytes, 1500, i % 2 ? TCP_WRITE_FLAG_COPY : 0);
      (void)tcp_write(app.pcb, bytes, 700, TCP_WRITE_FLAG_COPY | TCP_WRITE_FLAG_MORE);
      (void)tcp_output(app.pcb);
    }
    from_peer_with_ts(20, ACK, 10);
    from_peer_with_ts(10, ACK, 15);
    from_peer_with_ts(0, ACK, 30);
    world_pass(i == 2 ? 3000 : 400);
    follow();
    if (i == 4 && app.pcb != NULL) {
      struct tcp_pcb *pcb = app.pcb;
      app.pcb = NULL;
      tcp_err(pcb, NULL);
      ck_assert_int_eq(tcp_close(pcb), ERR_OK);
      world_pass(3000);
      follow();
    }
    from_peer_with_ts(0, i == 5 ? ACK | FIN : ACK, 0);
  }
}

/* The n-th allocation fails, or it and all after it for a while; at the end everything is free. */
START_TEST(allocation_fails)
{
  static const unsigned int per_life = 60;
  struct tcp_pcb *pcb = tcp_new();
  ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, PORT), ERR_OK);
  tcp_accept(tcp_listen(pcb), accept_quietly);
  peer.lwip_port = PORT;
  fail_alloc = (unsigned int)_i % per_life + 1;
  fail_all = _i / (int)per_life % 2;
  life(_i / (int)(2 * per_life));
  fail_alloc = 0;
  fail_all = 0;
  world_pass(3000);
  follow();
  from_peer_with_ts(0, ACK | FIN, 0);
  follow();
  from_peer_with_ts(0, RST, 0);
  world_pass(60U * 60U * 1000U);
  assert_clean();
}
END_TEST

#else

/* ---- an empty pool: who makes room ---- */

static struct tcp_pcb *
quiet(u16_t port)
{
  struct packet syn;
  const struct packet *p;
  peer.port = port;
  peer.seq = 7000;
  syn = syn_of_peer();
  inject(&syn);
  while ((p = world_next()) != NULL && (p->flags & RST)) {
    /* to the one that made room */
  }
  if (p == NULL) {
    return NULL;
  }
  ck_assert_uint_eq(p->flags, SYN | ACK);
  peer.seq++;
  peer.ack = p->seq + 1;
  say(0, ACK, 0);
  world_pass(10);
  return app.pcb;
}

static int
is_there(u16_t port)
{
  const struct tcp_pcb *pcb;
  for (pcb = tcp_active_pcbs; pcb != NULL; pcb = tcp_next_get(pcb)) {
    if (tcp_remote_port_get(pcb) == port) {
      return 1;
    }
  }
  for (pcb = tcp_tw_pcbs; pcb != NULL; pcb = tcp_next_get(pcb)) {
    if (tcp_remote_port_get(pcb) == port) {
      return 1;
    }
  }
  return 0;
}

/* TIME-WAIT first, then LAST-ACK, CLOSING, then a lower priority; never one of the same or a higher. */
START_TEST(kill_order)
{
  struct tcp_pcb *pcb = tcp_new();
  int i;
  ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, PORT), ERR_OK);
  tcp_accept(tcp_listen(pcb), accept_quietly);
  peer.lwip_port = PORT;
  for (i = 0; i < MEMP_NUM_TCP_PCB; i++) {
    ck_assert_ptr_nonnull(quiet((u16_t)(1000 + i)));
    if (i == 2) { /* CLOSING */
      tcp_close(app.pcb);
      say(0, FIN | ACK, 0);
    } else if (i == 3) { /* LAST-ACK */
      say(0, FIN | ACK, 0);
      tcp_close(app.pcb);
    } else if (i == 4) { /* TIME-WAIT */
      tcp_close(app.pcb);
      say_ack(0, FIN | ACK, 0, 1);
    } else if (i == 5) {
      tcp_setprio(app.pcb, TCP_PRIO_MIN);
    } else if (i == 6) {
      tcp_setprio(app.pcb, TCP_PRIO_MAX);
    }
    world_discard();
  }
  for (i = 0; i < 4; i++) {
    static const u16_t victims[] = { 1004, 1003, 1002, 1005 };
    ck_assert(is_there(victims[i]));
    ck_assert_ptr_nonnull(quiet((u16_t)(2000 + i)));
    ck_assert(!is_there(victims[i]));
    world_discard();
  }
  ck_assert_ptr_null(quiet(3000));
  ck_assert(is_there(1000) && is_there(1001) && is_there(1006) && is_there(1007));
}
END_TEST

#endif

TCase *
fault_tests(void)
{
  TCase *tc = tcase_create("fault");
  tcase_add_loop_test(tc, driver_keeps_segment, 0, 5);
  tcase_add_loop_test(tc, driver_keeps_bytes, 0, 3);
  tcase_add_loop_test(tc, synchronous_answers, 0, 2 * N_ANSWERS);
  tcase_add_loop_test(tc, synchronous_reset, 0, 3);
  tcase_add_loop_test(tc, deeds_in_callbacks, 0, N_WHERE * N_DEEDS);
#if RFC_OPTIONS
  tcase_add_loop_test(tc, allocation_fails, 0, 240);
#else
  tcase_add_test(tc, kill_order);
#endif
  return tc;
}
