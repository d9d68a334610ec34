/* SPDX-License-Identifier: BSD-3-Clause */
/** @file Reading rules: `CONDITION... VERDICT`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fatal.h"
#include "params.h"
#include "rules.h"

#define RULE_STREAM 500000u /* of random numbers */

static const struct {
  const char *name;
  unsigned bit;
} kinds[] = {
  {"syn", RULE_SYN},         {"synack", RULE_SYNACK}, {"fin", RULE_FIN},   {"rst", RULE_RST},
  {"ack", RULE_ACK},         {"data", RULE_DATA},     {"psh", RULE_PSH},   {"first", RULE_FIRST},
  {"again", RULE_AGAIN},     {"reopens", RULE_REOPENS}, {"tcp", RULE_TCP}, {"other", RULE_OTHER},
  {"ect", RULE_ECT},
};

static const struct {
  const char *name;
  size_t range;             /* where in struct rule */
  int (*parse)(const char *text, uint64_t *out);
} ranges[] = {
  {"frame", offsetof(struct rule, frame), parse_count},
  {"time", offsetof(struct rule, time_ns), parse_time},
  {"len", offsetof(struct rule, len), parse_count},
  {"size", offsetof(struct rule, size), parse_count},
  {"window", offsetof(struct rule, window), parse_count},
  {"nth", offsetof(struct rule, nth), parse_count},
  {"flow", offsetof(struct rule, flow), parse_count},
  {"turn", offsetof(struct rule, turn), parse_count},
  {"response", offsetof(struct rule, turn), parse_count},
  {"segment", offsetof(struct rule, segment), parse_count},
  {"byte", offsetof(struct rule, byte), parse_count},
  {"at", offsetof(struct rule, turn_byte), parse_count},
};

/* N, N-M, N- or -M */
static int
parse_range(const char *text, int (*parse)(const char *, uint64_t *), struct range *out)
{
  const char *dash = strchr(text, '-');
  char from[64];

  out->from = 0;
  out->to = UINT64_MAX;
  if (dash == NULL) {
    if (parse(text, &out->from) != 0) {
      return -1;
    }
    out->to = out->from;
    return 0;
  }
  snprintf(from, sizeof(from), "%.*s", (int)(dash - text), text);
  if ((from[0] != '\0' && parse(from, &out->from) != 0) ||
      (dash[1] != '\0' && parse(dash + 1, &out->to) != 0)) {
    return -1;
  }
  return out->from <= out->to && text[1] != '\0' ? 0 : -1;
}

/* NAME or !NAME */
static int
read_kind(struct rule *rule, const char *word)
{
  int is_not = word[0] == '!';
  size_t i;

  for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
    if (strcmp(kinds[i].name, word + is_not) == 0) {
      *(is_not ? &rule->not_kinds : &rule->kinds) |= kinds[i].bit;
      return 1;
    }
  }
  if (strcmp(word, "once") == 0) {
    rule->nth.from = rule->nth.to = 1;
    return 1;
  }
  return 0;
}

/* last=LEN: the segment with the last byte of a turn of LEN bytes. */
static int
read_last(struct rule *rule, const char *value)
{
  uint64_t len;

  if (parse_count(value, &len) != 0 || len == 0) {
    return -1;
  }
  rule->turn_byte.from = rule->turn_byte.to = len - 1;
  return 0;
}

static int
read_number(const char *value, uint64_t most, uint64_t *out)
{
  return parse_count(value, out) != 0 || *out == 0 || *out > most ? -1 : 0;
}

/* 1: understood, 0: no such key, -1: its value makes no sense. */
static int
read_value(struct rule *rule, const char *key, const char *value)
{
  uint64_t number;
  size_t i;

  for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
    if (strcmp(ranges[i].name, key) == 0) {
      struct range *range = (struct range *)((char *)rule + ranges[i].range);
      return parse_range(value, ranges[i].parse, range) == 0 ? 1 : -1;
    }
  }
  if (strcmp(key, "last") == 0) {
    return read_last(rule, value) == 0 ? 1 : -1;
  }
  if (strcmp(key, "share") == 0) {
    return parse_share(value, &rule->share) == 0 ? 1 : -1;
  }
  if (strcmp(key, "every") == 0) {
    return read_number(value, UINT64_MAX, &rule->every) == 0 ? 1 : -1;
  }
  if (strcmp(key, "port") == 0) {
    if (read_number(value, 65535, &number) != 0) {
      return -1;
    }
    rule->port = (unsigned)number;
    return 1;
  }
  return 0;
}

/* rst, rst+OFFSET, syn, forgedsyn, copy; each may end in @TIME. */
static int
read_injection(struct verdict *verdict, char *value)
{
  char *at = strchr(value, '@');
  uint64_t offset = 0;

  if (at != NULL) {
    *at = '\0';
    if (parse_time(at + 1, &verdict->delay_ns) != 0) {
      return -1;
    }
  }
  if (strncmp(value, "rst", 3) == 0 && (value[3] == '\0' || value[3] == '+')) {
    if (value[3] == '+' && (parse_count(value + 4, &offset) != 0 || offset > UINT32_MAX)) {
      return -1;
    }
    verdict->offset = (uint32_t)offset;
    verdict->injection = INJECT_RST;
  } else if (strcmp(value, "syn") == 0) {
    verdict->injection = INJECT_SYN;
  } else if (strcmp(value, "forgedsyn") == 0) {
    verdict->injection = INJECT_FORGED_SYN;
  } else if (strcmp(value, "copy") == 0) {
    verdict->injection = INJECT_COPY;
  } else {
    return -1;
  }
  return 0;
}

static int
read_verdict(struct verdict *verdict, char *word)
{
  static const struct {
    const char *name;
    enum verdict_kind kind;
  } plain[] = {
    {"pass", VERDICT_PASS},           {"drop", VERDICT_DROP},
    {"mark", VERDICT_MARK},           {"duplicate", VERDICT_DUPLICATE},
    {"corrupt", VERDICT_CORRUPT},
  };
  size_t i;

  for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
    if (strcmp(word, plain[i].name) == 0) {
      verdict->kind = plain[i].kind;
      return 0;
    }
  }
  if (strncmp(word, "delay=", 6) == 0) {
    verdict->kind = VERDICT_DELAY;
    return parse_time(word + 6, &verdict->delay_ns);
  }
  if (strncmp(word, "inject=", 7) == 0) {
    verdict->kind = VERDICT_INJECT;
    return read_injection(verdict, word + 7);
  }
  return -1;
}

static void
read_condition(struct rule *rule, char *word)
{
  char *value = strchr(word, '=');
  int understood;

  if (value == NULL) {
    understood = read_kind(rule, word);
  } else {
    *value = '\0';
    understood = read_value(rule, word, value + 1);
    *value = '=';
  }
  if (understood <= 0) {
    fatal(EXIT_USAGE, "%s: %s '%s'", rule->where,
          understood < 0 ? "a condition with a senseless value:" : "no condition", word);
  }
}

static struct rule *
new_rule(const char *where, const char *text)
{
  static const struct range all = RANGE_ALL;
  struct rule *rule = must_calloc(1, sizeof(*rule));
  size_t i;

  for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
    *(struct range *)((char *)rule + ranges[i].range) = all;
  }
  rule->share = 1;
  snprintf(rule->where, sizeof(rule->where), "%s", where);
  snprintf(rule->text, sizeof(rule->text), "%s", text);
  return rule;
}

void
rules_add(struct rules *rules, const char *where, const char *text, uint64_t seed)
{
  struct rule *rule = new_rule(where, text);
  char copy[PARAMS_TEXT_MAX];
  char *word;
  char *rest;
  char *next;

  snprintf(copy, sizeof(copy), "%s", text);
  word = strtok_r(copy, " \t", &rest);
  if (word == NULL) {
    fatal(EXIT_USAGE, "%s: a rule without a verdict", where);
  }
  for (; (next = strtok_r(NULL, " \t", &rest)) != NULL; word = next) {
    read_condition(rule, word);
  }
  if (read_verdict(&rule->verdict, word) != 0) {
    fatal(EXIT_USAGE, "%s: a rule ends in pass, drop, delay=TIME, mark, duplicate, corrupt or "
          "inject=KIND, not '%s'", where, word);
  }
  rng_seed(&rule->rng, seed, RULE_STREAM + rules->count);
  if (rules->last == NULL) {
    rules->first = rule;
  } else {
    rules->last->next = rule;
  }
  rules->last = rule;
  rules->count++;
}
