/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * The wire format of request/response, shared by client and server.
 *
 * A request is a header of three 32-bit words in network order followed by
 * pattern bytes up to its length; the response is pattern bytes alone. The
 * patterns continue over all requests of a connection.
 */
#ifndef APP_RR_H
#define APP_RR_H

#include "lwip/arch.h"

#ifdef __cplusplus
extern "C" {
#endif

#define APP_RR_HEADER_LEN 12

/** The server closes after the response. */
#define APP_RR_FLAG_LAST 1u

struct app_rr_header {
  u32_t request_len;    /* the whole request, header included */
  u32_t response_len;
  u32_t flags;
};

static inline void
app_rr_put_u32(u8_t *to, u32_t value)
{
  to[0] = (u8_t)(value >> 24);
  to[1] = (u8_t)(value >> 16);
  to[2] = (u8_t)(value >> 8);
  to[3] = (u8_t)value;
}

static inline u32_t
app_rr_get_u32(const u8_t *from)
{
  return ((u32_t)from[0] << 24) | ((u32_t)from[1] << 16) | ((u32_t)from[2] << 8) | from[3];
}

static inline void
app_rr_encode(const struct app_rr_header *header, u8_t *to)
{
  app_rr_put_u32(to, header->request_len);
  app_rr_put_u32(to + 4, header->response_len);
  app_rr_put_u32(to + 8, header->flags);
}

static inline void
app_rr_decode(struct app_rr_header *header, const u8_t *from)
{
  header->request_len = app_rr_get_u32(from);
  header->response_len = app_rr_get_u32(from + 4);
  header->flags = app_rr_get_u32(from + 8);
}

#ifdef __cplusplus
}
#endif

#endif /* APP_RR_H */
