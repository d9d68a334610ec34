/* SPDX-License-Identifier: BSD-3-Clause
 * lwIP's lwiperf, both directions, with one line of report per test. */
#include "apps.h"

#include "lwip/apps/lwiperf.h"

#include <stdio.h>

static const char *
outcome(enum lwiperf_report_type type)
{
  switch (type) {
    case LWIPERF_TCP_DONE_SERVER:
      return "server done";
    case LWIPERF_TCP_DONE_CLIENT:
      return "client done";
    case LWIPERF_TCP_ABORTED_LOCAL_DATAERROR:
      return "aborted: wrong data";
    case LWIPERF_TCP_ABORTED_LOCAL_TXERROR:
      return "aborted: transmit error";
    case LWIPERF_TCP_ABORTED_REMOTE:
      return "aborted by the peer";
    case LWIPERF_TCP_ABORTED_LOCAL:
    default:
      return "aborted";
  }
}

static void
report(void *arg, enum lwiperf_report_type type, const ip_addr_t *local_addr, u16_t local_port,
       const ip_addr_t *remote_addr, u16_t remote_port, u32_t bytes, u32_t ms, u32_t kbitps)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(local_addr);
  LWIP_UNUSED_ARG(local_port);
  LWIP_UNUSED_ARG(remote_addr);
  LWIP_UNUSED_ARG(remote_port);
  printf("iperf %s bytes=%" U32_F " ms=%" U32_F " kbit/s=%" U32_F "\n", outcome(type), bytes, ms, kbitps);
}

int
iperf_serve(const char *unused)
{
  LWIP_UNUSED_ARG(unused);
  return lwiperf_start_tcp_server_default(report, NULL) != NULL;
}

int
iperf_send(const char *addr)
{
  ip_addr_t to;

  return ipaddr_aton(addr, &to) && lwiperf_start_tcp_client_default(&to, report, NULL) != NULL;
}
