/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * wire: options in, fixed header out (RFC 9293 3.1 and 3.2, RFC 7323, RFC 2018).
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/def.h"
#include "lwip/priv/tcp_alt_wire.h"
#include "lwip/priv/tcp_priv.h"

#if LWIP_TCP_TIMESTAMPS
static inline void
wire_timestamp(struct tcp_alt_segment *seg, const u8_t *b)
{
  seg->tsval = tcp_alt_wire_get32(b);
  seg->tsecr = tcp_alt_wire_get32(b + 4);
  seg->opts |= TCP_ALT_OPT_TS;
}
#endif

/* Takes one option; `b` points behind kind and length, `len` counts both. A known option of another
 * length than its own is skipped. */
static void
wire_option(struct tcp_alt_segment *seg, u8_t kind, u8_t len, const u8_t *b)
{
  if (kind == LWIP_TCP_OPT_MSS && len == LWIP_TCP_OPT_LEN_MSS) {
    seg->mss = tcp_alt_wire_get16(b);
    seg->opts |= TCP_ALT_OPT_MSS;
  }
#if LWIP_TCP_TIMESTAMPS
  if (kind == LWIP_TCP_OPT_TS && len == LWIP_TCP_OPT_LEN_TS) {
    wire_timestamp(seg, b);
  }
#endif
#if LWIP_WND_SCALE
  if (kind == LWIP_TCP_OPT_WS && len == LWIP_TCP_OPT_LEN_WS) {
    seg->wscale = LWIP_MIN(b[0], 14); /* RFC 7323 2.3 */
    seg->opts |= TCP_ALT_OPT_WS;
  }
#endif
#if LWIP_TCP_USER_TIMEOUT_OPTION
  if (kind == TCP_ALT_WIRE_OPT_UTO && len == 4) {
    seg->uto = tcp_alt_wire_get16(b);
    seg->opts |= TCP_ALT_OPT_UTO;
  }
#endif
#if LWIP_TCP_SACK_OUT
  if (kind == LWIP_TCP_OPT_SACK_PERM && len == LWIP_TCP_OPT_LEN_SACK_PERM) {
    seg->opts |= TCP_ALT_OPT_SACK_PERM;
  }
#endif
#if LWIP_TCP_SACK_IN
  if (kind == TCP_ALT_WIRE_OPT_SACK && len > 2 && (len - 2) % 8 == 0) {
    u8_t i;
    seg->sacks = (u8_t)((len - 2) / 8); /* at most 4: options have 40 bytes */
    for (i = 0; i < 2 * seg->sacks; i++) {
      seg->sack[i] = tcp_alt_wire_get32(b + 4 * i);
    }
    seg->opts |= TCP_ALT_OPT_SACK;
  }
#endif
}

static void
wire_parse(struct tcp_alt_segment *seg, const u8_t *b, u16_t len)
{
  while (len > 0 && b[0] != LWIP_TCP_OPT_EOL) {
    if (b[0] == LWIP_TCP_OPT_NOP) {
      b++;
      len--;
      continue;
    }
    if (len < 2 || b[1] < 2 || b[1] > len) {
      return; /* broken: the rest cannot be read */
    }
    wire_option(seg, b[0], b[1], b + 2);
    len = (u16_t)(len - b[1]);
    b += b[1];
  }
}

/* The options lie in more than one pbuf. */
static void
wire_parse_split(struct tcp_alt_segment *seg, const struct pbuf *p, u16_t hdrlen)
{
  u8_t copy[60 - TCP_HLEN];
  u16_t len = pbuf_copy_partial(p, copy, (u16_t)(hdrlen - TCP_HLEN), TCP_HLEN);
  wire_parse(seg, copy, len);
}

void
tcp_alt_wire_options(struct tcp_alt_segment *seg, const struct pbuf *p, u16_t hdrlen)
{
#if LWIP_TCP_TIMESTAMPS
  /* What nearly every segment has where timestamps are used (RFC 7323 appendix A). */
  const u8_t *b = (const u8_t *)p->payload + TCP_HLEN;
  if (hdrlen == TCP_HLEN + LWIP_TCP_OPT_LEN_TS_OUT && p->len >= hdrlen && tcp_alt_wire_get32(b) == 0x0101080aU) {
    wire_timestamp(seg, b + 4);
    return;
  }
#endif
  if (p->len >= hdrlen) {
    wire_parse(seg, (const u8_t *)p->payload + TCP_HLEN, (u16_t)(hdrlen - TCP_HLEN));
  } else {
    wire_parse_split(seg, p, hdrlen);
  }
}

#endif /* LWIP_TCP && LWIP_TCP_ALT */
