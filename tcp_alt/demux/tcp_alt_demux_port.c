/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Component demux: listeners, and who may have which local address and port.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT /* compiles to nothing unless this backend is selected */

#include "lwip/priv/tcp_alt_demux.h"
#include "lwip/stats.h"
#include "lwip/priv/tcp_alt_component.h"

/* The dynamic ports of RFC 6335. As in lwIP, the range ends before TCP_LOCAL_PORT_RANGE_END. */
#ifndef TCP_LOCAL_PORT_RANGE_START
#define TCP_LOCAL_PORT_RANGE_START        0xc000
#define TCP_LOCAL_PORT_RANGE_END          0xffff
#define TCP_ENSURE_LOCAL_PORT_RANGE(port) ((u16_t)((port) | TCP_LOCAL_PORT_RANGE_START))
#endif

#define NUM_PORTS (TCP_LOCAL_PORT_RANGE_END - TCP_LOCAL_PORT_RANGE_START)

#ifndef TCP_ENSURE_LOCAL_PORT_RANGE
#define TCP_ENSURE_LOCAL_PORT_RANGE(port) ((u16_t)((port) % NUM_PORTS + TCP_LOCAL_PORT_RANGE_START))
#endif

/* A function of its own: with two address families the comparison is long. */
static int
is_same(const ip_addr_t *a, const ip_addr_t *b)
{
  return ip_addr_cmp(a, b);
}

/* How well a listener's address fits a segment's. */
enum fit { FIT_NONE, FIT_DUAL_STACK, FIT_ANY, FIT_EXACT };

static enum fit
fit_of(const ip_addr_t *bound_ip, const ip_addr_t *ip)
{
  if (is_same(bound_ip, ip)) {
    return FIT_EXACT;
  }
  if (IP_IS_ANY_TYPE_VAL(*bound_ip)) {
    return FIT_DUAL_STACK;
  }
  return ((IP_IS_V6_VAL(*bound_ip) == IP_IS_V6_VAL(*ip)) && ip_addr_isany_val(*bound_ip)) ?
         FIT_ANY : FIT_NONE;
}

struct tcp_pcb_listen *
tcp_alt_demux_find_listener(const struct tcp_alt_tuple *t)
{
  struct tcp_pcb *best = NULL;
  enum fit best_fit = FIT_NONE;
  struct tcp_pcb *pcb;

  for (pcb = tcp_listen_pcbs.pcbs; pcb != NULL; pcb = pcb->next) {
    if ((pcb->local_port == t->local_port) && tcp_alt_demux_on_netif(pcb, t->inp)) {
      enum fit fit = fit_of(&pcb->local_ip, t->local_ip);

      if (fit > best_fit) {
        best_fit = fit;
        best = pcb;
      }
    }
  }
  return (struct tcp_pcb_listen *)(void *)best;
}

/* May two blocks share a port on overlapping addresses? Only if both said so. */
static int
may_share(const struct tcp_pcb *pcb, const struct tcp_pcb *other)
{
#if SO_REUSE
  return (pcb != NULL) && (pcb->so_options & other->so_options & SOF_REUSEADDR);
#else
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(other);
  return 0;
#endif
}

/* lwIP lets IPv6 beside IPv4 and dual-stack, on whatever address. */
static int
overlaps(const ip_addr_t *ip, const ip_addr_t *other)
{
  return (ip == NULL) ||
         ((IP_IS_V6_VAL(*ip) == IP_IS_V6_VAL(*other)) &&
          (ip_addr_isany_val(*ip) || ip_addr_isany_val(*other) || is_same(ip, other)));
}

struct tcp_pcb *
tcp_alt_demux_bind_conflict(const struct tcp_pcb *pcb, const ip_addr_t *ip, u16_t port)
{
  u8_t n = NUM_TCP_PCB_LISTS;
  u8_t i;
  struct tcp_pcb *other;

#if SO_REUSE
  if ((pcb != NULL) && (pcb->so_options & SOF_REUSEADDR)) {
    n = NUM_TCP_PCB_LISTS_NO_TIME_WAIT;
  }
#endif
  for (i = 0; i < n; i++) {
    for (other = *tcp_pcb_lists[i]; other != NULL; other = other->next) {
      if ((other->local_port == port) && !may_share(pcb, other) &&
          overlaps(ip, &other->local_ip)) {
        return other;
      }
    }
  }
  return NULL;
}

/* The hash knows at once of most free ports; what it is not sure of is looked up in the lists. */
static int
is_free(u16_t port, u8_t thorough)
{
#if TCP_ALT_HASH
  if (!thorough) {
    return tcp_alt_demux_is_unused(port);
  }
#else
  LWIP_UNUSED_ARG(thorough);
#endif
  return tcp_alt_demux_bind_conflict(NULL, NULL, port) == NULL;
}

u16_t
tcp_alt_demux_free_port(u16_t start)
{
  u16_t port = TCP_ENSURE_LOCAL_PORT_RANGE(start);
  u8_t thorough;
  u16_t n;

  for (thorough = !TCP_ALT_HASH; thorough <= 1; thorough++) {
    for (n = NUM_PORTS; n != 0; n--, port++) {
      if ((port < TCP_LOCAL_PORT_RANGE_START) || (port >= TCP_LOCAL_PORT_RANGE_END)) {
        port = TCP_LOCAL_PORT_RANGE_START;
      }
      if (is_free(port, thorough)) {
        return port;
      }
    }
  }
  return 0;
}

#if SO_REUSE
int
tcp_alt_demux_listener_is_bound(const struct tcp_pcb *pcb)
{
  const struct tcp_pcb *other;

  for (other = tcp_listen_pcbs.pcbs; other != NULL; other = other->next) {
    if ((other->local_port == pcb->local_port) && is_same(&other->local_ip, &pcb->local_ip)) {
      return 1;
    }
  }
  return 0;
}
#endif /* SO_REUSE */

#endif /* LWIP_TCP && LWIP_TCP_ALT */
