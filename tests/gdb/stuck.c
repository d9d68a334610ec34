/* SPDX-License-Identifier: BSD-3-Clause
 * Connections in states that a debugger shall show, and the place to stop: in stuck_ends_here() all are there. */
#include "world.h"

#include "lwip/ip.h"
#include "lwip/priv/tcp_priv.h"

#include <check.h>
#include <string.h>

struct tcp_pcb *stuck_one;
#if GDB_DUAL
struct tcp_pcb *stuck_reordering, *stuck_probing;
#endif

void stuck_ends_here(void);

/* Not inlined, nor thrown away. */
__attribute__((noinline)) void
stuck_ends_here(void)
{
  __asm__ volatile("" : : : "memory");
}

#if GDB_DUAL
/* From the peer, behind what it sent last, with these options. */
static void
peer_answer(u8_t flags, const u8_t *options, u8_t optlen)
{
  static const u8_t from[4] = { 10, 0, 0, 2 }, to[4] = { 10, 0, 0, 1 };
  struct packet out = { 0 };
  u8_t bytes[PACKET_MAX];
  struct pbuf *p;
  u16_t total;

  out.src = peer.port;
  out.dst = peer.lwip_port;
  out.seq = peer.seq;
  out.ack = peer.ack;
  out.flags = flags;
  out.wnd = peer.wnd;
  out.optlen = optlen;
  memcpy(out.opts, options, optlen);
  total = packet_build(bytes, &out, from, to);
  p = pbuf_alloc(PBUF_RAW, total, PBUF_POOL);
  ck_assert_ptr_nonnull(p);
  pbuf_take(p, bytes, total);
  ck_assert_int_eq(netif.input(p, &netif), ERR_OK);
}

/* A connection with SACK, over a path of 100 ms. */
static struct tcp_pcb *
open_with_sack(void)
{
  static const u8_t permitted[4] = { 4, 2, 1, 1 };
  const struct packet *syn;

  ck_assert_int_eq(open_active(), ERR_OK);
  syn = world_next();
  ck_assert_ptr_nonnull(syn);
  peer.lwip_port = syn->src;
  peer.ack = syn->seq + 1;
  world_pass(100);
  peer_answer(SYN | ACK, permitted, sizeof(permitted));
  peer.seq++;
  world_discard();
  return app.pcb;
}

static void
send_three_segments(struct tcp_pcb *pcb)
{
  static u8_t data[3 * 536];

  tcp_write(pcb, data, sizeof(data), TCP_WRITE_FLAG_COPY);
  tcp_output(pcb);
  world_discard();
}

/* The peer has received the second segment of 536 bytes, not the first. */
static void
peer_reports_second(void)
{
  u8_t option[12] = { 1, 1, 5, 10 };
  int i;

  for (i = 0; i < 4; i++) {
    option[4 + i] = (u8_t)((peer.ack + 536) >> (24 - 8 * i));
    option[8 + i] = (u8_t)((peer.ack + 1072) >> (24 - 8 * i));
  }
  peer_answer(ACK, option, sizeof(option));
}
#endif

START_TEST(stuck)
{
  static u8_t data[3000];
#if GDB_DUAL
  struct peer of_reordering, of_one;
#endif

  world_start();
#if GDB_DUAL
  stuck_probing = open_with_sack();
  stuck_reordering = open_with_sack();
  send_three_segments(stuck_reordering);
  of_reordering = peer;
#endif
  establish_slowly(100);
  stuck_one = app.pcb;
#if GDB_DUAL
  /* A round trip has passed; a quarter of one more, and the first segment counts as lost. */
  of_one = peer;
  peer = of_reordering;
  peer_reports_second();
  peer = of_one;
  send_three_segments(stuck_probing); /* no time may pass now: two round trips, and it probes */
#endif
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
