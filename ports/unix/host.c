/* SPDX-License-Identifier: BSD-3-Clause
 * An lwIP host on a network device. Built with NO_SYS=1 it is one loop that sleeps
 * exactly until lwIP's next timeout; with NO_SYS=0 tcpip_thread does that and a
 * second thread reads the device. */
#include "apps.h"
#include "interface.h"

#include "lwip/init.h"
#include "lwip/ip.h"
#include "lwip/mem.h"
#include "lwip/memp.h"
#include "lwip/priv/memp_priv.h"
#include "lwip/stats.h"
#include "lwip/sys.h"
#include "lwip/tcp_backend.h"
#include "lwip/timeouts.h"
#include "netif/ethernet.h"
#if !NO_SYS
#include "lwip/tcpip.h"
#endif

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FRAMES_PER_LOOP 64

#define MAX_STARTS 16
#define DRAIN_STEP 20 /* ms between two looks at what is still in use */

/* One --app NAME=ARG. */
struct start {
  const struct app *app;
  const char *arg;
};

static struct {
  const char *addr;
  const char *mask;
  const char *gw;
  const char *addr6;
  const char *tcp;
  u32_t rx_delay;
  u32_t drain;
  struct start starts[MAX_STARTS];
  int n_starts;
} opt = { "10.77.0.2", "255.255.255.0", "0.0.0.0", "fd77::2", NULL, 0, 0, { { NULL, NULL } }, 0 };

static struct netif netif;
static struct device device;
static unsigned long wakeups; /* of the loop, by frames and by timeouts */
static unsigned long timeouts;
static volatile sig_atomic_t stopping;
static int draining;
static u32_t drain_began;
static u32_t heap_at_start;
static void (*at_end)(void);

static void
usage(FILE *to)
{
  const struct app *app;

  fprintf(to,
          "usage: host --%s NAME [options]\n"
          "%s\n"
          "  --%s NAME  %s\n"
          "  --mac M           lwIP's Ethernet address (default: locally administered, the same each time)\n"
          "  --addr A          lwIP's IPv4 address (default %s)\n"
          "  --mask M          its network mask (default %s)\n"
          "  --gw A            the router to other networks (default %s: none)\n"
          "  --addr6 A         its IPv6 address (default %s)\n"
          "  --tcp legacy|alt  the TCP, where both were built in\n"
          "  --rx-delay MS     frames wait that long before lwIP sees them\n"
          "  --drain MS        at the end, wait that long at most for the last connection, packet and byte of heap to go\n"
          "  --app NAME[=ARG]  start an application; may be repeated:\n",
          device_words.option, device_words.about, device_words.option, device_words.kind, opt.addr, opt.mask, opt.gw, opt.addr6);
  for (app = apps; app->name != NULL; app++) {
    fprintf(to, "    %s%s%s  %s\n", app->name, app->arg != NULL ? "=" : "", app->arg != NULL ? app->arg : "",
            app->text);
  }
  fprintf(to, "  --help\n"
              "SIGTERM or SIGINT ends it; it then prints counters and what is still in use.\n"
              "examples:\n"
              "  host --%s NAME --app httpd=build/big.bin --app iperf\n"
              "  host --%s NAME --app upload=build/received.bin\n",
          device_words.option, device_words.option);
}

static void
fail(const char *what)
{
  fprintf(stderr, "host: %s\n", what);
  exit(1);
}

static void
wrong_usage(void)
{
  usage(stderr);
  exit(2);
}

/* Keep one --app for when lwIP runs. */
static void
parse_app(char *name)
{
  const struct app *app = apps;
  char *arg = strchr(name, '=');

  if (arg != NULL) {
    *arg++ = '\0';
  }
  while (app->name != NULL && strcmp(app->name, name) != 0) {
    app++;
  }
  if (app->name == NULL || opt.n_starts == MAX_STARTS) {
    fprintf(stderr, "host: no application '%s', or too many\n", name);
    wrong_usage();
  }
  opt.starts[opt.n_starts].app = app;
  opt.starts[opt.n_starts].arg = arg;
  opt.n_starts++;
}

static void
parse_mac(const char *text)
{
  unsigned part[DEVICE_MAC_LEN];
  char rest;
  int i;

  if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%c", &part[0], &part[1], &part[2], &part[3], &part[4], &part[5], &rest) !=
        DEVICE_MAC_LEN ||
      (part[0] & 1) != 0) {
    fprintf(stderr, "host: '%s' is no address of one Ethernet interface\n", text);
    wrong_usage();
  }
  for (i = 0; i < DEVICE_MAC_LEN; i++) {
    device.mac[i] = (u8_t)part[i];
  }
}

static void
parse(int argc, char **argv)
{
  const struct option longopts[] = {
    { device_words.option, required_argument, NULL, 'i' },
    { "mac", required_argument, NULL, 'e' },      { "addr", required_argument, NULL, 'a' },
    { "mask", required_argument, NULL, 'm' },     { "gw", required_argument, NULL, 'g' },
    { "addr6", required_argument, NULL, '6' },    { "tcp", required_argument, NULL, 'T' },
    { "rx-delay", required_argument, NULL, 'r' }, { "drain", required_argument, NULL, 'd' },
    { "app", required_argument, NULL, 'p' },      { "help", no_argument, NULL, 'h' },
    { NULL, 0, NULL, 0 }
  };
  int c;

  while ((c = getopt_long(argc, argv, "", longopts, NULL)) != -1) {
    switch (c) {
      case 'i':
        device.name = optarg;
        break;
      case 'e':
        parse_mac(optarg);
        break;
      case 'a':
        opt.addr = optarg;
        break;
      case 'm':
        opt.mask = optarg;
        break;
      case 'g':
        opt.gw = optarg;
        break;
      case '6':
        opt.addr6 = optarg;
        break;
      case 'T':
        opt.tcp = optarg;
        break;
      case 'r':
        opt.rx_delay = (u32_t)strtoul(optarg, NULL, 10);
        break;
      case 'd':
        opt.drain = (u32_t)strtoul(optarg, NULL, 10);
        break;
      case 'p':
        parse_app(optarg);
        break;
      case 'h':
        usage(stdout);
        exit(0);
      default:
        wrong_usage();
    }
  }
  if (device.name == NULL || optind != argc) {
    wrong_usage();
  }
}

static const char *const backends[] = { "legacy", "alt" }; /* enum lwip_tcp_backend */

/* Before anything of lwIP runs. */
static void
choose_tcp(void)
{
  unsigned i;

  for (i = 0; opt.tcp != NULL && i < LWIP_ARRAYSIZE(backends); i++) {
    if (strcmp(opt.tcp, backends[i]) == 0 && lwip_tcp_backend_select((enum lwip_tcp_backend)i) == ERR_OK) {
      return;
    }
  }
  if (opt.tcp != NULL) {
    fprintf(stderr, "host: this program does not have the TCP '%s'\n", opt.tcp);
    exit(1);
  }
}

static void
on_signal(int signo)
{
  LWIP_UNUSED_ARG(signo);
  stopping = 1;
}

static void
catch_signals(sigset_t *while_waiting)
{
  struct sigaction sa;
  sigset_t block;

  memset(&sa, 0, sizeof(sa));
  sa.sa_handler = on_signal;
  sigaction(SIGTERM, &sa, NULL);
  sigaction(SIGINT, &sa, NULL);
  /* Delivered only inside ppoll(), so that none is lost just before it. */
  sigemptyset(&block);
  sigaddset(&block, SIGTERM);
  sigaddset(&block, SIGINT);
  sigprocmask(SIG_BLOCK, &block, while_waiting);
}

/* Passes what waits to lwIP. */
static void
take_frames(void)
{
  if (!interface_poll(&netif, FRAMES_PER_LOOP)) {
    fail("the device is gone");
  }
}

static void
add_address6(void)
{
#if LWIP_IPV6
  ip6_addr_t addr6;
  s8_t slot;

  if (!ip6addr_aton(opt.addr6, &addr6)) {
    fail("not an IPv6 address");
  }
  netif_create_ip6_linklocal_address(&netif, 1);
  if (netif_add_ip6_address(&netif, &addr6, &slot) != ERR_OK) {
    fail("no room for the IPv6 address");
  }
  netif_ip6_addr_set_state(&netif, slot, IP6_ADDR_PREFERRED);
#endif
}

static void
add_interface(void)
{
  ip4_addr_t addr, mask, gw;

  if (!ip4addr_aton(opt.addr, &addr) || !ip4addr_aton(opt.mask, &mask) || !ip4addr_aton(opt.gw, &gw)) {
    fail("not an IPv4 address");
  }
#if NO_SYS
  if (netif_add(&netif, &addr, &mask, &gw, &device, interface_init, ethernet_input) == NULL) {
#else
  if (netif_add(&netif, &addr, &mask, &gw, &device, interface_init, tcpip_input) == NULL) {
#endif
    fail("cannot use the device");
  }
  netif_set_default(&netif);
  netif_set_up(&netif);
  add_address6();
}

void
host_at_end(void (*end)(void))
{
  at_end = end;
}

static void
start_apps(void)
{
  int i;

  for (i = 0; i < opt.n_starts; i++) {
    const struct start *start = &opt.starts[i];

    if ((start->arg == NULL) != (start->app->arg == NULL) || !start->app->start(start->arg)) {
      fprintf(stderr, "host: cannot start %s\n", start->app->name);
      exit(1);
    }
  }
}

static u32_t
heap_in_use(void)
{
  return (u32_t)lwip_stats.mem.used;
}

/* lwIP and its applications stand. */
static void
say_up(void)
{
  heap_at_start = heap_in_use();
  printf("tcp=%s\nup\n", backends[lwip_tcp_backend_get()]);
}

static const struct {
  const char *name;
  memp_t pool;
} pools[] = { { "tcp_pcb", MEMP_TCP_PCB },
              { "tcp_seg", MEMP_TCP_SEG },
              { "pbuf", MEMP_PBUF },
              { "pbuf_pool", MEMP_PBUF_POOL } };

/* One line per fact, for people and for the tests. */
static void
print_counters(void)
{
  size_t i;

  printf("wakeups=%lu timeouts=%lu\n", wakeups, timeouts);
  printf("tcp xmit=%lu recv=%lu drop=%lu memerr=%lu chkerr=%lu\n", (unsigned long)lwip_stats.tcp.xmit,
         (unsigned long)lwip_stats.tcp.recv, (unsigned long)lwip_stats.tcp.drop, (unsigned long)lwip_stats.tcp.memerr,
         (unsigned long)lwip_stats.tcp.chkerr);
  printf("link recv=%lu\n", (unsigned long)lwip_stats.link.recv);
  printf("heap start=%lu used=%lu\n", (unsigned long)heap_at_start, (unsigned long)heap_in_use());
  for (i = 0; i < LWIP_ARRAYSIZE(pools); i++) {
    const struct stats_mem *stats = memp_pools[pools[i].pool]->stats;

    printf("pool %s used=%lu max=%lu err=%lu\n", pools[i].name, (unsigned long)stats->used,
           (unsigned long)stats->max, (unsigned long)stats->err);
  }
}

/* An application's thread frees what it had for a connection after lwIP has freed that: the heap counts as well. */
static int
is_in_use(void)
{
  size_t i;

  for (i = 0; i < LWIP_ARRAYSIZE(pools); i++) {
    if (memp_pools[pools[i].pool]->stats->used > 0) {
      return 1;
    }
  }
  return heap_in_use() > heap_at_start;
}

static void
end_apps(void)
{
  if (at_end == NULL) {
    return;
  }
#if NO_SYS
  at_end();
#else
  LOCK_TCPIP_CORE();
  at_end();
  UNLOCK_TCPIP_CORE();
#endif
}

/* True when the loop shall go on: nobody has ended it, or connections and packets are still on their way out. */
static int
goes_on(void)
{
  if (!stopping) {
    return 1;
  }
  if (!draining) {
    draining = 1;
    drain_began = sys_now();
    end_apps();
  }
  return sys_now() - drain_began < opt.drain && is_in_use();
}

static struct timespec
milliseconds(u32_t ms)
{
  struct timespec ts;

  ts.tv_sec = (time_t)(ms / 1000U);
  ts.tv_nsec = (long)(ms % 1000U) * 1000000L;
  return ts;
}

/* Wait for a frame, at most ms (INT_MAX: for ever); false when interrupted. */
static int
wait_for_frame(u32_t ms, const sigset_t *sigmask)
{
  struct pollfd pfd = { device.fd, POLLIN, 0 };
  struct timespec ts;
  int n;

  if (stopping && ms > DRAIN_STEP) {
    ms = DRAIN_STEP;
  }
  ts = milliseconds(ms);
  n = ppoll(&pfd, 1, ms == SYS_TIMEOUTS_SLEEPTIME_INFINITE ? NULL : &ts, sigmask);
  wakeups++;
  if (n > 0 && opt.rx_delay != 0) {
    ts = milliseconds(opt.rx_delay);
    nanosleep(&ts, NULL);
  }
  if (n == 0) {
    timeouts++;
  }
  return n >= 0 || errno == EINTR;
}

#if NO_SYS

static void
run(const sigset_t *sigmask)
{
  lwip_init();
  add_interface();
  start_apps();
  say_up();
  while (goes_on()) {
    if (!wait_for_frame(sys_timeouts_sleeptime(), sigmask)) {
      fail("ppoll");
    }
    take_frames();
#if ENABLE_LOOPBACK
    netif_poll_all();
#endif
    sys_check_timeouts();
  }
}

#else

static void
start(void *arg)
{
  add_interface();
  start_apps();
  sys_sem_signal((sys_sem_t *)arg);
}

static void
run(const sigset_t *sigmask)
{
  sys_sem_t started;

  sys_sem_new(&started, 0);
  tcpip_init(start, &started);
  sys_sem_wait(&started);
  sys_sem_free(&started);
  say_up();
  while (goes_on()) {
    if (!wait_for_frame(SYS_TIMEOUTS_SLEEPTIME_INFINITE, sigmask)) {
      fail("ppoll");
    }
    take_frames();
  }
  LOCK_TCPIP_CORE(); /* nothing moves while the counters are read */
}

#endif

int
main(int argc, char **argv)
{
  sigset_t sigmask;

  setvbuf(stdout, NULL, _IOLBF, 0); /* whoever reads a pipe shall read it now */
  parse(argc, argv);
  choose_tcp();
  catch_signals(&sigmask);
  run(&sigmask);
  print_counters();
  device_close(&device);
  return 0;
}
