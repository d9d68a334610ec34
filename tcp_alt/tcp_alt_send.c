/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * One segment becomes a packet: header, options, checksum, IP. Also segments without a connection.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/inet_chksum.h"
#include "lwip/ip.h"
#include "lwip/nd6.h"
#include "lwip/netif.h"
#include "lwip/stats.h"
#include "lwip/prot/ip4.h"
#include "lwip/priv/tcp_alt_doors.h"
#include "lwip/priv/tcp_alt_send.h"
#include "lwip/priv/tcp_alt_wire.h"
#include "lwip/priv/tcp_ip.h"
#include "lwip/priv/tcp_priv.h"

#include <string.h>

/* Room for the options of any segment, in words of 32 bits. */
#if LWIP_TCP_SACK_OUT
#define OPT_WORDS 10
#else
#define OPT_WORDS (1 + (LWIP_TCP_OPT_LEN_WS_OUT + LWIP_TCP_OPT_LEN_TS_OUT) / 4 + LWIP_TCP_USER_TIMEOUT_OPTION)
#endif

/* ---- where to ---- */

struct netif *
tcp_alt_out_route(const struct tcp_pcb *pcb, const ip_addr_t *dst)
{
  if (pcb->netif_idx != NETIF_NO_INDEX) {
    return netif_get_by_index(pcb->netif_idx);
  }
  return ip_route(&pcb->local_ip, dst);
}

#if LWIP_IPV6
const ip_addr_t *
tcp_alt_out_source(struct netif *netif, const ip_addr_t *dst)
{
  return ip_netif_get_local_ip(netif, dst);
}
#endif

#if LWIP_IPV6 && LWIP_IPV6_SCOPES
const ip_addr_t *
tcp_alt_out_zoned(const ip_addr_t *ip, ip_addr_t *zoned, enum lwip_ipv6_scope_type type)
{
  if (!IP_IS_V6(ip) || !ip6_addr_lacks_zone(ip_2_ip6(ip), type)) {
    return ip;
  }
  ip_addr_copy(*zoned, *ip);
  ip6_addr_select_zone(ip_2_ip6(zoned), ip_2_ip6(ip));
  return zoned;
}
#endif

u16_t
tcp_alt_out_mss(u16_t mss, const struct netif *netif, const ip_addr_t *dst)
{
#if TCP_CALCULATE_EFF_SEND_MSS
  u16_t headers = IP_HLEN + TCP_HLEN;
  u16_t mtu;
  if (netif == NULL) {
    return mss;
  }
  mtu = netif->mtu;
#if LWIP_IPV6
  if (IP_IS_V6(dst)) {
    mtu = nd6_get_destination_mtu(ip_2_ip6(dst), LWIP_CONST_CAST(struct netif *, netif));
    mtu = LWIP_MAX(mtu, IP6_MIN_MTU_LENGTH); /* RFC 8201 4; nd6 notes whatever it is told */
    headers = IP6_HLEN + TCP_HLEN;
  }
#endif
  LWIP_UNUSED_ARG(dst);
  if (mtu > headers) {
    mss = LWIP_MIN(mss, (u16_t)(mtu - headers));
  }
#else
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(dst);
#endif
  return mss;
}

/* ---- options ---- */

#ifdef LWIP_HOOK_TCP_OUT_TCPOPT_LENGTH
u8_t
tcp_alt_out_optlen(const struct tcp_alt_cb *cb)
{
  u8_t len = 0;
#if LWIP_TCP_TIMESTAMPS
  if (cb->conn.is & TCP_ALT_IS_TS) {
    len = LWIP_TCP_OPT_LEN_TS_OUT;
  }
#endif
  len = LWIP_HOOK_TCP_OUT_TCPOPT_LENGTH(TCP_ALT_FACE(cb), len);
  return len;
}
#endif

#if LWIP_TCP_TIMESTAMPS || LWIP_WND_SCALE || LWIP_TCP_SACK_OUT
/* Is an option to be offered (in our first SYN) or was it agreed upon? */
static int
out_uses(const struct tcp_alt_cb *cb, u8_t option)
{
  return TCP_ALT_FACE(cb)->state == SYN_SENT || (cb->conn.is & option) != 0;
}
#endif

#if LWIP_TCP_TIMESTAMPS
static u32_t *
out_timestamp(const struct tcp_alt_cb *cb, u32_t now, u32_t *opt)
{
  *opt++ = PP_HTONL(0x0101080aUL);
  *opt++ = PP_HTONL(now + cb->rod.ts_offset);
  *opt++ = PP_HTONL(cb->rod.ts_recent); /* 0 while there is none: RFC 7323 3.2 */
  return opt;
}

/* Nearly every segment where timestamps are used has them alone: they go straight behind the header. */
static inline void
out_timestamp_alone(const struct tcp_alt_cb *cb, u32_t now, u8_t *at)
{
  const u32_t kind = PP_HTONL(0x0101080aUL), val = PP_HTONL(now + cb->rod.ts_offset), ecr = PP_HTONL(cb->rod.ts_recent);
  MEMCPY(at, &kind, 4);
  MEMCPY(at + 4, &val, 4);
  MEMCPY(at + 8, &ecr, 4);
}
#endif

#if LWIP_TCP_SACK_OUT
/* As many blocks as there are and fit, on a pure ACK (RFC 2018 3 and 4). */
static u32_t *
out_sack(const struct tcp_alt_cb *cb, u32_t *opt, const u32_t *limit)
{
  u8_t room = (u8_t)((limit - opt - 1) / 2);
  u8_t n = tcp_alt_rod_sack_blocks(&cb->rod, opt + 1, LWIP_MIN(room, LWIP_TCP_MAX_SACK_NUM));
  const u32_t *end = opt + 1 + 2 * n;
  if (n == 0) {
    return opt;
  }
  *opt++ = lwip_htonl(0x01010502U + 8U * n);
  while (opt != end) {
    *opt = lwip_htonl(*opt);
    opt++;
  }
  return opt;
}
#endif

/* Writes the options of a segment; returns behind them. */
static u32_t *
out_options(const struct tcp_alt_cb *cb, const struct netif *netif, const struct tcp_alt_tx *tx,
            u32_t *opt)
{
  if (tx->flags & TCP_SYN) {
    u16_t mss = tcp_alt_out_mss(TCP_MSS, netif, &TCP_ALT_FACE(cb)->remote_ip);
    *opt++ = TCP_BUILD_MSS_OPTION(mss);
#if LWIP_WND_SCALE
    if (out_uses(cb, TCP_ALT_IS_WS)) {
      *opt++ = PP_HTONL(0x01030300UL | TCP_RCV_SCALE);
    }
#endif
#if LWIP_TCP_SACK_OUT
    if (out_uses(cb, TCP_ALT_IS_SACK)) {
      *opt++ = PP_HTONL(0x01010402UL);
    }
#endif
  }
#if LWIP_TCP_USER_TIMEOUT_OPTION
  /* With data there is no room for it: an ACK goes ahead (out_run()). */
  if ((tx->flags & TCP_SYN) ? cb->conn.uto_adv != 0 : tx->p == NULL && tcp_alt_conn_uto_due(&cb->conn)) {
    *opt++ = lwip_htonl(((u32_t)TCP_ALT_WIRE_OPT_UTO << 24) | 0x40000U | cb->conn.uto_adv);
  }
#endif
#if LWIP_TCP_TIMESTAMPS
  if ((tx->flags & TCP_SYN) ? out_uses(cb, TCP_ALT_IS_TS) : (cb->conn.is & TCP_ALT_IS_TS) != 0) {
    opt = out_timestamp(cb, tx->now, opt);
  }
#endif
  return opt;
}

/* ---- packets ---- */

#if LWIP_TCP_PMTUD
u16_t tcp_alt_ip4_df;
#endif

/* The checksum over header, data and pseudo header. */
static inline void
out_checksum(struct pbuf *p, struct netif *netif, const ip_addr_t *local, const ip_addr_t *remote)
{
#if CHECKSUM_GEN_TCP
  IF__NETIF_CHECKSUM_ENABLED(netif, NETIF_CHECKSUM_GEN_TCP) {
    struct tcp_hdr *hdr = (struct tcp_hdr *)p->payload;
    hdr->chksum = ip_chksum_pseudo(p, IP_PROTO_TCP, p->tot_len, local, remote);
  }
#endif
  TCP_STATS_INC(tcp.xmit);
  MIB2_STATS_INC(mib2.tcpoutsegs);
  LWIP_UNUSED_ARG(p);
  LWIP_UNUSED_ARG(netif);
  LWIP_UNUSED_ARG(local);
  LWIP_UNUSED_ARG(remote);
}

#if LWIP_TCP_ECN
/* ECE and CWR (RFC 3168 6.1). A SYN that is sent again offers no ECN: it may be the reason (6.1.1.1). */
static u8_t
out_ecn(const struct tcp_alt_cb *cb, const struct tcp_alt_tx *tx)
{
  u8_t flags = 0;
  if (tx->flags & TCP_SYN) {
    if (TCP_ALT_FACE(cb)->state == SYN_SENT) {
      return tx->again ? 0 : TCP_ECE | TCP_CWR;
    }
    return (cb->conn.is & TCP_ALT_IS_ECN) ? TCP_ECE : 0;
  }
  if (cb->rod.rx & TCP_ALT_RX_ECE) {
    flags = TCP_ECE;
  }
  if (tx->p != NULL && tx->ect && (cb->rod.loss & TCP_ALT_LOSS_CWR)) {
    flags |= TCP_CWR;
  }
  return flags;
}

/* RFC 3168 6.1.4 and 6.1.5: new data alone is ECN-capable, neither ACKs nor probes nor what is sent again. */
#define OUT_TOS(cb, tx) ((u8_t)(TCP_ALT_FACE(cb)->tos | ((tx)->p != NULL && (tx)->ect ? 2U : 0U)))
#else
#define OUT_TOS(cb, tx) (TCP_ALT_FACE(cb)->tos)
#endif

/* The fixed part of a connection's header. */
static inline void
out_header(struct tcp_alt_cb *cb, const struct tcp_alt_tx *tx, struct tcp_hdr *hdr, u8_t hdrlen)
{
  const struct tcp_pcb *pcb = TCP_ALT_FACE(cb);
  u32_t ack = cb->rod.rcv_nxt;
  u16_t wnd;

  tcp_alt_wire_put(hdr, pcb->local_port, pcb->remote_port, hdrlen, tx->flags | TCP_ACK);
  if (tx->flags & TCP_SYN) {
    wnd = TCP_ALT_WND16; /* RFC 7323 2.2: never scaled */
    if (pcb->state == SYN_SENT) {
      ((u8_t *)hdr)[13] = TCP_SYN;
      ack = 0;
    }
  } else {
    wnd = tcp_alt_flow_advertise(&cb->flow, &cb->rod, cb->conn.mss);
  }
  tcp_alt_wire_put_numbers(hdr, tx->seq, ack, wnd);
#if LWIP_TCP_ECN
  ((u8_t *)hdr)[13] |= out_ecn(cb, tx);
#endif
#if LWIP_TCP_URGENT
  if (!(tx->flags & TCP_SYN) && tcp_alt_rod_urgent_pointer(&cb->rod, tx->seq) != 0) {
    ((u8_t *)hdr)[13] |= TCP_URG;
    hdr->urgp = lwip_htons(tcp_alt_rod_urgent_pointer(&cb->rod, tx->seq));
  }
#endif
}

err_t
tcp_alt_send(struct tcp_alt_cb *cb, struct tcp_alt_tx *tx)
{
  struct tcp_pcb *pcb = TCP_ALT_FACE(cb);
  struct netif *netif = tx->netif;
  u32_t opts[OPT_WORDS], *end;
  struct pbuf *p = tx->p;
  u8_t optlen, hdrlen;
  err_t err;
#if LWIP_TCP_TIMESTAMPS
  const int alone = !(tx->flags & TCP_SYN) && (cb->conn.is & TCP_ALT_IS_TS) &&
                    (p != NULL || (!tcp_alt_rod_tells(&cb->rod) && !tcp_alt_conn_uto_due(&cb->conn)));
#endif

  if (netif == NULL) {
    netif = tcp_alt_out_route(pcb, &pcb->remote_ip);
    if (netif == NULL) {
      return ERR_RTE;
    }
    tx->netif = netif;
  }
  end = opts;
#if LWIP_TCP_TIMESTAMPS
  if (alone) {
    end += LWIP_TCP_OPT_LEN_TS_OUT / 4;
  } else if ((tx->flags & TCP_SYN) || (cb->conn.is & TCP_ALT_IS_TS) || tcp_alt_conn_uto_due(&cb->conn)) {
#else
  if ((tx->flags & TCP_SYN) || tcp_alt_conn_uto_due(&cb->conn)) {
#endif
    end = out_options(cb, netif, tx, opts);
  }
#if LWIP_TCP_SACK_OUT
  if (p == NULL && tcp_alt_rod_tells(&cb->rod) && (cb->conn.is & TCP_ALT_IS_SACK) && !(tx->flags & TCP_SYN)) {
    end = out_sack(cb, end, opts + OPT_WORDS);
  }
#endif
  optlen = (u8_t)((end - opts) * 4);
  hdrlen = (u8_t)(TCP_HLEN + optlen);
#ifdef LWIP_HOOK_TCP_OUT_TCPOPT_LENGTH
  hdrlen = (u8_t)(TCP_HLEN + LWIP_HOOK_TCP_OUT_TCPOPT_LENGTH(pcb, optlen));
#endif
  if (p == NULL) {
    p = pbuf_alloc(PBUF_IP, hdrlen, PBUF_RAM);
    if (p == NULL) {
      TCP_STATS_INC(tcp.memerr);
      return ERR_MEM;
    }
  } else if (pbuf_add_header(p, hdrlen)) {
    return ERR_BUF;
  }
  out_header(cb, tx, (struct tcp_hdr *)p->payload, hdrlen);
#if LWIP_TCP_TIMESTAMPS
  if (alone) {
    out_timestamp_alone(cb, tx->now, (u8_t *)p->payload + TCP_HLEN);
  } else
#endif
  if (optlen != 0) {
    MEMCPY((u8_t *)p->payload + TCP_HLEN, opts, optlen);
  }
#ifdef LWIP_HOOK_TCP_OUT_ADD_TCPOPTS
  LWIP_HOOK_TCP_OUT_ADD_TCPOPTS(p, (struct tcp_hdr *)p->payload, pcb,
                                (u32_t *)(void *)((u8_t *)p->payload + TCP_HLEN + optlen));
#endif
#if TCP_OUTPUT_DEBUG
  tcp_debug_print((struct tcp_hdr *)p->payload);
#endif
  out_checksum(p, netif, &pcb->local_ip, &pcb->remote_ip);
  NETIF_SET_HINTS(netif, &pcb->netif_hints);
#if LWIP_TCP_PMTUD
  /* RFC 1191 3; but not where the path is known to need fragments */
  tcp_alt_ip4_df = (cb->conn.pmtu & TCP_ALT_PMTU_NO_DF) || p->tot_len > cb->conn.mss + TCP_HLEN ? 0 : PP_HTONS(IP_DF);
#endif
  err = ip_output_if(p, &pcb->local_ip, &pcb->remote_ip, pcb->ttl, OUT_TOS(cb, tx), IP_PROTO_TCP, netif);
  NETIF_RESET_HINTS(netif);
#if LWIP_TCP_PMTUD
  tcp_alt_ip4_df = 0; /* a RST needs none */
#endif
  if (tx->p == NULL) {
    pbuf_free(p);
  }
  return err;
}

/* ---- resets ---- */

void
tcp_alt_out_rst(const struct tcp_alt_rst *rst)
{
  struct netif *netif = rst->netif;
  u8_t hdrlen = TCP_HLEN, ttl = TCP_TTL, tos = 0;
  struct pbuf *p;

  if (netif == NULL) {
    netif = rst->pcb != NULL ? tcp_alt_out_route(rst->pcb, rst->remote_ip)
                             : ip_route(rst->local_ip, rst->remote_ip);
  }
#ifdef LWIP_HOOK_TCP_OUT_TCPOPT_LENGTH
  hdrlen = (u8_t)(TCP_HLEN + LWIP_HOOK_TCP_OUT_TCPOPT_LENGTH(rst->pcb, 0));
#endif
  if (netif == NULL || (p = pbuf_alloc(PBUF_IP, hdrlen, PBUF_RAM)) == NULL) {
    return; /* the peer will hear it in answer to what it sends next */
  }
  tcp_alt_wire_put((struct tcp_hdr *)p->payload, rst->local_port, rst->remote_port, hdrlen, rst->flags);
  tcp_alt_wire_put_numbers((struct tcp_hdr *)p->payload, rst->seq, rst->ack, 0);
#ifdef LWIP_HOOK_TCP_OUT_ADD_TCPOPTS
  LWIP_HOOK_TCP_OUT_ADD_TCPOPTS(p, (struct tcp_hdr *)p->payload, rst->pcb,
                                (u32_t *)(void *)((u8_t *)p->payload + TCP_HLEN));
#endif
  MIB2_STATS_INC(mib2.tcpoutrsts);
  out_checksum(p, netif, rst->local_ip, rst->remote_ip);
  if (rst->pcb != NULL) {
    ttl = rst->pcb->ttl;
    tos = rst->pcb->tos;
    NETIF_SET_HINTS(netif, &rst->pcb->netif_hints);
  }
  (void)ip_output_if(p, rst->local_ip, rst->remote_ip, ttl, tos, IP_PROTO_TCP, netif);
  NETIF_RESET_HINTS(netif);
  pbuf_free(p);
}

void
tcp_alt_out_reset(struct tcp_alt_cb *cb)
{
  struct tcp_pcb *pcb = TCP_ALT_FACE(cb);
  struct tcp_alt_rst rst;
  rst.pcb = pcb;
  rst.netif = NULL;
  rst.local_ip = &pcb->local_ip;
  rst.remote_ip = &pcb->remote_ip;
  rst.local_port = pcb->local_port;
  rst.remote_port = pcb->remote_port;
  rst.seq = cb->rod.snd_nxt;
  rst.ack = cb->rod.rcv_nxt;
  rst.flags = TCP_RST | TCP_ACK;
  tcp_alt_out_rst(&rst);
}

void
tcp_alt_out_refuse(const struct tcp_alt_segment *seg, const struct tcp_alt_tuple *t)
{
  struct tcp_alt_rst rst;
  if (seg->flags & TCP_RST) {
    return;
  }
  rst.pcb = NULL;
  rst.netif = LWIP_CONST_CAST(struct netif *, t->inp);
  rst.local_ip = t->local_ip;
  rst.remote_ip = t->remote_ip;
  rst.local_port = t->local_port;
  rst.remote_port = t->remote_port;
  if (seg->flags & TCP_ACK) {
    rst.seq = seg->ack;
    rst.ack = 0;
    rst.flags = TCP_RST;
  } else {
    rst.seq = 0;
    rst.ack = seg->seq + TCP_ALT_SEGLEN(seg);
    rst.flags = TCP_RST | TCP_ACK;
  }
  tcp_alt_out_rst(&rst);
}

#endif /* LWIP_TCP && LWIP_TCP_ALT */
