/* SPDX-License-Identifier: BSD-3-Clause
 * The backend's socket options, over the loopback interface, with tcpip_thread. With both backends linked in
 * "legacy" as argument takes that one, which knows none of them. */
#include "lwip/sockets.h"
#include "lwip/tcp.h"
#include "lwip/tcp_backend.h"
#include "lwip/tcpip.h"

#include <stdio.h>
#include <string.h>

#define PORT 7777
#define OWN  4242 /* an option of the application's own hook */

static int failed, shown;

static void
check(int good, const char *name)
{
  printf("%s %s%s\n", good ? "ok" : "not ok", name, good ? "" : ": not so");
  fflush(stdout);
  failed += !good;
  shown++;
}

int
own_hook(int optname, int *err)
{
  if (optname != OWN) {
    return 0;
  }
  *err = EXDEV;
  return 1;
}

static int
reason(int s)
{
  int value = -1;
  socklen_t size = sizeof(value);
  return lwip_getsockopt(s, IPPROTO_TCP, TCP_ERR_REASON, &value, &size) == 0 && size == sizeof(value) ? value : -1;
}

static int
connected(int s, u16_t port)
{
  struct sockaddr_in to;
  memset(&to, 0, sizeof(to));
  to.sin_len = sizeof(to);
  to.sin_family = AF_INET;
  to.sin_port = lwip_htons(port);
  to.sin_addr.s_addr = lwip_htonl(0x7f000001);
  return lwip_connect(s, (struct sockaddr *)&to, sizeof(to)) == 0;
}

static int
listening(u16_t port)
{
  int s = lwip_socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in at;
  memset(&at, 0, sizeof(at));
  at.sin_len = sizeof(at);
  at.sin_family = AF_INET;
  at.sin_port = lwip_htons(port);
  return lwip_bind(s, (struct sockaddr *)&at, sizeof(at)) == 0 && lwip_listen(s, 4) == 0 ? s : -1;
}

static void
options_of_connection(int s)
{
  unsigned int ms = 12345, got = 0;
  socklen_t size = sizeof(got);
  struct tcp_info info;
  check(lwip_setsockopt(s, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof(ms)) == 0 &&
        lwip_getsockopt(s, IPPROTO_TCP, TCP_USER_TIMEOUT, &got, &size) == 0 && got == ms, "user-timeout");
  check(lwip_setsockopt(s, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, 1) < 0 && errno == EINVAL, "user-timeout-too-short");
  size = sizeof(info);
  check(lwip_getsockopt(s, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 && info.state == ESTABLISHED &&
        info.segs_out >= 2, "info");
  size = sizeof(info) - 1;
  check(lwip_getsockopt(s, IPPROTO_TCP, TCP_INFO, &info, &size) < 0 && errno == EINVAL, "info-too-short");
  check(lwip_setsockopt(s, IPPROTO_TCP, TCP_INFO, &info, sizeof(info)) < 0 && errno == ENOPROTOOPT, "info-get-only");
  size = sizeof(got) - 1;
  check(lwip_getsockopt(s, IPPROTO_TCP, TCP_USER_TIMEOUT, &got, &size) < 0 && errno == EINVAL, "room-for-user-timeout");
  size = sizeof(got) - 1;
  check(lwip_getsockopt(s, IPPROTO_TCP, TCP_ERR_REASON, &got, &size) < 0 && errno == EINVAL, "room-for-reason");
  check(reason(s) == TCP_ERR_REASON_NONE, "no-reason-yet");
  check(lwip_setsockopt(s, IPPROTO_TCP, OWN, &ms, sizeof(ms)) < 0 && errno == EXDEV, "own-hook-set");
  size = sizeof(got);
  check(lwip_getsockopt(s, IPPROTO_TCP, OWN, &got, &size) < 0 && errno == EXDEV, "own-hook-get");
  check(lwip_setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &ms, sizeof(ms)) == 0, "lwips-own");
}

/* As Linux has it: a string, that need not end; what is told is padded with zeros, or cut off. */
static void
congestion(int s, const char *first)
{
  char name[2 * TCP_CA_NAME_MAX], zeros[TCP_CA_NAME_MAX] = { 0 };
  socklen_t size = sizeof(name);
  memset(name, 'x', sizeof(name));
  check(lwip_getsockopt(s, IPPROTO_TCP, TCP_CONGESTION, name, &size) == 0 && size == TCP_CA_NAME_MAX &&
        strcmp(name, first) == 0, "congestion");
  check(memcmp(name + strlen(first), zeros, sizeof(zeros) - strlen(first)) == 0 && name[sizeof(zeros)] == 'x',
        "congestion-padded");
  check(lwip_setsockopt(s, IPPROTO_TCP, TCP_CONGESTION, "newrenoxx", 7) == 0, "congestion-set");
  size = 3;
  check(lwip_getsockopt(s, IPPROTO_TCP, TCP_CONGESTION, name, &size) == 0 && size == 3 &&
        memcmp(name, "new", 3) == 0 && strcmp(name + 3, first + 3) == 0, "congestion-cut-off");
  check(lwip_setsockopt(s, IPPROTO_TCP, TCP_CONGESTION, "vegas", 5) < 0 && errno == ENOENT, "congestion-unknown");
  check(lwip_setsockopt(s, IPPROTO_TCP, TCP_CONGESTION, "cubic", 4) < 0 && errno == ENOENT, "congestion-in-part");
  check(lwip_setsockopt(s, IPPROTO_TCP, TCP_CONGESTION, "", 0) < 0 && errno == EINVAL, "congestion-empty");
  size = sizeof(name);
  check(lwip_getsockopt(s, IPPROTO_TCP, TCP_CONGESTION, name, &size) == 0 && strcmp(name, "newreno") == 0,
        "congestion-stays");
  check(lwip_setsockopt(s, IPPROTO_TCP, TCP_CONGESTION, first, strlen(first) + 1) == 0, "congestion-with-its-end");
}

/* The peer goes with unread data: a RST. The reason is there when the PCB is not. */
static void
reason_of_reset(int listener)
{
  int s = lwip_socket(AF_INET, SOCK_STREAM, 0), child;
  char byte;
  unsigned int ms;
  socklen_t size = sizeof(ms);
  check(connected(s, PORT), "connect");
  child = lwip_accept(listener, NULL, NULL);
  options_of_connection(s);
  congestion(s, "cubic");
  check(lwip_send(s, "x", 1, 0) == 1 && lwip_recv(child, &byte, 1, MSG_PEEK) == 1, "unread-data");
  lwip_close(child);
  check(lwip_recv(s, &byte, 1, 0) < 0, "recv-fails");
  check(reason(s) == TCP_ERR_REASON_RESET, "reset");
  check(reason(s) == TCP_ERR_REASON_RESET, "reset-once-more");
  check(lwip_getsockopt(s, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, &size) < 0 && errno == ENOTCONN, "not-connected");
  check(lwip_setsockopt(s, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof(ms)) < 0 && errno == ENOTCONN, "nothing-to-set");
  check(lwip_getsockopt(s, IPPROTO_TCP, TCP_CONGESTION, &ms, &size) < 0 && errno == ENOTCONN, "congestion-of-nothing");
  check(lwip_setsockopt(s, IPPROTO_TCP, TCP_CONGESTION, "cubic", 5) < 0 && errno == ENOTCONN, "congestion-for-nothing");
  lwip_close(s);
}

/* A socket's options where it has no connection, and where it will never have one. */
static void
options_of_others(int listener)
{
  int udp = lwip_socket(AF_INET, SOCK_DGRAM, 0), s = lwip_socket(AF_INET, SOCK_STREAM, 0), value = 1;
  struct tcp_info info;
  socklen_t size = sizeof(info);
  check(lwip_getsockopt(listener, IPPROTO_TCP, TCP_INFO, &info, &size) < 0 && errno == EINVAL, "no-info-of-listener");
  size = sizeof(info);
  check(lwip_getsockopt(s, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 && info.state == CLOSED, "info-before-connect");
  size = sizeof(info);
  check(lwip_getsockopt(udp, IPPROTO_TCP, TCP_INFO, &info, &size) < 0 && errno != EINVAL, "not-of-udp");
  check(lwip_setsockopt(udp, IPPROTO_TCP, TCP_USER_TIMEOUT, &value, sizeof(value)) < 0, "nor-set");
  size = sizeof(value);
  check(lwip_getsockopt(s, SOL_SOCKET, SO_KEEPALIVE, &value, &size) == 0 && value == 0, "another-level");
  lwip_close(udp);
  lwip_close(s);
}

/* As lwIP answers what it does not know; its own options, and the application's hook, are there. */
static void
nothing_of_alt(void)
{
  static const int options[] = { TCP_USER_TIMEOUT, TCP_INFO, TCP_ERR_REASON, TCP_CONGESTION };
  struct tcp_info info;
  int value = 1, s = lwip_socket(AF_INET, SOCK_STREAM, 0);
  socklen_t size;
  size_t i;
  for (i = 0; i < LWIP_ARRAYSIZE(options); i++) {
    size = sizeof(info);
    check(lwip_getsockopt(s, IPPROTO_TCP, options[i], &info, &size) < 0 && errno == ENOPROTOOPT, "legacy-get");
    check(lwip_setsockopt(s, IPPROTO_TCP, options[i], &value, sizeof(value)) < 0 && errno == ENOPROTOOPT, "legacy-set");
  }
  size = sizeof(value);
  check(lwip_setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &value, size) == 0, "legacy-nodelay-set");
  value = 0;
  check(lwip_getsockopt(s, IPPROTO_TCP, TCP_NODELAY, &value, &size) == 0 && value == 1, "legacy-nodelay-get");
  check(lwip_getsockopt(s, IPPROTO_TCP, OWN, &value, &size) < 0 && errno == EXDEV, "legacy-own-hook");
  lwip_close(s);
}

int
main(int argc, char **argv)
{
  int listener, s, child;
  unsigned int ms = 1000;
  int legacy = argc == 2 && strcmp(argv[1], "legacy") == 0;
  if (lwip_tcp_backend_select(legacy ? LWIP_TCP_BACKEND_LEGACY : LWIP_TCP_BACKEND_ALT) != ERR_OK) {
    return 2;
  }
  tcpip_init(NULL, NULL);
  if (legacy) {
    nothing_of_alt();
    printf("%d shown\n", shown);
    return failed ? 1 : 0;
  }
  listener = listening(PORT);
  check(listener >= 0, "listen");
  reason_of_reset(listener);
  options_of_others(listener);

  s = lwip_socket(AF_INET, SOCK_STREAM, 0);
  check(reason(s) == TCP_ERR_REASON_NONE, "another-socket-has-another-end");
  check(!connected(s, 9) && reason(s) == TCP_ERR_REASON_REFUSED, "refused");
  lwip_close(s);

  s = lwip_socket(AF_INET, SOCK_STREAM, 0);
  check(connected(s, PORT), "connect-again");
  child = lwip_accept(listener, NULL, NULL);
  check(reason(s) == TCP_ERR_REASON_NONE && reason(child) == TCP_ERR_REASON_NONE, "none-while-open");
  check(reason(listener) == TCP_ERR_REASON_NONE, "none-for-listener");
  check(lwip_setsockopt(listener, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof(ms)) < 0 && errno == EINVAL,
        "no-user-timeout-for-listener");
  lwip_close(child);
  lwip_close(s);

  /* a listener's are its connections' */
  check(lwip_setsockopt(listener, IPPROTO_TCP, TCP_CONGESTION, "model", 5) == 0, "congestion-of-listener");
  s = lwip_socket(AF_INET, SOCK_STREAM, 0);
  check(connected(s, PORT), "connect-to-the-model");
  child = lwip_accept(listener, NULL, NULL);
  congestion(child, "model");
  congestion(s, "cubic");
  lwip_close(child);
  lwip_close(s);
  lwip_close(listener);
  printf("%d shown\n", shown);
  return failed ? 1 : 0;
}
