/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * conn: how large a packet the path takes (RFC 1191, RFC 8201), and whom to believe (RFC 5927 7).
 *
 * lowered  a message says that a packet of ours did not fit; or, since firewalls swallow such messages, a full
 *          segment was lost three times in a row (RFC 2923 2.1): then the smallest MTU is tried.
 * raised   ten minutes after that, by one step of RFC 1191's table; then every two minutes. A path that changed
 *          for the better is used again; one that did not answers with another message.
 * restored after three more timeouts, if the smaller segments did not get through either: then it was not that.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_PMTUD

#include "lwip/priv/tcp_alt_conn.h"
#include "lwip/priv/tcp_alt_rod.h"
#include "lwip/priv/tcp_alt_component.h"

#define HOLE_TIMEOUTS 3        /* R1 of RFC 9293 3.8.3 */
#define GROW_MS       600000UL /* RFC 1191 6.3, RFC 8201 4: ten minutes after a message */
#define GROW_AGAIN_MS 120000UL /* and two after a success */
#define LEAST_MTU     68U      /* RFC 791: every link takes it; less means that nothing was said */

/* RFC 1191 7: MTUs that there are, but for the smallest, which no floor admits. */
static const u16_t plateaus[] = { 65535, 32000, 17914, 8166, 4352, 2002, 1492, 1006, 508, 296, 68 };
#define N_PLATEAUS (sizeof(plateaus) / sizeof(plateaus[0]))

static u16_t
plateau_below(u32_t mtu)
{
  u8_t i = 0;
  while (i < N_PLATEAUS - 1 && plateaus[i] >= mtu) {
    i++;
  }
  return plateaus[i];
}

static u16_t
plateau_above(u32_t mtu)
{
  u8_t i = N_PLATEAUS - 1;
  while (i > 0 && plateaus[i] <= mtu) {
    i--;
  }
  return plateaus[i];
}

/* The path takes packets of this size; smaller ones than the floor it may make itself. */
static void
conn_lower(struct tcp_alt_conn *conn, const struct tcp_alt_mtu_event *ev, u16_t mtu, u8_t flags)
{
  u16_t mss = (u16_t)(LWIP_MAX(mtu, ev->floor) - ev->headers);
  conn->mss = LWIP_MIN(conn->mss, mss);
  conn->pmtu = flags;
  conn->pmtu_at = ev->now;
}

u16_t
tcp_alt_conn_on_too_big(struct tcp_alt_conn *conn, const struct tcp_alt_rod *rod,
                        const struct tcp_alt_mtu_event *ev)
{
  u32_t known = (u32_t)conn->mss + ev->headers;
  u32_t mtu = ev->mtu;

  if (mtu < LEAST_MTU) {
    mtu = plateau_below(LWIP_MIN(known, ev->size)); /* RFC 1191 5: an old router */
  }
  if (mtu >= ev->size || mtu >= known) {
    return 0;
  }
  /* RFC 5927 7.2: so large a packet has been through; so only if it is lost indeed */
  if (mtu < (u32_t)rod->acked_max + ev->headers && rod->nrtx == 0) {
    return 0;
  }
  if (known <= ev->floor && (conn->pmtu & TCP_ALT_PMTU_NO_DF)) {
    return 0; /* it may fragment */
  }
  conn_lower(conn, ev, (u16_t)mtu, mtu < ev->floor ? TCP_ALT_PMTU_NO_DF : 0);
  return (u16_t)(mtu - ev->headers);
}

int
tcp_alt_conn_on_timeouts(struct tcp_alt_conn *conn, const struct tcp_alt_rod *rod,
                         const struct tcp_alt_mtu_event *ev, u16_t len)
{
  if (rod->nrtx == HOLE_TIMEOUTS && (u32_t)len + ev->headers > ev->floor) {
    conn_lower(conn, ev, ev->floor, TCP_ALT_PMTU_HOLE | TCP_ALT_PMTU_NO_DF);
    return 1;
  }
  if (rod->nrtx == 2 * HOLE_TIMEOUTS && (conn->pmtu & TCP_ALT_PMTU_HOLE)) {
    conn->mss = conn->mss_max;
    conn->pmtu = 0;
    return 1;
  }
  return 0;
}

int
tcp_alt_conn_may_grow(const struct tcp_alt_conn *conn, u32_t now)
{
  return now - conn->pmtu_at >= ((conn->pmtu & TCP_ALT_PMTU_RAISED) ? GROW_AGAIN_MS : GROW_MS);
}

void
tcp_alt_conn_grow(struct tcp_alt_conn *conn, const struct tcp_alt_mtu_event *ev, u16_t mss)
{
  u32_t step = plateau_above((u32_t)conn->mss + ev->headers);
  step -= ev->headers;
  conn->mss = (u16_t)LWIP_MIN(step, mss);
  conn->pmtu = TCP_ALT_PMTU_RAISED;
  conn->pmtu_at = ev->now;
}

#endif /* LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_PMTUD */
