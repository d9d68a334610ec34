/* SPDX-License-Identifier: BSD-3-Clause
 * Allocations that fail one after the other (RFC_OPTIONS), and pools that are empty (without). */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

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

/* RFC 9293 3.5: while no buffer is found for the SYN-ACK nothing else leaves, an ACK least of all. */
START_TEST(nothing_before_syn_ack)
{
  struct tcp_pcb *pcb = tcp_new();
  struct packet syn = syn_of_peer();
  const struct packet *p;
  ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, PORT), ERR_OK);
  tcp_accept(tcp_listen(pcb), accept_quietly);
  peer.lwip_port = PORT;
  fail_alloc = (unsigned int)_i;
  inject(&syn);
  p = world_next();
  if (p == NULL) {
    inject(&syn);
    p = world_await(0, 60000);
  }
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->flags, SYN | ACK);
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
shortage_tests(void)
{
  TCase *tc = tcase_create("shortage");
#if RFC_OPTIONS
  tcase_add_loop_test(tc, nothing_before_syn_ack, 1, 6);
  tcase_add_loop_test(tc, allocation_fails, 0, 240);
#endif
#if !RFC_OPTIONS
  tcase_add_test(tc, kill_order);
#endif
  return tc;
}
