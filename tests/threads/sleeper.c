/* SPDX-License-Identifier: BSD-3-Clause
 * tcpip_thread sleeps in its mailbox, for ever, since no timeout is pending. Then another
 * thread, with the core lock, makes TCP need one: it must fire in time all the same. */
#include "wire.h"

#include "lwip/priv/tcp_priv.h"
#include "lwip/sockets.h"
#include "lwip/tcpip.h"
#include "lwip/timeouts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EARLY_MS   2U /* two clocks of whole milliseconds */
#define LATE_MS    20U
#define NEVER_MS   4000U
#define ATTEMPTS   3 /* the machine may be busy: late is forgiven, wrong or never is not */
#define QUICK_ACKS 64

/* How an attempt went. */
enum outcome { IN_TIME, LATE, WRONG };

static char why[200];

static enum outcome
wrong(const char *what)
{
  snprintf(why, sizeof(why), "%s", what);
  return WRONG;
}

static enum outcome
judge(u32_t at, u32_t deadline)
{
  int off = (int)(at - deadline);

  snprintf(why, sizeof(why), "%+d ms off its deadline", off);
  return off < -(int)EARLY_MS ? WRONG : off > (int)LATE_MS ? LATE : IN_TIME;
}

/* ---- a wake-up that gets lost: would these tests notice? ---- */

static int lose_wakeups; /* what --lose-wakeups asks for */
static int losing;       /* ... which happens at the moment that matters only */

err_t __real_tcpip_callbackmsg_trycallback(struct tcpip_callback_msg *msg);
err_t __wrap_tcpip_callbackmsg_trycallback(struct tcpip_callback_msg *msg);

err_t
__wrap_tcpip_callbackmsg_trycallback(struct tcpip_callback_msg *msg)
{
  return losing ? ERR_MEM : __real_tcpip_callbackmsg_trycallback(msg);
}

static void
nothing(void *arg)
{
  LWIP_UNUSED_ARG(arg);
}

/* From here on tcpip_thread sleeps until `--lose-wakeups` is over. */
static void
now_it_matters(void)
{
  losing = lose_wakeups;
}

static void
wake_it(void)
{
  if (losing) {
    losing = 0;
    tcpip_callback(nothing, NULL);
  }
}

/* ---- tcpip_thread ---- */

static u32_t
sleeptime(void)
{
  u32_t ms;

  LOCK_TCPIP_CORE();
  ms = sys_timeouts_sleeptime();
  UNLOCK_TCPIP_CORE();
  return ms;
}

/* Until no timeout is pending, and then until it has surely gone to sleep. */
static int
let_it_sleep(void)
{
  u32_t since = wire_now();

  while (sleeptime() != SYS_TIMEOUTS_SLEEPTIME_INFINITE) {
    if (wire_now() - since > NEVER_MS) {
      wrong("a timeout is always pending");
      return 0;
    }
    sys_msleep(5);
  }
  sys_msleep(50);
  wire_discard();
  return 1;
}

/* What TCP has just asked to be woken for; 0 if nothing. */
static int
deadline_now(u32_t *deadline)
{
  u32_t ms = sleeptime();

  *deadline = wire_now() + ms;
  if (ms == SYS_TIMEOUTS_SLEEPTIME_INFINITE) {
    wrong("no timeout was armed");
    return 0;
  }
  return 1;
}

/* ---- connections ---- */

static u16_t next_port = 5000;

static int
start_connect(struct peer *peer)
{
  struct sockaddr_in to;
  int s = lwip_socket(AF_INET, SOCK_STREAM, 0);

  memset(peer, 0, sizeof(*peer));
  peer->port = next_port++;
  peer->seq = 7000;
  peer->wnd = 30000;
  memset(&to, 0, sizeof(to));
  to.sin_family = AF_INET;
  to.sin_port = lwip_htons(peer->port);
  to.sin_addr.s_addr = PP_HTONL(LWIP_MAKEU32(10, 0, 0, 2));
  lwip_fcntl(s, F_SETFL, O_NONBLOCK);
  if (lwip_connect(s, (struct sockaddr *)&to, sizeof(to)) == 0 || errno != EINPROGRESS) {
    fprintf(stderr, "connect: %d\n", errno);
    exit(3);
  }
  return s;
}

/* Nothing of the connection is left, without a word to wait for. */
static void
drop(int s)
{
  struct linger linger = { 1, 0 };

  lwip_setsockopt(s, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
  lwip_close(s);
}

/* An established connection, the thread asleep again; -1 if that fails. */
static int
connect_to(struct peer *peer)
{
  struct packet syn;
  struct timeval tv = { 2, 0 };
  fd_set writable;
  int s = start_connect(peer);

  if (!wire_await(peer, SYN, 0, NEVER_MS, &syn)) {
    wrong("no SYN");
    return -1;
  }
  peer->lwip_port = syn.src;
  peer->ack = syn.seq + 1;
  wire_send(peer, SYN | ACK, NULL, 0);
  FD_ZERO(&writable);
  FD_SET(s, &writable);
  if (lwip_select(s + 1, NULL, &writable, NULL, &tv) != 1) {
    wrong("not connected");
    return -1;
  }
  /* netconn polls its connections once a second: that must not be what wakes it in time. */
  LOCK_TCPIP_CORE();
  tcp_poll(tcp_active_pcbs, NULL, 0);
  UNLOCK_TCPIP_CORE();
  return let_it_sleep() ? s : -1;
}

/* ---- the three deadlines ---- */

/* A SYN, and RFC 6298's first second. */
static enum outcome
syn_attempt(void)
{
  struct peer peer;
  struct packet first, second;
  enum outcome outcome;
  int s;

  if (!let_it_sleep()) {
    return WRONG;
  }
  now_it_matters();
  s = start_connect(&peer);
  if (!wire_await(&peer, SYN, 0, NEVER_MS, &first)) {
    outcome = wrong("no SYN");
  } else if (!wire_await(&peer, SYN, 0, NEVER_MS, &second)) {
    outcome = wrong("the SYN was never retransmitted");
  } else {
    outcome = judge(second.at, first.at + LWIP_TCP_RTO_TIME);
  }
  wake_it();
  drop(s);
  return outcome;
}

static enum outcome
rto_of(int s, struct peer *peer)
{
  struct packet first, second;
  u32_t deadline;

  now_it_matters();
  if (lwip_send(s, "hello", 5, 0) != 5 || !deadline_now(&deadline)) {
    return wrong("send() failed or armed nothing");
  }
  if (!wire_await(peer, ACK, 1, 0, &first)) {
    return wrong("send() sent nothing");
  }
  if (!wire_await(peer, ACK, 1, NEVER_MS, &second) || second.seq != first.seq) {
    return wrong("never retransmitted");
  }
  return judge(second.at, deadline);
}

static enum outcome
probe_of(int s, struct peer *peer)
{
  struct packet probe;
  u32_t deadline;

  peer->wnd = 0;
  wire_send(peer, ACK, NULL, 0);
  if (!let_it_sleep()) {
    return WRONG;
  }
  now_it_matters();
  if (lwip_send(s, "hello", 5, 0) != 5 || !deadline_now(&deadline)) {
    return wrong("send() failed or armed nothing");
  }
  if (wire_await(peer, 0, 1, 0, &probe)) {
    return wrong("data sent into a closed window");
  }
  if (!wire_await(peer, ACK, 0, NEVER_MS, &probe)) {
    return wrong("never probed");
  }
  return judge(probe.at, deadline);
}

/* The first segments may be acknowledged at once: go on until one is not. */
static enum outcome
delayed_ack_of(int s, struct peer *peer)
{
  int i;

  LWIP_UNUSED_ARG(s);
  for (i = 0; i < QUICK_ACKS; i++) {
    struct packet ack;
    u32_t sent = wire_now();

    now_it_matters();
    wire_send(peer, ACK | PSH, "x", 1);
    if (!wire_await(peer, ACK, 0, NEVER_MS, &ack) || ack.ack != peer->seq) {
      return wrong("never acknowledged");
    }
    if (ack.at - sent >= TCP_DELACK_MS / 2) {
      return judge(ack.at, sent + TCP_DELACK_MS);
    }
    wake_it();
    if (!let_it_sleep()) {
      return WRONG;
    }
  }
  return wrong("no ACK was ever delayed");
}

static enum outcome
established_attempt(enum outcome (*test)(int s, struct peer *peer))
{
  struct peer peer;
  enum outcome outcome;
  int s = connect_to(&peer);

  if (s < 0) {
    return WRONG;
  }
  outcome = test(s, &peer);
  wake_it();
  drop(s);
  return outcome;
}

static enum outcome
rto_attempt(void)
{
  return established_attempt(rto_of);
}

static enum outcome
probe_attempt(void)
{
  return established_attempt(probe_of);
}

static enum outcome
delayed_ack_attempt(void)
{
  return established_attempt(delayed_ack_of);
}

static int
run_test(const char *name, enum outcome (*attempt)(void))
{
  enum outcome outcome = LATE;
  int i;

  for (i = 0; i < ATTEMPTS && outcome == LATE; i++) {
    outcome = attempt();
  }
  printf("%s %s%s%s\n", outcome == IN_TIME ? "ok" : "not ok", name, outcome == IN_TIME ? "" : ": ",
         outcome == IN_TIME ? "" : why);
  fflush(stdout);
  return outcome == IN_TIME;
}

int
main(int argc, char **argv)
{
  static const struct {
    const char *name;
    enum outcome (*attempt)(void);
  } tests[] = { { "syn-rto", syn_attempt }, { "first-rto", rto_attempt },
                { "window-probe", probe_attempt }, { "delayed-ack", delayed_ack_attempt } };
  size_t i;
  int failed = 0;

  lose_wakeups = argc == 2 && strcmp(argv[1], "--lose-wakeups") == 0;
  if (argc > 2 || (argc == 2 && !lose_wakeups)) {
    fprintf(stderr, "usage: %s [--lose-wakeups]\n", argv[0]);
    return 2;
  }
  wire_start();
  for (i = 0; i < LWIP_ARRAYSIZE(tests); i++) {
    failed += !run_test(tests[i].name, tests[i].attempt);
  }
  return failed ? 1 : 0;
}
