/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * rod: segments that are too large are cut: written before the peer's MSS was known (RFC 9293 MUST-16), or before
 * the path carried less (RFC 1191 6.4).
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/memp.h"
#include "lwip/priv/tcp_alt_rod.h"
#include "lwip/priv/tcp_alt_seg.h"
#include "lwip/priv/tcp_alt_component.h"

#if LWIP_TCP_PMTUD
u16_t
tcp_alt_rod_first_len(const struct tcp_alt_rod *rod)
{
  return rod->head != NULL ? rod->head->len : 0;
}
#endif

/* The rest of a segment behind its first `size` bytes becomes a segment of its own, a copy; NULL: no memory. */
static struct tcp_seg *
cut_rest(const struct tcp_seg *seg, u16_t size, u8_t optlen)
{
  struct tcp_seg *rest = (struct tcp_seg *)memp_malloc(MEMP_TCP_SEG);
  if (rest == NULL) {
    return NULL;
  }
  *rest = *seg; /* lost, or sent again, are both or none */
  rest->seq += size;
  rest->len = (u16_t)(rest->len - size);
  rest->p = pbuf_alloc((pbuf_layer)(PBUF_TRANSPORT + optlen), rest->len, PBUF_RAM);
  if (rest->p == NULL) {
    tcp_alt_seg_free(rest);
    return NULL;
  }
  (void)pbuf_copy_partial(seg->p, rest->p->payload, rest->len, size);
#if LWIP_TCP_PMTUD
  rest->stamp = 0;
#endif
  return rest;
}

int
tcp_alt_rod_cut(struct tcp_alt_rod *rod, u16_t size, u8_t optlen)
{
  struct tcp_seg *seg, *rest;
  u16_t pbufs;

  for (seg = rod->head; seg != NULL; seg = seg->next) {
    if (seg->len <= size) {
      continue;
    }
#if LWIP_TCP_PMTUD
    /* sent already */
    if (seg->p->ref != 1) {
      continue;
    }
    if (seg->p->tot_len != seg->len) {
      pbuf_remove_header(seg->p, (size_t)(seg->p->tot_len - seg->len)); /* headers of the last transmission */
    }
#endif
    rest = cut_rest(seg, size, optlen);
    if (rest == NULL) {
      return 0;
    }
    pbufs = pbuf_clen(seg->p);
    pbuf_realloc(seg->p, size);
    rod->queuelen = (u16_t)(rod->queuelen - pbufs + pbuf_clen(seg->p) + 1);
    seg->len = size;
    seg->flags &= (u8_t)~TCP_ALT_SEG_PSH; /* the last one's */
    seg->next = rest;
    if (rod->tail == seg) {
      rod->tail = rest;
      rod->oversize = 0; /* the copy has no room behind it */
    }
  }
  return 1;
}

#endif /* LWIP_TCP && LWIP_TCP_ALT */
