/* SPDX-License-Identifier: BSD-3-Clause
 * What the unix host runs on lwIP's raw API. */
#ifndef TCP_ALT_PORTS_UNIX_APPS_H
#define TCP_ALT_PORTS_UNIX_APPS_H

#include "lwip/err.h"
#include "lwip/ip_addr.h"

/** Map a file; httpd then serves it as /<its base name>. False when it cannot. */
int files_serve(const char *path);

/** Listen on port; what the first connection sends is written to path. Each
 * further connection starts the file anew. */
err_t upload_listen(u16_t port, const char *path);

/** lwiperf's server on its default port. */
int iperf_serve(void);

/** lwiperf's client: sends to addr for ten seconds. */
int iperf_send(const ip_addr_t *addr);

#endif
