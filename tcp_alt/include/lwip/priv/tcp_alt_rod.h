/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Component rod: reliable ordered delivery.
 *
 * Owns the send queue (one list: acknowledged from the head, sent up to `next`, unsent behind it), the
 * RTT estimator, the retransmission timer and loss recovery; and on the receive side RCV.NXT, the
 * out-of-order queue, refused data and the ACKs owed. SYN and FIN occupy sequence space, so they are
 * flags of the send queue: neither needs memory.
 */
#ifndef LWIP_HDR_TCP_ALT_ROD_H
#define LWIP_HDR_TCP_ALT_ROD_H

#include "lwip/priv/tcp_alt_event.h"
#include "lwip/priv/tcp_alt_seq.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/err.h"
#include "lwip/priv/tcp_priv.h"

#ifdef __cplusplus
extern "C" {
#endif

struct tcp_seg;
struct tcp_alt_flow;

/** How losses are being repaired. */
enum tcp_alt_rod_state {
  TCP_ALT_ROD_OPEN,     /**< nothing known to be lost */
  TCP_ALT_ROD_RECOVERY, /**< fast recovery: up to `recover` (RFC 6582) */
  TCP_ALT_ROD_RTO       /**< the timer expired: everything up to `recover` is sent again */
};

/* rod.tx: the send side's flags */
#define TCP_ALT_TX_SYN      0x01U /**< our SYN is not acknowledged yet */
#define TCP_ALT_TX_SYN_LOST 0x02U /**< .. and is to be sent (again) */
#define TCP_ALT_TX_FIN      0x04U /**< a FIN follows the last byte of the queue */
#define TCP_ALT_TX_FIN_LOST 0x08U /**< .. it was sent and is to be sent again */
#define TCP_ALT_TX_TIMING   0x10U /**< rtt_seq is being timed (RFC 6298 3) */
#define TCP_ALT_TX_TIMER    0x20U /**< timer_at holds the retransmission timer */
#define TCP_ALT_TX_FLUSH    0x40U /**< timer_at holds the deadline of data written but not output */
#define TCP_ALT_TX_REFUSED  0x80U /**< the driver, IP or the heap refused the last segment */

/* rod.rx: the receive side's flags */
#define TCP_ALT_RX_OWED     0x01U /**< an ACK is owed, at rx_at the latest */
#define TCP_ALT_RX_NOW      0x02U /**< .. at once */
#define TCP_ALT_RX_FIN      0x04U /**< the peer's FIN has arrived in order */
#define TCP_ALT_RX_DSACK    0x08U /**< dsack holds a block to report (RFC 2883) */
#define TCP_ALT_RX_TS       0x10U /**< timestamps are in use: ts_recent is valid */
#define TCP_ALT_RX_ECN      0x80U /**< ECN is in use */
#define TCP_ALT_RX_ECE      0x40U /**< congestion is to be told with every ACK until the peer has reacted (RFC 3168 6.1.3) */
#define TCP_ALT_RX_LENT     0x20U /**< IP or the driver has a segment just now (a bit that tx has no room for) */

/* rod.urgent */
#define TCP_ALT_URGENT_RCV  0x01U /**< rcv_up is ahead of what the application was given */
#define TCP_ALT_URGENT_SND  0x02U /**< snd_up is ahead of what the peer has acknowledged */

/* rod.loss: what is known beyond RFC 6582 */
#define TCP_ALT_LOSS_SACK      0x0001U /**< SACK is in use */
#define TCP_ALT_LOSS_REORDER   0x0002U /**< timer_at is RACK's: a segment counts as lost then */
#define TCP_ALT_LOSS_PTO       0x0004U /**< timer_at is the probe timeout (RFC 8985 7.2) */
#define TCP_ALT_LOSS_PROBE     0x0008U /**< a probe is to be sent now */
#define TCP_ALT_LOSS_PROBED    0x0010U /**< a probe is under way: TLP.end_seq is valid */
#define TCP_ALT_LOSS_BELOW     0x0008U /**< without RACK: this ACK has sent what is not known to be lost */
#define TCP_ALT_LOSS_RESCUED   0x0010U /**< without RACK: this recovery has had its rescue retransmission (RFC 6675 4) */
#define TCP_ALT_LOSS_PROBED_OLD 0x0020U /**< .. it was a retransmission (TLP.is_retrans) */
#define TCP_ALT_LOSS_REORDERED 0x0040U /**< reordering was seen */
#define TCP_ALT_LOSS_ROUND     0x0080U /**< dsack_round is valid */
#define TCP_ALT_LOSS_RACK      0x0100U /**< rack_at, rack_end and rack_rtt are valid */
#define TCP_ALT_LOSS_FRTO      0x0200U /**< a timeout; whether it was one is not clear yet (RFC 5682) */
#define TCP_ALT_LOSS_FRTO_NEW  0x0400U /**< .. new data goes first, to find out (step 2b) */
#define TCP_ALT_LOSS_UNDO      0x0800U /**< this recovery can still turn out to be needless */
#define TCP_ALT_LOSS_DSACK     0x1000U /**< this ACK reports a duplicate */
#define TCP_ALT_LOSS_ORIGINAL  0x2000U /**< this ACK is for data that was sent once, before recovery began */
#define TCP_ALT_LOSS_AGAIN     0x4000U /**< this ACK is for data that was sent again */
#define TCP_ALT_LOSS_CWR       0x8000U /**< the next new data tells the peer that cwnd was reduced (RFC 3168 6.1.2, CWR) */
#if TCP_RACK
#define TCP_ALT_LOSS_OF_ACK    0x7000U /**< what is said of one ACK */
#else
#define TCP_ALT_LOSS_OF_ACK    0x7008U
#endif

/* Single bytes come first, where Arm's short instructions reach them. */
struct tcp_alt_rod {
  u8_t tx;               /* TCP_ALT_TX_.. */
  u8_t state;            /* enum tcp_alt_rod_state */
  u8_t nrtx;             /* timeouts in a row */
  u8_t dupacks;
  u8_t rx;               /* TCP_ALT_RX_.. */
  u8_t quick;            /* segments still to be acknowledged one by one */
#if TCP_RACK
  u8_t reo_mult;         /* RACK.reo_wnd_mult, less 1 */
  u8_t reo_persist;      /* RACK.reo_wnd_persist */
#endif
#if LWIP_TCP_SACK_OUT
  u8_t ooseq_stamp;      /* counts arrivals out of order: which SACK block is the latest */
#endif
#if LWIP_TCP_URGENT
  u8_t urgent;           /* TCP_ALT_URGENT_.. */
#endif
#if LWIP_TCP_INFO
  u8_t stop;             /* enum tcp_info_stop */
#endif
  /* send */
  u16_t rttvar;          /* ms, scaled by 4 */
  u16_t rto;             /* ms */
  u16_t rtt_at;          /* ms, low half of the clock: a sample is younger than an RTO */
  u16_t queuelen;        /* pbufs in the send queue */
  u16_t oversize;        /* bytes allocated behind the data of the last, unsent segment */
#if TCP_ALT_LOSS_STATE
  u16_t loss;            /* TCP_ALT_LOSS_.. */
#endif
#if TCP_UNDO
  u16_t undo_again;      /* retransmissions of this recovery that no DSACK has answered */
#endif
#if TCP_RACK
  u16_t rack_rtt;        /* ms: RACK.rtt */
  u16_t min_rtt;         /* ms, since min_rtt_at; 0: none */
#endif
#if LWIP_TCP_PMTUD
  u16_t acked_max;       /* bytes of the largest segment acknowledged since the path last changed */
#endif
  u16_t rx_at;           /* ms, low half of the clock: delayed ACK, or refused data again */
  tcpwnd_size_t lost;    /* bytes of sent segments that count as lost */
  struct tcp_seg *head;  /* first segment not wholly acknowledged */
  struct tcp_seg *next;  /* first segment never sent */
  struct tcp_seg *tail;
  u32_t snd_una;         /* SND.UNA */
  u32_t snd_nxt;         /* SND.NXT: never moves back, so it is SND.MAX as well */
  u32_t snd_lbb;         /* behind the last buffered byte; a FIN has this number */
  u32_t recover;         /* SND.NXT when recovery began */
  u32_t timer_at;        /* ms: see TCP_ALT_TX_TIMER and _FLUSH */
  u32_t rtt_seq;         /* an ACK beyond this ends the measurement */
  u32_t srtt;            /* ms, scaled by 8; 0: no sample yet */
#if LWIP_TCP_SACK_IN
  tcpwnd_size_t sacked;  /* bytes of sent segments that the peer has reported */
  u32_t fack;            /* behind the last byte that was acknowledged or reported (RACK.fack) */
#endif
#if LWIP_TCP_ECN
  u32_t ecn_end;         /* SND.NXT at the last reaction: one a round trip */
#endif
#if TCP_UNDO && LWIP_TCP_TIMESTAMPS
  u32_t undo_at;         /* ms: its first retransmission */
#endif
#if TCP_RACK
  u32_t rack_at;         /* ms: RACK.xmit_ts */
  u32_t rack_end;        /* RACK.end_seq */
  u32_t min_rtt_at;      /* ms */
  u32_t sent_at;         /* ms: last transmission of data */
  u32_t probe_end;       /* TLP.end_seq */
  u32_t dsack_round;     /* RACK.dsack_round */
#endif
  /* receive */
  u32_t rcv_nxt;         /* RCV.NXT */
#if LWIP_TCP_URGENT
  u32_t rcv_up, snd_up;  /* RCV.UP, SND.UP: behind the last urgent byte; valid as `urgent` says */
#endif
#if TCP_QUEUE_OOSEQ
  struct tcp_seg *ooseq; /* by sequence number, without overlap */
#endif
  struct pbuf *refused;  /* in order, but the application did not take it */
#if LWIP_TCP_SACK_OUT
  u32_t dsack_left, dsack_right;
#endif
#if LWIP_TCP_TIMESTAMPS
  u32_t ts_recent;       /* TS.Recent */
  u32_t ts_recent_at;    /* ms: when TS.Recent was taken (RFC 7323 5.5) */
  u32_t last_ack_sent;   /* Last.ACK.sent */
  u32_t ts_offset;       /* our TSval is now + this */
  s16_t srtt_rest, rttvar_rest; /* what is left over of divided gains (RFC 7323 appendix G) */
#endif
#if LWIP_TCP_INFO
  u32_t bytes_out, bytes_again;         /* data sent, and sent again */
  u32_t segs_in, segs_out, segs_again;  /* packets */
#endif
};

/* ---- opening and ending ---- */

/** A fresh send side: our SYN, with sequence number `iss`, is the first thing to send. */
void tcp_alt_rod_open(struct tcp_alt_rod *rod, u32_t iss);

/** The peer's SYN arrived: RCV.NXT becomes `irs` + 1; its timestamp, if it is used. */
void tcp_alt_rod_on_syn(struct tcp_alt_rod *rod, const struct tcp_alt_segment *seg, int use_ts);

#if LWIP_TCP_TIMESTAMPS
/** An acceptable segment with a timestamp: TS.Recent by RFC 7323 4.3. */
void tcp_alt_rod_on_timestamp(struct tcp_alt_rod *rod, const struct tcp_alt_segment *seg);

/** RFC 7323 5.5: a TS.Recent this old (24 days, ms) proves nothing. */
#define TCP_ALT_TS_RECENT_AGE 2073600000UL

/** Our TSval is the clock plus this (RFC 7323 5.4: not the same for every connection). */
void tcp_alt_rod_set_ts_offset(struct tcp_alt_rod *rod, u32_t offset);
#endif

/** Frees everything queued in both directions. */
void tcp_alt_rod_purge(struct tcp_alt_rod *rod);

/* ---- send ---- */

/** Queues data. ERR_OK, or ERR_MEM and nothing is changed. */
err_t tcp_alt_rod_write(struct tcp_alt_rod *rod, const struct tcp_alt_write *w);

/** Queues a FIN behind what is queued. */
void tcp_alt_rod_close(struct tcp_alt_rod *rod);

/** What tx_next() found. */
enum tcp_alt_tx_next {
  TCP_ALT_TX_NOTHING, /**< nothing to send */
  TCP_ALT_TX_SEGMENT, /**< `tx` is filled */
  TCP_ALT_TX_BUSY     /**< the driver still holds the segment: try later */
};

/** The next segment to send, whatever the windows say. */
enum tcp_alt_tx_next tcp_alt_rod_tx_next(const struct tcp_alt_rod *rod, struct tcp_alt_tx *tx);

/** Is a segment of less than `full` bytes sent and not acknowledged? */
int tcp_alt_rod_small_out(const struct tcp_alt_rod *rod, u16_t full);

/** Lends the segment's pbuf, header room included, until it is sent or refused: what the application writes
 *  meanwhile, in a callback of an answer that comes at once, goes into another. */
static inline void
tcp_alt_rod_lend(struct tcp_alt_rod *rod)
{
  rod->rx |= TCP_ALT_RX_LENT;
}

/** Called when an ACK has left, with or without a segment. */
static inline void
tcp_alt_rod_on_ack_sent(struct tcp_alt_rod *rod)
{
  rod->rx &= (u8_t)~(TCP_ALT_RX_OWED | TCP_ALT_RX_NOW | TCP_ALT_RX_DSACK | TCP_ALT_RX_LENT);
#if LWIP_TCP_TIMESTAMPS
  rod->last_ack_sent = rod->rcv_nxt;
#endif
#if LWIP_TCP_INFO
  rod->segs_out++;
#endif
}

#if LWIP_TCP_INFO
/** A segment for this connection has come. */
static inline void
tcp_alt_rod_on_arrival(struct tcp_alt_rod *rod)
{
  rod->segs_in++;
}

/** A keepalive probe has left. */
static inline void
tcp_alt_rod_on_keepalive_sent(struct tcp_alt_rod *rod)
{
  rod->segs_out++;
}

/** Sending stopped, for this reason. */
static inline void
tcp_alt_rod_on_stop(struct tcp_alt_rod *rod, enum tcp_info_stop stop)
{
  rod->stop = (u8_t)stop;
}

/** Bytes written and not yet sent, and bytes sent and not acknowledged, without SYN and FIN. */
u32_t tcp_alt_rod_unsent(const struct tcp_alt_rod *rod);
u32_t tcp_alt_rod_unacked(const struct tcp_alt_rod *rod);
#endif

/** Called when `tx` has left: data, a SYN or a FIN. */
void tcp_alt_rod_on_segment_sent(struct tcp_alt_rod *rod, const struct tcp_alt_tx *tx);

/** Called when a probe of a closed window has left: up to `tx->len` bytes from SND.UNA, or the FIN. */
void tcp_alt_rod_on_probe_sent(struct tcp_alt_rod *rod, const struct tcp_alt_tx *tx);

/** Copies up to `len` bytes from SND.UNA on to `buf`; returns how many. Units: bytes. */
u16_t tcp_alt_rod_peek(const struct tcp_alt_rod *rod, void *buf, u16_t len);

/** Called when a segment could not be sent: starts the timer that tries again. */
void tcp_alt_rod_on_refused(struct tcp_alt_rod *rod, u32_t now);

/** Called when the driver still holds a segment that is to be sent again: soon once more, and as often as it
 *  takes, for that says nothing about the network. */
void tcp_alt_rod_on_busy(struct tcp_alt_rod *rod, u32_t now);

/** The peer's window keeps the rest back: no retransmission timer for it (RFC 9293 SHLD-17). */
void tcp_alt_rod_on_window_closed(struct tcp_alt_rod *rod);

/** Bytes in flight: sent, neither acknowledged nor reported by SACK nor counted as lost. */
static inline u32_t
tcp_alt_rod_flight(const struct tcp_alt_rod *rod)
{
  s32_t flight;
  if (rod->head == rod->next) {
    return 0; /* bytes of window probes: a lost one is the persist timer's business */
  }
  flight = (s32_t)(rod->snd_nxt - rod->snd_una) - (s32_t)rod->lost;
#if LWIP_TCP_SACK_IN
  flight -= (s32_t)rod->sacked; /* RFC 6675 4, pipe */
#endif
  if (rod->tx & TCP_ALT_TX_FIN_LOST) {
    flight--;
  }
  return flight > 0 ? (u32_t)flight : 0;
}

#if TCP_RACK
/** Is something to be sent for the first time after nothing was for an RTO (RFC 5681 4.1)? */
#define tcp_alt_rod_was_idle(rod, now) \
  ((rod)->next != NULL && (rod)->next == (rod)->head && !((rod)->tx & TCP_ALT_TX_SYN) && \
   (u32_t)((now) - (rod)->sent_at) > (rod)->rto)
#endif

/** Might a segment leave? A quick look, before out_run() looks closely. */
#if LWIP_TCP_SACK_IN && !TCP_RACK
#define tcp_alt_rod_repairs(rod) ((rod)->state == TCP_ALT_ROD_RECOVERY)
#else
#define tcp_alt_rod_repairs(rod) 0
#endif
#define tcp_alt_rod_wants_out(rod)                \
  ((rod)->next != NULL || (rod)->lost != 0 || tcp_alt_rod_repairs(rod) || \
   ((rod)->tx & (TCP_ALT_TX_SYN_LOST | TCP_ALT_TX_FIN)) != 0)

/** Is data, a SYN or a FIN waiting to be sent or acknowledged? */
#define tcp_alt_rod_outstanding(rod) \
  ((rod)->head != NULL || ((rod)->tx & (TCP_ALT_TX_SYN | TCP_ALT_TX_FIN)) != 0)

/* ---- ACK and clock ---- */

/** Takes the ACK of an acceptable segment; fills `ev` but for mss, which the door has set. */
void tcp_alt_rod_on_ack(struct tcp_alt_rod *rod, const struct tcp_alt_flow *flow,
                        const struct tcp_alt_segment *seg, struct tcp_alt_ack_event *ev);

/** What the retransmission timer meant. */
enum tcp_alt_rto {
  TCP_ALT_RTO_NONE,   /**< it is not due */
  TCP_ALT_RTO_FLUSH,  /**< written data has waited long enough */
  TCP_ALT_RTO_AGAIN,  /**< a refused segment is to be tried again; nothing was in flight */
#if TCP_RACK
  TCP_ALT_RTO_PROBE,  /**< a segment is to be sent as a probe (RFC 8985 7.3) */
  TCP_ALT_RTO_REORDER, /**< RACK has waited long enough: something is lost, nothing timed out */
  TCP_ALT_RTO_REPAIR, /**< the same, but cwnd was reduced already for what is in flight (ECN) */
#endif
  TCP_ALT_RTO_LOSS    /**< RFC 6298 5.4 to 5.6: all that is in flight counts as lost */
};
enum tcp_alt_rto tcp_alt_rod_on_timer(struct tcp_alt_rod *rod, const struct tcp_alt_clock_event *ev);

/** Cuts what is queued into segments of at most `size` bytes, with header room for `optlen` bytes of options. What is
 *  with a driver stays as it is. Nobody may be about to send one of them. 0: memory was lacking, some are too large. */
int tcp_alt_rod_cut(struct tcp_alt_rod *rod, u16_t size, u8_t optlen);

#if LWIP_TCP_PMTUD
/** The path takes at most `limit` bytes of data in a packet: sent segments that have more count as lost, which says
 *  nothing of congestion. */
void tcp_alt_rod_on_too_big(struct tcp_alt_rod *rod, u16_t limit);

/** Segments were cut: those wholly before SND.UNA go. */
void tcp_alt_rod_retire(struct tcp_alt_rod *rod);

/** Bytes of the first segment that is not wholly acknowledged. */
u16_t tcp_alt_rod_first_len(const struct tcp_alt_rod *rod);
#endif

/** ms for which retransmissions have gone unanswered: the timeouts in a row, added up. */
u32_t tcp_alt_rod_outage(const struct tcp_alt_rod *rod);

/** A SYN was answered by an old one or was lost: send it again now. */
void tcp_alt_rod_resend_syn(struct tcp_alt_rod *rod);

/** ms until the send side's deadline, or TCP_ALT_NEVER. */
static inline u32_t
tcp_alt_rod_tx_wait(const struct tcp_alt_rod *rod, u32_t now)
{
  if (!(rod->tx & (TCP_ALT_TX_TIMER | TCP_ALT_TX_FLUSH))) {
    return TCP_ALT_NEVER;
  }
  return TCP_ALT_WAIT(rod->timer_at, now);
}

/* ---- receive ---- */

/** The out-of-order queue. */
#if TCP_QUEUE_OOSEQ
#define tcp_alt_rod_ooseq(rod) ((rod)->ooseq)
#else
#define tcp_alt_rod_ooseq(rod) ((struct tcp_seg *)NULL)
#endif

/** Data arrived in order: an ACK is owed for every second segment, or at once while `quick` lasts. */
static inline void
tcp_alt_rod_owe_ack(struct tcp_alt_rod *rod, u32_t now)
{
  if (rod->quick != 0) {
    rod->quick--;
    rod->rx |= TCP_ALT_RX_NOW;
  } else if (rod->rx & TCP_ALT_RX_OWED) {
    rod->rx |= TCP_ALT_RX_NOW;
  } else {
    rod->rx |= TCP_ALT_RX_OWED;
    rod->rx_at = (u16_t)(now + TCP_DELACK_MS);
  }
}

/** What nearly every segment with data is, in a few instructions: 1 when it begins at RCV.NXT, nothing is
 *  queued, and it has no FIN; then it has been taken. The caller knows that it fits. */
static inline int
tcp_alt_rod_on_plain_data(struct tcp_alt_rod *rod, const struct tcp_alt_segment *seg)
{
  if (seg->seq != rod->rcv_nxt || (seg->flags & TCP_FIN) || tcp_alt_rod_ooseq(rod) != NULL) {
    return 0;
  }
  rod->rcv_nxt += seg->len;
  tcp_alt_rod_owe_ack(rod, seg->now);
  return 1;
}

/** Takes the data and FIN of an acceptable segment; frees or keeps seg->p. */
void tcp_alt_rod_on_data(struct tcp_alt_rod *rod, const struct tcp_alt_flow *flow,
                         const struct tcp_alt_segment *seg, struct tcp_alt_data_event *ev);

/** More data that is in order now (at most 64 KB a call): 1 and `ev`, or 0. */
int tcp_alt_rod_more(struct tcp_alt_rod *rod, struct tcp_alt_data_event *ev);

/** The application refused `p`: keep it. */
void tcp_alt_rod_on_refusal(struct tcp_alt_rod *rod, struct pbuf *p, u32_t now);

/** Hands the refused data out again; NULL: none. */
struct pbuf *tcp_alt_rod_take_refused(struct tcp_alt_rod *rod);

/** An ACK is owed at once. */
static inline void
tcp_alt_rod_ack_now(struct tcp_alt_rod *rod)
{
  rod->rx |= TCP_ALT_RX_NOW;
}

/** A gap, a filled gap or a duplicate: the sender needs to know at once, and for a while. */
void tcp_alt_rod_ack_urgent(struct tcp_alt_rod *rod);

/** An ACK that was owed at once found no memory: it is owed at `at`. */
void tcp_alt_rod_ack_later(struct tcp_alt_rod *rod, u32_t at);

/** ms until a delayed ACK or a new offer of refused data is due, or TCP_ALT_NEVER. */
static inline u32_t
tcp_alt_rod_rx_wait(const struct tcp_alt_rod *rod, u32_t now)
{
  u16_t wait = (u16_t)(rod->rx_at - now);
  if (!(rod->rx & TCP_ALT_RX_OWED) && rod->refused == NULL) {
    return TCP_ALT_NEVER;
  }
  /* Farther ahead than any deadline here was ever set: it is past. */
  return wait > LWIP_MAX(LWIP_MAX(TCP_DELACK_MS, TCP_REFUSED_RETRY_MS), TCP_OUTPUT_RETRY_MS) ? 0 : wait;
}

/** ms until out-of-order data is given up, the peer having been silent for `silent` ms; or TCP_ALT_NEVER. The peer's RTO is
 *  what counts, which a small one of ours says nothing of: RFC 6298 2.4 has it at a second or more. */
static inline u32_t
tcp_alt_rod_ooseq_wait(const struct tcp_alt_rod *rod, u32_t silent)
{
  u32_t limit = TCP_OOSEQ_TIMEOUT * LWIP_MAX((u32_t)rod->rto, 1000U);
  if (tcp_alt_rod_ooseq(rod) == NULL) {
    return TCP_ALT_NEVER;
  }
  return silent < limit ? limit - silent : 0;
}

/** Frees the out-of-order queue (the pool is empty). */
void tcp_alt_rod_free_ooseq(struct tcp_alt_rod *rod);

/** Does the next ACK tell of more than RCV.NXT: of a gap, or of a duplicate? */
#define tcp_alt_rod_tells(rod) (tcp_alt_rod_ooseq(rod) != NULL || ((rod)->rx & TCP_ALT_RX_DSACK) != 0)

#if LWIP_TCP_SACK_OUT
/** A segment is not acceptable: if it is all old data, the next ACK reports it (RFC 2883 4.1.1). */
void tcp_alt_rod_on_duplicate(struct tcp_alt_rod *rod, const struct tcp_alt_segment *seg);

/** SACK blocks for the next ACK, the latest first, a DSACK before all (RFC 2018 4, 2883 4);
 *  blocks[2i] is the left, blocks[2i+1] the right edge. Returns their number, at most `max` (1..LWIP_TCP_MAX_SACK_NUM). */
u8_t tcp_alt_rod_sack_blocks(const struct tcp_alt_rod *rod, u32_t *blocks, u8_t max);
#else
static inline u8_t
tcp_alt_rod_sack_blocks(const struct tcp_alt_rod *rod, u32_t *blocks, u8_t max)
{
  LWIP_UNUSED_ARG(rod);
  LWIP_UNUSED_ARG(blocks);
  LWIP_UNUSED_ARG(max);
  return 0;
}
#endif

#if LWIP_TCP_ECN
/** A segment with data, whose connection uses ECN, is acceptable (RFC 3168 6.1.3). */
void tcp_alt_rod_on_ecn(struct tcp_alt_rod *rod, const struct tcp_alt_segment *seg);
#endif

#if LWIP_TCP_URGENT
/* ---- urgent data ---- */

/** An acceptable segment with URG: 1 if there is more urgent data than was known. */
int tcp_alt_rod_on_urgent(struct tcp_alt_rod *rod, const struct tcp_alt_segment *seg);

/** Urgent bytes that the application has not been given. */
u32_t tcp_alt_rod_urgent_left(const struct tcp_alt_rod *rod);

/** Marks that lie behind are forgotten. */
void tcp_alt_rod_urgent_passed(struct tcp_alt_rod *rod);

/** All that is queued is urgent. */
void tcp_alt_rod_mark_urgent(struct tcp_alt_rod *rod);

/** What a segment that begins at `seq` says of it; 0: nothing. */
u16_t tcp_alt_rod_urgent_pointer(const struct tcp_alt_rod *rod, u32_t seq);
#endif

/* ---- helpers shared by rod's files ---- */

void tcp_alt_rod_mark_lost(struct tcp_alt_rod *rod, struct tcp_seg *seg);

#if TCP_ALT_LOSS_STATE
/** A sent segment is acknowledged, or reported for the first time. */
void tcp_alt_rod_delivered(struct tcp_alt_rod *rod, const struct tcp_seg *s, const struct tcp_alt_segment *ack,
                           struct tcp_alt_ack_event *ev);
/** Nothing counts as lost any more. */
void tcp_alt_rod_none_lost(struct tcp_alt_rod *rod);
/** A recovery has begun that may turn out to be needless; `timeout`: by the timer. */
void tcp_alt_rod_undo_begin(struct tcp_alt_rod *rod, int timeout);
/** Has this ACK shown that nothing was lost? Then nothing counts as lost any more, and 1. */
int tcp_alt_rod_undo_on_ack(struct tcp_alt_rod *rod, const struct tcp_alt_flow *flow, const struct tcp_alt_segment *seg,
                            int advanced);
#endif

#if LWIP_TCP_SACK_IN
/** Takes the SACK blocks of an ACK; adds what they newly report to ev->delivered. Returns the highest number that is
 *  reported or acknowledged now. */
u32_t tcp_alt_rod_board_on_sack(struct tcp_alt_rod *rod, const struct tcp_alt_segment *seg, struct tcp_alt_ack_event *ev);
#if !TCP_RACK
/** Marks as lost what the scoreboard says (RFC 6675 4, IsLost). */
void tcp_alt_rod_board_losses(struct tcp_alt_rod *rod, u16_t mss);
/** During recovery: what to send again though it is not known to be lost; NULL: nothing. */
struct tcp_seg *tcp_alt_rod_board_next(const struct tcp_alt_rod *rod);
/** It is being sent. */
void tcp_alt_rod_board_on_sent(struct tcp_alt_rod *rod, const struct tcp_seg *s);
#endif
/** The peer has thrown away what it had reported (RFC 2018 8). */
void tcp_alt_rod_board_forget(struct tcp_alt_rod *rod);
#endif

#if TCP_RACK
/** A segment has been delivered (RFC 8985 6.2 steps 1 to 3). */
void tcp_alt_rod_rack_delivered(struct tcp_alt_rod *rod, const struct tcp_seg *seg, const struct tcp_alt_segment *ack,
                                struct tcp_alt_ack_event *ev);
/** Steps 4 and 5: marks what was sent so much earlier that it must be lost. Returns ms until more may have to be
 *  marked; 0: nothing waits. */
u32_t tcp_alt_rod_rack_losses(struct tcp_alt_rod *rod, u32_t now);
/** Is a segment still too young to be lost, at a timeout (6.3)? */
int tcp_alt_rod_rack_young(const struct tcp_alt_rod *rod, const struct tcp_seg *seg, u32_t now);
/** After an ACK: a duplicate that it reports says that the reordering window was too small; what is too old is forgotten. */
void tcp_alt_rod_rack_update(struct tcp_alt_rod *rod);
/** Recovery was left: the reordering window shrinks again some day. */
void tcp_alt_rod_rack_left(struct tcp_alt_rod *rod);
/** A probe was answered? (7.4.2) 1: it has repaired a loss. */
int tcp_alt_rod_probe_on_ack(struct tcp_alt_rod *rod, const struct tcp_alt_segment *seg);
/** ms until the probe when data was sent `ago` ms ago for the last time (7.2): two round trips after that, and what the
 *  ACK of a segment that is `alone` may be delayed; at most the RTO. */
static inline u32_t
tcp_alt_rod_probe_wait(const struct tcp_alt_rod *rod, u32_t ago, int alone)
{
  /* 21 ms in the place of RFC 8985's WCDelAckT of 200: what our own receivers need, and a millisecond of the clock */
  const u32_t after = (rod->srtt != 0 ? rod->srtt >> 2 : 1000U) + (alone ? 21U : 0U);
  const u32_t wait = after > ago ? after - ago : 1;
  return LWIP_MIN(wait, rod->rto);
}
/** Arms the probe timeout where there is to be one: 1, else 0. */
int tcp_alt_rod_probe_arm(struct tcp_alt_rod *rod, u32_t now, u16_t mss);
/** It has come: what is to be sent (7.3). */
void tcp_alt_rod_probe_on_timer(struct tcp_alt_rod *rod, const struct tcp_alt_clock_event *ev);
/** The probe has left. */
void tcp_alt_rod_probe_on_sent(struct tcp_alt_rod *rod, const struct tcp_alt_tx *tx);
#endif

/** New data, a SYN or a FIN has left, and is to be timed or to start the timer, or was refused before. */
void tcp_alt_rod_start_timers(struct tcp_alt_rod *rod, const struct tcp_alt_tx *tx);

void tcp_alt_seg_free(struct tcp_seg *seg);
void tcp_alt_segs_free(struct tcp_seg *seg);

#ifdef __cplusplus
}
#endif

#endif /* LWIP_TCP && LWIP_TCP_ALT */

#endif /* LWIP_HDR_TCP_ALT_ROD_H */
