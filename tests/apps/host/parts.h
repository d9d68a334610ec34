/* SPDX-License-Identifier: BSD-3-Clause
 * What the applications' starters share. */
#ifndef TCP_ALT_TESTS_APPS_PARTS_H
#define TCP_ALT_TESTS_APPS_PARTS_H

#include "lwip/arch.h"
#include "lwip/ip_addr.h"

#include <stddef.h>

struct altcp_tls_config;

/** The parts of an argument, "A,B,C". */
struct parts {
  char text[1024];
  const char *part[6];
};

/** Cut an argument into n parts; false when there are fewer or more. */
int parts_of(struct parts *parts, const char *arg, int n);

/** An address and a port, as two parts. */
int parts_address(const struct parts *parts, int first, ip_addr_t *addr, u16_t *port);

/** A file's bytes, with a zero behind them, for free(); NULL when it cannot be read. */
char *file_contents(const char *path, size_t *len);

/** A TLS client's settings: it trusts this certificate alone. */
struct altcp_tls_config *tls_client(const char *certificate_path);

/* ---- starters, for the table in apps.c ---- */

int altcp_echo_serve(const char *unused);
int altcp_copy(const char *arg);
int held_serve(const char *unused);
int https_serve(const char *arg);
int pages_serve(const char *post_path);
int http_get(const char *arg);
int https_get(const char *arg);
int mail_send(const char *arg);
int mail_send_tls(const char *arg);
int mqtt_echo(const char *arg);
int mqtt_echo_tls(const char *arg);
int snmp_serve(const char *unused);
int tftp_serve(const char *folder);
int isn_start(const char *secret);
int md5_serve(const char *arg);
int md5_connect(const char *arg);
int md5_self_start(const char *key);

#endif
