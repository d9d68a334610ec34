/* SPDX-License-Identifier: BSD-3-Clause
 * lwIP's debug output, as this backend writes it: states, flags, headers and PCBs by name, and what happens to a
 * connection told as it happens. The text is our own. */
#include "contract.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static char said[1 << 16];
static size_t n_said;

void
contract_diag(const char *format, ...)
{
  va_list args;
  int n;
  va_start(args, format);
  n = vsnprintf(said + n_said, sizeof(said) - n_said, format, args);
  va_end(args);
  ck_assert_int_ge(n, 0);
  n_said += (size_t)n;
  ck_assert_uint_lt(n_said, sizeof(said));
}

/* What was said since the last look; `call` says it. */
#define SAYS(text, call)        \
  do {                          \
    n_said = 0;                 \
    said[0] = '\0';             \
    call;                       \
    ck_assert_str_eq(said, text); \
  } while (0)
/* .. among other things. */
#define TELLS(text, call)       \
  do {                          \
    n_said = 0;                 \
    said[0] = '\0';             \
    call;                       \
    ck_assert_msg(strstr(said, text) != NULL, "'%s' is not in '%s'", text, said); \
  } while (0)

START_TEST(states_by_name)
{
  static const char *const names[] = { "CLOSED", "LISTEN", "SYN_SENT", "SYN_RCVD", "ESTABLISHED", "FIN_WAIT_1",
                                       "FIN_WAIT_2", "CLOSE_WAIT", "CLOSING", "LAST_ACK", "TIME_WAIT" };
  char line[40];
  ck_assert_str_eq(tcp_debug_state_str((enum tcp_state)_i), names[_i]);
  snprintf(line, sizeof(line), "State: %s\n", names[_i]);
  SAYS(line, tcp_debug_print_state((enum tcp_state)_i));
}
END_TEST

START_TEST(flags_by_name)
{
  SAYS("\n", tcp_debug_print_flags(0));
  SAYS("SYN ACK \n", tcp_debug_print_flags(SYN | ACK));
  SAYS("FIN SYN RST PSH ACK URG ECE CWR \n", tcp_debug_print_flags(0xff));
}
END_TEST

START_TEST(header_in_words)
{
  struct tcp_hdr hdr;
  memset(&hdr, 0, sizeof(hdr));
  hdr.src = lwip_htons(1000);
  hdr.dest = lwip_htons(80);
  hdr.seqno = lwip_htonl(4000000000UL);
  hdr.ackno = lwip_htonl(7);
  hdr.wnd = lwip_htons(65000);
  TCPH_HDRLEN_FLAGS_SET(&hdr, 5, TCP_FIN | TCP_ACK);
  SAYS("TCP 1000 -> 80 seq 4000000000 ack 7 wnd 65000 FIN ACK \n", tcp_debug_print(&hdr));
}
END_TEST

/* Each segment that comes and that leaves, and each change of state. */
START_TEST(told_as_it_happens)
{
  char line[80];
  establish();
  snprintf(line, sizeof(line), "TCP %u -> 80 seq %u ack %u ", peer.port, (unsigned)peer.seq, (unsigned)peer.ack);
  TELLS(line, peer_data(10));
  snprintf(line, sizeof(line), "TCP 80 -> %u seq %u ack %u ", peer.port, (unsigned)peer.ack, (unsigned)peer.seq);
  TELLS(line, app_send(10));
  TELLS("ESTABLISHED -> FIN_WAIT_1\n", tcp_shutdown(app.pcb, 0, 1));
  take_all();
  TELLS("FIN_WAIT_2 -> TIME_WAIT\n", say(0, FIN | ACK, 0));
}
END_TEST

/* Losses: a retransmission after three duplicate ACKs, one after a timeout, and the congestion window. */
START_TEST(losses_told)
{
  char line[80];
  int i;
  path(100);
  app_send(4000);
  TELLS("tcp: cwnd ", ack(1000));
  world_discard();
  snprintf(line, sizeof(line), "tcp: fast retransmit of %u\n", (unsigned)peer.ack);
  say(0, ACK, 0);
  say(0, ACK, 0);
  TELLS(line, say(0, ACK, 0));
  snprintf(line, sizeof(line), "tcp: timeout 1, una %u, next in ", (unsigned)peer.ack);
  TELLS(line, world_pass(2 * SECOND));
  for (i = 0; i < 10 && app.sent != 4000; i++) {
    take_all();
    world_pass(SECOND);
  }
  ck_assert_uint_eq(app.sent, 4000);
  end_clean();
}
END_TEST

/* One PCB in each list, with what waits in it. */
START_TEST(pcbs_in_words)
{
  char all[400];
  struct tcp_pcb *bound;
  SAYS("", tcp_debug_print_pcbs());
  establish();
  tcp_err(app.pcb, NULL);
  tcp_close(app.pcb);
  take_all();
  say(0, FIN | ACK, 0);
  peer.port++;
  peer.seq = 7000;
  ck_assert(enter_from(peer.port));
  peer_data(5);
  say(10, ACK, 5); /* behind a gap */
  app_send(10);
  peer.wnd = 10;
  say(0, ACK, 0);
  ck_assert_int_eq(tcp_write(app.pcb, "x", 1, TCP_WRITE_FLAG_COPY), ERR_OK);
  bound = tcp_new();
  ck_assert_int_eq(tcp_bind(bound, IP4_ADDR_ANY, 81), ERR_OK);
  snprintf(all, sizeof(all),
           "LISTEN local 80 remote 0 unsent 0 unacked 0 ooseq 0\n"
           "CLOSED local 81 remote 0 unsent 0 unacked 0 ooseq 0\n"
           "ESTABLISHED local 80 remote %u unsent 1 unacked 1 ooseq 1\n"
           "TIME_WAIT local 80 remote %u unsent 0 unacked 0 ooseq 0\n", peer.port, peer.port - 1U);
  SAYS(all, tcp_debug_print_pcbs());
  ck_assert_int_eq(tcp_pcbs_sane(), 1);
  tcp_abort(bound);
  end_clean();
}
END_TEST

/* A PCB in a list that is not its state's. */
START_TEST(insane)
{
  establish();
  ck_assert_int_eq(tcp_pcbs_sane(), 1);
  tcp_alt_test_state_set(app.pcb, TIME_WAIT);
  misuse("tcp_pcbs_sane");
  tcp_pcbs_sane();
}
END_TEST

/* Arguments that are wrong are said, and refused. */
START_TEST(errors_told)
{
  struct tcp_pcb *pcb = tcp_new();
  TELLS("tcp_bind: no PCB", ck_assert_int_eq(tcp_bind(NULL, IP4_ADDR_ANY, 1), ERR_ARG));
  TELLS("tcp_write: no data", ck_assert_int_eq(tcp_write(pcb, NULL, 1, 0), ERR_ARG));
  tcp_abort(pcb);
}
END_TEST

TCase *
debug_tests(void)
{
  TCase *tc = tcase_create("debug");
  tcase_add_loop_test(tc, states_by_name, 0, 11);
  tcase_add_test(tc, flags_by_name);
  tcase_add_test(tc, header_in_words);
  tcase_add_test(tc, told_as_it_happens);
  tcase_add_test(tc, losses_told);
  tcase_add_test(tc, pcbs_in_words);
  tcase_add_exit_test(tc, insane, MISUSED);
  tcase_add_test(tc, errors_told);
  return tc;
}
