/* SPDX-License-Identifier: BSD-3-Clause */
/** @file A host's connections in words, for the report of a failed run. */
#include "host.h"

#include "lwip/priv/tcp_priv.h"
#include "lwip/tcp.h"

void
simhost_dump(FILE *out)
{
  fprintf(out, "    lists: listen %s, active %s, time-wait %s, bound %s\n",
          tcp_listen_pcbs.pcbs != NULL ? "some" : "none",
          tcp_active_pcbs != NULL ? "some" : "none", tcp_tw_pcbs != NULL ? "some" : "none",
          tcp_bound_pcbs != NULL ? "some" : "none");
}
