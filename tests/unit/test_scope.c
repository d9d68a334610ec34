/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The check of debug builds (TCP_ALT_SCOPE_CHECK): whoever writes another component is named, wherever in it,
 * and whoever writes his own is left alone.
 */
#include "unit.h"

#include "lwip/priv/tcp_alt_pcb.h"

static struct tcp_alt_cb block;

static const char *const part_name[TCP_ALT_PARTS] = { "conn", "rod", "flow", "cong", "demux" };

/* A byte of each component: its first, its last, and around `next`, which is not conn's. */
static const struct {
  enum tcp_alt_part part;
  size_t at;
} bytes[] = {
  { TCP_ALT_PART_conn, 0 },
  { TCP_ALT_PART_conn, offsetof(struct tcp_alt_cb, conn.face.next) - 1 },
  { TCP_ALT_PART_conn, offsetof(struct tcp_alt_cb, conn.face.next) + sizeof(struct tcp_pcb *) },
  { TCP_ALT_PART_conn, offsetof(struct tcp_alt_cb, conn) + sizeof(struct tcp_alt_conn) - 1 },
  { TCP_ALT_PART_rod, offsetof(struct tcp_alt_cb, rod) },
  { TCP_ALT_PART_rod, offsetof(struct tcp_alt_cb, rod) + sizeof(struct tcp_alt_rod) - 1 },
  { TCP_ALT_PART_flow, offsetof(struct tcp_alt_cb, flow) },
  { TCP_ALT_PART_flow, offsetof(struct tcp_alt_cb, flow) + sizeof(struct tcp_alt_flow) - 1 },
  { TCP_ALT_PART_cong, offsetof(struct tcp_alt_cb, cong) },
  { TCP_ALT_PART_cong, offsetof(struct tcp_alt_cb, cong) + sizeof(struct tcp_alt_cong) - 1 },
  { TCP_ALT_PART_demux, offsetof(struct tcp_alt_cb, conn.face.next) },
#if TCP_ALT_HASH
  { TCP_ALT_PART_demux, offsetof(struct tcp_alt_cb, demux) + sizeof(struct tcp_alt_demux) - 1 },
#endif
};

/* Some ports' assertions tell and return. */
static int goes_on;
static unsigned told;
static char last_told[80];

void
unit_assert(const char *message, const char *file, int line)
{
  if (goes_on) {
    told++;
    snprintf(last_told, sizeof(last_told), "%s", message);
  } else {
    mock_assert(0, message, file, line);
  }
}

static void
write_byte(size_t n)
{
  ((u8_t *)&block)[bytes[n].at] ^= 0x10;
}

/* Of its own: what follows a longjmp() shall not depend on a loop's variables. */
static void
assert_caught(const char *message)
{
  expect_assert_failure(tcp_alt_scope_leave());
  assert_string_equal(global_last_failed_assert, message);
}

static void
every_write_has_its_writer(void **state)
{
  size_t n;
  unsigned writer;

  (void)state;
  for (n = 0; n < COUNT_OF(bytes); n++) {
    for (writer = 0; writer < TCP_ALT_PARTS; writer++) {
      tcp_alt_scope_enter(&block, (enum tcp_alt_part)writer, "handler");
      write_byte(n);
      if (writer == (unsigned)bytes[n].part) {
        tcp_alt_scope_leave();
      } else {
        char message[80];

        snprintf(message, sizeof(message), "handler() of %s wrote %s", part_name[writer], part_name[bytes[n].part]);
        assert_caught(message);
      }
    }
  }
}

/* A handler that is about no block may write any. */
static void
without_a_block_nothing_is_checked(void **state)
{
  size_t n;

  (void)state;
  tcp_alt_scope_enter(NULL, TCP_ALT_PART_demux, "handler");
  for (n = 0; n < COUNT_OF(bytes); n++) {
    write_byte(n);
  }
  tcp_alt_scope_leave();
}

/* The arguments of a handler may be another's result; but not without end. */
static void
handlers_in_arguments(void **state)
{
  int n;

  (void)state;
  for (n = 0; n < 4; n++) {
    tcp_alt_scope_enter(&block, TCP_ALT_PART_rod, "handler");
  }
  expect_assert_failure(tcp_alt_scope_enter(&block, TCP_ALT_PART_rod, "handler"));
  assert_string_equal(global_last_failed_assert, "tcp_alt_scope: handlers within handlers");
  for (n = 0; n < 4; n++) {
    tcp_alt_scope_leave();
  }
}

/* Where an assertion returns, each component that was written is told, and the next handler is checked as ever. */
static void
tells_of_each_where_assertions_return(void **state)
{
  size_t n;

  (void)state;
  goes_on = 1;
  told = 0;
  tcp_alt_scope_enter(&block, TCP_ALT_PART_conn, "handler");
  for (n = 0; n < COUNT_OF(bytes); n++) {
    write_byte(n);
  }
  tcp_alt_scope_leave();
  assert_int_equal(told, TCP_ALT_PARTS - 1);
  assert_string_equal(last_told, "handler() of conn wrote demux");
  tcp_alt_scope_enter(&block, TCP_ALT_PART_conn, "handler");
  tcp_alt_scope_leave();
  assert_int_equal(told, TCP_ALT_PARTS - 1);
  goes_on = 0;
}

/* A listener is no control block: who writes it is not checked; who gets the face of a connection is. */
static void
a_listeners_face(void **state)
{
  (void)state;
  block.conn.face.state = LISTEN;
  tcp_alt_scope_enter_face(&block.conn.face, TCP_ALT_PART_demux, "handler");
  write_byte(4);
  tcp_alt_scope_leave();
  block.conn.face.state = ESTABLISHED;
  tcp_alt_scope_enter_face(&block.conn.face, TCP_ALT_PART_demux, "handler");
  write_byte(4);
  assert_caught("handler() of demux wrote rod");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_write_has_its_writer),
    cmocka_unit_test(without_a_block_nothing_is_checked),
    cmocka_unit_test(handlers_in_arguments),
    cmocka_unit_test(tells_of_each_where_assertions_return),
    cmocka_unit_test(a_listeners_face),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
