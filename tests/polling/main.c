/* SPDX-License-Identifier: BSD-3-Clause
 * Runs the polling tests, each in a process of its own, and writes check's TAP. */
#include "tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
choose_clock(const char *name)
{
  static const char *const names[] = { "sys_now", "tcp_tmr", "fast_slow" };
  size_t i;

  for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
    if (strcmp(name, names[i]) == 0) {
      clock_source = (enum clock_source)i;
      return (clock_source == CLOCK_SYS_NOW) == (LWIP_TIMERS != 0);
    }
  }
  return 0;
}

int
main(int argc, char **argv)
{
  TCase *(*const groups[])(void) = { output_tests, shortage_tests, input_tests, poll_tests, option_tests, idle_tests };
  Suite *suite = suite_create("polling");
  SRunner *runner;
  size_t i;
  int failed;

  world_choose_backend();
  if (argc != 3 || !choose_clock(argv[1])) {
    fprintf(stderr, "usage: %s %s TAP-FILE\n", argv[0], LWIP_TIMERS ? "sys_now" : "tcp_tmr|fast_slow");
    return 2;
  }
  for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
    TCase *group = groups[i]();

    tcase_add_checked_fixture(group, world_start, NULL);
    tcase_set_timeout(group, 60);
    suite_add_tcase(suite, group);
  }
  runner = srunner_create(suite);
  srunner_set_fork_status(runner, CK_FORK);
  srunner_set_tap(runner, argv[2]);
  srunner_run_all(runner, CK_SILENT);
  failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? 1 : 0;
}
