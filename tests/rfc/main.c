/* SPDX-License-Identifier: BSD-3-Clause
 * Runs the RFC tests, each in a process of its own, and writes check's TAP. TEST_ONLY and WORLD_TRACE in the
 * environment: see ../polling/only.h and trace.h. */
#include "groups.h"

#include <stdio.h>
#include <stdlib.h>

/* What ../run looks at: a failure shows its packets and its connection. */
START_TEST(shown_when_it_fails)
{
  path(100);
  peer.wnd = 0;
  say(0, ACK, 0);
  app_send(500);
  ck_abort_msg("as it shall");
}
END_TEST

static TCase *
failing_tests(void)
{
  TCase *group = tcase_create("failing");
  tcase_add_test(group, shown_when_it_fails);
  return group;
}

static void
add(Suite *suite, TCase *group)
{
  tcase_add_checked_fixture(group, world_start, NULL);
  tcase_set_timeout(group, 60);
  suite_add_tcase(suite, group);
}

int
main(int argc, char **argv)
{
#define RFC_GROUP(name) name##_tests,
  TCase *(*const groups[])(void) = { RFC_GROUPS(RFC_GROUP) };
  Suite *suite = suite_create("rfc");
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
    add(suite, groups[i]());
  }
  if (getenv("RFC_FAIL") != NULL) {
    add(suite, failing_tests());
  }
  runner = srunner_create(suite);
  srunner_set_tap(runner, argv[1]);
  srunner_run_all(runner, CK_SILENT);
  failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? 1 : 0;
}
