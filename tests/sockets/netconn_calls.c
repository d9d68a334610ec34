/* SPDX-License-Identifier: BSD-3-Clause
 * The netconn functions, by name. */
#include "calls.h"
#include "host.h"
#include "names.h"

#include "lwip/netbuf.h"
#include "lwip/pbuf.h"

#include <stdio.h>
#include <string.h>

#define BUFFER  65536U
#define VECTORS 8

static void
returned(struct call *call, err_t err)
{
  call_says(call, "%s", err_name(err));
}

static void
ignore_events(struct netconn *conn, enum netconn_evt event, u16_t len)
{
  LWIP_UNUSED_ARG(conn);
  LWIP_UNUSED_ARG(event);
  LWIP_UNUSED_ARG(len);
}

static void
became(struct slot *slot, struct netconn *conn)
{
  slot->conn = conn;
  slot->open = 1;
  slot->sent = slot->received = 0;
}

static void
do_new(struct call *call)
{
  struct netconn *conn = netconn_new_with_callback(host.ipv6 ? NETCONN_TCP_IPV6 : NETCONN_TCP, ignore_events);

  if (conn == NULL) {
    call_says(call, "NULL");
    return;
  }
  became(call->slot, conn);
  call_says(call, "ok");
}

static void
do_bind(struct call *call)
{
  ip_addr_t addr;
  u16_t port;

  if (!call_address(call, 2, &addr, &port)) {
    call_says(call, "no address");
    return;
  }
  returned(call, netconn_bind(call->slot->conn, &addr, port));
}

static void
do_connect(struct call *call)
{
  ip_addr_t addr;
  u16_t port;

  if (!call_address(call, 2, &addr, &port)) {
    call_says(call, "no address");
    return;
  }
  returned(call, netconn_connect(call->slot->conn, &addr, port));
}

static void
do_disconnect(struct call *call)
{
  returned(call, netconn_disconnect(call->slot->conn));
}

static void
do_listen(struct call *call)
{
  returned(call, netconn_listen_with_backlog(call->slot->conn, (u8_t)call_number(call, 2)));
}

static void
do_accept(struct call *call)
{
  struct slot *slot = slot_named(call->argv[2]);
  struct netconn *conn = NULL;
  err_t err = netconn_accept(call->slot->conn, &conn);

  if (err == ERR_OK && slot != NULL) {
    became(slot, conn);
  }
  returned(call, err);
}

static void
do_getaddr(struct call *call)
{
  int local = strcmp(call->argv[0], "netconn_addr") == 0;
  ip_addr_t addr;
  u16_t port;
  err_t err = netconn_getaddr(call->slot->conn, &addr, &port, (u8_t)local);

  if (err != ERR_OK) {
    returned(call, err);
  } else {
    address_words(call->result, call->size, &addr, port, local);
  }
}

/* ---- data ---- */

static void
did_receive(struct call *call, struct pbuf *p)
{
  int matches = 1;
  struct pbuf *q;

  for (q = p; q != NULL; q = q->next) {
    matches &= pattern_matches(q->payload, q->len, call->slot->received);
    call->slot->received += q->len;
  }
  call_says(call, "%u bytes%s", (unsigned int)p->tot_len, matches ? "" : " corrupt");
}

static void
do_recv(struct call *call)
{
  struct netbuf *buf = NULL;
  err_t err = netconn_recv(call->slot->conn, &buf);

  if (err != ERR_OK) {
    returned(call, err);
    return;
  }
  did_receive(call, buf->p);
  netbuf_delete(buf);
}

static u8_t
flags_of(const struct call *call)
{
  return (u8_t)((call_has(call, 2, "dontblock") ? NETCONN_DONTBLOCK : 0) | (call_has(call, 2, "more") ? NETCONN_MORE : 0) |
                (call_has(call, 2, "nofin") ? NETCONN_NOFIN : 0) |
                (call_has(call, 2, "noautorcvd") ? NETCONN_NOAUTORCVD : 0));
}

static void
do_recv_pbuf(struct call *call)
{
  struct pbuf *p = NULL;
  err_t err = netconn_recv_tcp_pbuf_flags(call->slot->conn, &p, flags_of(call));

  if (err != ERR_OK) {
    returned(call, err);
    return;
  }
  did_receive(call, p);
  pbuf_free(p);
}

static void
do_recvd(struct call *call)
{
  returned(call, netconn_tcp_recvd(call->slot->conn, (size_t)call_number(call, 2)));
}

/* Without somewhere to say how much: all or nothing. */
static void
do_write(struct call *call)
{
  char bytes[BUFFER];
  size_t len = (size_t)call_number(call, 2);
  err_t err;

  len = len > BUFFER ? BUFFER : len;
  pattern_fill(bytes, len, call->slot->sent);
  err = netconn_write(call->slot->conn, bytes, len, NETCONN_COPY | flags_of(call));
  if (err == ERR_OK) {
    call->slot->sent += (unsigned int)len;
  }
  returned(call, err);
}

/* netconn_write_partly() is one vector. */
static void
do_write_partly(struct call *call)
{
  char bytes[BUFFER];
  unsigned int lengths[VECTORS], at = 0;
  struct netvector vectors[VECTORS];
  size_t written = 0;
  err_t err;
  int i, n = call_numbers(call, 2, lengths, VECTORS);

  pattern_fill(bytes, sizeof(bytes), call->slot->sent);
  for (i = 0; i < n; i++) {
    vectors[i].ptr = bytes + at;
    vectors[i].len = lengths[i];
    at += lengths[i];
  }
  err = n == 1 ? netconn_write_partly(call->slot->conn, bytes, lengths[0], NETCONN_COPY | flags_of(call), &written) :
        netconn_write_vectors_partly(call->slot->conn, vectors, (u16_t)n, NETCONN_COPY | flags_of(call), &written);
  call->slot->sent += (unsigned int)written;
  call_says(call, "%s, %lu", err_name(err), (unsigned long)written);
}

/* ---- the end ---- */

static void
do_shutdown(struct call *call)
{
  int both = call_has(call, 2, "rdwr");

  returned(call, netconn_shutdown(call->slot->conn, (u8_t)(both || call_has(call, 2, "rd")),
                                  (u8_t)(both || call_has(call, 2, "wr"))));
}

static void
do_close(struct call *call)
{
  returned(call, netconn_close(call->slot->conn));
}

static void
do_prepare_delete(struct call *call)
{
  returned(call, netconn_prepare_delete(call->slot->conn));
}

static void
do_delete(struct call *call)
{
  err_t err = netconn_delete(call->slot->conn);

  call->slot->open = err != ERR_OK;
  returned(call, err);
}

/* Deleting alone does not do after netconn_shutdown() for reading, with full duplex: an assertion of lwIP's. */
void
netconn_slot_close(struct slot *slot)
{
  if (slot->conn->state != NETCONN_LISTEN) {
    slot->conn->linger = 0;
  }
  netconn_prepare_delete(slot->conn);
  netconn_delete(slot->conn);
}

/* ---- settings ---- */

static void
do_err(struct call *call)
{
  returned(call, netconn_err(call->slot->conn));
}

static void
do_nonblocking(struct call *call)
{
  netconn_set_nonblocking(call->slot->conn, call_number(call, 2));
  call_says(call, "ok");
}

static void
do_timeout(struct call *call)
{
  if (strcmp(call->argv[0], "netconn_set_sendtimeout") == 0) {
    netconn_set_sendtimeout(call->slot->conn, (s32_t)call_number(call, 2));
  } else {
    netconn_set_recvtimeout(call->slot->conn, (u32_t)call_number(call, 2));
  }
  call_says(call, "ok");
}

static void
do_linger(struct call *call)
{
  call->slot->conn->linger = (s16_t)call_number(call, 2);
  call_says(call, "ok");
}

const struct call_entry netconn_calls[] = {
  { "netconn_new", 2, do_new },
  { "netconn_bind", 3, do_bind },
  { "netconn_connect", 3, do_connect },
  { "netconn_disconnect", 2, do_disconnect },
  { "netconn_listen_with_backlog", 3, do_listen },
  { "netconn_accept", 3, do_accept },
  { "netconn_addr", 2, do_getaddr },
  { "netconn_peer", 2, do_getaddr },
  { "netconn_recv", 2, do_recv },
  { "netconn_recv_tcp_pbuf", 2, do_recv_pbuf },
  { "netconn_tcp_recvd", 3, do_recvd },
  { "netconn_write", 3, do_write },
  { "netconn_write_partly", 3, do_write_partly },
  { "netconn_shutdown", 3, do_shutdown },
  { "netconn_close", 2, do_close },
  { "netconn_prepare_delete", 2, do_prepare_delete },
  { "netconn_delete", 2, do_delete },
  { "netconn_err", 2, do_err },
  { "netconn_set_nonblocking", 3, do_nonblocking },
  { "netconn_set_recvtimeout", 3, do_timeout },
  { "netconn_set_sendtimeout", 3, do_timeout },
  { "linger", 3, do_linger },
  { NULL, 0, NULL }
};
