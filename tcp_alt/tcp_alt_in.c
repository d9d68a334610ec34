/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * The network door: a segment comes in, is checked, parsed once and led to its connection, its
 * listener, or answered with a RST (RFC 9293 3.10.7).
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/inet_chksum.h"
#include "lwip/ip.h"
#include "lwip/stats.h"
#include "lwip/priv/tcp_alt_doors.h"
#include "lwip/priv/tcp_alt_wire.h"
#include "lwip/priv/tcp_priv.h"

/* Is it for the interface's own address? Then it is for nobody else's as well. */
#if LWIP_IPV4 && !LWIP_IPV6
#define in_is_mine() ip4_addr_cmp(ip4_current_dest_addr(), netif_ip4_addr(ip_current_netif()))
#else
#define in_is_mine() 0
#endif

/* Length of the header in bytes, or 0: this is not a TCP segment for us. */
static u16_t
in_check(const struct pbuf *p, struct netif *inp)
{
  u16_t hdrlen;

  if (p->len < TCP_HLEN) {
    TCP_STATS_INC(tcp.lenerr);
    return 0;
  }
  /* MUST-57: neither to a broadcast nor to a multicast address. */
  if (!in_is_mine() && (ip_addr_isbroadcast(ip_current_dest_addr(), ip_current_netif()) ||
      ip_addr_ismulticast(ip_current_dest_addr()))) {
    TCP_STATS_INC(tcp.proterr);
    return 0;
  }
#if CHECKSUM_CHECK_TCP
  IF__NETIF_CHECKSUM_ENABLED(inp, NETIF_CHECKSUM_CHECK_TCP) {
    if (ip_chksum_pseudo(LWIP_CONST_CAST(struct pbuf *, p), IP_PROTO_TCP, p->tot_len,
                         ip_current_src_addr(), ip_current_dest_addr()) != 0) {
      TCP_STATS_INC(tcp.chkerr);
      return 0;
    }
  }
#endif
  LWIP_UNUSED_ARG(inp);
  hdrlen = (u16_t)((((const u8_t *)p->payload)[12] & 0xf0) >> 2);
  if (hdrlen < TCP_HLEN || hdrlen > p->tot_len) {
    TCP_STATS_INC(tcp.lenerr);
    return 0;
  }
  return hdrlen;
}

#if LWIP_TCP_ECN
/* Has a router marked the packet? RFC 3168 5: both bits of the ECN field. */
static u8_t
in_congested(void)
{
  u8_t field;
#if LWIP_IPV6
  if (ip_current_is_v6()) {
    field = (u8_t)IP6H_TC(ip6_current_header());
  } else
#endif
  {
#if LWIP_IPV4
    field = IPH_TOS(ip4_current_header());
#endif
  }
  return (field & 3) == 3;
}
#endif

/* Parses the header into the record; p->payload points to the data afterwards. */
static void
in_parse(struct tcp_alt_segment *seg, struct pbuf *p, u16_t hdrlen)
{
  const u8_t *hdr = (const u8_t *)p->payload;
  seg->now = tcp_alt_now();
  seg->seq = tcp_alt_wire_get32(hdr + 4);
  seg->ack = tcp_alt_wire_get32(hdr + 8);
  seg->wnd = tcp_alt_wire_get16(hdr + 14);
#if LWIP_TCP_ECN
  seg->flags = hdr[13];
  seg->ce = in_congested();
#else
  seg->flags = hdr[13] & TCP_FLAGS;
#endif
#if LWIP_TCP_URGENT
  seg->urgent = tcp_alt_wire_get16(hdr + 18);
#endif
  seg->opts = 0;
  if (hdrlen > TCP_HLEN) {
    tcp_alt_wire_options(seg, p, hdrlen);
  }
  /* Data starts behind the options, wherever in the chain that is. */
  if (hdrlen == TCP_HLEN || p->len >= hdrlen) {
    pbuf_remove_header(p, hdrlen);
  } else {
    u16_t rest = (u16_t)(hdrlen - p->len);
    struct pbuf *q = p->next;
    pbuf_remove_header(p, p->len);
    while (rest != 0) {
      u16_t part = LWIP_MIN(rest, q->len);
      pbuf_remove_header(q, part);
      p->tot_len = (u16_t)(p->tot_len - part);
      rest = (u16_t)(rest - part);
      q = q->next;
    }
  }
  seg->p = p;
  seg->len = p->tot_len;
}

#ifdef LWIP_HOOK_TCP_INPACKET_PCB
/* lwIP's arguments: the header in host byte order, its options in up to two pieces. */
static err_t
in_hook(struct tcp_pcb *pcb, struct tcp_hdr *hdr, u16_t hdrlen, u16_t first_len, u8_t *rest, struct pbuf *p)
{
  u16_t optlen = (u16_t)(hdrlen - TCP_HLEN);
  u16_t opt1len = LWIP_MIN(optlen, (u16_t)(first_len - TCP_HLEN));
  hdr->src = lwip_ntohs(hdr->src);
  hdr->dest = lwip_ntohs(hdr->dest);
  hdr->seqno = lwip_ntohl(hdr->seqno);
  hdr->ackno = lwip_ntohl(hdr->ackno);
  hdr->wnd = lwip_ntohs(hdr->wnd);
  return LWIP_HOOK_TCP_INPACKET_PCB(pcb, hdr, optlen, opt1len, opt1len < optlen ? rest : NULL, p);
}
#define IN_HOOK(pcb) \
  (in_hook(pcb, (struct tcp_hdr *)(void *)hdr, hdrlen, first_len, rest, p) != ERR_OK)
#else
#define IN_HOOK(pcb) 0
#endif

/* RFC 9293 3.6.1, MAY-2 and SHLD-4: a SYN that is younger than the old connection opens a new one. By its timestamp if it
 * has one that is not just the same (RFC 6191 2), else by its number. */
static int
in_reopens(const struct tcp_alt_cb *cb, const struct tcp_alt_segment *seg)
{
  if (TCP_ALT_FACE(cb)->state != TIME_WAIT ||
      (seg->flags & (TCP_SYN | TCP_ACK | TCP_RST | TCP_FIN)) != TCP_SYN) {
    return 0;
  }
#if LWIP_TCP_TIMESTAMPS
  if (seg->opts & TCP_ALT_OPT_TS) {
    if (!(cb->conn.is & TCP_ALT_IS_TS)) {
      return 1;
    }
    if (seg->tsval != cb->rod.ts_recent) {
      return TCP_ALT_GT(seg->tsval, cb->rod.ts_recent);
    }
  }
#endif
  return TCP_ALT_GT(seg->seq, cb->rod.rcv_nxt);
}

/** A TCP segment arrived. Takes `p`, whose payload points to the TCP header. */
void
tcp_input(struct pbuf *p, struct netif *inp)
{
  struct tcp_alt_segment seg;
  struct tcp_alt_tuple t;
  struct tcp_pcb *pcb, *lpcb;
  u32_t beyond = 0;
  u8_t *hdr = (u8_t *)p->payload;
  u16_t hdrlen = in_check(p, inp);
#ifdef LWIP_HOOK_TCP_INPACKET_PCB
  u16_t first_len = p->len;
  u8_t *rest = p->next != NULL ? (u8_t *)p->next->payload : NULL;
#endif

  LWIP_ASSERT_CORE_LOCKED();
  TCP_STATS_INC(tcp.recv);
  MIB2_STATS_INC(mib2.tcpinsegs);
  if (hdrlen == 0) {
    goto drop;
  }
#if TCP_INPUT_DEBUG
  tcp_debug_print((struct tcp_hdr *)(void *)hdr);
#endif
  t.local_ip = ip_current_dest_addr();
  t.remote_ip = ip_current_src_addr();
  t.inp = ip_current_input_netif();
  t.local_port = tcp_alt_wire_get16(hdr + 2);
  t.remote_port = tcp_alt_wire_get16(hdr);
  in_parse(&seg, p, hdrlen);
again:
  pcb = tcp_alt_demux_find(&t);
  if (pcb == NULL || in_reopens(TCP_ALT_CB(pcb), &seg)) {
    lpcb = (struct tcp_pcb *)(void *)tcp_alt_demux_find_listener(&t);
    if (lpcb != NULL && pcb != NULL) {
      beyond = TCP_ALT_CB(pcb)->rod.snd_nxt;
      tcp_alt_end(TCP_ALT_CB(pcb), ERR_CLSD, TCP_ERR_REASON_CLOSED);
      goto again; /* its err callback may have closed the listener */
    }
    if (pcb == NULL) {
      pcb = lpcb;
    }
  }
  if (pcb == NULL) {
    TCP_STATS_INC(tcp.proterr);
    tcp_alt_out_refuse(&seg, &t);
    goto drop;
  }
  if (IN_HOOK(pcb)) {
    goto done;
  }
  if (pcb->state == LISTEN) {
    tcp_alt_listen_input((struct tcp_pcb_listen *)(void *)pcb, &seg, &t, beyond);
    goto done;
  }
  tcp_alt_arrive(TCP_ALT_CB(pcb), &seg, &t); /* takes the data */
  return;

drop:
  TCP_STATS_INC(tcp.drop);
  if (hdrlen == 0) {
    MIB2_STATS_INC(mib2.tcpinerrs);
  }
done:
  pbuf_free(p);
}

#endif /* LWIP_TCP && LWIP_TCP_ALT */
