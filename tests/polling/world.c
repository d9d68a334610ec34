/* SPDX-License-Identifier: BSD-3-Clause
 * See world.h. */
#include "world.h"

#include "lwip/init.h"
#include "lwip/prot/ip4.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/timeouts.h"

#include <check.h>
#include <string.h>

#define IP_LEN   20
#define TCP_LEN  20
#define MAX_SENT 4096

enum clock_source clock_source;
struct peer peer;
struct driver driver;
struct netif netif;

static u32_t now_ms;

static struct packet sent[MAX_SENT];
static unsigned int n_sent, n_seen;

static const u8_t lwip_addr[4] = { 10, 0, 0, 1 };
static const u8_t peer_addr[4] = { 10, 0, 0, 2 };

/* ---- clock ---- */

#if LWIP_TIMERS
u32_t
sys_now(void)
{
  return now_ms;
}
#endif
/* With LWIP_TIMERS=0 there is no sys_now at all: a backend that calls it does not link. */

/* arch/cc.h of the unix port asks for this; a test must be repeatable. */
unsigned int
unix_port_rand(void);
unsigned int
unix_port_rand(void)
{
  static unsigned int state = 12345;

  state = state * 1103515245U + 12345U;
  return state ^ (state >> 15);
}

u32_t
world_now(void)
{
  return now_ms;
}

u32_t
grain(void)
{
  if (!ALT) {
    return TCP_SLOW_INTERVAL;
  }
  return clock_source == CLOCK_SYS_NOW ? 0 : clock_source == CLOCK_TCP_TMR ? TCP_TMR_INTERVAL : TCP_SLOW_INTERVAL;
}

#if LWIP_TIMERS

static unsigned int wakeups;

unsigned int
world_wakeups(void)
{
  return wakeups;
}

int
world_sleeps_forever(void)
{
  return sys_timeouts_sleeptime() == SYS_TIMEOUTS_SLEEPTIME_INFINITE;
}

/* Sleep exactly as a port would; false when the next timeout is after end. */
static int
step(u32_t end)
{
  u32_t sleep = sys_timeouts_sleeptime();

  if (sleep == SYS_TIMEOUTS_SLEEPTIME_INFINITE || sleep > end - now_ms) {
    now_ms = end;
    return 0;
  }
  now_ms += sleep;
  wakeups++;
  ck_assert_msg(wakeups < 10000000, "lwIP never sleeps");
  sys_check_timeouts();
  return 1;
}

#else

unsigned int
world_wakeups(void)
{
  ck_abort_msg("no wake-ups to count without LWIP_TIMERS");
  return 0;
}

int
world_sleeps_forever(void)
{
  ck_abort_msg("nothing sleeps without LWIP_TIMERS");
  return 0;
}

static int
step(u32_t end)
{
  u32_t next = (now_ms / TCP_TMR_INTERVAL + 1) * TCP_TMR_INTERVAL;

  if (next > end) {
    now_ms = end;
    return 0;
  }
  now_ms = next;
  if (clock_source == CLOCK_TCP_TMR) {
    tcp_tmr();
  } else {
    tcp_fasttmr();
    if (now_ms % TCP_SLOW_INTERVAL == 0) {
      tcp_slowtmr();
    }
  }
  return 1;
}

#endif /* LWIP_TIMERS */

void
world_pass(u32_t ms)
{
  u32_t end = now_ms + ms;

  while (step(end)) {
  }
}

/* ---- the interface ---- */

static u32_t
get32(const u8_t *p)
{
  return ((u32_t)p[0] << 24) | ((u32_t)p[1] << 16) | ((u32_t)p[2] << 8) | p[3];
}

static u16_t
get16(const u8_t *p)
{
  return (u16_t)((p[0] << 8) | p[1]);
}

static void
put32(u8_t *p, u32_t v)
{
  p[0] = (u8_t)(v >> 24);
  p[1] = (u8_t)(v >> 16);
  p[2] = (u8_t)(v >> 8);
  p[3] = (u8_t)v;
}

static void
put16(u8_t *p, u16_t v)
{
  p[0] = (u8_t)(v >> 8);
  p[1] = (u8_t)v;
}

static void
record(const u8_t *ip, u16_t ip_len)
{
  const u8_t *tcp = ip + IP_LEN;
  u16_t header = (u16_t)((tcp[12] >> 4) * 4);
  struct packet *p = &sent[n_sent++];

  ck_assert_msg(n_sent < MAX_SENT, "more than %d packets", MAX_SENT);
  ck_assert_uint_eq(ip[9], IP_PROTO_TCP);
  ck_assert_uint_ge(ip_len, IP_LEN + header);
  p->at = now_ms;
  p->src = get16(tcp);
  p->dst = get16(tcp + 2);
  p->seq = get32(tcp + 4);
  p->ack = get32(tcp + 8);
  p->flags = tcp[13] & 0x3fU;
  p->wnd = get16(tcp + 14);
  p->len = (u16_t)(ip_len - IP_LEN - header);
  memcpy(p->data, tcp + header, p->len);
}

static err_t
netif_out(struct netif *nif, struct pbuf *p, const ip4_addr_t *to)
{
  u8_t bytes[1600];

  LWIP_UNUSED_ARG(nif);
  LWIP_UNUSED_ARG(to);
  if (driver.answer != ERR_OK) {
    driver.refused++;
    driver.last_refusal = now_ms;
    return driver.answer;
  }
  ck_assert_uint_le(p->tot_len, sizeof(bytes));
  pbuf_copy_partial(p, bytes, p->tot_len, 0);
  record(bytes, p->tot_len);
  return ERR_OK;
}

static err_t
netif_setup(struct netif *nif)
{
  nif->name[0] = 'w';
  nif->name[1] = 'w';
  nif->output = netif_out;
  nif->mtu = 1500;
  nif->flags = NETIF_FLAG_LINK_UP;
  return ERR_OK;
}

void
world_start(void)
{
  ip4_addr_t addr, mask, gw;

  memset(&driver, 0, sizeof(driver));
  now_ms = 1000000; /* not 0: a backend may take 0 for "never" */
  lwip_init();
  IP4_ADDR(&addr, lwip_addr[0], lwip_addr[1], lwip_addr[2], lwip_addr[3]);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  ip4_addr_set_zero(&gw);
  ck_assert_ptr_nonnull(netif_add(&netif, &addr, &mask, &gw, NULL, netif_setup, ip_input));
  netif_set_default(&netif);
  netif_set_up(&netif);
  peer.port = 4000;
  peer.seq = 7000;
  peer.wnd = 60000;
}

const struct packet *
world_next(void)
{
  return n_seen < n_sent ? &sent[n_seen++] : NULL;
}

unsigned int
world_pending(void)
{
  return n_sent - n_seen;
}

void
world_discard(void)
{
  n_seen = n_sent;
}

typedef int (*packet_test)(const struct packet *p, u8_t flags);

static int
has_flags(const struct packet *p, u8_t flags)
{
  return (p->flags & flags) == flags;
}

static int
has_data(const struct packet *p, u8_t flags)
{
  LWIP_UNUSED_ARG(flags);
  return p->len > 0;
}

static const struct packet *
await(packet_test test, u8_t flags, u32_t ms)
{
  u32_t end = now_ms + ms;
  int more = 1;

  for (;;) {
    const struct packet *p;

    while ((p = world_next()) != NULL) {
      if (test(p, flags)) {
        return p;
      }
    }
    if (!more) {
      return NULL;
    }
    more = step(end);
  }
}

const struct packet *
world_await(u8_t flags, u32_t ms)
{
  return await(has_flags, flags, ms);
}

const struct packet *
world_await_data(u32_t ms)
{
  return await(has_data, 0, ms);
}

/* ---- the peer ---- */

static u32_t
checksum_add(u32_t sum, const u8_t *p, size_t len)
{
  size_t i;

  for (i = 0; i < len; i++) {
    sum += (i & 1U) ? p[i] : (u32_t)p[i] << 8;
  }
  return sum;
}

static u16_t
checksum_end(u32_t sum)
{
  while (sum >> 16) {
    sum = (sum & 0xffffU) + (sum >> 16);
  }
  return (u16_t)~sum;
}

static void
fill_ip(u8_t *ip, u16_t total)
{
  memset(ip, 0, IP_LEN);
  ip[0] = 0x45;
  put16(ip + 2, total);
  ip[8] = 64;
  ip[9] = IP_PROTO_TCP;
  memcpy(ip + 12, peer_addr, 4);
  memcpy(ip + 16, lwip_addr, 4);
  put16(ip + 10, checksum_end(checksum_add(0, ip, IP_LEN)));
}

static void
fill_tcp(u8_t *tcp, u32_t seq, u8_t flags, const void *data, u16_t len)
{
  u32_t sum;

  memset(tcp, 0, TCP_LEN);
  put16(tcp, peer.port);
  put16(tcp + 2, peer.lwip_port);
  put32(tcp + 4, seq);
  put32(tcp + 8, (flags & ACK) ? peer.ack : 0);
  tcp[12] = (TCP_LEN / 4) << 4;
  tcp[13] = flags;
  put16(tcp + 14, peer.wnd);
  if (len > 0) {
    memcpy(tcp + TCP_LEN, data, len);
  }
  sum = checksum_add(0, peer_addr, 4);
  sum = checksum_add(sum, lwip_addr, 4);
  sum += IP_PROTO_TCP + (u32_t)TCP_LEN + len;
  sum = checksum_add(sum, tcp, (size_t)TCP_LEN + len);
  put16(tcp + 16, checksum_end(sum));
}

void
peer_send_at(u32_t seq, u8_t flags, const void *data, u16_t len)
{
  u8_t bytes[1600];
  u16_t total = (u16_t)(IP_LEN + TCP_LEN + len);
  struct pbuf *p = pbuf_alloc(PBUF_RAW, total, PBUF_POOL);

  ck_assert_ptr_nonnull(p);
  fill_ip(bytes, total);
  fill_tcp(bytes + IP_LEN, seq, flags, data, len);
  pbuf_take(p, bytes, total);
  if (netif.input(p, &netif) != ERR_OK) {
    pbuf_free(p);
  }
}

void
peer_send(u8_t flags, const void *data, u16_t len)
{
  u32_t seq = peer.seq;

  peer.seq += len + ((flags & SYN) ? 1U : 0U) + ((flags & FIN) ? 1U : 0U);
  peer_send_at(seq, flags, data, len);
}

void
peer_take(const struct packet *p)
{
  peer.ack = p->seq + p->len + ((p->flags & SYN) ? 1U : 0U) + ((p->flags & FIN) ? 1U : 0U);
  peer_send(ACK, NULL, 0);
}
