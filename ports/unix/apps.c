/* SPDX-License-Identifier: BSD-3-Clause
 * The applications of the plain host. */
#include "apps.h"

#include <stddef.h>

const struct app apps[] = {
  { "httpd", "PATH", "lwIP's HTTP server; serves this file as /<base name>", files_serve },
  { "upload", "PATH", "port 9999: what a client sends is written there", upload_serve },
  { "echo", NULL, "port 7 sends back what it gets", echo_serve },
  { "iperf", NULL, "lwiperf's server", iperf_serve },
  { "iperf-to", "ADDR", "lwiperf sends there, port 5001, for ten seconds", iperf_send },
  { "status", NULL, "port 15 tells of all connections, in words", status_serve },
  { NULL, NULL, NULL, NULL }
};
