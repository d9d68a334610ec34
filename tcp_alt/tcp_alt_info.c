/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * The application door: a connection's figures, tcp_info_get(). Each is read from the component that owns it.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_INFO

#include "lwip/priv/tcp_alt_doors.h"

#include <string.h>

static enum tcp_info_recovery
info_recovery(const struct tcp_alt_rod *rod)
{
  switch (rod->state) {
    case TCP_ALT_ROD_RECOVERY:
      return TCP_INFO_RECOVERY;
    case TCP_ALT_ROD_RTO:
      return TCP_INFO_RTO;
    case TCP_ALT_ROD_OPEN:
    default:
      return TCP_INFO_OPEN;
  }
}

/* Nothing to send: because the application could write no more? */
static enum tcp_info_stop
info_stop(const struct tcp_alt_cb *cb)
{
  enum tcp_info_stop stop = (enum tcp_info_stop)cb->rod.stop;
  if (stop == TCP_INFO_STOP_NOTHING &&
      (cb->flow.snd_buf == 0 || cb->rod.queuelen >= TCP_SND_QUEUELEN)) {
    stop = TCP_INFO_STOP_BUFFER;
  }
  return stop;
}

err_t
tcp_info_get(const struct tcp_pcb *pcb, struct tcp_info *info)
{
  const struct tcp_alt_cb *cb = (const struct tcp_alt_cb *)(const void *)pcb;

  LWIP_ASSERT_CORE_LOCKED();
  TCP_ALT_LIVE("tcp_info_get", pcb);
  LWIP_ERROR("tcp_info_get: no PCB", pcb != NULL, return ERR_ARG);
  if (pcb->state == LISTEN) {
    return ERR_ARG;
  }
  memset(info, 0, sizeof(*info));
  info->state = pcb->state;
  info->stop = info_stop(cb);
  info->recovery = info_recovery(&cb->rod);
  info->srtt = cb->rod.srtt >> 3;
  info->rttvar = (u32_t)cb->rod.rttvar >> 2;
  info->rto = cb->rod.rto;
  info->silent = tcp_alt_conn_silent(&cb->conn, tcp_alt_now());
  info->cwnd = cb->cong.cwnd;
  info->ssthresh = cb->cong.ssthresh;
  info->snd_wnd = cb->flow.snd_wnd;
  info->rcv_wnd = cb->flow.rcv_wnd;
  info->in_flight = tcp_alt_rod_flight(&cb->rod);
  info->unacked = tcp_alt_rod_unacked(&cb->rod);
  info->unsent = tcp_alt_rod_unsent(&cb->rod);
  info->snd_buf = cb->flow.snd_buf;
  info->bytes_out = cb->rod.bytes_out;
  info->bytes_again = cb->rod.bytes_again;
  info->bytes_acked = cb->flow.bytes_acked;
  info->bytes_in = cb->flow.bytes_in;
  info->segs_out = cb->rod.segs_out;
  info->segs_again = cb->rod.segs_again;
  info->segs_in = cb->rod.segs_in;
  info->mss = (u16_t)(cb->conn.mss - tcp_alt_out_optlen(cb));
  info->timeouts = cb->rod.nrtx;
  info->probes = cb->flow.persist != 0 ? cb->flow.probes : cb->conn.keep_sent;
  info->timestamps = (cb->conn.is & TCP_ALT_IS_TS) != 0;
  info->sack = (cb->conn.is & TCP_ALT_IS_SACK) != 0;
  info->scaling = (cb->conn.is & TCP_ALT_IS_WS) != 0;
#if LWIP_TCP_CC_PLUGGABLE
  info->congestion = tcp_alt_cong_name(cb->cong.cc);
#else
  info->congestion = TCP_CC == TCP_CC_CUBIC ? "cubic" : TCP_CC == TCP_CC_MODEL ? "model" : "newreno";
#endif
  return ERR_OK;
}

const char *
tcp_info_stop_str(enum tcp_info_stop stop)
{
  static const char *const names[] = {
    "nothing to send", "send buffer full", "peer's window", "congestion window", "Nagle",
    "driver holds the segment", "no route", "no memory", "driver refused"
  };
  return names[stop];
}

#endif /* LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_INFO */
