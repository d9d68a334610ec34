/* SPDX-License-Identifier: BSD-3-Clause
 * Runs the RFC tests over IPv6, each in a process of its own, and writes check's TAP. */
#include "world.h"

#include <check.h>
#include <stdio.h>

TCase *icmp6_tests(void);

int
main(int argc, char **argv)
{
  TCase *group;
  Suite *suite = suite_create("six");
  SRunner *runner;
  int failed;

  if (argc != 2) {
    fprintf(stderr, "usage: %s TAP-FILE\n", argv[0]);
    return 2;
  }
  clock_source = CLOCK_SYS_NOW;
  group = icmp6_tests();
  tcase_add_checked_fixture(group, world_start, NULL);
  suite_add_tcase(suite, group);
  runner = srunner_create(suite);
  srunner_set_tap(runner, argv[1]);
  srunner_run_all(runner, CK_SILENT);
  failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? 1 : 0;
}
