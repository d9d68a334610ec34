/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * The network door for ICMP: what the network says of a segment of ours (RFC 9293 3.9.2.2).
 *
 * Nobody proves who an ICMP message comes from. So it counts only if the segment it quotes is one of ours
 * that is in flight (RFC 5927 4.1): addresses, ports, and a sequence number in SND.UNA..SND.NXT. Even then
 * it never ends a connection that has been open (RFC 5927 5.2, MUST-56): the application is told, and
 * retransmission goes on, for such messages are usually gone before R2 is. A hard error (IPv4: protocol or
 * port unreachable; IPv6: also administratively prohibited) ends one that is being opened, and at once:
 * there a single number fits, that of our SYN, so nobody guesses it, and an application with a second
 * address tries that at once, not after three minutes (RFC 5461 3 and 4). A soft error does not, even there:
 * who has a second address hears of it and may abort. Source quench is not listened to (MUST-55).
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_ICMP

#include "lwip/icmp.h"
#include "lwip/inet_chksum.h"
#include "lwip/ip.h"
#include "lwip/tcp_soft_error.h"
#include "lwip/prot/ip4.h"
#include "lwip/priv/tcp_alt_doors.h"
#include "lwip/priv/tcp_alt_wire.h"
#include "lwip/priv/tcp_ip.h"

#include <string.h>

#define ICMP_HEADER 8U  /* type, code, checksum, four bytes that depend on the type */
#define QUOTED_TCP  8U  /* what is always quoted of TCP's header: ports and sequence number */
#define HARD        0x80U

/* An ICMP message about one of our segments. */
struct icmp_error {
  ip_addr_t remote;
  u32_t seq;
  u16_t local_port, remote_port;
  u8_t what; /* enum tcp_soft_error, HARD */
#if LWIP_TCP_PMTUD
  u32_t mtu;  /* with TCP_SOFT_ERROR_TOO_BIG: what the next link takes */
  u16_t size; /* of the quoted packet */
#endif
};

/* The quoted part of TCP's header. */
static void
icmp_quoted(struct icmp_error *e, const u8_t *hdr)
{
  e->local_port = tcp_alt_wire_get16(hdr);
  e->remote_port = tcp_alt_wire_get16(hdr + 2);
  e->seq = tcp_alt_wire_get32(hdr + 4);
}

/* Finds the connection, whose address the message came to, and does what it means. */
static void
icmp_act(const struct icmp_error *e)
{
  struct tcp_alt_tuple t;
  struct tcp_alt_hold hold;
  struct tcp_pcb *pcb;
  struct tcp_alt_cb *cb;
  int alive;

  t.local_ip = ip_current_dest_addr();
  t.remote_ip = &e->remote;
  t.inp = NULL; /* the answer may take another way than the segment */
  t.local_port = e->local_port;
  t.remote_port = e->remote_port;
  pcb = tcp_alt_demux_find(&t);
  if (pcb == NULL) {
    return;
  }
  cb = TCP_ALT_CB(pcb);
  if (e->seq - cb->rod.snd_una >= cb->rod.snd_nxt - cb->rod.snd_una) {
    return; /* RFC 5927 4.1 */
  }
  if ((e->what & HARD) && pcb->state < ESTABLISHED) {
    tcp_alt_end(cb, ERR_RTE, TCP_ERR_REASON_UNREACHABLE);
    return;
  }
#if LWIP_TCP_PMTUD
  if (e->what == TCP_SOFT_ERROR_TOO_BIG) {
    tcp_alt_pmtu_too_big(cb, e->mtu, e->size);
    return;
  }
#endif
  tcp_alt_hold(&hold, cb);
  tcp_alt_app_soft_error(&hold, (enum tcp_soft_error)(e->what & ~HARD));
  alive = hold.cb != NULL;
  tcp_alt_release(&hold);
  if (alive) {
    tcp_output(pcb); /* what the callback wrote */
  }
}

#if LWIP_IPV4 && LWIP_ICMP

/* IPv4's destination unreachable, by code (RFC 792, 1122, 1812); hard are 2 and 3 (SHLD-26). Its third, 4, is
 * path MTU discovery's (RFC 1191). */
static const u8_t icmp_unreachable[] = {
  TCP_SOFT_ERROR_NET, TCP_SOFT_ERROR_HOST, TCP_SOFT_ERROR_PROTOCOL | HARD, TCP_SOFT_ERROR_PORT | HARD,
  TCP_SOFT_ERROR_TOO_BIG, TCP_SOFT_ERROR_SOURCE_ROUTE, TCP_SOFT_ERROR_NET, TCP_SOFT_ERROR_HOST,
  TCP_SOFT_ERROR_HOST, TCP_SOFT_ERROR_PROHIBITED, TCP_SOFT_ERROR_PROHIBITED, TCP_SOFT_ERROR_NET,
  TCP_SOFT_ERROR_HOST, TCP_SOFT_ERROR_PROHIBITED, TCP_SOFT_ERROR_PROHIBITED, TCP_SOFT_ERROR_PROHIBITED
};

static u8_t
icmp_meaning(u8_t type, u8_t code)
{
  switch (type) {
    case ICMP_DUR:
      return code < sizeof(icmp_unreachable) ? icmp_unreachable[code] : TCP_SOFT_ERROR_NONE;
    case ICMP_TE:
      return code == ICMP_TE_TTL ? TCP_SOFT_ERROR_HOPS : TCP_SOFT_ERROR_REASSEMBLY;
    case ICMP_PP:
      return TCP_SOFT_ERROR_HEADER;
    default:
      return TCP_SOFT_ERROR_NONE;
  }
}

void
tcp_alt_icmp_input(struct pbuf *p, struct netif *inp)
{
  u8_t buf[ICMP_HEADER + IP_HLEN_MAX + QUOTED_TCP];
  const u8_t *ip = buf + ICMP_HEADER;
  u16_t len = pbuf_copy_partial(p, buf, sizeof(buf), 0);
  u16_t hlen;
  struct icmp_error e;

  LWIP_UNUSED_ARG(inp);
  if (len < ICMP_HEADER + IP_HLEN || (e.what = icmp_meaning(buf[0], buf[1])) == TCP_SOFT_ERROR_NONE) {
    return;
  }
  /* Ours, TCP, and the fragment that begins with TCP's header */
  hlen = (u16_t)((ip[0] & 0x0fU) * 4U);
  if ((ip[0] >> 4) != 4 || hlen < IP_HLEN || len < ICMP_HEADER + hlen + QUOTED_TCP ||
      ip[9] != IP_PROTO_TCP || (tcp_alt_wire_get16(ip + 6) & IP_OFFMASK) != 0 ||
      tcp_alt_wire_get32(ip + 12) != lwip_ntohl(ip4_addr_get_u32(ip4_current_dest_addr()))) {
    return;
  }
#if CHECKSUM_CHECK_ICMP
  IF__NETIF_CHECKSUM_ENABLED(inp, NETIF_CHECKSUM_CHECK_ICMP) {
    if (inet_chksum_pbuf(p) != 0) {
      return;
    }
  }
#endif
  ip_addr_set_ip4_u32_val(e.remote, lwip_htonl(tcp_alt_wire_get32(ip + 16)));
#if LWIP_TCP_PMTUD
  e.mtu = tcp_alt_wire_get16(buf + 6);
  e.size = tcp_alt_wire_get16(ip + 2);
#endif
  icmp_quoted(&e, ip + hlen);
  icmp_act(&e);
}

#endif /* LWIP_IPV4 && LWIP_ICMP */

#if LWIP_IPV6 && LWIP_ICMP6

/* ICMPv6's destination unreachable, by code (RFC 4443 3.1); hard are 1 and 4 (RFC 5461 2). */
static const u8_t icmp6_unreachable[] = {
  TCP_SOFT_ERROR_NET, TCP_SOFT_ERROR_PROHIBITED | HARD, TCP_SOFT_ERROR_HOST, TCP_SOFT_ERROR_HOST,
  TCP_SOFT_ERROR_PORT | HARD, TCP_SOFT_ERROR_PROHIBITED, TCP_SOFT_ERROR_PROHIBITED
};

static u8_t
icmp6_meaning(u8_t type, u8_t code)
{
  switch (type) {
    case ICMP6_TYPE_DUR:
      return code < sizeof(icmp6_unreachable) ? icmp6_unreachable[code] : TCP_SOFT_ERROR_NONE;
    case ICMP6_TYPE_PTB:
      return TCP_SOFT_ERROR_TOO_BIG;
    case ICMP6_TYPE_TE:
      return code == ICMP6_TE_HL ? TCP_SOFT_ERROR_HOPS : TCP_SOFT_ERROR_REASSEMBLY;
    case ICMP6_TYPE_PP: /* its code 1: there is no TCP */
      return code == ICMP6_PP_HEADER ? TCP_SOFT_ERROR_PROTOCOL | HARD : TCP_SOFT_ERROR_HEADER;
    default:
      return TCP_SOFT_ERROR_NONE;
  }
}

void
tcp_alt_icmp6_input(struct pbuf *p, struct netif *inp)
{
  u8_t buf[ICMP_HEADER + IP6_HLEN + QUOTED_TCP];
  const u8_t *ip = buf + ICMP_HEADER;
  struct icmp_error e;

  LWIP_UNUSED_ARG(inp);
  /* We send no extension headers: TCP's is the first. */
  if (pbuf_copy_partial(p, buf, sizeof(buf), 0) != sizeof(buf) ||
      (e.what = icmp6_meaning(buf[0], buf[1])) == TCP_SOFT_ERROR_NONE || (ip[0] >> 4) != 6 ||
      ip[6] != IP6_NEXTH_TCP || memcmp(ip + 8, ip6_current_dest_addr()->addr, 16) != 0) {
    return;
  }
#if CHECKSUM_CHECK_ICMP6
  IF__NETIF_CHECKSUM_ENABLED(inp, NETIF_CHECKSUM_CHECK_ICMP6) {
    if (ip6_chksum_pseudo(p, IP6_NEXTH_ICMP6, p->tot_len, ip6_current_src_addr(),
                          ip6_current_dest_addr()) != 0) {
      return;
    }
  }
#endif
  ip_addr_set_zero_ip6(&e.remote);
  MEMCPY(ip_2_ip6(&e.remote)->addr, ip + 24, 16);
  ip6_addr_assign_zone(ip_2_ip6(&e.remote), IP6_UNICAST, inp);
#if LWIP_TCP_PMTUD
  e.mtu = LWIP_MAX(tcp_alt_wire_get32(buf + 4), IP6_MIN_MTU_LENGTH); /* RFC 8201 4: nothing less */
  e.size = (u16_t)LWIP_MIN(tcp_alt_wire_get16(ip + 4) + (u32_t)IP6_HLEN, 0xffffU);
#endif
  icmp_quoted(&e, ip + IP6_HLEN);
  icmp_act(&e);
}

#endif /* LWIP_IPV6 && LWIP_ICMP6 */

#endif /* LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_ICMP */
