/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Linux's own TCP with the simulator's applications: bulk streams and
 * request/response with the wire format, the pattern bytes, the words and the
 * figures of contrib/apps and tests/sim, on plain sockets.
 */
#include "peer.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../../tests/sim/core/fatal.h"
#include "../../../tests/sim/core/params.h"
#include "../../../tests/sim/core/result.h"

#define REQUEST_MAX 65536u

struct peer_options opt;
struct simhost_result result;
static volatile sig_atomic_t stopping;

static const char *const usage_text =
  "usage: peer ROLE [KEY=VALUE...]\n"
  "An application on Linux's TCP. Prints `up` when it listens or has begun to connect,\n"
  "`finished` when all its connections are over, and on SIGTERM its figures as JSON.\n"
  "roles, with the simulator's keys (docs/simulator.md):\n"
  "  serve   port=5001 tx=0 rx=0                          takes and sends so many bytes\n"
  "  stream  to=ADDRESS port=5001 tx=0 rx=0\n"
  "  rrserve port=5002\n"
  "  rr      to=ADDRESS port=5002 requests=1 request=100 response=1000 connections=1\n"
  "          parallel=CONNECTIONS\n"
  "for all of them: window=BYTES (of receive window at most), cc=NAME (congestion control)\n"
  "example:\n"
  "  peer serve rx=1M window=11680\n"
  "exit: 0 ended by SIGTERM, 1 it cannot, 2 usage\n";

uint64_t
clock_ns(void)
{
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* ---- start ------------------------------------------------------------- */

static void
read_words(struct params *params)
{
  const char *to = params_text(params, "to", "0.0.0.0");

  opt.addr.sin_family = AF_INET;
  opt.addr.sin_port = htons((uint16_t)params_count(params, "port", opt.role->port));
  if (inet_pton(AF_INET, to, &opt.addr.sin_addr) != 1) {
    fatal(EXIT_USAGE, "not an IPv4 address: '%s'", to);
  }
  opt.tx = (uint32_t)params_count(params, "tx", 0);
  opt.rx = (uint32_t)params_count(params, "rx", 0);
  opt.requests = (uint32_t)params_count(params, "requests", 1);
  opt.request_len = (uint32_t)params_count(params, "request", 100);
  opt.response_len = (uint32_t)params_count(params, "response", 1000);
  opt.connections = (unsigned)params_count(params, "connections", 1);
  opt.parallel = (unsigned)params_count(params, "parallel", opt.connections);
  opt.window = params_count(params, "window", 0);
  snprintf(opt.cc, sizeof(opt.cc), "%s", params_text(params, "cc", ""));
  if (params_finish(params) != 0) {
    fatal(EXIT_USAGE, "%s", params->error);
  }
  if (opt.parallel != opt.connections) {
    fatal(EXIT_USAGE, "every connection has a request under way: parallel=%u is not connections=%u",
          opt.parallel, opt.connections);
  }
  if (opt.request_len < APP_RR_HEADER_LEN || opt.request_len > REQUEST_MAX || opt.connections > CONNS_MAX ||
      opt.window > INT32_MAX / 2) {
    fatal(EXIT_USAGE, "a number is out of range (request %u to %u, connections at most %d)",
          APP_RR_HEADER_LEN, REQUEST_MAX, CONNS_MAX);
  }
}

static void
parse(int argc, char **argv)
{
  static struct params params;
  char text[PARAMS_TEXT_MAX] = "";
  int word;

  if (argc == 2 && strcmp(argv[1], "--help") == 0) {
    fputs(usage_text, stdout);
    exit(0);
  }
  opt.role = argc > 1 ? role_find(argv[1]) : NULL;
  if (opt.role == NULL) {
    fputs(usage_text, stderr);
    exit(EXIT_USAGE);
  }
  for (word = 2; word < argc; word++) {
    if (strlen(text) + strlen(argv[word]) + 2 > sizeof(text)) {
      fatal(EXIT_USAGE, "too many words");
    }
    strcat(strcat(text, " "), argv[word]);
  }
  if (params_parse(&params, text) != 0) {
    fatal(EXIT_USAGE, "%s", params.error);
  }
  read_words(&params);
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
  sigemptyset(&block);
  sigaddset(&block, SIGTERM);
  sigprocmask(SIG_BLOCK, &block, while_waiting);
  sigdelset(while_waiting, SIGTERM);
}

int
main(int argc, char **argv)
{
  sigset_t while_waiting;

  setvbuf(stdout, NULL, _IOLBF, 0); /* whoever reads a pipe shall read it now */
  parse(argc, argv);
  catch_signals(&while_waiting);
  result.role = opt.role->name;
  result.is_server = opt.role->is_server;
  roles_open();
  conns_open();
  puts("up");
  conns_run(&stopping, &while_waiting);
  result_print(&result, clock_ns(), stdout);
  roles_close();
  return 0;
}
