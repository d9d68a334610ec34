/* SPDX-License-Identifier: BSD-3-Clause */
/** @file A verifying sink. */
#include "app_sink.h"

#include "app_pattern.h"
#include "lwip/def.h"

void
app_sink_open(struct app_sink *sink, u32_t key, u32_t expected)
{
  sink->key = key;
  sink->expected = expected;
  sink->received = 0;
}

int
app_sink_complete(const struct app_sink *sink)
{
  return sink->received == sink->expected;
}

enum app_sink_verdict
app_sink_take(struct app_sink *sink, const struct pbuf *p, u16_t offset, u16_t len)
{
  if (len > sink->expected - sink->received) {
    return APP_SINK_EXCESS;
  }
  for (; p != NULL && len != 0; p = p->next) {
    u16_t part;
    u32_t good;

    if (offset >= p->len) {
      offset = (u16_t)(offset - p->len);
      continue;
    }
    part = (u16_t)LWIP_MIN(len, p->len - offset);
    good = app_pattern_match(sink->key, sink->received,
                             (const u8_t *)p->payload + offset, part);
    sink->received += good;
    if (good != part) {
      return APP_SINK_CORRUPT;
    }
    len = (u16_t)(len - part);
    offset = 0;
  }
  return APP_SINK_OK;
}
