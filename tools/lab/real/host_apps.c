/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * lwIP's side: ports/unix's host with the applications of the simulated
 * hosts. What the simulator offers those, this file offers in real time.
 */
#include "apps.h"

#include "lwip/etharp.h"
#include "lwip/timeouts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../../tests/sim/core/result.h"
#include "../../../tests/sim/host/host.h"

#define ASK_AGAIN_MS 20

static ip_addr_t peer;

uint64_t
simhost_now_ns(void)
{
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* There is but one other host. */
void
simhost_address(unsigned index, int v6, ip_addr_t *out)
{
  LWIP_UNUSED_ARG(index);
  LWIP_UNUSED_ARG(v6);
  ip_addr_copy(*out, peer);
}

/* Figures first; then nothing may stay open, so that everything comes back to its pool. */
static void
end_roles(void)
{
  const struct simhost_result *result;
  unsigned i;

  for (i = 0; (result = roles_result(i)) != NULL; i++) {
    result_print(result, simhost_now_ns(), stdout);
  }
  roles_stop_servers();
  roles_abort_all();
}

/* A SYN that waits for ARP on a device that is not quite up would count as lost: the router answers first. */
static void
start_when_reachable(void *text)
{
  const ip4_addr_t *found;
  struct eth_addr *station;
  char error[160];
  char name[16];
  size_t len = strcspn(text, " ");

  if (etharp_find_addr(netif_default, netif_ip4_gw(netif_default), &station, &found) < 0) {
    (void)etharp_request(netif_default, netif_ip4_gw(netif_default));
    sys_timeout(ASK_AGAIN_MS, start_when_reachable, text);
    return;
  }
  snprintf(name, sizeof(name), "%.*s", (int)len, (const char *)text);
  if (roles_start(name, (const char *)text + len, error, sizeof(error)) != 0) {
    fprintf(stderr, "host: %s\n", error);
    exit(1);
  }
  puts("started");
}

static int
start_role(const char *text)
{
  host_at_end(end_roles);
  start_when_reachable(LWIP_CONST_CAST(void *, text));
  return 1;
}

static int
set_peer(const char *addr)
{
  return ipaddr_aton(addr, &peer);
}

const struct app apps[] = {
  { "peer", "ADDR", "whom the applications after this connect to", set_peer },
  { "role", "ROLE KEY=VALUE...", "an application of the simulator (docs/simulator.md); `started` tells when", start_role },
  { NULL, NULL, NULL, NULL }
};
