/* SPDX-License-Identifier: BSD-3-Clause */
/** @file What a scenario says to the lab: reading it. */
#include "lab.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fatal.h"

#define SEEDS_MAX 100000u

/* Copies a word that must fit. */
static void
keep(char *to, size_t size, const char *where, const char *text)
{
  if ((size_t)snprintf(to, size, "%s", text) >= size) {
    fatal(EXIT_USAGE, "%s: longer than %u characters: '%s'", where, (unsigned)size - 1, text);
  }
}

static void
room_for(unsigned count, unsigned max, const char *where, const char *what)
{
  if (count == max) {
    fatal(EXIT_USAGE, "%s: more than %u %s", where, max, what);
  }
}

void
lab_read_about(struct lab *lab, const char *where, const char *text)
{
  size_t len;

  text += strspn(text, " \t");
  if (*text == '\0') {
    fatal(EXIT_USAGE, "%s: 'about' takes a text", where);
  }
  keep(lab->about, sizeof(lab->about), where, text);
  for (len = strlen(lab->about); len > 0 && strchr(" \t", lab->about[len - 1]) != NULL; len--) {
    lab->about[len - 1] = '\0';
  }
}

void
lab_read_seeds(struct lab *lab, const char *where, const char *number)
{
  char *end;
  unsigned long seeds = strtoul(number, &end, 10);

  if (*end != '\0' || seeds == 0 || seeds > SEEDS_MAX || *number == '-') {
    fatal(EXIT_USAGE, "%s: seeds are a number from 1 to %u, not '%s'", where, SEEDS_MAX, number);
  }
  lab->seeds = (unsigned)seeds;
}

void
lab_read_grid(struct lab *lab, const char *where, const char *variable, const char *values)
{
  struct lab_axis *axis = &lab->axes[lab->axis_count];
  char copy[PARAMS_TEXT_MAX];
  char *word;
  char *rest;

  room_for(lab->axis_count, LAB_AXES_MAX, where, "grid statements");
  memset(axis, 0, sizeof(*axis));
  keep(axis->variable, sizeof(axis->variable), where, variable);
  keep(copy, sizeof(copy), where, values);
  for (word = strtok_r(copy, " \t", &rest); word != NULL; word = strtok_r(NULL, " \t", &rest)) {
    room_for(axis->value_count, LAB_VALUES_MAX, where, "values");
    keep(axis->values[axis->value_count++], sizeof(axis->values[0]), where, word);
  }
  if (axis->value_count == 0) {
    fatal(EXIT_USAGE, "%s: 'grid %s' takes values", where, variable);
  }
  lab->axis_count++;
}

void
lab_read_quick(struct lab *lab, const char *where, const char *variable, const char *value)
{
  struct lab_quick *quick = &lab->quick[lab->quick_count];

  room_for(lab->quick_count, LAB_QUICK_MAX, where, "quick statements");
  keep(quick->variable, sizeof(quick->variable), where, variable);
  keep(quick->value, sizeof(quick->value), where, value);
  lab->quick_count++;
}

void
lab_read_measure(struct lab *lab, const char *where, char *const words[4], const char *keys)
{
  struct lab_measure *measure = &lab->measures[lab->measure_count];
  struct params params;
  unsigned i;

  room_for(lab->measure_count, LAB_MEASURES_MAX, where, "measures");
  for (i = 0; i < lab->measure_count; i++) {
    if (strcmp(lab->measures[i].name, words[0]) == 0) {
      fatal(EXIT_USAGE, "%s: measure '%s' exists (%s)", where, words[0], lab->measures[i].where);
    }
  }
  keep(measure->name, sizeof(measure->name), where, words[0]);
  keep(measure->unit, sizeof(measure->unit), where, words[1]);
  measure->higher_is_better = strcmp(words[2], "higher") == 0;
  if (!measure->higher_is_better && strcmp(words[2], "lower") != 0) {
    fatal(EXIT_USAGE, "%s: better is 'higher' or 'lower', not '%s'", where, words[2]);
  }
  keep(measure->kind, sizeof(measure->kind), where, words[3]);
  keep(measure->keys, sizeof(measure->keys), where, keys);
  if (params_parse(&params, keys) != 0) {
    fatal(EXIT_USAGE, "%s: %s", where, params.error);
  }
  keep(measure->where, sizeof(measure->where), where, where);
  lab->measure_count++;
}
