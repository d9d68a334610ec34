/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * conn: is a segment acceptable? RFC 9293 3.10.7.3 and 3.10.7.4 in their order, with RFC 5961 (blind
 * resets, SYNs and ACKs), RFC 7323 5 (PAWS) and RFC 1337 (RST in TIME-WAIT). Writes nothing.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/priv/tcp_alt_conn.h"
#include "lwip/priv/tcp_alt_flow.h"
#include "lwip/priv/tcp_alt_rod.h"
#include "lwip/priv/tcp_alt_seq.h"
#include "lwip/priv/tcp_alt_component.h"

#if LWIP_TCP_TIMESTAMPS
static enum tcp_alt_verdict
conn_judge_timestamp(const struct tcp_alt_rod *rod, const struct tcp_alt_segment *seg)
{
  if (!(seg->opts & TCP_ALT_OPT_TS)) {
    return TCP_ALT_SEG_DROP; /* 3.2: once negotiated, on every segment */
  }
  if (TCP_ALT_LT(seg->tsval, rod->ts_recent) && seg->now - rod->ts_recent_at < TCP_ALT_TS_RECENT_AGE) {
    return TCP_ALT_SEG_ACK; /* 5.3 R1 */
  }
  return TCP_ALT_SEG_ACCEPT;
}
#endif

enum tcp_alt_verdict
tcp_alt_conn_judge_in_syn_sent(const struct tcp_alt_conn *conn, const struct tcp_alt_rod *rod,
                               const struct tcp_alt_segment *seg)
{
  LWIP_UNUSED_ARG(conn);
  if ((seg->flags & TCP_ACK) &&
      (TCP_ALT_LEQ(seg->ack, rod->snd_una) || TCP_ALT_GT(seg->ack, rod->snd_nxt))) {
    return (seg->flags & TCP_RST) ? TCP_ALT_SEG_DROP : TCP_ALT_SEG_REPLY_RST;
  }
  if (seg->flags & TCP_RST) {
    return (seg->flags & TCP_ACK) ? TCP_ALT_SEG_RESET : TCP_ALT_SEG_DROP;
  }
  return (seg->flags & TCP_SYN) ? TCP_ALT_SEG_ACCEPT : TCP_ALT_SEG_DROP;
}

enum tcp_alt_verdict
tcp_alt_conn_judge(const struct tcp_alt_conn *conn, const struct tcp_alt_rod *rod,
                   const struct tcp_alt_flow *flow, const struct tcp_alt_segment *seg)
{
  enum tcp_state state = conn->face.state;
  u32_t wnd = flow->rcv_edge - rod->rcv_nxt;
  u32_t off = seg->seq - rod->rcv_nxt;
  u32_t len = TCP_ALT_SEGLEN(seg);

#if LWIP_TCP_TIMESTAMPS
  if ((conn->is & TCP_ALT_IS_TS) && !(seg->flags & (TCP_RST | TCP_SYN))) {
    enum tcp_alt_verdict verdict = conn_judge_timestamp(rod, seg);
    if (verdict != TCP_ALT_SEG_ACCEPT) {
      return verdict;
    }
  }
#endif
  /* First, the sequence number. An ACK at the right edge is taken too, one behind the octet with which its
   * sender probes our closed window, and one in such a probe (MUST-66); rod cuts off data that does not fit. */
  if (len == 0 ? off > LWIP_MAX(wnd, 1) : off > wnd && off + len - 1 >= wnd) {
    return (seg->flags & TCP_RST) ? TCP_ALT_SEG_DROP : TCP_ALT_SEG_ACK;
  }
  /* Second, RST (RFC 5961 3.2; RFC 1337 3 (F1)) */
  if (seg->flags & TCP_RST) {
    if (state == TIME_WAIT) {
      return TCP_ALT_SEG_DROP;
    }
    return off == 0 ? TCP_ALT_SEG_RESET : TCP_ALT_SEG_CHALLENGE_ACK;
  }
  /* Fourth, SYN (RFC 5961 4.2) */
  if (seg->flags & TCP_SYN) {
    return TCP_ALT_SEG_CHALLENGE_ACK;
  }
  /* Fifth, ACK (RFC 5961 5.2) */
  if (!(seg->flags & TCP_ACK)) {
    return TCP_ALT_SEG_DROP;
  }
  if (state == SYN_RCVD) {
    if (TCP_ALT_LEQ(seg->ack, rod->snd_una) || TCP_ALT_GT(seg->ack, rod->snd_nxt)) {
      return TCP_ALT_SEG_REPLY_RST;
    }
  } else if (rod->snd_nxt - seg->ack > rod->snd_nxt - rod->snd_una + flow->snd_wnd_max) {
    return TCP_ALT_SEG_CHALLENGE_ACK;
  }
  return TCP_ALT_SEG_ACCEPT;
}

#endif /* LWIP_TCP && LWIP_TCP_ALT */
