/* SPDX-License-Identifier: BSD-3-Clause
 * See packet.h. Independent of lwIP's own header code, which is part of what is tested. */
#include "packet.h"

#include <string.h>

#define IP_LEN  20U
#define TCP_LEN 20U
#define IP_TCP  6U
#define IP_ICMP 1U
#define ICMP_LEN 8U

static u32_t
get32(const u8_t *p)
{
  return ((u32_t)p[0] << 24) | ((u32_t)p[1] << 16) | ((u32_t)p[2] << 8) | p[3];
}

static u16_t
get16(const u8_t *p)
{
  return (u16_t)((p[0] << 8) | p[1]);
}

static void
put32(u8_t *p, u32_t v)
{
  p[0] = (u8_t)(v >> 24);
  p[1] = (u8_t)(v >> 16);
  p[2] = (u8_t)(v >> 8);
  p[3] = (u8_t)v;
}

static void
put16(u8_t *p, u16_t v)
{
  p[0] = (u8_t)(v >> 8);
  p[1] = (u8_t)v;
}

static u32_t
checksum_add(u32_t sum, const u8_t *p, size_t len)
{
  size_t i;

  for (i = 0; i < len; i++) {
    sum += (i & 1U) ? p[i] : (u32_t)p[i] << 8;
  }
  return sum;
}

static u16_t
checksum_end(u32_t sum)
{
  while (sum >> 16) {
    sum = (sum & 0xffffU) + (sum >> 16);
  }
  return (u16_t)~sum;
}

void
ip_checksum(u8_t *ip)
{
  put16(ip + 10, 0);
  put16(ip + 10, checksum_end(checksum_add(0, ip, IP_LEN)));
}

static void
build_ip(u8_t *ip, u8_t proto, u16_t total, const u8_t *src, const u8_t *dst)
{
  memset(ip, 0, IP_LEN);
  ip[0] = 0x45;
  put16(ip + 2, total);
  ip[8] = 64;
  ip[9] = proto;
  memcpy(ip + 12, src, 4);
  memcpy(ip + 16, dst, 4);
  ip_checksum(ip);
}

u16_t
packet_build(u8_t bytes[PACKET_MAX], const struct packet *p, const u8_t src_addr[4],
             const u8_t dst_addr[4])
{
  u16_t header = (u16_t)(TCP_LEN + p->optlen);
  u16_t total = (u16_t)(IP_LEN + header + p->len);
  u8_t *tcp = bytes + IP_LEN;
  u32_t sum;

  build_ip(bytes, IP_TCP, total, src_addr, dst_addr);
  bytes[1] = p->tos;
  bytes[6] = (u8_t)(p->df << 6);
  bytes[8] = p->ttl != 0 ? p->ttl : 64;
  ip_checksum(bytes);
  memset(tcp, 0, TCP_LEN);
  put16(tcp, p->src);
  put16(tcp + 2, p->dst);
  put32(tcp + 4, p->seq);
  put32(tcp + 8, p->ack);
  tcp[12] = (u8_t)((header / 4U) << 4);
  tcp[13] = p->flags;
  put16(tcp + 14, p->wnd);
  put16(tcp + 18, p->urgent);
  memcpy(tcp + TCP_LEN, p->opts, p->optlen);
  memcpy(tcp + header, p->data, p->len);
  sum = checksum_add(IP_TCP + header + p->len, src_addr, 4);
  sum = checksum_add(sum, dst_addr, 4);
  put16(tcp + 16, checksum_end(checksum_add(sum, tcp, header + p->len)));
  return total;
}

/* What is left of a checksum's sum over the whole of IP's header, or of TCP's segment; 0xffff when right. */
static u16_t
ip_sum(const u8_t *bytes)
{
  return (u16_t)~checksum_end(checksum_add(0, bytes, (u16_t)((bytes[0] & 15U) * 4U)));
}

static u16_t
tcp_sum(const u8_t *bytes, u16_t total)
{
  u16_t header = (u16_t)((bytes[0] & 15U) * 4U), len = (u16_t)(total - header);
  u32_t sum = checksum_add(IP_TCP + (u32_t)len, bytes + 12, 8);
  return (u16_t)~checksum_end(checksum_add(sum, bytes + header, len));
}

void
packet_sum(u8_t *bytes, u16_t total)
{
  u8_t *tcp = bytes + (bytes[0] & 15U) * 4U;
  put16(bytes + 10, 0);
  put16(bytes + 10, (u16_t)~ip_sum(bytes));
  put16(tcp + 16, 0);
  put16(tcp + 16, (u16_t)~tcp_sum(bytes, total));
}

int
packet_sums_right(const u8_t *bytes, u16_t total)
{
  return ip_sum(bytes) == 0xffffU && tcp_sum(bytes, total) == 0xffffU;
}

int
packet_parse(struct packet *p, const u8_t *bytes, u16_t total)
{
  const u8_t *tcp = bytes + IP_LEN;
  u32_t header;

  if (total < IP_LEN + TCP_LEN || bytes[0] != 0x45 || bytes[9] != IP_TCP) {
    return 0;
  }
  header = (tcp[12] >> 4) * 4U;
  if (header < TCP_LEN || IP_LEN + header > total || total - IP_LEN - header > sizeof(p->data)) {
    return 0;
  }
  p->df = (bytes[6] >> 6) & 1U;
  p->from = get32(bytes + 12);
  p->to = get32(bytes + 16);
  p->src = get16(tcp);
  p->dst = get16(tcp + 2);
  p->seq = get32(tcp + 4);
  p->ack = get32(tcp + 8);
  p->flags = tcp[13];
  p->wnd = get16(tcp + 14);
  p->urgent = get16(tcp + 18);
  p->tos = bytes[1];
  p->ttl = bytes[8];
  p->len = (u16_t)(total - IP_LEN - header);
  p->optlen = (u8_t)(header - TCP_LEN);
  memcpy(p->opts, tcp + TCP_LEN, p->optlen);
  memcpy(p->data, tcp + header, p->len);
  return 1;
}

u16_t
icmp_build(u8_t bytes[PACKET_MAX], const struct icmp *m, const u8_t src_addr[4], const u8_t dst_addr[4])
{
  u16_t total = (u16_t)(IP_LEN + ICMP_LEN + m->len);
  u8_t *icmp = bytes + IP_LEN;

  build_ip(bytes, IP_ICMP, total, src_addr, dst_addr);
  icmp[0] = m->type;
  icmp[1] = m->code;
  put16(icmp + 2, 0);
  put32(icmp + 4, m->rest);
  memcpy(icmp + ICMP_LEN, m->quoted, m->len);
  put16(icmp + 2, checksum_end(checksum_add(0, icmp, ICMP_LEN + (u32_t)m->len)));
  return total;
}
