/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * rod, receive side: the SACK blocks of an ACK (RFC 2018 4, RFC 2883 4).
 *
 * No history is kept: every queued segment carries the number of the arrival that touched it last, so
 * the order "most recently reported first" can be read off the queue.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_SACK_OUT

#include "lwip/priv/tcp_alt_rod.h"
#include "lwip/priv/tcp_alt_seg.h"
#include "lwip/priv/tcp_alt_seq.h"
#include "lwip/priv/tcp_alt_component.h"

/* A run of queued data without a gap. */
struct sack_run {
  u32_t left, right;
  u8_t age; /* arrivals since it was touched last; 255: that many or more */
};

/* The run that begins with `s`; returns the segment behind it. */
static const struct tcp_seg *
sack_run_at(const struct tcp_seg *s, u8_t stamp, struct sack_run *run)
{
  run->left = s->seq;
  run->right = s->seq;
  run->age = 255;
  while (s != NULL && s->seq == run->right) {
    u8_t age = (u8_t)(stamp - s->stamp);
    run->age = LWIP_MIN(run->age, age);
    run->right += s->len;
    s = s->next;
  }
  return s;
}

/* Inserts a run into the blocks by age; the oldest falls out when `max` are there. */
static u8_t
sack_insert(u32_t *blocks, u8_t *ages, u8_t n, u8_t max, const struct sack_run *run)
{
  u8_t i = n < max ? n : (u8_t)(max - 1);
  if (n == max && ages[i] <= run->age) {
    return n;
  }
  for (; i > 0 && ages[i - 1] > run->age; i--) {
    blocks[2 * i] = blocks[2 * i - 2];
    blocks[2 * i + 1] = blocks[2 * i - 1];
    ages[i] = ages[i - 1];
  }
  blocks[2 * i] = run->left;
  blocks[2 * i + 1] = run->right;
  ages[i] = run->age;
  return n < max ? (u8_t)(n + 1) : n;
}

u8_t
tcp_alt_rod_sack_blocks(const struct tcp_alt_rod *rod, u32_t *blocks, u8_t max)
{
  u8_t ages[LWIP_TCP_MAX_SACK_NUM + 1]; /* one more than is used: compilers do not see that for 1 */
  u8_t first = 0, n = 0;

  if (rod->rx & TCP_ALT_RX_DSACK) {
    blocks[0] = rod->dsack_left;
    blocks[1] = rod->dsack_right;
    first = 1;
  }
#if TCP_QUEUE_OOSEQ
  {
    const struct tcp_seg *s = rod->ooseq;
    while (s != NULL && first < max) {
      struct sack_run run;
      s = sack_run_at(s, rod->ooseq_stamp, &run);
      if (run.left != run.right) { /* a bare FIN has no bytes to report */
        n = sack_insert(blocks + 2 * first, ages, n, (u8_t)(max - first), &run);
      }
    }
  }
#endif
  return (u8_t)(first + n);
}

#endif /* LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_SACK_OUT */
