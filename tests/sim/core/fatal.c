/* SPDX-License-Identifier: BSD-3-Clause */
/** @file For what cannot go on. */
#define _GNU_SOURCE
#include "fatal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void
fatal(int code, const char *format, ...)
{
  va_list arguments;

  fflush(stdout);
  fprintf(stderr, "%s: ", program_invocation_short_name);
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  exit(code);
}

void *
must_realloc(void *memory, size_t size)
{
  void *result = realloc(memory, size);

  if (result == NULL) {
    fatal(EXIT_FAILURE, "out of memory");
  }
  return result;
}

void *
must_calloc(size_t count, size_t size)
{
  void *result = calloc(count, size);

  if (result == NULL) {
    fatal(EXIT_FAILURE, "out of memory");
  }
  return result;
}
