/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Test-only: the state of a connection, read and set from outside (lwip/tcp_alt_test.h). The one file
 * that may write any component's fields.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_ALT_TEST

#include "lwip/tcp_alt_test.h"
#include "lwip/priv/tcp_alt_doors.h"
#include "lwip/priv/tcp_alt_seg.h"
#include "lwip/priv/tcp_alt_seq.h"

#include <string.h>

#define CB(pcb) ((const struct tcp_alt_cb *)(const void *)(pcb))

/* ---- a connection without a peer ---- */

struct tcp_pcb *
tcp_alt_test_element(void)
{
  static struct tcp_alt_cb element;
  return TCP_ALT_FACE(&element);
}

u32_t
tcp_alt_test_next_iss(const struct tcp_pcb *pcb)
{
  static u32_t iss = 6510;
  LWIP_UNUSED_ARG(pcb);
  iss += tcp_ticks;
  return iss;
}

void
tcp_alt_test_state_set(struct tcp_pcb *pcb, enum tcp_state state)
{
  struct tcp_alt_cb *cb = TCP_ALT_CB(pcb);
  struct tcp_alt_ack_event ev;
  pcb->state = state;
  if (state <= LISTEN) {
    return;
  }
  tcp_alt_rod_open(&cb->rod, 0);
  if (state > SYN_RCVD) {
    cb->rod.tx = 0; /* our SYN has arrived */
  }
  cb->conn.heard_at = tcp_alt_now();
  cb->flow.rcv_edge = cb->rod.rcv_nxt + cb->flow.rcv_wnd;
  ev.mss = cb->conn.mss;
  ev.what = TCP_ALT_ACK_NEW | TCP_ALT_ACK_SYN;
  ev.syn_lost = 0;
  tcp_alt_cong_on_ack(&cb->cong, &cb->rod, &ev);
}

void
tcp_alt_test_register(struct tcp_pcb **list, struct tcp_pcb *pcb)
{
  if (pcb->state == LISTEN) {
    tcp_alt_demux_list_add(list, pcb);
  } else {
    tcp_alt_demux_add(TCP_ALT_DEMUX_ARG(&TCP_ALT_CB(pcb)->demux), list, pcb);
    tcp_alt_tmr_rearm(TCP_ALT_CB(pcb), tcp_alt_now());
  }
}

/* ---- members ---- */

ip_addr_t *
tcp_alt_test_local_ip(const struct tcp_pcb *pcb)
{
  return LWIP_CONST_CAST(ip_addr_t *, &pcb->local_ip);
}

ip_addr_t *
tcp_alt_test_remote_ip(const struct tcp_pcb *pcb)
{
  return LWIP_CONST_CAST(ip_addr_t *, &pcb->remote_ip);
}

void
tcp_alt_test_local_port_set(struct tcp_pcb *pcb, u16_t port)
{
  pcb->local_port = port;
}

void
tcp_alt_test_remote_port_set(struct tcp_pcb *pcb, u16_t port)
{
  struct tcp_pcb **list = tcp_alt_list_of(pcb);
  pcb->remote_port = port;
  if (list != NULL) {
    tcp_alt_demux_remove(TCP_ALT_DEMUX_ARG(&TCP_ALT_CB(pcb)->demux), list, pcb);
    tcp_alt_demux_add(TCP_ALT_DEMUX_ARG(&TCP_ALT_CB(pcb)->demux), list, pcb);
  }
}

tcpflags_t
tcp_alt_test_flags(const struct tcp_pcb *pcb)
{
  tcpflags_t rto = CB(pcb)->rod.state == TCP_ALT_ROD_RTO ? TF_RTO : 0;
  return (tcpflags_t)(pcb->flags | rto);
}

u32_t tcp_alt_test_lastack(const struct tcp_pcb *pcb) { return CB(pcb)->rod.snd_una; }
u32_t tcp_alt_test_snd_nxt(const struct tcp_pcb *pcb) { return CB(pcb)->rod.snd_nxt; }
u32_t tcp_alt_test_snd_lbb(const struct tcp_pcb *pcb) { return CB(pcb)->rod.snd_lbb; }
u32_t tcp_alt_test_rcv_nxt(const struct tcp_pcb *pcb) { return CB(pcb)->rod.rcv_nxt; }
u32_t tcp_alt_test_rto_end(const struct tcp_pcb *pcb) { return CB(pcb)->rod.recover; }
u8_t tcp_alt_test_nrtx(const struct tcp_pcb *pcb) { return CB(pcb)->rod.nrtx; }
u8_t tcp_alt_test_dupacks(const struct tcp_pcb *pcb) { return CB(pcb)->rod.dupacks; }
u16_t tcp_alt_test_unsent_oversize(const struct tcp_pcb *pcb) { return CB(pcb)->rod.oversize; }

void
tcp_alt_test_lastack_set(struct tcp_pcb *pcb, u32_t seq)
{
  TCP_ALT_CB(pcb)->rod.snd_una = seq;
  TCP_ALT_CB(pcb)->rod.recover = seq - 1;
}

void
tcp_alt_test_snd_nxt_set(struct tcp_pcb *pcb, u32_t seq)
{
  TCP_ALT_CB(pcb)->rod.snd_nxt = seq;
}

void
tcp_alt_test_snd_lbb_set(struct tcp_pcb *pcb, u32_t seq)
{
  TCP_ALT_CB(pcb)->rod.snd_lbb = seq;
}

void
tcp_alt_test_rcv_nxt_set(struct tcp_pcb *pcb, u32_t seq)
{
  struct tcp_alt_cb *cb = TCP_ALT_CB(pcb);
  cb->rod.rcv_nxt = seq;
  cb->flow.rcv_edge = seq + cb->flow.rcv_wnd;
  cb->flow.snd_wl1 = seq;
}

tcpwnd_size_t tcp_alt_test_rcv_wnd(const struct tcp_pcb *pcb) { return CB(pcb)->flow.rcv_wnd; }

/* What the application gets without the peer having sent it. */
void
tcp_alt_test_rcv_wnd_set(struct tcp_pcb *pcb, tcpwnd_size_t wnd)
{
  TCP_ALT_CB(pcb)->flow.rcv_wnd = wnd;
}

tcpwnd_size_t tcp_alt_test_snd_wnd(const struct tcp_pcb *pcb) { return CB(pcb)->flow.snd_wnd; }
tcpwnd_size_t tcp_alt_test_snd_wnd_max(const struct tcp_pcb *pcb) { return CB(pcb)->flow.snd_wnd_max; }
u8_t tcp_alt_test_persist_backoff(const struct tcp_pcb *pcb) { return CB(pcb)->flow.persist; }
u8_t tcp_alt_test_persist_probe(const struct tcp_pcb *pcb) { return CB(pcb)->flow.probes; }

void
tcp_alt_test_snd_wnd_set(struct tcp_pcb *pcb, tcpwnd_size_t wnd)
{
  TCP_ALT_CB(pcb)->flow.snd_wnd = wnd;
}

void
tcp_alt_test_snd_wnd_max_set(struct tcp_pcb *pcb, tcpwnd_size_t wnd)
{
  TCP_ALT_CB(pcb)->flow.snd_wnd_max = wnd;
}

u16_t tcp_alt_test_mss(const struct tcp_pcb *pcb) { return CB(pcb)->conn.mss; }
tcpwnd_size_t tcp_alt_test_cwnd(const struct tcp_pcb *pcb) { return CB(pcb)->cong.cwnd; }
tcpwnd_size_t tcp_alt_test_ssthresh(const struct tcp_pcb *pcb) { return CB(pcb)->cong.ssthresh; }

void
tcp_alt_test_mss_set(struct tcp_pcb *pcb, u16_t mss)
{
  TCP_ALT_CB(pcb)->conn.mss = mss;
}

void
tcp_alt_test_cwnd_set(struct tcp_pcb *pcb, tcpwnd_size_t cwnd)
{
  TCP_ALT_CB(pcb)->cong.cwnd = cwnd;
}

void
tcp_alt_test_ssthresh_set(struct tcp_pcb *pcb, tcpwnd_size_t ssthresh)
{
  TCP_ALT_CB(pcb)->cong.ssthresh = ssthresh;
}

#if LWIP_CALLBACK_API
tcp_connected_fn tcp_alt_test_connected(const struct tcp_pcb *pcb) { return CB(pcb)->conn.open.connected; }
tcp_recv_fn tcp_alt_test_recv(const struct tcp_pcb *pcb) { return CB(pcb)->conn.recv; }
#endif

/* ---- queues ---- */

/* A snapshot of a queue: all segments there are, a SYN and a FIN. */
struct test_list {
  struct tcp_alt_test_seg seg[MEMP_NUM_TCP_SEG + 2];
  int n;
};

static void
list_append(struct test_list *list, const struct tcp_seg *s, u32_t seq, u8_t flags)
{
  struct tcp_alt_test_seg *t = &list->seg[list->n];
  LWIP_ASSERT("more segments than the pool has", list->n < MEMP_NUM_TCP_SEG + 2);
  memset(t, 0, sizeof(*t));
  t->tcphdr = &t->hdr;
  t->hdr.seqno = seq;
  TCPH_HDRLEN_FLAGS_SET(&t->hdr, TCP_HLEN / 4, flags);
  if (s != NULL) {
    t->p = s->p;
    t->len = s->len;
  }
  if (list->n != 0) {
    list->seg[list->n - 1].next = t;
  }
  list->n++;
}

static struct tcp_alt_test_seg *
list_first(struct test_list *list)
{
  return list->n != 0 ? &list->seg[0] : NULL;
}

/* Everything of the send queue that waits to be sent (`waits`), or is in flight. */
static struct tcp_alt_test_seg *
test_send_queue(struct test_list *list, const struct tcp_alt_rod *rod, int waits)
{
  const struct tcp_seg *s;
  int sent = 1;
  int fin_sent = rod->snd_nxt == rod->snd_lbb + 1 && !(rod->tx & TCP_ALT_TX_FIN_LOST);

  list->n = 0;
  if ((rod->tx & TCP_ALT_TX_SYN) && !(rod->tx & TCP_ALT_TX_SYN_LOST) == !waits) {
    list_append(list, NULL, lwip_htonl(rod->snd_una), TCP_SYN);
  }
  for (s = rod->head; s != NULL; s = s->next) {
    if (s == rod->next) {
      sent = 0;
    }
    if ((sent && !(s->flags & TCP_ALT_SEG_LOST)) == !waits) {
      list_append(list, s, lwip_htonl(s->seq), 0);
    }
  }
  if ((rod->tx & TCP_ALT_TX_FIN) && fin_sent == !waits) {
    list_append(list, NULL, lwip_htonl(rod->snd_lbb), TCP_FIN);
  }
  return list_first(list);
}

struct tcp_alt_test_seg *
tcp_alt_test_unsent(const struct tcp_pcb *pcb)
{
  static struct test_list list;
  return test_send_queue(&list, &CB(pcb)->rod, 1);
}

struct tcp_alt_test_seg *
tcp_alt_test_unacked(const struct tcp_pcb *pcb)
{
  static struct test_list list;
  return test_send_queue(&list, &CB(pcb)->rod, 0);
}

struct tcp_alt_test_seg *
tcp_alt_test_ooseq(const struct tcp_pcb *pcb)
{
  static struct test_list list;
  list.n = 0;
#if TCP_QUEUE_OOSEQ
  {
    const struct tcp_seg *s;
    for (s = CB(pcb)->rod.ooseq; s != NULL; s = s->next) {
      list_append(&list, s, s->seq, (s->flags & TCP_ALT_SEG_FIN) ? TCP_FIN : 0);
    }
  }
#endif
  return list_first(&list);
}

u32_t
tcp_alt_test_tcplen(const struct tcp_alt_test_seg *seg)
{
  return (u32_t)seg->len + ((TCPH_FLAGS(seg->tcphdr) & (TCP_SYN | TCP_FIN)) ? 1U : 0U);
}

u16_t
tcp_alt_test_optlen(unsigned options)
{
  unsigned len = 0;
  if (options & TF_SEG_OPTS_MSS) {
    len += LWIP_TCP_OPT_LEN_MSS;
  }
  if (options & TF_SEG_OPTS_TS) {
    len += LWIP_TCP_OPT_LEN_TS_OUT;
  }
  if (options & TF_SEG_OPTS_WND_SCALE) {
    len += LWIP_TCP_OPT_LEN_WS_OUT;
  }
  if (options & TF_SEG_OPTS_SACK_PERM) {
    len += LWIP_TCP_OPT_LEN_SACK_PERM_OUT;
  }
  return (u16_t)len;
}

#endif /* LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_ALT_TEST */
