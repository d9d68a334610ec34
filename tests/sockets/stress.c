/* SPDX-License-Identifier: BSD-3-Clause
 * lwIP's own stress test of sockets over loopback, for a number of seconds, and then to the end of the round: it goes
 * round for ever, and the thread that listens sleeps 2 ms between two rounds. There everything must be back in its
 * pool. */
#include "names.h"

#include "lwip/memp.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/sockets.h"
#include "lwip/stats.h"
#include "lwip/sys.h"
#include "lwip/tcp_access.h"
#include "lwip/tcpip.h"

#include "sockets_stresstest.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BETWEEN_ROUNDS 2
#define DRAIN_TRIES    1200 /* of 100 ms of lwIP's time */
#define HANGS_S        120U /* a round is 12 s of lwIP's time */

static const memp_t pools[] = { MEMP_TCP_PCB, MEMP_TCP_SEG, MEMP_PBUF, MEMP_PBUF_POOL, MEMP_NETCONN, MEMP_NETBUF };

static time_t started;
static unsigned long seconds;

static pthread_t listener;

void __real_sys_msleep(u32_t ms);
void __wrap_sys_msleep(u32_t ms);
ssize_t __real_lwip_read(int s, void *mem, size_t len);
ssize_t __wrap_lwip_read(int s, void *mem, size_t len);
int __real_lwip_listen(int s, int backlog);
int __wrap_lwip_listen(int s, int backlog);

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

/* Without the core's lock: nothing happens any more. */
static void
print_connections(void)
{
  const struct tcp_pcb *pcb;

  for (pcb = tcp_active_pcbs; pcb != NULL; pcb = tcp_next_get(pcb)) {
    printf("  port %u to %u: %s\n", (unsigned int)tcp_local_port_get(pcb), (unsigned int)tcp_remote_port_get(pcb),
           tcp_debug_state_str(tcp_state_get(pcb)));
  }
}

static void
after_round(void)
{
  static unsigned long rounds;
  const char *left = missing();
  int tries;

  for (tries = 0; left != NULL && tries < DRAIN_TRIES; tries++) {
    __real_sys_msleep(100);
    left = missing();
  }
  rounds++;
  printf("round %lu: %s%s, %lu segments sent, %lu received\n", rounds, left != NULL ? "left behind: " : "clean",
         left != NULL ? left : "", (unsigned long)lwip_stats.tcp.xmit, (unsigned long)lwip_stats.tcp.recv);
  if (left != NULL) {
    print_connections();
    exit(1);
  }
  fflush(stdout);
  if ((unsigned long)(time(NULL) - started) >= seconds) {
    exit(0);
  }
  alarm(HANGS_S);
}

/* Two races of the test, which knows ENOTCONN only: a thread is about to read when another one closes the socket; or
 * the client, gone with a FIN, answers more data with a RST between the server's select() and its read(). A connection
 * that is lost without having been closed is still noticed, by the client. */
ssize_t
__wrap_lwip_read(int s, void *mem, size_t len)
{
  ssize_t ret = __real_lwip_read(s, mem, len);
  int error = errno;

  if (ret < 0 && (error == EBADF || error == ECONNRESET)) {
    error = ENOTCONN;
  } else if (ret < 0 && error != ENOTCONN) {
    fprintf(stderr, "read: %s\n", errno_name(error));
  }
  errno = error;
  return ret;
}

int
__wrap_lwip_listen(int s, int backlog)
{
  listener = pthread_self();
  return __real_lwip_listen(s, backlog);
}

void
__wrap_sys_msleep(u32_t ms)
{
  if (ms == BETWEEN_ROUNDS && pthread_equal(pthread_self(), listener)) {
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
