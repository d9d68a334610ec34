/* SPDX-License-Identifier: BSD-3-Clause
 * The POSIX host's options, with every application of lwIP's switched on. */
#ifndef TCP_ALT_TESTS_APPS_LWIPOPTS_H
#define TCP_ALT_TESTS_APPS_LWIPOPTS_H

#include "../../ports/unix/lwipopts.h"

/* Connections that are over shall be back in their pool before a test ends. */
#define TCP_MSL 500UL
/* An address that does not answer is given up within seconds. */
#define TCP_SYNMAXRTX 1
#define LWIP_TCP_RTO_TIME 1000

#if !NO_SYS
/* Everything that is written for altcp, over plain TCP or over TLS. With NO_SYS=1 it calls TCP itself. */
#define LWIP_ALTCP             1
#define LWIP_ALTCP_TLS         1
#define LWIP_ALTCP_TLS_MBEDTLS 1
/* One setting for both roles in lwIP: a client of ours checks, a server asks for nothing (host/parts.c). */
#define ALTCP_MBEDTLS_AUTHMODE tls_authmode
extern int tls_authmode;
#define HTTPD_ENABLE_HTTPS 1
#endif

#define LWIP_HTTPD_SUPPORT_11_KEEPALIVE 1
#define LWIP_HTTPD_CGI                  1
#define LWIP_HTTPD_SSI                  1
#define LWIP_HTTPD_SUPPORT_POST         1
#define LWIP_HTTPD_POST_MANUAL_WND      1

#define SMTP_CHECK_DATA 0 /* it refuses every body of more than one line */
#define MQTT_OUTPUT_RINGBUF_SIZE   4096
#define MQTT_CYCLIC_TIMER_INTERVAL 1

#define LWIP_SNMP  1
#define MIB2_STATS 1

#if APPS_CONTRIB && !NO_SYS
/* contrib's addons: initial sequence numbers, MD5 signatures. */
#define LWIP_HOOK_FILENAME "hooks.h"
#define LWIP_TCP_PCB_NUM_EXT_ARGS 1
/* tcp_isn.c looks for it without the file of hooks. */
#define LWIP_HOOK_TCP_ISN(local_ip, local_port, remote_ip, remote_port) \
  addons_isn(local_ip, local_port, remote_ip, remote_port)
/* contrib's socket_examples: their HTTP server. */
#define SOCK_TARGET_HOST6 "fd77::1"
#endif

#endif
