/* SPDX-License-Identifier: BSD-3-Clause
 * The socket functions, by name. */
#include "calls.h"
#include "host.h"
#include "names.h"

#include "lwip/priv/sockets_priv.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/sockets.h"
#include "lwip/tcp_access.h"

#include <stdio.h>
#include <string.h>

#define BUFFER  65536U
#define VECTORS 8

/* What was returned: "ok" for 0, the number, or -1 and errno. */
static void
returned(struct call *call, long ret)
{
  if (ret == 0) {
    call_says(call, "0");
  } else if (ret > 0) {
    call_says(call, "%ld", ret);
  } else {
    call_says(call, "%ld %s", ret, errno_name(errno));
  }
}

static void
returned_fd(struct call *call, struct slot *slot, int fd)
{
  if (fd < 0) {
    returned(call, fd);
    return;
  }
  slot->fd = fd;
  slot->open = 1;
  slot->sent = slot->received = 0;
  call_says(call, "ok");
}

/* ---- addresses ---- */

static socklen_t
sockaddr_of(struct sockaddr_storage *to, const ip_addr_t *addr, u16_t port)
{
  memset(to, 0, sizeof(*to));
  if (IP_IS_V6(addr)) {
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)to;

    in6->sin6_len = sizeof(*in6);
    in6->sin6_family = AF_INET6;
    in6->sin6_port = lwip_htons(port);
    memcpy(&in6->sin6_addr, ip_2_ip6(addr)->addr, 16);
    return sizeof(*in6);
  } else {
    struct sockaddr_in *in = (struct sockaddr_in *)to;

    in->sin_len = sizeof(*in);
    in->sin_family = AF_INET;
    in->sin_port = lwip_htons(port);
    in->sin_addr.s_addr = ip_2_ip4(addr)->addr;
    return sizeof(*in);
  }
}

/* The address of a call; the words behind it spoil it: otherfamily, unspec, short. */
static socklen_t
sockaddr_arg(const struct call *call, struct sockaddr_storage *to)
{
  ip_addr_t addr;
  u16_t port;
  socklen_t len;

  if (!call_address(call, 2, &addr, &port)) {
    addr = host.peer;
    port = 0;
  }
  len = sockaddr_of(to, &addr, port);
  if (call_has(call, 2, "otherfamily")) {
    to->ss_family = host.ipv6 ? AF_INET : AF_INET6;
  } else if (call_has(call, 2, "nofamily")) {
    to->ss_family = 99;
  } else if (call_has(call, 2, "unspec")) {
    to->ss_family = AF_UNSPEC;
  } else if (call_has(call, 2, "short")) {
    len = 4;
  }
  return len;
}

static void
sockaddr_words(char *words, size_t size, const struct sockaddr_storage *from, int local)
{
  ip_addr_t addr;

  memset(&addr, 0, sizeof(addr));
  if (from->ss_family == AF_INET6) {
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)from;

    IP_SET_TYPE_VAL(addr, IPADDR_TYPE_V6);
    memcpy(ip_2_ip6(&addr)->addr, &in6->sin6_addr, 16);
    address_words(words, size, &addr, lwip_ntohs(in6->sin6_port), local);
  } else {
    const struct sockaddr_in *in = (const struct sockaddr_in *)from;

    IP_SET_TYPE_VAL(addr, IPADDR_TYPE_V4);
    ip_2_ip4(&addr)->addr = in->sin_addr.s_addr;
    address_words(words, size, &addr, lwip_ntohs(in->sin_port), local);
  }
}

static void
do_getname(struct call *call, int local)
{
  struct sockaddr_storage name;
  socklen_t len = sizeof(name);
  int ret = (local ? lwip_getsockname : lwip_getpeername)(call->slot->fd, (struct sockaddr *)&name, &len);

  if (ret != 0) {
    returned(call, ret);
  } else {
    sockaddr_words(call->result, call->size, &name, local);
  }
}

static void
do_getsockname(struct call *call)
{
  do_getname(call, 1);
}

static void
do_getpeername(struct call *call)
{
  do_getname(call, 0);
}

/* ---- from socket() to close() ---- */

static void
do_socket(struct call *call)
{
  returned_fd(call, call->slot, lwip_socket(host.ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0));
}

static void
do_bind(struct call *call)
{
  struct sockaddr_storage name;
  socklen_t len = sockaddr_arg(call, &name);

  returned(call, lwip_bind(call->slot->fd, (struct sockaddr *)&name, len));
}

static void
do_connect(struct call *call)
{
  struct sockaddr_storage name;
  socklen_t len = sockaddr_arg(call, &name);

  returned(call, lwip_connect(call->slot->fd, (struct sockaddr *)&name, len));
}

static void
do_listen(struct call *call)
{
  returned(call, lwip_listen(call->slot->fd, (int)call_number(call, 2)));
}

static void
do_accept(struct call *call)
{
  struct slot *slot = slot_named(call->argv[2]);
  struct sockaddr_storage name;
  socklen_t len = sizeof(name);
  int noname = call_has(call, 3, "noname");
  int fd = lwip_accept(call->slot->fd, noname ? NULL : (struct sockaddr *)&name, noname ? NULL : &len);

  if (slot == NULL) {
    call_says(call, "too many names");
    return;
  }
  returned_fd(call, slot, fd);
  if (fd >= 0 && !noname) {
    char words[40];

    sockaddr_words(words, sizeof(words), &name, 0);
    call_says(call, "ok, from %s", words);
  }
}

static void
do_shutdown(struct call *call)
{
  int how = call_has(call, 2, "rdwr") ? SHUT_RDWR : call_has(call, 2, "rd") ? SHUT_RD :
            call_has(call, 2, "wr") ? SHUT_WR : 99;

  returned(call, lwip_shutdown(call->slot->fd, how));
}

static void
do_close(struct call *call)
{
  int ret = lwip_close(call->slot->fd);

  call->slot->open = ret != 0;
  returned(call, ret);
}

/* Its data need not arrive any more. A listener must not linger: legacy looks for data behind the smaller PCB's end. */
void
socket_slot_close(struct slot *slot)
{
  struct linger now = { 1, 0 };
  int listens = 0;
  socklen_t len = sizeof(listens);

  lwip_getsockopt(slot->fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &len);
  if (!listens) {
    lwip_setsockopt(slot->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  }
  lwip_close(slot->fd);
}

/* ---- data ---- */

static int
flags_of(const struct call *call)
{
  return (call_has(call, 3, "peek") ? MSG_PEEK : 0) | (call_has(call, 3, "dontwait") ? MSG_DONTWAIT : 0) |
         (call_has(call, 3, "more") ? MSG_MORE : 0) | (call_has(call, 3, "waitall") ? MSG_WAITALL : 0) |
         (call_has(call, 3, "oob") ? MSG_OOB : 0);
}

static void
did_send(struct call *call, long ret)
{
  if (ret > 0) {
    call->slot->sent += (unsigned int)ret;
  }
  returned(call, ret);
}

static size_t
to_send(const struct call *call, char bytes[BUFFER])
{
  size_t len = (size_t)call_number(call, 2);

  len = len > BUFFER ? BUFFER : len;
  pattern_fill(bytes, len, call->slot->sent);
  return len;
}

static void
do_send(struct call *call)
{
  char bytes[BUFFER];
  size_t len = to_send(call, bytes);

  did_send(call, lwip_send(call->slot->fd, bytes, len, flags_of(call)));
}

static void
do_sendto(struct call *call)
{
  char bytes[BUFFER];
  size_t len = to_send(call, bytes);
  struct sockaddr_storage to;
  socklen_t tolen = sockaddr_of(&to, &host.peer, 9);

  did_send(call, lwip_sendto(call->slot->fd, bytes, len, flags_of(call), (struct sockaddr *)&to, tolen));
}

static void
do_write(struct call *call)
{
  char bytes[BUFFER];
  size_t len = to_send(call, bytes);

  did_send(call, lwip_write(call->slot->fd, bytes, len));
}

/* The vectors of argument 2 over these bytes; returns how many. */
static int
vectors_of(const struct call *call, char bytes[BUFFER], struct iovec *vectors)
{
  unsigned int lengths[VECTORS], at = 0;
  int i, n = call_numbers(call, 2, lengths, VECTORS);

  for (i = 0; i < n; i++) {
    vectors[i].iov_base = bytes + at;
    vectors[i].iov_len = lengths[i];
    at += lengths[i];
  }
  return n;
}

static void
message_of(const struct call *call, char bytes[BUFFER], struct iovec *vectors, struct msghdr *message)
{
  memset(message, 0, sizeof(*message));
  message->msg_iov = call_has(call, 3, "novectors") ? NULL : vectors;
  message->msg_iovlen = vectors_of(call, bytes, vectors);
}

static void
do_writev(struct call *call)
{
  char bytes[BUFFER];
  struct iovec vectors[VECTORS];

  pattern_fill(bytes, sizeof(bytes), call->slot->sent);
  did_send(call, lwip_writev(call->slot->fd, vectors, vectors_of(call, bytes, vectors)));
}

static void
do_sendmsg(struct call *call)
{
  char bytes[BUFFER];
  struct iovec vectors[VECTORS];
  struct msghdr message;

  pattern_fill(bytes, sizeof(bytes), call->slot->sent);
  message_of(call, bytes, vectors, &message);
  did_send(call, lwip_sendmsg(call->slot->fd, &message, flags_of(call)));
}

static void
did_receive(struct call *call, const char *bytes, long ret)
{
  int matches = ret <= 0 || pattern_matches(bytes, (size_t)ret, call->slot->received);

  if (ret > 0 && !call_has(call, 3, "peek")) {
    call->slot->received += (unsigned int)ret;
  }
  returned(call, ret);
  if (!matches) {
    call_says(call, "%ld corrupt", ret);
  }
}

static size_t
to_receive(const struct call *call)
{
  size_t len = (size_t)call_number(call, 2);

  return len > BUFFER ? BUFFER : len;
}

static void
do_recv(struct call *call)
{
  char bytes[BUFFER];

  did_receive(call, bytes, lwip_recv(call->slot->fd, bytes, to_receive(call), flags_of(call)));
}

static void
do_read(struct call *call)
{
  char bytes[BUFFER];

  did_receive(call, bytes, lwip_read(call->slot->fd, bytes, to_receive(call)));
}

static void
do_recvfrom(struct call *call)
{
  char bytes[BUFFER], words[40];
  struct sockaddr_storage from;
  socklen_t len = sizeof(from);
  long ret = lwip_recvfrom(call->slot->fd, bytes, to_receive(call), flags_of(call), (struct sockaddr *)&from, &len);

  did_receive(call, bytes, ret);
  if (ret > 0) {
    sockaddr_words(words, sizeof(words), &from, 0);
    call_says(call, "%ld from %s", ret, words);
  }
}

static void
do_readv(struct call *call)
{
  char bytes[BUFFER];
  struct iovec vectors[VECTORS];

  did_receive(call, bytes, lwip_readv(call->slot->fd, vectors, vectors_of(call, bytes, vectors)));
}

static void
do_recvmsg(struct call *call)
{
  char bytes[BUFFER];
  struct iovec vectors[VECTORS];
  struct msghdr message;

  message_of(call, bytes, vectors, &message);
  did_receive(call, bytes, lwip_recvmsg(call->slot->fd, &message, flags_of(call)));
}

/* ---- readiness ---- */

static int
select_one(const struct call *call, const char *for_what, long ms, char *ready)
{
  fd_set r, w, x;
  struct timeval tv = { ms / 1000, (ms % 1000) * 1000 };
  int fd = call->slot->fd, ret;

  ready[0] = '\0';
  if (fd < 0) {
    errno = EBADF; /* select() cannot be asked */
    return -1;
  }
  FD_ZERO(&r);
  FD_ZERO(&w);
  FD_ZERO(&x);
  if (strchr(for_what, 'R')) {
    FD_SET(fd, &r);
  }
  if (strchr(for_what, 'W')) {
    FD_SET(fd, &w);
  }
  if (strchr(for_what, 'E')) {
    FD_SET(fd, &x);
  }
  ret = lwip_select(fd + 1, &r, &w, &x, ms < 0 ? NULL : &tv);
  snprintf(ready, 8, "%s%s%s", ret > 0 && FD_ISSET(fd, &r) ? "R" : "", ret > 0 && FD_ISSET(fd, &w) ? "W" : "",
           ret > 0 && FD_ISSET(fd, &x) ? "E" : "");
  return ret;
}

static int
poll_one(const struct call *call, const char *for_what, long ms, char *ready)
{
  struct pollfd pfd = { call->slot->fd, 0, 0 };
  int ret;

  pfd.events = (short)((strchr(for_what, 'R') ? POLLIN : 0) | (strchr(for_what, 'W') ? POLLOUT : 0));
  ret = lwip_poll(&pfd, 1, (int)ms);
  snprintf(ready, 8, "%s%s%s%s", pfd.revents & POLLIN ? "R" : "", pfd.revents & POLLOUT ? "W" : "",
           pfd.revents & POLLERR ? "E" : "", pfd.revents & POLLNVAL ? "N" : "");
  return ret;
}

static void
said_ready(struct call *call, int ret, const char *ready)
{
  if (ret > 0) {
    call_says(call, "%s", ready);
  } else if (ret == 0) {
    call_says(call, "nothing");
  } else {
    returned(call, ret);
  }
}

/* select NAME RWE MS: MS of -1 waits for ever */
static void
do_select(struct call *call)
{
  char ready[8];
  int ret = select_one(call, call->argv[2], call_number(call, 3), ready);

  said_ready(call, ret, ready);
}

static void
do_poll(struct call *call)
{
  char ready[8];
  int ret = poll_one(call, call->argv[2], call_number(call, 3), ready);

  said_ready(call, ret, ready);
}

/* What both select() and poll() say at once. */
static void
do_ready(struct call *call)
{
  char by_select[8], by_poll[8];
  int ret = select_one(call, "RWE", 0, by_select);

  poll_one(call, "RW", 0, by_poll);
  if (strcmp(by_select, by_poll) != 0) {
    call_says(call, "select %s, poll %s", by_select, by_poll);
  } else {
    said_ready(call, ret, by_select);
  }
}

/* ---- options ---- */

enum option_kind { AN_INT, AN_ERRNO, A_LINGER, A_TIME };

struct option {
  const char *name;
  int level, number;
  enum option_kind kind;
};

#define OPTION(level, number, kind) { #number, level, number, kind }

static const struct option *
option_named(const char *name)
{
  static const struct option options[] = {
    OPTION(SOL_SOCKET, SO_ACCEPTCONN, AN_INT), OPTION(SOL_SOCKET, SO_KEEPALIVE, AN_INT),
    OPTION(SOL_SOCKET, SO_REUSEADDR, AN_INT),  OPTION(SOL_SOCKET, SO_BROADCAST, AN_INT),
    OPTION(SOL_SOCKET, SO_TYPE, AN_INT),       OPTION(SOL_SOCKET, SO_ERROR, AN_ERRNO),
    OPTION(SOL_SOCKET, SO_RCVBUF, AN_INT),     OPTION(SOL_SOCKET, SO_LINGER, A_LINGER),
    OPTION(SOL_SOCKET, SO_RCVTIMEO, A_TIME),   OPTION(SOL_SOCKET, SO_SNDTIMEO, A_TIME),
    OPTION(SOL_SOCKET, SO_NO_CHECK, AN_INT),   OPTION(IPPROTO_IP, IP_TTL, AN_INT),
    OPTION(IPPROTO_IP, IP_TOS, AN_INT),        OPTION(IPPROTO_TCP, TCP_NODELAY, AN_INT),
    OPTION(IPPROTO_TCP, TCP_KEEPALIVE, AN_INT), OPTION(IPPROTO_TCP, TCP_KEEPIDLE, AN_INT),
    OPTION(IPPROTO_TCP, TCP_KEEPINTVL, AN_INT), OPTION(IPPROTO_TCP, TCP_KEEPCNT, AN_INT),
    OPTION(IPPROTO_IPV6, IPV6_V6ONLY, AN_INT),
    { "unknown_TCP", IPPROTO_TCP, 99, AN_INT }, { "unknown_SOL", SOL_SOCKET, 0x7fff, AN_INT },
    { "unknown_level", 99, 1, AN_INT }
  };
  size_t i;

  for (i = 0; i < LWIP_ARRAYSIZE(options); i++) {
    if (strcmp(options[i].name, name) == 0) {
      return &options[i];
    }
  }
  return NULL;
}

union option_value {
  int number;
  struct linger linger;
  struct timeval time;
};

static socklen_t
option_size(const struct option *option)
{
  return option->kind == A_LINGER ? sizeof(struct linger) : option->kind == A_TIME ? sizeof(struct timeval) : sizeof(int);
}

/* A number; for SO_LINGER `off` or seconds; for times milliseconds. */
static void
do_setsockopt(struct call *call)
{
  const struct option *option = option_named(call->argv[2]);
  union option_value value;
  long number = call_number(call, 3);

  if (option == NULL) {
    call_says(call, "no such option");
    return;
  }
  memset(&value, 0, sizeof(value));
  if (option->kind == A_LINGER) {
    value.linger.l_onoff = !call_has(call, 3, "off");
    value.linger.l_linger = (int)number;
  } else if (option->kind == A_TIME) {
    value.time.tv_sec = number / 1000;
    value.time.tv_usec = (number % 1000) * 1000;
  } else {
    value.number = (int)number;
  }
  returned(call, lwip_setsockopt(call->slot->fd, option->level, option->number, call_has(call, 4, "null") ? NULL : &value,
                                 call_has(call, 4, "short") ? 1 : option_size(option)));
}

static void
do_getsockopt(struct call *call)
{
  const struct option *option = option_named(call->argv[2]);
  union option_value value;
  socklen_t len;
  int ret;

  if (option == NULL) {
    call_says(call, "no such option");
    return;
  }
  memset(&value, 0, sizeof(value));
  len = call_has(call, 3, "short") ? 1 : option_size(option);
  ret = lwip_getsockopt(call->slot->fd, option->level, option->number, call_has(call, 3, "null") ? NULL : &value, &len);
  if (ret != 0) {
    returned(call, ret);
  } else if (option->kind == A_LINGER) {
    call_says(call, value.linger.l_onoff ? "%d" : "off", value.linger.l_linger);
  } else if (option->kind == A_TIME) {
    call_says(call, "%ld", (long)value.time.tv_sec * 1000 + (long)value.time.tv_usec / 1000);
  } else if (option->kind == AN_ERRNO) {
    call_says(call, "%s", errno_name(value.number));
  } else {
    call_says(call, "%d", value.number);
  }
}

static void
do_ioctl(struct call *call)
{
  int value = (int)call_number(call, 3), ret;

  if (call_has(call, 2, "FIONREAD")) {
    ret = lwip_ioctl(call->slot->fd, FIONREAD, &value);
    if (ret == 0) {
      call_says(call, "%d", value);
      return;
    }
  } else {
    ret = lwip_ioctl(call->slot->fd, call_has(call, 2, "FIONBIO") ? (long)FIONBIO : 99L, &value);
  }
  returned(call, ret);
}

static void
do_fcntl(struct call *call)
{
  int ret;

  if (call_has(call, 2, "F_GETFL")) {
    ret = lwip_fcntl(call->slot->fd, F_GETFL, 0);
    if (ret >= 0) {
      call_says(call, "%s%s", (ret & O_RDWR) == O_RDWR ? "O_RDWR" : ret & O_RDONLY ? "O_RDONLY" :
                              ret & O_WRONLY ? "O_WRONLY" : "none", ret & O_NONBLOCK ? " O_NONBLOCK" : "");
      return;
    }
  } else {
    ret = lwip_fcntl(call->slot->fd, call_has(call, 2, "F_SETFL") ? F_SETFL : 99,
                     call_has(call, 3, "nonblock") ? O_NONBLOCK : call_has(call, 3, "bad") ? 0x4000 : 0);
  }
  returned(call, ret);
}

/* ---- TCP's state ---- */

static void
look_at_state(void *arg)
{
  struct call *call = (struct call *)arg;
  struct netconn *conn = call->slot->conn;

  if (conn == NULL) {
    struct lwip_sock *sock = lwip_socket_dbg_get_socket(call->slot->fd);

    conn = sock != NULL ? sock->conn : NULL;
  }
  call_says(call, "%s", conn != NULL && conn->pcb.tcp != NULL ? tcp_debug_state_str(tcp_state_get(conn->pcb.tcp)) : "none");
}

static void
do_state(struct call *call)
{
  host_on_core(look_at_state, call);
}

const struct call_entry socket_calls[] = {
  { "socket", 2, do_socket },     { "bind", 3, do_bind },         { "connect", 3, do_connect },
  { "listen", 3, do_listen },     { "accept", 3, do_accept },     { "shutdown", 3, do_shutdown },
  { "close", 2, do_close },       { "send", 3, do_send },         { "sendto", 3, do_sendto },
  { "write", 3, do_write },       { "writev", 3, do_writev },     { "sendmsg", 3, do_sendmsg },
  { "recv", 3, do_recv },         { "read", 3, do_read },         { "recvfrom", 3, do_recvfrom },
  { "readv", 3, do_readv },       { "recvmsg", 3, do_recvmsg },   { "select", 4, do_select },
  { "poll", 4, do_poll },         { "ready", 2, do_ready },       { "setsockopt", 4, do_setsockopt },
  { "getsockopt", 3, do_getsockopt }, { "ioctl", 3, do_ioctl },   { "fcntl", 3, do_fcntl },
  { "getsockname", 2, do_getsockname }, { "getpeername", 2, do_getpeername }, { "state", 2, do_state },
  { NULL, 0, NULL }
};
