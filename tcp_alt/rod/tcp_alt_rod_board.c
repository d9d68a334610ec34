/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * rod, send side: the scoreboard, which is the send queue itself: a segment that the peer has reported carries a
 * mark (RFC 2018 5, RFC 6675). No block is stored, so a peer that lies can fill nothing; an ACK costs one walk
 * along what is in flight.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_SACK_IN

#include "lwip/priv/tcp_alt_rod.h"
#include "lwip/priv/tcp_alt_seg.h"
#include "lwip/priv/tcp_alt_seq.h"
#include "lwip/priv/tcp_alt_component.h"

#define DUP_THRESH 3 /* RFC 6675 2 */

/* RFC 2883 4: is the first block of data that has arrived before? */
static int
board_is_dsack(const struct tcp_alt_segment *seg)
{
  return TCP_ALT_LEQ(seg->sack[1], seg->ack) ||
         (seg->sacks > 1 && TCP_ALT_GEQ(seg->sack[0], seg->sack[2]) && TCP_ALT_LEQ(seg->sack[1], seg->sack[3]));
}

/* Can the block be true, and does it say anything? RFC 2018 has no words for others: they are not read. */
static int
board_is_sound(const struct tcp_alt_rod *rod, const struct tcp_alt_segment *seg, const u32_t *edge)
{
  return TCP_ALT_LT(edge[0], edge[1]) && TCP_ALT_GT(edge[0], seg->ack) && TCP_ALT_LEQ(edge[1], rod->snd_nxt);
}

static void
board_mark(struct tcp_alt_rod *rod, struct tcp_seg *s, const struct tcp_alt_segment *seg, struct tcp_alt_ack_event *ev)
{
  if (s->flags & TCP_ALT_SEG_LOST) {
    rod->lost = (tcpwnd_size_t)(rod->lost - s->len);
  }
  s->flags = (u8_t)((s->flags & ~TCP_ALT_SEG_LOST) | TCP_ALT_SEG_SACKED);
  rod->sacked = (tcpwnd_size_t)(rod->sacked + s->len);
  ev->delivered = (tcpwnd_size_t)(ev->delivered + s->len);
  tcp_alt_rod_delivered(rod, s, seg, ev);
}

u32_t
tcp_alt_rod_board_on_sack(struct tcp_alt_rod *rod, const struct tcp_alt_segment *seg, struct tcp_alt_ack_event *ev)
{
  struct tcp_seg *s;
  u8_t i, first = 0, n = (u8_t)(2 * seg->sacks);
  u32_t highest = seg->ack;

  if (board_is_dsack(seg)) {
    first = 2;
    if (TCP_ALT_LT(seg->sack[0], seg->sack[1]) && TCP_ALT_LEQ(seg->sack[1], rod->snd_nxt)) {
      rod->loss |= TCP_ALT_LOSS_DSACK;
    }
  }
  for (s = rod->head; s != rod->next; s = s->next) {
    const u32_t end = s->seq + s->len;
    if (s->flags & TCP_ALT_SEG_SACKED) {
      continue;
    }
    for (i = first; i < n; i = (u8_t)(i + 2)) {
      const u32_t *edge = &seg->sack[i];
      if (TCP_ALT_GEQ(s->seq, edge[0]) && TCP_ALT_LEQ(end, edge[1]) && board_is_sound(rod, seg, edge)) {
        board_mark(rod, s, seg, ev);
        highest = end;
        break;
      }
    }
  }
  return highest;
}

void
tcp_alt_rod_board_forget(struct tcp_alt_rod *rod)
{
  struct tcp_seg *s;
  for (s = rod->head; s != rod->next; s = s->next) {
    s->flags &= (u8_t)~TCP_ALT_SEG_SACKED;
  }
  rod->sacked = 0;
}

#if !TCP_RACK
/* RFC 6675 4, IsLost: three runs of reported data lie above, or more than two segments' worth. And 5 step 3: three reports,
 * of whatever size, begin recovery with the first segment. */
void
tcp_alt_rod_board_losses(struct tcp_alt_rod *rod, u16_t mss)
{
  struct tcp_seg *s;
  u32_t above = rod->sacked;
  u16_t runs = 0, reports = 0;
  u8_t in_run = 0;

  for (s = rod->head; s != rod->next; s = s->next) {
    const u8_t reported = s->flags & TCP_ALT_SEG_SACKED;
    runs = (u16_t)(runs + (reported && !in_run));
    reports = (u16_t)(reports + (reported != 0));
    in_run = reported;
  }
  if (rod->state == TCP_ALT_ROD_OPEN && reports >= DUP_THRESH) {
    tcp_alt_rod_mark_lost(rod, rod->head);
  }
  in_run = 0;
  for (s = rod->head; above != 0; s = s->next) {
    if (s->flags & TCP_ALT_SEG_SACKED) {
      above -= s->len;
      runs = (u16_t)(runs - !in_run);
      in_run = 1;
      continue;
    }
    in_run = 0;
    if ((runs >= DUP_THRESH || above > (DUP_THRESH - 1U) * mss) && !(s->flags & TCP_ALT_SEG_AGAIN)) {
      tcp_alt_rod_mark_lost(rod, s);
    }
  }
}

/* RFC 6675 4, NextSeg rules 3 and 4: nothing is lost for certain, and nothing is new. First what lies below a report and was
 * sent once, then, once a recovery, the last that was not reported, so that its answer tells the end. One an ACK: RFC 6675's pipe
 * counts such a segment twice. */
struct tcp_seg *
tcp_alt_rod_board_next(const struct tcp_alt_rod *rod)
{
  struct tcp_seg *s, *last = NULL;
  if ((rod->loss & (TCP_ALT_LOSS_SACK | TCP_ALT_LOSS_BELOW)) != TCP_ALT_LOSS_SACK || rod->state != TCP_ALT_ROD_RECOVERY) {
    return NULL;
  }
  for (s = rod->head; s != rod->next; s = s->next) {
    if (s->flags & TCP_ALT_SEG_SACKED) {
      continue;
    }
    if (!(s->flags & TCP_ALT_SEG_AGAIN) && TCP_ALT_LT(s->seq, rod->fack)) {
      return s;
    }
    last = s;
  }
  return (rod->loss & TCP_ALT_LOSS_RESCUED) ? NULL : last;
}

void
tcp_alt_rod_board_on_sent(struct tcp_alt_rod *rod, const struct tcp_seg *s)
{
  rod->loss |= TCP_ALT_LOSS_BELOW;
  if ((s->flags & TCP_ALT_SEG_AGAIN) || TCP_ALT_GEQ(s->seq, rod->fack)) {
    rod->loss |= TCP_ALT_LOSS_RESCUED;
  }
}
#endif

#endif /* LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_SACK_IN */
