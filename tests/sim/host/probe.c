/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * How a host's connections stand, in figures. alt tells by tcp_info_get(); of
 * legacy its structure is read, which no application may do.
 */
#include "host.h"

#include <string.h>

#include "lwip/priv/tcp_priv.h"
#include "lwip/tcp.h"
#include "lwip/tcp_access.h"

static void
fill_unknown(struct simhost_connection *out)
{
  out->cwnd = out->ssthresh = out->srtt_us = out->rto_us = SIMHOST_UNKNOWN;
  out->in_flight = out->snd_wnd = out->rcv_wnd = out->snd_buf_used = SIMHOST_UNKNOWN;
}

#if LWIP_TCP_ALT && LWIP_TCP_INFO
static void
fill_figures(struct simhost_connection *out, const struct tcp_pcb *pcb)
{
  struct tcp_info info;

  if (tcp_info_get(pcb, &info) != ERR_OK) {
    return;
  }
  out->cwnd = info.cwnd;
  out->ssthresh = info.ssthresh;
  out->srtt_us = info.srtt != 0 ? (uint64_t)info.srtt * 1000u : SIMHOST_UNKNOWN;
  out->rto_us = (uint64_t)info.rto * 1000u;
  out->in_flight = info.in_flight;
  out->snd_wnd = info.snd_wnd;
  out->rcv_wnd = info.rcv_wnd;
  out->snd_buf_used = (uint64_t)TCP_SND_BUF - info.snd_buf;
}
#elif LWIP_TCP_ALT
static void
fill_figures(struct simhost_connection *out, const struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(out);
  LWIP_UNUSED_ARG(pcb);
}
#else
static void
fill_figures(struct simhost_connection *out, const struct tcp_pcb *pcb)
{
  const uint64_t tick_us = TCP_SLOW_INTERVAL * 1000u;
  const struct tcp_seg *seg;

  out->cwnd = pcb->cwnd;
  out->ssthresh = pcb->ssthresh;
  /* `sa` is eight times the mean, in ticks: 0 is no sample, or below what ticks can tell. */
  out->srtt_us = pcb->sa > 0 ? (uint64_t)pcb->sa * tick_us / 8 : SIMHOST_UNKNOWN;
  out->rto_us = (uint64_t)pcb->rto * tick_us;
  out->snd_wnd = pcb->snd_wnd;
  out->rcv_wnd = pcb->rcv_wnd;
  out->snd_buf_used = (uint64_t)TCP_SND_BUF - pcb->snd_buf; /* tcp_sndbuf() says at most 65535 */
  out->in_flight = 0;
  for (seg = pcb->unacked; seg != NULL; seg = seg->next) {
    out->in_flight += seg->len;
  }
}
#endif

static void
fill_address(struct simhost_connection *out, const ip_addr_t *address)
{
#if LWIP_IPV6
  if (IP_IS_V6(address)) {
    out->is_ipv6 = 1;
    memcpy(out->remote, ip_2_ip6(address)->addr, 16);
    return;
  }
#endif
#if LWIP_IPV4
  memcpy(out->remote, &ip_2_ip4(address)->addr, 4);
#endif
}

static void
fill(struct simhost_connection *out, const struct tcp_pcb *pcb)
{
  enum tcp_state state = tcp_state_get(pcb);

  memset(out, 0, sizeof(*out));
  out->state = tcp_debug_state_str(state);
  fill_address(out, tcp_remote_ip_get(pcb));
  out->local_port = tcp_local_port_get(pcb);
  out->remote_port = tcp_remote_port_get(pcb);
  fill_unknown(out);
  if (state != TIME_WAIT) {
    fill_figures(out, pcb);
  }
}

unsigned
simhost_probe(struct simhost_connection *out, unsigned room)
{
  const struct tcp_pcb *const lists[] = {tcp_active_pcbs, tcp_tw_pcbs};
  unsigned count = 0;
  unsigned i;

  for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
    const struct tcp_pcb *pcb;
    for (pcb = lists[i]; pcb != NULL; pcb = tcp_next_get(pcb)) {
      if (count < room) {
        fill(&out[count], pcb);
      }
      count++;
    }
  }
  return count;
}
