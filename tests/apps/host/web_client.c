/* SPDX-License-Identifier: BSD-3-Clause
 * lwIP's HTTP client: fetches into a file, over TCP or TLS. */
#include "parts.h"

#include "lwip/altcp_tcp.h"
#include "lwip/altcp_tls.h"
#include "lwip/apps/http_client.h"

#include <stdio.h>

static struct {
  struct parts parts;
  httpc_connection_t settings; /* the client keeps pointers to them */
#if LWIP_ALTCP
  altcp_allocator_t allocator;
#endif
#if LWIP_ALTCP_TLS
  struct altcp_tls_config *tls;
#endif
  FILE *out;
} get;

static err_t
get_recv(void *arg, struct altcp_pcb *conn, struct pbuf *p, err_t err)
{
  struct pbuf *q;

  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  for (q = p; q != NULL; q = q->next) {
    fwrite(q->payload, 1, q->len, get.out);
  }
  altcp_recved(conn, p->tot_len);
  pbuf_free(p);
  return ERR_OK;
}

static void
get_result(void *arg, httpc_result_t result, u32_t rx_content_len, u32_t srv_res, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  fclose(get.out);
#if LWIP_ALTCP_TLS
  if (get.tls != NULL) {
    altcp_tls_free_config(get.tls);
  }
#endif
  printf("get result=%d bytes=%" U32_F " status=%" U32_F " err=%d\n", (int)result, rx_content_len, srv_res, (int)err);
}

static int
get_file(int first)
{
  const char *const *part = &get.parts.part[first];
  httpc_state_t *state;
  ip_addr_t addr;
  u16_t port;

#if LWIP_ALTCP
  get.settings.altcp_allocator = &get.allocator;
#endif
  get.settings.result_fn = get_result;
  get.out = fopen(part[3], "wb");
  return get.out != NULL && parts_address(&get.parts, first, &addr, &port) &&
         httpc_get_file(&addr, port, part[2], &get.settings, get_recv, NULL, &state) == ERR_OK;
}

/* ADDR,PORT,URI,PATH */
int
http_get(const char *arg)
{
#if LWIP_ALTCP
  get.allocator.alloc = altcp_tcp_alloc;
#endif
  return parts_of(&get.parts, arg, 4) && get_file(0);
}

#if LWIP_ALTCP_TLS
/* CERTIFICATE,ADDR,PORT,URI,PATH */
int
https_get(const char *arg)
{
  if (!parts_of(&get.parts, arg, 5) || (get.tls = tls_client(get.parts.part[0])) == NULL) {
    return 0;
  }
  get.allocator.alloc = altcp_tls_alloc;
  get.allocator.arg = get.tls;
  return get_file(1);
}
#endif
