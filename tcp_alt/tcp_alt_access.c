/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * The application door: what used to be members (lwip/tcp_access.h, lwip/tcp_alt_api.h). Each takes a
 * listening PCB too.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/priv/tcp_alt_doors.h"
#include "lwip/priv/tcp_priv.h"

#define LISTENS(pcb) ((pcb)->state == LISTEN)
#define CB(pcb) ((const struct tcp_alt_cb *)(const void *)(pcb))

enum tcp_state tcp_state_get(const struct tcp_pcb *pcb) { TCP_ALT_LIVE("tcp_state_get", pcb); return pcb->state; }
u8_t tcp_prio_get(const struct tcp_pcb *pcb) { TCP_ALT_LIVE("tcp_prio_get", pcb); return pcb->prio; }
void *tcp_callback_arg_get(const struct tcp_pcb *pcb) { TCP_ALT_LIVE("tcp_callback_arg_get", pcb); return pcb->callback_arg; }
u16_t tcp_local_port_get(const struct tcp_pcb *pcb) { TCP_ALT_LIVE("tcp_local_port_get", pcb); return pcb->local_port; }
const ip_addr_t *tcp_local_ip_get(const struct tcp_pcb *pcb) { TCP_ALT_LIVE("tcp_local_ip_get", pcb); return &pcb->local_ip; }
const ip_addr_t *tcp_remote_ip_get(const struct tcp_pcb *pcb) { TCP_ALT_LIVE("tcp_remote_ip_get", pcb); return &pcb->remote_ip; }
u8_t tcp_tos_get(const struct tcp_pcb *pcb) { TCP_ALT_LIVE("tcp_tos_get", pcb); return pcb->tos; }
u8_t tcp_ttl_get(const struct tcp_pcb *pcb) { TCP_ALT_LIVE("tcp_ttl_get", pcb); return pcb->ttl; }
u8_t tcp_so_options_get(const struct tcp_pcb *pcb) { TCP_ALT_LIVE("tcp_so_options_get", pcb); return pcb->so_options; }
struct tcp_pcb *tcp_next_get(const struct tcp_pcb *pcb) { TCP_ALT_LIVE("tcp_next_get", pcb); return pcb->next; }

u16_t
tcp_remote_port_get(const struct tcp_pcb *pcb)
{
  TCP_ALT_LIVE("tcp_remote_port_get", pcb);
  return LISTENS(pcb) ? 0 : pcb->remote_port;
}

tcpflags_t
tcp_flags_get(const struct tcp_pcb *pcb)
{
  tcpflags_t flags;
  TCP_ALT_LIVE("tcp_flags_get", pcb);
  if (LISTENS(pcb)) {
    return 0;
  }
  flags = pcb->flags;
  /* What lwIP keeps as flags, and this backend as what was agreed upon. */
#if LWIP_WND_SCALE
  flags |= (CB(pcb)->conn.is & TCP_ALT_IS_WS) ? TF_WND_SCALE : 0;
#endif
#if TCP_LISTEN_BACKLOG
  flags |= (CB(pcb)->conn.is & TCP_ALT_IS_PENDING) ? TF_BACKLOGPEND : 0;
#endif
#if LWIP_TCP_TIMESTAMPS
  flags |= (CB(pcb)->conn.is & TCP_ALT_IS_TS) ? TF_TIMESTAMP : 0;
#endif
#if LWIP_TCP_SACK_OUT
  flags |= (CB(pcb)->conn.is & TCP_ALT_IS_SACK) ? TF_SACK : 0;
#endif
  return flags;
}

#if LWIP_WND_SCALE
u8_t
tcp_alt_scale_get(const struct tcp_pcb *pcb, int peer)
{
  const struct tcp_alt_flow *flow = &CB(pcb)->flow;
  if (LISTENS(pcb)) {
    return 0;
  }
  return peer ? flow->snd_scale : flow->rcv_scale;
}
#endif

#if LWIP_TCP_SACK_OUT || LWIP_TCP_BOTH
int
tcp_alt_sack_valid(const struct tcp_pcb *pcb, u8_t idx)
{
  u32_t blocks[2 * LWIP_TCP_MAX_SACK_NUM];
  return !LISTENS(pcb) && idx < tcp_alt_rod_sack_blocks(&CB(pcb)->rod, blocks, LWIP_TCP_MAX_SACK_NUM);
}
#endif

u32_t
tcp_keep_idle_get(const struct tcp_pcb *pcb)
{
  TCP_ALT_LIVE("tcp_keep_idle_get", pcb);
  return LISTENS(pcb) ? 0 : pcb->keep_idle;
}

#if LWIP_TCP_KEEPALIVE
u32_t
tcp_keep_intvl_get(const struct tcp_pcb *pcb)
{
  TCP_ALT_LIVE("tcp_keep_intvl_get", pcb);
  return LISTENS(pcb) ? 0 : pcb->keep_intvl;
}

u32_t
tcp_keep_cnt_get(const struct tcp_pcb *pcb)
{
  TCP_ALT_LIVE("tcp_keep_cnt_get", pcb);
  return LISTENS(pcb) ? 0 : pcb->keep_cnt;
}
#endif

#if LWIP_CALLBACK_API
tcp_poll_fn
tcp_poll_fn_get(const struct tcp_pcb *pcb)
{
  TCP_ALT_LIVE("tcp_poll_fn_get", pcb);
  return LISTENS(pcb) ? NULL : CB(pcb)->conn.poll;
}
#endif

u8_t
tcp_poll_interval_get(const struct tcp_pcb *pcb)
{
  TCP_ALT_LIVE("tcp_poll_interval_get", pcb);
  return LISTENS(pcb) ? 0 : CB(pcb)->conn.poll_interval;
}

int
tcp_has_unsent(const struct tcp_pcb *pcb)
{
  const struct tcp_alt_rod *rod = &CB(pcb)->rod;
  TCP_ALT_LIVE("tcp_has_unsent", pcb);
  return !LISTENS(pcb) && (rod->next != NULL || ((rod->tx & TCP_ALT_TX_FIN) && rod->snd_nxt != rod->snd_lbb + 1));
}

int
tcp_has_unacked(const struct tcp_pcb *pcb)
{
  const struct tcp_alt_rod *rod = &CB(pcb)->rod;
  TCP_ALT_LIVE("tcp_has_unacked", pcb);
  return !LISTENS(pcb) && rod->snd_nxt != rod->snd_una;
}

int
tcp_has_ooseq(const struct tcp_pcb *pcb)
{
  TCP_ALT_LIVE("tcp_has_ooseq", pcb);
#if TCP_QUEUE_OOSEQ
  return !LISTENS(pcb) && CB(pcb)->rod.ooseq != NULL;
#else
  LWIP_UNUSED_ARG(pcb);
  return 0;
#endif
}

u16_t
tcp_mss(const struct tcp_pcb *pcb)
{
  TCP_ALT_LIVE("tcp_mss", pcb);
  return LISTENS(pcb) ? 0 : (u16_t)(CB(pcb)->conn.mss - tcp_alt_out_optlen(CB(pcb)));
}

u16_t
tcp_sndbuf(const struct tcp_pcb *pcb)
{
  TCP_ALT_LIVE("tcp_sndbuf", pcb);
  return LISTENS(pcb) ? 0 : TCPWND_MIN16(CB(pcb)->flow.snd_buf);
}

u16_t
tcp_sndqueuelen(const struct tcp_pcb *pcb)
{
  TCP_ALT_LIVE("tcp_sndqueuelen", pcb);
  return LISTENS(pcb) ? 0 : CB(pcb)->rod.queuelen;
}

/** Local or remote address and port; ERR_VAL without a PCB. */
err_t
tcp_tcp_get_tcp_addrinfo(struct tcp_pcb *pcb, int local, ip_addr_t *addr, u16_t *port)
{
  TCP_ALT_LIVE("tcp_tcp_get_tcp_addrinfo", pcb);
  if (pcb == NULL) {
    return ERR_VAL;
  }
  if (addr != NULL) {
    ip_addr_copy(*addr, *(local ? tcp_local_ip_get(pcb) : tcp_remote_ip_get(pcb)));
  }
  if (port != NULL) {
    *port = local ? tcp_local_port_get(pcb) : tcp_remote_port_get(pcb);
  }
  return ERR_OK;
}

/* ---- setting ---- */

void
tcp_set_flags(struct tcp_pcb *pcb, tcpflags_t flags)
{
  TCP_ALT_LIVE("tcp_set_flags", pcb);
  tcp_alt_conn_set_flags(pcb, flags, 0);
  if ((flags & TF_NODELAY) && pcb->state >= ESTABLISHED) {
    tcp_output(pcb); /* nothing else would wake what Nagle has held back */
  }
}

void
tcp_clear_flags(struct tcp_pcb *pcb, tcpflags_t flags)
{
  TCP_ALT_LIVE("tcp_clear_flags", pcb);
  tcp_alt_conn_set_flags(pcb, 0, flags);
}

/* A deadline of the connection may have moved. */
static void
access_rearm(struct tcp_pcb *pcb)
{
  if (pcb->state > LISTEN && !tcp_alt_held(TCP_ALT_CB(pcb))) {
    tcp_alt_tmr_rearm(TCP_ALT_CB(pcb), tcp_alt_now());
  }
}

/** Calls `poll` every `interval` * 500 ms, 1..255; NULL: no more. */
void
tcp_poll(struct tcp_pcb *pcb, tcp_poll_fn poll, u8_t interval)
{
  LWIP_ASSERT_CORE_LOCKED();
  TCP_ALT_LIVE("tcp_poll", pcb);
  LWIP_ERROR("tcp_poll: no PCB", pcb != NULL, return);
  LWIP_ASSERT("tcp_poll: not for listeners", pcb->state != LISTEN);
  tcp_alt_conn_set_poll(&TCP_ALT_CB(pcb)->conn, poll, interval, tcp_alt_now());
  access_rearm(pcb);
}

void
tcp_keep_idle_set(struct tcp_pcb *pcb, u32_t ms)
{
  TCP_ALT_LIVE("tcp_keep_idle_set", pcb);
  tcp_alt_conn_set_keep(pcb, TCP_ALT_KEEP_IDLE, ms);
  access_rearm(pcb);
}

#if LWIP_TCP_KEEPALIVE
void
tcp_keep_intvl_set(struct tcp_pcb *pcb, u32_t ms)
{
  TCP_ALT_LIVE("tcp_keep_intvl_set", pcb);
  tcp_alt_conn_set_keep(pcb, TCP_ALT_KEEP_INTVL, ms);
  access_rearm(pcb);
}

void
tcp_keep_cnt_set(struct tcp_pcb *pcb, u32_t count)
{
  TCP_ALT_LIVE("tcp_keep_cnt_set", pcb);
  tcp_alt_conn_set_keep(pcb, TCP_ALT_KEEP_CNT, count);
  access_rearm(pcb);
}
#endif

void
tcp_so_options_set(struct tcp_pcb *pcb, u8_t options)
{
  TCP_ALT_LIVE("tcp_so_options_set", pcb);
  tcp_alt_conn_set_so_options((struct ip_pcb *)(void *)pcb, options);
  access_rearm(pcb);
}

#if LWIP_TCP_USER_TIMEOUT
u32_t
tcp_user_timeout_get(const struct tcp_pcb *pcb)
{
  TCP_ALT_LIVE("tcp_user_timeout_get", pcb);
  return LISTENS(pcb) ? 0 : CB(pcb)->conn.user_timeout;
}

void
tcp_user_timeout_set(struct tcp_pcb *pcb, u32_t ms)
{
  TCP_ALT_LIVE("tcp_user_timeout_set", pcb);
  if (!LISTENS(pcb)) {
    tcp_alt_conn_set_user_timeout(&TCP_ALT_CB(pcb)->conn, ms);
    access_rearm(pcb);
  }
}
#endif

#if LWIP_TCP_USER_TIMEOUT_OPTION
void
tcp_user_timeout_advertise(struct tcp_pcb *pcb, u32_t s)
{
  TCP_ALT_LIVE("tcp_user_timeout_advertise", pcb);
  if (!LISTENS(pcb)) {
    tcp_alt_conn_set_uto(&TCP_ALT_CB(pcb)->conn, s);
    if (tcp_alt_conn_uto_due(&TCP_ALT_CB(pcb)->conn)) {
      tcp_alt_rod_ack_now(&TCP_ALT_CB(pcb)->rod); /* which carries it */
    }
    (void)tcp_output(pcb);
  }
}
#endif

/* ip_set_option() and ip_reset_option() know no type of PCB: is it one of our connections? */
static void
access_option_changed(const void *pcb)
{
  struct tcp_pcb *p;
  for (p = tcp_active_pcbs; p != NULL; p = p->next) {
    if (p == pcb) {
      access_rearm(p);
      return;
    }
  }
}

void
tcp_alt_ip_option_set(struct ip_pcb *pcb, u8_t opt)
{
  tcp_alt_conn_set_so_options(pcb, pcb->so_options | opt);
  if (opt & SOF_KEEPALIVE) {
    access_option_changed(pcb);
  }
}

void
tcp_alt_ip_option_reset(struct ip_pcb *pcb, u8_t opt)
{
  tcp_alt_conn_set_so_options(pcb, (u8_t)(pcb->so_options & ~opt));
}

/* ---- walking and housekeeping for other parts of lwIP ---- */

/** Binds to an interface; NULL: to any. */
void
tcp_bind_netif(struct tcp_pcb *pcb, const struct netif *netif)
{
  LWIP_ASSERT_CORE_LOCKED();
  TCP_ALT_LIVE("tcp_bind_netif", pcb);
  tcp_alt_conn_bind_netif(pcb, netif != NULL ? netif_get_index(netif) : NETIF_NO_INDEX);
}

#if TCP_QUEUE_OOSEQ
/** Gives a connection's out-of-order queue back (the pbuf pool is empty). */
void
tcp_free_ooseq(struct tcp_pcb *pcb)
{
  TCP_ALT_LIVE("tcp_free_ooseq", pcb);
  if (!LISTENS(pcb)) {
    tcp_alt_rod_free_ooseq(&TCP_ALT_CB(pcb)->rod);
  }
}
#endif

/* Ends the connections of a list that use the address. */
static void
access_address_gone(struct tcp_pcb **list, const ip_addr_t *old_addr)
{
  struct tcp_pcb *pcb = *list;
  while (pcb != NULL) {
    if (ip_addr_cmp(&pcb->local_ip, old_addr)
#if LWIP_AUTOIP
        /* connections to link-local addresses must persist (RFC 3927 1.9) */
        && (!IP_IS_V4_VAL(pcb->local_ip) || !ip4_addr_islinklocal(ip_2_ip4(&pcb->local_ip)))
#endif
       ) {
      tcp_alt_reset_and_end(TCP_ALT_CB(pcb), TCP_ERR_REASON_ADDRESS);
      pcb = *list; /* the error callback may have changed the list */
    } else {
      pcb = pcb->next;
    }
  }
}

/** An interface's address changed or went (`new_addr` NULL or any). */
void
tcp_netif_ip_addr_changed(const ip_addr_t *old_addr, const ip_addr_t *new_addr)
{
  struct tcp_pcb *pcb;
  if (ip_addr_isany_val(*old_addr)) {
    return;
  }
  access_address_gone(&tcp_active_pcbs, old_addr);
  access_address_gone(&tcp_bound_pcbs, old_addr);
  if (new_addr == NULL || ip_addr_isany_val(*new_addr)) {
    return;
  }
  for (pcb = tcp_listen_pcbs.pcbs; pcb != NULL; pcb = pcb->next) {
    if (ip_addr_cmp(&pcb->local_ip, old_addr)) {
      tcp_alt_conn_set_local_ip(pcb, new_addr);
    }
  }
}

/** lwIP's name for a RST outside a connection. */
void
tcp_rst(const struct tcp_pcb *pcb, u32_t seqno, u32_t ackno, const ip_addr_t *local_ip,
        const ip_addr_t *remote_ip, u16_t local_port, u16_t remote_port)
{
  struct tcp_alt_rst rst;
  TCP_ALT_LIVE("tcp_rst", pcb);
  rst.pcb = LWIP_CONST_CAST(struct tcp_pcb *, pcb);
  rst.netif = NULL;
  rst.local_ip = local_ip;
  rst.remote_ip = remote_ip;
  rst.seq = seqno;
  rst.ack = ackno;
  rst.local_port = local_port;
  rst.remote_port = remote_port;
  rst.flags = TCP_RST | TCP_ACK;
  tcp_alt_out_rst(&rst);
}

#if TCP_LISTEN_BACKLOG
void
tcp_backlog_delayed(struct tcp_pcb *pcb)
{
  TCP_ALT_LIVE("tcp_backlog_delayed", pcb);
  LWIP_ASSERT("no PCB", pcb != NULL);
  LWIP_ASSERT_CORE_LOCKED();
  tcp_alt_conn_backlog(&TCP_ALT_CB(pcb)->conn, 1);
}

void
tcp_backlog_accepted(struct tcp_pcb *pcb)
{
  TCP_ALT_LIVE("tcp_backlog_accepted", pcb);
  LWIP_ASSERT("no PCB", pcb != NULL);
  LWIP_ASSERT_CORE_LOCKED();
  tcp_alt_conn_backlog(&TCP_ALT_CB(pcb)->conn, 0);
}
#endif

#if LWIP_TCP_ICMP
void
tcp_soft_error(struct tcp_pcb *pcb, tcp_soft_error_fn fn)
{
  LWIP_ASSERT_CORE_LOCKED();
  TCP_ALT_LIVE("tcp_soft_error", pcb);
  if (pcb != NULL && !LISTENS(pcb)) {
    tcp_alt_conn_set_soft_error_fn(&TCP_ALT_CB(pcb)->conn, fn);
  }
}

enum tcp_soft_error
tcp_soft_error_get(const struct tcp_pcb *pcb)
{
  TCP_ALT_LIVE("tcp_soft_error_get", pcb);
  return LISTENS(pcb) ? TCP_SOFT_ERROR_NONE : (enum tcp_soft_error)CB(pcb)->conn.soft_error;
}
#endif

#endif /* LWIP_TCP && LWIP_TCP_ALT */
