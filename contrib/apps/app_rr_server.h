/* SPDX-License-Identifier: BSD-3-Clause */
/** @file Answers requests of app_rr.h; checks every byte of them. */
#ifndef APP_RR_SERVER_H
#define APP_RR_SERVER_H

#include "app_conn.h"

#ifdef __cplusplus
extern "C" {
#endif

struct app_rr_server {
  struct app_listener listener;
};

err_t app_rr_serve(struct app_rr_server *server, const struct app_observer *observer,
                   u8_t iptype, u16_t port);

#ifdef __cplusplus
}
#endif

#endif /* APP_RR_SERVER_H */
