/* SPDX-License-Identifier: BSD-3-Clause
 * Who asks for any port gets one that is free, until none is left (this build has three). */
#include "contract.h"

#define FIRST   TCP_LOCAL_PORT_RANGE_START
#define N_PORTS (TCP_LOCAL_PORT_RANGE_END - TCP_LOCAL_PORT_RANGE_START)

/* tcp_bind() to port 0 gives each port once; the next one is told, and gets the port that another gives back. */
START_TEST(bind_to_any)
{
  struct tcp_pcb *pcbs[N_PORTS], *late = tcp_new();
  unsigned int seen = 0, i;
  u16_t port;
  for (i = 0; i < N_PORTS; i++) {
    pcbs[i] = tcp_new();
    ck_assert_int_eq(tcp_bind(pcbs[i], IP4_ADDR_ANY, 0), ERR_OK);
    seen |= 1U << (tcp_local_port_get(pcbs[i]) - FIRST);
  }
  ck_assert_uint_eq(seen, (1U << N_PORTS) - 1);
  ck_assert_int_eq(tcp_bind(late, IP4_ADDR_ANY, 0), ERR_BUF);
  ck_assert_uint_eq(tcp_local_port_get(late), 0);
  port = tcp_local_port_get(pcbs[_i]);
  tcp_close(pcbs[_i]);
  ck_assert_int_eq(tcp_bind(late, IP4_ADDR_ANY, 0), ERR_OK);
  ck_assert_uint_eq(tcp_local_port_get(late), port);
}
END_TEST

/* The same for tcp_connect() of a PCB that is not bound. */
START_TEST(connect_from_any)
{
  ip_addr_t to = IPADDR4_INIT_BYTES(10, 0, 0, 2);
  struct tcp_pcb *pcb;
  unsigned int seen = 0, i;
  for (i = 0; i < N_PORTS; i++) {
    pcb = tcp_new();
    ck_assert_int_eq(tcp_connect(pcb, &to, peer.port, NULL), ERR_OK);
    seen |= 1U << (only()->src - FIRST);
  }
  ck_assert_uint_eq(seen, (1U << N_PORTS) - 1);
  pcb = tcp_new();
  ck_assert_int_eq(tcp_connect(pcb, &to, peer.port, NULL), ERR_BUF);
  assert_silence();
  ck_assert_int_eq(tcp_state_get(pcb), CLOSED);
  tcp_abort(tcp_active_pcbs);
  ck_assert_int_eq(tcp_connect(pcb, &to, peer.port, NULL), ERR_OK);
  ck_assert_uint_eq(only()->flags, SYN);
}
END_TEST

TCase *
port_tests(void)
{
  TCase *tc = tcase_create("port");
  tcase_add_loop_test(tc, bind_to_any, 0, (int)N_PORTS);
  tcase_add_test(tc, connect_from_any);
  return tc;
}
