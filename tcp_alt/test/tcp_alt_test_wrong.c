/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Test-only: what must always be true of a connection while nobody is at work on it. Harnesses ask between two events.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_ALT_TEST

#include "lwip/tcp_alt_test.h"
#include "lwip/priv/tcp_alt_doors.h"
#include "lwip/priv/tcp_alt_seg.h"
#include "lwip/priv/tcp_alt_seq.h"

/* One segment of the send queue. */
static const char *
wrong_segment(const struct tcp_seg *s, int sent)
{
  const u8_t marks = s->flags & (TCP_ALT_SEG_LOST | TCP_ALT_SEG_SACKED);
  if (marks == (TCP_ALT_SEG_LOST | TCP_ALT_SEG_SACKED)) {
    return "a segment is lost and reported";
  }
  if (marks != 0 && !sent) {
    return "a segment is marked that was never sent";
  }
  if (s->len == 0 || s->p == NULL || s->p->tot_len < s->len) {
    return "a segment has not the data it should";
  }
  return NULL;
}

/* The send queue: from SND.UNA on, without a gap, and what is said of its marks. */
static const char *
wrong_queue(const struct tcp_alt_rod *rod)
{
  const struct tcp_seg *s, *last = NULL;
  u32_t seq = rod->head != NULL ? rod->head->seq : 0, lost = 0, sacked = 0, pbufs = 0;
  int sent = 1;
  for (s = rod->head; s != NULL; s = s->next) {
    const char *why = wrong_segment(s, sent = sent && s != rod->next);
    if (why != NULL) {
      return why;
    }
    if (s->seq != seq) {
      return "the send queue has a gap";
    }
    seq += s->len;
    lost += (s->flags & TCP_ALT_SEG_LOST) ? s->len : 0U;
    sacked += (s->flags & TCP_ALT_SEG_SACKED) ? s->len : 0U;
    pbufs += pbuf_clen(s->p);
    last = s;
  }
  if (rod->next != NULL && sent) {
    return "rod.next is not in the queue";
  }
  if (last != NULL && (last != rod->tail || seq != rod->snd_lbb)) {
    return "the queue ends elsewhere";
  }
  if (last != NULL && !(rod->tx & TCP_ALT_TX_SYN) &&
      (TCP_ALT_GT(rod->head->seq, rod->snd_una) || TCP_ALT_LEQ(rod->head->seq + rod->head->len, rod->snd_una))) {
    return "SND.UNA is not in the first segment";
  }
  if (rod->lost != lost) {
    return "rod.lost is not the sum of the segments marked";
  }
#if LWIP_TCP_SACK_IN
  if (rod->sacked != sacked) {
    return "rod.sacked is not the sum of the segments marked";
  }
#else
  LWIP_UNUSED_ARG(sacked);
#endif
  return rod->queuelen != pbufs ? "rod.queuelen is not the number of pbufs" : NULL;
}

/* Something that waits has a deadline, which comes. */
static const char *
wrong_deadline(const struct tcp_alt_cb *cb, u32_t now)
{
  const struct tcp_alt_rod *rod = &cb->rod;
  const u8_t timed = rod->tx & (TCP_ALT_TX_TIMER | TCP_ALT_TX_FLUSH);
  u32_t wait = tcp_alt_rod_tx_wait(rod, now), other;
  if (tcp_alt_rod_outstanding(rod) && timed == 0 && cb->flow.persist == 0) {
    return "something waits to be sent or acknowledged, and no timer runs";
  }
  if (timed != 0 && wait > TCP_RTO_MAX_MS) {
    return "the timer is farther off than any RTO";
  }
#if TCP_RACK
  if ((rod->loss & (TCP_ALT_LOSS_REORDER | TCP_ALT_LOSS_PTO)) == (TCP_ALT_LOSS_REORDER | TCP_ALT_LOSS_PTO)) {
    return "one timer for two things";
  }
#endif
  other = tcp_alt_rod_rx_wait(rod, now);
  wait = LWIP_MIN(wait, other);
  other = tcp_alt_flow_wait(&cb->flow, now);
  wait = LWIP_MIN(wait, other);
#if LWIP_TIMERS && !TCP_ALT_CLOCK_TICKS
  if (wait != TCP_ALT_NEVER && (!tcp_alt_timeout.armed || TCP_ALT_GT(tcp_alt_timeout.at, now + wait))) {
    return "lwIP's timeout comes later than the connection's deadline";
  }
#endif
  return NULL;
}

const char *
tcp_alt_test_wrong(const struct tcp_pcb *pcb)
{
  const struct tcp_alt_cb *cb = (const struct tcp_alt_cb *)(const void *)pcb;
  const u32_t now = tcp_alt_now();
  const char *why;
  if (pcb->state <= LISTEN || tcp_alt_held(cb)) {
    return NULL;
  }
  why = wrong_queue(&cb->rod);
  if (why == NULL) {
    why = wrong_deadline(cb, now);
  }
  if (why == NULL && pcb->state >= ESTABLISHED && !(cb->rod.tx & TCP_ALT_TX_SYN) && cb->rod.state == TCP_ALT_ROD_OPEN &&
      cb->cong.cwnd < (LWIP_TCP_PMTUD ? 1 : cb->conn.mss)) { /* which may grow with the path */
    why = "cwnd is less than a segment";
  }
  return why;
}

const char *
tcp_alt_test_any_wrong(void)
{
  const struct tcp_pcb *pcb;
  const char *why = NULL;
  for (pcb = tcp_active_pcbs; pcb != NULL && why == NULL; pcb = pcb->next) {
    why = tcp_alt_test_wrong(pcb);
  }
  return why;
}

#endif /* LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_ALT_TEST */
