/* SPDX-License-Identifier: BSD-3-Clause */
/** @file A simulated host: lwIP on an IP-level netif, time from outside. */
#include "host.h"

#include <stdarg.h>
#include <string.h>

#include "app_conn.h"
#include "lwip/init.h"
#include "lwip/ip.h"
#include "lwip/ip6.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "lwip/stats.h"
#include "lwip/sys.h"
#include "lwip/tcp.h"
#include "lwip/timeouts.h"
#if defined(LWIP_TCP_BOTH) /* a tree of an earlier revision knows nothing of it */
#include "lwip/tcp_backend.h"
#else
#define LWIP_TCP_BOTH 0
#endif

static struct simhost_env env;
static struct simhost_setup setup;
static struct netif sim_netif;
static uint64_t random_state;
static uint32_t input_refused;

uint64_t
simhost_now_ns(void)
{
  return env.now_ns(env.world);
}

u32_t
sys_now(void)
{
  return setup.clock_start_ms + (u32_t)(simhost_now_ns() / 1000000u);
}

/* splitmix64 */
uint32_t
simhost_rand(void)
{
  uint64_t z = random_state += 0x9e3779b97f4a7c15u;

  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return (uint32_t)((z ^ (z >> 31)) >> 32);
}

void
simhost_assert(const char *message, const char *file, int line)
{
  char text[400];
  const char *base = strrchr(file, '/');

  if (allocations_excuse(message)) {
    return;
  }
  snprintf(text, sizeof(text), "assertion \"%s\" at %s:%d", message,
           base != NULL ? base + 1 : file, line);
  env.fault(env.world, env.index, text);
}

void
simhost_diag(const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
}

void
simhost_address(unsigned index, int v6, ip_addr_t *out)
{
#if LWIP_IPV6
  if (v6) {
    IP_ADDR6(out, lwip_htonl(0xfd000000u), 0, 0, lwip_htonl(index + 1));
    return;
  }
#endif
  LWIP_UNUSED_ARG(v6);
#if LWIP_IPV4
  IP_ADDR4(out, 10, 0, (u8_t)((index + 1) >> 8), (u8_t)(index + 1));
#endif
}

static err_t
transmit(struct netif *netif, struct pbuf *p)
{
  static uint8_t frame[SIMHOST_MTU_MAX];

  LWIP_UNUSED_ARG(netif);
  if (p->tot_len > sizeof(frame)) {
    return ERR_BUF;
  }
  pbuf_copy_partial(p, frame, p->tot_len, 0);
  env.transmit(env.world, env.index, frame, p->tot_len);
  return ERR_OK;
}

#if LWIP_IPV4
static err_t
output4(struct netif *netif, struct pbuf *p, const ip4_addr_t *to)
{
  LWIP_UNUSED_ARG(to);
  return transmit(netif, p);
}
#endif

#if LWIP_IPV6
static err_t
output6(struct netif *netif, struct pbuf *p, const ip6_addr_t *to)
{
  LWIP_UNUSED_ARG(to);
  return transmit(netif, p);
}
#endif

static err_t
netif_setup(struct netif *netif)
{
  netif->name[0] = 's';
  netif->name[1] = 'm';
  netif->mtu = setup.mtu;
#if LWIP_IPV4
  netif->output = output4;
#endif
#if LWIP_IPV6
  netif->output_ip6 = output6;
#endif
  return ERR_OK;
}

static void
add_netif(void)
{
#if LWIP_IPV4
  ip_addr_t own;
  ip4_addr_t mask;
  ip4_addr_t gateway;

  simhost_address(env.index, 0, &own);
  IP4_ADDR(&mask, 255, 0, 0, 0);
  ip4_addr_set_zero(&gateway);
  netif_add(&sim_netif, ip_2_ip4(&own), &mask, &gateway, NULL, netif_setup, ip_input);
#else
  netif_add(&sim_netif, NULL, netif_setup, ip_input);
#endif
#if LWIP_IPV6
  {
    ip_addr_t own6;
    simhost_address(env.index, 1, &own6);
    netif_ip6_addr_set(&sim_netif, 0, ip_2_ip6(&own6));
    netif_ip6_addr_set_state(&sim_netif, 0, IP6_ADDR_PREFERRED);
  }
#endif
  netif_set_default(&sim_netif);
  netif_set_link_up(&sim_netif);
  netif_set_up(&sim_netif);
}

static void
init(const struct simhost_env *given_env, const struct simhost_setup *given_setup)
{
  env = *given_env;
  setup = *given_setup;
  random_state = setup.seed;
  lwip_init();
  add_netif();
  allocations_begin(setup.fail_first, setup.fail_count);
}

/* As a driver does it: a buffer from the pool, or the frame is lost. */
static void
input(const uint8_t *frame, size_t len)
{
  struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)len, PBUF_POOL);

  if (p == NULL) {
    input_refused++;
    return;
  }
  (void)pbuf_take(p, frame, (u16_t)len);
  if (sim_netif.input(p, &sim_netif) != ERR_OK) {
    pbuf_free(p);
  }
}

static uint32_t
sleep_ms(void)
{
  u32_t sleep = sys_timeouts_sleeptime();

  return sleep == SYS_TIMEOUTS_SLEEPTIME_INFINITE ? SIMHOST_NO_DEADLINE : sleep;
}

static void
counters(struct simhost_counters *out)
{
  unsigned i;

  memset(out, 0, sizeof(*out));
  out->tcp_pcb = lwip_stats.memp[MEMP_TCP_PCB]->used;
  out->tcp_pcb_listen = lwip_stats.memp[MEMP_TCP_PCB_LISTEN]->used;
  out->tcp_seg = lwip_stats.memp[MEMP_TCP_SEG]->used;
  out->pbuf = lwip_stats.memp[MEMP_PBUF]->used;
  out->pbuf_pool = lwip_stats.memp[MEMP_PBUF_POOL]->used;
  out->sys_timeout = lwip_stats.memp[MEMP_SYS_TIMEOUT]->used;
  out->mem = lwip_stats.mem.used;
  for (i = 0; i < MEMP_MAX; i++) {
    out->pool_errors += lwip_stats.memp[i]->err;
  }
  out->tcp_xmit = lwip_stats.tcp.xmit;
  out->tcp_recv = lwip_stats.tcp.recv;
  out->tcp_drop = lwip_stats.tcp.drop;
  out->tcp_chkerr = lwip_stats.tcp.chkerr;
  out->tcp_lenerr = lwip_stats.tcp.lenerr;
  out->tcp_memerr = lwip_stats.tcp.memerr;
  out->tcp_proterr = lwip_stats.tcp.proterr;
  out->tcp_err = lwip_stats.tcp.err;
  allocations_count(out);
  out->input_refused = input_refused;
  out->app_connections = app_conn_count();
}

#if LWIP_TCP_BOTH
static int choose(const char *backend);
#endif

static struct simhost_api api = {
  .abi = SIMHOST_ABI,
  .backend = LWIP_TCP_ALT ? "alt" : "legacy",
  .version = LWIP_VERSION_STRING,
  .has_ipv6 = LWIP_IPV6,
  .init = init,
  .input = input,
  .run_timers = sys_check_timeouts,
  .sleep_ms = sleep_ms,
  .start = roles_start,
  .stop_servers = roles_stop_servers,
  .abort_all = roles_abort_all,
  .counters = counters,
  .result = roles_result,
  .waits = simhost_waits,
  .dump = simhost_dump,
  .probe = simhost_probe,
  .hand = simhost_hand,
#if LWIP_TCP_BOTH
  .choose = choose
#endif
};

#if LWIP_TCP_BOTH
static int
choose(const char *backend)
{
  static const char *const backends[] = { "legacy", "alt" }; /* enum lwip_tcp_backend */
  unsigned i;

  for (i = 0; i < sizeof(backends) / sizeof(backends[0]); i++) {
    if (strcmp(backend, backends[i]) == 0 && lwip_tcp_backend_select((enum lwip_tcp_backend)i) == ERR_OK) {
      api.backend = backends[i];
      return 0;
    }
  }
  return -1;
}
#endif

__attribute__((visibility("default"))) const struct simhost_api *
simhost_entry_point(void)
{
  return &api;
}
