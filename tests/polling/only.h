/* SPDX-License-Identifier: BSD-3-Clause
 * Some tests alone: with TEST_ONLY=name,name#3 in the environment only the tests of these names are run, and with
 * a number only that turn of a loop test. Include after check.h, in every file that registers tests. */
#ifndef TCP_ALT_TESTS_POLLING_ONLY_H
#define TCP_ALT_TESTS_POLLING_ONLY_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

static inline void
only_add(TCase *tc, const TTest *test, int start, int end)
{
  const char *only = getenv("TEST_ONLY");
  size_t len = strlen(test->name);
  if (only == NULL) {
    _tcase_add_test(tc, test, 0, 0, start, end);
    return;
  }
  while (*only != '\0') {
    size_t name = strcspn(only, "#,");
    if (name == len && strncmp(test->name, only, len) == 0) {
      int turn = only[name] == '#' ? atoi(only + name + 1) : 0;
      if (turn == 0) {
        _tcase_add_test(tc, test, 0, 0, start, end);
      } else if (start + turn <= end) {
        _tcase_add_test(tc, test, 0, 0, start + turn - 1, start + turn);
      }
    }
    only += strcspn(only, ",");
    only += *only == ',';
  }
}

#undef tcase_add_test
#undef tcase_add_loop_test
#define tcase_add_test(tc, test) only_add(tc, test, 0, 1)
#define tcase_add_loop_test(tc, test, s, e) only_add(tc, test, s, e)

#endif
