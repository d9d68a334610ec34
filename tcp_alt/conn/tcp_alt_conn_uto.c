/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * conn: the user timeout (RFC 9293 3.8.3 and 3.9.1) and the option by which peers tell each other theirs
 * (RFC 5482). Its deadline is in tcp_alt_conn_tmr.c.
 *
 * RFC 5482's variables: ENABLED is uto_adv != 0, CHANGEABLE is not TCP_ALT_UTO_FIXED, ADV_UTO is uto_adv,
 * L_LIMIT and U_LIMIT are TCP_UTO_MIN_S and TCP_UTO_MAX_S.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_USER_TIMEOUT

#include "lwip/priv/tcp_alt_conn.h"
#include "lwip/priv/tcp_alt_component.h"

#define TIMEOUT_MAX 0x3fffffffU /* ms, twelve days: what sys_timeout() takes */

void
tcp_alt_conn_set_user_timeout(struct tcp_alt_conn *conn, u32_t ms)
{
  conn->user_timeout = LWIP_MIN(ms, TIMEOUT_MAX);
#if LWIP_TCP_USER_TIMEOUT_OPTION
  conn->uto |= TCP_ALT_UTO_FIXED;
#endif
}

#if LWIP_TCP_USER_TIMEOUT_OPTION

/* RFC 5482 3.3: 15 bits of seconds, or with G of minutes */
#define UTO_G     0x8000U
#define UTO_VALUE 0x7fffU

static u16_t
uto_encode(u32_t s)
{
  u32_t minutes;
  if (s <= UTO_VALUE) {
    return (u16_t)s;
  }
  minutes = s / 60U + (s % 60U != 0);
  return (u16_t)(UTO_G | LWIP_MIN(minutes, UTO_VALUE));
}

static u32_t
uto_decode(u16_t uto)
{
  return (u32_t)(uto & UTO_VALUE) * ((uto & UTO_G) ? 60U : 1U);
}

void
tcp_alt_conn_set_uto(struct tcp_alt_conn *conn, u32_t s)
{
  conn->uto_adv = uto_encode(s);
  conn->uto &= (u8_t)~TCP_ALT_UTO_DUE;
  if (s != 0) {
    conn->uto |= TCP_ALT_UTO_DUE;
  }
}

void
tcp_alt_conn_on_uto(struct tcp_alt_conn *conn, const struct tcp_alt_segment *seg)
{
  u32_t remote = uto_decode(seg->uto);
  u32_t s = uto_decode(conn->uto_adv);
  if (conn->uto_adv == 0 || (conn->uto & TCP_ALT_UTO_FIXED) || remote == 0) {
    return;
  }
  /* 3.1: USER_TIMEOUT = min(U_LIMIT, max(ADV_UTO, REMOTE_UTO, L_LIMIT)) */
  s = LWIP_MAX(s, remote);
  s = LWIP_MAX(s, TCP_UTO_MIN_S);
  conn->user_timeout = (u32_t)LWIP_MIN(s, TCP_UTO_MAX_S) * 1000U;
}

void
tcp_alt_conn_on_uto_sent(struct tcp_alt_conn *conn)
{
  conn->uto &= (u8_t)~TCP_ALT_UTO_DUE;
}

#endif /* LWIP_TCP_USER_TIMEOUT_OPTION */

#endif /* LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_USER_TIMEOUT */
