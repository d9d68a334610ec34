/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * The doors' secrets: a key, and what is derived from it (RFC 6528, RFC 6056, RFC 7323 5.4).
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/priv/tcp_alt_doors.h"
#include "lwip/priv/tcp_alt_siphash.h"
#include "lwip/priv/tcp_priv.h"

#include <string.h>

static u32_t secret[4];
static u8_t secret_is_set;

u32_t
tcp_alt_random(void)
{
#ifdef LWIP_RAND
  return (u32_t)LWIP_RAND();
#else
  static u32_t state;
  state = state * 1664525U + 1013904223U + tcp_alt_now(); /* TCP_ALT_INSECURE_RAND */
  return state;
#endif
}

err_t
tcp_alt_secret_set(const void *key, size_t len)
{
  const u8_t *bytes = (const u8_t *)key;
  size_t i;
  if (len < sizeof(secret)) {
    return ERR_ARG;
  }
  memset(secret, 0, sizeof(secret));
  for (i = 0; i < len; i++) {
    u32_t *word = &secret[(i / 4) % 4];
    *word = ((*word << 8) | (*word >> 24)) ^ bytes[i];
  }
  secret_is_set = 1;
  return ERR_OK;
}

void
tcp_alt_secret_init(void)
{
  u8_t i;
  if (!secret_is_set) {
    for (i = 0; i < 4; i++) {
      /* rand() has 31 bits or fewer */
      secret[i] = tcp_alt_random() ^ (tcp_alt_random() << 16);
    }
    secret_is_set = 1;
  }
  tcp_alt_demux_init(tcp_alt_siphash(secret, NULL, 0));
}

/* The words of an address; returns behind them. */
static u32_t *
isn_words(u32_t *word, const ip_addr_t *ip)
{
#if LWIP_IPV6
  if (IP_IS_V6(ip)) {
    memcpy(word, ip_2_ip6(ip)->addr, 16);
    return word + 4;
  }
#endif
#if LWIP_IPV4
  *word++ = ip4_addr_get_u32(ip_2_ip4(ip));
#endif
  return word;
}

u32_t
tcp_alt_keyed(const struct tcp_alt_tuple *t, u32_t what)
{
  u32_t words[2 + 2 * (LWIP_IPV6 ? 4 : 1)], *end;
  end = isn_words(words, t->local_ip);
  end = isn_words(end, t->remote_ip);
  *end++ = ((u32_t)t->local_port << 16) | t->remote_port;
  *end++ = what;
  return tcp_alt_siphash(secret, words, (u8_t)(end - words));
}

/** ISN = M + F(tuple, secret), M counting 4 us (RFC 6528 3, RFC 9293 MUST-8); or LWIP_HOOK_TCP_ISN. */
u32_t
tcp_next_iss(struct tcp_pcb *pcb)
{
#ifdef LWIP_HOOK_TCP_ISN
  return LWIP_HOOK_TCP_ISN(&pcb->local_ip, pcb->local_port, &pcb->remote_ip, pcb->remote_port);
#else
  struct tcp_alt_tuple t;
  t.local_ip = &pcb->local_ip;
  t.remote_ip = &pcb->remote_ip;
  t.inp = NULL;
  t.local_port = pcb->local_port;
  t.remote_port = pcb->remote_port;
  return tcp_alt_keyed(&t, 0) + 250U * tcp_alt_now();
#endif
}

#endif /* LWIP_TCP && LWIP_TCP_ALT */
