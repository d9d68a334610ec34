/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * File server: the client sends a name and a newline, the server sends the
 * file and closes. Where files come from is the owner's business.
 */
#ifndef APP_FILE_SERVER_H
#define APP_FILE_SERVER_H

#include "app_conn.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifndef APP_FILE_NAME_MAX
#define APP_FILE_NAME_MAX 63
#endif

/** Where files come from. */
struct app_file_store {
  /** Opens `name`; NULL if there is none: the server closes without a byte. */
  void *(*open)(void *arg, const char *name);
  /** Reads up to `len` bytes at `offset`; 0 at the end. The same offset may be
   * read again when TCP had no memory. */
  u16_t (*read)(void *file, u32_t offset, void *to, u16_t len);
  void (*close)(void *file);
  void *arg;
};

struct app_file_server {
  struct app_listener listener;  /* first */
  struct app_file_store store;
};

err_t app_file_serve(struct app_file_server *server, const struct app_file_store *store,
                     const struct app_observer *observer, u8_t iptype, u16_t port);

#ifdef __cplusplus
}
#endif

#endif /* APP_FILE_SERVER_H */
