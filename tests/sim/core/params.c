/* SPDX-License-Identifier: BSD-3-Clause */
/** @file key=value words. */
#include "params.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct unit {
  const char *name;
  double factor;
};

static const struct unit count_units[] = {
  {"", 1}, {"k", 1e3}, {"M", 1e6}, {"G", 1e9},
  {"Ki", 1024.0}, {"Mi", 1048576.0}, {"Gi", 1073741824.0}, {NULL, 0}
};
static const struct unit time_units[] = {
  {"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"min", 60e9}, {NULL, 0}
};
static const struct unit share_units[] = {
  {"", 1}, {"%", 0.01}, {NULL, 0}
};

static int
parse_with_unit(const char *text, const struct unit *unit, double *out)
{
  char *end;
  double value = strtod(text, &end);

  if (end == text || value < 0) {
    return -1;
  }
  if (value == 0 && *end == '\0') {
    *out = 0;
    return 0;
  }
  for (; unit->name != NULL; unit++) {
    if (strcmp(end, unit->name) == 0) {
      *out = value * unit->factor;
      return 0;
    }
  }
  return -1;
}

int
parse_count(const char *text, uint64_t *out)
{
  double value;

  if (parse_with_unit(text, count_units, &value) != 0 || value > 1.8e19) {
    return -1;
  }
  *out = (uint64_t)(value + 0.5);
  return 0;
}

int
parse_time(const char *text, uint64_t *out)
{
  double value;

  if (parse_with_unit(text, time_units, &value) != 0 || value > 1.8e19) {
    return -1;
  }
  *out = (uint64_t)(value + 0.5);
  return 0;
}

int
parse_share(const char *text, double *out)
{
  return parse_with_unit(text, share_units, out) != 0 || *out > 1.0 ? -1 : 0;
}

static int
fail(struct params *params, const char *what, const char *where)
{
  if (params->error[0] == '\0') {
    snprintf(params->error, sizeof(params->error), "%s '%s'", what, where);
  }
  return -1;
}

int
params_parse(struct params *params, const char *text)
{
  char *word;
  char *rest;

  params->count = 0;
  params->error[0] = '\0';
  if (strlen(text) >= sizeof(params->text)) {
    return fail(params, "line too long:", "");
  }
  strcpy(params->text, text);
  for (word = strtok_r(params->text, " \t", &rest); word != NULL;
       word = strtok_r(NULL, " \t", &rest)) {
    char *equals = strchr(word, '=');
    if (equals == NULL || equals == word) {
      return fail(params, "not key=value:", word);
    }
    if (params->count == PARAMS_MAX) {
      return fail(params, "too many words at", word);
    }
    *equals = '\0';
    params->list[params->count].key = word;
    params->list[params->count].value = equals + 1;
    params->list[params->count].used = 0;
    params->count++;
  }
  return 0;
}

const char *
params_text(struct params *params, const char *key, const char *fallback)
{
  unsigned i;

  /* The last one wins, so that a later word overrides an earlier one. */
  for (i = params->count; i-- > 0;) {
    if (strcmp(params->list[i].key, key) == 0) {
      fallback = params->list[i].value;
      break;
    }
  }
  for (i = 0; i < params->count; i++) {
    if (strcmp(params->list[i].key, key) == 0) {
      params->list[i].used = 1;
    }
  }
  return fallback;
}

uint64_t
params_count(struct params *params, const char *key, uint64_t fallback)
{
  const char *text = params_text(params, key, NULL);

  if (text != NULL && parse_count(text, &fallback) != 0) {
    fail(params, "not a number:", text);
  }
  return fallback;
}

uint64_t
params_time(struct params *params, const char *key, uint64_t fallback)
{
  const char *text = params_text(params, key, NULL);

  if (text != NULL && parse_time(text, &fallback) != 0) {
    fail(params, "not a time (5ms, 2s):", text);
  }
  return fallback;
}

double
params_share(struct params *params, const char *key, double fallback)
{
  const char *text = params_text(params, key, NULL);

  if (text != NULL && parse_share(text, &fallback) != 0) {
    fail(params, "not a share (0.03, 3%):", text);
  }
  return fallback;
}

int
params_finish(struct params *params)
{
  unsigned i;

  for (i = 0; i < params->count; i++) {
    if (!params->list[i].used) {
      fail(params, "unknown key", params->list[i].key);
    }
  }
  return params->error[0] == '\0' ? 0 : -1;
}
