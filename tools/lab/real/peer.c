/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Linux's own TCP with the simulator's applications: bulk streams and
 * request/response with the wire format, the pattern bytes, the words and the
 * figures of contrib/apps and tests/sim, on plain sockets.
 */
#define _GNU_SOURCE

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../../../tests/sim/core/fatal.h"
#include "../../../tests/sim/core/params.h"
#include "../../../tests/sim/core/result.h"
#include "app_pattern.h"
#include "app_rr.h"

/* Not <netinet/tcp.h>: lwIP's headers have options of the same names. */
#define LINUX_TCP_WINDOW_CLAMP 10
#define LINUX_TCP_CONGESTION   13

#define CONNS_MAX 64
#define OUT_ROOM 65536u
#define REQUEST_MAX 65536u

/* One connection: what is on its way out, and what is due to come in. */
struct conn {
  int fd;                       /* -1: free */
  int connecting, peer_closed, shut;
  uint32_t out_key, out_total, out_filled;   /* pattern bytes */
  uint8_t header[APP_RR_HEADER_LEN];         /* client: before them; server: of the request */
  uint32_t header_len;                       /* client: still to send; server: seen */
  uint32_t in_key, in_total, in_taken;
  int busy;                                  /* client: a request is under way */
  uint32_t number;                           /* its number */
  struct app_rr_header request;
  uint32_t buf_len, buf_sent;
  uint8_t buf[OUT_ROOM];
};

struct role {
  const char *name;
  int is_server;
  uint16_t port;
  void (*opened)(struct conn *conn);
  /* Takes what arrived; 0, or -1 if it is not what was due. */
  int (*arrived)(struct conn *conn, const uint8_t *bytes, uint32_t len);
  /* All that was to be sent is with the kernel, or the peer has closed: go on, or end. */
  void (*at_rest)(struct conn *conn);
};

static struct {
  const struct role *role;
  struct sockaddr_in addr;      /* to connect to, or to listen on */
  uint32_t tx, rx, requests, request_len, response_len;
  uint64_t window;
  unsigned connections, parallel;
  char cc[16];
} opt;

static struct conn conns[CONNS_MAX];
static int listener = -1;
static struct simhost_result result;
static uint64_t *asked_ns, *latency_ns;
static uint32_t issued;
static volatile sig_atomic_t stopping;

static const char *const usage_text =
  "usage: peer ROLE [KEY=VALUE...]\n"
  "An application on Linux's TCP. Prints `up` when it listens or has begun to connect,\n"
  "`finished` when all its connections are over, and on SIGTERM its figures as JSON.\n"
  "roles, with the simulator's keys (docs/simulator.md):\n"
  "  serve   port=5001 tx=0 rx=0                          takes and sends so many bytes\n"
  "  stream  to=ADDRESS port=5001 tx=0 rx=0\n"
  "  rrserve port=5002\n"
  "  rr      to=ADDRESS port=5002 requests=1 request=100 response=1000 connections=1\n"
  "          parallel=CONNECTIONS\n"
  "for all of them: window=BYTES (of receive window at most), cc=NAME (congestion control)\n"
  "example:\n"
  "  peer serve rx=1M window=11680\n"
  "exit: 0 ended by SIGTERM, 1 it cannot, 2 usage\n";

static uint64_t
clock_ns(void)
{
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
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

static void
release(struct conn *conn, int aborted)
{
  close(conn->fd);
  conn->fd = -1;
  if (aborted) {
    result.aborted++;
  } else {
    result.closed++;
  }
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
shut(struct conn *conn)
{
  if (!conn->shut) {
    conn->shut = 1;
    shutdown(conn->fd, SHUT_WR);
  }
}

/* ---- bytes in ---------------------------------------------------------- */

/* Checks bytes of the pattern; how many were due, or -1 if one is wrong. */
static int64_t
take_pattern(struct conn *conn, const uint8_t *bytes, uint32_t len)
{
  uint32_t due = conn->in_total - conn->in_taken;
  uint32_t right;

  len = len < due ? len : due;
  right = app_pattern_match(conn->in_key, conn->in_taken, bytes, len);
  conn->in_taken += right;
  if (right != len) {
    result.corrupt++;
    return -1;
  }
  return len;
}

static int
take_all(struct conn *conn, const uint8_t *bytes, uint32_t len)
{
  int64_t taken = take_pattern(conn, bytes, len);

  if (taken >= 0 && taken != len) {
    result.excess++;
  }
  return taken == len ? 0 : -1;
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

/* ---- stream ------------------------------------------------------------ */

static void
stream_opened(struct conn *conn)
{
  conn->out_total = opt.tx;
  conn->in_total = opt.rx;
}

static void
stream_at_rest(struct conn *conn)
{
  if (conn->peer_closed && conn->in_taken != conn->in_total) {
    result.too_short++;
  }
  if (conn->peer_closed) {
    release(conn, 0);
  } else if (opt.tx != 0) {
    shut(conn);
  }
}

/* ---- request/response -------------------------------------------------- */

static int
rrserve_arrived(struct conn *conn, const uint8_t *bytes, uint32_t len)
{
  while (len != 0) {
    int64_t taken;

    if (conn->header_len < APP_RR_HEADER_LEN) {
      conn->header[conn->header_len++] = *bytes;
      taken = 1;
      if (conn->header_len == APP_RR_HEADER_LEN) {
        app_rr_decode(&conn->request, conn->header);
        if (conn->request.request_len < APP_RR_HEADER_LEN) {
          return -1;
        }
        conn->in_total += conn->request.request_len - APP_RR_HEADER_LEN;
      }
    } else {
      taken = take_pattern(conn, bytes, len);
    }
    if (taken < 0) {
      return -1;
    }
    if (conn->header_len == APP_RR_HEADER_LEN && conn->in_taken == conn->in_total) {
      conn->header_len = 0;
      conn->out_total += conn->request.response_len;
    }
    bytes += taken;
    len -= (uint32_t)taken;
  }
  return 0;
}

static void
rrserve_at_rest(struct conn *conn)
{
  if (conn->peer_closed || (conn->request.flags & APP_RR_FLAG_LAST) != 0) {
    release(conn, 0);
  }
}

static void
issue(struct conn *conn)
{
  struct app_rr_header header = {opt.request_len, opt.response_len, 0};

  app_rr_encode(&header, conn->header);
  conn->header_len = APP_RR_HEADER_LEN;
  conn->out_total += opt.request_len - APP_RR_HEADER_LEN;
  conn->in_total += opt.response_len;
  conn->busy = 1;
  conn->number = issued++;
  asked_ns[conn->number] = clock_ns();
  result.requests++;
}

/* The next request of this connection, if there is one, or its end. */
static void
carry_on(struct conn *conn)
{
  if (issued < opt.requests) {
    issue(conn);
  } else {
    shut(conn);
  }
}

static int
rr_arrived(struct conn *conn, const uint8_t *bytes, uint32_t len)
{
  if (take_all(conn, bytes, len) != 0) {
    return -1;
  }
  if (conn->busy && conn->in_taken == conn->in_total) {
    conn->busy = 0;
    latency_ns[conn->number] = clock_ns() - asked_ns[conn->number];
    result.responses++;
    carry_on(conn);
  }
  return 0;
}

static void
rr_at_rest(struct conn *conn)
{
  if (conn->peer_closed) {
    result.too_short += conn->busy != 0;
    release(conn, 0);
  }
}

static void
rrserve_opened(struct conn *conn)
{
  (void)conn;
}

static const struct role roles[] = {
  {"serve", 1, 5001, stream_opened, take_all, stream_at_rest},
  {"stream", 0, 5001, stream_opened, take_all, stream_at_rest},
  {"rrserve", 1, 5002, rrserve_opened, rrserve_arrived, rrserve_at_rest},
  {"rr", 0, 5002, carry_on, rr_arrived, rr_at_rest},
};

/* ---- connections ------------------------------------------------------- */

static void
opened(struct conn *conn)
{
  struct sockaddr_in client;
  socklen_t len = sizeof(client);
  int port;

  if ((opt.role->is_server ? getpeername : getsockname)(conn->fd, (struct sockaddr *)&client, &len) != 0) {
    release(conn, 1);
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

static void
begin(void)
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
      release(conn, 1);
      return;
    }
    opened(conn);
  }
  if (conn->fd < 0 || conn->connecting) {
    return;
  }
  if (take_input(conn) != 0 || pump(conn) != 0) {
    release(conn, 1);
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

static void
run(const sigset_t *while_waiting)
{
  struct pollfd ready[CONNS_MAX + 1];
  unsigned i;

  while (!stopping) {
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

/* ---- start ------------------------------------------------------------- */

static void
read_words(struct params *params)
{
  const char *to = params_text(params, "to", "0.0.0.0");

  opt.addr.sin_family = AF_INET;
  opt.addr.sin_port = htons((uint16_t)params_count(params, "port", opt.role->port));
  if (inet_pton(AF_INET, to, &opt.addr.sin_addr) != 1) {
    fatal(EXIT_USAGE, "not an IPv4 address: '%s'", to);
  }
  opt.tx = (uint32_t)params_count(params, "tx", 0);
  opt.rx = (uint32_t)params_count(params, "rx", 0);
  opt.requests = (uint32_t)params_count(params, "requests", 1);
  opt.request_len = (uint32_t)params_count(params, "request", 100);
  opt.response_len = (uint32_t)params_count(params, "response", 1000);
  opt.connections = (unsigned)params_count(params, "connections", 1);
  opt.parallel = (unsigned)params_count(params, "parallel", opt.connections);
  opt.window = params_count(params, "window", 0);
  snprintf(opt.cc, sizeof(opt.cc), "%s", params_text(params, "cc", ""));
  if (params_finish(params) != 0) {
    fatal(EXIT_USAGE, "%s", params->error);
  }
  if (opt.parallel != opt.connections) {
    fatal(EXIT_USAGE, "every connection has a request under way: parallel=%u is not connections=%u",
          opt.parallel, opt.connections);
  }
  if (opt.request_len < APP_RR_HEADER_LEN || opt.request_len > REQUEST_MAX || opt.connections > CONNS_MAX ||
      opt.window > INT32_MAX / 2) {
    fatal(EXIT_USAGE, "a number is out of range (request %u to %u, connections at most %d)",
          APP_RR_HEADER_LEN, REQUEST_MAX, CONNS_MAX);
  }
}

static void
parse(int argc, char **argv)
{
  static struct params params;
  char text[PARAMS_TEXT_MAX] = "";
  size_t i;
  int word;

  if (argc == 2 && strcmp(argv[1], "--help") == 0) {
    fputs(usage_text, stdout);
    exit(0);
  }
  for (i = 0; argc > 1 && i < sizeof(roles) / sizeof(roles[0]); i++) {
    if (strcmp(roles[i].name, argv[1]) == 0) {
      opt.role = &roles[i];
    }
  }
  if (opt.role == NULL) {
    fputs(usage_text, stderr);
    exit(EXIT_USAGE);
  }
  for (word = 2; word < argc; word++) {
    if (strlen(text) + strlen(argv[word]) + 2 > sizeof(text)) {
      fatal(EXIT_USAGE, "too many words");
    }
    strcat(strcat(text, " "), argv[word]);
  }
  if (params_parse(&params, text) != 0) {
    fatal(EXIT_USAGE, "%s", params.error);
  }
  read_words(&params);
}

static void
on_signal(int signo)
{
  (void)signo;
  stopping = 1;
}

static void
catch_signals(sigset_t *while_waiting)
{
  struct sigaction action;
  sigset_t block;

  memset(&action, 0, sizeof(action));
  action.sa_handler = on_signal;
  sigaction(SIGTERM, &action, NULL);
  sigemptyset(&block);
  sigaddset(&block, SIGTERM);
  sigprocmask(SIG_BLOCK, &block, while_waiting);
  sigdelset(while_waiting, SIGTERM);
}

int
main(int argc, char **argv)
{
  sigset_t while_waiting;

  setvbuf(stdout, NULL, _IOLBF, 0); /* whoever reads a pipe shall read it now */
  parse(argc, argv);
  catch_signals(&while_waiting);
  result.role = opt.role->name;
  result.is_server = opt.role->is_server;
  asked_ns = must_calloc(opt.requests + 1, sizeof(*asked_ns));
  result.latency_ns = latency_ns = must_calloc(opt.requests + 1, sizeof(*latency_ns));
  begin();
  puts("up");
  run(&while_waiting);
  result_print(&result, clock_ns(), stdout);
  free(asked_ns);
  free(latency_ns);
  return 0;
}
