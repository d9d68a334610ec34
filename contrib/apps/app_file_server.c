/* SPDX-License-Identifier: BSD-3-Clause */
/** @file File server. */
#include "app_file_server.h"

#include "lwip/pbuf.h"

/* Bytes read from the store and written to TCP at a time. */
#define CHUNK (2 * TCP_MSS)

struct download {
  struct app_conn conn;                 /* first */
  struct app_file_server *server;
  void *file;
  u32_t offset;
  u8_t name_len;
  u8_t named;
  char name[APP_FILE_NAME_MAX + 1];
};

/* Only used between reading it and the copying tcp_write() that follows. */
static u8_t scratch[CHUNK];

static struct download *
download_of(struct app_conn *conn)
{
  return (struct download *)conn;
}

static void
download_connected(struct app_conn *conn)
{
  LWIP_UNUSED_ARG(conn);
}

/* Writes what fits; ERR_OK with room left in the send buffer is the end. */
static err_t
send_file(struct download *download, int *at_end)
{
  struct tcp_pcb *pcb = download->conn.pcb;

  *at_end = 0;
  for (;;) {
    u16_t room = (u16_t)LWIP_MIN(tcp_sndbuf(pcb), CHUNK);
    u16_t len;
    err_t err;

    if (room == 0) {
      return ERR_OK;
    }
    len = download->server->store.read(download->file, download->offset, scratch, room);
    if (len == 0) {
      *at_end = 1;
      return ERR_OK;
    }
    err = tcp_write(pcb, scratch, len, TCP_WRITE_FLAG_COPY);
    if (err != ERR_OK) {
      return err;
    }
    download->offset += len;
  }
}

static void
download_ready(struct app_conn *conn)
{
  struct download *download = download_of(conn);
  int at_end = 0;
  err_t err;

  if (download->file == NULL) {
    return;
  }
  err = send_file(download, &at_end);
  (void)tcp_output(conn->pcb);
  if (at_end) {
    app_conn_close(conn);
  } else if (err == ERR_MEM) {
    app_conn_call_later(conn);
  } else if (err != ERR_OK) {
    app_conn_abort(conn);
  }
}

/* Takes one byte of the request line; 1 when it is complete, -1 if too long. */
static int
take_name(struct download *download, char byte)
{
  if (byte == '\n') {
    download->name[download->name_len] = '\0';
    download->named = 1;
    return 1;
  }
  if (download->name_len == APP_FILE_NAME_MAX) {
    return -1;
  }
  download->name[download->name_len++] = byte;
  return 0;
}

static err_t
download_received(struct app_conn *conn, struct pbuf *p)
{
  struct download *download = download_of(conn);
  const struct app_file_store *store = &download->server->store;
  u16_t i;
  int state = 0;

  for (i = 0; i < p->tot_len && !download->named && state == 0; i++) {
    state = take_name(download, (char)pbuf_get_at(p, i));
  }
  tcp_recved(conn->pcb, p->tot_len);
  pbuf_free(p);
  if (state == 1) {
    download->file = store->open(store->arg, download->name);
  }
  if (state == -1 || (state == 1 && download->file == NULL)) {
    app_conn_close(conn);
  } else {
    download_ready(conn);
  }
  return ERR_OK;
}

static void
download_peer_closed(struct app_conn *conn)
{
  /* A client may close its half after the request; without one, it is over. */
  if (!download_of(conn)->named) {
    app_conn_close(conn);
  }
}

static void
download_released(struct app_conn *conn)
{
  struct download *download = download_of(conn);

  if (download->file != NULL) {
    download->server->store.close(download->file);
  }
}

static const struct app_conn_ops download_ops = {
  download_connected, download_ready, download_received, download_peer_closed, NULL,
  download_released
};

static struct app_conn *
make_download(struct app_listener *listener)
{
  struct download *download =
    download_of(app_conn_alloc(sizeof(struct download), &download_ops, &listener->observer));

  if (download == NULL) {
    return NULL;
  }
  download->server = (struct app_file_server *)listener;
  return &download->conn;
}

err_t
app_file_serve(struct app_file_server *server, const struct app_file_store *store,
               const struct app_observer *observer, u8_t iptype, u16_t port)
{
  server->store = *store;
  server->listener.make = make_download;
  server->listener.observer = *observer;
  return app_listen(&server->listener, iptype, port);
}
