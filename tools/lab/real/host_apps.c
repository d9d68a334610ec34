/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * lwIP's side: ports/unix's host with the applications of the simulated
 * hosts. What the simulator offers those, this file offers in real time.
 */
#include "apps.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../../../tests/sim/core/result.h"
#include "../../../tests/sim/host/host.h"

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

static int
start_role(const char *text)
{
  char name[16];
  char error[160];
  size_t len = strcspn(text, " ");

  if (len >= sizeof(name)) {
    return 0;
  }
  memcpy(name, text, len);
  name[len] = '\0';
  if (roles_start(name, text + len, error, sizeof(error)) != 0) {
    fprintf(stderr, "host: %s\n", error);
    return 0;
  }
  host_at_end(end_roles);
  return 1;
}

static int
set_peer(const char *addr)
{
  return ipaddr_aton(addr, &peer);
}

const struct app apps[] = {
  { "peer", "ADDR", "whom the applications after this connect to", set_peer },
  { "role", "ROLE KEY=VALUE...", "an application of the simulator (docs/simulator.md)", start_role },
  { NULL, NULL, NULL, NULL }
};
