/* SPDX-License-Identifier: BSD-3-Clause
 * See host.h. */
#include "host.h"

#include "lwip/mem.h"
#include "lwip/memp.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/prot/ip4.h"
#include "lwip/prot/ip6.h"
#include "lwip/stats.h"
#include "lwip/sys.h"
#include "lwip/tcpip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MTU 1280U
#define DRAIN_MS 7200000U /* of lwIP's time: what a connection without an owner may last */
#define TAKEN_MAX 4096

struct host host;

static struct netif link_netif;
static unsigned int lose_every, n_sent, n_done;

static void
fail(const char *what)
{
  fprintf(stderr, "host: %s\n", what);
  exit(3);
}

/* ---- the core ---- */

struct core_call {
  void (*fn)(void *arg);
  void *arg;
  sys_sem_t done;
};

#if !LWIP_TCPIP_CORE_LOCKING
static void
run_and_signal(void *arg)
{
  struct core_call *call = (struct core_call *)arg;

  call->fn(call->arg);
  sys_sem_signal(&call->done);
}
#endif

static void
signal_only(void *arg)
{
  sys_sem_signal((sys_sem_t *)arg);
}

static void
through_thread(void (*fn)(void *), void *arg, sys_sem_t *done)
{
  if (tcpip_callback(fn, arg) != ERR_OK) {
    fail("tcpip_callback");
  }
  sys_sem_wait(done);
}

void
host_on_core(void (*fn)(void *arg), void *arg)
{
#if LWIP_TCPIP_CORE_LOCKING
  LOCK_TCPIP_CORE();
  fn(arg);
  UNLOCK_TCPIP_CORE();
#else
  struct core_call call = { fn, arg, NULL };

  sys_sem_new(&call.done, 0);
  through_thread(run_and_signal, &call, &call.done);
  sys_sem_free(&call.done);
#endif
}

static void
count_segments(void *arg)
{
  *(unsigned long *)arg = (unsigned long)lwip_stats.tcp.xmit + (unsigned long)lwip_stats.tcp.recv + n_sent + n_done;
}

void
host_settle(void)
{
  unsigned long before, after;
  sys_sem_t done;
  int quiet = 0;

  sys_sem_new(&done, 0);
  host_on_core(count_segments, &after);
  while (quiet < 2) {
    before = after;
    through_thread(signal_only, &done, &done);
    host_on_core(count_segments, &after);
    quiet = before == after ? quiet + 1 : 0;
  }
  sys_sem_free(&done);
}

struct question {
  int (*condition)(void *arg);
  void *arg;
  int answer;
};

static void
ask(void *arg)
{
  struct question *question = (struct question *)arg;

  question->answer = question->condition(question->arg);
}

int
host_await(int (*condition)(void *arg), void *arg, unsigned int ms)
{
  struct question question = { condition, arg, 0 };
  u32_t since = sys_now();

  do {
    host_settle();
    host_on_core(ask, &question);
    if (question.answer) {
      return 1;
    }
    sys_msleep(20);
  } while (sys_now() - since < ms);
  return 0;
}

/* ---- the link ---- */

static void
swap(void *a, void *b, size_t len)
{
  u8_t tmp[16];

  memcpy(tmp, a, len);
  memcpy(a, b, len);
  memcpy(b, tmp, len);
}

/* Checksums do not notice: they are sums. */
static void
turn_round(struct pbuf *p)
{
  u8_t *bytes = (u8_t *)p->payload;

  if (bytes[0] >> 4 == 4) {
    swap(bytes + 12, bytes + 16, 4);
  } else {
    swap(bytes + 8, bytes + 24, 16);
  }
}

static err_t
carry(struct netif *netif, struct pbuf *p)
{
  struct pbuf *copy;

  n_sent++;
  if (lose_every != 0 && n_sent % lose_every == 0) {
    return ERR_OK;
  }
  copy = pbuf_alloc(PBUF_RAW, p->tot_len, PBUF_POOL);
  if (copy == NULL) {
    return ERR_OK; /* lost */
  }
  if (copy->len < copy->tot_len || pbuf_copy(copy, p) != ERR_OK) {
    fail("a packet does not fit");
  }
  turn_round(copy);
  if (netif->input(copy, netif) != ERR_OK) {
    pbuf_free(copy);
  }
  return ERR_OK;
}

static err_t
output4(struct netif *netif, struct pbuf *p, const ip4_addr_t *to)
{
  LWIP_UNUSED_ARG(to);
  return carry(netif, p);
}

static err_t
output6(struct netif *netif, struct pbuf *p, const ip6_addr_t *to)
{
  LWIP_UNUSED_ARG(to);
  return carry(netif, p);
}

static err_t
setup(struct netif *netif)
{
  netif->name[0] = 'l';
  netif->name[1] = 'k';
  netif->output = output4;
  netif->output_ip6 = output6;
  netif->mtu = MTU;
  netif->flags = NETIF_FLAG_LINK_UP;
  return ERR_OK;
}

static void
set_lose(void *arg)
{
  lose_every = *(unsigned int *)arg;
  n_sent = 0;
}

void
host_link_lose(unsigned int every)
{
  host_on_core(set_lose, &every);
}

/* ---- the pools ---- */

static void *taken[TAKEN_MAX];
static unsigned int n_taken;
static int taken_pool; /* a memp_t, -1 the heap */
static u32_t baseline[MEMP_MAX], heap_baseline;

static int
pool_by_name(const char *name)
{
  static const struct {
    const char *name;
    int pool;
  } pools[] = { { "HEAP", -1 }, { "TCP_SEG", MEMP_TCP_SEG }, { "TCP_PCB", MEMP_TCP_PCB },
                { "TCP_PCB_LISTEN", MEMP_TCP_PCB_LISTEN }, { "NETCONN", MEMP_NETCONN },
                { "NETBUF", MEMP_NETBUF }, { "PBUF", MEMP_PBUF } };
  size_t i;

  for (i = 0; i < LWIP_ARRAYSIZE(pools); i++) {
    if (strcmp(name, pools[i].name) == 0) {
      return pools[i].pool;
    }
  }
  return -2;
}

static void
take_all(void *arg)
{
  size_t size = 4096;

  LWIP_UNUSED_ARG(arg);
  while (n_taken < TAKEN_MAX && size >= 16) {
    void *p = taken_pool >= 0 ? memp_malloc((memp_t)taken_pool) : mem_malloc((mem_size_t)size);

    if (p != NULL) {
      taken[n_taken++] = p;
    } else {
      size = taken_pool >= 0 ? 0 : size / 2;
    }
  }
}

int
host_exhaust(const char *pool)
{
  taken_pool = pool_by_name(pool);
  if (taken_pool == -2 || n_taken > 0) {
    return 0;
  }
  host_on_core(take_all, NULL);
  return 1;
}

static void
give_back(void *arg)
{
  LWIP_UNUSED_ARG(arg);
  while (n_taken > 0) {
    void *p = taken[--n_taken];

    if (taken_pool >= 0) {
      memp_free((memp_t)taken_pool, p);
    } else {
      mem_free(p);
    }
  }
}

void
host_release(void)
{
  host_on_core(give_back, NULL);
}

static void
remember_pools(void *arg)
{
  int i;

  LWIP_UNUSED_ARG(arg);
  for (i = 0; i < MEMP_MAX; i++) {
    baseline[i] = (u32_t)memp_pools[i]->stats->used;
  }
  heap_baseline = (u32_t)lwip_stats.mem.used;
}

/* SYS_TIMEOUT is TCP's own business: legacy's tick may be armed, alt's deadline too. */
static int
pools_are_back(void *arg)
{
  char *leak = (char *)arg;
  int i, back = 1;

  leak[0] = '\0';
  while (tcp_tw_pcbs != NULL) {
    tcp_abort(tcp_tw_pcbs);
  }
  for (i = 0; i < MEMP_MAX; i++) {
    u32_t used = (u32_t)memp_pools[i]->stats->used;

    if (used != baseline[i] && i != MEMP_SYS_TIMEOUT) {
      snprintf(leak + strlen(leak), 200 - strlen(leak), "%s%s %u instead of %u", back ? "" : ", ",
               memp_pools[i]->desc, (unsigned int)used, (unsigned int)baseline[i]);
      back = 0;
    }
  }
  if (lwip_stats.mem.used != heap_baseline) {
    snprintf(leak + strlen(leak), 200 - strlen(leak), "%sheap %u instead of %u", back ? "" : ", ",
             (unsigned int)lwip_stats.mem.used, (unsigned int)heap_baseline);
    back = 0;
  }
  return back;
}

const char *
host_leak(void)
{
  static char leak[256];

  return host_await(pools_are_back, leak, DRAIN_MS) ? NULL : leak;
}

/* ---- start ---- */

static void
addresses(void)
{
  if (host.loop) {
    ipaddr_aton(host.ipv6 ? "::1" : "127.0.0.1", &host.own);
    host.peer = host.own;
  } else {
    ipaddr_aton(host.ipv6 ? "fd00::1" : "10.0.0.1", &host.own);
    ipaddr_aton(host.ipv6 ? "fd00::2" : "10.0.0.2", &host.peer);
  }
}

static void
start(void *done)
{
  ip4_addr_t addr, mask, gw;
  ip6_addr_t addr6;
  s8_t index;

  IP4_ADDR(&addr, 10, 0, 0, 1);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  ip4_addr_set_zero(&gw);
  if (netif_add(&link_netif, &addr, &mask, &gw, NULL, setup, tcpip_input) == NULL) {
    fail("netif_add");
  }
  ip6addr_aton("fd00::1", &addr6);
  if (netif_add_ip6_address(&link_netif, &addr6, &index) != ERR_OK) {
    fail("netif_add_ip6_address");
  }
  netif_ip6_addr_set_state(&link_netif, index, IP6_ADDR_PREFERRED);
  netif_set_up(&link_netif);
  sys_sem_signal((sys_sem_t *)done);
}

void
host_start(int ipv6, int loop)
{
  sys_sem_t done;

  host.ipv6 = ipv6;
  host.loop = loop;
  addresses();
  sys_sem_new(&done, 0);
  tcpip_init(start, &done);
  sys_sem_wait(&done);
  sys_sem_free(&done);
  host_settle();
  host_on_core(remember_pools, NULL);
}
