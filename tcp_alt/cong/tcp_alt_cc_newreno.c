/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * cong: arithmetic that all algorithms share. NewReno itself is so little that it stands in tcp_alt_cc.h.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT

#include "lwip/priv/tcp_alt_cc.h"
#include "lwip/priv/tcp_alt_component.h"

#if TCP_PRR || TCP_CUBIC
u32_t
tcp_alt_cong_share(u32_t a, u32_t b, u32_t c)
{
  while (a > 0xffffU || b > 0xffffU) {
    if (b > a) {
      b >>= 1;
    } else {
      a >>= 1;
    }
    c >>= 1;
  }
  c = LWIP_MAX(c, 1);
  return (a * b + c - 1) / c;
}
#endif

#if LWIP_TCP_CC_PLUGGABLE
const struct tcp_alt_cc tcp_alt_cc_newreno = {
  "newreno", tcp_alt_cc_newreno_open, tcp_alt_cc_newreno_grow, tcp_alt_cc_newreno_reduced, tcp_alt_cc_newreno_undo,
  tcp_alt_cc_newreno_recover,
#if TCP_MODEL
  tcp_alt_cc_unseen
#endif
};
#endif

#endif /* LWIP_TCP && LWIP_TCP_ALT */
