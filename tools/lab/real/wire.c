/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * The simulator's link in real time: joins a TUN device in this network
 * namespace with one in a namespace of its own. A frame that a host sends is
 * given to link_send() with the time it is, after everything that was due
 * before; what becomes of it are events, each of which happens when it is due.
 * So the very code decides that decides in virtual time, and to be woken late
 * delays a frame, but not those behind it.
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
#include "../../../tests/sim/core/link_json.h"

#define FRAME_ROOM 65536u
#define FRAMES_PER_TURN 64 /* taken from one device before the clock is looked at */
#define WORDS_MAX 64
#define NS_PER_S 1000000000u
#define LATE_STEP_NS 10000u
#define LATE_STEPS 1000u /* of the histogram: up to 10 ms */

enum way { FORTH, BACK };            /* also the end that sends that way */
enum { OPT_FORTH = 1, OPT_BACK, OPT_BOTH, OPT_RULE };

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
  unsigned word_count;
  struct word {              /* --forth and its like, in the order given */
    int option;
    const char *text;
  } words[WORDS_MAX];
} opt = {"wire", NULL, 1, 0, {{0, NULL}}};

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
  "  --rule 'WAY CONDITION... VERDICT'  a scripted fault; WAY is forth or back\n"
  "  --seed N                 of every random choice (default 1)\n"
  "  --device NAME            of the two devices (default wire)\n"
  "  --pcap DIR               DIR/a.pcap, DIR/b.pcap: what each end sent and received\n"
  "  --help\n"
  "example:\n"
  "  wire --both 'rate=10M delay=10ms' --forth loss=1% --rule 'back syn once drop'\n"
  "exit: 0 ended by SIGTERM or SIGINT, 1 it cannot, 2 usage\n";

/* ---- start ------------------------------------------------------------- */

static void
keep_word(int option, const char *text)
{
  if (opt.word_count == WORDS_MAX) {
    fatal(EXIT_USAGE, "more than %d options", WORDS_MAX);
  }
  opt.words[opt.word_count].option = option;
  opt.words[opt.word_count++].text = text;
}

static void
parse(int argc, char **argv)
{
  static const struct option longopts[] = {
    {"forth", required_argument, NULL, OPT_FORTH}, {"back", required_argument, NULL, OPT_BACK},
    {"both", required_argument, NULL, OPT_BOTH},   {"rule", required_argument, NULL, OPT_RULE},
    {"seed", required_argument, NULL, 's'},        {"device", required_argument, NULL, 'd'},
    {"pcap", required_argument, NULL, 'p'},        {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0}
  };
  int c;

  while ((c = getopt_long(argc, argv, "", longopts, NULL)) != -1) {
    switch (c) {
      case OPT_FORTH:
      case OPT_BACK:
      case OPT_BOTH:
      case OPT_RULE:
        keep_word(c, optarg);
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
  return capture_open(path, CAPTURE_WHOLE);
}

static uint64_t
clock_ns(void)
{
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

static void
configure(enum way way, const char *text)
{
  struct params params;

  if (params_parse(&params, text) == 0) {
    link_configure(&links[way].config, &params);
  }
  if (params_finish(&params) != 0) {
    fatal(EXIT_USAGE, "%s", params.error);
  }
  if (links[way].config.mtu != 0) {
    fatal(EXIT_USAGE, "mtu: there is no router that could answer");
  }
}

static void
add_rule(const char *text)
{
  size_t len = strcspn(text, " ");
  int is_back = len == 4 && strncmp(text, "back", len) == 0;

  if (!is_back && !(len == 5 && strncmp(text, "forth", len) == 0)) {
    fatal(EXIT_USAGE, "a rule begins with forth or back: '%s'", text);
  }
  if (links[FORTH].rules.flows == NULL) {
    links[FORTH].rules.flows = links[BACK].rules.flows = flows_new();
    links[BACK].rules.side = 1;
  }
  rules_add(&links[is_back].rules, "--rule", text + len, rng_mix(opt.seed + (unsigned)is_back));
}

static void
open_links(void)
{
  unsigned i;

  link_open(&links[FORTH], 0, 1, opt.seed, FORTH);
  link_open(&links[BACK], 1, 0, opt.seed, BACK);
  for (i = 0; i < opt.word_count; i++) {
    const struct word *word = &opt.words[i];

    if (word->option == OPT_RULE) {
      add_rule(word->text);
    }
    if (word->option == OPT_FORTH || word->option == OPT_BOTH) {
      configure(FORTH, word->text);
    }
    if (word->option == OPT_BACK || word->option == OPT_BOTH) {
      configure(BACK, word->text);
    }
  }
}

static void
open_devices(void)
{

  tun[0] = open_tun();
  if (unshare(CLONE_NEWNET) != 0) {
    fatal(1, "no network namespace: %s", strerror(errno));
  }
  tun[1] = open_tun();
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
  link_arrived(&links[frame->link], frame);
  if (write(tun[event->target], frame->bytes, frame->len) != (ssize_t)frame->len) {
    fatal(1, "end %c does not take a packet: %s", 'a' + (int)event->target, strerror(errno));
  }
  record(event->target, now_ns, frame->bytes, frame->len);
}

/* Everything that is due by now. A departure happens at its own time, however late it is. */
static void
run_due(uint64_t now_ns)
{
  struct event event;

  while (queue.count != 0 && queue.heap[0].when_ns <= now_ns) {
    events_pop(&queue, &event);
    if (event.kind == EVENT_DEPARTURE) {
      link_departure(&links[event.target], &queue, event.when_ns);
    } else {
      deliver(&event, now_ns);
      free(event.frame);
    }
  }
}

/* How long until the next event, or UINT64_MAX. */
static uint64_t
until_next(uint64_t now_ns)
{
  return queue.count == 0 ? UINT64_MAX : queue.heap[0].when_ns - now_ns;
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
    run_due(now_ns);
    record(end, now_ns, bytes, (size_t)len);
    link_send(&links[end], &queue, now_ns, bytes, (size_t)len);
  }
}

static void
run(const sigset_t *while_waiting)
{
  while (!stopping) {
    uint64_t now_ns = clock_ns() - start_ns;
    struct pollfd ready[2] = {{tun[0], POLLIN, 0}, {tun[1], POLLIN, 0}};
    struct timespec wait;
    uint64_t wait_ns;

    run_due(now_ns);
    wait_ns = until_next(now_ns);
    wait.tv_sec = (time_t)(wait_ns / NS_PER_S);
    wait.tv_nsec = (long)(wait_ns % NS_PER_S);
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
    link_rules_json(&links[i].rules, stdout);
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
  open_links();
  open_devices();
  catch_signals(&while_waiting);
  printf("up %ld\n", (long)getpid());
  run(&while_waiting);
  print_figures();
  for (i = 0; i < 2; i++) {
    if (captures[i] != NULL) {
      capture_close(captures[i]);
    }
    close(tun[i]);
    link_free(&links[i]);
  }
  events_free(&queue);
  return 0;
}
