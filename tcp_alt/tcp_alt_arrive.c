/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * The network door: what a segment does to its connection (RFC 9293 3.10.7.3 and 3.10.7.4), in the
 * order of docs/architecture.md. Orchestrates the components; writes none of their fields.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/nd6.h"
#include "lwip/stats.h"
#include "lwip/priv/tcp_alt_doors.h"
#include "lwip/priv/tcp_priv.h"

/* Gives data in order to the application; 0: the connection is gone. */
static int
arrive_deliver(struct tcp_alt_hold *hold, struct pbuf *p, u32_t now)
{
  struct tcp_alt_cb *cb = hold->cb;
  tcp_alt_flow_on_data(&cb->flow, p->tot_len);
  if (TCP_ALT_FACE(cb)->flags & TF_RXCLOSED) {
    /* RFC 9293 3.6.1: it must learn that its data was lost */
    pbuf_free(p);
    tcp_alt_reset_and_end(cb, TCP_ERR_REASON_UNREAD);
    return 0;
  }
  tcp_alt_app_recv(hold, p, now);
  return hold->cb != NULL;
}

/* Steps 9 and 10: `data` and what else is in order, to flow, conn and the application. */
static void
arrive_hand_out(struct tcp_alt_hold *hold, struct tcp_alt_data_event *data)
{
  struct tcp_alt_cb *cb = hold->cb;
  do {
    if (data->fin && tcp_alt_conn_on_fin(&cb->conn, data->now) == TCP_ALT_NEWS_TIME_WAIT) {
      tcp_alt_enter_time_wait(cb);
    }
    if (data->p != NULL && !arrive_deliver(hold, data->p, data->now)) {
      return;
    }
  } while (cb->rod.refused == NULL && tcp_alt_rod_more(&cb->rod, data));
  tcp_alt_app_fin(hold);
}

#if TCP_WND > 0xffff
void
tcp_alt_arrive_leftover(struct tcp_alt_hold *hold, u32_t now)
{
  struct tcp_alt_data_event data;
  data.now = now;
  if (hold->cb != NULL && hold->cb->rod.refused == NULL && tcp_alt_rod_more(&hold->cb->rod, &data)) {
    tcp_alt_rod_ack_now(&hold->cb->rod);
    arrive_hand_out(hold, &data);
  }
}
#endif

/* Step 9 for data that is not plain: rod takes it first. */
static void
arrive_data(struct tcp_alt_hold *hold, struct tcp_alt_segment *seg)
{
  struct tcp_alt_cb *cb = hold->cb;
  struct tcp_alt_data_event data;

  data.now = seg->now;
#if TCP_QUEUE_OOSEQ
  data.max_bytes = 0xffffffffUL;
  data.max_pbufs = 0xffffffffUL;
#if defined(TCP_OOSEQ_BYTES_LIMIT)
  data.max_bytes = TCP_OOSEQ_BYTES_LIMIT(TCP_ALT_FACE(cb));
#endif
#if defined(TCP_OOSEQ_PBUFS_LIMIT)
  data.max_pbufs = TCP_OOSEQ_PBUFS_LIMIT(TCP_ALT_FACE(cb));
#endif
#endif
  tcp_alt_rod_on_data(&cb->rod, &cb->flow, seg, &data);
  arrive_hand_out(hold, &data);
}

/* Does this state still take data from the peer? */
static int
arrive_receives(const struct tcp_pcb *pcb)
{
  return pcb->state == ESTABLISHED || pcb->state == FIN_WAIT_1 || pcb->state == FIN_WAIT_2;
}

/* Steps 4 to 8 and 10: what the ACK of an acceptable segment means. `syn`: the window is a SYN's, taken
 * already and never scaled. */
static void
arrive_ack(struct tcp_alt_hold *hold, const struct tcp_alt_segment *seg, int syn)
{
  struct tcp_alt_cb *cb = hold->cb;
  struct tcp_alt_ack_event ev;

  ev.now = seg->now;
  ev.mss = cb->conn.mss;
  tcp_alt_rod_on_ack(&cb->rod, &cb->flow, seg, &ev);
  if (!syn) {
    tcp_alt_flow_on_window(&cb->flow, &cb->rod, seg);
  }
  if (ev.what == 0) {
    return;
  }
#if LWIP_IPV6 && LWIP_ND6_TCP_REACHABILITY_HINTS
  if ((ev.what & TCP_ALT_ACK_NEW) && ip_current_is_v6()) {
    nd6_reachability_hint(ip6_current_src_addr()); /* RFC 4861 7.3.1: forward progress */
  }
#endif
  tcp_alt_flow_on_ack(&cb->flow, &ev);
  tcp_alt_cong_on_ack(&cb->cong, &cb->rod, &ev);
#if LWIP_TCP_USER_TIMEOUT
  if (ev.what & TCP_ALT_ACK_NEW) {
    tcp_alt_conn_on_moved(&cb->conn, seg->now);
  }
#endif
  tcp_alt_conn_show(&cb->conn, &cb->rod, &cb->flow);
  if (ev.what & (TCP_ALT_ACK_SYN | TCP_ALT_ACK_FIN)) {
    switch (tcp_alt_conn_on_ack(&cb->conn, &ev)) {
      case TCP_ALT_NEWS_ESTABLISHED:
        tcp_alt_app_opened(hold);
        if (hold->cb == NULL) {
          return;
        }
        break;
      case TCP_ALT_NEWS_TIME_WAIT:
        tcp_alt_enter_time_wait(cb);
        break;
      case TCP_ALT_NEWS_CLOSED:
        tcp_alt_end(cb, ERR_CLSD, TCP_ERR_REASON_CLOSED);
        return;
      case TCP_ALT_NEWS_NONE:
      default:
        break;
    }
  }
  if (ev.acked != 0) {
    tcp_alt_conn_on_progress(&cb->conn, seg->now);
    tcp_alt_app_sent(hold, ev.acked);
  }
}

/* Steps 4 to 10: an acceptable segment. `plain`: it begins at RCV.NXT and fits. */
static void
arrive_accepted(struct tcp_alt_hold *hold, struct tcp_alt_segment *seg, int plain, int syn)
{
  struct tcp_alt_cb *cb = hold->cb;

  tcp_alt_conn_on_heard(&cb->conn, seg->now);
#if LWIP_TCP_USER_TIMEOUT
  if (cb->flow.persist != 0) {
    tcp_alt_conn_on_moved(&cb->conn, seg->now); /* RFC 9293 MUST-37: who answers probes is alive */
  }
#endif
#if LWIP_TCP_TIMESTAMPS
  tcp_alt_rod_on_timestamp(&cb->rod, seg);
#endif
#if LWIP_TCP_ECN
  tcp_alt_rod_on_ecn(&cb->rod, seg);
#endif
  if (seg->ack == cb->rod.snd_una && seg->len != 0) {
    /* data that acknowledges nothing new: not a duplicate ACK either */
    tcp_alt_flow_on_window(&cb->flow, &cb->rod, seg);
  } else {
    arrive_ack(hold, seg, syn);
    if (hold->cb == NULL) {
      return;
    }
  }
#if LWIP_TCP_USER_TIMEOUT_OPTION
  if (seg->opts & TCP_ALT_OPT_UTO) {
    tcp_alt_conn_on_uto(&cb->conn, seg); /* after accept, where the application may have asked for it */
  }
#endif
#if LWIP_TCP_URGENT
  tcp_alt_rod_urgent_passed(&cb->rod);
  /* RFC 9293 3.10.7.4, sixth; MUST-66: whether its data fits or not */
  if ((seg->flags & TCP_URG) && arrive_receives(TCP_ALT_FACE(cb)) && tcp_alt_rod_on_urgent(&cb->rod, seg)) {
    tcp_alt_app_urgent(hold);
    if (hold->cb == NULL) {
      return;
    }
  }
#endif
  if (seg->len == 0 && !(seg->flags & TCP_FIN)) {
    return;
  }
  if (!arrive_receives(TCP_ALT_FACE(cb))) {
    tcp_alt_rod_ack_now(&cb->rod);
    if (seg->flags & TCP_FIN) {
      tcp_alt_conn_on_fin_again(&cb->conn, seg->now);
    }
  } else if (cb->rod.refused != NULL) {
    tcp_alt_rod_ack_now(&cb->rod); /* no room for it now: it will come again */
  } else {
    if (plain && tcp_alt_rod_on_plain_data(&cb->rod, seg)) {
      (void)arrive_deliver(hold, seg->p, seg->now);
    } else {
      arrive_data(hold, seg);
    }
    seg->p = NULL; /* it has been taken */
  }
}

/* RFC 9293 3.10.7.4, second: a RST that comes before the connection is open refuses it, if we opened it. */
#define arrive_reset_reason(cb)                                                                      \
  (TCP_ALT_FACE(cb)->state == SYN_RCVD && !((cb)->conn.is & TCP_ALT_IS_PASSIVE) ? TCP_ERR_REASON_REFUSED \
                                                                                 : TCP_ERR_REASON_RESET)

/* Step 3 in SYN-RECEIVED and later states: 1 when the segment is to be processed. */
static int
arrive_judge(struct tcp_alt_hold *hold, struct tcp_alt_segment *seg, const struct tcp_alt_tuple *t)
{
  struct tcp_alt_cb *cb = hold->cb;

  if (TCP_ALT_FACE(cb)->state == SYN_RCVD && (seg->flags & (TCP_SYN | TCP_RST)) == TCP_SYN &&
      seg->seq + 1 == cb->rod.rcv_nxt) {
    if (!(seg->flags & TCP_ACK)) {
      tcp_alt_rod_resend_syn(&cb->rod); /* our SYN-ACK was lost */
      return 0;
    }
    /* Simultaneous open, RFC 9293 figure 8 line 6: the SYN has been taken already. */
    seg->seq++;
    seg->flags &= (u8_t)~TCP_SYN;
  }
  switch (tcp_alt_conn_judge(&cb->conn, &cb->rod, &cb->flow, seg)) {
    case TCP_ALT_SEG_ACCEPT:
      return 1;
    case TCP_ALT_SEG_CHALLENGE_ACK:
      if (tcp_alt_conn_challenge(&cb->conn, seg->now)) {
        tcp_alt_rod_ack_now(&cb->rod);
      }
      break;
    case TCP_ALT_SEG_ACK:
      if ((seg->flags & TCP_FIN) && seg->seq + seg->len + 1 == cb->rod.rcv_nxt) {
        tcp_alt_conn_on_fin_again(&cb->conn, seg->now);
      }
#if LWIP_TCP_SACK_OUT
      tcp_alt_rod_on_duplicate(&cb->rod, seg);
#endif
      /* An ACK for an ACK is limited, or two ends that have lost each other would never stop. */
      if (TCP_ALT_SEGLEN(seg) != 0 || tcp_alt_conn_challenge(&cb->conn, seg->now)) {
        tcp_alt_rod_ack_urgent(&cb->rod);
      }
      break;
    case TCP_ALT_SEG_RESET:
      tcp_alt_end(cb, ERR_RST, arrive_reset_reason(cb));
      break;
    case TCP_ALT_SEG_REPLY_RST:
      tcp_alt_out_refuse(seg, t);
      break;
    case TCP_ALT_SEG_DROP:
    default:
      break;
  }
  TCP_STATS_INC(tcp.drop);
  return 0;
}

/* The peer's MSS as we may use it (RFC 9293 3.7.1), bytes. */
static u16_t
arrive_peer_mss(const struct tcp_alt_segment *seg, const struct tcp_alt_tuple *t)
{
  u16_t mss = IP_IS_V6(t->remote_ip) ? 1220 : 536; /* RFC 9293 MUST-15 */
  if (seg->opts & TCP_ALT_OPT_MSS) {
    mss = LWIP_MAX(seg->mss, TCP_MIN_MSS);
  }
  mss = LWIP_MIN(mss, TCP_MSS);
  return tcp_alt_out_mss(mss, t->inp, t->remote_ip);
}

int
tcp_alt_take_syn(struct tcp_alt_cb *cb, const struct tcp_alt_segment *seg,
                 const struct tcp_alt_tuple *t)
{
  u16_t mss = arrive_peer_mss(seg, t);
  /* RFC 9293 MUST-16: what was written before fits from now on; if that takes too much memory, the SYN comes again. */
  if (!tcp_alt_rod_cut(&cb->rod, (u16_t)(mss - TCP_ALT_OPTLEN_BEFORE_SYN), TCP_ALT_OPTLEN_BEFORE_SYN)) {
    TCP_STATS_INC(tcp.memerr);
    return 0;
  }
#if LWIP_TCP_TIMESTAMPS
  tcp_alt_rod_set_ts_offset(&cb->rod, tcp_alt_keyed(t, 1));
#endif
  tcp_alt_rod_on_syn(&cb->rod, seg, seg->opts & TCP_ALT_OPT_TS);
  tcp_alt_flow_on_syn(&cb->flow, &cb->rod, seg, seg->opts & TCP_ALT_OPT_WS);
  tcp_alt_conn_on_syn(&cb->conn, seg, mss);
#if LWIP_TCP_ECN
  tcp_alt_conn_on_ecn_setup(&cb->conn, &cb->rod, seg);
#endif
  return 1;
}

/* RFC 9293 3.10.7.3: 1 when the segment acknowledges our SYN and is to be processed. */
static int
arrive_in_syn_sent(struct tcp_alt_hold *hold, struct tcp_alt_segment *seg,
                   const struct tcp_alt_tuple *t)
{
  struct tcp_alt_cb *cb = hold->cb;
  switch (tcp_alt_conn_judge_in_syn_sent(&cb->conn, &cb->rod, seg)) {
    case TCP_ALT_SEG_ACCEPT:
      break;
    case TCP_ALT_SEG_RESET:
      tcp_alt_end(cb, ERR_RST, TCP_ERR_REASON_REFUSED);
      return 0;
    case TCP_ALT_SEG_REPLY_RST:
      tcp_alt_out_refuse(seg, t);
      return 0;
    case TCP_ALT_SEG_DROP:
    case TCP_ALT_SEG_ACK:
    case TCP_ALT_SEG_CHALLENGE_ACK:
    default:
      TCP_STATS_INC(tcp.drop);
      return 0;
  }
  if (!tcp_alt_take_syn(cb, seg, t)) {
    return 0;
  }
  seg->seq++;
  seg->flags &= (u8_t)~TCP_SYN;
  if (!(seg->flags & TCP_ACK)) {
    tcp_alt_rod_resend_syn(&cb->rod); /* simultaneous open: our SYN again, with an ACK */
    return 0;
  }
  return 1;
}

void
tcp_alt_arrive(struct tcp_alt_cb *cb, struct tcp_alt_segment *seg, const struct tcp_alt_tuple *t)
{
  struct tcp_alt_hold hold;
  int plain;
  const int syn = (seg->flags & TCP_SYN) != 0;

  tcp_alt_hold(&hold, cb);
#if LWIP_TCP_INFO
  tcp_alt_rod_on_arrival(&cb->rod);
#endif
  if (cb->rod.refused != NULL) {
    tcp_alt_app_refused(&hold, seg->now); /* step 0 */
    if (hold.cb == NULL) {
      goto gone;
    }
  }
  plain = tcp_alt_conn_is_plain(&cb->conn, &cb->rod, &cb->flow, seg);
  if (plain || (TCP_ALT_FACE(cb)->state == SYN_SENT ? arrive_in_syn_sent(&hold, seg, t)
                                                : arrive_judge(&hold, seg, t))) {
    arrive_accepted(&hold, seg, plain, syn);
  }
gone:
  if (seg->p != NULL) {
    pbuf_free(seg->p);
  }
  /* With a driver that answers from within its output, who sends just now goes on sending. */
  if (hold.cb != NULL && !tcp_alt_held_from(hold.up, cb)) {
    if (tcp_alt_rod_wants_out(&cb->rod) || cb->flow.persist != 0 || (TCP_ALT_FACE(cb)->flags & TF_ACK_NOW)) {
      tcp_alt_out_run(&hold, seg->now);
    } else if (cb->rod.rx & TCP_ALT_RX_NOW) {
      (void)tcp_alt_out_ack(&hold, seg->now);
    }
    if (hold.cb != NULL && !tcp_alt_tmr_is_soon(cb, seg->now)) {
      tcp_alt_tmr_rearm(cb, seg->now);
    }
  }
  tcp_alt_release(&hold);
}

#endif /* LWIP_TCP && LWIP_TCP_ALT */
