/* SPDX-License-Identifier: BSD-3-Clause
 * What each call of the raw API returns when it is called wrongly or in the wrong state, or when memory or ports
 * are short. Each line is a call and its answer. */
#include "parity.h"

#include "lwip/mem.h"
#include "lwip/memp.h"
#include "lwip/priv/tcp_priv.h"

#include <check.h>

#if !LWIP_EVENT_API

#define TRY(call) say("%s: %s", #call, err_name(call))

static ip_addr_t any, ours, peers, foreign, off_link, broadcast, directed, multicast, loopback, any6, peer6, multicast6;
static struct tcp_pcb *session;

static void
addresses(void)
{
  IP_ADDR4(&any, 0, 0, 0, 0);
  IP_ADDR4(&ours, 10, 0, 0, 1);
  IP_ADDR4(&peers, 10, 0, 0, 2);
  IP_ADDR4(&foreign, 10, 9, 9, 9);
  IP_ADDR4(&off_link, 192, 0, 2, 1);
  IP_ADDR4(&broadcast, 255, 255, 255, 255);
  IP_ADDR4(&directed, 10, 0, 0, 255);
  IP_ADDR4(&multicast, 224, 0, 0, 1);
  IP_ADDR4(&loopback, 127, 0, 0, 1);
  IP_ADDR6(&any6, 0, 0, 0, 0);
  IP_ADDR6(&peer6, PP_HTONL(0x20010db8UL), 0, 0, PP_HTONL(2));
  IP_ADDR6(&multicast6, PP_HTONL(0xff020000UL), 0, 0, PP_HTONL(1));
}

static err_t
on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  session = pcb;
  return err;
}

static struct tcp_pcb *
serve(u16_t port)
{
  struct tcp_pcb *pcb = tcp_new();
  ck_assert_int_eq(tcp_bind(pcb, NULL, port), ERR_OK);
  pcb = tcp_listen(pcb);
  tcp_accept(pcb, on_accept);
  return pcb;
}

/* A PCB is bound once only: legacy's list does not survive a second time. */
static void
bind_to(const char *name, const ip_addr_t *ip, u16_t port, int reuse)
{
  struct tcp_pcb *pcb = tcp_new_ip_type(ip != NULL ? IP_GET_TYPE(ip) : IPADDR_TYPE_V4);
  err_t err;

  if (reuse) {
    ip_set_option(pcb, SOF_REUSEADDR);
  }
  err = tcp_bind(pcb, ip, port);
  say("tcp_bind to %s, port %u%s: %s, has port %d", name, (unsigned)port, reuse ? ", reuse" : "", err_name(err),
      tcp_local_port_get(pcb) != 0);
  tcp_close(pcb);
}

static void
bind_all(const char *when)
{
  int reuse;

  say("%s", when);
  for (reuse = 0; reuse <= 1; reuse++) {
    bind_to("NULL", NULL, 80, reuse);
    bind_to("any", &any, 80, reuse);
    bind_to("ours", &ours, 80, reuse);
    bind_to("IPv6 any", &any6, 80, reuse);
    bind_to("another port", &any, 81, reuse);
    bind_to("a foreign address", &foreign, 81, reuse);
    bind_to("multicast", &multicast, 81, reuse);
    bind_to("broadcast", &broadcast, 81, reuse);
    bind_to("any port", &any, 0, reuse);
  }
}

void
errors_bind(void)
{
  struct tcp_pcb *pcb = tcp_new();

  addresses();
  TRY(tcp_bind(NULL, &any, 80));
  bind_all("none bound");
  TRY(tcp_bind(pcb, NULL, 80));
  bind_all("one bound");
  ip_set_option(pcb, SOF_REUSEADDR);
  bind_all("one bound, reuse");
  pcb = tcp_listen(pcb);
  bind_all("one listens, reuse");
  ip_reset_option(pcb, SOF_REUSEADDR);
  bind_all("one listens");
  TRY(tcp_bind(pcb, &any, 84));
  tcp_close(pcb);
  serve(80);
  dial(4000, 80);
  tcp_close(tcp_listen_pcbs.pcbs);
  bind_all("one connection");
}

static void
connect_to(const char *name, const ip_addr_t *to, u16_t port)
{
  struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
  err_t err = tcp_connect(pcb, to, port, NULL);

  say("tcp_connect to %s: %s, then %s", name, err_name(err), tcp_debug_state_str(tcp_state_get(pcb)));
  tcp_abort(pcb);
}

void
errors_connect(void)
{
  struct tcp_pcb *pcb = tcp_new(), *other = tcp_new();

  addresses();
  TRY(tcp_connect(NULL, &peers, 80, NULL));
  TRY(tcp_connect(pcb, NULL, 80, NULL));
  connect_to("the peer", &peers, 80);
  connect_to("port 0", &peers, 0);
  connect_to("an address behind no router", &off_link, 80);
  connect_to("any", &any, 80);
  connect_to("our own address", &ours, 80);
  connect_to("loopback", &loopback, 80);
  connect_to("broadcast", &broadcast, 80);
  connect_to("the network's broadcast", &directed, 80);
  connect_to("multicast", &multicast, 80);
  connect_to("IPv6", &peer6, 80);
  connect_to("IPv6 any", &any6, 80);
  connect_to("IPv6 multicast", &multicast6, 80);
  TRY(tcp_bind(pcb, NULL, 5000));
  TRY(tcp_connect(pcb, &peers, 80, NULL));
  TRY(tcp_connect(pcb, &peers, 80, NULL));
  TRY(tcp_bind(pcb, NULL, 5001));
  TRY(tcp_bind(other, NULL, 5000));
  say("in use: %d", tcp_local_port_get(other) != 0);
  ip_set_option(other, SOF_REUSEADDR);
  ip_set_option(pcb, SOF_REUSEADDR);
  TRY(tcp_bind(other, NULL, 5000));
  TRY(tcp_connect(other, &peers, 80, NULL));
  TRY(tcp_connect(other, &peers, 81, NULL));
  tcp_abort(pcb);
  netif_set_link_down(&netif);
  connect_to("a peer behind a broken link", &peers, 80);
  netif_set_down(&netif);
  connect_to("a peer behind an interface that is down", &peers, 80);
  netif_set_up(&netif);
  netif_set_link_up(&netif);
  pcb = tcp_new();
  tcp_bind_netif(pcb, &netif);
  netif_set_addr(&netif, ip_2_ip4(&any), ip_2_ip4(&any), ip_2_ip4(&any));
  say("without an address: %s", err_name(tcp_connect(pcb, &peers, 80, NULL)));
  tcp_abort(pcb);
}

static void
listen_with(const char *name, struct tcp_pcb *pcb)
{
  err_t err = ERR_OK;
  struct tcp_pcb *listener = tcp_listen_with_backlog_and_err(pcb, 1, &err);

  say("listen, %s: %d %s", name, listener != NULL, err_name(err));
}

/* The same calls in each state. */
static void
try_all(struct tcp_pcb *pcb, int shutdown)
{
  static const char byte[4];

  say("in %s", tcp_debug_state_str(tcp_state_get(pcb)));
  TRY(tcp_write(pcb, byte, 1, TCP_WRITE_FLAG_COPY));
  TRY(tcp_write(pcb, byte, 0, TCP_WRITE_FLAG_COPY));
  TRY(tcp_write(pcb, NULL, 1, TCP_WRITE_FLAG_COPY));
  TRY(tcp_bind(pcb, NULL, 99));
  TRY(tcp_connect(pcb, &peers, 99, NULL));
  listen_with("listen", pcb);
  TRY(tcp_output(pcb));
  TRY(tcp_shutdown(pcb, 0, 0));
  if (shutdown) {
    TRY(tcp_shutdown(pcb, 0, 1));
    say("now %s", tcp_debug_state_str(tcp_state_get(pcb)));
  }
}

void
errors_connected(void)
{
  struct tcp_pcb *pcb;

  addresses();
  pcb = tcp_new();
  TRY(tcp_write(pcb, "x", 1, TCP_WRITE_FLAG_COPY));
  TRY(tcp_write(NULL, "x", 1, TCP_WRITE_FLAG_COPY));
  TRY(tcp_write(pcb, NULL, 1, TCP_WRITE_FLAG_COPY));
  TRY(tcp_output(pcb));
  TRY(tcp_shutdown(NULL, 1, 1));
  TRY(tcp_shutdown(pcb, 0, 1));
  TRY(tcp_shutdown(pcb, 1, 0));
  TRY(tcp_shutdown(pcb, 1, 1));
  TRY(tcp_close(NULL));
  TRY(tcp_tcp_get_tcp_addrinfo(NULL, 1, NULL, NULL));

  pcb = tcp_new();
  TRY(tcp_connect(pcb, &peers, 4000, NULL));
  try_all(pcb, 1);
  TRY(tcp_shutdown(pcb, 1, 0));
  answer(world_await(SYN, 0));
  peer.ack += 1; /* the byte written in SYN-SENT */
  hear(peer.seq, ACK, NULL, 0);
  try_all(pcb, 1);
  try_all(pcb, 1);
  peer.ack += 2; /* byte and FIN */
  hear(peer.seq, ACK, NULL, 0);
  try_all(pcb, 1);
  hear(peer.seq++, ACK | FIN, NULL, 0);
  if (tcp_tw_pcbs != NULL) {
    try_all(tcp_tw_pcbs, 1);
    TRY(tcp_close(tcp_tw_pcbs));
  }

  serve(80);
  dial(4001, 80);
  hear(peer.seq++, ACK | FIN, NULL, 0);
  try_all(session, 0);
  TRY(tcp_shutdown(session, 1, 0));
  TRY(tcp_shutdown(session, 0, 1));
  try_all(session, 1);
}

void
errors_memory(void)
{
  static const char data[TCP_SND_BUF];
  struct tcp_pcb *pcb, *bound;
  int i, n = 0;
  u32_t written = 0;

  addresses();
  serve(80);
  dial(4000, 80);
  memory_take();
  TRY(tcp_write(session, data, 100, TCP_WRITE_FLAG_COPY));
  TRY(tcp_write(session, data, 100, 0));
  memory_return();
  TRY(tcp_write(session, data, TCP_SND_BUF, TCP_WRITE_FLAG_COPY));
  TRY(tcp_write(session, data, 1, TCP_WRITE_FLAG_COPY));
  say("room %u", (unsigned)tcp_sndbuf(session));
  tcp_abort(session);
  dial(4001, 80);
  while (tcp_write(session, data, 200, 0) == ERR_OK) {
    written += 200;
  }
  say("something was written: %d", written > 0);
  TRY(tcp_write(session, data, 200, 0));
  driver.answer = ERR_MEM;
  TRY(tcp_output(session));
  driver.answer = ERR_IF;
  TRY(tcp_output(session));
  driver.answer = ERR_OK;
  memory_take();
  say("close %s", err_name(tcp_shutdown(session, 0, 0)));
  memory_return();
  tcp_abort(session);

  bound = tcp_new();
  TRY(tcp_bind(bound, NULL, 90));
  for (i = 0; i < MEMP_NUM_TCP_PCB_LISTEN - 1; i++) {
    serve((u16_t)(100 + i));
  }
  listen_with("one too many", bound);
  say("it is as before: %s, %u", tcp_debug_state_str(tcp_state_get(bound)), (unsigned)tcp_local_port_get(bound));
  tcp_close(bound);
  for (pcb = tcp_new(); pcb != NULL; pcb = tcp_new()) {
    tcp_bind(pcb, NULL, (u16_t)(200 + n++));
  }
  say("%d PCBs", n);
  say("another %d, of a type %d", tcp_new() != NULL, tcp_new_ip_type(IPADDR_TYPE_ANY) != NULL);
}

void
errors_listener(void)
{
  struct tcp_pcb *pcb, *other = tcp_new();

  addresses();
  /* Legacy reads behind the smaller structure of a listener: let there be others behind it. */
  serve(81);
  serve(82);
  serve(83);
  pcb = serve(80);
  TRY(tcp_write(pcb, "x", 1, TCP_WRITE_FLAG_COPY));
  TRY(tcp_connect(pcb, &peers, 80, NULL));
  TRY(tcp_bind(pcb, NULL, 85));
  TRY(tcp_shutdown(pcb, 1, 0));
  TRY(tcp_shutdown(pcb, 1, 1));
  listen_with("listen", pcb);
  listen_with("listen NULL", NULL);
  ip_set_option(other, SOF_REUSEADDR);
  ip_set_option(pcb, SOF_REUSEADDR);
  TRY(tcp_bind(other, NULL, 80));
  listen_with("listen twice", other);
  TRY(tcp_close(other));
  tcp_close(tcp_listen_pcbs.pcbs == pcb ? tcp_next_get(pcb) : tcp_listen_pcbs.pcbs);
  other = tcp_listen(tcp_new());
  say("listen without a port: %s, %u", tcp_debug_state_str(tcp_state_get(other)), (unsigned)tcp_local_port_get(other));
  TRY(tcp_close(pcb));
}

/* ---- what legacy asserts ---- */

static struct tcp_pcb *victim;

static void call_recv(void) { tcp_recv(victim, NULL); }
static void call_sent(void) { tcp_sent(victim, NULL); }
static void call_err(void) { tcp_err(victim, NULL); }
static void call_poll(void) { tcp_poll(victim, NULL, 1); }
static void call_accept(void) { tcp_accept(victim, NULL); }
static void call_arg(void) { tcp_arg(victim, NULL); }
static void call_recved(void) { tcp_recved(victim, 1); }
static void call_output(void) { (void)tcp_output(victim); }
static void call_setprio(void) { tcp_setprio(victim, 1); }
static void call_abort(void) { tcp_abort(victim); }
static void call_backlog(void) { tcp_backlog_set(victim, 1); }

static void
each_call(const char *what, int abort_too)
{
  static const struct {
    const char *name;
    void (*call)(void);
  } calls[] = { { "recv", call_recv }, { "sent", call_sent }, { "err", call_err }, { "poll", call_poll },
    { "accept", call_accept }, { "arg", call_arg }, { "recved", call_recved }, { "output", call_output },
    { "setprio", call_setprio }, { "abort", call_abort } };
  size_t i;

  for (i = 0; i < LWIP_ARRAYSIZE(calls) - (abort_too ? 0 : 1); i++) {
    say("%s, %s: %s", what, calls[i].name, asserts(calls[i].call) ? "asserts" : "returns");
  }
}

void
errors_asserted(void)
{
  victim = NULL;
  each_call("NULL", 0);
  victim = serve(80);
  each_call("listener", 1);
  say("listener, backlog_set: %s", asserts(call_backlog) ? "asserts" : "returns");
  victim = tcp_new();
  say("fresh, backlog_set: %s", asserts(call_backlog) ? "asserts" : "returns");
  say("fresh, accept: %s", asserts(call_accept) ? "asserts" : "returns");
  say("fresh, recved: %s", asserts(call_recved) ? "asserts" : "returns");
  tcp_close(victim);
}

#endif /* !LWIP_EVENT_API */
