/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * The simulator's link in real time: joins a TUN device in this network
 * namespace with one in a namespace of its own. A frame that a host sends is
 * given to link_send() with the time it is; what link_send() puts into the
 * event queue is delivered when it is due. So the fate of a frame is decided
 * by the very code that decides it in virtual time.
 */
#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "../../../tests/sim/core/capture.h"
#include "../../../tests/sim/core/fatal.h"
#include "../../../tests/sim/core/link.h"
#include "../../../tests/sim/core/result.h"

#define FRAME_ROOM 65536u
#define FRAMES_PER_TURN 64 /* taken from one device before the clock is looked at */
#define NS_PER_S 1000000000u
#define LATE_STEP_NS 10000u
#define LATE_STEPS 1000u /* of the histogram: up to 10 ms */

/* How much later than due frames were delivered: the machine's share of their delay. */
struct lateness {
  uint64_t max_ns;
  uint64_t steps[LATE_STEPS + 1];
  uint64_t frames;
};

static struct {
  const char *device;
  const char *pcap;
  uint64_t seed;
} opt = {"wire", NULL, 1};

static int tun[2];                     /* a: in this namespace, b: in our own */
static struct capture *captures[2];
static struct link links[2];           /* links[x] carries what x sends */
static struct event_queue queue;
static struct lateness lateness;
static uint64_t start_ns;
static volatile sig_atomic_t stopping;

static const char *const usage_text =
  "usage: wire [options]\n"
  "A link in real time. Makes a TUN device here (end a) and one of the same name in a new\n"
  "network namespace (end b), prints `up PID` (the namespace is that of process PID) and\n"
  "carries IP packets between them until SIGTERM; then it prints its figures as JSON.\n"
  "  --forth 'KEY=VALUE ...'  what the way from a to b is like: the keys of the\n"
  "  --back 'KEY=VALUE ...'   simulator's `link` (docs/simulator.md); and from b to a\n"
  "  --both 'KEY=VALUE ...'   both\n"
  "  --seed N                 of every random choice (default 1)\n"
  "  --device NAME            of the two devices (default wire)\n"
  "  --pcap DIR               DIR/a.pcap, DIR/b.pcap: what each end sent and received\n"
  "  --help\n"
  "example:\n"
  "  wire --both 'rate=10M delay=10ms' --forth loss=1%\n"
  "exit: 0 ended by SIGTERM or SIGINT, 1 it cannot, 2 usage\n";

/* ---- start ------------------------------------------------------------- */

static void
configure(unsigned direction, const char *text)
{
  struct params params;

  if (params_parse(&params, text) == 0) {
    link_configure(&links[direction].config, &params);
  }
  if (params_finish(&params) != 0) {
    fatal(EXIT_USAGE, "%s", params.error);
  }
}

static void
parse(int argc, char **argv)
{
  static const struct option longopts[] = {
    {"forth", required_argument, NULL, 'f'}, {"back", required_argument, NULL, 'r'},
    {"both", required_argument, NULL, 'b'},  {"seed", required_argument, NULL, 's'},
    {"device", required_argument, NULL, 'd'}, {"pcap", required_argument, NULL, 'p'},
    {"help", no_argument, NULL, 'h'},        {NULL, 0, NULL, 0}
  };
  int c;

  while ((c = getopt_long(argc, argv, "", longopts, NULL)) != -1) {
    switch (c) {
      case 'f':
      case 'r':
        configure(c == 'r', optarg);
        break;
      case 'b':
        configure(0, optarg);
        configure(1, optarg);
        break;
      case 's':
        if (parse_count(optarg, &opt.seed) != 0) {
          fatal(EXIT_USAGE, "not a seed: '%s'", optarg);
        }
        break;
      case 'd':
        opt.device = optarg;
        break;
      case 'p':
        opt.pcap = optarg;
        break;
      case 'h':
        fputs(usage_text, stdout);
        exit(0);
      default:
        fputs(usage_text, stderr);
        exit(EXIT_USAGE);
    }
  }
  if (optind != argc) {
    fputs(usage_text, stderr);
    exit(EXIT_USAGE);
  }
}

static int
open_tun(void)
{
  struct ifreq req;
  int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

  memset(&req, 0, sizeof(req));
  req.ifr_flags = IFF_TUN | IFF_NO_PI;
  strncpy(req.ifr_name, opt.device, IFNAMSIZ - 1);
  if (fd < 0 || ioctl(fd, TUNSETIFF, &req) < 0) {
    fatal(1, "no TUN device %s: %s", opt.device, strerror(errno));
  }
  return fd;
}

static struct capture *
open_capture(const char *end)
{
  char path[4096];

  if (opt.pcap == NULL) {
    return NULL;
  }
  snprintf(path, sizeof(path), "%s/%s.pcap", opt.pcap, end);
  return capture_open(path);
}

static uint64_t
clock_ns(void)
{
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

static void
open_all(void)
{
  unsigned i;

  tun[0] = open_tun();
  if (unshare(CLONE_NEWNET) != 0) {
    fatal(1, "no network namespace: %s", strerror(errno));
  }
  tun[1] = open_tun();
  for (i = 0; i < 2; i++) {
    struct link_config config = links[i].config; /* link_open() begins with an empty one */

    link_open(&links[i], i, 1 - i, opt.seed, i);
    links[i].config = config;
  }
  captures[0] = open_capture("a");
  captures[1] = open_capture("b");
  prctl(PR_SET_TIMERSLACK, 1UL); /* nanosecond: wake when asked to */
  start_ns = clock_ns();
}

static void
on_signal(int signo)
{
  (void)signo;
  stopping = 1;
}

static void
catch_signals(sigset_t *while_waiting)
{
  struct sigaction action;
  sigset_t block;

  memset(&action, 0, sizeof(action));
  action.sa_handler = on_signal;
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);
  /* Delivered only inside ppoll(), so that none is lost just before it. */
  sigemptyset(&block);
  sigaddset(&block, SIGTERM);
  sigaddset(&block, SIGINT);
  sigprocmask(SIG_BLOCK, &block, while_waiting);
  sigdelset(while_waiting, SIGTERM);
  sigdelset(while_waiting, SIGINT);
}

/* ---- the loop ---------------------------------------------------------- */

static void
record(unsigned end, uint64_t now_ns, const uint8_t *bytes, size_t len)
{
  if (captures[end] != NULL) {
    capture_frame(captures[end], now_ns, bytes, len);
  }
}

static void
note_lateness(uint64_t late_ns)
{
  uint64_t step = late_ns / LATE_STEP_NS;

  lateness.frames++;
  lateness.steps[step < LATE_STEPS ? step : LATE_STEPS]++;
  if (late_ns > lateness.max_ns) {
    lateness.max_ns = late_ns;
  }
}

static void
deliver(const struct event *event, uint64_t now_ns)
{
  const struct frame *frame = event->frame;

  note_lateness(now_ns - event->when_ns);
  if (write(tun[event->target], frame->bytes, frame->len) != (ssize_t)frame->len) {
    fatal(1, "end %c does not take a packet: %s", 'a' + (int)event->target, strerror(errno));
  }
  record(event->target, now_ns, frame->bytes, frame->len);
}

/* Everything that is due; how long until the next, or UINT64_MAX. */
static uint64_t
run_due(void)
{
  struct event event;

  while (queue.count != 0) {
    uint64_t now_ns = clock_ns() - start_ns;

    if (queue.heap[0].when_ns > now_ns) {
      return queue.heap[0].when_ns - now_ns;
    }
    events_pop(&queue, &event);
    deliver(&event, now_ns);
    free(event.frame);
  }
  return UINT64_MAX;
}

static void
take_frames(unsigned end)
{
  static uint8_t bytes[FRAME_ROOM];
  unsigned i;

  for (i = 0; i < FRAMES_PER_TURN; i++) {
    ssize_t len = read(tun[end], bytes, sizeof(bytes));
    uint64_t now_ns = clock_ns() - start_ns;

    if (len <= 0) {
      return;
    }
    record(end, now_ns, bytes, (size_t)len);
    link_send(&links[end], &queue, now_ns, bytes, (size_t)len);
  }
}

static void
run(const sigset_t *while_waiting)
{
  while (!stopping) {
    uint64_t wait_ns = run_due();
    struct timespec wait = {(time_t)(wait_ns / NS_PER_S), (long)(wait_ns % NS_PER_S)};
    struct pollfd ready[2] = {{tun[0], POLLIN, 0}, {tun[1], POLLIN, 0}};

    if (ppoll(ready, 2, wait_ns == UINT64_MAX ? NULL : &wait, while_waiting) < 0) {
      if (errno != EINTR) {
        fatal(1, "ppoll: %s", strerror(errno));
      }
      continue;
    }
    take_frames(0);
    take_frames(1);
  }
}

/* ---- the end ----------------------------------------------------------- */

/* What `share` of the frames did not exceed, ns; at most the histogram's end. */
static uint64_t
late_by(double share)
{
  uint64_t seen = 0;
  uint64_t step;

  for (step = 0; step < LATE_STEPS; step++) {
    seen += lateness.steps[step];
    if ((double)seen >= share * (double)lateness.frames) {
      break;
    }
  }
  return (step + 1) * LATE_STEP_NS;
}

static void
print_figures(void)
{
  unsigned i;

  fputs("{\"links\": [", stdout);
  for (i = 0; i < 2; i++) {
    printf("%s{\"from\": \"%c\", \"to\": \"%c\", ", i == 0 ? "" : ", ", 'a' + (int)i, 'b' - (int)i);
    link_stats_json(&links[i].stats, stdout);
    putchar('}');
  }
  printf("], \"frames_in\": %" PRIu64 ", \"frames_under_way\": %zu, \"late_p50_us\": %" PRIu64 ", \"late_p99_us\": %" PRIu64
         ", \"late_max_us\": %" PRIu64 "}\n", lateness.frames, queue.count, late_by(0.5) / 1000,
         late_by(0.99) / 1000, lateness.max_ns / 1000);
}

int
main(int argc, char **argv)
{
  sigset_t while_waiting;
  unsigned i;

  setvbuf(stdout, NULL, _IOLBF, 0); /* whoever reads a pipe shall read it now */
  parse(argc, argv);
  open_all();
  catch_signals(&while_waiting);
  printf("up %ld\n", (long)getpid());
  run(&while_waiting);
  print_figures();
  for (i = 0; i < 2; i++) {
    if (captures[i] != NULL) {
      capture_close(captures[i]);
    }
    close(tun[i]);
  }
  events_free(&queue);
  return 0;
}
