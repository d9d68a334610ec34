/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Component flow: how much the peer may send us and we may send the peer, by the peers' buffers.
 *
 * Owns the send window, the receive window and its advertised right edge, the scales, silly-window
 * avoidance on both sides, the persist timer and the send-buffer credit.
 *
 * SND.WL2 is not kept: WL2 is the ACK of a segment that was taken, so WL2 <= SND.UNA always, and only
 * segments with SEG.ACK >= SND.UNA come here; the test "WL2 =< SEG.ACK" of RFC 9293 3.10.7.4 is true.
 */
#ifndef LWIP_HDR_TCP_ALT_FLOW_H
#define LWIP_HDR_TCP_ALT_FLOW_H

#include "lwip/priv/tcp_alt_event.h"
#include "lwip/priv/tcp_alt_rod.h"
#include "lwip/priv/tcp_alt_seq.h"

#if LWIP_TCP && LWIP_TCP_ALT

#ifdef __cplusplus
extern "C" {
#endif

struct tcp_alt_flow {
  u8_t persist;              /* 0: off; else 1 + how often the interval was doubled */
  u8_t probes;               /* probes since the peer was heard last */
#if TCP_WND_REPEAT
  u8_t reopened;             /* how often the peer was told that a closed window is open; 0: it need not be */
#endif
#if LWIP_WND_SCALE
  u8_t snd_scale;            /* Snd.Wind.Shift */
  u8_t rcv_scale;            /* Rcv.Wind.Shift; 0 when not negotiated */
#endif
  tcpwnd_size_t snd_wnd;     /* SND.WND, bytes */
  tcpwnd_size_t snd_wnd_max; /* MAX.SND.WND (RFC 5961 5.2), bytes */
  tcpwnd_size_t rcv_wnd;     /* bytes we have room for */
  tcpwnd_size_t snd_buf;     /* bytes the application may still write */
  u32_t snd_wl1;             /* SND.WL1 */
  u32_t rcv_edge;            /* right edge advertised: RCV.NXT + RCV.WND as the peer knows them */
  u32_t persist_at;          /* ms: next probe of a closed window; valid while persist > 0 */
#if TCP_WND_REPEAT
  u32_t reopened_at;         /* ms: when it is told again */
#endif
#if LWIP_TCP_INFO
  u32_t bytes_acked;         /* data acknowledged */
  u32_t bytes_in;            /* data received in order */
#endif
};

#if LWIP_WND_SCALE
#define TCP_ALT_SND_WND(flow, wnd) ((tcpwnd_size_t)(wnd) << (flow)->snd_scale)
#define TCP_ALT_RCV_SCALE(flow)    ((flow)->rcv_scale)
#else
#define TCP_ALT_SND_WND(flow, wnd) ((tcpwnd_size_t)(wnd))
#define TCP_ALT_RCV_SCALE(flow)    0
#endif

/** Largest receive window without scaling, bytes. */
#define TCP_ALT_WND16 ((tcpwnd_size_t)LWIP_MIN(TCP_WND, 0xffffU))

/** Largest receive window of this connection, bytes. */
#if LWIP_WND_SCALE
#define TCP_ALT_WND_MAX(flow) ((flow)->rcv_scale != 0 ? (tcpwnd_size_t)TCP_WND : TCP_ALT_WND16)
#else
#define TCP_ALT_WND_MAX(flow) TCP_ALT_WND16
#endif

/** A connection begins: a full send buffer and receive window. */
void tcp_alt_flow_open(struct tcp_alt_flow *flow);

/** The peer's SYN: its window (never scaled) and its scale; `scaled`: both sides use the option. */
void tcp_alt_flow_on_syn(struct tcp_alt_flow *flow, const struct tcp_alt_rod *rod,
                         const struct tcp_alt_segment *seg, int scaled);

/** A write of `len` bytes was queued. */
static inline void
tcp_alt_flow_on_write(struct tcp_alt_flow *flow, u16_t len)
{
  flow->snd_buf = (tcpwnd_size_t)(flow->snd_buf - len);
}

/** The window of an acceptable segment, by WL1 (RFC 9293 3.10.7.4). Called after rod's on_ack, whose
 *  duplicate-ACK test needs the old window. */
static inline void
tcp_alt_flow_on_window(struct tcp_alt_flow *flow, const struct tcp_alt_rod *rod,
                       const struct tcp_alt_segment *seg)
{
  flow->probes = 0;
  if (seg->ack == rod->snd_una && TCP_ALT_LEQ(flow->snd_wl1, seg->seq)) {
    tcpwnd_size_t wnd = TCP_ALT_SND_WND(flow, seg->wnd);
    flow->snd_wl1 = seg->seq;
    flow->snd_wnd = wnd;
    if (wnd > flow->snd_wnd_max) {
      flow->snd_wnd_max = wnd;
    }
  }
}

/** `ev->acked` bytes left the send buffer. */
static inline void
tcp_alt_flow_on_ack(struct tcp_alt_flow *flow, const struct tcp_alt_ack_event *ev)
{
  flow->snd_buf = (tcpwnd_size_t)(flow->snd_buf + ev->acked);
#if LWIP_TCP_INFO
  flow->bytes_acked += ev->acked;
#endif
}

/** `len` bytes in order went to the application. */
static inline void
tcp_alt_flow_on_data(struct tcp_alt_flow *flow, u32_t len)
{
  /* Rounding for the scale may have promised a few bytes more than there is room for. */
  flow->rcv_wnd = (tcpwnd_size_t)(flow->rcv_wnd > len ? flow->rcv_wnd - len : 0);
#if TCP_WND_REPEAT
  flow->reopened = 0; /* the peer knows */
#endif
#if LWIP_TCP_INFO
  flow->bytes_in += len;
#endif
}

/** The application has consumed `len` bytes. 1: the window has grown enough to say so now. */
static inline int
tcp_alt_flow_on_recved(struct tcp_alt_flow *flow, const struct tcp_alt_rod *rod, u16_t len)
{
  u32_t room = (u32_t)(TCP_ALT_WND_MAX(flow) - flow->rcv_wnd);
  flow->rcv_wnd = (tcpwnd_size_t)(flow->rcv_wnd + LWIP_MIN(room, len));
  return TCP_ALT_DIFF(rod->rcv_nxt + flow->rcv_wnd, flow->rcv_edge) >= (s32_t)TCP_WND_UPDATE_THRESHOLD;
}

/** Has the application been given data that it has not consumed (tcp_recved())? */
static inline int
tcp_alt_flow_unread(const struct tcp_alt_flow *flow)
{
  return flow->rcv_wnd != TCP_ALT_WND_MAX(flow);
}

/** A segment is about to leave: the right edge that it advertises, noted, and its window field as the result.
 *  The edge grows only by steps worth a segment (RFC 9293 3.8.6.2.2), never shrinks, and what it promises can
 *  be said in the field. `mss` in bytes. */
static inline u16_t
tcp_alt_flow_advertise(struct tcp_alt_flow *flow, const struct tcp_alt_rod *rod, u16_t mss)
{
  u32_t edge = rod->rcv_nxt + flow->rcv_wnd;
  /* mss is at most TCP_MSS: the window usually needs no comparing */
  u32_t step = TCP_MSS <= TCP_WND / 2 ? mss : LWIP_MIN((u32_t)mss, (u32_t)TCP_WND / 2);
  if (TCP_ALT_DIFF(edge, flow->rcv_edge) < (s32_t)step) {
    edge = flow->rcv_edge;
  }
#if LWIP_WND_SCALE
  {
    /* Rounded up, so that what the field says never lies left of what was promised; but not for ever, or
     * segments smaller than the unit would move the edge on without there being any room. */
    u32_t unit, wnd = edge - rod->rcv_nxt, field = wnd >> flow->rcv_scale;
    if (edge == flow->rcv_edge && field << flow->rcv_scale == wnd) {
      return (u16_t)field; /* as it was said before */
    }
    unit = (1U << flow->rcv_scale) - 1;
    if (flow->rcv_wnd != 0 && wnd < (u32_t)flow->rcv_wnd + mss) {
      wnd = (wnd + unit) & ~unit;
    }
    edge = rod->rcv_nxt + LWIP_MIN(wnd, 0xffffU << flow->rcv_scale);
  }
#endif
  flow->rcv_edge = edge;
  return (u16_t)((edge - rod->rcv_nxt) >> TCP_ALT_RCV_SCALE(flow));
}

/** Sending ended. `blocked`: the peer's window alone keeps data back and nothing is in flight. */
void tcp_alt_flow_on_output_end(struct tcp_alt_flow *flow, const struct tcp_alt_rod *rod,
                                u32_t now, int blocked);

/** A probe was sent, or could not be: double the interval. */
void tcp_alt_flow_on_probe(struct tcp_alt_flow *flow, const struct tcp_alt_rod *rod, u32_t now);

/** ms until the next probe, or TCP_ALT_NEVER. */
static inline u32_t
tcp_alt_flow_wait(const struct tcp_alt_flow *flow, u32_t now)
{
  return flow->persist == 0 ? TCP_ALT_NEVER : TCP_ALT_WAIT(flow->persist_at, now);
}

#if TCP_WND_REPEAT
/** A window update is about to leave. `mss`: bytes below which the peer could not send before. */
void tcp_alt_flow_on_update(struct tcp_alt_flow *flow, const struct tcp_alt_rod *rod, u32_t now, u16_t mss);

/** 1: it is time to tell once more that the window is open. */
int tcp_alt_flow_on_repeat(struct tcp_alt_flow *flow, const struct tcp_alt_rod *rod, u32_t now);

/** ms until then, or TCP_ALT_NEVER. */
static inline u32_t
tcp_alt_flow_repeat_wait(const struct tcp_alt_flow *flow, u32_t now)
{
  return flow->reopened == 0 ? TCP_ALT_NEVER : TCP_ALT_WAIT(flow->reopened_at, now);
}
#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_TCP && LWIP_TCP_ALT */

#endif /* LWIP_HDR_TCP_ALT_FLOW_H */
