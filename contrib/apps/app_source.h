/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * A verifiable source: writes a given number of pattern bytes to a PCB, as
 * fast as the send buffer takes them, copied or (zero-copy) from a ring that
 * lives until the bytes are acknowledged.
 */
#ifndef APP_SOURCE_H
#define APP_SOURCE_H

#include "lwip/tcp.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes offered by one tcp_write() of a copying source. */
#ifndef APP_SOURCE_CHUNK
#define APP_SOURCE_CHUNK (2 * TCP_MSS)
#endif

struct app_source {
  u32_t key;
  u32_t total;
  u32_t written;
  u32_t acked;
  u32_t ring_len;
  u8_t *ring;        /* NULL: every write is copied by TCP */
};

/** Prepares to write `total` bytes. Zero-copy needs a ring of the size of the
 * send buffer from lwIP's heap: ERR_MEM if there is none. */
err_t app_source_open(struct app_source *source, u32_t key, u32_t total, int zero_copy);
/** Frees the ring. TCP must not hold any of it: see app_source_released(). */
void app_source_close(struct app_source *source);

/** Writes what fits now. ERR_OK: all written, or the send buffer is full and
 * `sent` will follow; ERR_MEM: no memory, call again later; else fatal. */
err_t app_source_pump(struct app_source *source, struct tcp_pcb *pcb);

/** To be told what `sent` says. */
void app_source_acked(struct app_source *source, u16_t len);

/** Whether everything was handed to TCP. */
int app_source_done(const struct app_source *source);

/** Whether TCP no longer needs our memory: nothing is lent to it, or all of
 * it was acknowledged. Before that a zero-copy application must not call
 * tcp_close(), because nobody would tell it when its memory is free. */
int app_source_released(const struct app_source *source);

#ifdef __cplusplus
}
#endif

#endif /* APP_SOURCE_H */
