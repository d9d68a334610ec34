/* SPDX-License-Identifier: BSD-3-Clause
 * See wire.h. */
#include "wire.h"

#include "lwip/ip4_addr.h"
#include "lwip/sys.h"
#include "lwip/tcpip.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_CAUGHT 4096

static const u8_t lwip_addr[4] = { 10, 0, 0, 1 };
static const u8_t peer_addr[4] = { 10, 0, 0, 2 };

static struct netif netif;
static struct packet caught[MAX_CAUGHT];
static unsigned int n_caught, n_seen;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more;

u32_t
wire_now(void)
{
  return sys_now();
}

static void
fail(const char *what)
{
  fprintf(stderr, "wire: %s\n", what);
  exit(3);
}

static err_t
catch_packet(struct netif *nif, struct pbuf *p, const ip4_addr_t *to)
{
  u8_t bytes[PACKET_MAX];
  u16_t len = pbuf_copy_partial(p, bytes, sizeof(bytes), 0);

  LWIP_UNUSED_ARG(nif);
  LWIP_UNUSED_ARG(to);
  pthread_mutex_lock(&lock);
  if (n_caught == MAX_CAUGHT || !packet_parse(&caught[n_caught], bytes, len)) {
    fail("too many packets, or no TCP");
  }
  caught[n_caught++].at = wire_now();
  pthread_cond_broadcast(&more);
  pthread_mutex_unlock(&lock);
  return ERR_OK;
}

static err_t
setup(struct netif *nif)
{
  nif->name[0] = 'w';
  nif->name[1] = 'i';
  nif->output = catch_packet;
  nif->mtu = 1500;
  nif->flags = NETIF_FLAG_LINK_UP;
  return ERR_OK;
}

static void
start(void *done)
{
  ip4_addr_t addr, mask, gw;

  IP4_ADDR(&addr, lwip_addr[0], lwip_addr[1], lwip_addr[2], lwip_addr[3]);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  ip4_addr_set_zero(&gw);
  if (netif_add(&netif, &addr, &mask, &gw, NULL, setup, tcpip_input) == NULL) {
    fail("netif_add");
  }
  netif_set_default(&netif);
  netif_set_up(&netif);
  sys_sem_signal((sys_sem_t *)done);
}

void
wire_start(void)
{
  pthread_condattr_t attr;
  sys_sem_t done;

  pthread_condattr_init(&attr);
  pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
  pthread_cond_init(&more, &attr);
  pthread_condattr_destroy(&attr);
  sys_sem_new(&done, 0);
  tcpip_init(start, &done);
  sys_sem_wait(&done);
  sys_sem_free(&done);
}

static struct timespec
after(u32_t ms)
{
  struct timespec ts;

  clock_gettime(CLOCK_MONOTONIC, &ts);
  ts.tv_sec += (time_t)(ms / 1000U);
  ts.tv_nsec += (long)(ms % 1000U) * 1000000L;
  if (ts.tv_nsec >= 1000000000L) {
    ts.tv_nsec -= 1000000000L;
    ts.tv_sec++;
  }
  return ts;
}

/* The lock is held. */
static int
find(const struct peer *peer, u8_t flags, int data, struct packet *p)
{
  while (n_seen < n_caught) {
    const struct packet *next = &caught[n_seen++];

    if (next->dst == peer->port && (next->flags & flags) == flags && (!data || next->len > 0)) {
      *p = *next;
      return 1;
    }
  }
  return 0;
}

int
wire_await(const struct peer *peer, u8_t flags, int data, u32_t ms, struct packet *p)
{
  struct timespec end = after(ms);
  int found, in_time = 1;

  pthread_mutex_lock(&lock);
  while (!(found = find(peer, flags, data, p)) && in_time) {
    in_time = pthread_cond_timedwait(&more, &lock, &end) == 0;
  }
  pthread_mutex_unlock(&lock);
  return found;
}

void
wire_discard(void)
{
  pthread_mutex_lock(&lock);
  n_seen = n_caught = 0;
  pthread_mutex_unlock(&lock);
}

void
wire_send(struct peer *peer, u8_t flags, const void *data, u16_t len)
{
  struct packet out = { 0 };
  u8_t bytes[PACKET_MAX];
  struct pbuf *p;
  u16_t total;

  out.src = peer->port;
  out.dst = peer->lwip_port;
  out.seq = peer->seq;
  out.ack = peer->ack;
  out.flags = flags;
  out.wnd = peer->wnd;
  out.len = len;
  if (len > 0) {
    memcpy(out.data, data, len);
  }
  peer->seq += len + ((flags & (SYN | FIN)) ? 1U : 0U);
  total = packet_build(bytes, &out, peer_addr, lwip_addr);
  p = pbuf_alloc(PBUF_RAW, total, PBUF_POOL);
  if (p == NULL) {
    fail("no buffer");
  }
  pbuf_take(p, bytes, total);
  if (netif.input(p, &netif) != ERR_OK) {
    fail("input refused a packet");
  }
}
