/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * rod, receive side: order, duplicates, gaps, and how urgent an ACK is (RFC 9293 3.10.7.4, 3.8.6.3;
 * RFC 5681 4.2).
 *
 * Where two queued segments disagree about a byte, the one that came last counts unless the other begins
 * later and ends later; bytes that were acknowledged have been handed out and cannot change.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/memp.h"
#include "lwip/tcp.h"
#include "lwip/priv/tcp_alt_flow.h"
#include "lwip/priv/tcp_alt_rod.h"
#include "lwip/priv/tcp_alt_seg.h"
#include "lwip/priv/tcp_alt_seq.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/priv/tcp_alt_component.h"

/* ---- ACKs owed ---- */

void
tcp_alt_rod_ack_later(struct tcp_alt_rod *rod, u32_t at)
{
  rod->rx = (u8_t)((rod->rx & ~TCP_ALT_RX_NOW) | TCP_ALT_RX_OWED);
  rod->rx_at = (u16_t)at;
}

void
tcp_alt_rod_ack_urgent(struct tcp_alt_rod *rod)
{
  rod->rx |= TCP_ALT_RX_NOW;
  rod->quick = TCP_QUICKACK_SEGS;
}

/* ---- data for the application ---- */

void
tcp_alt_rod_on_syn(struct tcp_alt_rod *rod, const struct tcp_alt_segment *seg, int use_ts)
{
#if LWIP_TCP_SACK_IN
  if (seg->opts & TCP_ALT_OPT_SACK_PERM) {
    rod->loss |= TCP_ALT_LOSS_SACK;
  }
#endif
  rod->rcv_nxt = seg->seq + 1;
  if (seg->flags & TCP_ACK) {
    rod->rx |= TCP_ALT_RX_NOW; /* without ACK our own SYN answers, now or when there is a buffer for it */
  }
#if LWIP_TCP_ECN
  rod->ecn_end = rod->snd_una;
  if (TCP_ALT_ECN_SETUP(seg->flags)) {
    rod->rx |= TCP_ALT_RX_ECN;
  }
#endif
#if LWIP_TCP_TIMESTAMPS
  rod->last_ack_sent = rod->rcv_nxt;
  if (use_ts) {
    rod->rx |= TCP_ALT_RX_TS;
    rod->ts_recent = seg->tsval;
    rod->ts_recent_at = seg->now;
  }
#else
  LWIP_UNUSED_ARG(use_ts);
#endif
}

#if LWIP_TCP_TIMESTAMPS
void
tcp_alt_rod_on_timestamp(struct tcp_alt_rod *rod, const struct tcp_alt_segment *seg)
{
  if ((seg->opts & TCP_ALT_OPT_TS) && TCP_ALT_LEQ(seg->seq, rod->last_ack_sent) &&
      (TCP_ALT_GEQ(seg->tsval, rod->ts_recent) || seg->now - rod->ts_recent_at >= TCP_ALT_TS_RECENT_AGE)) {
    rod->ts_recent = seg->tsval;
    rod->ts_recent_at = seg->now;
  }
}

void
tcp_alt_rod_set_ts_offset(struct tcp_alt_rod *rod, u32_t offset)
{
  rod->ts_offset = offset;
}
#endif

#if LWIP_TCP_ECN
void
tcp_alt_rod_on_ecn(struct tcp_alt_rod *rod, const struct tcp_alt_segment *seg)
{
  if (!(rod->rx & TCP_ALT_RX_ECN) || seg->len == 0) {
    return;
  }
  if (seg->flags & TCP_CWR) {
    rod->rx &= (u8_t)~TCP_ALT_RX_ECE;
  }
  if (seg->ce) {
    rod->rx |= TCP_ALT_RX_ECE | TCP_ALT_RX_NOW; /* at once: the sender should not wait to hear of it */
  }
}
#endif

void
tcp_alt_rod_on_refusal(struct tcp_alt_rod *rod, struct pbuf *p, u32_t now)
{
  rod->refused = p;
  if (!(rod->rx & TCP_ALT_RX_OWED)) {
    rod->rx_at = (u16_t)(now + TCP_REFUSED_RETRY_MS);
  }
}

struct pbuf *
tcp_alt_rod_take_refused(struct tcp_alt_rod *rod)
{
  struct pbuf *p = rod->refused;
  rod->refused = NULL;
  return p;
}

#if LWIP_TCP_SACK_OUT
static void
rod_dsack(struct tcp_alt_rod *rod, u32_t left, u32_t right)
{
  if (left != right) {
    rod->dsack_left = left;
    rod->dsack_right = right;
    rod->rx |= TCP_ALT_RX_DSACK;
  }
}

void
tcp_alt_rod_on_duplicate(struct tcp_alt_rod *rod, const struct tcp_alt_segment *seg)
{
  if (TCP_ALT_LEQ(seg->seq + seg->len, rod->rcv_nxt)) {
    rod_dsack(rod, seg->seq, seg->seq + seg->len);
  }
}
#else
#define rod_dsack(rod, left, right) \
  do { LWIP_UNUSED_ARG(left); } while (0)
#endif

static void
rod_take_fin(struct tcp_alt_rod *rod, struct tcp_alt_data_event *ev)
{
  rod->rcv_nxt++;
  rod->rx |= TCP_ALT_RX_FIN;
  ev->fin = 1;
  tcp_alt_rod_ack_urgent(rod);
  tcp_alt_rod_free_ooseq(rod); /* text after a FIN is ignored */
}

#if TCP_QUEUE_OOSEQ

/* Moves what has become in order from the queue into the event, up to 64 KB of it. */
static void
rod_collect(struct tcp_alt_rod *rod, struct tcp_alt_data_event *ev)
{
  struct tcp_seg *s;
  while ((s = rod->ooseq) != NULL && TCP_ALT_LEQ(s->seq, rod->rcv_nxt)) {
    u32_t old = rod->rcv_nxt - s->seq;
    if (old < s->len) {
      u16_t fresh = (u16_t)(s->len - old);
      if (ev->p != NULL && (u32_t)ev->p->tot_len + fresh > 0xffffU) {
        return;
      }
      s->p = pbuf_free_header(s->p, (u16_t)old);
      if (ev->p == NULL) {
        ev->p = s->p;
      } else {
        pbuf_cat(ev->p, s->p);
      }
      s->p = NULL;
      rod->rcv_nxt += fresh;
    }
    rod->ooseq = s->next;
    if ((s->flags & TCP_ALT_SEG_FIN) && old <= s->len) {
      rod_take_fin(rod, ev);
    }
    tcp_alt_seg_free(s);
  }
}

int
tcp_alt_rod_more(struct tcp_alt_rod *rod, struct tcp_alt_data_event *ev)
{
  ev->p = NULL;
  ev->fin = 0;
  rod_collect(rod, ev);
  return ev->p != NULL || ev->fin;
}

void
tcp_alt_rod_free_ooseq(struct tcp_alt_rod *rod)
{
  struct tcp_seg *s = rod->ooseq;
  rod->ooseq = NULL;
  tcp_alt_segs_free(s);
}

/* Keeps the queue within its limits: what is farthest from being delivered goes first. */
static void
rod_limit_ooseq(struct tcp_alt_rod *rod, const struct tcp_alt_data_event *ev)
{
  struct tcp_seg **link;
  u32_t bytes = 0;
  u32_t pbufs = 0;
  for (link = &rod->ooseq; *link != NULL; link = &(*link)->next) {
    bytes += (*link)->len;
    pbufs += pbuf_clen((*link)->p);
    if (bytes > ev->max_bytes || pbufs > ev->max_pbufs) {
      struct tcp_seg *rest = *link;
      *link = NULL;
      tcp_alt_segs_free(rest);
      return;
    }
  }
}

/* Queues data behind a gap. Takes `p`. */
static void
rod_queue(struct tcp_alt_rod *rod, struct pbuf *p, u32_t seq, u8_t fin)
{
  struct tcp_seg **link = &rod->ooseq;
  struct tcp_seg *s, *fresh;
  u32_t old = 0;
  u16_t len = p->tot_len;

  while ((s = *link) != NULL && TCP_ALT_LT(s->seq + s->len, seq)) {
    if (s->flags & TCP_ALT_SEG_FIN) {
      goto drop; /* beyond the peer's FIN */
    }
    link = &s->next;
  }
#if LWIP_TCP_SACK_OUT
  rod->ooseq_stamp++;
#endif
  if (s != NULL && TCP_ALT_LEQ(s->seq, seq)) {
    /* s ends at or behind seq */
    old = s->seq + s->len - seq;
#if LWIP_TCP_SACK_OUT
    s->stamp = rod->ooseq_stamp;
#endif
    if (old >= len && !(fin && old == len && !(s->flags & TCP_ALT_SEG_FIN))) {
      rod_dsack(rod, seq, seq + len);
      goto drop;
    }
    if (s->flags & TCP_ALT_SEG_FIN) {
      goto drop;
    }
  }
  fresh = (struct tcp_seg *)memp_malloc(MEMP_TCP_SEG);
  if (fresh == NULL) {
    goto drop;
  }
  if (s != NULL && TCP_ALT_LT(s->seq, seq)) {
    if (old != 0) {
      s->len = (u16_t)(s->len - old);
      pbuf_realloc(s->p, s->len);
    }
    link = &s->next;
  }
  while ((s = *link) != NULL && TCP_ALT_LT(s->seq, seq + len)) {
    if (TCP_ALT_GT(s->seq + s->len, seq + len)) {
      len = (u16_t)(s->seq - seq);
      pbuf_realloc(p, len);
      fin = 0;
      break;
    }
    fin |= s->flags & TCP_ALT_SEG_FIN;
    *link = s->next;
    tcp_alt_seg_free(s);
  }
  fresh->p = p;
  fresh->seq = seq;
  fresh->len = len;
  fresh->flags = fin ? TCP_ALT_SEG_FIN : 0;
#if LWIP_TCP_SACK_OUT
  fresh->stamp = rod->ooseq_stamp;
#endif
  fresh->next = *link;
  *link = fresh;
  return;

drop:
  pbuf_free(p);
}

#else /* TCP_QUEUE_OOSEQ */

#define rod_collect(rod, ev)

int
tcp_alt_rod_more(struct tcp_alt_rod *rod, struct tcp_alt_data_event *ev)
{
  LWIP_UNUSED_ARG(rod);
  LWIP_UNUSED_ARG(ev);
  return 0;
}

void
tcp_alt_rod_free_ooseq(struct tcp_alt_rod *rod)
{
  LWIP_UNUSED_ARG(rod);
}

#endif /* TCP_QUEUE_OOSEQ */

void
tcp_alt_rod_on_data(struct tcp_alt_rod *rod, const struct tcp_alt_flow *flow,
                    const struct tcp_alt_segment *seg, struct tcp_alt_data_event *ev)
{
  struct pbuf *p = seg->p;
  u32_t seq = seg->seq;
  u32_t room;
  u16_t len = seg->len;
  u8_t fin = seg->flags & TCP_FIN;
  s32_t old = TCP_ALT_DIFF(rod->rcv_nxt, seq);

  ev->p = NULL;
  ev->fin = 0;
  if (old > 0) {
    u32_t gone = LWIP_MIN((u32_t)old, len);
    rod_dsack(rod, seq, seq + gone);
    tcp_alt_rod_ack_urgent(rod);
    if ((u32_t)old >= (u32_t)len + (fin ? 1U : 0U)) {
      pbuf_free(p);
      return;
    }
    if (gone != len) {
      p = pbuf_free_header(p, (u16_t)gone); /* with all of it, nothing would be left to free */
    }
    len = (u16_t)(len - gone);
    seq += gone;
  }
  room = flow->rcv_edge - seq;
  if ((u32_t)len > room) {
    tcp_alt_rod_ack_urgent(rod);
    len = (u16_t)room;
    fin = 0;
    if (len != 0) {
      pbuf_realloc(p, len);
    }
  }
  if (len == 0 && !fin) {
    pbuf_free(p);
    return;
  }
  if (seq == rod->rcv_nxt) {
    if (len != 0) {
      ev->p = p;
    } else {
      pbuf_free(p);
    }
    rod->rcv_nxt += len;
#if TCP_QUEUE_OOSEQ
    if (rod->ooseq != NULL) {
      tcp_alt_rod_ack_urgent(rod);
    }
#endif
    tcp_alt_rod_owe_ack(rod, seg->now);
    if (fin) {
      rod_take_fin(rod, ev);
    }
    rod_collect(rod, ev);
    return;
  }
  tcp_alt_rod_ack_urgent(rod);
#if TCP_QUEUE_OOSEQ
  rod_queue(rod, p, seq, fin);
  rod_limit_ooseq(rod, ev);
#else
  pbuf_free(p);
#endif
}

#endif /* LWIP_TCP && LWIP_TCP_ALT */
