/* SPDX-License-Identifier: BSD-3-Clause
 * contrib's addons: initial sequence numbers by tcp_isn, signed segments by tcp_md5. */
#include "parts.h"

#include "hooks.h"
#include "tcp_isn.h"
#include "tcp_md5.h"

#include "lwip/sockets.h"
#include "lwip/sys.h"

#include <stdio.h>
#include <string.h>

/* ---- tcp_isn ---- */

#define BOOT_TIME 1000000U /* seconds; whoever checks must know it */

static int isn_by_addon;

u32_t
addons_isn(const ip_addr_t *local_ip, u16_t local_port, const ip_addr_t *remote_ip, u16_t remote_port)
{
  return isn_by_addon ? lwip_hook_tcp_isn(local_ip, local_port, remote_ip, remote_port) : LWIP_RAND();
}

/* A secret of 16 characters. */
int
isn_start(const char *secret)
{
  if (strlen(secret) != 16) {
    return 0;
  }
  lwip_init_tcp_isn(BOOT_TIME, (const u8_t *)secret);
  isn_by_addon = 1;
  return 1;
}

/* ---- tcp_md5 ---- */

#define MD5_PORT      7003
#define MD5_SELF_PORT 7005

static struct {
  struct parts parts;
  struct sockaddr_in peer;
} md5;

static int
sign_for(int sock, const struct sockaddr_in *peer, const char *key)
{
  struct tcp_md5sig sig;

  memset(&sig, 0, sizeof(sig));
  memcpy(&sig.tcpm_addr, peer, sizeof(*peer));
  sig.tcpm_keylen = (u16_t)strlen(key);
  memcpy(sig.tcpm_key, key, strlen(key));
  return lwip_setsockopt(sock, IPPROTO_TCP, TCP_MD5SIG, &sig, sizeof(sig)) == 0;
}

/* Send back whatever comes, until the peer has finished. */
static void
echo_all(int sock)
{
  static char buf[4096];
  unsigned long bytes = 0;
  ssize_t n;

  while ((n = lwip_recv(sock, buf, sizeof(buf), 0)) > 0 && lwip_send(sock, buf, (size_t)n, 0) == n) {
    bytes += (unsigned long)n;
  }
  lwip_close(sock);
  printf("md5 echoed bytes=%lu\n", bytes);
}

/* A socket that signs for the peer, or -1. */
static int
md5_socket(void)
{
  int sock = lwip_socket(AF_INET, SOCK_STREAM, 0);

  return sock >= 0 && sign_for(sock, &md5.peer, md5.parts.part[2]) ? sock : -1;
}

static void
md5_server(void *arg)
{
  struct sockaddr_in any;
  int listener = md5_socket();
  int sock;

  LWIP_UNUSED_ARG(arg);
  memset(&any, 0, sizeof(any));
  any.sin_len = sizeof(any);
  any.sin_family = AF_INET;
  any.sin_port = PP_HTONS(MD5_PORT);
  if (lwip_bind(listener, (struct sockaddr *)&any, sizeof(any)) != 0 || lwip_listen(listener, 4) != 0) {
    printf("md5 cannot listen\n");
    return;
  }
  printf("md5 listens\n");
  sock = lwip_accept(listener, NULL, NULL);
  lwip_close(listener);
  echo_all(sock);
}

static void
md5_client(void *arg)
{
  int sock = md5_socket();

  LWIP_UNUSED_ARG(arg);
  if (lwip_connect(sock, (struct sockaddr *)&md5.peer, sizeof(md5.peer)) != 0) {
    lwip_close(sock);
    printf("md5 not connected\n");
      return;
  }
  echo_all(sock);
}

/* ADDR,PORT,KEY of the peer. Sockets are not for lwIP's own thread, which calls us. */
static int
md5_start(const char *arg, lwip_thread_fn thread)
{
  ip_addr_t addr;
  u16_t port;

  if (!parts_of(&md5.parts, arg, 3) || !parts_address(&md5.parts, 0, &addr, &port)) {
    return 0;
  }
  md5.peer.sin_len = sizeof(md5.peer);
  md5.peer.sin_family = AF_INET;
  md5.peer.sin_port = lwip_htons(port);
  inet_addr_from_ip4addr(&md5.peer.sin_addr, ip_2_ip4(&addr));
  tcp_md5_init();
  sys_thread_new("md5", thread, NULL, 0, 0);
  return 1;
}

int
md5_serve(const char *arg)
{
  return md5_start(arg, md5_server);
}

int
md5_connect(const char *arg)
{
  return md5_start(arg, md5_client);
}

/* ---- tcp_md5, both ends in here, for kernels that cannot sign ---- */

static char self_key[80];

static struct sockaddr_in
on_loopback(u16_t port)
{
  struct sockaddr_in addr;

  memset(&addr, 0, sizeof(addr));
  addr.sin_len = sizeof(addr);
  addr.sin_family = AF_INET;
  addr.sin_port = lwip_htons(port);
  addr.sin_addr.s_addr = PP_HTONL(INADDR_LOOPBACK);
  return addr;
}

/* A socket on one port of the loopback interface that signs for the other. */
static int
self_socket(u16_t port, u16_t other)
{
  struct sockaddr_in here = on_loopback(port), peer = on_loopback(other);
  int sock = lwip_socket(AF_INET, SOCK_STREAM, 0);

  return sign_for(sock, &peer, self_key) && lwip_bind(sock, (struct sockaddr *)&here, sizeof(here)) == 0 ? sock : -1;
}

/* Send it, take it from the other socket; true when it is the same. */
static int
self_pass(int from, int to, const char *data, size_t size)
{
  static char got[4096];
  size_t taken = 0;
  ssize_t n;

  if (lwip_send(from, data, size, 0) != (ssize_t)size) {
    return 0;
  }
  while (taken < size && (n = lwip_recv(to, got + taken, size - taken, 0)) > 0) {
    taken += (size_t)n;
  }
  return taken == size && memcmp(data, got, size) == 0;
}

static void
md5_self(void *arg)
{
  static char data[4096];
  struct sockaddr_in server = on_loopback(MD5_PORT);
  int listener = self_socket(MD5_PORT, MD5_SELF_PORT);
  int client = self_socket(MD5_SELF_PORT, MD5_PORT);
  int sock, turn, good = 0;

  LWIP_UNUSED_ARG(arg);
  lwip_listen(listener, 1);
  if (lwip_connect(client, (struct sockaddr *)&server, sizeof(server)) == 0 &&
      (sock = lwip_accept(listener, NULL, NULL)) >= 0) {
    for (turn = 0; turn < 64; turn++) {
      memset(data, turn, sizeof(data));
      good += self_pass(client, sock, data, sizeof(data)) && self_pass(sock, client, data, sizeof(data));
    }
    lwip_close(client);
    lwip_close(sock);
  } else {
    lwip_close(client);
  }
  lwip_close(listener);
  printf("md5 self good=%d\n", good);
}

int
md5_self_start(const char *key)
{
  if (strlen(key) >= sizeof(self_key)) {
    return 0;
  }
  strcpy(self_key, key);
  tcp_md5_init();
  sys_thread_new("md5", md5_self, NULL, 0, 0);
  return 1;
}
