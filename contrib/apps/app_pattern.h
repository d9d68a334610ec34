/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Bytes that say where they belong: every byte is a function of a key and of
 * its position in the stream, so that a lost, repeated, swapped or foreign
 * byte is seen by the receiver alone. Nothing here needs a TCP of lwIP's.
 */
#ifndef APP_PATTERN_H
#define APP_PATTERN_H

#include "lwip/arch.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Which half of a connection a key is for. */
enum app_direction { APP_TO_SERVER, APP_TO_CLIENT };

/** The key of one half of a connection, the same at both ends: made of the
 * client's port, so that bytes of two connections differ. */
u32_t app_pattern_key(u16_t client_port, enum app_direction direction);

/** Writes `len` bytes of the stream `key` from `position` on. */
void app_pattern_fill(u32_t key, u32_t position, void *out, u32_t len);

/** How many leading bytes of `data` are right; `len` if all are. */
u32_t app_pattern_match(u32_t key, u32_t position, const void *data, u32_t len);

#ifdef __cplusplus
}
#endif

#endif /* APP_PATTERN_H */
