/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Request/response: sends requests of app_rr.h and verifies the responses.
 *
 * Either on connections that stay open and take turns, or on a fresh one for
 * each request.
 */
#ifndef APP_RR_CLIENT_H
#define APP_RR_CLIENT_H

#include "app_conn.h"

#ifdef __cplusplus
extern "C" {
#endif

struct app_rr_config {
  u32_t requests;        /* in all */
  u32_t request_len;     /* at least APP_RR_HEADER_LEN */
  u32_t response_len;
  u32_t think_ms;        /* pause between a response and the next request */
  u16_t connections;     /* kept open, or (fresh) at most at a time */
  u16_t parallel;        /* requests under way at a time */
  u8_t fresh;            /* a new connection for every request */
  u8_t server_closes;    /* the server closes after a response (fresh only) */
};

struct app_rr_slot;

struct app_rr_client {
  struct app_rr_config config;
  struct app_observer observer;
  ip_addr_t addr;
  u16_t port;
  u32_t issued, answered, failed;
  u16_t open;            /* connections that exist */
  u16_t under_way;       /* requests */
  u16_t thinking;        /* pauses */
  u16_t turn;            /* the next slot to use */
  u16_t connecting;      /* the slot being opened, or config.connections */
  u8_t finished;
  u8_t retrying;
  struct app_rr_slot **slots;
};

/** Starts; APP_FINISHED ends it (`failed` tells how it went). The structure
 * must live until then. */
err_t app_rr_start(struct app_rr_client *client, const struct app_rr_config *config,
                   const struct app_observer *observer, const ip_addr_t *addr, u16_t port);

/** Drops everything; no event follows. */
void app_rr_cancel(struct app_rr_client *client);

#ifdef __cplusplus
}
#endif

#endif /* APP_RR_CLIENT_H */
