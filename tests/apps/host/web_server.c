/* SPDX-License-Identifier: BSD-3-Clause
 * lwIP's httpd with what it can do beyond files: server-side includes, CGI, and POST with a window that opens
 * only when the body has been taken. */
#include "parts.h"

#include "apps.h"

#include "lwip/apps/httpd.h"
#include "lwip/sys.h"

#include <stdio.h>
#include <string.h>

/* ---- CGI: what was asked for is shown by the SSI tag "asked" ---- */

static char asked[256];

static const char *
cgi_ask(int index, int n, char *names[], char *values[])
{
  size_t used = 0;
  int i;

  LWIP_UNUSED_ARG(index);
  asked[0] = '\0';
  for (i = 0; i < n && used < sizeof(asked); i++) {
    used += (size_t)snprintf(asked + used, sizeof(asked) - used, "%s=%s;", names[i], values[i]);
  }
  return "/page.shtml";
}

/* ---- SSI ---- */

static const char *tags[] = { "asked", "long" };

static u16_t
ssi(int index, char *insert, int room)
{
  switch (index) {
    case 0:
      return (u16_t)snprintf(insert, (size_t)room, "%s", asked);
    case 1: /* as much as fits, so that a page with many of them does not fit into the send buffer */
      memset(insert, 'x', (size_t)room);
      return (u16_t)room;
    default:
      return HTTPD_SSI_TAG_UNKNOWN;
  }
}

/* ---- POST: the body goes into a file ---- */

static struct {
  const char *path;
  FILE *out;
  void *connection;
  unsigned long bytes;
} post;

err_t
httpd_post_begin(void *connection, const char *uri, const char *http_request, u16_t http_request_len, int content_len,
                 char *response_uri, u16_t response_uri_len, u8_t *post_auto_wnd)
{
  LWIP_UNUSED_ARG(http_request);
  LWIP_UNUSED_ARG(http_request_len);
  LWIP_UNUSED_ARG(response_uri);
  LWIP_UNUSED_ARG(response_uri_len);
  if (post.path == NULL || post.out != NULL || strcmp(uri, "/post") != 0) {
    return ERR_VAL;
  }
  post.out = fopen(post.path, "wb");
  post.connection = connection;
  post.bytes = 0;
  *post_auto_wnd = 0;
  printf("post begins, %d bytes\n", content_len);
  return post.out != NULL ? ERR_OK : ERR_MEM;
}

err_t
httpd_post_receive_data(void *connection, struct pbuf *p)
{
  struct pbuf *q;

  for (q = p; q != NULL; q = q->next) {
    post.bytes += fwrite(q->payload, 1, q->len, post.out);
  }
  httpd_post_data_recved(connection, p->tot_len);
  pbuf_free(p);
  return ERR_OK;
}

void
httpd_post_finished(void *connection, char *response_uri, u16_t response_uri_len)
{
  if (connection != post.connection || post.out == NULL) {
    return;
  }
  fclose(post.out);
  post.out = NULL;
  snprintf(asked, sizeof(asked), "%lu bytes", post.bytes);
  snprintf(response_uri, response_uri_len, "/page.shtml");
}

int
pages_serve(const char *post_path)
{
  static const tCGI handlers[] = { { "/ask.cgi", cgi_ask } };

  post.path = post_path;
  http_set_cgi_handlers(handlers, LWIP_ARRAYSIZE(handlers));
  http_set_ssi_handler(ssi, tags, LWIP_ARRAYSIZE(tags));
  return httpd_serve(NULL);
}
