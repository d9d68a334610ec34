/* SPDX-License-Identifier: BSD-3-Clause */
/** @file The Linux application's connections: sockets, and the loop that serves them. */
#define _GNU_SOURCE
#include "peer.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../../tests/sim/core/fatal.h"
#include "app_pattern.h"

/* Not <netinet/tcp.h>: lwIP's headers have options of the same names. */
#define LINUX_TCP_WINDOW_CLAMP 10
#define LINUX_TCP_CONGESTION   13

static struct conn conns[CONNS_MAX];
static int listener = -1;

void
conn_release(struct conn *conn, int aborted)
{
  close(conn->fd);
  conn->fd = -1;
  if (aborted) {
    result.aborted++;
  } else {
    result.closed++;
  }
}

void
conn_shut(struct conn *conn)
{
  if (!conn->shut) {
    conn->shut = 1;
    shutdown(conn->fd, SHUT_WR);
  }
}

/* ---- bytes out --------------------------------------------------------- */

/* Client: a request's header, then its body. */
static void
fill(struct conn *conn)
{
  uint32_t more = conn->out_total - conn->out_filled;

  conn->buf_sent = conn->buf_len = 0;
  if (!opt.role->is_server && conn->header_len != 0) {
    memcpy(conn->buf, conn->header, APP_RR_HEADER_LEN);
    conn->buf_len = APP_RR_HEADER_LEN;
    conn->header_len = 0;
  }
  if (more > OUT_ROOM - conn->buf_len) {
    more = OUT_ROOM - conn->buf_len;
  }
  app_pattern_fill(conn->out_key, conn->out_filled, conn->buf + conn->buf_len, more);
  conn->out_filled += more;
  conn->buf_len += more;
}

static int
has_output(const struct conn *conn)
{
  return conn->buf_sent != conn->buf_len || conn->out_filled != conn->out_total ||
         (!opt.role->is_server && conn->header_len != 0);
}

/* Gives the kernel what it takes; -1 if the connection is gone. */
static int
pump(struct conn *conn)
{
  while (has_output(conn)) {
    ssize_t sent;

    if (conn->buf_sent == conn->buf_len) {
      fill(conn);
    }
    sent = send(conn->fd, conn->buf + conn->buf_sent, conn->buf_len - conn->buf_sent, MSG_NOSIGNAL);
    if (sent < 0) {
      return errno == EAGAIN ? 0 : -1;
    }
    conn->buf_sent += (uint32_t)sent;
  }
  return 0;
}

static void
note_received(uint32_t len)
{
  result.last_rx_ns = clock_ns();
  if (result.rx_bytes == 0) {
    result.first_rx_ns = result.last_rx_ns;
  }
  result.rx_bytes += len;
}

/* ---- opening ----------------------------------------------------------- */

static void
opened(struct conn *conn)
{
  struct sockaddr_in client;
  socklen_t len = sizeof(client);
  int port;

  if ((opt.role->is_server ? getpeername : getsockname)(conn->fd, (struct sockaddr *)&client, &len) != 0) {
    conn_release(conn, 1);
    return;
  }
  port = ntohs(client.sin_port);
  conn->connecting = 0;
  conn->out_key = app_pattern_key((u16_t)port, opt.role->is_server ? APP_TO_CLIENT : APP_TO_SERVER);
  conn->in_key = app_pattern_key((u16_t)port, opt.role->is_server ? APP_TO_SERVER : APP_TO_CLIENT);
  if (result.opened++ == 0) {
    result.connected_ns = clock_ns();
  }
  opt.role->opened(conn);
}

static struct conn *
conn_new(int fd)
{
  unsigned i;

  for (i = 0; i < CONNS_MAX; i++) {
    if (conns[i].fd < 0) {
      memset(&conns[i], 0, sizeof(conns[i]));
      conns[i].fd = fd;
      return &conns[i];
    }
  }
  fatal(1, "more than %d connections", CONNS_MAX);
}

/* Linux forgets the clamp when it learns how much memory a segment takes (since 6.5): say it again. */
static int
clamp_window(int fd)
{
  int window = (int)opt.window;

  return window == 0 ? 0 : setsockopt(fd, IPPROTO_TCP, LINUX_TCP_WINDOW_CLAMP, &window, sizeof(window));
}

static int
socket_new(void)
{
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int one = 1;

  if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) != 0) {
    fatal(1, "socket: %s", strerror(errno));
  }
  if (opt.window != 0) {
    int room = 2 * (int)opt.window; /* the kernel doubles it: the clamp alone binds */

    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) != 0 || clamp_window(fd) != 0) {
      fatal(1, "no window of %d bytes: %s", (int)opt.window, strerror(errno));
    }
  }
  if (opt.cc[0] != '\0' &&
      setsockopt(fd, IPPROTO_TCP, LINUX_TCP_CONGESTION, opt.cc, (socklen_t)strlen(opt.cc)) != 0) {
    fatal(1, "this kernel has no congestion control '%s': %s", opt.cc, strerror(errno));
  }
  return fd;
}

void
conns_open(void)
{
  unsigned i;

  for (i = 0; i < CONNS_MAX; i++) {
    conns[i].fd = -1;
  }
  result.started_ns = clock_ns();
  if (opt.role->is_server) {
    listener = socket_new();
    if (bind(listener, (struct sockaddr *)&opt.addr, sizeof(opt.addr)) != 0 ||
        listen(listener, CONNS_MAX) != 0) {
      fatal(1, "cannot listen: %s", strerror(errno));
    }
    return;
  }
  for (i = 0; i < opt.connections; i++) {
    struct conn *conn = conn_new(socket_new());

    conn->connecting = 1;
    if (connect(conn->fd, (struct sockaddr *)&opt.addr, sizeof(opt.addr)) != 0 && errno != EINPROGRESS) {
      fatal(1, "cannot connect: %s", strerror(errno));
    }
  }
}

static void
accept_all(void)
{
  int fd;

  while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
    opened(conn_new(fd));
  }
}

/* -1 if the connection is gone. */
static int
take_input(struct conn *conn)
{
  static uint8_t bytes[OUT_ROOM];

  while (!conn->peer_closed) {
    ssize_t len = recv(conn->fd, bytes, sizeof(bytes), 0);

    if (len < 0) {
      return errno == EAGAIN ? 0 : -1;
    }
    if (clamp_window(conn->fd) != 0) {
      fatal(1, "the window: %s", strerror(errno));
    }
    if (len == 0) {
      conn->peer_closed = 1;
    } else if (opt.role->arrived(conn, bytes, (uint32_t)len) == 0) {
      note_received((uint32_t)len);
    } else {
      return -1;
    }
  }
  return 0;
}

static int
connect_failed(const struct conn *conn)
{
  int error = 0;
  socklen_t len = sizeof(error);

  return getsockopt(conn->fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0 || error != 0;
}

static void
serve_one(struct conn *conn, short events)
{
  if (conn->connecting && (events & (POLLOUT | POLLERR | POLLHUP)) != 0) {
    if (connect_failed(conn)) {
      conn_release(conn, 1);
      return;
    }
    opened(conn);
  }
  if (conn->fd < 0 || conn->connecting) {
    return;
  }
  if (take_input(conn) != 0 || pump(conn) != 0) {
    conn_release(conn, 1);
  } else if (!has_output(conn)) {
    opt.role->at_rest(conn);
  }
}

/* Whether all connections there will be are over. */
static int
is_over(void)
{
  unsigned i;

  for (i = 0; i < CONNS_MAX; i++) {
    if (conns[i].fd >= 0) {
      return 0;
    }
  }
  return result.opened + result.aborted != 0;
}

void
conns_run(const volatile sig_atomic_t *stopping, const sigset_t *while_waiting)
{
  struct pollfd ready[CONNS_MAX + 1];
  unsigned i;

  while (!*stopping) {
    for (i = 0; i < CONNS_MAX; i++) {
      const struct conn *conn = &conns[i];

      ready[i].fd = conn->fd; /* poll() passes over what is negative */
      ready[i].events = (short)((conn->peer_closed ? 0 : POLLIN) |
                                (conn->connecting || has_output(conn) ? POLLOUT : 0));
      ready[i].revents = 0;
    }
    ready[CONNS_MAX].fd = listener;
    ready[CONNS_MAX].events = POLLIN;
    ready[CONNS_MAX].revents = 0;
    if (ppoll(ready, CONNS_MAX + 1, NULL, while_waiting) < 0) {
      continue; /* a signal */
    }
    for (i = 0; i < CONNS_MAX; i++) {
      if (ready[i].revents != 0) {
        serve_one(&conns[i], ready[i].revents);
      }
    }
    if (ready[CONNS_MAX].revents != 0) {
      accept_all();
    }
    if (!result.finished && is_over()) {
      result.finished = 1;
      result.finished_ns = clock_ns();
      puts("finished");
    }
  }
}
