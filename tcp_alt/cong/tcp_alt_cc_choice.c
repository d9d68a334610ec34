/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * cong: the choice of an algorithm for each connection.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_CC_PLUGGABLE

#include "lwip/priv/tcp_alt_cc.h"
#include "lwip/priv/tcp_alt_rod.h"
#include "lwip/priv/tcp_alt_component.h"

#include <string.h>

/* The first is what nobody has chosen. */
static const struct tcp_alt_cc *const algorithms[] = {
#if TCP_CC == TCP_CC_CUBIC
  &tcp_alt_cc_cubic, &tcp_alt_cc_newreno,
#elif TCP_CC == TCP_CC_MODEL
  &tcp_alt_cc_model, &tcp_alt_cc_newreno,
#else
  &tcp_alt_cc_newreno,
#endif
#if TCP_CUBIC && TCP_CC != TCP_CC_CUBIC
  &tcp_alt_cc_cubic,
#endif
#if TCP_MODEL && TCP_CC != TCP_CC_MODEL
  &tcp_alt_cc_model,
#endif
};

const struct tcp_alt_cc *
tcp_alt_cong_find(const char *name)
{
  size_t i;
  for (i = 0; i < LWIP_ARRAYSIZE(algorithms); i++) {
    if (strcmp(algorithms[i]->name, name) == 0) {
      return algorithms[i];
    }
  }
  return NULL;
}

const char *
tcp_alt_cong_name(const struct tcp_alt_cc *cc)
{
  return cc->name;
}

#if TCP_MODEL
void
tcp_alt_cc_unseen(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_ack_event *ev)
{
  LWIP_UNUSED_ARG(cong);
  LWIP_UNUSED_ARG(rod);
  LWIP_UNUSED_ARG(ev);
}
#endif

void
tcp_alt_cong_init(struct tcp_alt_cong *cong)
{
  cong->cc = algorithms[0];
}

void
tcp_alt_cong_choose(struct tcp_alt_cong *cong, const struct tcp_alt_rod *rod, const struct tcp_alt_cc *cc, u32_t now)
{
  if (cong->cc == cc) {
    return;
  }
  cong->cc = cc;
  if (cong->cwnd == 0) {
    return; /* the connection is not open: it will be */
  }
  cc->open(cong, rod, now);
#if TCP_PRR
  if (rod->state == TCP_ALT_ROD_RECOVERY) { /* the old one may not have counted */
    cong->phase = TCP_ALT_CONG_RECOVERY;
    cong->in.prr.recover_fs = (tcpwnd_size_t)LWIP_MAX(rod->snd_nxt - rod->snd_una, 1U);
    cong->in.prr.delivered = 0;
    cong->in.prr.out = 0;
  }
#endif
}

#endif /* LWIP_TCP && LWIP_TCP_ALT && LWIP_TCP_CC_PLUGGABLE */
