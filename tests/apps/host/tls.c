/* SPDX-License-Identifier: BSD-3-Clause
 * lwIP's HTTP server and the settings of clients over altcp_tls. */
#include "parts.h"

#include "lwip/altcp_tls.h"
#include "lwip/apps/httpd.h"

#include <mbedtls/ssl.h>
#include <stdlib.h>

/* ALTCP_MBEDTLS_AUTHMODE, for both roles. */
int tls_authmode;

struct altcp_tls_config *
tls_client(const char *certificate_path)
{
  struct altcp_tls_config *config = NULL;
  size_t len;
  char *pem = file_contents(certificate_path, &len);

  tls_authmode = MBEDTLS_SSL_VERIFY_REQUIRED;
  if (pem != NULL) {
    config = altcp_tls_create_config_client((const u8_t *)pem, len + 1); /* PEM includes its final zero */
  }
  free(pem);
  return config;
}

/* It asks its clients for no certificate. */
static struct altcp_tls_config *
tls_server(const char *certificate_path, const char *key_path)
{
  struct altcp_tls_config *config = NULL;
  size_t cert_len, key_len;
  char *cert = file_contents(certificate_path, &cert_len);
  char *key = file_contents(key_path, &key_len);

  tls_authmode = MBEDTLS_SSL_VERIFY_NONE;
  if (cert != NULL && key != NULL) {
    config = altcp_tls_create_config_server_privkey_cert((const u8_t *)key, key_len + 1, NULL, 0, (const u8_t *)cert,
                                                         cert_len + 1);
  }
  free(cert);
  free(key);
  return config;
}

/* CERTIFICATE,KEY */
int
https_serve(const char *arg)
{
  struct parts parts;
  struct altcp_tls_config *config;

  if (!parts_of(&parts, arg, 2) || (config = tls_server(parts.part[0], parts.part[1])) == NULL) {
    return 0;
  }
  httpd_inits(config);
  return 1;
}
