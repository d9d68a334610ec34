/* SPDX-License-Identifier: BSD-3-Clause */
/** @file Echo server: sends back what it gets, as fast as the peer takes it. */
#ifndef APP_ECHO_H
#define APP_ECHO_H

#include "app_conn.h"

#ifdef __cplusplus
extern "C" {
#endif

struct app_echo_server {
  struct app_listener listener;
};

err_t app_echo_serve(struct app_echo_server *server, const struct app_observer *observer,
                     u8_t iptype, u16_t port);

#ifdef __cplusplus
}
#endif

#endif /* APP_ECHO_H */
