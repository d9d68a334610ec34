/* SPDX-License-Identifier: BSD-3-Clause
 * A sink for uploads: what a connection sends goes into a file. */
#include "apps.h"

#include "lwip/tcp.h"

#include <stdio.h>
#include <stdlib.h>

struct upload {
  FILE *out;
  unsigned long bytes;
};

static void
upload_end(struct upload *up, const char *how)
{
  if (fclose(up->out) != 0) {
    how = "write error";
  }
  printf("upload %s bytes=%lu\n", how, up->bytes);
  free(up);
}

static void
upload_err(void *arg, err_t err)
{
  LWIP_UNUSED_ARG(err);
  upload_end((struct upload *)arg, "aborted");
}

static err_t
upload_write(struct upload *up, const struct pbuf *p)
{
  for (; p != NULL; p = p->next) {
    if (fwrite(p->payload, 1, p->len, up->out) != p->len) {
      return ERR_BUF;
    }
    up->bytes += p->len;
  }
  return ERR_OK;
}

static err_t
upload_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  struct upload *up = (struct upload *)arg;
  u16_t len;

  LWIP_UNUSED_ARG(err);
  if (p == NULL) {
    tcp_arg(pcb, NULL);
    tcp_recv(pcb, NULL);
    tcp_err(pcb, NULL);
    upload_end(up, "done");
    return tcp_close(pcb);
  }
  len = p->tot_len;
  if (upload_write(up, p) != ERR_OK) {
    pbuf_free(p);
    tcp_abort(pcb); /* upload_err() reports and frees */
    return ERR_ABRT;
  }
  pbuf_free(p);
  tcp_recved(pcb, len);
  return ERR_OK;
}

static err_t
upload_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  struct upload *up;

  if (err != ERR_OK || pcb == NULL) {
    return ERR_VAL;
  }
  up = (struct upload *)calloc(1, sizeof(*up));
  if (up == NULL) {
    return ERR_MEM;
  }
  up->out = fopen((const char *)arg, "wb");
  if (up->out == NULL) {
    perror((const char *)arg);
    free(up);
    return ERR_MEM;
  }
  tcp_arg(pcb, up);
  tcp_recv(pcb, upload_recv);
  tcp_err(pcb, upload_err);
  return ERR_OK;
}

err_t
upload_listen(u16_t port, const char *path)
{
  struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
  struct tcp_pcb *listener;
  err_t err;

  if (pcb == NULL) {
    return ERR_MEM;
  }
  err = tcp_bind(pcb, IP_ANY_TYPE, port);
  listener = err == ERR_OK ? tcp_listen(pcb) : NULL;
  if (listener == NULL) {
    tcp_close(pcb);
    return err != ERR_OK ? err : ERR_MEM;
  }
  tcp_arg(listener, LWIP_CONST_CAST(void *, path));
  tcp_accept(listener, upload_accept);
  return ERR_OK;
}

int
upload_serve(const char *path)
{
  return upload_listen(9999, path) == ERR_OK;
}
