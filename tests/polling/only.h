/* SPDX-License-Identifier: BSD-3-Clause
 * One test alone: with TEST_ONLY=name in the environment only the test of that name is run, with TEST_ONLY=name#3
 * only the third turn of a loop test. Include after check.h, in every file that registers tests. */
#ifndef TCP_ALT_TESTS_POLLING_ONLY_H
#define TCP_ALT_TESTS_POLLING_ONLY_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

static inline void
only_add(TCase *tc, const TTest *test, int start, int end)
{
  const char *only = getenv("TEST_ONLY");
  if (only != NULL) {
    size_t n = strcspn(only, "#");
    if (strlen(test->name) != n || strncmp(test->name, only, n) != 0) {
      return;
    }
    if (only[n] == '#') {
      start += atoi(only + n + 1) - 1;
      end = start < end ? start + 1 : start;
    }
  }
  _tcase_add_test(tc, test, 0, 0, start, end);
}

#undef tcase_add_test
#undef tcase_add_loop_test
#define tcase_add_test(tc, test) only_add(tc, test, 0, 1)
#define tcase_add_loop_test(tc, test, s, e) only_add(tc, test, s, e)

#endif
