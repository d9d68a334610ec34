/* SPDX-License-Identifier: BSD-3-Clause */
#include "peer.h"

#include "lwip/inet_chksum.h"
#include "lwip/ip.h"
#include "lwip/netif.h"
#include "lwip/prot/ip4.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEARD_MAX 128

const ip_addr_t peer_ip = IPADDR4_INIT_BYTES(10, 0, 0, 2);
static const ip_addr_t own_ip = IPADDR4_INIT_BYTES(10, 0, 0, 1);

static struct netif netif;
static struct packet heard[HEARD_MAX];
static int heard_n, heard_read;
static u32_t now;
static u32_t own_base;  /* the first sequence number we used: traces count from it */
static u16_t own_port;
static int own_known;

/* ---- traces ---- */

static void
trace(char direction, u8_t flags, u32_t seq, u32_t ack, u16_t len, u16_t wnd)
{
  static const char names[] = "FSRPA";
  char text[sizeof(names)];
  u32_t mine = direction == '>' ? seq : ack;
  u32_t theirs = direction == '>' ? ack : seq;
  int i, n = 0;
  if (getenv("TRACE") == NULL) {
    return;
  }
  for (i = 0; i < 5; i++) {
    if (flags & (1U << i)) {
      text[n++] = names[i];
    }
  }
  text[n] = '\0';
  mine -= own_base;
  theirs -= PEER_SEQ;
  printf("%6u ms %c %-4s seq %d", (unsigned)now, direction, text,
         (int)(direction == '>' ? mine : theirs));
  if (flags & TCP_ACK) {
    printf(" ack %d", (int)(direction == '>' ? theirs : mine));
  }
  printf(" len %u wnd %u\n", (unsigned)len, (unsigned)wnd);
}

/* ---- the interface ---- */

static err_t
peer_output(struct netif *n, struct pbuf *p, const ip4_addr_t *to)
{
  struct packet *packet = &heard[heard_n];
  struct tcp_hdr hdr;
  u16_t hdrlen;
  LWIP_UNUSED_ARG(n);
  LWIP_UNUSED_ARG(to);
  ck_assert_int_lt(heard_n, HEARD_MAX);
  pbuf_copy_partial(p, &hdr, sizeof(hdr), IP_HLEN);
  hdrlen = (u16_t)(IP_HLEN + TCPH_HDRLEN_BYTES(&hdr));
  packet->ms = now;
  packet->seq = lwip_ntohl(hdr.seqno);
  packet->ack = lwip_ntohl(hdr.ackno);
  packet->flags = (u8_t)TCPH_FLAGS(&hdr);
  packet->len = (u16_t)(p->tot_len - hdrlen);
  ck_assert_uint_le(packet->len, MSS);
  pbuf_copy_partial(p, packet->data, packet->len, hdrlen);
  heard_n++;
  own_port = lwip_ntohs(hdr.src);
  if (!own_known) {
    own_base = packet->seq;
    own_known = 1;
  }
  trace('>', packet->flags, packet->seq, packet->ack, packet->len, lwip_ntohs(hdr.wnd));
  return ERR_OK;
}

static err_t
peer_netif_init(struct netif *n)
{
  n->name[0] = 'p';
  n->name[1] = 'e';
  n->mtu = 1500;
  n->output = peer_output;
  return ERR_OK;
}

void
peer_start(void)
{
  static const ip_addr_t mask = IPADDR4_INIT_BYTES(255, 255, 255, 0);
  netif_add(&netif, ip_2_ip4(&own_ip), ip_2_ip4(&mask), ip_2_ip4(&peer_ip), NULL, peer_netif_init,
            ip_input);
  netif.flags |= NETIF_FLAG_BROADCAST;
  netif_set_default(&netif);
  netif_set_link_up(&netif);
  netif_set_up(&netif);
}

void
peer_stop(void)
{
  while (tcp_active_pcbs != NULL) {
    tcp_abort(tcp_active_pcbs);
  }
  while (tcp_tw_pcbs != NULL) {
    tcp_abort(tcp_tw_pcbs);
  }
  netif_remove(&netif);
}

/* ---- what a test does ---- */

struct tcp_pcb *
peer_connected(enum tcp_state state, u32_t iss, u16_t wnd, u16_t cwnd)
{
  struct tcp_pcb *pcb = tcp_new();
  ck_assert_ptr_nonnull(pcb);
  tcp_alt_test_state_set(pcb, state);
  tcp_alt_test_snd_wl2_set(pcb, iss);
  tcp_alt_test_snd_nxt_set(pcb, iss);
  tcp_alt_test_lastack_set(pcb, iss);
  tcp_alt_test_snd_lbb_set(pcb, iss);
  tcp_alt_test_rcv_nxt_set(pcb, PEER_SEQ);
  tcp_alt_test_snd_wnd_set(pcb, wnd);
  tcp_alt_test_snd_wnd_max_set(pcb, wnd);
  tcp_alt_test_mss_set(pcb, MSS);
  tcp_alt_test_cwnd_set(pcb, cwnd);
  if (state == TIME_WAIT) {
    tcp_alt_test_register(&tcp_tw_pcbs, pcb);
  } else {
    tcp_alt_test_register(&tcp_active_pcbs, pcb);
  }
  ip_addr_copy(*tcp_alt_test_local_ip(pcb), own_ip);
  ip_addr_copy(*tcp_alt_test_remote_ip(pcb), peer_ip);
  tcp_alt_test_local_port_set(pcb, OWN_PORT);
  tcp_alt_test_remote_port_set(pcb, PEER_PORT);
  own_port = OWN_PORT;
  own_base = iss;
  own_known = 1;
  return pcb;
}

void
peer_says(const struct said *said)
{
  struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)(IP_HLEN + TCP_HLEN + said->len), PBUF_RAM);
  struct ip_hdr *ip;
  struct tcp_hdr *tcp;
  ck_assert_ptr_nonnull(p);
  ip = (struct ip_hdr *)p->payload;
  tcp = (struct tcp_hdr *)(void *)((u8_t *)p->payload + IP_HLEN);
  memset(p->payload, 0, IP_HLEN + TCP_HLEN);
  memcpy((u8_t *)p->payload + IP_HLEN + TCP_HLEN, said->data != NULL ? said->data : "", said->len);
  tcp->src = lwip_htons(PEER_PORT);
  tcp->dest = lwip_htons(own_port);
  tcp->seqno = lwip_htonl(said->seq);
  tcp->ackno = lwip_htonl(said->ack);
  tcp->wnd = lwip_htons(said->wnd);
  TCPH_HDRLEN_FLAGS_SET(tcp, TCP_HLEN / 4, said->flags);
  IPH_VHL_SET(ip, 4, IP_HLEN / 4);
  IPH_LEN_SET(ip, lwip_htons(p->tot_len));
  IPH_TTL_SET(ip, 64);
  IPH_PROTO_SET(ip, IP_PROTO_TCP);
  ip->src.addr = ip_2_ip4(&peer_ip)->addr;
  ip->dest.addr = ip_2_ip4(&own_ip)->addr;
  IPH_CHKSUM_SET(ip, inet_chksum(ip, IP_HLEN));
  pbuf_remove_header(p, IP_HLEN);
  tcp->chksum = ip_chksum_pseudo(p, IP_PROTO_TCP, p->tot_len, &peer_ip, &own_ip);
  pbuf_add_header(p, IP_HLEN);
  trace('<', said->flags, said->seq, said->ack, said->len, said->wnd);
  netif.input(p, &netif);
}

const struct packet *
peer_hears(void)
{
  return heard_read < heard_n ? &heard[heard_read++] : NULL;
}

const struct packet *
peer_expects(u8_t flags, u32_t seq, u16_t len)
{
  const struct packet *packet = peer_hears();
#if LWIP_TCP_ALT
  ck_assert_ptr_nonnull(packet);
  ck_assert_uint_eq(packet->flags & ~TCP_PSH, flags);
  ck_assert_uint_eq(packet->seq, seq);
  ck_assert_uint_eq(packet->len, len);
#else
  static const struct packet none;
  LWIP_UNUSED_ARG(flags);
  LWIP_UNUSED_ARG(seq);
  LWIP_UNUSED_ARG(len);
  packet = packet != NULL ? packet : &none;
#endif
  return packet;
}

void
peer_expects_nothing(void)
{
  const struct packet *packet = peer_hears();
#if LWIP_TCP_ALT
  ck_assert_msg(packet == NULL, "a packet with flags %x, %u bytes of data", packet->flags, packet->len);
#else
  while (packet != NULL) {
    packet = peer_hears();
  }
#endif
}

void
peer_waits(u32_t ms)
{
  u32_t end = now + ms;
  while (now != end) {
    now += TCP_TMR_INTERVAL;
    tcp_tmr();
  }
}

void
peer_fill(u8_t *data, u32_t pos, u16_t len)
{
  u16_t i;
  for (i = 0; i < len; i++) {
    data[i] = (u8_t)((pos + i) * 31 / 7);
  }
}

int
peer_filled(const u8_t *data, u32_t pos, u16_t len)
{
  u8_t expected[MSS];
  peer_fill(expected, pos, len);
  return memcmp(data, expected, len) == 0;
}
