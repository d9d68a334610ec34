/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Scenarios: the text that says which hosts, links and applications there are.
 * The language is described in docs/simulator.md.
 */
#ifndef SIM_SCENARIO_H
#define SIM_SCENARIO_H

#include "lab.h"
#include "world.h"

#define SCENARIO_APPS_MAX 64
#define SCENARIO_LETS_MAX 48
#define SCENARIO_BACKEND_SELF "self"

struct scenario_host {
  char profile[32];
  char backend[32];                  /* SCENARIO_BACKEND_SELF: the one under test */
  uint64_t cpu_rate;                 /* instructions per second; 0: infinitely fast */
  struct simhost_setup setup;        /* but for the seed */
};

struct scenario_app {
  unsigned host;
  char role[32];
  char params[PARAMS_TEXT_MAX];
  char where[300];             /* file:line, for errors */
  unsigned number;             /* on its host, once started */
  int refused;                 /* it could not start: an allocation failed, as asked */
};

struct scenario_let {
  char name[32];
  char value[160];
  int fixed;                   /* given on the command line */
};

struct scenario {
  struct world *world;
  struct scenario_host hosts[WORLD_NODES_MAX];   /* by node number */
  struct scenario_app apps[SCENARIO_APPS_MAX];
  unsigned app_count;
  unsigned apps_started;
  struct scenario_let lets[SCENARIO_LETS_MAX];
  unsigned let_count;
  uint64_t limit_ns;           /* longer than this is a failure */
  uint64_t end_ns;             /* the run is cut here and all is aborted; 0: no */
  int hostile;                 /* data may arrive damaged: no promise about it */
  int may_fail;                /* connections may fail: that is what is measured */
  uint64_t marked_ns;          /* the length of all marked intervals */
  struct lab lab;
};

void scenario_init(struct scenario *scenario, struct world *world);
/** Sets a variable for good; `let` lines no longer change it. */
void scenario_set(struct scenario *scenario, const char *name, const char *value);
/** Reads a file or a single line; errors name file and line and end the program. */
void scenario_read_file(struct scenario *scenario, const char *path);
void scenario_read_line(struct scenario *scenario, const char *where, const char *line);

#endif /* SIM_SCENARIO_H */
