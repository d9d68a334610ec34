/* SPDX-License-Identifier: BSD-3-Clause */
/** @file For what cannot go on: no memory, no file. */
#ifndef SIM_FATAL_H
#define SIM_FATAL_H

#include <stddef.h>

#define EXIT_USAGE 2

/** Says why, with the given exit code. */
void fatal(int code, const char *format, ...)
  __attribute__((noreturn, format(printf, 2, 3)));

void *must_realloc(void *memory, size_t size);
/** Zeroed. */
void *must_calloc(size_t count, size_t size);

#endif /* SIM_FATAL_H */
