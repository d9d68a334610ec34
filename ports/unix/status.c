/* SPDX-License-Identifier: BSD-3-Clause
 * contrib/apps' table of connections, for whoever connects. */
#include "apps.h"

#include "app_status.h"

int
status_serve(const char *unused)
{
  static const struct app_observer nobody = { NULL, NULL };
  static struct app_status_server server;

  LWIP_UNUSED_ARG(unused);
  return app_status_serve(&server, &nobody, IPADDR_TYPE_ANY, APP_STATUS_PORT) == ERR_OK;
}
