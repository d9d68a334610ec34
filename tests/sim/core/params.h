/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * `key=value` words: the one notation of scenario lines and of application
 * parameters, on both sides of the host interface.
 */
#ifndef SIM_PARAMS_H
#define SIM_PARAMS_H

#include <stddef.h>
#include <stdint.h>

#define PARAMS_TEXT_MAX 1024
#define PARAMS_MAX 48

struct params {
  char text[PARAMS_TEXT_MAX];
  unsigned count;
  struct param {
    const char *key;
    const char *value;
    int used;
  } list[PARAMS_MAX];
  char error[160];         /* empty: everything was understood so far */
};

/** Splits words; every word must be `key=value`. 0 or -1 (see `error`). */
int params_parse(struct params *params, const char *text);

/* Each getter marks the key as used and records an error for a bad value. */
const char *params_text(struct params *params, const char *key, const char *fallback);
/** Plain or with k, M, G (1000s) or Ki, Mi, Gi (1024s). */
uint64_t params_count(struct params *params, const char *key, uint64_t fallback);
/** Nanoseconds: 5ms, 20us, 3s, 250ns. */
uint64_t params_time(struct params *params, const char *key, uint64_t fallback);
/** A share of one: 0.03 or 3%. */
double params_share(struct params *params, const char *key, double fallback);

/** The values behind the getters; -1 for nonsense. */
int parse_count(const char *text, uint64_t *out);
int parse_time(const char *text, uint64_t *out);
int parse_share(const char *text, double *out);

/** Fails for keys that nobody asked for (a typing mistake) or a recorded error. */
int params_finish(struct params *params);

#endif /* SIM_PARAMS_H */
