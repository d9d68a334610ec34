/* SPDX-License-Identifier: BSD-3-Clause
 * What the unix host runs on lwIP's raw API. */
#ifndef TCP_ALT_PORTS_UNIX_APPS_H
#define TCP_ALT_PORTS_UNIX_APPS_H

#include "lwip/err.h"
#include "lwip/arch.h"

/** What a host can run, by the name that --app gives. */
struct app {
  const char *name;
  const char *arg;  /**< what its argument is, NULL: it takes none */
  const char *text; /**< for --help */
  int (*start)(const char *arg); /**< called once lwIP runs, in its context; false when it cannot */
};

/** The program's applications; the last has no name. */
extern const struct app apps[];

/** What a start function may ask for: to be called in lwIP's context when the host shall end, while
 * connections can still end in order (--drain). One for all. */
void host_at_end(void (*end)(void));

/** Start lwIP's httpd, once. */
int httpd_serve(const char *unused);

/** Map a file; httpd, started with the first, serves it as /<its base name>. False when it cannot. */
int files_serve(const char *path);

/** Listen on port; what the first connection sends is written to path. Each
 * further connection starts the file anew. */
err_t upload_listen(u16_t port, const char *path);

/** The same on port 9999; false when it cannot. */
int upload_serve(const char *path);

/** An echo server on port 7; false when it cannot. */
int echo_serve(const char *unused);

/** lwiperf's server on its default port. */
int iperf_serve(const char *unused);

/** lwiperf's client: sends to this address, port 5001, for ten seconds. */
int iperf_send(const char *addr);

/** A table of all connections for each client of port 15; false when it cannot. */
int status_serve(const char *unused);

#endif
