/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * rod: the end of a segment, in whichever of its queues.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/memp.h"
#include "lwip/priv/tcp_alt_rod.h"
#include "lwip/priv/tcp_alt_seg.h"
#include "lwip/priv/tcp_alt_component.h"

void
tcp_alt_seg_free(struct tcp_seg *seg)
{
  if (seg->p != NULL) {
    pbuf_free(seg->p);
  }
  memp_free(MEMP_TCP_SEG, seg);
}

void
tcp_alt_segs_free(struct tcp_seg *seg)
{
  while (seg != NULL) {
    struct tcp_seg *next = seg->next;
    tcp_alt_seg_free(seg);
    seg = next;
  }
}

#endif /* LWIP_TCP && LWIP_TCP_ALT */
