/* SPDX-License-Identifier: BSD-3-Clause */
/** @file Table of connections and listeners. */
#include "app_status.h"

#include "lwip/mem.h"
#include "lwip/pbuf.h"
#include "lwip/priv/tcp_priv.h" /* the lists of PCBs */
#include "lwip/tcp_access.h"

#include <stdarg.h>
#include <stdio.h>

/* At most, of one PCB. */
#define ROW_MAX 720

struct status {
  struct app_conn conn; /* first */
  char *text;
  size_t len, sent;
};

/* ---- the text ---- */

/* A row too long would be cut, and never written beyond its room. */
static void
say(struct status *status, size_t room, const char *format, ...)
{
  va_list arguments;
  int len;

  va_start(arguments, format);
  len = vsnprintf(status->text + status->len, room - status->len, format, arguments);
  va_end(arguments);
  if (len > 0) {
    status->len = LWIP_MIN(status->len + (size_t)len, room - 1);
  }
}

static void
say_end(struct status *status, size_t room, const ip_addr_t *ip, u16_t port)
{
  char text[IPADDR_STRLEN_MAX];
  int is_any = ip_addr_isany(ip);

  if (!is_any) {
    (void)ipaddr_ntoa_r(ip, text, sizeof(text));
  }
  say(status, room, !is_any && IP_IS_V6(ip) ? "[%s]:%u" : "%s:%u", is_any ? "*" : text, (unsigned)port);
}

#if LWIP_TCP_ALT && LWIP_TCP_INFO
static void
say_figures(struct status *status, size_t room, const struct tcp_pcb *pcb)
{
  static const char *const recovery[] = { "nothing lost", "repairing a loss", "repairing after a timeout" };
  struct tcp_info info;

  if (tcp_info_get(pcb, &info) != ERR_OK) {
    return;
  }
  say(status, room, "  round trip %lu ms +- %lu, RTO %lu ms, %u timeouts, %u probes, peer silent for %lu ms\r\n",
      (unsigned long)info.srtt, (unsigned long)info.rttvar, (unsigned long)info.rto, (unsigned)info.timeouts,
      (unsigned)info.probes, (unsigned long)info.silent);
  say(status, room, "  windows: congestion %lu (threshold %lu, %s), peer's %lu, ours %lu\r\n",
      (unsigned long)info.cwnd, (unsigned long)info.ssthresh, recovery[info.recovery],
      (unsigned long)info.snd_wnd, (unsigned long)info.rcv_wnd);
  say(status, room, "  bytes: sent %lu, again %lu, acknowledged %lu, in flight %lu, unsent %lu, received %lu\r\n",
      (unsigned long)info.bytes_out, (unsigned long)info.bytes_again, (unsigned long)info.bytes_acked,
      (unsigned long)info.in_flight, (unsigned long)info.unsent, (unsigned long)info.bytes_in);
  say(status, room, "  sending stopped: %s\r\n", tcp_info_stop_str(info.stop));
}
#else
#define say_figures(status, room, pcb) LWIP_UNUSED_ARG(pcb)
#endif

static void
say_connection(struct status *status, size_t room, const struct tcp_pcb *pcb)
{
  say(status, room, "%-11s ", tcp_debug_state_str(tcp_state_get(pcb)));
  say_end(status, room, tcp_local_ip_get(pcb), tcp_local_port_get(pcb));
  say(status, room, " - ");
  say_end(status, room, tcp_remote_ip_get(pcb), tcp_remote_port_get(pcb));
  say(status, room, "\r\n  segments of %u, may write %lu; unsent: %s, unacknowledged: %s, out of order: %s\r\n",
      (unsigned)tcp_mss(pcb), (unsigned long)tcp_sndbuf(pcb), tcp_has_unsent(pcb) ? "yes" : "no",
      tcp_has_unacked(pcb) ? "yes" : "no", tcp_has_ooseq(pcb) ? "yes" : "no");
  say_figures(status, room, pcb);
}

/* A listener, or one that is bound and nothing else: it has but its own end. */
static void
say_local(struct status *status, size_t room, const struct tcp_pcb *pcb)
{
  say(status, room, "%-11s ", tcp_debug_state_str(tcp_state_get(pcb)));
  say_end(status, room, tcp_local_ip_get(pcb), tcp_local_port_get(pcb));
  say(status, room, "\r\n");
}

/* ---- all PCBs ---- */

typedef void (*row_fn)(struct status *status, size_t room, const struct tcp_pcb *pcb);

static const struct tcp_pcb *
first_of(unsigned list)
{
  switch (list) {
    case 0:
      return tcp_listen_pcbs.pcbs;
    case 1:
      return tcp_bound_pcbs;
    case 2:
      return tcp_active_pcbs;
    default:
      return tcp_tw_pcbs;
  }
}

static size_t
count_rows(void)
{
  const struct tcp_pcb *pcb;
  unsigned list;
  size_t rows = 0;

  for (list = 0; list < 4; list++) {
    for (pcb = first_of(list); pcb != NULL; pcb = tcp_next_get(pcb)) {
      rows++;
    }
  }
  return rows;
}

static void
say_all(struct status *status, size_t room)
{
  static const row_fn rows[] = { say_local, say_local, say_connection, say_connection };
  const struct tcp_pcb *pcb;
  unsigned list;

  for (list = 0; list < 4; list++) {
    for (pcb = first_of(list); pcb != NULL; pcb = tcp_next_get(pcb)) {
      rows[list](status, room, pcb);
    }
  }
}

/* The text as of now; the connection that asks is a row, too. 0: no memory. */
static int
take_text(struct status *status)
{
  size_t room = count_rows() * ROW_MAX;
  mem_size_t asked = (mem_size_t)room; /* 16 bits on small devices */

  status->text = asked == room ? (char *)mem_malloc(asked) : NULL;
  if (status->text == NULL) {
    return 0;
  }
  say_all(status, room);
  status->text = (char *)mem_trim(status->text, (mem_size_t)(status->len + 1));
  return 1;
}

/* ---- the connection ---- */

static struct status *
status_of(struct app_conn *conn)
{
  return (struct status *)conn;
}

static void
status_ready(struct app_conn *conn)
{
  struct status *status = status_of(conn);
  err_t err = ERR_OK;

  while (status->sent < status->len && err == ERR_OK && tcp_sndbuf(conn->pcb) > 0) {
    u16_t len = (u16_t)LWIP_MIN(LWIP_MIN(status->len - status->sent, tcp_sndbuf(conn->pcb)), 0xffffu);

    err = tcp_write(conn->pcb, status->text + status->sent, len, TCP_WRITE_FLAG_COPY);
    if (err == ERR_OK) {
      status->sent += len;
    }
  }
  if (err == ERR_MEM) {
    app_conn_call_later(conn);
  } else if (err != ERR_OK) {
    app_conn_abort(conn);
    return;
  }
  (void)tcp_output(conn->pcb);
  if (status->sent == status->len) {
    app_conn_close(conn);
  }
}

static void
status_connected(struct app_conn *conn)
{
  if (take_text(status_of(conn))) {
    status_ready(conn);
  } else {
    app_conn_abort(conn);
  }
}

/* What a client says is not looked at. */
static err_t
status_received(struct app_conn *conn, struct pbuf *p)
{
  app_notify(&conn->observer, APP_RECEIVED, p->tot_len);
  tcp_recved(conn->pcb, p->tot_len);
  pbuf_free(p);
  return ERR_OK;
}

static void
status_peer_closed(struct app_conn *conn)
{
  LWIP_UNUSED_ARG(conn); /* it may still want to read */
}

static void
status_released(struct app_conn *conn)
{
  struct status *status = status_of(conn);

  if (status->text != NULL) {
    mem_free(status->text);
  }
}

static const struct app_conn_ops status_ops = {
  status_connected, status_ready, status_received, status_peer_closed, NULL, status_released
};

static struct app_conn *
make_status(struct app_listener *listener)
{
  return app_conn_alloc(sizeof(struct status), &status_ops, &listener->observer);
}

err_t
app_status_serve(struct app_status_server *server, const struct app_observer *observer,
                 u8_t iptype, u16_t port)
{
  server->listener.make = make_status;
  server->listener.observer = *observer;
  return app_listen(&server->listener, iptype, port);
}
