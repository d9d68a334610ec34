/* SPDX-License-Identifier: BSD-3-Clause
 * lwIP's SMTP client: sends one mail, over TCP or TLS. */
#include "parts.h"

#include "lwip/altcp_tls.h"
#include "lwip/apps/smtp.h"

#include <stdio.h>

static struct {
  struct parts parts;
  char *body;
} mail;

static void
mail_result(void *arg, u8_t result, u16_t srv_err, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  printf("mail result=%u server=%u err=%d\n", (unsigned)result, (unsigned)srv_err, (int)err);
}

static int
send_mail(int first)
{
  ip_addr_t addr;
  u16_t port;
  size_t len;

  if (!parts_address(&mail.parts, first, &addr, &port) ||
      (mail.body = file_contents(mail.parts.part[first + 2], &len)) == NULL) {
    return 0;
  }
  smtp_set_server_port(port);
  return smtp_set_server_addr(mail.parts.part[first]) == ERR_OK && smtp_set_auth("user", "secret") == ERR_OK &&
         smtp_send_mail_static("lwip@example.org", "peer@example.org", "a file", mail.body, mail_result, NULL) ==
             ERR_OK;
}

/* ADDR,PORT,PATH */
int
mail_send(const char *arg)
{
  return parts_of(&mail.parts, arg, 3) && send_mail(0);
}

#if LWIP_ALTCP_TLS
/* CERTIFICATE,ADDR,PORT,PATH */
int
mail_send_tls(const char *arg)
{
  struct altcp_tls_config *tls;

  if (!parts_of(&mail.parts, arg, 4) || (tls = tls_client(mail.parts.part[0])) == NULL) {
    return 0;
  }
  smtp_set_tls_config(tls);
  return send_mail(1);
}
#endif
