/* SPDX-License-Identifier: BSD-3-Clause
 * Small applications written as such code is found in the field: they read and write members of
 * the PCB. What they show to the outside is for the test. */
#ifndef TCP_ALT_TESTS_COMPAT_APPS_H
#define TCP_ALT_TESTS_COMPAT_APPS_H

#include "lwip/tcp.h"

/** Each listens on a port of its own. */
#define KEEPALIVE_PORT 7001
#define PEER_LOG_PORT  7002
#define CONSOLE_PORT   7003
#define SENSOR_PORT    7004
#define QOS_PORT       7005
#define BULK_PORT      7006
#define LATE_PORT      7007
#define NETSTAT_PORT   7008

void keepalive_start(void);
extern unsigned int keepalive_open; /* connections */

void peer_log_start(void);
extern char peer_log_line[128]; /* of the newest connection */

void console_start(void);

void sensor_start(void);
extern u32_t sensor_bytes; /* received */

void qos_start(void);
void qos_connect(const ip_addr_t *to, u16_t port);
extern unsigned int qos_low_lost, qos_high_lost; /* connections aborted */

#define BULK_SIZE 50000U /* bytes; the n-th is n * 7 */
void bulk_start(void);

void late_start(void);
void late_command(char command); /* 'k': keepalive on, 'o': off, 'n': no delay, 'w': write "tick" */
extern unsigned int late_open;

void netstat_start(void);
/** A line for each connection; returns the number of bytes. */
size_t netstat_print(char *out, size_t size);

/** Connects; `watch_phase` follows the connection's life. */
err_t watch_start(const ip_addr_t *to, u16_t port);
void watch_stop(void);
extern const char *watch_phase;

#endif
