/* SPDX-License-Identifier: BSD-3-Clause
 * See world.h. */
#include "world.h"

#include "trace.h"

#include "lwip/init.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/timeouts.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SENT 4096
#define START_MS 1000000U /* not 0: a backend may take 0 for "never" */
#define RANDOM_SEED 12345U
#define MOST_WAKEUPS 10000000U /* of one world */

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
static unsigned int random_state = RANDOM_SEED;

unsigned int
unix_port_rand(void)
{
  random_state = random_state * 1103515245U + 12345U;
  return random_state ^ (random_state >> 15);
}

u32_t
world_now(void)
{
  return now_ms;
}

void
world_choose_backend(void)
{
#if LWIP_TCP_BOTH
  const char *name = getenv("TCP_BACKEND");
  int alt = name != NULL && strcmp(name, "alt") == 0;
  if (name == NULL || (!alt && strcmp(name, "legacy") != 0) ||
      lwip_tcp_backend_select(alt ? LWIP_TCP_BACKEND_ALT : LWIP_TCP_BACKEND_LEGACY) != ERR_OK) {
    fprintf(stderr, "TCP_BACKEND in the environment: legacy or alt?\n");
    exit(2);
  }
#endif
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
static unsigned int wakeups_left = MOST_WAKEUPS;

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
  ck_assert_msg(--wakeups_left != 0, "lwIP never sleeps");
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

#if LWIP_TCP_ALT == 1 && LWIP_TCP_ALT_TEST
#include "lwip/tcp_alt_test.h"

/* Between two events a connection is whole. */
static void
check_connections(void)
{
  const char *why = tcp_alt_test_any_wrong();
  ck_assert_msg(why == NULL, "at %u ms: %s", (unsigned int)now_ms, why);
}
#else
#define check_connections()
#endif

void
world_pass(u32_t ms)
{
  u32_t end = now_ms + ms;

  check_connections();
  while (step(end)) {
    check_connections();
  }
}

/* ---- the interface ---- */

static void
trace(enum trace_way way, const struct pbuf *p)
{
  u8_t bytes[PACKET_MAX];
  u16_t total = pbuf_copy_partial(p, bytes, sizeof(bytes), 0);

  trace_packet(way, now_ms - START_MS, bytes, total);
}

static err_t
netif_in(struct pbuf *p, struct netif *nif)
{
  trace(TRACE_IN, p);
  return ip_input(p, nif);
}

static err_t
netif_out(struct netif *nif, struct pbuf *p, const ip4_addr_t *to)
{
  u8_t bytes[PACKET_MAX];

  LWIP_UNUSED_ARG(nif);
  LWIP_UNUSED_ARG(to);
  trace(driver.answer == ERR_OK ? TRACE_OUT : TRACE_REFUSED, p);
  if (driver.answer != ERR_OK) {
    driver.refused++;
    driver.last_refusal = now_ms;
    return driver.answer;
  }
  if (n_sent == MAX_SENT) {
    /* room for those that nobody has looked at, and for more */
    memmove(sent, sent + n_seen, (n_sent - n_seen) * sizeof(sent[0]));
    n_sent -= n_seen;
    n_seen = 0;
  }
  ck_assert_uint_le(p->tot_len, sizeof(bytes));
  pbuf_copy_partial(p, bytes, p->tot_len, 0);
  ck_assert_uint_lt(n_sent, MAX_SENT);
  ck_assert(packet_parse(&sent[n_sent], bytes, p->tot_len));
  sent[n_sent++].at = now_ms;
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
world_restart(u32_t now)
{
  memset(&driver, 0, sizeof(driver));
  memset(&app, 0, sizeof(app));
  now_ms = now;
  random_state = RANDOM_SEED;
  n_sent = n_seen = 0;
  peer.port = 4000;
  peer.seq = 7000;
  peer.wnd = 60000;
#if LWIP_TIMERS
  wakeups_left = MOST_WAKEUPS;
#endif
}

void
world_start(void)
{
  ip4_addr_t addr, mask, gw;

  world_restart(START_MS);
  lwip_init();
  IP4_ADDR(&addr, lwip_addr[0], lwip_addr[1], lwip_addr[2], lwip_addr[3]);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  ip4_addr_set_zero(&gw);
  ck_assert_ptr_nonnull(netif_add(&netif, &addr, &mask, &gw, NULL, netif_setup, netif_in));
  netif_set_default(&netif);
  netif_set_up(&netif);
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

void
peer_send_at(u32_t seq, u8_t flags, const void *data, u16_t len)
{
  struct packet out = { 0 };
  u8_t bytes[PACKET_MAX];
  struct pbuf *p;
  u16_t total;

  out.src = peer.port;
  out.dst = peer.lwip_port;
  out.seq = seq;
  out.ack = (flags & ACK) ? peer.ack : 0;
  out.flags = flags;
  out.wnd = peer.wnd;
  out.len = len;
  if (len > 0) {
    memcpy(out.data, data, len);
  }
  total = packet_build(bytes, &out, peer_addr, lwip_addr);
  p = pbuf_alloc(PBUF_RAW, total, PBUF_POOL);
  ck_assert_ptr_nonnull(p);
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
