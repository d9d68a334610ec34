/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * rod, send side: recoveries that were not needed. Told by what is acknowledged after a timeout (F-RTO, RFC 5682), by
 * the peer's echo of an older timestamp (Eifel, RFC 3522), or by reports that everything sent again was there already
 * (DSACK, RFC 2883 and 3708). Then nothing counts as lost, and cong takes back what it did.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT && TCP_ALT_LOSS_STATE

#include "lwip/priv/tcp_alt_flow.h"
#include "lwip/priv/tcp_alt_rod.h"
#include "lwip/priv/tcp_alt_seg.h"
#include "lwip/priv/tcp_alt_seq.h"
#include "lwip/priv/tcp_alt_component.h"

void
tcp_alt_rod_delivered(struct tcp_alt_rod *rod, const struct tcp_seg *s, const struct tcp_alt_segment *ack,
                      struct tcp_alt_ack_event *ev)
{
  if (s->flags & TCP_ALT_SEG_AGAIN) {
    rod->loss |= TCP_ALT_LOSS_AGAIN;
  } else if (TCP_ALT_LEQ(s->seq + s->len, rod->recover)) {
    rod->loss |= TCP_ALT_LOSS_ORIGINAL;
  }
#if TCP_RACK
  if (rod->loss & TCP_ALT_LOSS_SACK) {
    tcp_alt_rod_rack_delivered(rod, s, ack, ev);
  }
#else
  LWIP_UNUSED_ARG(ack);
  LWIP_UNUSED_ARG(ev);
#endif
}

void
tcp_alt_rod_undo_begin(struct tcp_alt_rod *rod, int timeout)
{
  LWIP_UNUSED_ARG(rod);
#if TCP_UNDO
  rod->loss |= TCP_ALT_LOSS_UNDO;
  rod->undo_again = 0;
#endif
#if TCP_FRTO
  if (timeout) {
    rod->loss = (u16_t)((rod->loss & ~TCP_ALT_LOSS_FRTO_NEW) | TCP_ALT_LOSS_FRTO);
  }
#else
  LWIP_UNUSED_ARG(timeout);
#endif
}

void
tcp_alt_rod_none_lost(struct tcp_alt_rod *rod)
{
  struct tcp_seg *s;
  for (s = rod->head; s != rod->next; s = s->next) {
    s->flags &= (u8_t)~TCP_ALT_SEG_LOST;
  }
  rod->lost = 0;
}

#if TCP_FRTO
/* RFC 5682 2.1 and 3.1, steps 2 and 3. 1: the timeout was spurious. */
static int
undo_frto(struct tcp_alt_rod *rod, const struct tcp_alt_flow *flow, const struct tcp_alt_segment *seg, int advanced)
{
  const int sack = (rod->loss & TCP_ALT_LOSS_SACK) != 0;
  LWIP_UNUSED_ARG(flow); /* without window scaling */

  if (!(rod->loss & TCP_ALT_LOSS_FRTO)) {
    return 0;
  }
  if (sack && !advanced && !(rod->loss & TCP_ALT_LOSS_FRTO_NEW)) {
    return 0; /* 3.1 step 2: reports alone do not say whether the first was lost */
  }
  /* Without SACK, an ACK for what was sent again and more may tell of a gap that was filled. */
  if ((rod->loss & TCP_ALT_LOSS_ORIGINAL) && (sack || !(rod->loss & TCP_ALT_LOSS_AGAIN))) {
    return 1;
  }
  /* The application may write only now that it hears of this ACK: room in the window is enough, and what there is to
   * send shows when it is sent. */
  if (!advanced || !(rod->loss & TCP_ALT_LOSS_AGAIN) || (rod->loss & TCP_ALT_LOSS_FRTO_NEW) ||
      TCP_ALT_GEQ(seg->ack, rod->recover) ||
      rod->snd_nxt - seg->ack + (rod->next != NULL ? rod->next->len : 1U) > TCP_ALT_SND_WND(flow, seg->wnd)) {
    rod->loss &= (u16_t)~(TCP_ALT_LOSS_FRTO | TCP_ALT_LOSS_FRTO_NEW); /* the conventional recovery */
  } else {
    rod->loss |= TCP_ALT_LOSS_FRTO_NEW; /* step 2b */
  }
  return 0;
}
#endif

#if TCP_UNDO
/* Was everything that was sent again needless? */
static int
undo_needless(struct tcp_alt_rod *rod, const struct tcp_alt_segment *seg, int advanced)
{
  if (!(rod->loss & TCP_ALT_LOSS_UNDO) || rod->undo_again == 0) {
    return 0;
  }
#if LWIP_TCP_TIMESTAMPS
  /* RFC 3522 3.2: the echo is older than the first retransmission */
  if (advanced && (rod->rx & TCP_ALT_RX_TS) && (seg->opts & TCP_ALT_OPT_TS) &&
      TCP_ALT_LT(seg->tsecr - rod->ts_offset, rod->undo_at)) {
    return 1;
  }
#endif
  LWIP_UNUSED_ARG(advanced);
#if LWIP_TCP_SACK_IN
  if ((rod->loss & TCP_ALT_LOSS_DSACK) && TCP_ALT_LEQ(seg->sack[1], rod->recover)) {
    return --rod->undo_again == 0;
  }
#else
  LWIP_UNUSED_ARG(seg);
#endif
  return 0;
}
#endif

int
tcp_alt_rod_undo_on_ack(struct tcp_alt_rod *rod, const struct tcp_alt_flow *flow, const struct tcp_alt_segment *seg,
                        int advanced)
{
  int spurious = 0;
  LWIP_UNUSED_ARG(seg);
  LWIP_UNUSED_ARG(advanced);
#if TCP_FRTO
  spurious = undo_frto(rod, flow, seg, advanced);
#else
  LWIP_UNUSED_ARG(flow);
#endif
#if TCP_UNDO
  spurious = spurious || undo_needless(rod, seg, advanced);
#endif
  if (!spurious) {
    return 0;
  }
  tcp_alt_rod_none_lost(rod);
  rod->tx &= (u8_t)~TCP_ALT_TX_FIN_LOST;
  rod->state = TCP_ALT_ROD_OPEN;
  rod->loss &= (u16_t)~(TCP_ALT_LOSS_FRTO | TCP_ALT_LOSS_FRTO_NEW | TCP_ALT_LOSS_UNDO);
  return 1;
}

#endif /* LWIP_TCP && LWIP_TCP_ALT && TCP_ALT_LOSS_STATE */
