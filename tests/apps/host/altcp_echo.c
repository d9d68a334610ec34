/* SPDX-License-Identifier: BSD-3-Clause
 * altcp over TCP: a server that echoes, and a client that sends a file and keeps what comes back. */
#include "parts.h"

#include "lwip/altcp.h"
#include "lwip/altcp_tcp.h"

#include <stdio.h>
#include <string.h>

#define ECHO_PORT 7001

/* ---- the server ---- */

/* One echoed connection; what was received and not yet sent back is a chain of pbufs. */
struct echo {
  struct altcp_pcb *conn;
  struct pbuf *waiting;
  int finished; /* the peer has */
  int used;
};

static struct echo echoes[8];

static void
echo_close(struct echo *echo)
{
  altcp_arg(echo->conn, NULL);
  altcp_recv(echo->conn, NULL);
  altcp_sent(echo->conn, NULL);
  altcp_poll(echo->conn, NULL, 0);
  altcp_err(echo->conn, NULL);
  if (altcp_close(echo->conn) != ERR_OK) {
    altcp_abort(echo->conn);
  }
  echo->used = 0;
}

/* Send back as much as may be sent; the window opens by the same amount. */
static void
echo_some(struct echo *echo)
{
  while (echo->waiting != NULL && echo->waiting->len <= altcp_sndbuf(echo->conn)) {
    struct pbuf *p = echo->waiting;

    if (altcp_write(echo->conn, p->payload, p->len, TCP_WRITE_FLAG_COPY) != ERR_OK) {
      break;
    }
    echo->waiting = p->next;
    if (p->next != NULL) {
      pbuf_ref(p->next);
    }
    altcp_recved(echo->conn, p->len);
    pbuf_free(p);
  }
  altcp_output(echo->conn);
  if (echo->finished && echo->waiting == NULL) {
    echo_close(echo);
  }
}

static err_t
echo_recv(void *arg, struct altcp_pcb *conn, struct pbuf *p, err_t err)
{
  struct echo *echo = (struct echo *)arg;

  LWIP_UNUSED_ARG(conn);
  LWIP_UNUSED_ARG(err);
  if (p == NULL) {
    echo->finished = 1;
  } else if (echo->waiting == NULL) {
    echo->waiting = p;
  } else {
    pbuf_cat(echo->waiting, p);
  }
  echo_some(echo);
  return ERR_OK;
}

static err_t
echo_sent(void *arg, struct altcp_pcb *conn, u16_t len)
{
  LWIP_UNUSED_ARG(conn);
  LWIP_UNUSED_ARG(len);
  echo_some((struct echo *)arg);
  return ERR_OK;
}

static err_t
echo_poll(void *arg, struct altcp_pcb *conn)
{
  LWIP_UNUSED_ARG(conn);
  echo_some((struct echo *)arg);
  return ERR_OK;
}

static void
echo_err(void *arg, err_t err)
{
  struct echo *echo = (struct echo *)arg;

  LWIP_UNUSED_ARG(err);
  if (echo->waiting != NULL) {
    pbuf_free(echo->waiting);
  }
  echo->used = 0;
}

/* Both ends as altcp tells them. */
static void
say_ends(struct altcp_pcb *conn)
{
  printf("altcp local=%s:%u", ipaddr_ntoa(altcp_get_ip(conn, 1)), (unsigned)altcp_get_port(conn, 1));
  printf(" remote=%s:%u mss=%u\n", ipaddr_ntoa(altcp_get_ip(conn, 0)), (unsigned)altcp_get_port(conn, 0),
         (unsigned)altcp_mss(conn));
}

static err_t
echo_accept(void *arg, struct altcp_pcb *conn, err_t err)
{
  struct echo *echo = echoes;

  LWIP_UNUSED_ARG(arg);
  if (err != ERR_OK || conn == NULL) {
    return ERR_VAL;
  }
  while (echo < echoes + LWIP_ARRAYSIZE(echoes) && echo->used) {
    echo++;
  }
  if (echo == echoes + LWIP_ARRAYSIZE(echoes)) {
    return ERR_MEM;
  }
  memset(echo, 0, sizeof(*echo));
  echo->used = 1;
  echo->conn = conn;
  altcp_arg(conn, echo);
  altcp_recv(conn, echo_recv);
  altcp_sent(conn, echo_sent);
  altcp_poll(conn, echo_poll, 1);
  altcp_err(conn, echo_err);
  altcp_keepalive_enable(conn, 60000, 5000, 3);
  say_ends(conn);
  return ERR_OK;
}

int
altcp_echo_serve(const char *unused)
{
  struct altcp_pcb *conn = altcp_tcp_new_ip_type(IPADDR_TYPE_ANY);

  LWIP_UNUSED_ARG(unused);
  if (conn == NULL || altcp_bind(conn, IP_ANY_TYPE, ECHO_PORT) != ERR_OK) {
    return 0;
  }
  conn = altcp_listen(conn);
  if (conn == NULL) {
    return 0;
  }
  altcp_accept(conn, echo_accept);
  return 1;
}

/* ---- the client ---- */

static struct {
  struct parts parts;
  char *bytes; /* to send */
  size_t size;
  size_t written;
  int finished; /* our FIN is on its way */
  FILE *out;
  unsigned long received;
} copy;

static void
copy_some(struct altcp_pcb *conn)
{
  while (copy.written < copy.size) {
    size_t n = LWIP_MIN(copy.size - copy.written, altcp_sndbuf(conn));

    if (n == 0 || altcp_write(conn, copy.bytes + copy.written, (u16_t)LWIP_MIN(n, 0xffff), 0) != ERR_OK) {
      break;
    }
    copy.written += LWIP_MIN(n, 0xffff);
  }
  if (copy.written == copy.size && !copy.finished) {
    copy.finished = altcp_shutdown(conn, 0, 1) == ERR_OK;
  }
  altcp_output(conn);
}

static err_t
copy_sent(void *arg, struct altcp_pcb *conn, u16_t len)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(len);
  copy_some(conn);
  return ERR_OK;
}

static void
copy_end(const char *how)
{
  fclose(copy.out);
  printf("altcp copy %s bytes=%lu\n", how, copy.received);
}

static err_t
copy_recv(void *arg, struct altcp_pcb *conn, struct pbuf *p, err_t err)
{
  struct pbuf *q;

  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  if (p == NULL) {
    copy_end("done");
    altcp_recv(conn, NULL);
    altcp_sent(conn, NULL);
    altcp_err(conn, NULL);
    return altcp_close(conn);
  }
  for (q = p; q != NULL; q = q->next) {
    copy.received += fwrite(q->payload, 1, q->len, copy.out);
  }
  altcp_recved(conn, p->tot_len);
  pbuf_free(p);
  return ERR_OK;
}

static err_t
copy_connected(void *arg, struct altcp_pcb *conn, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  say_ends(conn);
  copy_some(conn);
  return ERR_OK;
}

static void
copy_err(void *arg, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  copy_end("aborted");
}

/* ADDR,PORT,PATH to send,PATH for what comes back */
int
altcp_copy(const char *arg)
{
  altcp_allocator_t allocator = { altcp_tcp_alloc, NULL };
  struct altcp_pcb *conn;
  ip_addr_t addr;
  u16_t port;

  if (!parts_of(&copy.parts, arg, 4) || !parts_address(&copy.parts, 0, &addr, &port)) {
    return 0;
  }
  copy.bytes = file_contents(copy.parts.part[2], &copy.size);
  copy.out = fopen(copy.parts.part[3], "wb");
  conn = altcp_new(&allocator);
  if (copy.bytes == NULL || copy.out == NULL || conn == NULL) {
    return 0;
  }
  altcp_recv(conn, copy_recv);
  altcp_sent(conn, copy_sent);
  altcp_err(conn, copy_err);
  altcp_nagle_disable(conn);
  return altcp_connect(conn, &addr, port, copy_connected) == ERR_OK;
}
