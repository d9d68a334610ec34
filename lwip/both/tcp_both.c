/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Both backends in one program: the choice. The calls themselves are written by tools/lwip-tree.
 */
#include "lwip/opt.h"

#if LWIP_TCP && LWIP_TCP_BOTH

#include "lwip/priv/tcp_both.h"
#include "lwip/tcp_backend.h"

#define TABLE_OF(backend) ((backend) == LWIP_TCP_BACKEND_ALT ? &tcp_both_alt : &tcp_both_legacy)

const struct tcp_both *tcp_both = TABLE_OF(LWIP_TCP_BACKEND_DEFAULT);

static u8_t chosen; /* lwip_init() was called */

err_t
lwip_tcp_backend_select(enum lwip_tcp_backend backend)
{
  if (backend != LWIP_TCP_BACKEND_LEGACY && backend != LWIP_TCP_BACKEND_ALT) {
    return ERR_VAL;
  }
  if (chosen) {
    return ERR_ALREADY;
  }
  tcp_both = TABLE_OF(backend);
  return ERR_OK;
}

enum lwip_tcp_backend
lwip_tcp_backend_get(void)
{
  return tcp_both == &tcp_both_alt ? LWIP_TCP_BACKEND_ALT : LWIP_TCP_BACKEND_LEGACY;
}

/* Which options differ is not said: they are those of a handful that lwipopts.h sets for one side. */
static void
check_agreed(void)
{
#ifndef LWIP_NOASSERT
  static const u32_t here[] = TCP_BOTH_AGREED;
  size_t i;
  for (i = 0; i < sizeof(here) / sizeof(here[0]); i++) {
    LWIP_ASSERT("legacy was compiled with another TCP_MSS, TCP_WND, pool size or the like: see docs/both.md",
                tcp_both_legacy.agreed[i] == here[i]);
    LWIP_ASSERT("alt was compiled with another TCP_MSS, TCP_WND, pool size or the like: see docs/both.md",
                tcp_both_alt.agreed[i] == here[i]);
  }
#endif
}

void
tcp_init(void)
{
  check_agreed();
  chosen = 1;
  tcp_both->p_tcp_init();
}

#endif /* LWIP_TCP && LWIP_TCP_BOTH */
