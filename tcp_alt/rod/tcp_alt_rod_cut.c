/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * rod: segments that have become too large for the path are cut (RFC 1191 6.4).
 */
#include "lwip/opt.h"

#if LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_PMTUD

#include "lwip/memp.h"
#include "lwip/priv/tcp_alt_rod.h"
#include "lwip/priv/tcp_alt_seg.h"
#include "lwip/priv/tcp_alt_component.h"

u16_t
tcp_alt_rod_first_len(const struct tcp_alt_rod *rod)
{
  return rod->head != NULL ? rod->head->len : 0;
}

/* The rest of a segment behind its first `size` bytes becomes a segment of its own, a copy; NULL: no memory. */
static struct tcp_seg *
cut_rest(const struct tcp_seg *seg, u16_t size, u8_t optlen)
{
  struct tcp_seg *rest = (struct tcp_seg *)memp_malloc(MEMP_TCP_SEG);
  u16_t len = (u16_t)(seg->len - size);
  struct pbuf *p;
  if (rest == NULL) {
    return NULL;
  }
  p = pbuf_alloc(PBUF_TRANSPORT, (u16_t)(optlen + len), PBUF_RAM);
  if (p == NULL) {
    memp_free(MEMP_TCP_SEG, rest);
    return NULL;
  }
  pbuf_remove_header(p, optlen);
  (void)pbuf_copy_partial(seg->p, p->payload, len, size);
  rest->p = p;
  rest->seq = seg->seq + size;
  rest->len = len;
  rest->flags = seg->flags; /* lost, or sent again, are both or none; PSH is the last one's */
  rest->stamp = 0;
  rest->next = seg->next;
  return rest;
}

void
tcp_alt_rod_cut(struct tcp_alt_rod *rod, u16_t size, u8_t optlen)
{
  struct tcp_seg *seg, *rest;
  u16_t pbufs;

  for (seg = rod->head; seg != NULL; seg = seg->next) {
    if (seg->len <= size || seg->p->ref != 1) {
      continue;
    }
    if (seg->p->tot_len != seg->len) {
      /* headers of the last transmission */
      pbuf_remove_header(seg->p, (size_t)(seg->p->tot_len - seg->len));
    }
    rest = cut_rest(seg, size, optlen);
    if (rest == NULL) {
      return;
    }
    pbufs = pbuf_clen(seg->p);
    pbuf_realloc(seg->p, size);
    rod->queuelen = (u16_t)(rod->queuelen - pbufs + pbuf_clen(seg->p) + 1);
    seg->len = size;
    seg->flags &= (u8_t)~TCP_ALT_SEG_PSH;
    seg->next = rest;
    if (rod->tail == seg) {
      rod->tail = rest;
      rod->oversize = 0; /* the copy has no room behind it */
    }
  }
}

#endif /* LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_PMTUD */
