/* SPDX-License-Identifier: BSD-3-Clause
 * lwIP's own stress test of sockets over loopback, for a number of seconds, and then to the end of the round: it goes
 * round for ever, with sys_msleep(2) between two rounds. There everything must be back in its pool. */
#include "sockets_stresstest.h"

#include "lwip/memp.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/sockets.h"
#include "lwip/stats.h"
#include "lwip/sys.h"
#include "lwip/tcpip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BETWEEN_ROUNDS 2
#define DRAIN_TRIES    200
#define HANGS_S        120U /* a round is 12 s of lwIP's time */

static const memp_t pools[] = { MEMP_TCP_PCB, MEMP_TCP_SEG, MEMP_PBUF, MEMP_PBUF_POOL, MEMP_NETCONN, MEMP_NETBUF };

static time_t started;
static unsigned long seconds, rounds;

void __real_sys_msleep(u32_t ms);
void __wrap_sys_msleep(u32_t ms);

static void
end_time_wait(void *done)
{
  while (tcp_tw_pcbs != NULL) {
    tcp_abort(tcp_tw_pcbs);
  }
  sys_sem_signal((sys_sem_t *)done);
}

/* What is not back yet; NULL if all is. */
static const char *
missing(void)
{
  sys_sem_t done;
  size_t i;

  sys_sem_new(&done, 0);
  tcpip_callback(end_time_wait, &done);
  sys_sem_wait(&done);
  sys_sem_free(&done);
  for (i = 0; i < LWIP_ARRAYSIZE(pools); i++) {
    if (memp_pools[pools[i]]->stats->used != 0) {
      return memp_pools[pools[i]]->desc;
    }
  }
  return NULL;
}

static void
after_round(void)
{
  const char *left = missing();
  int tries;

  for (tries = 0; left != NULL && tries < DRAIN_TRIES; tries++) {
    __real_sys_msleep(100);
    left = missing();
  }
  rounds++;
  printf("round %lu: %s%s, %lu segments sent, %lu received\n", rounds, left != NULL ? "left behind: " : "clean",
         left != NULL ? left : "", (unsigned long)lwip_stats.tcp.xmit, (unsigned long)lwip_stats.tcp.recv);
  fflush(stdout);
  if (left != NULL) {
    exit(1);
  }
  if ((unsigned long)(time(NULL) - started) >= seconds) {
    exit(0);
  }
  alarm(HANGS_S);
}

void
__wrap_sys_msleep(u32_t ms)
{
  if (ms == BETWEEN_ROUNDS) {
    after_round();
  }
  __real_sys_msleep(ms);
}

int
main(int argc, char **argv)
{
  if (argc != 2 || (seconds = strtoul(argv[1], NULL, 10)) == 0) {
    fprintf(stderr, "usage: %s SECONDS\n", argv[0]);
    return 2;
  }
  started = time(NULL);
  alarm(HANGS_S);
  tcpip_init(NULL, NULL);
  sockets_stresstest_init_loopback(AF_INET);
  for (;;) {
    pause();
  }
}
