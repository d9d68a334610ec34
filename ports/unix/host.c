/* SPDX-License-Identifier: BSD-3-Clause
 * An lwIP host on a TAP device. Built with NO_SYS=1 it is one loop that sleeps
 * exactly until lwIP's next timeout; with NO_SYS=0 tcpip_thread does that and a
 * second thread reads the device. */
#include "apps.h"
#include "tapif.h"

#include "lwip/apps/httpd.h"
#include "lwip/init.h"
#include "lwip/ip.h"
#include "lwip/memp.h"
#include "lwip/priv/memp_priv.h"
#include "lwip/stats.h"
#include "lwip/sys.h"
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
#include <unistd.h>

#define FRAMES_PER_LOOP 64

static struct {
  const char *tap;
  const char *addr;
  const char *mask;
  const char *addr6;
  const char *file;
  const char *upload;
  const char *iperf_to;
} opt = { NULL, "10.77.0.2", "255.255.255.0", "fd77::2", NULL, NULL, NULL };

static struct netif netif;
static struct tapif tap;
static unsigned long wakeups; /* of the loop, by frames and by timeouts */
static unsigned long timeouts;
static volatile sig_atomic_t stopping;

static void
usage(FILE *to)
{
  fprintf(to,
          "usage: host --tap NAME [options]\n"
          "An lwIP host on an existing TAP device, with lwIP's httpd and lwiperf.\n"
          "  --tap NAME        the device\n"
          "  --addr A          lwIP's IPv4 address (default %s)\n"
          "  --mask M          its network mask (default %s)\n"
          "  --addr6 A         its IPv6 address (default %s)\n"
          "  --file PATH       httpd serves this file as /<base name>\n"
          "  --upload PATH     port 9999: what a client sends is written to PATH\n"
          "  --iperf-to A      once up, lwiperf sends to A, port 5001, for ten seconds\n"
          "  --help\n"
          "SIGTERM or SIGINT ends it; it then prints counters and what is still in use.\n"
          "examples:\n"
          "  host --tap tap0 --file build/big.bin\n"
          "  host --tap tap0 --upload build/received.bin\n",
          opt.addr, opt.mask, opt.addr6);
}

static void
fail(const char *what)
{
  fprintf(stderr, "host: %s\n", what);
  exit(1);
}

static void
parse(int argc, char **argv)
{
  static const struct option longopts[] = {
    { "tap", required_argument, NULL, 't' },    { "addr", required_argument, NULL, 'a' },
    { "mask", required_argument, NULL, 'm' },   { "file", required_argument, NULL, 'f' },
    { "upload", required_argument, NULL, 'u' }, { "iperf-to", required_argument, NULL, 'i' },
    { "addr6", required_argument, NULL, '6' },  { "help", no_argument, NULL, 'h' },
    { NULL, 0, NULL, 0 }
  };
  int c;

  while ((c = getopt_long(argc, argv, "", longopts, NULL)) != -1) {
    switch (c) {
      case 't':
        opt.tap = optarg;
        break;
      case 'a':
        opt.addr = optarg;
        break;
      case 'm':
        opt.mask = optarg;
        break;
      case '6':
        opt.addr6 = optarg;
        break;
      case 'f':
        opt.file = optarg;
        break;
      case 'u':
        opt.upload = optarg;
        break;
      case 'i':
        opt.iperf_to = optarg;
        break;
      case 'h':
        usage(stdout);
        exit(0);
      default:
        usage(stderr);
        exit(2);
    }
  }
  if (opt.tap == NULL || optind != argc) {
    usage(stderr);
    exit(2);
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

static void
add_interface(void)
{
  ip4_addr_t addr, mask, gw;
  ip6_addr_t addr6;
  s8_t slot;

  if (!ip4addr_aton(opt.addr, &addr) || !ip4addr_aton(opt.mask, &mask)) {
    fail("not an IPv4 address");
  }
  if (!ip6addr_aton(opt.addr6, &addr6)) {
    fail("not an IPv6 address");
  }
  ip4_addr_set_zero(&gw);
  tap.name = opt.tap;
#if NO_SYS
  if (netif_add(&netif, &addr, &mask, &gw, &tap, tapif_init, ethernet_input) == NULL) {
#else
  if (netif_add(&netif, &addr, &mask, &gw, &tap, tapif_init, tcpip_input) == NULL) {
#endif
    fail("cannot use the TAP device");
  }
  netif_set_default(&netif);
  netif_set_up(&netif);
  netif_create_ip6_linklocal_address(&netif, 1);
  if (netif_add_ip6_address(&netif, &addr6, &slot) != ERR_OK) {
    fail("no room for the IPv6 address");
  }
  netif_ip6_addr_set_state(&netif, slot, IP6_ADDR_PREFERRED);
}

static void
start_apps(void)
{
  ip_addr_t to;

  httpd_init();
  if (opt.file != NULL && !files_serve(opt.file)) {
    fail("cannot map the file to serve");
  }
  if (opt.upload != NULL && upload_listen(9999, opt.upload) != ERR_OK) {
    fail("cannot listen for uploads");
  }
  if (!iperf_serve()) {
    fail("cannot start lwiperf");
  }
  if (opt.iperf_to != NULL && (!ipaddr_aton(opt.iperf_to, &to) || !iperf_send(&to))) {
    fail("cannot start lwiperf's client");
  }
}

/* One line per fact, for people and for the tests. */
static void
print_counters(void)
{
  static const struct {
    const char *name;
    memp_t pool;
  } pools[] = { { "tcp_pcb", MEMP_TCP_PCB }, { "tcp_seg", MEMP_TCP_SEG }, { "pbuf_pool", MEMP_PBUF_POOL } };
  size_t i;

  printf("wakeups=%lu timeouts=%lu\n", wakeups, timeouts);
  printf("tcp xmit=%lu recv=%lu drop=%lu memerr=%lu\n", (unsigned long)lwip_stats.tcp.xmit,
         (unsigned long)lwip_stats.tcp.recv, (unsigned long)lwip_stats.tcp.drop, (unsigned long)lwip_stats.tcp.memerr);
  for (i = 0; i < LWIP_ARRAYSIZE(pools); i++) {
    const struct stats_mem *stats = memp_pools[pools[i].pool]->stats;

    printf("pool %s used=%lu max=%lu err=%lu\n", pools[i].name, (unsigned long)stats->used,
           (unsigned long)stats->max, (unsigned long)stats->err);
  }
}

/* Wait for a frame, at most ms (INT_MAX: for ever); false when interrupted. */
static int
wait_for_frame(u32_t ms, const sigset_t *sigmask)
{
  struct pollfd pfd = { tap.fd, POLLIN, 0 };
  struct timespec ts = { (time_t)(ms / 1000U), (long)(ms % 1000U) * 1000000L };
  int n = ppoll(&pfd, 1, ms == SYS_TIMEOUTS_SLEEPTIME_INFINITE ? NULL : &ts, sigmask);

  wakeups++;
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
  printf("up\n");
  fflush(stdout);
  while (!stopping) {
    if (!wait_for_frame(sys_timeouts_sleeptime(), sigmask)) {
      fail("ppoll");
    }
    tapif_poll(&netif, FRAMES_PER_LOOP);
    netif_poll_all();
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
  printf("up\n");
  fflush(stdout);
  while (!stopping) {
    if (!wait_for_frame(SYS_TIMEOUTS_SLEEPTIME_INFINITE, sigmask)) {
      fail("ppoll");
    }
    tapif_poll(&netif, FRAMES_PER_LOOP);
  }
  LOCK_TCPIP_CORE(); /* nothing moves while the counters are read */
}

#endif

int
main(int argc, char **argv)
{
  sigset_t sigmask;

  parse(argc, argv);
  catch_signals(&sigmask);
  run(&sigmask);
  print_counters();
  tapif_close(&tap);
  return 0;
}
