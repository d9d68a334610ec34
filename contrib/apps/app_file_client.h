/* SPDX-License-Identifier: BSD-3-Clause */
/** @file Asks app_file_server for a file of pattern bytes and verifies it. */
#ifndef APP_FILE_CLIENT_H
#define APP_FILE_CLIENT_H

#include "app_conn.h"
#include "app_sink.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Fetches `name`, which must be `len` bytes of the pattern of `key`.
 * ERR_ARG if the name is too long. */
err_t app_file_fetch(const char *name, u32_t key, u32_t len,
                     const struct app_observer *observer, const ip_addr_t *addr, u16_t port);

#ifdef __cplusplus
}
#endif

#endif /* APP_FILE_CLIENT_H */
