/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * What a scenario says to the lab: what it is about, what to measure, over
 * which values of its variables, how often. A run takes no notice of it.
 */
#ifndef SIM_LAB_H
#define SIM_LAB_H

#include "params.h"

#define LAB_MEASURES_MAX 16
#define LAB_AXES_MAX 8
#define LAB_VALUES_MAX 32
#define LAB_QUICK_MAX 16
#define LAB_TEXT_MAX 160
#define LAB_WHERE_MAX 300

/** A figure made of a run's results. `kind` and `keys` are the lab's business. */
struct lab_measure {
  char name[32], unit[16], kind[24];
  int higher_is_better;
  char keys[LAB_TEXT_MAX];
  char where[LAB_WHERE_MAX];    /* file:line, for errors */
};

struct lab_axis {
  char variable[32];
  char values[LAB_VALUES_MAX][32];
  unsigned value_count;
};

struct lab {
  char about[LAB_TEXT_MAX];
  unsigned seeds;               /* runs per cell; 0: not said */
  struct lab_measure measures[LAB_MEASURES_MAX];
  unsigned measure_count;
  struct lab_axis axes[LAB_AXES_MAX];
  unsigned axis_count;
  struct lab_quick {
    char variable[32], value[LAB_TEXT_MAX];
  } quick[LAB_QUICK_MAX];       /* what --quick sets */
  unsigned quick_count;
};

/* Each takes a statement's words; errors name `where` and end the program. */
void lab_read_about(struct lab *lab, const char *where, const char *text);
void lab_read_seeds(struct lab *lab, const char *where, const char *number);
void lab_read_grid(struct lab *lab, const char *where, const char *variable, const char *values);
void lab_read_quick(struct lab *lab, const char *where, const char *variable, const char *value);
/** `words` are name, unit, higher or lower, and kind. */
void lab_read_measure(struct lab *lab, const char *where, char *const words[4], const char *keys);

#endif /* SIM_LAB_H */
