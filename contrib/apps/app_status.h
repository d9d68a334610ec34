/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Tells each client that connects how all connections and listeners of this host are doing, in words, and
 * closes. It uses accessors alone: legacy has few of them, alt with LWIP_TCP_INFO tells all figures.
 */
#ifndef APP_STATUS_H
#define APP_STATUS_H

#include "app_conn.h"

#ifdef __cplusplus
extern "C" {
#endif

#define APP_STATUS_PORT 15 /**< "netstat" of old */

struct app_status_server {
  struct app_listener listener;
};

/** Serves the table; it is as of the moment at which the client's connection opened. It takes lwIP's heap, some
 * 700 bytes for each connection, until TCP has taken what it says. */
err_t app_status_serve(struct app_status_server *server, const struct app_observer *observer,
                       u8_t iptype, u16_t port);

#ifdef __cplusplus
}
#endif

#endif /* APP_STATUS_H */
