/* SPDX-License-Identifier: BSD-3-Clause */
/** @file A verifiable source. */
#include "app_source.h"

#include "app_pattern.h"
#include "lwip/mem.h"
#include <string.h>

/* Only used between filling it and the copying tcp_write() that follows. */
static u8_t scratch[APP_SOURCE_CHUNK];

err_t
app_source_open(struct app_source *source, u32_t key, u32_t total, int zero_copy)
{
  memset(source, 0, sizeof(*source));
  source->key = key;
  source->total = total;
  if (zero_copy) {
    /* What is not acknowledged never exceeds the send buffer, so a ring of
     * that size is never overwritten too early. */
    source->ring = (u8_t *)mem_malloc(TCP_SND_BUF);
    source->ring_len = TCP_SND_BUF;
    if (source->ring == NULL) {
      return ERR_MEM;
    }
  }
  return ERR_OK;
}

void
app_source_close(struct app_source *source)
{
  if (source->ring != NULL) {
    mem_free(source->ring);
    source->ring = NULL;
  }
}

int
app_source_done(const struct app_source *source)
{
  return source->written == source->total;
}

void
app_source_acked(struct app_source *source, u16_t len)
{
  source->acked += len;
}

int
app_source_released(const struct app_source *source)
{
  return source->ring == NULL || source->acked >= source->written;
}

/* The next piece: where it lies and how long it may be. */
static u8_t *
place(struct app_source *source, u32_t *len)
{
  u32_t offset;

  if (source->ring == NULL) {
    *len = LWIP_MIN(*len, sizeof(scratch));
    return scratch;
  }
  offset = source->written % source->ring_len;
  *len = LWIP_MIN(*len, source->ring_len - offset);
  return source->ring + offset;
}

/* Offers less and less while TCP lacks memory for the whole. */
static err_t
write_some(struct app_source *source, struct tcp_pcb *pcb, const u8_t *data, u32_t len)
{
  u8_t flags = source->ring == NULL ? TCP_WRITE_FLAG_COPY : 0;
  err_t err = tcp_write(pcb, data, (u16_t)len, flags);

  while (err == ERR_MEM && len > 1) {
    len /= 2;
    err = tcp_write(pcb, data, (u16_t)len, flags);
  }
  if (err == ERR_OK) {
    source->written += len;
  }
  return err;
}

err_t
app_source_pump(struct app_source *source, struct tcp_pcb *pcb)
{
  err_t err = ERR_OK;
  u32_t before = source->written;

  while (err == ERR_OK && !app_source_done(source)) {
    u32_t len = LWIP_MIN(source->total - source->written, tcp_sndbuf(pcb));
    u8_t *data;

    if (len == 0) {
      break;
    }
    len = LWIP_MIN(len, 0xffffu);
    data = place(source, &len);
    app_pattern_fill(source->key, source->written, data, len);
    err = write_some(source, pcb, data, len);
  }
  if (source->written != before) {
    /* Not sent now is sent later by TCP itself. */
    (void)tcp_output(pcb);
  }
  return err;
}
