/* SPDX-License-Identifier: BSD-3-Clause
 * Interfaces and addresses that come and go, SO_REUSE, and pbuf_free_ooseq(). */
#include "contract.h"

#include <string.h>

static struct netif second;
static unsigned int second_sent;

static err_t
second_out(struct netif *nif, struct pbuf *p, const ip4_addr_t *to)
{
  second_sent++;
  return netif.output(nif, p, to); /* caught like the other's */
}

static err_t
second_setup(struct netif *nif)
{
  nif->name[0] = 'w';
  nif->name[1] = 'x';
  nif->output = second_out;
  nif->mtu = 1500;
  nif->flags = NETIF_FLAG_LINK_UP;
  return ERR_OK;
}

/* A second interface, in a network of its own. */
static void
add_second(void)
{
  ip4_addr_t addr, mask, gw;
  IP4_ADDR(&addr, 10, 1, 0, 1);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  ip4_addr_set_zero(&gw);
  ck_assert_ptr_nonnull(netif_add(&second, &addr, &mask, &gw, NULL, second_setup, ip_input));
  netif_set_up(&second);
}

/* ---- bound to an interface ---- */

/* What is bound to an interface leaves through it, wherever the route would lead. */
START_TEST(connect_bound_to_netif)
{
  struct tcp_pcb *pcb = tcp_new();
  ip_addr_t to = IPADDR4_INIT_BYTES(10, 0, 0, 2);
  add_second();
  app_install(pcb);
  tcp_bind_netif(pcb, &second);
  ck_assert_int_eq(tcp_connect(pcb, &to, peer.port, NULL), ERR_OK);
  ck_assert_uint_eq(second_sent, 1);
  ck_assert_uint_eq(only()->flags, SYN);
  tcp_abort(pcb);
  world_discard();
  second_sent = 0;
  pcb = tcp_new();
  app_install(pcb);
  tcp_bind_netif(pcb, &second);
  tcp_bind_netif(pcb, NULL); /* .. and bound no more */
  ck_assert_int_eq(tcp_connect(pcb, &to, peer.port, NULL), ERR_OK);
  ck_assert_uint_eq(second_sent, 0);
  end_clean();
}
END_TEST

/* A listener bound to an interface hears that one alone, and so do its children. */
START_TEST(listener_bound_to_netif)
{
  struct tcp_pcb *listener;
  add_second();
  listener = listen_on(4);
  tcp_bind_netif(listener, &second);
  ck_assert(!knock_from(1000)); /* came in through the first */
  world_discard();
  tcp_bind_netif(listener, &netif);
  ck_assert(enter_from(1001));
  ck_assert_uint_eq(app.accepts, 1);
  tcp_bind_netif(app.pcb, &second);
  peer_data(10); /* through the first: not for this connection */
  ck_assert_uint_eq(app.taken, 0);
  tcp_bind_netif(app.pcb, &netif);
  peer.seq -= 10;
  peer_data(10);
  ck_assert_uint_eq(app.taken, 10);
  end_clean();
}
END_TEST

/* ---- SO_REUSE ---- */

static struct tcp_pcb *
bound(u8_t options, u8_t last, u16_t port, err_t expected)
{
  struct tcp_pcb *pcb = tcp_new();
  ip_addr_t addr = IPADDR4_INIT_BYTES(10, 0, 0, 0);
  ip4_addr_set_u32(ip_2_ip4(&addr), last != 0 ? PP_HTONL(0x0a000000U + last) : 0);
  ip_set_option(pcb, options);
  ck_assert_int_eq(tcp_bind(pcb, &addr, port), expected);
  if (expected != ERR_OK) {
    ck_assert_int_eq(tcp_close(pcb), ERR_OK);
    return NULL;
  }
  return pcb;
}

START_TEST(bind_twice)
{
  bound(0, 0, 1000, ERR_OK);
  bound(0, 0, 1000, ERR_USE);
  bound(0, 1, 1000, ERR_USE); /* the address of one is among those of the other */
  bound(SOF_REUSEADDR, 0, 1000, ERR_USE); /* the other has not agreed */
  bound(0, 1, 1001, ERR_OK);
  bound(0, 2, 1001, ERR_OK); /* another address */
  bound(SOF_REUSEADDR, 0, 1002, ERR_OK);
  bound(SOF_REUSEADDR, 0, 1002, ERR_OK);
  bound(0, 0, 1002, ERR_USE);
}
END_TEST

/* A bound PCB is bound anew: it has the new port, and the old one is free. */
START_TEST(bind_anew)
{
  struct tcp_pcb *pcb = bound(0, 0, 1000, ERR_OK);
  ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, 1001), ERR_OK);
  ck_assert_uint_eq(tcp_local_port_get(pcb), 1001);
  bound(0, 0, 1001, ERR_USE);
  ck_assert_ptr_nonnull(bound(0, 0, 1000, ERR_OK));
  ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, 1000), ERR_USE);
  ck_assert_uint_eq(tcp_local_port_get(pcb), 1001); /* as it was */
}
END_TEST

/* tcp_listen() of a PCB that is not bound: it listens, where no segment can come, and can be closed. */
START_TEST(listen_unbound)
{
  struct tcp_pcb *pcb = tcp_listen(tcp_new());
  ck_assert_ptr_nonnull(pcb);
  ck_assert_int_eq(tcp_state_get(pcb), LISTEN);
  ck_assert_uint_eq(tcp_local_port_get(pcb), 0);
  ck_assert_ptr_eq(tcp_listen_pcbs.pcbs, pcb);
  tcp_close(pcb);
  ck_assert_ptr_null(tcp_listen_pcbs.pcbs);
  assert_clean();
}
END_TEST

/* Both may be bound, but one listens. */
START_TEST(listen_twice)
{
  struct tcp_pcb *a = bound(SOF_REUSEADDR, 0, PORT, ERR_OK);
  struct tcp_pcb *b = bound(SOF_REUSEADDR, 0, PORT, ERR_OK);
  struct tcp_pcb *c = bound(SOF_REUSEADDR, 1, PORT, ERR_OK);
  err_t err;
  a = tcp_listen(a);
  ck_assert_ptr_nonnull(a);
  ck_assert_ptr_null(tcp_listen_with_backlog_and_err(b, 1, &err));
  ck_assert_int_eq(err, ERR_USE);
  ck_assert_int_eq(tcp_close(b), ERR_OK);
  c = tcp_listen(c); /* of the two the one with the address gets it */
  ck_assert_ptr_nonnull(c);
  tcp_arg(c, &app);
  ck_assert(knock_from(1000));
  ck_assert_ptr_eq(tcp_callback_arg_get(pcb_of(1000)), &app);
}
END_TEST

/* A port whose connection is in TIME-WAIT: taken, unless one says SO_REUSEADDR. */
START_TEST(bind_beside_time_wait)
{
  struct tcp_pcb *pcb;
  reach(TIME_WAIT);
  tcp_close(tcp_listen_pcbs.pcbs);
  bound(0, 0, PORT, ERR_USE);
  pcb = bound(SOF_REUSEADDR, 0, PORT, ERR_OK);
  ck_assert_ptr_nonnull(tcp_listen(pcb));
}
END_TEST

/* The same two ends twice: not while one of them lives. */
START_TEST(connect_twice)
{
  ip_addr_t to = IPADDR4_INIT_BYTES(10, 0, 0, 2);
  struct tcp_pcb *a = bound(SOF_REUSEADDR, 1, 1000, ERR_OK);
  struct tcp_pcb *b = bound(SOF_REUSEADDR, 1, 1000, ERR_OK);
  ck_assert_int_eq(tcp_connect(a, &to, 80, NULL), ERR_OK);
  ck_assert_int_eq(tcp_connect(b, &to, 80, NULL), ERR_USE);
  ck_assert_int_eq(tcp_connect(b, &to, 81, NULL), ERR_OK);
}
END_TEST

/* ---- addresses ---- */

/* The address of an interface changes: connections and bound PCBs of the old one are aborted, its listeners go with
 * it, and who has no address of his own does not notice. */
START_TEST(address_changes)
{
  ip4_addr_t other;
  struct tcp_pcb *any, *own, *waiting = bound(0, 1, 1000, ERR_OK);
  const struct packet *p;
  app_install(waiting);
  own = tcp_listen(bound(0, 1, 1001, ERR_OK));
  any = listen_on(4);
  ck_assert(enter_from(2000));
  app_install(app.pcb);
  IP4_ADDR(&other, 10, 0, 0, 77);
  netif_set_ipaddr(&netif, &other);
  ck_assert_uint_eq(app.errs, 2);
  ck_assert_int_eq(app.err, ERR_ABRT);
  ck_assert_ptr_null(tcp_active_pcbs);
  ck_assert_ptr_null(tcp_bound_pcbs);
  while ((p = world_next()) != NULL) {
    ck_assert(p->flags & RST);
  }
  ck_assert(ip_addr_isany(tcp_local_ip_get(any)));
  ck_assert(ip4_addr_cmp(ip_2_ip4(tcp_local_ip_get(own)), &other));
  tcp_close(own);
  end_clean();
}
END_TEST

static struct tcp_pcb *victim;

static void
killing_err(void *arg, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  app.errs++;
  if (victim != NULL) {
    struct tcp_pcb *v = victim;
    victim = NULL;
    tcp_abort(v);
  }
}

/* .. and the error callback of one aborts another of them. */
START_TEST(address_change_kills_while_killing)
{
  ip4_addr_t other;
  struct tcp_pcb *pcbs[3];
  int i;
  listen_on(8);
  for (i = 0; i < 3; i++) {
    ck_assert(enter_from((u16_t)(2000 + i)));
    pcbs[i] = app.pcb;
    tcp_err(app.pcb, killing_err);
  }
  victim = pcbs[1 - _i]; /* behind or before the one that is being aborted */
  IP4_ADDR(&other, 10, 0, 0, 77);
  netif_set_ipaddr(&netif, &other);
  ck_assert_uint_eq(app.errs, 3);
  ck_assert_ptr_null(tcp_active_pcbs);
  app.pcb = NULL;
  world_discard();
  end_clean();
}
END_TEST

/* The interface loses its address, or is removed: connections end, the listener stays and works with the next. */
START_TEST(address_goes)
{
  ip4_addr_t addr;
  establish();
  if (_i == 0) {
    netif_set_ipaddr(&netif, IP4_ADDR_ANY4);
  } else {
    netif_remove(&netif);
  }
  ck_assert_uint_eq(app.errs, 1);
  ck_assert_ptr_null(tcp_active_pcbs);
  world_discard();
  if (_i == 0) {
    IP4_ADDR(&addr, 10, 0, 0, 1);
    netif_set_ipaddr(&netif, &addr);
    ck_assert(knock_from(3000));
    say(0, RST, 0);
  }
  end_clean();
}
END_TEST

/* The interface or its link is down for a while: nothing is sent, the connection lives, and goes on afterwards. */
START_TEST(netif_down_for_a_while)
{
  const struct packet *p;
  establish();
  app_send(100);
  world_discard();
  if (_i == 0) {
    netif_set_down(&netif);
  } else {
    netif_set_link_down(&netif);
  }
  world_pass(20 * SECOND);
  assert_silence();
  if (_i == 0) {
    netif_set_up(&netif);
  } else {
    netif_set_link_up(&netif);
  }
  p = world_await_data(MINUTE);
  ck_assert_ptr_nonnull(p);
  peer_take(p);
  ck_assert_uint_eq(app.sent, 100);
  ck_assert_uint_eq(app.errs, 0);
  end_clean();
}
END_TEST

/* For ever: the connection ends, the application hears of it, and what it connects then says ERR_RTE. */
START_TEST(netif_down_for_ever)
{
  establish();
  app_send(100);
  world_discard();
  netif_set_down(&netif);
  ck_assert_int_eq(tcp_output(app.pcb), ERR_OK); /* nothing to send now */
  world_pass(HOUR);
  ck_assert_uint_eq(app.errs, 1);
  ck_assert_int_eq(open_active(), ERR_RTE);
  tcp_abort(app.pcb);
  end_clean();
}
END_TEST

/* ---- the pbuf pool ---- */

/* pbuf_free_ooseq() gives the out-of-order data of one connection back, a call each; it comes again. */
START_TEST(free_ooseq)
{
  struct tcp_pcb *a, *b;
  listen_on(4);
  ck_assert(enter_from(1000));
  a = app.pcb;
  say(100, ACK, 10);
  ck_assert(enter_from(1001));
  b = app.pcb;
  say(100, ACK, 10);
  world_discard();
  ck_assert(tcp_has_ooseq(a) && tcp_has_ooseq(b));
  pbuf_free_ooseq();
  ck_assert_int_eq(!!tcp_has_ooseq(a) + !!tcp_has_ooseq(b), 1);
  pbuf_free_ooseq();
  ck_assert(!tcp_has_ooseq(a) && !tcp_has_ooseq(b));
  pbuf_free_ooseq(); /* nothing left: nothing happens */
  say(0, ACK, 100);
  peer.seq += 100;
  ck_assert_ptr_nonnull(world_await(ACK, SECOND)); /* what was freed is asked for again */
  ck_assert_uint_eq(tcp_alt_test_rcv_nxt(b), peer.seq);
  tcp_abort(a);
  tcp_abort(b);
  end_clean();
}
END_TEST

TCase *
netif_tests(void)
{
  TCase *tc = tcase_create("netif");
  tcase_add_test(tc, connect_bound_to_netif);
  tcase_add_test(tc, listener_bound_to_netif);
  tcase_add_test(tc, bind_twice);
  if (ALT) {
    tcase_add_test(tc, bind_anew);
  }
  tcase_add_test(tc, listen_unbound);
  tcase_add_test(tc, listen_twice);
  tcase_add_test(tc, bind_beside_time_wait);
  tcase_add_test(tc, connect_twice);
  tcase_add_test(tc, address_changes);
  if (ALT) {
    tcase_add_loop_test(tc, address_change_kills_while_killing, 0, 2);
  }
  tcase_add_loop_test(tc, address_goes, 0, 2);
  tcase_add_loop_test(tc, netif_down_for_a_while, 0, 2);
  tcase_add_test(tc, netif_down_for_ever);
  tcase_add_test(tc, free_ooseq);
  return tc;
}
