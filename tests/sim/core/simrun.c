/* SPDX-License-Identifier: BSD-3-Clause */
/** @file One run of the simulator: reads a scenario, runs it, judges it. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "describe.h"
#include "fatal.h"
#include "oracle.h"
#include "report.h"
#include "scenario.h"

/* After the applications' end: enough for TIME-WAIT and for a side that goes
 * on retransmitting to a peer that is gone. */
#define DRAIN_NS (1800u * 1000000000ull)
#define COMMAND_ROOM 4096

struct options {
  const char *libraries;
  const char *backends, *profiles;
  const char *pcap_dir, *trace_dir;
  unsigned snaplen;
  int describe, json, quiet, strict;
};

static struct world world;
static struct scenario scenario;
static struct oracle oracle;
static struct options options;
static char command[COMMAND_ROOM];
static const struct report report = {&scenario, &oracle, command};

static const char usage_text[] =
  "usage: simrun [options] SCENARIO\n"
  "Runs a scenario file once in virtual time and judges it.\n"
  "  --seed N           seed of every random choice (default 1)\n"
  "  --backend B[,B..]  legacy, alt, both-legacy or both-alt, for the hosts in order (one: for all)\n"
  "  --profile P[,P..]  profiles of the hosts in order; an empty one is the scenario's\n"
  "  --cpu RATE[:HOST]  instructions per second of every host, or of one (may come again)\n"
  "  --set NAME=VALUE   sets a variable of the scenario\n"
  "  -e LINE            adds a scenario line (before the file, if any)\n"
  "  --libs DIR         where the host libraries are (default: beside simrun)\n"
  "  --pcap DIR         writes DIR/HOST.pcap, nanosecond stamps, raw IP\n"
  "  --snaplen N        captures keep the first N bytes of each packet (128: the headers)\n"
  "  --trace DIR        writes DIR/HOST.csv, connections over time\n"
  "  --strict           legacy hosts must keep every promise, too\n"
  "  --json             prints everything as JSON\n"
  "  --describe         runs nothing: prints what the scenario says of itself, as JSON\n"
  "  --quiet            prints only failures\n"
  "example: simrun --seed 7 --backend alt,legacy --set loss=3% --pcap out bulk.sim\n"
  "exit: 0 the run is right, 1 it is not, 2 usage\n";

/* ---- the command line -------------------------------------------------- */

static void
remember_command(int argc, char **argv)
{
  size_t len = 0;
  int i;

  for (i = 0; i < argc && len < sizeof(command); i++) {
    int plain = strpbrk(argv[i], " \t;$*'\"\\<>&|") == NULL && argv[i][0] != '\0';
    len += (size_t)snprintf(command + len, sizeof(command) - len, plain ? "%s%s" : "%s'%s'",
                            i == 0 ? "" : " ", argv[i]);
  }
}

static void
set_variable(const char *text)
{
  char name[32];
  const char *equals = strchr(text, '=');

  if (equals == NULL || equals == text || (size_t)(equals - text) >= sizeof(name)) {
    fatal(EXIT_USAGE, "--set wants NAME=VALUE, not '%s'", text);
  }
  memcpy(name, text, (size_t)(equals - text));
  name[equals - text] = '\0';
  scenario_set(&scenario, name, equals + 1);
}

static uint64_t
seed_number(const char *text)
{
  char *end;
  uint64_t seed = strtoull(text, &end, 10);

  if (*text == '\0' || *end != '\0') {
    fatal(EXIT_USAGE, "--seed wants a number, not '%s'", text);
  }
  return seed;
}

static unsigned
capture_length(const char *text)
{
  char *end;
  unsigned long length = strtoul(text, &end, 10);

  if (*text == '\0' || *end != '\0' || length < 20 || length > CAPTURE_WHOLE) {
    fatal(EXIT_USAGE, "--snaplen wants 20 to %d bytes, not '%s'", CAPTURE_WHOLE, text);
  }
  return (unsigned)length;
}

/* Processors, until the hosts are known. */
static const char *cpus[16];
static unsigned cpu_count;

static void
add_cpu(const char *text)
{
  if (cpu_count == sizeof(cpus) / sizeof(cpus[0])) {
    fatal(EXIT_USAGE, "too many --cpu");
  }
  cpus[cpu_count++] = text;
}

static void
set_cpu(const char *text)
{
  const char *colon = strchr(text, ':');
  char number[32];
  uint64_t rate;
  int node = -1;
  unsigned i;

  snprintf(number, sizeof(number), "%.*s", (int)strcspn(text, ":"), text);
  if (parse_count(number, &rate) != 0 || rate == 0) {
    fatal(EXIT_USAGE, "--cpu wants instructions per second (8M), not '%s'", number);
  }
  if (colon != NULL) {
    node = world_find(&world, colon + 1);
    if (node < 0 || !world.nodes[node].is_host) {
      fatal(EXIT_USAGE, "--cpu: no host '%s'", colon + 1);
    }
  }
  for (i = 0; i < world.node_count; i++) {
    if (node < 0 || i == (unsigned)node) {
      scenario.hosts[i].cpu_rate = rate;
    }
  }
}

/* Lines of -e are kept until all --set and --seed are known. */
static const char *extra_lines[64];
static unsigned extra_count;

static void
read_option(int option, const char *value)
{
  switch (option) {
    case 's': world.seed = seed_number(value); break;
    case 'b': options.backends = value; break;
    case 'c': add_cpu(value); break;
    case 'P': options.profiles = value; break;
    case 'v': set_variable(value); break;
    case 'l': options.libraries = value; break;
    case 'p': options.pcap_dir = value; break;
    case 'n': options.snaplen = capture_length(value); break;
    case 't': options.trace_dir = value; break;
    case 'S': options.strict = 1; break;
    case 'j': options.json = 1; break;
    case 'd': options.describe = 1; break;
    case 'q': options.quiet = 1; break;
    case 'e':
      if (extra_count == sizeof(extra_lines) / sizeof(extra_lines[0])) {
        fatal(EXIT_USAGE, "too many -e");
      }
      extra_lines[extra_count++] = value;
      break;
    case 'h':
      fputs(usage_text, stdout);
      exit(EXIT_SUCCESS);
    default:
      fputs(usage_text, stderr);
      exit(EXIT_USAGE);
  }
}

static void
read_command_line(int argc, char **argv)
{
  static const struct option longs[] = {
    {"seed", required_argument, NULL, 's'},    {"backend", required_argument, NULL, 'b'},
    {"set", required_argument, NULL, 'v'},     {"libs", required_argument, NULL, 'l'},
    {"pcap", required_argument, NULL, 'p'},    {"strict", no_argument, NULL, 'S'},
    {"trace", required_argument, NULL, 't'},   {"snaplen", required_argument, NULL, 'n'},
    {"json", no_argument, NULL, 'j'},          {"quiet", no_argument, NULL, 'q'},
    {"cpu", required_argument, NULL, 'c'},
    {"profile", required_argument, NULL, 'P'}, {"describe", no_argument, NULL, 'd'},
    {"help", no_argument, NULL, 'h'},          {NULL, 0, NULL, 0}
  };
  int option;
  unsigned i;

  world.seed = 1;
  options.snaplen = CAPTURE_WHOLE;
  while ((option = getopt_long(argc, argv, "e:h", longs, NULL)) != -1) {
    read_option(option, optarg);
  }
  if (argc - optind > 1 || (argc == optind && extra_count == 0)) {
    read_option('?', NULL);
  }
  for (i = 0; i < extra_count; i++) {
    scenario_read_line(&scenario, extra_lines[i], extra_lines[i]);
  }
  if (argc > optind) {
    scenario_read_file(&scenario, argv[optind]);
  }
  for (i = 0; i < cpu_count; i++) {
    set_cpu(cpus[i]);
  }
}

/* ---- setting up -------------------------------------------------------- */

/* The n-th name of a comma list (the last one, if there are fewer) replaces what is in `out`,
 * unless it is empty. */
static void
choose(const char *list, unsigned nth, char *out, size_t size)
{
  if (list == NULL) {
    return;
  }
  for (; nth > 0 && strchr(list, ',') != NULL; nth--) {
    list = strchr(list, ',') + 1;
  }
  if (*list != ',' && *list != '\0') {
    snprintf(out, size, "%.*s", (int)strcspn(list, ","), list);
  }
}

/* Backend and profile of the n-th host: from the command line, else the scenario's. */
static void
choose_kind(struct scenario_host *host, unsigned nth)
{
  choose(options.backends, nth, host->backend, sizeof(host->backend));
  choose(options.profiles, nth, host->profile, sizeof(host->profile));
  if (strcmp(host->backend, SCENARIO_BACKEND_SELF) == 0) {
    snprintf(host->backend, sizeof(host->backend), "legacy");
  }
}

static void
library_dir(const char *program, char *out, size_t size)
{
  const char *slash = strrchr(program, '/');

  if (options.libraries != NULL) {
    snprintf(out, size, "%s", options.libraries);
  } else if (slash != NULL) {
    snprintf(out, size, "%.*s", (int)(slash - program), program);
  } else {
    snprintf(out, size, ".");
  }
}

/* DIR/HOST.KIND; makes the folder. */
static const char *
output_path(const char *dir, const struct node *node, const char *kind)
{
  static char path[600];

  (void)mkdir(dir, 0777); /* if it fails, opening the file says so */
  snprintf(path, sizeof(path), "%s/%s.%s", dir, node->name, kind);
  return path;
}

static void
open_outputs(struct node *node)
{
  if (options.pcap_dir != NULL) {
    node->capture = capture_open(output_path(options.pcap_dir, node, "pcap"), options.snaplen);
  }
  if (options.trace_dir != NULL) {
    node->trace = trace_open(output_path(options.trace_dir, node, "csv"), node->api, node->resent);
  }
}

/* DIR/BACKEND-PROFILE.so; of both-legacy and both-alt the one with both, which is told. */
static void
load(unsigned node, const struct scenario_host *host, const char *dir)
{
  static const char both[] = "both-";
  const char *chosen = strncmp(host->backend, both, sizeof(both) - 1) == 0 ? host->backend + sizeof(both) - 1 : NULL;
  const struct simhost_api *api;
  char kind[80];

  snprintf(kind, sizeof(kind), "%s-%s", chosen != NULL ? "both" : host->backend, host->profile);
  world_load_host(&world, node, dir, kind);
  api = world.nodes[node].api;
  if (chosen != NULL && (api->choose == NULL || api->choose(chosen) != 0)) {
    fatal(EXIT_USAGE, "%s has no backend %s", kind, chosen);
  }
}

static void
set_up(const char *program)
{
  char dir[400];
  unsigned nth = 0;
  unsigned i;

  library_dir(program, dir, sizeof(dir));
  world_route(&world);
  for (i = 0; i < world.node_count; i++) {
    struct scenario_host *host = &scenario.hosts[i];
    if (!world.nodes[i].is_host) {
      continue;
    }
    choose_kind(host, nth++);
    load(i, host, dir);
    cpu_open(&world.nodes[i].cpu, host->cpu_rate, world.nodes[i].api->backend, host->profile);
    open_outputs(&world.nodes[i]);
  }
  for (i = 0; i < world.node_count; i++) {
    if (world.nodes[i].is_host) {
      world_init_host(&world, i, &scenario.hosts[i].setup);
    }
  }
}

static int
allocations_fail(const struct simhost_api *api)
{
  struct simhost_counters counters;

  api->counters(&counters);
  return counters.allocations_failed != 0;
}

static void
start_app(struct world *in, unsigned number)
{
  struct scenario_app *app = &scenario.apps[number];
  const struct simhost_api *api = in->nodes[app->host].api;
  char error[200];

  if (api->start(app->role, app->params, error, sizeof(error)) != 0) {
    if (!allocations_fail(api)) {
      fatal(EXIT_USAGE, "%s: %s", app->where, error);
    }
    app->refused = 1;
  }
  while (api->result(app->number + 1) != NULL) {
    app->number++;
  }
  scenario.apps_started++;
  world_touched(in, app->host);
}

/* ---- running ----------------------------------------------------------- */

static int
print_verdict(void)
{
  if (options.json) {
    report_json(&report, stdout);
  } else if (!options.quiet) {
    report_text(&report, stdout);
  }
  if (oracle.failures != 0) {
    report_failure(&report, stderr);
  }
  return oracle.failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void
host_fault(struct world *in, unsigned host, const char *what)
{
  int code;

  oracle_fault(&oracle, host, what);
  code = print_verdict();
  world_free(in);
  exit(code);
}

static void
for_each_host(void (*act)(const struct simhost_api *api))
{
  unsigned i;

  for (i = 0; i < world.node_count; i++) {
    if (world.nodes[i].is_host) {
      act(world.nodes[i].api);
      world_touched(&world, i);
    }
  }
}

static void
abort_apps(const struct simhost_api *api)
{
  api->abort_all();
}

static void
stop_servers(const struct simhost_api *api)
{
  api->stop_servers();
}

/* Until the applications have ended, or cannot. */
static void
run_applications(void)
{
  uint64_t until = scenario.end_ns != 0 ? scenario.end_ns : scenario.limit_ns;

  while (!oracle_apps_done(&scenario)) {
    if (world_step(&world, until)) {
      continue;
    }
    if (scenario.end_ns == 0) {
      oracle_unfinished(&oracle, world.queue.count == 0
                                   ? "standstill: applications wait, no timer is armed"
                                   : "applications have not ended within the limit");
      if (oracle.failures != 0) {
        report_state(&world, stderr);
      }
    }
    return;
  }
}

static void
drain(void)
{
  uint64_t until = world.now_ns + DRAIN_NS;

  while (!oracle_all_clean(&world) && world_step(&world, until)) {
  }
}

int
main(int argc, char **argv)
{
  int code;

  remember_command(argc, argv);
  scenario_init(&scenario, &world);
  read_command_line(argc, argv);
  if (options.describe) {
    describe_scenario(&scenario, stdout);
    return EXIT_SUCCESS;
  }
  oracle_init(&oracle, &scenario, options.strict);
  world.start = start_app;
  world.fault = host_fault;
  set_up(argv[0]);
  run_applications();
  if (!scenario.hostile) {
    oracle_judge_data(&oracle);
  }
  if (!oracle_apps_done(&scenario)) {
    for_each_host(abort_apps);
  }
  for_each_host(stop_servers);
  world_stop_floods(&world);
  drain();
  oracle_judge_pools(&oracle);
  code = print_verdict();
  world_free(&world);
  return code;
}
