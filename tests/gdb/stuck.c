/* SPDX-License-Identifier: BSD-3-Clause
 * Connections in states that a debugger shall show, and the place to stop: in stuck_ends_here() all are there. */
#include "world.h"

#include "lwip/ip.h"
#include "lwip/priv/tcp_priv.h"

#include <check.h>

struct tcp_pcb *stuck_one;

void stuck_ends_here(void);

/* Not inlined, nor thrown away. */
__attribute__((noinline)) void
stuck_ends_here(void)
{
  __asm__ volatile("" : : : "memory");
}

START_TEST(stuck)
{
  static u8_t data[3000];

  world_start();
  establish_slowly(100);
  stuck_one = app.pcb;
  tcp_write(stuck_one, data, sizeof(data), TCP_WRITE_FLAG_COPY);
  tcp_output(stuck_one);
  peer_send_at(peer.seq + 10, ACK, data, 50); /* behind a gap of ten bytes */
  /* The last of those 3000 bytes, less than a segment, are on their way: Nagle, as Minshall reads it, holds a second
   * one that is small. */
  tcp_write(stuck_one, data, 320, TCP_WRITE_FLAG_COPY);
  tcp_write(stuck_one, data, 1, TCP_WRITE_FLAG_COPY);
  tcp_output(stuck_one);
#if LWIP_IPV6
  {
    struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_V6);
    ip_addr_t any = IPADDR6_INIT_HOST(0x20010db8, 0, 0, 1);
    ck_assert_int_eq(tcp_bind(pcb, &any, 443), ERR_OK);
    ck_assert_ptr_nonnull(tcp_listen(pcb));
  }
#endif
  stuck_ends_here();
}
END_TEST

/* The world's assertions want one of check's tests around them; in this process, where the debugger is. */
int
main(void)
{
  Suite *suite = suite_create("gdb");
  TCase *group = tcase_create("stuck");
  SRunner *runner = srunner_create(suite);

  clock_source = CLOCK_SYS_NOW;
  tcase_add_test(group, stuck);
  suite_add_tcase(suite, group);
  srunner_set_fork_status(runner, CK_NOFORK);
  srunner_run_all(runner, CK_NORMAL);
  return srunner_ntests_failed(runner) != 0;
}
