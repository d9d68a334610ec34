/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * rod: the marks in both streams up to which data is urgent, RCV.UP and SND.UP (RFC 9293 3.8.5). Each is the number
 * of the byte behind the urgent ones (MUST-62), and counts only while it is ahead. No byte is ever taken out of the
 * stream for it, wherever a peer may point.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_URGENT

#include "lwip/priv/tcp_alt_rod.h"
#include "lwip/priv/tcp_alt_component.h"

/* The number of the next byte that the application is given. */
static u32_t
urgent_given(const struct tcp_alt_rod *rod)
{
  return rod->rcv_nxt - (rod->refused != NULL ? rod->refused->tot_len : 0U);
}

u32_t
tcp_alt_rod_urgent_left(const struct tcp_alt_rod *rod)
{
  u32_t given = urgent_given(rod);
  return (rod->urgent & TCP_ALT_URGENT_RCV) && TCP_ALT_GT(rod->rcv_up, given) ? rod->rcv_up - given : 0;
}

int
tcp_alt_rod_on_urgent(struct tcp_alt_rod *rod, const struct tcp_alt_segment *seg)
{
  u32_t up = seg->seq + seg->urgent;
  if (TCP_ALT_LEQ(up, urgent_given(rod)) ||
      ((rod->urgent & TCP_ALT_URGENT_RCV) && TCP_ALT_LEQ(up, rod->rcv_up))) {
    return 0;
  }
  rod->urgent |= TCP_ALT_URGENT_RCV;
  rod->rcv_up = up;
  return 1;
}

void
tcp_alt_rod_urgent_passed(struct tcp_alt_rod *rod)
{
  if ((rod->urgent & TCP_ALT_URGENT_RCV) && tcp_alt_rod_urgent_left(rod) == 0) {
    rod->urgent &= (u8_t)~TCP_ALT_URGENT_RCV; /* in 2 GB it would look as if it were ahead */
  }
  if ((rod->urgent & TCP_ALT_URGENT_SND) && TCP_ALT_LEQ(rod->snd_up, rod->snd_una)) {
    rod->urgent &= (u8_t)~TCP_ALT_URGENT_SND;
  }
}

void
tcp_alt_rod_mark_urgent(struct tcp_alt_rod *rod)
{
  if (TCP_ALT_GT(rod->snd_lbb, rod->snd_una)) {
    rod->urgent |= TCP_ALT_URGENT_SND;
    rod->snd_up = rod->snd_lbb;
    rod->rx |= TCP_ALT_RX_NOW; /* told at once, with data or without */
  }
}

u16_t
tcp_alt_rod_urgent_pointer(const struct tcp_alt_rod *rod, u32_t seq)
{
  u32_t ahead = rod->snd_up - seq;
  if (!(rod->urgent & TCP_ALT_URGENT_SND) || TCP_ALT_LEQ(rod->snd_up, seq)) {
    return 0;
  }
  return (u16_t)LWIP_MIN(ahead, 0xffffU);
}

#endif /* LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_URGENT */
