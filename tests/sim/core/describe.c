/* SPDX-License-Identifier: BSD-3-Clause */
/** @file What a scenario is, as JSON. */
#include "describe.h"

#include "json.h"

static void
pair(FILE *out, const char *before, const char *name, const char *value)
{
  fputs(before, out);
  json_text(out, name);
  fputs(": ", out);
  json_text(out, value);
}

static void
variables(const struct scenario *scenario, FILE *out)
{
  unsigned i;

  fputs(",\n \"variables\": {", out);
  for (i = 0; i < scenario->let_count; i++) {
    pair(out, i == 0 ? "" : ", ", scenario->lets[i].name, scenario->lets[i].value);
  }
  fputc('}', out);
}

/* The keys were found to be key=value words when they were read. */
static void
measure(const struct lab_measure *measure, FILE *out)
{
  struct params params;
  unsigned i;

  pair(out, "{", "name", measure->name);
  pair(out, ", ", "unit", measure->unit);
  pair(out, ", ", "better", measure->higher_is_better ? "higher" : "lower");
  pair(out, ", ", "kind", measure->kind);
  pair(out, ", ", "where", measure->where);
  fputs(", \"keys\": {", out);
  (void)params_parse(&params, measure->keys);
  for (i = 0; i < params.count; i++) {
    pair(out, i == 0 ? "" : ", ", params.list[i].key, params.list[i].value);
  }
  fputs("}}", out);
}

static void
axis(const struct lab_axis *axis, FILE *out)
{
  unsigned i;

  json_text(out, axis->variable);
  fputs(": [", out);
  for (i = 0; i < axis->value_count; i++) {
    fputs(i == 0 ? "" : ", ", out);
    json_text(out, axis->values[i]);
  }
  fputc(']', out);
}

static void
for_the_lab(const struct lab *lab, FILE *out)
{
  unsigned i;

  fputs(",\n \"measures\": [", out);
  for (i = 0; i < lab->measure_count; i++) {
    fputs(i == 0 ? "\n  " : ",\n  ", out);
    measure(&lab->measures[i], out);
  }
  fputs("],\n \"grid\": {", out);
  for (i = 0; i < lab->axis_count; i++) {
    fputs(i == 0 ? "" : ", ", out);
    axis(&lab->axes[i], out);
  }
  fprintf(out, "},\n \"seeds\": %u,\n \"quick\": {", lab->seeds == 0 ? 1 : lab->seeds);
  for (i = 0; i < lab->quick_count; i++) {
    pair(out, i == 0 ? "" : ", ", lab->quick[i].variable, lab->quick[i].value);
  }
  fputc('}', out);
}

static void
hosts(const struct scenario *scenario, FILE *out)
{
  const struct world *world = scenario->world;
  const char *comma = "\n  ";
  unsigned i;

  fputs(",\n \"hosts\": [", out);
  for (i = 0; i < world->node_count; i++) {
    if (world->nodes[i].is_host) {
      fputs(comma, out);
      pair(out, "{", "name", world->nodes[i].name);
      pair(out, ", ", "profile", scenario->hosts[i].profile);
      pair(out, ", ", "backend", scenario->hosts[i].backend);
      fputc('}', out);
      comma = ",\n  ";
    }
  }
  fputc(']', out);
}

static void
links(const struct world *world, FILE *out)
{
  unsigned i;

  fputs(",\n \"links\": [", out);
  for (i = 0; i < world->link_count; i++) {
    pair(out, i == 0 ? "{" : ", {", "from", world->nodes[world->links[i].from].name);
    pair(out, ", ", "to", world->nodes[world->links[i].to].name);
    fputc('}', out);
  }
  fputc(']', out);
}

static void
apps(const struct scenario *scenario, FILE *out)
{
  unsigned i;

  fputs(",\n \"apps\": [", out);
  for (i = 0; i < scenario->app_count; i++) {
    pair(out, i == 0 ? "{" : ", {", "host",
         scenario->world->nodes[scenario->apps[i].host].name);
    pair(out, ", ", "role", scenario->apps[i].role);
    fputc('}', out);
  }
  fputc(']', out);
}

void
describe_scenario(const struct scenario *scenario, FILE *out)
{
  pair(out, "{", "about", scenario->lab.about);
  fprintf(out, ",\n \"marked\": %s", scenario->marked_ns != 0 ? "true" : "false");
  variables(scenario, out);
  for_the_lab(&scenario->lab, out);
  hosts(scenario, out);
  links(scenario->world, out);
  apps(scenario, out);
  fputs("}\n", out);
}
