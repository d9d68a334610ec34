/* SPDX-License-Identifier: BSD-3-Clause
 * Addresses, ports and what else goes to IP: OPEN (RFC 9293 3.9.1.1), Diffserv and TTL (3.9.1.9, 3.9.2), IP options,
 * addresses that are nobody's (3.9.2.3). */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

static const u8_t me[4] = { 10, 0, 0, 1 }, the_peer[4] = { 10, 0, 0, 2 };
/* All hosts, those of the network, two groups. */
static const u8_t nobody[][4] = { { 255, 255, 255, 255 }, { 10, 0, 0, 255 }, { 224, 0, 0, 1 }, { 239, 1, 2, 3 } };

static ip_addr_t
address(const u8_t b[4])
{
  ip_addr_t ip;
  IP_ADDR4(&ip, b[0], b[1], b[2], b[3]);
  return ip;
}

/* ---- addresses that are nobody's ---- */

/* RFC 9293 MUST-46: an active open to a broadcast or multicast address is an error. */
START_TEST(open_to_nobody)
{
  ip_addr_t to = address(nobody[_i]);
  struct tcp_pcb *pcb = tcp_new();
  netif.flags |= NETIF_FLAG_BROADCAST;
  ck_assert_int_ne(tcp_connect(pcb, &to, 80, NULL), ERR_OK);
  world_pass(5000);
  assert_silence();
  tcp_abort(pcb);
  assert_clean();
}
END_TEST

/* RFC 9293 MUST-57: a SYN that many have heard is not answered. */
START_TEST(syn_to_many)
{
  struct packet syn = syn_of_peer();
  netif.flags |= NETIF_FLAG_BROADCAST;
  listen_only();
  inject_between(&syn, the_peer, nobody[_i]);
  world_pass(5000);
  assert_silence();
  assert_clean();
}
END_TEST

/* RFC 9293 MUST-63: a SYN from nobody neither. */
START_TEST(syn_from_nobody)
{
  struct packet syn = syn_of_peer();
  netif.flags |= NETIF_FLAG_BROADCAST;
  listen_only();
  inject_between(&syn, nobody[_i], me);
  world_pass(5000);
  assert_silence();
  assert_clean();
}
END_TEST

/* ---- OPEN ---- */

/* RFC 9293 MUST-41: listening on the port of a connection, on a free one and on one that is taken, changes nothing
 * about what is there. */
START_TEST(listening_disturbs_nobody)
{
  struct tcp_pcb *pcb;
  establish();
  pcb = tcp_new();
  ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, PORT), ERR_USE);
  ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, 8080), ERR_OK);
  pcb = tcp_listen(pcb);
  ck_assert_ptr_nonnull(pcb);
  assert_alive(ESTABLISHED);
  app_send(100);
  ck_assert_uint_eq(only()->len, 100);
  ack(100);
  peer_data(100);
  ck_assert_uint_eq(app.sent, 100);
  ck_assert_uint_eq(app.taken, 100);
  tcp_close(pcb);
  assert_alive(ESTABLISHED);
}
END_TEST

static struct tcp_pcb *
reusing(void)
{
  struct tcp_pcb *pcb = tcp_new();
  ip_set_option(pcb, SOF_REUSEADDR);
  ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, PORT), ERR_OK);
  return pcb;
}

/* RFC 9293 MUST-42: beside a connection of the same port in SYN-SENT, and in SYN-RECEIVED. */
START_TEST(listening_beside_an_opening)
{
  ip_addr_t to = address(the_peer);
  struct packet syn;
  app_install(reusing());
  ck_assert_int_eq(tcp_connect(app.pcb, &to, peer.port, NULL), ERR_OK);
  ck_assert_uint_eq(only()->flags, SYN);
  peer.lwip_port = PORT;
  if (_i == 1) {
    say(0, SYN, 0);
    ck_assert_uint_eq(only()->flags, SYN | ACK);
  }
  assert_state(_i == 0 ? SYN_SENT : SYN_RCVD);
  ck_assert_ptr_nonnull(tcp_listen(reusing()));
  peer.port++;
  syn = syn_of_peer();
  inject(&syn);
  ck_assert_uint_eq(only()->flags, SYN | ACK); /* the listener listens */
}
END_TEST

static err_t
second_setup(struct netif *nif)
{
  nif->name[0] = nif->name[1] = '2';
  nif->output = netif.output;
  nif->mtu = 1500;
  nif->flags = NETIF_FLAG_LINK_UP;
  return ERR_OK;
}

/* A second interface, 192.168.7.1/24. */
static struct netif *
second_netif(void)
{
  static struct netif second;
  ip4_addr_t ip, mask, gw;
  IP4_ADDR(&ip, 192, 168, 7, 1);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  ip4_addr_set_zero(&gw);
  ck_assert_ptr_nonnull(netif_add(&second, &ip, &mask, &gw, NULL, second_setup, netif.input));
  netif_set_up(&second);
  return &second;
}

static const struct packet *
syn_to(const u8_t to[4])
{
  ip_addr_t ip = address(to);
  struct tcp_pcb *pcb = tcp_new();
  const struct packet *syn;
  ck_assert_int_eq(tcp_connect(pcb, &ip, 80, NULL), ERR_OK);
  syn = only();
  tcp_abort(pcb);
  world_discard();
  return syn;
}

/* RFC 9293 MUST-44: the source address is the one that IP has for the destination. */
START_TEST(source_address_by_destination)
{
  static const u8_t there[4] = { 192, 168, 7, 9 };
  second_netif();
  ck_assert_uint_eq(syn_to(the_peer)->from, get32(me));
  ck_assert_uint_eq(syn_to(there)->from, 0xc0a80701);
}
END_TEST

/* RFC 9293 MUST-43: a local address is used as given: to call from, and to listen at. */
START_TEST(local_address)
{
  static const u8_t other[4] = { 192, 168, 7, 1 };
  ip_addr_t local = address(other), to = address(the_peer);
  struct tcp_pcb *pcb = tcp_new();
  struct packet syn = syn_of_peer();
  second_netif();
  ck_assert_int_eq(tcp_bind(pcb, &local, PORT), ERR_OK);
  if (_i == 0) {
    ck_assert_int_eq(tcp_connect(pcb, &to, peer.port, NULL), ERR_OK);
    ck_assert_uint_eq(only()->from, get32(other));
    return;
  }
  tcp_listen(pcb);
  peer.lwip_port = PORT;
  inject_between(&syn, the_peer, me); /* not at this address */
  ck_assert_uint_eq(only()->flags, RST | ACK);
  inject_between(&syn, the_peer, other);
  ck_assert_uint_eq(only()->flags, SYN | ACK);
}
END_TEST

/* RFC 9293 MUST-45: the address stays, though the route goes elsewhere by now. */
START_TEST(local_address_stays)
{
  const struct packet *p;
  int n = 0;
  establish();
  netif_set_default(second_netif());
  app_send(2000);
  say(0, ACK, 100);
  tcp_close(app.pcb);
  world_pass(5000);
  while ((p = world_next()) != NULL) {
    ck_assert_uint_eq(p->from, get32(me));
    n++;
  }
  ck_assert_int_ge(n, 3);
}
END_TEST

/* ---- what goes to IP ---- */

/* RFC 9293 MUST-48, SHLD-21, SHLD-22: the Diffserv field, from the SYN on, and changed in between. */
START_TEST(diffserv)
{
  ip_addr_t to = address(the_peer);
  const struct packet *p;
  struct tcp_pcb *pcb = tcp_new();
  app_install(pcb);
  tcp_tos_set(pcb, 0xb8);
  ck_assert_int_eq(tcp_connect(pcb, &to, peer.port, NULL), ERR_OK);
  p = only();
  ck_assert_uint_eq(p->tos, 0xb8);
  peer.lwip_port = p->src;
  peer.ack = p->seq + 1;
  say(0, SYN | ACK, 0);
  peer.seq++;
  ck_assert_uint_eq(only()->tos, 0xb8);
  tcp_tos_set(pcb, 0x28);
  app_send(10);
  ck_assert_uint_eq(only()->tos, 0x28);
  tcp_abort(pcb);
  ck_assert_uint_eq(only()->tos, 0x28); /* the RST */
}
END_TEST

/* RFC 9293 MUST-49: that of a call; and of a listener, whose children inherit it. */
START_TEST(time_to_live)
{
  struct tcp_pcb *pcb = tcp_new();
  if (_i == 0) {
    ip_addr_t to = address(the_peer);
    tcp_ttl_set(pcb, 9);
    ck_assert_int_eq(tcp_connect(pcb, &to, peer.port, NULL), ERR_OK);
    ck_assert_uint_eq(only()->ttl, 9);
    return;
  }
  ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, PORT), ERR_OK);
  tcp_ttl_set(pcb, 3);
  tcp_listen(pcb);
  peer.lwip_port = PORT;
  say(0, SYN, 0);
  ck_assert_uint_eq(only()->ttl, 3);
  tcp_ttl_set(the_pcb(), 77);
  ck_assert_uint_eq(world_await(SYN, 10000)->ttl, 77);
}
END_TEST

/* RFC 9293 MUST-50: an unknown one, one that is cut off, no-operations, and a timestamp that nobody asked for. */
START_TEST(ip_options)
{
  static const u8_t options[][4] = { { 0x9e, 4, 1, 2 }, { 0x9e, 40, 0, 0 }, { 1, 1, 1, 0 }, { 0x44, 4, 5, 0 } };
  u8_t bytes[PACKET_MAX];
  struct packet p;
  u16_t total;
  establish();
  p = from_peer(0, ACK, 50);
  total = bytes_of(bytes, &p);
  memmove(bytes + 24, bytes + 20, total - 20U);
  memcpy(bytes + 20, options[_i], 4);
  total = (u16_t)(total + 4);
  bytes[0] = 0x46;
  bytes[2] = (u8_t)(total >> 8);
  bytes[3] = (u8_t)total;
  packet_sum(bytes, total);
  inject_bytes(bytes, total);
  ck_assert_uint_eq(app.taken, 50);
}
END_TEST

TCase *
address_tests(void)
{
  TCase *tc = tcase_create("address");
  tcase_add_loop_test(tc, open_to_nobody, 0, (int)LWIP_ARRAYSIZE(nobody));
  tcase_add_loop_test(tc, syn_to_many, 0, (int)LWIP_ARRAYSIZE(nobody));
  tcase_add_loop_test(tc, syn_from_nobody, 0, (int)LWIP_ARRAYSIZE(nobody));
  tcase_add_test(tc, listening_disturbs_nobody);
  tcase_add_loop_test(tc, listening_beside_an_opening, 0, 2);
  tcase_add_test(tc, source_address_by_destination);
  tcase_add_loop_test(tc, local_address, 0, 2);
  tcase_add_test(tc, local_address_stays);
  tcase_add_test(tc, diffserv);
  tcase_add_loop_test(tc, time_to_live, 0, 2);
  tcase_add_loop_test(tc, ip_options, 0, 4);
  return tc;
}
