/* SPDX-License-Identifier: BSD-3-Clause
 * Every function and macro of lwip/tcp.h at work: passive and active opening, listeners, windows,
 * extension arguments. What each callback sees is said. */
#include "parity.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

#if !LWIP_EVENT_API

static struct tcp_pcb *session;

static err_t
on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  if (p == NULL) {
    say("%s: end, %s", (const char *)arg, err_name(err));
    return ERR_OK;
  }
  say("%s: %u bytes, %s", (const char *)arg, (unsigned)p->tot_len, err_name(err));
  tcp_recved(pcb, p->tot_len);
  pbuf_free(p);
  return ERR_OK;
}

static err_t
on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  say("%s: sent %u, room %u, queue %u", (const char *)arg, (unsigned)len, (unsigned)tcp_sndbuf(pcb),
      (unsigned)tcp_sndqueuelen(pcb));
  return ERR_OK;
}

static err_t
on_poll(void *arg, struct tcp_pcb *pcb)
{
  say("%s: poll in %s", (const char *)arg, tcp_debug_state_str(tcp_dbg_get_tcp_state(pcb)));
  tcp_poll(pcb, NULL, 0);
  return ERR_OK;
}

static void
on_err(void *arg, err_t err)
{
  say("%s: error %s", (const char *)arg, err_name(err));
  session = NULL;
}

static void
install(struct tcp_pcb *pcb, const char *name)
{
  tcp_recv_fn recv = on_recv;
  tcp_sent_fn sent = on_sent;
  tcp_poll_fn poll = on_poll;
  tcp_err_fn err = on_err;

  session = pcb;
  tcp_arg(pcb, LWIP_CONST_CAST(char *, name));
  tcp_recv(pcb, recv);
  tcp_sent(pcb, sent);
  tcp_err(pcb, err);
  tcp_poll(pcb, poll, 2);
}

static err_t
on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  say("accept with %s, %s", (const char *)arg, err_name(err));
  tcp_accepted(pcb);
  install(pcb, "session");
  return ERR_OK;
}

static err_t
on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
  say("%s: connected, %s", (const char *)arg, err_name(err));
  tcp_setprio(pcb, TCP_PRIO_MAX);
  return ERR_OK;
}

static struct tcp_pcb *
serve(u16_t port, u8_t backlog)
{
  static char name[] = "listener";
  tcp_accept_fn accept = on_accept;
  struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);

  tcp_arg(pcb, name);
  say("bind %s", err_name(tcp_bind(pcb, IP_ANY_TYPE, port)));
  pcb = backlog == 0 ? tcp_listen(pcb) : tcp_listen_with_backlog(pcb, backlog);
  tcp_accept(pcb, accept);
  return pcb;
}

static void
show_ends(struct tcp_pcb *pcb)
{
  int local;

  for (local = 0; local <= 1; local++) {
    ip_addr_t addr;
    u16_t port;
    err_t err = tcp_tcp_get_tcp_addrinfo(pcb, local, &addr, &port);
    say("%s %s %s:%u", local ? "local" : "remote", err_name(err), ipaddr_ntoa(&addr),
        port >= 49152 ? 49152U : (unsigned)port); /* one that was chosen at random */
  }
}

static void
show_flags(struct tcp_pcb *pcb, const char *when)
{
  say("%s: nodelay %d, scale %d, timestamps %d, sack %d, pending %d", when, tcp_nagle_disabled(pcb) != 0,
      tcp_is_flag_set(pcb, TF_WND_SCALE), tcp_is_flag_set(pcb, TF_TIMESTAMP), tcp_is_flag_set(pcb, TF_SACK),
      tcp_is_flag_set(pcb, TF_BACKLOGPEND));
}

void
windows(void)
{
  serve(80, 0);
  dial(4000, 80);
  show_flags(session, "agreed");
  say("scaled: %lu, %lu; most %lu", (unsigned long)RCV_WND_SCALE(session, 0x10000UL),
      (unsigned long)SND_WND_SCALE(session, 0x1000UL), (unsigned long)TCP_WND_MAX(session));
  say("a SACK block: %d", LWIP_TCP_SACK_VALID(session, 0));
  hear(peer.seq + 10, ACK, "later", 5);
  say("a SACK block: %d, another: %d", LWIP_TCP_SACK_VALID(session, 0), LWIP_TCP_SACK_VALID(session, 1));
  tcp_abort(session);

  peer.port = 4001;
  peer.lwip_port = 80;
  peer.seq = 7000;
  world_discard();
  peer_send(SYN, NULL, 0);
  peer.ack = world_await(SYN, 0)->seq + 1;
  peer_send(ACK, NULL, 0);
  show_flags(session, "plain");
  say("not scaled: %lu, %lu; most %lu", (unsigned long)RCV_WND_SCALE(session, 0x10000UL),
      (unsigned long)SND_WND_SCALE(session, 0x1000UL), (unsigned long)TCP_WND_MAX(session));
}

void
passive(void)
{
  serve(80, 0);
  dial(4000, 80);
  show_ends(session);
  say("mss %u, room %u, queue %u", (unsigned)tcp_mss(session), (unsigned)tcp_sndbuf(session),
      (unsigned)tcp_sndqueuelen(session));
  tcp_nagle_disable(session);
  show_flags(session, "disabled");
  tcp_nagle_enable(session);
  show_flags(session, "enabled");
  tcp_set_flags(session, TF_NODELAY);
  show_flags(session, "set");
  tcp_clear_flags(session, TF_NODELAY);
  show_flags(session, "cleared");
  hear(peer.seq, ACK | PSH, "hello", 5);
  peer.seq += 5;
  say("write %s", err_name(tcp_write(session, "one", 3, TCP_WRITE_FLAG_COPY | TCP_WRITE_FLAG_MORE)));
  say("write %s", err_name(tcp_write(session, "two", 3, 0)));
  say("output %s", err_name(tcp_output(session)));
  peer.ack += 6;
  hear(peer.seq, ACK, NULL, 0);
  world_pass(2000);
  say("shutdown %s", err_name(tcp_shutdown(session, 0, 1)));
  say("state %s, FIN %d", tcp_debug_state_str(tcp_dbg_get_tcp_state(session)), tcp_is_flag_set(session, TF_FIN));
  peer.ack += 1;
  hear(peer.seq, ACK, NULL, 0);
  hear(peer.seq++, ACK | FIN, NULL, 0);
  say("close %s", err_name(tcp_close(session)));
}

void
active(void)
{
  tcp_connected_fn connected = on_connected;
  struct tcp_pcb *pcb = tcp_new();
  ip_addr_t to;

  IP_ADDR4(&to, 10, 0, 0, 2);
  tcp_bind_netif(pcb, &netif);
  tcp_bind_netif(pcb, NULL);
  install(pcb, "client");
  say("connect %s", err_name(tcp_connect(pcb, &to, 4000, connected)));
  say("state %s", tcp_debug_state_str(tcp_dbg_get_tcp_state(pcb)));
  answer(world_await(SYN, 0));
  show_ends(pcb == session ? pcb : NULL);
  hear(peer.seq, ACK | RST, NULL, 0);
  pcb = tcp_new_ip6();
  say("IPv6 %d", IP_IS_V6(tcp_local_ip_get(pcb)) != 0);
  say("close %s", err_name(tcp_close(pcb)));
  pcb = tcp_new();
  install(pcb, "aborted");
  tcp_abort(pcb);
}

static err_t
on_accept_later(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  tcp_backlog_delayed(pcb);
  install(pcb, "delayed");
  show_flags(pcb, "delayed");
  return err;
}

static unsigned int
answered(u16_t from)
{
  peer.port = from;
  peer.lwip_port = 80;
  peer.seq = 7000;
  world_discard();
  peer_send(SYN, NULL, 0);
  return world_await(SYN | ACK, 0) != NULL;
}

void
listening(void)
{
  err_t err = ERR_VAL;
  struct tcp_pcb *listener = serve(80, 1), *other = tcp_new();

  tcp_accept(listener, on_accept_later);
  dial(4000, 80);
  say("a second SYN is answered: %u", answered(4001));
  tcp_backlog_accepted(session);
  show_flags(session, "accepted");
  say("a second SYN is answered: %u", answered(4001));
  tcp_backlog_set(listener, 5);
  say("a third SYN is answered: %u", answered(4002));
  say("bind %s", err_name(tcp_bind(other, IP_ANY_TYPE, 81)));
  other = tcp_listen_with_backlog_and_err(other, 2, &err);
  say("listens %d, %s", tcp_dbg_get_tcp_state(other) == LISTEN, err_name(err));
}

static u8_t ids[2];

static void
on_destroy(u8_t id, void *data)
{
  say("destroyed %d: %s", id == ids[1], (const char *)data);
}

static err_t
on_passive_open(u8_t id, struct tcp_pcb_listen *lpcb, struct tcp_pcb *cpcb)
{
  say("passively opened %d, %s", id == ids[1], (const char *)tcp_ext_arg_get((struct tcp_pcb *)(void *)lpcb, id));
  tcp_ext_arg_set(cpcb, id, LWIP_CONST_CAST(char *, "child"));
  return ERR_OK;
}

void
extension(void)
{
  tcp_extarg_callback_pcb_destroyed_fn destroy = on_destroy;
  tcp_extarg_callback_passive_open_fn passive_open = on_passive_open;
  static struct tcp_ext_arg_callbacks callbacks;
  struct tcp_pcb *pcb;

  callbacks.destroy = destroy;
  callbacks.passive_open = passive_open;
  ids[0] = tcp_ext_arg_alloc_id();
  ids[1] = tcp_ext_arg_alloc_id();
  say("ids %d", ids[0] != ids[1] && ids[1] != LWIP_TCP_PCB_NUM_EXT_ARG_ID_INVALID);
  pcb = serve(80, 0);
  tcp_ext_arg_set_callbacks(pcb, ids[1], &callbacks);
  tcp_ext_arg_set(pcb, ids[1], LWIP_CONST_CAST(char *, "parent"));
  say("other %d", tcp_ext_arg_get(pcb, ids[0]) == NULL);
  dial(4000, 80);
  tcp_ext_arg_set_callbacks(session, ids[1], &callbacks);
  tcp_abort(session);
  say("close %s", err_name(tcp_close(pcb)));
}

#endif /* !LWIP_EVENT_API */
