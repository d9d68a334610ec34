/* SPDX-License-Identifier: BSD-3-Clause
 * IPv6 beside IPv4: dual-stack listeners, which of several listeners gets a SYN, link-local addresses and their
 * zones, and addresses that change. Two interfaces with the same link-local peer behind each. */
#include "contract.h"

#include "lwip/ip6.h"
#include "lwip/nd6.h"

#include <string.h>

#define IP6_LEN 40U

/* What left over IPv6: as packet, with the addresses and the interface beside it. */
struct packet6 {
  struct packet tcp;
  u8_t src[16], dst[16];
  const struct netif *netif;
};

static struct packet6 sent[64];
static unsigned int n_sent, n_seen;
static struct netif second;

static const u8_t local6[16] = { 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 };
static const u8_t remote6[16] = { 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2 };
static const u8_t global6[16] = { 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 };
static const u8_t far6[16] = { 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2 };

/* ---- packets ---- */

static u16_t
checksum6(const u8_t *ip, u16_t len)
{
  u32_t sum = 6U + len, i;
  for (i = 8; i < IP6_LEN + len; i += 2) {
    sum += (u32_t)(ip[i] << 8) | (i + 1 < IP6_LEN + len ? ip[i + 1] : 0U);
  }
  while (sum >> 16) {
    sum = (sum & 0xffffU) + (sum >> 16);
  }
  return (u16_t)~sum;
}

static err_t
output6(struct netif *nif, struct pbuf *p, const ip6_addr_t *to)
{
  u8_t b[PACKET_MAX];
  struct packet6 *out = &sent[n_sent];
  LWIP_UNUSED_ARG(to);
  pbuf_copy_partial(p, b, p->tot_len, 0);
  if (b[6] != 6) {
    return ERR_OK; /* ICMPv6 */
  }
  ck_assert_uint_lt(n_sent, LWIP_ARRAYSIZE(sent));
  ck_assert_uint_eq(checksum6(b, (u16_t)(p->tot_len - IP6_LEN)), 0);
  memset(out, 0, sizeof(*out));
  memcpy(out->src, b + 8, 16);
  memcpy(out->dst, b + 24, 16);
  out->netif = nif;
  out->tcp.src = (u16_t)((b[40] << 8) | b[41]);
  out->tcp.dst = (u16_t)((b[42] << 8) | b[43]);
  out->tcp.seq = get32(b + 44);
  out->tcp.ack = get32(b + 48);
  out->tcp.flags = b[53] & 0x3f;
  out->tcp.optlen = (u8_t)((b[52] >> 4) * 4 - 20);
  memcpy(out->tcp.opts, b + 60, out->tcp.optlen);
  out->tcp.len = (u16_t)(p->tot_len - IP6_LEN - 20 - out->tcp.optlen);
  n_sent++;
  return ERR_OK;
}

static const struct packet6 *
next6(void)
{
  return n_seen < n_sent ? &sent[n_seen++] : NULL;
}

static const struct packet6 *
only6(void)
{
  ck_assert_msg(n_sent - n_seen == 1, "%u packets over IPv6 instead of 1", n_sent - n_seen);
  return next6();
}

/* A segment of the peer arrives over IPv6 at an interface. */
static void
say6(struct netif *nif, const u8_t *from, const u8_t *to, u8_t flags, u16_t len)
{
  u8_t b[PACKET_MAX];
  struct packet p = from_peer(0, flags, len);
  u16_t total = (u16_t)(20 + len), sum;
  struct pbuf *q;
  memset(b, 0, sizeof(b));
  b[0] = 0x60;
  b[4] = (u8_t)(total >> 8);
  b[5] = (u8_t)total;
  b[6] = 6;
  b[7] = 64;
  memcpy(b + 8, from, 16);
  memcpy(b + 24, to, 16);
  b[40] = (u8_t)(peer.port >> 8);
  b[41] = (u8_t)peer.port;
  b[42] = (u8_t)(peer.lwip_port >> 8);
  b[43] = (u8_t)peer.lwip_port;
  put32(b + 44, p.seq);
  put32(b + 48, p.ack);
  b[52] = 0x50;
  b[53] = flags;
  b[54] = (u8_t)(p.wnd >> 8);
  b[55] = (u8_t)p.wnd;
  memcpy(b + 60, p.data, len);
  sum = checksum6(b, total);
  b[56] = (u8_t)(sum >> 8);
  b[57] = (u8_t)sum;
  q = pbuf_alloc(PBUF_RAW, (u16_t)(IP6_LEN + total), PBUF_RAM);
  pbuf_take(q, b, (u16_t)(IP6_LEN + total));
  if (nif->input(q, nif) != ERR_OK) {
    pbuf_free(q);
  }
  peer.seq += len + ((flags & (SYN | FIN)) ? 1U : 0U);
}

/* ---- the world ---- */

static err_t
output4(struct netif *nif, struct pbuf *p, const ip4_addr_t *to)
{
  return netif.output(nif, p, to);
}

static err_t
setup(struct netif *nif)
{
  nif->name[0] = 'w';
  nif->name[1] = 'x';
  nif->output = output4;
  nif->output_ip6 = output6;
  nif->mtu = 1500;
#if LWIP_ND6_ALLOW_RA_UPDATES
  nif->mtu6 = 1500;
#endif
  nif->flags = NETIF_FLAG_LINK_UP;
  return ERR_OK;
}

static void
give_address(struct netif *nif, s8_t i, const u8_t *bytes)
{
  ip6_addr_t a;
  memset(&a, 0, sizeof(a));
  memcpy(a.addr, bytes, 16);
  ip6_addr_assign_zone(&a, IP6_UNICAST, nif);
  netif_ip6_addr_set(nif, i, &a);
  netif_ip6_addr_set_state(nif, i, IP6_ADDR_PREFERRED);
}

/* Both interfaces have the same link-local address; the first has a global one too. */
static void
two_interfaces(void)
{
  ip4_addr_t addr, mask, gw;
  netif.output_ip6 = output6;
#if LWIP_ND6_ALLOW_RA_UPDATES
  netif.mtu6 = 1500;
#endif
  IP4_ADDR(&addr, 10, 1, 0, 1);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  ip4_addr_set_zero(&gw);
  ck_assert_ptr_nonnull(netif_add(&second, &addr, &mask, &gw, NULL, setup, ip_input));
  netif.input = ip_input;
  netif_set_up(&second);
  give_address(&netif, 0, local6);
  give_address(&netif, 1, global6);
  give_address(&second, 0, local6);
  peer.lwip_port = PORT;
}

static ip_addr_t
address6(const u8_t *bytes, const struct netif *zone)
{
  ip_addr_t a;
  memset(&a, 0, sizeof(a));
  IP_SET_TYPE_VAL(a, IPADDR_TYPE_V6);
  memcpy(ip_2_ip6(&a)->addr, bytes, 16);
  if (zone != NULL) {
    ip6_addr_assign_zone(ip_2_ip6(&a), IP6_UNICAST, zone);
  }
  return a;
}

static err_t
on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  ck_assert_int_eq(err, ERR_OK);
  app.accepts++;
  app_install(pcb);
  return ERR_OK;
}

static struct tcp_pcb *
listener_of(u8_t type, const ip_addr_t *addr, int mark)
{
  static int marks[8];
  struct tcp_pcb *pcb = tcp_new_ip_type(type);
  ip_set_option(pcb, SOF_REUSEADDR);
  ck_assert_int_eq(tcp_bind(pcb, addr, PORT), ERR_OK);
  pcb = tcp_listen(pcb);
  ck_assert_ptr_nonnull(pcb);
  marks[mark] = mark;
  tcp_arg(pcb, &marks[mark]);
  tcp_accept(pcb, on_accept);
  return pcb;
}

/* Which listener got the SYN: its mark; 0: none. */
static int
who_gets(int v6, struct netif *nif)
{
  struct tcp_pcb *pcb;
  int mark = 0;
  peer.port++;
  peer.seq = 7000;
  if (v6) {
    say6(nif, nif == &netif ? far6 : remote6, nif == &netif ? global6 : local6, SYN, 0);
  } else {
    say(0, SYN, 0);
  }
  pcb = pcb_of(peer.port);
  if (pcb != NULL) {
    mark = *(int *)tcp_callback_arg_get(pcb);
    tcp_abort(pcb);
  }
  world_discard();
  n_seen = n_sent;
  return mark;
}

/* ---- listeners ---- */

/* A dual-stack listener takes both; one of a type only its own. */
START_TEST(dual_stack_listener)
{
  static const u8_t types[] = { IPADDR_TYPE_ANY, IPADDR_TYPE_V6, IPADDR_TYPE_V4 };
  const ip_addr_t *any[] = { IP_ANY_TYPE, IP6_ADDR_ANY, IP4_ADDR_ANY };
  two_interfaces();
  listener_of(types[_i], any[_i], 1);
  ck_assert_int_eq(who_gets(1, &netif), _i != 2);
  ck_assert_int_eq(who_gets(0, &netif), _i != 1);
}
END_TEST

/* The best fit wins, whatever the order of listen: an address, then any of the type, then dual-stack. */
START_TEST(best_listener)
{
  ip_addr_t own4, own6 = address6(global6, NULL);
  int order, j;
  two_interfaces();
  ip_addr_copy_from_ip4(own4, *netif_ip4_addr(&netif));
  for (j = 0; j < 3; j++) {
    order = (j + _i) % 3;
    if (order == 0) {
      listener_of(IPADDR_TYPE_ANY, IP_ANY_TYPE, 1);
    } else if (order == 1) {
      listener_of(IPADDR_TYPE_V6, &own6, 2);
    } else {
      listener_of(IPADDR_TYPE_V4, &own4, 3);
    }
  }
  ck_assert_int_eq(who_gets(1, &netif), 2);
  ck_assert_int_eq(who_gets(0, &netif), 3);
  ck_assert_int_eq(who_gets(1, &second), 1); /* to another address */
}
END_TEST

/* A connection over each family through one listener, with data both ways. */
START_TEST(both_families)
{
  const struct packet6 *p;
  two_interfaces();
  listener_of(IPADDR_TYPE_ANY, IP_ANY_TYPE, 1);
  say6(&netif, far6, global6, SYN, 0);
  p = only6();
  ck_assert_uint_eq(p->tcp.flags, SYN | ACK);
  peer.ack = p->tcp.seq + 1;
  say6(&netif, far6, global6, ACK, 10);
  ck_assert_uint_eq(app.accepts, 1);
  ck_assert_uint_eq(app.taken, 10);
  ck_assert(IP_IS_V6(tcp_remote_ip_get(app.pcb)));
  n_seen = n_sent;
  app_send(2000);
  peer.ack += 2000;
  say6(&netif, far6, global6, ACK, 0);
  world_pass(SECOND);
  tcp_abort(app.pcb);
  peer.seq = 7000;
  world_discard();
  ck_assert(enter_from(1000));
  peer_data(10);
  ck_assert_uint_eq(app.taken, 20);
  ck_assert(IP_IS_V4(tcp_remote_ip_get(app.pcb)));
  end_clean();
}
END_TEST

/* RFC 9293 3.7.1 MUST-15: without the option an IPv6 peer takes 1220 bytes; ours says what its MTU leaves. */
START_TEST(mss_over_ipv6)
{
  const struct packet6 *p;
  u8_t len;
  two_interfaces();
  listener_of(IPADDR_TYPE_ANY, IP_ANY_TYPE, 1);
  say6(&netif, far6, global6, SYN, 0);
  p = only6();
  ck_assert_uint_eq(option(&p->tcp, 2, &len)[0] * 256 + option(&p->tcp, 2, &len)[1], TCP_MSS);
  peer.ack = p->tcp.seq + 1;
  say6(&netif, far6, global6, ACK, 0);
  ck_assert_uint_eq(tcp_mss(app.pcb), LWIP_MIN(TCP_MSS, 1220));
  end_clean();
}
END_TEST

/* ---- zones ---- */

/* The same link-local address behind two interfaces is two peers: nobody's segment reaches the other's connection. */
START_TEST(zones_are_apart)
{
  const struct packet6 *p;
  struct tcp_pcb *first;
  u32_t acks[2];
  two_interfaces();
  listener_of(IPADDR_TYPE_ANY, IP_ANY_TYPE, 1);
  say6(&netif, remote6, local6, SYN, 0);
  p = only6();
  ck_assert_ptr_eq(p->netif, &netif);
  acks[0] = p->tcp.seq + 1;
  peer.seq = 7000;
  say6(&second, remote6, local6, SYN, 0);
  p = only6();
  ck_assert_ptr_eq(p->netif, &second);
  ck_assert_uint_eq(p->tcp.flags, SYN | ACK);
  acks[1] = p->tcp.seq + 1;
  peer.ack = acks[0];
  say6(&netif, remote6, local6, ACK, 0);
  first = app.pcb;
  peer.ack = acks[1];
  say6(&second, remote6, local6, ACK, 0);
  ck_assert_uint_eq(app.accepts, 2);
  ck_assert_ptr_ne(app.pcb, first);
  n_seen = n_sent;
  app_send(5);
  ck_assert_ptr_eq(only6()->netif, &second);
  say6(&second, remote6, local6, RST, 0);
  ck_assert_uint_eq(app.errs, 1);
  ck_assert_ptr_eq(tcp_active_pcbs, first); /* the other one lives */
  tcp_abort(first);
  end_clean();
}
END_TEST

/* tcp_connect() and tcp_bind() to a link-local address: with its zone through that interface; without one the zone
 * is found when there is only one way. */
START_TEST(connect_to_link_local)
{
  ip_addr_t to = address6(remote6, _i == 0 ? &second : NULL);
  struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_V6);
  two_interfaces();
  if (_i == 0) {
    to = address6(remote6, &second);
  } else {
    tcp_bind_netif(pcb, &second);
  }
  app_install(pcb);
  ck_assert_int_eq(tcp_connect(pcb, &to, peer.port, NULL), ERR_OK);
  ck_assert_uint_eq(only6()->tcp.flags, SYN);
  ck_assert_ptr_eq(sent[0].netif, &second);
  ck_assert_int_eq(memcmp(sent[0].src, local6, 16), 0);
  ck_assert(ip6_addr_has_zone(ip_2_ip6(tcp_remote_ip_get(pcb))));
  peer.lwip_port = sent[0].tcp.src;
  peer.ack = sent[0].tcp.seq + 1;
  say6(&netif, remote6, local6, SYN | ACK, 0); /* from the other link: a stranger */
  peer.seq--;
  assert_state(SYN_SENT);
  n_seen = n_sent;
  say6(&second, remote6, local6, SYN | ACK, 0);
  assert_state(ESTABLISHED);
  end_clean();
}
END_TEST

START_TEST(bind_to_link_local)
{
  ip_addr_t a = address6(local6, &netif), b = address6(local6, &second);
  struct tcp_pcb *l;
  two_interfaces();
  a = address6(local6, &netif);
  b = address6(local6, &second);
  listener_of(IPADDR_TYPE_V6, &b, 2);
  peer.port = 5000;
  ck_assert_int_eq(who_gets(1, &second), 2);
  say6(&netif, remote6, local6, SYN, 0);
  ck_assert(only6()->tcp.flags & RST); /* bound to the address of the other link */
  l = listener_of(IPADDR_TYPE_V6, &a, 1); /* the same address of another link is another address */
  ck_assert_int_eq(who_gets(1, &second), 2);
  tcp_close(l);
}
END_TEST

/* RFC 9293 MUST-46: tcp_connect() to a global address; to what is nobody's address; and from an interface that has no address for it. */
START_TEST(connect_to_global)
{
  ip_addr_t to = address6(far6, NULL), any = address6(far6, NULL), group = address6(far6, NULL);
  struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_V6);
  app_install(pcb);
  tcp_bind_netif(pcb, &netif);
  ck_assert_int_eq(tcp_connect(pcb, &to, peer.port, NULL), ERR_RTE); /* no address yet */
  two_interfaces();
  ip6_addr_set_zero(ip_2_ip6(&any));
  ck_assert_int_eq(tcp_connect(pcb, &any, peer.port, NULL), ERR_VAL);
  IP_ADDR6_HOST(&group, 0xff0e0000UL, 0, 0, 1);
  ck_assert_int_eq(tcp_connect(pcb, &group, peer.port, NULL), ERR_VAL);
  ck_assert_int_eq(tcp_connect(pcb, &to, peer.port, NULL), ERR_OK);
  ck_assert_uint_eq(only6()->tcp.flags, SYN);
  ck_assert_int_eq(memcmp(sent[0].src, global6, 16), 0);
  ck_assert_int_eq(memcmp(sent[0].dst, far6, 16), 0);
  end_clean();
}
END_TEST

/* The pool is empty. */
START_TEST(no_pcb_of_any_type)
{
  static const u8_t types[] = { IPADDR_TYPE_ANY, IPADDR_TYPE_V6, IPADDR_TYPE_V4 };
  unsigned int i;
  for (i = 0; i < MEMP_NUM_TCP_PCB; i++) {
    ck_assert_ptr_nonnull(tcp_new_ip_type(types[i % 3]));
  }
  ck_assert_ptr_null(tcp_new_ip_type(types[_i]));
}
END_TEST

/* ---- addresses ---- */

/* An IPv6 address goes or changes: its connections end, those of others and of IPv4 stay. */
START_TEST(address6_changes)
{
  const struct packet6 *p;
  struct tcp_pcb *four;
  ip6_addr_t other;
  two_interfaces();
  listener_of(IPADDR_TYPE_ANY, IP_ANY_TYPE, 1);
  ck_assert(enter_from(1000));
  four = app.pcb;
  tcp_err(four, NULL);
  peer.seq = 7000;
  say6(&netif, far6, global6, SYN, 0);
  p = only6();
  peer.ack = p->tcp.seq + 1;
  say6(&netif, far6, global6, ACK, 0);
  if (_i == 0) {
    netif_ip6_addr_set_state(&netif, 1, IP6_ADDR_INVALID);
  } else {
    ip6_addr_copy(other, *netif_ip6_addr(&netif, 1));
    other.addr[3] = PP_HTONL(77);
    netif_ip6_addr_set(&netif, 1, &other);
  }
  ck_assert_uint_eq(app.errs, 1);
  ck_assert_int_eq(app.err, ERR_ABRT);
  ck_assert_ptr_eq(tcp_active_pcbs, four);
  tcp_abort(four);
  end_clean();
}
END_TEST

TCase *
dual_tests(void)
{
  TCase *tc = tcase_create("dual");
  tcase_add_loop_test(tc, dual_stack_listener, 0, 3);
  tcase_add_loop_test(tc, best_listener, 0, 3);
  tcase_add_test(tc, both_families);
  if (ALT) {
    tcase_add_test(tc, mss_over_ipv6); /* legacy: 536 */
  }
  tcase_add_test(tc, zones_are_apart);
  tcase_add_loop_test(tc, connect_to_link_local, 0, 2);
  tcase_add_test(tc, bind_to_link_local);
  if (ALT) {
    tcase_add_test(tc, connect_to_global);
  }
  tcase_add_loop_test(tc, no_pcb_of_any_type, 0, 3);
  tcase_add_loop_test(tc, address6_changes, 0, 2);
  return tc;
}
