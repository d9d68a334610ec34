/* SPDX-License-Identifier: BSD-3-Clause
 * ICMPv6 errors and Packet Too Big (RFC 4443 3, RFC 8201, RFC 5927). What IPv4's tests show of the rules, these
 * show of IPv6's messages. */
#include "world.h"

#include "only.h"

#include "lwip/ip6.h"
#include "lwip/tcp_access.h"
#include "lwip/tcp_soft_error.h"
#include "lwip/priv/tcp_priv.h"

#include <string.h>

#define HEADERS  60 /* of IPv6 and TCP */
#define UNREACHABLE 1
#define TOO_BIG     2
#define EXCEEDED    3
#define PARAMETER   4
#define NEXT_TCP    6
#define NEXT_ICMP   58

static const u8_t us[16] = { 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 };
static const u8_t them[16] = { 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2 };
static const u8_t router[16] = { 0x20, 1, 0x0d, 0xb8, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9 };

/* ---- packets ---- */

static u8_t sent[64][PACKET_MAX];
static u16_t sent_len[64];
static unsigned int n_sent, n_seen;

static err_t
out6(struct netif *nif, struct pbuf *p, const ip6_addr_t *to)
{
  LWIP_UNUSED_ARG(nif);
  LWIP_UNUSED_ARG(to);
  ck_assert_uint_lt(n_sent, 64);
  sent_len[n_sent] = pbuf_copy_partial(p, sent[n_sent], PACKET_MAX, 0);
  ck_assert_uint_eq(sent_len[n_sent], p->tot_len);
  n_sent++;
  return ERR_OK;
}

static u32_t
get32(const u8_t *b)
{
  return ((u32_t)b[0] << 24) | ((u32_t)b[1] << 16) | ((u32_t)b[2] << 8) | b[3];
}

static void
put32(u8_t *b, u32_t v)
{
  b[0] = (u8_t)(v >> 24);
  b[1] = (u8_t)(v >> 16);
  b[2] = (u8_t)(v >> 8);
  b[3] = (u8_t)v;
}

/* Puts an IPv6 header in front of `len` bytes at bytes + 40, and their checksum at `sum`, and gives it to lwIP. */
static void
inject6(u8_t *bytes, const u8_t *from, u8_t next, u16_t len, u8_t sum)
{
  struct pbuf *p;
  u32_t s = (u32_t)next + len;
  u16_t i;
  memset(bytes, 0, 8);
  bytes[0] = 0x60;
  bytes[4] = (u8_t)(len >> 8);
  bytes[5] = (u8_t)len;
  bytes[6] = next;
  bytes[7] = 64;
  memcpy(bytes + 8, from, 16);
  memcpy(bytes + 24, us, 16);
  bytes[40 + sum] = bytes[41 + sum] = 0;
  for (i = 8; i < 40 + len; i++) {
    s += (i & 1U) ? bytes[i] : (u32_t)bytes[i] << 8;
  }
  s = (s & 0xffffU) + (s >> 16);
  s = ~((s & 0xffffU) + (s >> 16));
  bytes[40 + sum] = (u8_t)(s >> 8);
  bytes[41 + sum] = (u8_t)s;
  p = pbuf_alloc(PBUF_RAW, (u16_t)(40 + len), PBUF_RAM);
  pbuf_take(p, bytes, (u16_t)(40 + len));
  if (netif.input(p, &netif) != ERR_OK) {
    pbuf_free(p);
  }
}

/* The next packet that left: IPv6, TCP, with this many bytes of data. Or NULL. */
static const u8_t *
next6(void)
{
  const u8_t *p = sent[n_seen];
  if (n_seen == n_sent) {
    return NULL;
  }
  n_seen++;
  ck_assert_uint_eq(p[6], NEXT_TCP);
  return p;
}

#define SEQ(p)  get32((p) + 44)
#define SIZE(p) ((unsigned int)(((p)[4] << 8 | (p)[5]) + 40))

/* ---- the peer ---- */

static u32_t ack;      /* what it has received up to */
static u8_t ports[4];  /* its own first */

static void
say6(u8_t flags)
{
  u8_t bytes[PACKET_MAX], *tcp = bytes + 40;
  u8_t len = (flags & SYN) ? 24 : 20;
  memset(tcp, 0, 24);
  memcpy(tcp, ports, 4);
  put32(tcp + 4, (flags & SYN) ? 7000 : 7001);
  put32(tcp + 8, ack);
  tcp[12] = (u8_t)(len << 2);
  tcp[13] = flags;
  tcp[14] = 0xea; /* a window of 60000 */
  tcp[15] = 0x60;
  tcp[20] = 2; /* MSS 1440 */
  tcp[21] = 4;
  tcp[22] = 5;
  tcp[23] = 0xa0;
  inject6(bytes, them, NEXT_TCP, len, 16);
}

/* A router says this, and quotes the first `quote` bytes of our packet. */
static void
icmp6(const u8_t *ours, u8_t type, u8_t code, u32_t rest, u16_t quote)
{
  u8_t bytes[PACKET_MAX];
  bytes[40] = type;
  bytes[41] = code;
  put32(bytes + 44, rest);
  memcpy(bytes + 48, ours, quote);
  inject6(bytes, router, NEXT_ICMP, (u16_t)(8 + quote), 2);
}

static unsigned int errs, told;
static err_t last_err;
static enum tcp_soft_error last_told;

static void
on_err(void *arg, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  errs++;
  last_err = err;
  app.pcb = NULL;
}

static void
on_soft_error(void *arg, struct tcp_pcb *pcb, enum tcp_soft_error error)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(pcb);
  told++;
  last_told = error;
}

/* tcp_connect(), and our SYN. */
static const u8_t *
connecting(void)
{
  ip_addr_t to;
  const u8_t *syn;
  s8_t i = 0;
  netif.output_ip6 = out6;
  memset(&to, 0, sizeof(to));
  IP_SET_TYPE_VAL(to, IPADDR_TYPE_V6);
  memcpy(ip_2_ip6(&to)->addr, us, 16);
  ck_assert_int_eq(netif_add_ip6_address(&netif, ip_2_ip6(&to), &i), ERR_OK);
  netif_ip6_addr_set_state(&netif, i, IP6_ADDR_PREFERRED);
  memcpy(ip_2_ip6(&to)->addr, them, 16);
  app.pcb = tcp_new_ip_type(IPADDR_TYPE_V6);
  tcp_err(app.pcb, on_err);
  tcp_soft_error(app.pcb, on_soft_error);
  ck_assert_int_eq(tcp_connect(app.pcb, &to, 80, NULL), ERR_OK);
  syn = next6();
  ck_assert_ptr_nonnull(syn);
  memcpy(ports, syn + 42, 2);
  memcpy(ports + 2, syn + 40, 2);
  ack = SEQ(syn) + 1;
  return syn;
}

/* An open connection with `n` full segments in flight; the first of them. */
static const u8_t *
sending(unsigned int n)
{
  static u8_t bytes[4 * TCP_MSS];
  const u8_t *first;
  connecting();
  say6(SYN | ACK);
  n_seen = n_sent;
  ck_assert_int_eq(tcp_state_get(app.pcb), ESTABLISHED);
  ck_assert_uint_eq(tcp_mss(app.pcb), TCP_MSS);
  tcp_nagle_disable(app.pcb);
  ck_assert_int_eq(tcp_write(app.pcb, bytes, (u16_t)(n * TCP_MSS), 0), ERR_OK);
  tcp_output(app.pcb);
  first = next6();
  ck_assert_uint_eq(SIZE(first), TCP_MSS + HEADERS);
  n_seen = n_sent;
  return first;
}

/* ---- the tests ---- */

static const struct {
  u8_t type, code;
  enum tcp_soft_error means;
  u8_t hard;
} errors[] = {
  { UNREACHABLE, 0, TCP_SOFT_ERROR_NET, 0 },  { UNREACHABLE, 1, TCP_SOFT_ERROR_PROHIBITED, 1 },
  { UNREACHABLE, 2, TCP_SOFT_ERROR_HOST, 0 }, { UNREACHABLE, 3, TCP_SOFT_ERROR_HOST, 0 },
  { UNREACHABLE, 4, TCP_SOFT_ERROR_PORT, 1 }, { UNREACHABLE, 5, TCP_SOFT_ERROR_PROHIBITED, 0 },
  { UNREACHABLE, 6, TCP_SOFT_ERROR_PROHIBITED, 0 }, { EXCEEDED, 0, TCP_SOFT_ERROR_HOPS, 0 },
  { EXCEEDED, 1, TCP_SOFT_ERROR_REASSEMBLY, 0 }, { PARAMETER, 0, TCP_SOFT_ERROR_HEADER, 0 },
  { PARAMETER, 1, TCP_SOFT_ERROR_PROTOCOL, 1 }, { PARAMETER, 2, TCP_SOFT_ERROR_HEADER, 0 }
};
#define N_ERRORS ((int)LWIP_ARRAYSIZE(errors))

/* RFC 9293 MUST-54, RFC 5927 5.2 */
START_TEST(told_of_icmp6)
{
  const u8_t *p = sending(1);
  icmp6(p, errors[_i].type, errors[_i].code, 0, 48);
  ck_assert_uint_eq(told, 1);
  ck_assert_int_eq(last_told, errors[_i].means);
  ck_assert_uint_eq(errs, 0);
  ck_assert_int_eq(tcp_state_get(app.pcb), ESTABLISHED);
  ck_assert_ptr_null(next6());
}
END_TEST

/* RFC 9293 SHLD-26 */
START_TEST(icmp6_while_opening)
{
  const u8_t *p = connecting();
  icmp6(p, errors[_i].type, errors[_i].code, 0, 60);
  if (errors[_i].hard) {
    ck_assert_uint_eq(errs, 1);
    ck_assert_int_eq(last_err, ERR_RTE);
    ck_assert_uint_eq(pool_used(MEMP_TCP_PCB), 0);
  } else {
    ck_assert_uint_eq(told, 1);
    ck_assert_int_eq(tcp_state_get(app.pcb), SYN_SENT);
  }
}
END_TEST

/* Truncated, not from us, not TCP, not in flight, with a wrong checksum, with an unknown code. */
START_TEST(icmp6_untrue)
{
  static const struct { u8_t at, flip; } breaks[] = { { 0, 0x20 }, { 6, 1 }, { 8, 1 }, { 23, 1 }, { 24, 1 }, { 39, 1 },
                                                     { 41, 1 }, { 43, 1 }, { 44, 0x80 } };
  u8_t ours[PACKET_MAX], bytes[PACKET_MAX];
  struct pbuf *p;
  size_t i;
  u16_t len;
  memcpy(ours, sending(1), 100);
  for (len = 0; len < 48; len++) {
    icmp6(ours, UNREACHABLE, 3, 0, len);
  }
  for (i = 0; i < LWIP_ARRAYSIZE(breaks); i++) {
    ours[breaks[i].at] ^= breaks[i].flip;
    icmp6(ours, UNREACHABLE, 3, 0, 48);
    ours[breaks[i].at] ^= breaks[i].flip;
  }
  icmp6(ours, UNREACHABLE, 7, 0, 48);
  icmp6(ours, 129, 0, 0, 48);
  memset(bytes, 0, 48); /* the checksum is wrong */
  bytes[0] = 0x60;
  bytes[5] = 56;
  bytes[6] = NEXT_ICMP;
  bytes[7] = 64;
  memcpy(bytes + 8, router, 16);
  memcpy(bytes + 24, us, 16);
  bytes[40] = UNREACHABLE;
  memcpy(bytes + 48, ours, 48);
  p = pbuf_alloc(PBUF_RAW, 96, PBUF_RAM);
  pbuf_take(p, bytes, 96);
  ck_assert_int_eq(netif.input(p, &netif), ERR_OK);
  ck_assert_uint_eq(told, 0);
  icmp6(ours, UNREACHABLE, 3, 0, 48);
  ck_assert_uint_eq(told, 1);
}
END_TEST

/* RFC 8201 4-1, 5.4-1: smaller segments, sent again at once. */
START_TEST(too_big_v6)
{
  const u8_t *p = sending(2);
  u32_t at = SEQ(p);
  icmp6(p, TOO_BIG, 0, 1400, 100);
  ck_assert_uint_eq(told, 0);
  ck_assert_uint_eq(tcp_mss(app.pcb), 1400 - HEADERS);
  while ((p = next6()) != NULL) {
    ck_assert_uint_le(SIZE(p), 1400);
    ck_assert_uint_eq(SEQ(p), at);
    at += SIZE(p) - HEADERS;
  }
  ck_assert_uint_eq(at, ack + 2 * TCP_MSS);
}
END_TEST

/* RFC 8201 4-2, 4-3: never below 1280, whatever is said; and what is not smaller than that is not news. */
START_TEST(least_mtu)
{
  static const u32_t mtus[] = { 1279, 1000, 68, 0 };
  const u8_t *p = sending(1);
  icmp6(p, TOO_BIG, 0, mtus[_i], 100);
  p = next6();
  ck_assert_uint_eq(SIZE(p), 1280);
  n_seen = n_sent;
  icmp6(p, TOO_BIG, 0, mtus[_i], 100);
  ck_assert_ptr_null(next6());
  ck_assert_uint_eq(tcp_mss(app.pcb), 1280 - HEADERS);
}
END_TEST

/* RFC 8201 4-4 */
START_TEST(too_big_v6_untrue)
{
  static const u32_t mtus[] = { 1500, 1501, 0x10500, 0xffffffff };
  u8_t ours[PACKET_MAX];
  memcpy(ours, sending(1), 100);
  icmp6(ours, TOO_BIG, 0, mtus[_i], 100);
  ours[44] ^= 0x40; /* not in flight */
  icmp6(ours, TOO_BIG, 0, 1300, 100);
  ck_assert_uint_eq(tcp_mss(app.pcb), TCP_MSS);
  ck_assert_ptr_null(next6());
}
END_TEST

TCase *
icmp6_tests(void)
{
  TCase *group = tcase_create("icmp6");
  tcase_add_loop_test(group, told_of_icmp6, 0, N_ERRORS);
  tcase_add_loop_test(group, icmp6_while_opening, 0, N_ERRORS);
  tcase_add_test(group, icmp6_untrue);
  tcase_add_test(group, too_big_v6);
  tcase_add_loop_test(group, least_mtu, 0, 4);
  tcase_add_loop_test(group, too_big_v6_untrue, 0, 4);
  return group;
}
