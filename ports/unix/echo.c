/* SPDX-License-Identifier: BSD-3-Clause
 * contrib/apps' echo server on its port. */
#include "apps.h"

#include "app_echo.h"

#define ECHO_PORT 7

int
echo_serve(const char *unused)
{
  static const struct app_observer nobody = { NULL, NULL };
  static struct app_echo_server server;

  LWIP_UNUSED_ARG(unused);
  return app_echo_serve(&server, &nobody, IPADDR_TYPE_ANY, ECHO_PORT) == ERR_OK;
}
