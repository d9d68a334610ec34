/* SPDX-License-Identifier: BSD-3-Clause */
/** @file A verifying sink: says of every byte whether it is the one due. */
#ifndef APP_SINK_H
#define APP_SINK_H

#include "lwip/pbuf.h"

#ifdef __cplusplus
extern "C" {
#endif

struct app_sink {
  u32_t key;
  u32_t expected;   /* bytes the peer will send in all */
  u32_t received;
};

enum app_sink_verdict { APP_SINK_OK, APP_SINK_CORRUPT, APP_SINK_EXCESS };

void app_sink_open(struct app_sink *sink, u32_t key, u32_t expected);

/** Checks `len` bytes of the chain `p` from `offset` on; on a wrong byte,
 * `received` is its position. Does not free the chain. */
enum app_sink_verdict app_sink_take(struct app_sink *sink, const struct pbuf *p,
                                    u16_t offset, u16_t len);

int app_sink_complete(const struct app_sink *sink);

#ifdef __cplusplus
}
#endif

#endif /* APP_SINK_H */
