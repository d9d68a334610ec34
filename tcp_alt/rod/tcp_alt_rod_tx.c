/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * rod, send side: the queue between tcp_write() and the wire.
 *
 * One list. Segments before `next` have been sent, those from `next` on have not. What was lost stays
 * where it is and is marked, so that recovery never moves segments about.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/memp.h"
#include "lwip/tcp.h"
#include "lwip/priv/tcp_alt_rod.h"
#include "lwip/priv/tcp_alt_seg.h"
#include "lwip/priv/tcp_alt_seq.h"

#include <string.h>

#include "lwip/priv/tcp_alt_component.h"

/* With one pbuf per packet every byte is copied next to its header. */
#if LWIP_NETIF_TX_SINGLE_PBUF
#define WRITE_COPIES(w) 1
#else
#define WRITE_COPIES(w) (((w)->flags & TCP_WRITE_FLAG_COPY) != 0)
#endif

/* timer_at is neither RACK's nor a probe's. */
#if TCP_RACK
#define ROD_PLAIN_TIMER(rod) ((rod)->loss &= (u16_t)~(TCP_ALT_LOSS_REORDER | TCP_ALT_LOSS_PTO))
#else
#define ROD_PLAIN_TIMER(rod)
#endif

/* More pbufs than this are never queued: queuelen is 16 bits wide. */
#define QUEUELEN_MAX LWIP_MIN(TCP_SND_QUEUELEN, TCP_SNDQUEUELEN_OVERFLOW)

void
tcp_alt_rod_open(struct tcp_alt_rod *rod, u32_t iss)
{
  rod->snd_una = iss;
  rod->snd_nxt = iss;
  rod->snd_lbb = iss + 1;
  rod->recover = iss;
#if LWIP_TCP_SACK_IN
  rod->fack = iss;
#endif
  rod->rto = LWIP_TCP_RTO_TIME;
  rod->tx = TCP_ALT_TX_SYN | TCP_ALT_TX_SYN_LOST;
  rod->quick = TCP_QUICKACK_SEGS;
}

void
tcp_alt_rod_purge(struct tcp_alt_rod *rod)
{
  tcp_alt_segs_free(rod->head);
  rod->head = NULL;
  rod->next = NULL;
  rod->tail = NULL;
  rod->queuelen = 0;
  rod->lost = 0;
#if LWIP_TCP_SACK_IN
  rod->sacked = 0;
#endif
  rod->tx = 0;
  tcp_alt_rod_free_ooseq(rod);
  if (rod->refused != NULL) {
    pbuf_free(rod->refused);
    rod->refused = NULL;
  }
}

/* ---- writing ---- */

/* Bytes to allocate behind a copied chunk of `len` bytes, for writes that follow. With TCP_OVERSIZE 0, none
 * until half of the `queuelen` pbufs that may be are used up. */
static u32_t
rod_spare(const struct tcp_alt_write *w, u32_t len, u32_t queuelen)
{
  u32_t room = w->mss - len;
#if TCP_OVERSIZE
  u32_t padding = (u32_t)LWIP_MEM_ALIGN_SIZE(len) - len;
  if (w->more) {
    return LWIP_MIN(room, TCP_OVERSIZE);
  }
  LWIP_UNUSED_ARG(queuelen);
  return LWIP_MIN(room, padding);
#else
  return w->more && queuelen >= TCP_SND_QUEUELEN / 2 ? room : 0;
#endif
}

/* A pbuf_layer is the header room it leaves, bytes: there may be options between two of them. */
TCP_ALT_STATIC_ASSERT(layer_has_room, sizeof(pbuf_layer) > 1 || (u32_t)PBUF_TRANSPORT + 40 <= 0xffU);

/* `len` bytes of the write from `pos` on as a pbuf: copied with `spare` bytes behind, or referenced.
 * `hdr`: header room for IP, TCP and `w->optlen` bytes of options in front. */
static inline struct pbuf *
rod_chunk(const struct tcp_alt_write *w, u32_t pos, u32_t len, u32_t spare, int hdr)
{
  const u8_t *data = (const u8_t *)w->data + pos;
  pbuf_layer layer = hdr ? (pbuf_layer)(PBUF_TRANSPORT + w->optlen) : PBUF_RAW;
  struct pbuf *p;

  if (WRITE_COPIES(w)) {
    p = pbuf_alloc(layer, (u16_t)(len + spare), PBUF_RAM);
    if (p != NULL) {
      p->len = (u16_t)len;
      p->tot_len = (u16_t)len;
      MEMCPY(p->payload, data, len);
    }
    return p;
  }
  p = pbuf_alloc(PBUF_RAW, (u16_t)len, PBUF_ROM);
  if (p == NULL) {
    return NULL;
  }
  ((struct pbuf_rom *)p)->payload = data;
  if (hdr) {
    struct pbuf *head = pbuf_alloc(layer, 0, PBUF_RAM);
    if (head == NULL) {
      pbuf_free(p);
      return NULL;
    }
    pbuf_cat(head, p);
    p = head;
  }
  return p;
}

/* A new segment of `len` bytes of the write from `pos` on. */
static struct tcp_seg *
rod_segment(const struct tcp_alt_write *w, u32_t pos, u32_t len, u32_t spare)
{
  struct tcp_seg *seg = (struct tcp_seg *)memp_malloc(MEMP_TCP_SEG);
  if (seg == NULL) {
    return NULL;
  }
  seg->next = NULL;
  seg->flags = 0;
  seg->stamp = 0;
  seg->len = (u16_t)len;
  seg->p = rod_chunk(w, pos, len, spare, 1);
  if (seg->p == NULL) {
    memp_free(MEMP_TCP_SEG, seg);
    return NULL;
  }
  return seg;
}

/* How many bytes of the write go into the last segment: while it waits here and is not full. */
static u32_t
rod_takes(const struct tcp_alt_rod *rod, const struct tcp_alt_write *w)
{
  u32_t room;
  if (rod->next == NULL || (rod->rx & TCP_ALT_RX_LENT) || rod->tail->len >= w->mss) {
    return 0;
  }
  room = (u32_t)w->mss - rod->tail->len;
#if LWIP_NETIF_TX_SINGLE_PBUF
  room = LWIP_MIN(room, rod->oversize);
#endif
  return LWIP_MIN(room, w->len);
}

/* Appends the first `len` bytes of the write to the last segment: into the space behind its data, then in a pbuf
 * more. 0: no memory, and nothing is changed. */
static int
rod_extend(struct tcp_alt_rod *rod, const struct tcp_alt_write *w, u32_t len, u32_t *queuelen)
{
  struct tcp_seg *tail = rod->tail;
  struct pbuf *q, *join = NULL;
  u32_t fill = WRITE_COPIES(w) ? LWIP_MIN(rod->oversize, len) : 0;
  u32_t spare = WRITE_COPIES(w) ? rod->oversize - fill : 0;

  if (fill < len) {
    spare = WRITE_COPIES(w) ? rod_spare(w, tail->len + len, *queuelen) : 0;
    join = *queuelen < QUEUELEN_MAX ? rod_chunk(w, fill, len - fill, spare, 0) : NULL;
    if (join == NULL) {
      return 0;
    }
    (*queuelen)++;
  }
  if (fill != 0) {
    for (q = tail->p; q->next != NULL; q = q->next) {
      q->tot_len = (u16_t)(q->tot_len + fill);
    }
    MEMCPY((u8_t *)q->payload + q->len, w->data, fill);
    q->len = (u16_t)(q->len + fill);
    q->tot_len = q->len;
  }
  if (join != NULL) {
    pbuf_cat(tail->p, join);
  }
  tail->len = (u16_t)(tail->len + len);
  rod->oversize = (u16_t)spare;
  return 1;
}

/* Appends new segments to the queue. */
static void
rod_append(struct tcp_alt_rod *rod, struct tcp_seg *first, struct tcp_seg *last)
{
  if (rod->head == NULL) {
    rod->head = first;
  } else {
    rod->tail->next = first;
  }
  if (rod->next == NULL) {
    rod->next = first;
  }
  rod->tail = last;
}

err_t
tcp_alt_rod_write(struct tcp_alt_rod *rod, const struct tcp_alt_write *w)
{
  struct tcp_seg *first = NULL, *last = NULL, **link;
  const u32_t pbufs = WRITE_COPIES(w) ? 1 : 2; /* of a segment */
  const u32_t takes = rod_takes(rod, w);
  u32_t queuelen = rod->queuelen, spare = 0, pos = takes;
  u32_t seq = rod->snd_lbb;

  /* First what may fail; then nothing is changed. */
  for (link = &first; pos < w->len; link = &last->next) {
    u32_t len = w->len - pos;
    len = LWIP_MIN(len, w->mss);
    spare = WRITE_COPIES(w) && len != w->mss ? rod_spare(w, len, queuelen) : 0;
    last = rod_segment(w, pos, len, spare);
    *link = last;
    queuelen += pbufs;
    if (last == NULL || queuelen > QUEUELEN_MAX) {
      goto memerr;
    }
    last->seq = seq + pos;
    pos += len;
  }
  if (takes != 0 && !rod_extend(rod, w, takes, &queuelen)) {
    goto memerr;
  }

  if (first != NULL) {
    rod_append(rod, first, last);
    rod->oversize = (u16_t)spare;
  }
  rod->queuelen = (u16_t)queuelen;
  rod->snd_lbb = seq + w->len;
  if (!(w->flags & TCP_WRITE_FLAG_MORE)) {
    rod->tail->flags |= TCP_ALT_SEG_PSH;
  }
  /* Legacy's tick would send it some day; so do we, unless an ACK or a timer comes first. */
  if (!(rod->tx & (TCP_ALT_TX_TIMER | TCP_ALT_TX_FLUSH))) {
    rod->tx |= TCP_ALT_TX_FLUSH;
    rod->timer_at = w->now + TCP_FLUSH_MS;
  }
  return ERR_OK;

memerr:
  tcp_alt_segs_free(first);
  return ERR_MEM;
}

void
tcp_alt_rod_close(struct tcp_alt_rod *rod)
{
  rod->tx |= TCP_ALT_TX_FIN;
}

/* ---- sending ---- */

/* A SYN or a FIN without data. */
static enum tcp_alt_tx_next
rod_tx_bare(const struct tcp_alt_rod *rod, struct tcp_alt_tx *tx)
{
  u8_t lost, wanted;
  tx->p = NULL;
  tx->len = 0;
  tx->last = 1;
  if (rod->tx & TCP_ALT_TX_SYN) {
    tx->seq = rod->snd_una;
    tx->flags = TCP_SYN;
    wanted = 1;
    lost = rod->tx & TCP_ALT_TX_SYN_LOST;
  } else {
    tx->seq = rod->snd_lbb;
    tx->flags = TCP_FIN;
    wanted = rod->tx & TCP_ALT_TX_FIN;
    lost = rod->tx & TCP_ALT_TX_FIN_LOST;
  }
  tx->again = rod->snd_nxt != tx->seq;
  return wanted && (lost || !tx->again) ? TCP_ALT_TX_SEGMENT : TCP_ALT_TX_NOTHING;
}

enum tcp_alt_tx_next
tcp_alt_rod_tx_next(const struct tcp_alt_rod *rod, struct tcp_alt_tx *tx)
{
  struct tcp_seg *seg = rod->next;
  struct pbuf *p;

  tx->again = 0;
  tx->last = 0;
#if TCP_FRTO
  /* RFC 5682 2.1 step 2b: new data alone, if only one segment; the conventional recovery goes on only without any */
  if (rod->lost != 0 && (!(rod->loss & TCP_ALT_LOSS_FRTO_NEW) || (seg == NULL && rod->snd_nxt == rod->recover))) {
#else
  if (rod->lost != 0) {
#endif
    for (seg = rod->head; !(seg->flags & TCP_ALT_SEG_LOST); seg = seg->next) {
    }
    tx->again = 1;
  }
#if LWIP_TCP_SACK_IN && !TCP_RACK
  if (seg == NULL) {
    seg = tcp_alt_rod_board_next(rod);
    tx->again = seg != NULL;
  }
#endif
  if (seg == NULL || (rod->tx & TCP_ALT_TX_SYN)) {
    return rod_tx_bare(rod, tx);
  }
  p = seg->p;
  tx->p = p;
  tx->seq = seg->seq;
  tx->len = seg->len;
  tx->flags = seg->flags & TCP_PSH; /* TCP_ALT_SEG_PSH is the same bit */
  if (seg->next == NULL) {
    tx->last = 1;
    tx->flags = (rod->tx & TCP_ALT_TX_FIN) ? TCP_PSH | TCP_FIN : TCP_PSH; /* RFC 9293 MUST-61 */
  }
  if (p->ref != 1) {
    return TCP_ALT_TX_BUSY;
  }
  if (p->tot_len != seg->len) {
    pbuf_remove_header(p, (size_t)(p->tot_len - seg->len)); /* of the last transmission */
  }
  return TCP_ALT_TX_SEGMENT;
}

int
tcp_alt_rod_small_out(const struct tcp_alt_rod *rod, u16_t full)
{
  const struct tcp_seg *seg;
  for (seg = rod->head; seg != rod->next && seg->len >= full; seg = seg->next) {
  }
  return seg != rod->next;
}

/* A retransmission has left. */
static void
rod_on_sent_again(struct tcp_alt_rod *rod, const struct tcp_alt_tx *tx, u32_t end)
{
  struct tcp_seg *seg;
  if (TCP_ALT_GT(end, rod->snd_nxt)) {
    rod->snd_nxt = end; /* a FIN went with it */
  }
  /* None is found when it was acknowledged from within the driver. */
  for (seg = rod->head; seg != NULL; seg = seg->next) {
    if (seg->p == tx->p) {
      if (seg->flags & TCP_ALT_SEG_LOST) {
        rod->lost = (tcpwnd_size_t)(rod->lost - seg->len);
      }
#if LWIP_TCP_SACK_IN && !TCP_RACK
      else {
        tcp_alt_rod_board_on_sent(rod, seg);
      }
#endif
      seg->flags = (u8_t)((seg->flags & ~TCP_ALT_SEG_LOST) | TCP_ALT_SEG_AGAIN);
#if TCP_RACK
      seg->sent_at = tx->now;
#endif
      break;
    }
  }
#if TCP_FRTO
  if (rod->loss & TCP_ALT_LOSS_FRTO_NEW) {
    rod->loss &= (u16_t)~(TCP_ALT_LOSS_FRTO | TCP_ALT_LOSS_FRTO_NEW); /* nothing new to find out by */
  }
#endif
#if TCP_UNDO
  if (rod->loss & TCP_ALT_LOSS_UNDO) {
#if LWIP_TCP_TIMESTAMPS
    if (rod->undo_again == 0) {
      rod->undo_at = tx->now;
    }
#endif
    rod->undo_again = (u16_t)LWIP_MIN(rod->undo_again + 1U, 0xffffU);
  }
#endif
#if TCP_RACK
  if (rod->loss & TCP_ALT_LOSS_REORDER) {
    rod->tx = (u8_t)(rod->tx & ~(TCP_ALT_TX_TIMING | TCP_ALT_TX_FLUSH | TCP_ALT_TX_REFUSED));
    return; /* its timer comes first */
  }
#endif
  /* Karn; RFC 6298 5.1, in full at each retransmission */
  rod->tx = (u8_t)((rod->tx & ~(TCP_ALT_TX_TIMING | TCP_ALT_TX_FLUSH | TCP_ALT_TX_REFUSED)) | TCP_ALT_TX_TIMER);
  rod->timer_at = tx->now + rod->rto;
}

#if LWIP_TCP_INFO
/* Data that leaves: beyond SND.NXT for the first time, else once more. */
static void
rod_count(struct tcp_alt_rod *rod, const struct tcp_alt_tx *tx)
{
  s32_t beyond = TCP_ALT_DIFF(tx->seq + tx->len, rod->snd_nxt);
  u32_t fresh = beyond > 0 ? LWIP_MIN((u32_t)beyond, tx->len) : 0;
  rod->bytes_out += fresh;
  rod->bytes_again += tx->len - fresh;
  if (TCP_ALT_LT(tx->seq, rod->snd_nxt)) {
    rod->segs_again++;
  }
}
#define ROD_COUNT(rod, tx) rod_count(rod, tx)

u32_t
tcp_alt_rod_unsent(const struct tcp_alt_rod *rod)
{
  u32_t from = (rod->tx & TCP_ALT_TX_SYN) ? rod->snd_una + 1 : rod->snd_nxt;
  return TCP_ALT_GT(rod->snd_lbb, from) ? rod->snd_lbb - from : 0;
}

u32_t
tcp_alt_rod_unacked(const struct tcp_alt_rod *rod)
{
  u32_t end = TCP_ALT_LT(rod->snd_nxt, rod->snd_lbb) ? rod->snd_nxt : rod->snd_lbb;
  if ((rod->tx & TCP_ALT_TX_SYN) || TCP_ALT_LEQ(end, rod->snd_una)) {
    return 0;
  }
  return end - rod->snd_una;
}
#else
#define ROD_COUNT(rod, tx)
#endif

void
tcp_alt_rod_on_segment_sent(struct tcp_alt_rod *rod, const struct tcp_alt_tx *tx)
{
  const u8_t timed = TCP_ALT_TX_TIMING | TCP_ALT_TX_TIMER;
  struct tcp_seg *seg = rod->next;
  u32_t end = tx->seq + tx->len;

  tcp_alt_rod_on_ack_sent(rod);
  if (tx->flags & (TCP_SYN | TCP_FIN)) {
    rod->tx &= (u8_t)~(TCP_ALT_TX_SYN_LOST | TCP_ALT_TX_FIN_LOST);
    end++;
  }
  ROD_COUNT(rod, tx);
  if (tx->again) {
    rod_on_sent_again(rod, tx, end);
  } else {
    rod->snd_nxt = end;
#if LWIP_TCP_ECN
    if (tx->p != NULL) {
      rod->loss &= (u16_t)~TCP_ALT_LOSS_CWR; /* with this segment */
    }
#endif
    if (seg != NULL && seg->seq == tx->seq) {
      rod->next = seg->next;
#if TCP_RACK
      seg->sent_at = tx->now;
#endif
    }
    if ((rod->tx & (timed | TCP_ALT_TX_REFUSED)) != timed) {
      tcp_alt_rod_start_timers(rod, tx);
    }
  }
#if TCP_RACK
  rod->sent_at = tx->now;
  if (rod->loss & TCP_ALT_LOSS_PTO) {
    if (!tx->again) {
      rod->timer_at = tx->now + tcp_alt_rod_probe_wait(rod, 0, rod->snd_nxt - rod->snd_una <= tx->mss);
    }
  } else if (rod->loss & TCP_ALT_LOSS_PROBE) {
    tcp_alt_rod_probe_on_sent(rod, tx);
  } else if (!tx->again && !(rod->loss & TCP_ALT_LOSS_REORDER)) {
    (void)tcp_alt_rod_probe_arm(rod, tx->now, tx->mss);
  }
#endif
}

void
tcp_alt_rod_on_probe_sent(struct tcp_alt_rod *rod, const struct tcp_alt_tx *tx)
{
  u32_t end = tx->seq + tx->len;
  tcp_alt_rod_on_ack_sent(rod);
  ROD_COUNT(rod, tx);
  if (tx->flags & TCP_FIN) {
    rod->tx |= TCP_ALT_TX_FIN_LOST; /* sent once; again when the window allows */
    end++;
  }
  if (TCP_ALT_GT(end, rod->snd_nxt)) {
    rod->snd_nxt = end;
  }
}

u16_t
tcp_alt_rod_peek(const struct tcp_alt_rod *rod, void *buf, u16_t len)
{
  const struct tcp_seg *seg = rod->head;
  u16_t hdr, skip;
  if (seg == NULL) {
    return 0;
  }
  hdr = (u16_t)(seg->p->tot_len - seg->len);
  skip = (u16_t)(rod->snd_una - seg->seq);
  return pbuf_copy_partial(seg->p, buf, (u16_t)LWIP_MIN(len, seg->len - skip), (u16_t)(hdr + skip));
}

void
tcp_alt_rod_on_refused(struct tcp_alt_rod *rod, u32_t now)
{
  rod->rx &= (u8_t)~TCP_ALT_RX_LENT;
  rod->tx |= TCP_ALT_TX_REFUSED;
  if (!(rod->tx & TCP_ALT_TX_TIMER)) {
    rod->tx = (u8_t)((rod->tx & ~TCP_ALT_TX_FLUSH) | TCP_ALT_TX_TIMER);
    rod->timer_at = now + LWIP_MIN(rod->rto, TCP_OUTPUT_RETRY_MS);
  }
  ROD_PLAIN_TIMER(rod);
}

void
tcp_alt_rod_on_busy(struct tcp_alt_rod *rod, u32_t now)
{
  rod->tx = (u8_t)((rod->tx & ~TCP_ALT_TX_TIMER) | TCP_ALT_TX_FLUSH);
  rod->timer_at = now + TCP_OUTPUT_RETRY_MS;
  ROD_PLAIN_TIMER(rod);
}

void
tcp_alt_rod_on_window_closed(struct tcp_alt_rod *rod)
{
  rod->tx &= (u8_t)~(TCP_ALT_TX_TIMER | TCP_ALT_TX_FLUSH | TCP_ALT_TX_TIMING);
  ROD_PLAIN_TIMER(rod);
}

#endif /* LWIP_TCP && LWIP_TCP_ALT */
