/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Component demux with TCP_ALT_HASH: lists and connection lookup in constant time.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT && TCP_ALT_HASH

#include "lwip/priv/tcp_alt_demux.h"
#include "lwip/priv/tcp_alt_siphash.h"
#include "lwip/stats.h"
#include "lwip/priv/tcp_alt_component.h"

/* At least 64 bits, also where lwIP has no u64_t. */
typedef unsigned long long wide_t;

/* A product for every two words of the remote address and ports. */
#if LWIP_IPV6
#define NUM_KEYS 5
#else
#define NUM_KEYS 2
#endif

static struct {
  wide_t key[NUM_KEYS];
  /* From a block's face to its links: the same in every block, and learnt when one is added, so
   * that this component need not know the control block. */
  size_t links_offset;
  struct tcp_alt_demux *bucket[TCP_ALT_HASH];
  u32_t port_users[TCP_ALT_HASH]; /* how many blocks have such a local port, modulo TCP_ALT_HASH */
} table;

#define PORT_USERS(port) table.port_users[(port) & (TCP_ALT_HASH - 1)]

/* The key comes from the seed by a function that is hard to invert: no bucket tells another. */
void
tcp_alt_demux_init(u32_t seed)
{
  const u32_t secret[4] = { seed, 0, 0, 0 };
  u32_t n;

  for (n = 0; n < 2 * NUM_KEYS; n++) {
    table.key[n / 2] = (table.key[n / 2] << 32) | tcp_alt_siphash(secret, &n, 1);
  }
}

/*
 * Pair-multiply-shift (Thorup, "High speed hashing for integers and strings"): over the choice of
 * the key, two different inputs share a bucket no more often than by chance, whatever set of
 * addresses and ports an attacker picks. The local address is left out: a host has few.
 */
static struct tcp_alt_demux **
bucket_of(const ip_addr_t *remote_ip, u16_t remote_port, u16_t local_port)
{
  const u32_t ports = ((u32_t)local_port << 16) | remote_port;
  wide_t h;

#if LWIP_IPV6
  if (IP_IS_V6_VAL(*remote_ip)) {
    const u32_t *w = ip_2_ip6(remote_ip)->addr;

    h = (table.key[0] + w[3]) * (table.key[1] + ports) +
        (table.key[2] + w[0]) * (table.key[3] + w[1]) +
        table.key[4] * w[2];
  } else
#endif /* LWIP_IPV6 */
  {
#if LWIP_IPV4
    h = (table.key[0] + ip4_addr_get_u32(ip_2_ip4(remote_ip))) * (table.key[1] + ports);
#endif
  }
  return &table.bucket[(u32_t)(h >> 32) & (TCP_ALT_HASH - 1)];
}

static struct tcp_alt_demux *
links_of(struct tcp_pcb *pcb)
{
  return (struct tcp_alt_demux *)(void *)((u8_t *)pcb + table.links_offset);
}

static struct tcp_pcb *
pcb_of(struct tcp_alt_demux *d)
{
  return (struct tcp_pcb *)(void *)((u8_t *)d - table.links_offset);
}

static void
hash_add(struct tcp_alt_demux *d, const struct tcp_pcb *pcb)
{
  struct tcp_alt_demux **bucket = bucket_of(&pcb->remote_ip, pcb->remote_port, pcb->local_port);

  d->hash_next = *bucket;
  d->hash_prev = bucket;
  if (d->hash_next != NULL) {
    d->hash_next->hash_prev = &d->hash_next;
  }
  *bucket = d;
}

static void
hash_remove(struct tcp_alt_demux *d)
{
  *d->hash_prev = d->hash_next;
  if (d->hash_next != NULL) {
    d->hash_next->hash_prev = d->hash_prev;
  }
  d->hash_next = NULL;
  d->hash_prev = NULL;
}

void
tcp_alt_demux_add(struct tcp_alt_demux *d, struct tcp_pcb **list, struct tcp_pcb *pcb)
{
  struct tcp_pcb *next = *list;

  tcp_alt_demux_list_add(list, pcb);
  if (d == NULL) {
    return;
  }
  LWIP_ASSERT("tcp_alt_demux_add: already in a list", d->list_prev == NULL);
  LWIP_ASSERT("tcp_alt_demux_add: links elsewhere than in other blocks",
              (table.links_offset == 0) || (links_of(pcb) == d));
  table.links_offset = (size_t)((u8_t *)d - (u8_t *)pcb);
  d->list_prev = list;
  PORT_USERS(pcb->local_port)++;
  if (next != NULL) {
    links_of(next)->list_prev = &pcb->next;
  }
  if ((list == &tcp_active_pcbs) || (list == &tcp_tw_pcbs)) {
    hash_add(d, pcb);
  }
}

void
tcp_alt_demux_remove(struct tcp_alt_demux *d, struct tcp_pcb **list, struct tcp_pcb *pcb)
{
  if (d == NULL) {
    tcp_alt_demux_list_remove(list, pcb);
    return;
  }
  if (d->list_prev == NULL) {
    return;
  }
  *d->list_prev = pcb->next;
  if (pcb->next != NULL) {
    links_of(pcb->next)->list_prev = d->list_prev;
  }
  pcb->next = NULL;
  d->list_prev = NULL;
  PORT_USERS(pcb->local_port)--;
  if (d->hash_prev != NULL) {
    hash_remove(d);
  }
}

int
tcp_alt_demux_is_unused(u16_t port)
{
  const struct tcp_pcb *pcb;

  for (pcb = tcp_listen_pcbs.pcbs; pcb != NULL; pcb = pcb->next) {
    if (pcb->local_port == port) {
      return 0;
    }
  }
  return PORT_USERS(port) == 0;
}

/** The connection a segment belongs to; a bucket's newest comes first, so active before TIME-WAIT. */
struct tcp_pcb *
tcp_alt_demux_find(const struct tcp_alt_tuple *t)
{
  struct tcp_alt_demux *const *bucket = bucket_of(t->remote_ip, t->remote_port, t->local_port);
  struct tcp_alt_demux *d;

  for (d = *bucket; d != NULL; d = d->hash_next) {
    struct tcp_pcb *pcb = pcb_of(d);

    if (tcp_alt_demux_is_tuple(pcb, t)) {
      if (d == *bucket) {
        TCP_STATS_INC(tcp.cachehit);
      }
      return pcb;
    }
  }
  return NULL;
}

#if SO_REUSE
struct tcp_pcb *
tcp_alt_demux_tuple_in_use(const struct tcp_alt_tuple *t)
{
  return tcp_alt_demux_find(t);
}
#endif /* SO_REUSE */

#endif /* LWIP_TCP && LWIP_TCP_ALT && TCP_ALT_HASH */
