/* SPDX-License-Identifier: BSD-3-Clause */
/** @file Scenarios: reading them. */
#include "scenario.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fatal.h"
#include "network.h"

#define LINE_ROOM PARAMS_TEXT_MAX
#define WORDS_MAX 4

/* A statement under evaluation: the leading words, and the rest of the line. */
struct statement {
  struct scenario *scenario;
  const char *where;
  char *words[WORDS_MAX];
  char *rest;
};

struct keyword {
  const char *name;
  unsigned words;                       /* plain words before key=value ones */
  void (*run)(struct statement *statement);
};

void
scenario_init(struct scenario *scenario, struct world *world)
{
  memset(scenario, 0, sizeof(*scenario));
  scenario->world = world;
  scenario->limit_ns = 3600u * 1000000000ull;
}

static struct scenario_let *
find_let(struct scenario *scenario, const char *name)
{
  unsigned i;

  for (i = 0; i < scenario->let_count; i++) {
    if (strcmp(scenario->lets[i].name, name) == 0) {
      return &scenario->lets[i];
    }
  }
  return NULL;
}

static void
put_let(struct scenario *scenario, const char *name, const char *value, int fixed)
{
  struct scenario_let *let = find_let(scenario, name);

  if (let == NULL) {
    if (scenario->let_count == SCENARIO_LETS_MAX) {
      fatal(EXIT_USAGE, "more than %d variables", SCENARIO_LETS_MAX);
    }
    let = &scenario->lets[scenario->let_count++];
    snprintf(let->name, sizeof(let->name), "%s", name);
  } else if (let->fixed && !fixed) {
    return;
  }
  snprintf(let->value, sizeof(let->value), "%s", value);
  let->fixed = fixed;
}

void
scenario_set(struct scenario *scenario, const char *name, const char *value)
{
  put_let(scenario, name, value, 1);
}

static unsigned
node_named(struct statement *statement, const char *name)
{
  int node = world_find(statement->scenario->world, name);

  if (node < 0) {
    fatal(EXIT_USAGE, "%s: no host or router '%s'", statement->where, name);
  }
  return (unsigned)node;
}

static void
parse_rest(struct statement *statement, struct params *params)
{
  if (params_parse(params, statement->rest) != 0) {
    fatal(EXIT_USAGE, "%s: %s", statement->where, params->error);
  }
}

static void
finish_params(struct statement *statement, struct params *params)
{
  if (params_finish(params) != 0) {
    fatal(EXIT_USAGE, "%s: %s", statement->where, params->error);
  }
}

static unsigned
add_node(struct statement *statement, int is_host)
{
  if (world_find(statement->scenario->world, statement->words[0]) >= 0) {
    fatal(EXIT_USAGE, "%s: '%s' exists", statement->where, statement->words[0]);
  }
  return world_add_node(statement->scenario->world, statement->words[0], is_host);
}

static void
run_host(struct statement *statement)
{
  struct scenario_host *host = &statement->scenario->hosts[add_node(statement, 1)];
  struct params params;

  parse_rest(statement, &params);
  snprintf(host->profile, sizeof(host->profile), "%s", params_text(&params, "profile", "MCU"));
  snprintf(host->backend, sizeof(host->backend), "%s",
           params_text(&params, "backend", SCENARIO_BACKEND_SELF));
  host->cpu_rate = params_count(&params, "cpu", 0);
  host->setup.clock_start_ms = (uint32_t)(params_time(&params, "clock", 0) / 1000000u);
  host->setup.mtu = (uint16_t)params_count(&params, "mtu", 1500);
  host->setup.fail_first = (uint32_t)params_count(&params, "failfirst", 0);
  host->setup.fail_count = (uint32_t)params_count(&params, "failcount", 1);
  finish_params(statement, &params);
}

static void
run_router(struct statement *statement)
{
  (void)add_node(statement, 0);
}

static void
run_nat(struct statement *statement)
{
  struct params params;
  unsigned number = add_node(statement, 0);

  parse_rest(statement, &params);
  network_nat(statement->scenario->world, number, &params);
  finish_params(statement, &params);
}

static void
configure_direction(struct statement *statement, unsigned from, unsigned to)
{
  struct world *world = statement->scenario->world;
  int number = world_find_link(world, from, to);
  struct params params;

  if (number < 0) {
    number = (int)world_add_link(world, from, to);
  }
  parse_rest(statement, &params);
  link_configure(&world->links[number].config, &params);
  finish_params(statement, &params);
}

/* "link A B ..." is both directions, "path A B ..." one. */
static void
run_link(struct statement *statement)
{
  unsigned a = node_named(statement, statement->words[0]);
  unsigned b = node_named(statement, statement->words[1]);

  configure_direction(statement, a, b);
  configure_direction(statement, b, a);
}

static void
run_path(struct statement *statement)
{
  unsigned a = node_named(statement, statement->words[0]);
  unsigned b = node_named(statement, statement->words[1]);

  configure_direction(statement, a, b);
}

static void
run_rule(struct statement *statement)
{
  network_rule(statement->scenario->world, statement->where, statement->words[0],
               statement->rest);
}

/* to= is a name here, as of an application. */
static void
run_flood(struct statement *statement)
{
  unsigned from = node_named(statement, statement->words[0]);
  struct params params;
  const char *to;

  parse_rest(statement, &params);
  to = params_text(&params, "to", "");
  network_flood(statement->scenario->world, statement->where, from, node_named(statement, to),
                &params);
  finish_params(statement, &params);
}

/* Takes at= and to= out; the rest is for the role. */
static void
run_app(struct statement *statement)
{
  struct scenario *scenario = statement->scenario;
  struct scenario_app *app = &scenario->apps[scenario->app_count];
  struct event event = {0};
  struct params params;
  size_t len = 0;
  unsigned i;

  if (scenario->app_count == SCENARIO_APPS_MAX) {
    fatal(EXIT_USAGE, "%s: more than %d applications", statement->where, SCENARIO_APPS_MAX);
  }
  app->host = node_named(statement, statement->words[0]);
  snprintf(app->role, sizeof(app->role), "%s", statement->words[1]);
  snprintf(app->where, sizeof(app->where), "%s", statement->where);
  parse_rest(statement, &params);
  event.when_ns = params_time(&params, "at", 0);
  for (i = 0; i < params.count; i++) {
    const char *key = params.list[i].key;
    if (strcmp(key, "to") == 0) {
      len += (size_t)snprintf(app->params + len, sizeof(app->params) - len, "to=%u ",
                              node_named(statement, params.list[i].value));
    } else if (strcmp(key, "at") != 0) {
      len += (size_t)snprintf(app->params + len, sizeof(app->params) - len, "%s=%s ", key,
                              params.list[i].value);
    }
  }
  if (params.error[0] != '\0') {
    fatal(EXIT_USAGE, "%s: %s", statement->where, params.error);
  }
  event.kind = EVENT_START;
  event.target = scenario->app_count++;
  events_push(&scenario->world->queue, event);
}

static uint64_t
time_word(struct statement *statement, unsigned word)
{
  uint64_t value;

  if (parse_time(statement->words[word], &value) != 0) {
    fatal(EXIT_USAGE, "%s: not a time (5ms, 2s): '%s'", statement->where,
          statement->words[word]);
  }
  return value;
}

static void
run_mark(struct statement *statement)
{
  struct event event = {0};

  event.kind = EVENT_MARK;
  event.when_ns = time_word(statement, 0);
  event.target = 1;
  events_push(&statement->scenario->world->queue, event);
  statement->scenario->marked_ns -= event.when_ns;
  event.when_ns = time_word(statement, 1);
  statement->scenario->marked_ns += event.when_ns;
  event.target = 0;
  events_push(&statement->scenario->world->queue, event);
}

static void
run_limit(struct statement *statement)
{
  statement->scenario->limit_ns = time_word(statement, 0);
}

static void
run_end(struct statement *statement)
{
  statement->scenario->end_ns = time_word(statement, 0);
}

static void
run_hostile(struct statement *statement)
{
  statement->scenario->hostile = 1;
}

static void
run_mayfail(struct statement *statement)
{
  statement->scenario->may_fail = 1;
}

static void
run_let(struct statement *statement)
{
  put_let(statement->scenario, statement->words[0], statement->words[1], 0);
}

/* ---- for the lab ------------------------------------------------------------------------- */

static void
need_variable(const struct statement *statement, const char *name)
{
  if (find_let(statement->scenario, name) == NULL) {
    fatal(EXIT_USAGE, "%s: no variable '%s' (its 'let' comes first)", statement->where, name);
  }
}

static void
run_about(struct statement *statement)
{
  lab_read_about(&statement->scenario->lab, statement->where, statement->rest);
}

static void
run_seeds(struct statement *statement)
{
  lab_read_seeds(&statement->scenario->lab, statement->where, statement->words[0]);
}

static void
run_grid(struct statement *statement)
{
  need_variable(statement, statement->words[0]);
  lab_read_grid(&statement->scenario->lab, statement->where, statement->words[0],
                statement->rest);
}

/* "quick seeds N" is about the seeds. */
static void
run_quick(struct statement *statement)
{
  if (strcmp(statement->words[0], "seeds") != 0) {
    need_variable(statement, statement->words[0]);
  }
  lab_read_quick(&statement->scenario->lab, statement->where, statement->words[0],
                 statement->words[1]);
}

static void
run_measure(struct statement *statement)
{
  lab_read_measure(&statement->scenario->lab, statement->where, statement->words,
                   statement->rest);
}

static const struct keyword keywords[] = {
  {"let", 2, run_let},       {"host", 1, run_host},   {"router", 1, run_router},
  {"link", 2, run_link},     {"path", 2, run_path},   {"app", 2, run_app},
  {"mark", 2, run_mark},     {"limit", 1, run_limit}, {"end", 1, run_end},
  {"hostile", 0, run_hostile}, {"mayfail", 0, run_mayfail},
  {"about", 0, run_about},   {"seeds", 1, run_seeds}, {"grid", 1, run_grid},
  {"quick", 2, run_quick},   {"measure", 4, run_measure},
  {"nat", 1, run_nat},       {"rule", 1, run_rule},   {"flood", 1, run_flood},
};

/* A comment begins at a # that begins a word. */
static int
begins_comment(const char *line, const char *at)
{
  return *at == '#' && (at == line || strchr(" \t", at[-1]) != NULL);
}

/* Replaces ${name}. */
static void
expand(struct scenario *scenario, const char *where, const char *line, char *out)
{
  const char *start = line;
  size_t len = 0;

  while (*line != '\0' && !begins_comment(start, line)) {
    const char *end = strncmp(line, "${", 2) == 0 ? strchr(line, '}') : NULL;
    if (end != NULL) {
      char name[32];
      const struct scenario_let *let;
      snprintf(name, sizeof(name), "%.*s", (int)(end - line - 2), line + 2);
      let = find_let(scenario, name);
      if (let == NULL) {
        fatal(EXIT_USAGE, "%s: no variable '%s'", where, name);
      }
      len += (size_t)snprintf(out + len, LINE_ROOM - len, "%s", let->value);
      line = end + 1;
    } else {
      out[len++] = *line++;
    }
    if (len + 1 >= LINE_ROOM) {
      fatal(EXIT_USAGE, "%s: line too long", where);
    }
  }
  out[len] = '\0';
}

void
scenario_read_line(struct scenario *scenario, const char *where, const char *line)
{
  struct statement statement = {scenario, where, {NULL}, NULL};
  char text[LINE_ROOM];
  char *word;
  char *rest;
  size_t k;
  unsigned i;

  expand(scenario, where, line, text);
  word = strtok_r(text, " \t\r\n", &rest);
  if (word == NULL) {
    return;
  }
  for (k = 0; k < sizeof(keywords) / sizeof(keywords[0]); k++) {
    if (strcmp(keywords[k].name, word) == 0) {
      break;
    }
  }
  if (k == sizeof(keywords) / sizeof(keywords[0])) {
    fatal(EXIT_USAGE, "%s: unknown statement '%s'", where, word);
  }
  for (i = 0; i < keywords[k].words; i++) {
    statement.words[i] = strtok_r(NULL, " \t\r\n", &rest);
    if (statement.words[i] == NULL) {
      fatal(EXIT_USAGE, "%s: '%s' takes %u words", where, word, keywords[k].words);
    }
  }
  statement.rest = rest;
  for (i = 0; rest[i] != '\0'; i++) {
    if (rest[i] == '\n' || rest[i] == '\r') {
      rest[i] = ' ';
    }
  }
  keywords[k].run(&statement);
}

void
scenario_read_file(struct scenario *scenario, const char *path)
{
  char line[LINE_ROOM];
  char where[300];
  unsigned number = 0;
  FILE *file = fopen(path, "r");

  if (file == NULL) {
    fatal(EXIT_USAGE, "%s: %s", path, strerror(errno));
  }
  while (fgets(line, sizeof(line), file) != NULL) {
    snprintf(where, sizeof(where), "%s:%u", path, ++number);
    if (strchr(line, '\n') == NULL && !feof(file)) {
      fatal(EXIT_USAGE, "%s: line too long", where);
    }
    scenario_read_line(scenario, where, line);
  }
  fclose(file);
}
