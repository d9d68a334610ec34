/* SPDX-License-Identifier: BSD-3-Clause
 * Runs the groups that this build has, each test in a process of its own, and writes check's TAP. */
#include "groups.h"
#include "lock.h"
#include "world.h"

#include <stdio.h>

const char *lock_asked[LOCK_ASKED];
unsigned int n_lock_asked;

void
contract_core_locked(const char *function)
{
  lock_asked[n_lock_asked++ % LOCK_ASKED] = function;
}

int
main(int argc, char **argv)
{
  TCase *(*const groups[])(void) = { CONTRACT_GROUPS };
  Suite *suite = suite_create("contract");
  SRunner *runner;
  size_t i;
  int failed;

  world_choose_backend();
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
