/* SPDX-License-Identifier: BSD-3-Clause */
/** @file What happens to a link by the clock. */
#include "schedule.h"

#include <stdio.h>
#include <string.h>

static void
complain(struct params *params, const char *key, const char *example, const char *text)
{
  if (params->error[0] == '\0') {
    snprintf(params->error, sizeof(params->error), "%s: not like %s: '%s'", key, example, text);
  }
}

/* Splits A<mark>B at the mark; returns B, or NULL. */
static char *
split(char *piece, char mark)
{
  char *at = strchr(piece, mark);

  if (at == NULL) {
    return NULL;
  }
  *at = '\0';
  return at + 1;
}

static int
read_pair(char *piece, uint64_t *first, uint64_t *second)
{
  char *rest = split(piece, '+');

  return rest == NULL || parse_time(piece, first) != 0 || parse_time(rest, second) != 0 ? -1 : 0;
}

static void
read_list(struct intervals *intervals, struct params *params, const char *key)
{
  const char *text = params_text(params, key, NULL);
  char copy[512];
  char *piece;
  char *rest;

  if (text == NULL) {
    return;
  }
  intervals->count = 0;
  snprintf(copy, sizeof(copy), "%s", text);
  for (piece = strtok_r(copy, ";", &rest); piece != NULL; piece = strtok_r(NULL, ";", &rest)) {
    uint64_t from;
    uint64_t length;
    if (intervals->count == SCHEDULE_MAX || read_pair(piece, &from, &length) != 0) {
      complain(params, key, "5s+10s", text);
      return;
    }
    intervals->list[intervals->count].from_ns = from;
    intervals->list[intervals->count++].to_ns = from + length;
  }
}

void
intervals_read(struct intervals *intervals, struct params *params, const char *key,
               const char *periodic)
{
  const char *text = params_text(params, periodic, NULL);
  char copy[512];

  read_list(intervals, params, key);
  if (text == NULL) {
    return;
  }
  snprintf(copy, sizeof(copy), "%s", text);
  if (read_pair(copy, &intervals->period_ns, &intervals->length_ns) != 0 ||
      intervals->length_ns >= intervals->period_ns) {
    complain(params, periodic, "30s+2s", text);
  }
}

int
intervals_contain(const struct intervals *intervals, uint64_t now_ns, uint64_t *end_ns)
{
  unsigned i;

  for (i = 0; i < intervals->count; i++) {
    if (now_ns >= intervals->list[i].from_ns && now_ns < intervals->list[i].to_ns) {
      *end_ns = intervals->list[i].to_ns;
      return 1;
    }
  }
  if (intervals->period_ns != 0 && now_ns >= intervals->period_ns &&
      now_ns % intervals->period_ns < intervals->length_ns) {
    *end_ns = now_ns - now_ns % intervals->period_ns + intervals->length_ns;
    return 1;
  }
  return 0;
}

void
steps_read(struct steps *steps, struct params *params, const char *key,
           int (*parse)(const char *text, uint64_t *out))
{
  const char *text = params_text(params, key, NULL);
  char copy[512];
  char *piece;
  char *rest;

  if (text == NULL) {
    return;
  }
  steps->count = 0;
  snprintf(copy, sizeof(copy), "%s", text);
  for (piece = strtok_r(copy, ";", &rest); piece != NULL; piece = strtok_r(NULL, ";", &rest)) {
    char *value = split(piece, ':');
    uint64_t at;
    unsigned n = steps->count;
    if (value == NULL || n == SCHEDULE_MAX || parse_time(piece, &at) != 0 ||
        parse(value, &steps->list[n].value) != 0 || (n > 0 && at <= steps->list[n - 1].at_ns)) {
      complain(params, key, "5s:VALUE;8s:VALUE, in order", text);
      return;
    }
    steps->list[n].at_ns = at;
    steps->count++;
  }
}

uint64_t
steps_value(const struct steps *steps, uint64_t before, uint64_t now_ns, uint64_t *next_ns)
{
  unsigned i;

  for (i = 0; i < steps->count && steps->list[i].at_ns <= now_ns; i++) {
    before = steps->list[i].value;
  }
  *next_ns = i < steps->count ? steps->list[i].at_ns : UINT64_MAX;
  return before;
}
