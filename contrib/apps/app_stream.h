/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Bulk transfer: a verified stream in either direction or in both at once.
 *
 * Each end sends its bytes and then its FIN; it closes when it has sent all
 * and has seen the peer's FIN. An end with nothing to send waits for the
 * peer's FIN; a client with nothing to send or receive closes at once.
 */
#ifndef APP_STREAM_H
#define APP_STREAM_H

#include "app_conn.h"
#include "app_sink.h"
#include "app_source.h"

#ifdef __cplusplus
extern "C" {
#endif

struct app_stream_config {
  u32_t tx_bytes;       /* what this end sends */
  u32_t rx_bytes;       /* what the peer sends */
  u8_t zero_copy;
  u8_t keep_open;       /* no FIN until app_stream_finish() */
  u16_t refuse_every;   /* n: refuse every n-th delivery once, but the last; 0: never */
  u8_t refuse_last;     /* refuse the last delivery once */
};

struct app_stream {
  struct app_conn conn;  /* first: see app_conn.h */
  struct app_stream_config config;
  struct app_source source;
  struct app_sink sink;
  u32_t unread;          /* received, but not yet given back to the window */
  u16_t deliveries;
  u8_t last_refused;
  u8_t paused;           /* the reader takes data but opens no window */
};

struct app_stream_server {
  struct app_listener listener;  /* first */
  struct app_stream_config config;
  /** Hears of each new stream (may be null). */
  void (*accepted)(struct app_stream_server *server, struct app_stream *stream);
};

/** Connects; NULL if there was no memory or no route. */
struct app_stream *app_stream_connect(const struct app_stream_config *config,
                                      const struct app_observer *observer,
                                      const ip_addr_t *addr, u16_t port);

err_t app_stream_serve(struct app_stream_server *server,
                       const struct app_stream_config *config,
                       const struct app_observer *observer, u8_t iptype, u16_t port);

/** Ends a stream that was kept open. */
void app_stream_finish(struct app_stream *stream);

/** A slow reader: while paused, received data closes the window. */
void app_stream_pause(struct app_stream *stream, int paused);

#ifdef __cplusplus
}
#endif

#endif /* APP_STREAM_H */
