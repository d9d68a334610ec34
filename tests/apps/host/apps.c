/* SPDX-License-Identifier: BSD-3-Clause
 * Every application that stands on lwIP's TCP, by the name that --app gives. */
#include "apps.h"
#include "parts.h"

#include <stddef.h>

#if APPS_CONTRIB
#include "netio.h"
#include "tcpecho_raw.h"
#if !NO_SYS
#include "chargen.h"
#include "httpserver-netconn.h"
#include "shell.h"
#include "socket_examples.h"
#include "tcpecho.h"
#endif

/* contrib's applications start with a function that takes and returns nothing. */
#define CONTRIB_STARTER(name, init)  \
  static int name(const char *unused) \
  {                                   \
    LWIP_UNUSED_ARG(unused);          \
    init();                           \
    return 1;                         \
  }

CONTRIB_STARTER(start_netio, netio_init)
CONTRIB_STARTER(start_tcpecho_raw, tcpecho_raw_init)
#if !NO_SYS
CONTRIB_STARTER(start_chargen, chargen_init)
CONTRIB_STARTER(start_httpserver, http_server_netconn_init)
CONTRIB_STARTER(start_shell, shell_init)
CONTRIB_STARTER(start_socket_examples, socket_examples_init)
CONTRIB_STARTER(start_tcpecho, tcpecho_init)
#endif
#endif

const struct app apps[] = {
  { "httpd", "PATH", "lwIP's HTTP server; serves this file as /<base name>", files_serve },
  { "pages", "PATH", "httpd with SSI, CGI, and POST into this file", pages_serve },
  { "http-get", "ADDR,PORT,URI,PATH", "lwIP's HTTP client", http_get },
  { "mail", "ADDR,PORT,PATH", "lwIP's SMTP client sends this body", mail_send },
  { "mqtt", "ADDR,PORT", "lwIP's MQTT client echoes to/N on from/N", mqtt_echo },
  { "upload", "PATH", "port 9999: what a client sends is written there", upload_serve },
  { "iperf", NULL, "lwiperf's server", iperf_serve },
  { "snmp", NULL, "lwIP's SNMP agent with MIB2", snmp_serve },
  { "held", NULL, "ports 7002 and 7004 (IPv4) keep connections in their state", held_serve },
  { "status", NULL, "port 15 tells of all connections, in words", status_serve },
  { "tftp", "FOLDER", "lwIP's TFTP server", tftp_serve },
#if LWIP_ALTCP_TLS
  { "altcp-echo", NULL, "port 7001 echoes, by altcp", altcp_echo_serve },
  { "altcp-copy", "ADDR,PORT,PATH,PATH", "sends a file, keeps what comes back, by altcp", altcp_copy },
  { "https", "CERTIFICATE,KEY", "httpd over TLS", https_serve },
  { "https-get", "CERTIFICATE,ADDR,PORT,URI,PATH", "http-get over TLS", https_get },
  { "mail-tls", "CERTIFICATE,ADDR,PORT,PATH", "mail over TLS", mail_send_tls },
  { "mqtt-tls", "CERTIFICATE,ADDR,PORT", "mqtt over TLS", mqtt_echo_tls },
#endif
#if APPS_CONTRIB
  { "netio", NULL, "contrib's, port 18767", start_netio },
  { "tcpecho-raw", NULL, "contrib's, port 7", start_tcpecho_raw },
#if !NO_SYS
  { "chargen", NULL, "contrib's, port 19", start_chargen },
  { "httpserver", NULL, "contrib's, port 80", start_httpserver },
  { "shell", NULL, "contrib's, port 23", start_shell },
  { "socket-examples", NULL, "contrib's, against an HTTP server", start_socket_examples },
  { "tcpecho", NULL, "contrib's, port 7", start_tcpecho },
  { "isn", "SECRET", "initial sequence numbers by contrib's tcp_isn", isn_start },
  { "md5", "ADDR,PORT,KEY", "port 7003 echoes one signed connection of this peer, by contrib's tcp_md5", md5_serve },
  { "md5-to", "ADDR,PORT,KEY", "connects there, signed, and echoes", md5_connect },
  { "md5-self", "KEY", "signed from itself to itself and back", md5_self_start },
#endif
#endif
  { NULL, NULL, NULL, NULL }
};
