/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * For tools/coverage alone, included before each file that is counted: lwIP's macros that decide something about
 * addresses and interfaces become functions. What they decide inside (are two addresses of one family, is this
 * word of 128 bits the same?) is lwIP's code; the decision that our line takes on their answer is counted as before.
 */
#ifndef TCP_ALT_TOOLS_COVERAGE_LWIP_H
#define TCP_ALT_TOOLS_COVERAGE_LWIP_H

#include "lwip/opt.h"

#include "lwip/ip.h"
#include "lwip/ip_addr.h"
#include "lwip/netif.h"

#define LWIP_OWN(type) static inline type

LWIP_OWN(int)
own_ip_addr_cmp(const ip_addr_t *a, const ip_addr_t *b)
{
  return ip_addr_cmp(a, b) != 0;
}

LWIP_OWN(void)
own_ip_addr_copy(ip_addr_t *to, const ip_addr_t *from)
{
  ip_addr_copy(*to, *from);
}

LWIP_OWN(int)
own_ip_addr_isany_val(const ip_addr_t *ip)
{
  return ip_addr_isany_val(*ip) != 0;
}

LWIP_OWN(int)
own_ip_addr_ismulticast(const ip_addr_t *ip)
{
  return ip_addr_ismulticast(ip) != 0;
}

LWIP_OWN(int)
own_ip_addr_isbroadcast(const ip_addr_t *ip, struct netif *netif)
{
  LWIP_UNUSED_ARG(ip);
  LWIP_UNUSED_ARG(netif);
  return ip_addr_isbroadcast(ip, netif) != 0;
}

LWIP_OWN(struct netif *)
own_ip_route(const ip_addr_t *from, const ip_addr_t *to)
{
  LWIP_UNUSED_ARG(from);
  return ip_route(from, to);
}

LWIP_OWN(const ip_addr_t *)
own_ip_netif_get_local_ip(struct netif *netif, const ip_addr_t *to)
{
  LWIP_UNUSED_ARG(to);
  return ip_netif_get_local_ip(netif, to);
}

LWIP_OWN(err_t)
own_ip_output_if(struct pbuf *p, const ip_addr_t *from, const ip_addr_t *to, u8_t ttl, u8_t tos, u8_t proto,
                 struct netif *netif)
{
  return ip_output_if(p, from, to, ttl, tos, proto, netif);
}

#undef ip_addr_cmp
#define ip_addr_cmp(a, b) own_ip_addr_cmp(a, b)
#undef ip_addr_copy
#define ip_addr_copy(to, from) own_ip_addr_copy(&(to), &(from))
#undef ip_addr_isany_val
#define ip_addr_isany_val(ip) own_ip_addr_isany_val(&(ip))
#undef ip_addr_ismulticast
#define ip_addr_ismulticast(ip) own_ip_addr_ismulticast(ip)
#undef ip_addr_isbroadcast
#define ip_addr_isbroadcast(ip, netif) own_ip_addr_isbroadcast(ip, netif)
#undef ip_route
#define ip_route(from, to) own_ip_route(from, to)
#undef ip_netif_get_local_ip
#define ip_netif_get_local_ip(netif, to) own_ip_netif_get_local_ip(netif, to)
#undef ip_output_if
#define ip_output_if(p, from, to, ttl, tos, proto, netif) own_ip_output_if(p, from, to, ttl, tos, proto, netif)

#if LWIP_IPV4 && LWIP_IPV6
LWIP_OWN(int)
own_is_v6(const ip_addr_t *ip)
{
  return IP_IS_V6(ip);
}
#undef IP_IS_V6
#define IP_IS_V6(ip) own_is_v6(ip)
#endif

#if LWIP_IPV6 && LWIP_IPV6_SCOPES
LWIP_OWN(int)
own_ip6_addr_lacks_zone(const ip6_addr_t *ip, enum lwip_ipv6_scope_type type)
{
  return ip6_addr_lacks_zone(ip, type) != 0;
}

LWIP_OWN(void)
own_ip6_addr_assign_zone(ip6_addr_t *ip, enum lwip_ipv6_scope_type type, const struct netif *netif)
{
  ip6_addr_assign_zone(ip, type, netif);
}

LWIP_OWN(void)
own_ip6_addr_select_zone(ip6_addr_t *to, const ip6_addr_t *from)
{
  ip6_addr_select_zone(to, from);
}

#undef ip6_addr_lacks_zone
#define ip6_addr_lacks_zone(ip, type) own_ip6_addr_lacks_zone(ip, type)
#undef ip6_addr_assign_zone
#define ip6_addr_assign_zone(ip, type, netif) own_ip6_addr_assign_zone(ip, type, netif)
#undef ip6_addr_select_zone
#define ip6_addr_select_zone(to, from) own_ip6_addr_select_zone(to, from)
#endif

#if LWIP_CHECKSUM_CTRL_PER_NETIF
LWIP_OWN(int)
own_checksum_enabled(const struct netif *netif, u16_t flag)
{
  return NETIF_CHECKSUM_ENABLED(netif, flag) != 0;
}
#undef NETIF_CHECKSUM_ENABLED
#define NETIF_CHECKSUM_ENABLED(netif, flag) (own_checksum_enabled(netif, flag))
#endif

#undef LWIP_OWN

#endif
