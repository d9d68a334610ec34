/* SPDX-License-Identifier: BSD-3-Clause
 * Runs the RFC tests, each in a process of its own, and writes check's TAP. TEST_ONLY and WORLD_TRACE in the
 * environment: see ../polling/only.h and trace.h. */
#include "groups.h"

#include <stdio.h>
#include <stdlib.h>

int
main(int argc, char **argv)
{
#define RFC_GROUP(name) name##_tests,
  TCase *(*const groups[])(void) = { RFC_GROUPS(RFC_GROUP) };
  Suite *suite = suite_create("rfc");
  SRunner *runner;
  size_t i;
  int failed;

  if (argc != 2) {
    fprintf(stderr, "usage: %s TAP-FILE\n", argv[0]);
    return 2;
  }
  clock_source = CLOCK_SYS_NOW;
  for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
    TCase *group = groups[i]();

    tcase_add_checked_fixture(group, world_start, NULL);
    tcase_set_timeout(group, 60);
    suite_add_tcase(suite, group);
  }
  runner = srunner_create(suite);
  srunner_set_tap(runner, argv[1]);
  srunner_run_all(runner, CK_SILENT);
  failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? 1 : 0;
}
