/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of ours in the place of those of lwIP's own that encode a habit of legacy's which an RFC contradicts.
 * docs/lwip-unit-tests.md says which stands for which. */
#include "peer.h"

#include "lwip/tcpip.h"

#include <stdlib.h>
#include <string.h>

#define WRAPS (0xffffff00U - 3U * MSS) /* numbers from here on soon pass 2^32 */

/* legacy has none of these */
#ifndef TCP_RTO_MIN_MS
#define TCP_RTO_MIN_MS 1000
#endif
#ifndef TCP_FRTO
#define TCP_FRTO 0
#endif
#ifndef TCP_CUBIC
#define TCP_CUBIC 0
#endif

#define TICKS(ms) (((ms) + TCP_TMR_INTERVAL - 1U) / TCP_TMR_INTERVAL * TCP_TMR_INTERVAL)

static u32_t received; /* bytes the application was given */
static err_t heard_err; /* of the error callback */

static err_t
own_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(err);
  if (p != NULL) {
    received += p->tot_len;
    pbuf_free(p);
  }
  return ERR_OK;
}

static void
own_err(void *arg, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  heard_err = err;
}

/* Writes the next `len` bytes of the stream, without output. */
static void
own_write(struct tcp_pcb *pcb, u16_t len)
{
  static u8_t data[8 * MSS];
  static u32_t pos;
  peer_fill(data, pos, len);
  ck_assert_int_eq(tcp_write(pcb, data, len, TCP_WRITE_FLAG_COPY), ERR_OK);
  pos += len;
}

/* An ACK without data. */
static void
peer_acks(u32_t ack, u16_t wnd)
{
  struct said said = {0};
  said.flags = TCP_ACK;
  said.seq = PEER_SEQ;
  said.ack = ack;
  said.wnd = wnd;
  peer_says(&said);
}

/* ---- losses ---- */

/* RFC 5681 3.2 step 1, RFC 3042: the first two duplicate ACKs each send a new segment; the third repairs.
 * Step 2: those two do not count in ssthresh, which is half of what was in flight, or .7 of it (RFC 9438 4.6). */
START_TEST(own_limited_transmit)
{
  struct tcp_pcb *pcb = peer_connected(ESTABLISHED, WRAPS, 20 * MSS, 8 * MSS);
  u32_t i;
  own_write(pcb, 6 * MSS);
  own_write(pcb, 6 * MSS);
  tcp_output(pcb);
  for (i = 0; i < 8; i++) {
    peer_expects(TCP_ACK, WRAPS + i * MSS, MSS);
  }
  peer_expects_nothing();
  peer_acks(WRAPS, 20 * MSS);
  peer_expects(TCP_ACK, WRAPS + 8 * MSS, MSS);
  peer_expects_nothing();
  peer_acks(WRAPS, 20 * MSS);
  peer_expects(TCP_ACK, WRAPS + 9 * MSS, MSS);
  peer_expects_nothing();
  peer_acks(WRAPS, 20 * MSS);
  CHECK(peer_filled(peer_expects(TCP_ACK, WRAPS, MSS)->data, 0, MSS));
  peer_expects_nothing();
  CHECK(tcp_alt_test_ssthresh(pcb) == (TCP_CUBIC ? 8 * MSS / 10 * 7 : 4 * MSS));
}
END_TEST

/* RFC 6298 2.1, 5.4; RFC 5681 3.1: after 1 s one SMSS may leave, and grows by what is acknowledged. RFC 5682 2.1 steps 2b
 * and 3a: with F-RTO new data leaves after the first ACK, and the next one, a duplicate, says that all was lost. */
START_TEST(own_timeout)
{
  struct tcp_pcb *pcb = peer_connected(ESTABLISHED, WRAPS, 20 * MSS, 5 * MSS);
  u32_t i;
  own_write(pcb, 5 * MSS);
  tcp_output(pcb);
  for (i = 0; i < 5; i++) {
    peer_expects(TCP_ACK, WRAPS + i * MSS, MSS);
  }
  peer_waits(750);
  peer_expects_nothing();
  peer_waits(250);
  peer_expects(TCP_ACK, WRAPS, MSS);
  own_write(pcb, MSS);
  tcp_output(pcb);
  peer_expects_nothing();
  CHECK(tcp_alt_test_cwnd(pcb) == MSS);
  peer_acks(WRAPS + MSS, 20 * MSS);
  if (TCP_FRTO) {
    CHECK(peer_filled(peer_expects(TCP_ACK, WRAPS + 5 * MSS, MSS)->data, 5 * MSS, MSS));
    peer_expects_nothing();
    peer_acks(WRAPS + MSS, 20 * MSS);
  }
  peer_expects(TCP_ACK, WRAPS + 1 * MSS, MSS);
  peer_expects(TCP_ACK, WRAPS + 2 * MSS, MSS);
  peer_expects_nothing();
  peer_acks(WRAPS + 3 * MSS, 20 * MSS);
  peer_expects(TCP_ACK, WRAPS + 3 * MSS, MSS);
  peer_expects(TCP_ACK, WRAPS + 4 * MSS, MSS);
  if (!TCP_FRTO) {
    CHECK(peer_filled(peer_expects(TCP_ACK, WRAPS + 5 * MSS, MSS)->data, 5 * MSS, MSS));
  }
  peer_expects_nothing();
  /* beyond ssthresh (2.5 segments, or 3.5): at most a segment more in a round trip. RFC 5682 2.1 step 3a: 3 to go on with */
  peer_acks(WRAPS + 6 * MSS, 20 * MSS);
  peer_expects_nothing();
  CHECK(tcp_alt_test_cwnd(pcb) >= 3 * MSS && tcp_alt_test_cwnd(pcb) <= (TCP_FRTO ? 5 : 4) * MSS);
}
END_TEST

#if LWIP_TCP_ALT && TCP_FRTO
/* RFC 5682 2.1 step 3b: an ACK for what was sent once only says that the timeout was none: nothing more is sent again. */
START_TEST(own_timeout_too_early)
{
  struct tcp_pcb *pcb = peer_connected(ESTABLISHED, WRAPS, 20 * MSS, 5 * MSS);
  u32_t i;
  own_write(pcb, 5 * MSS);
  tcp_output(pcb);
  for (i = 0; i < 5; i++) {
    peer_expects(TCP_ACK, WRAPS + i * MSS, MSS);
  }
  peer_waits(1000);
  peer_expects(TCP_ACK, WRAPS, MSS);
  own_write(pcb, MSS);
  peer_acks(WRAPS + MSS, 20 * MSS);
  peer_expects(TCP_ACK, WRAPS + 5 * MSS, MSS);
  peer_acks(WRAPS + 3 * MSS, 20 * MSS);
  peer_expects_nothing();
  CHECK(tcp_alt_test_cwnd(pcb) >= 5 * MSS);
}
END_TEST
#else
START_TEST(own_timeout_too_early)
{
}
END_TEST
#endif

/* What TCP_MAXRTX stands for, s: so many retransmissions after 1 s, 2 s, .. 128 s. */
static u32_t
own_r2(void)
{
  u32_t sum = 0, i;
  for (i = 0; i <= TCP_MAXRTX; i++) {
    sum += 1UL << LWIP_MIN(i, 7);
  }
  return sum;
}

/* Nobody answers `len` bytes at `seq`, which are sent again at growing intervals up to a minute, until the connection
 * ends: RFC 9293 3.8.3, MUST-20, SHLD-11. */
static void
own_silence(u32_t seq, u16_t len)
{
  const u32_t r2 = own_r2();
  const struct packet *packet;
  u32_t waited, last = 0, interval = 0;
  for (waited = 0; heard_err == ERR_OK && waited < 2 * r2 + 120; waited++) {
    peer_waits(1000);
  }
#if LWIP_TCP_ALT
  ck_assert(r2 >= 100); /* SHLD-11 */
  ck_assert_int_eq(heard_err, ERR_ABRT);
  ck_assert_uint_ge(waited + 1, r2);
  ck_assert_uint_le(waited, r2 + 62);
#endif
  CHECK(tcp_active_pcbs == NULL);
  while ((packet = peer_hears()) != NULL) {
    CHECK(packet->seq == seq && packet->len == len);
    if (last != 0) {
      CHECK(packet->ms - last + TCP_TMR_INTERVAL >= interval && packet->ms - last <= TICKS(60000U));
      interval = packet->ms - last;
    }
    last = packet->ms;
  }
  CHECK(interval >= 60000U);
}

/* A connection that has timed one round trip, and whose peer says no more. */
static struct tcp_pcb *
own_forsaken(u16_t wnd)
{
  struct tcp_pcb *pcb = peer_connected(ESTABLISHED, WRAPS, 20 * MSS, 5 * MSS);
  tcp_err(pcb, own_err);
  own_write(pcb, MSS);
  tcp_output(pcb);
  peer_expects(TCP_ACK, WRAPS, MSS);
  peer_acks(WRAPS + MSS, wnd);
  own_write(pcb, MSS);
  tcp_output(pcb);
  return pcb;
}

/* RFC 9293 3.8.3: given up after a time, however small the RTO is. */
START_TEST(own_gives_up)
{
  own_forsaken(20 * MSS);
  peer_expects(TCP_ACK, WRAPS + MSS, MSS);
  own_silence(WRAPS + MSS, MSS);
}
END_TEST

/* RFC 9293 3.8.6.1: probes that nobody answers likewise. */
START_TEST(own_gives_up_probing)
{
  own_forsaken(0);
  peer_expects_nothing();
  own_silence(WRAPS + MSS, 1);
}
END_TEST

/* RFC 6298 5.4, RFC 5681 3.1: two small segments are less than one SMSS, so both leave, each as it was; what
 * is written afterwards leaves in a segment of its own. */
START_TEST(own_timeout_small)
{
  struct tcp_pcb *pcb = peer_connected(ESTABLISHED, WRAPS, 20 * MSS, 5 * MSS);
  tcp_nagle_disable(pcb);
  own_write(pcb, 7);
  tcp_output(pcb);
  own_write(pcb, 5);
  tcp_output(pcb);
  peer_expects(TCP_ACK, WRAPS, 7);
  peer_expects(TCP_ACK, WRAPS + 7, 5);
  peer_waits(1000);
  CHECK(peer_filled(peer_expects(TCP_ACK, WRAPS, 7)->data, 0, 7));
  CHECK(peer_filled(peer_expects(TCP_ACK, WRAPS + 7, 5)->data, 7, 5));
  own_write(pcb, 6);
  tcp_output(pcb);
  CHECK(peer_filled(peer_expects(TCP_ACK, WRAPS + 12, 6)->data, 12, 6));
  peer_expects_nothing();
}
END_TEST

/* RFC 9293 3.8.6.1, 3.8.6.2.1: what fits a small window leaves after one RTO, again with twice the interval,
 * and the rest follows as soon as it fits. */
START_TEST(own_small_window)
{
  struct tcp_pcb *pcb = peer_connected(ESTABLISHED, WRAPS, 3 * MSS, 5 * MSS);
  const struct packet *packet;
  u32_t last, interval = 0;
  u32_t i;
  own_write(pcb, 3 * MSS + MSS / 4 * 3);
  tcp_output(pcb);
  for (i = 0; i < 3; i++) {
    peer_expects(TCP_ACK, WRAPS + i * MSS, MSS);
  }
  peer_acks(WRAPS + 3 * MSS, MSS / 2);
  peer_expects_nothing();
  peer_waits(TICKS(TCP_RTO_MIN_MS + 1U)); /* the RTT was 0 */
  packet = peer_expects(TCP_ACK, WRAPS + 3 * MSS, MSS / 2);
  CHECK(peer_filled(packet->data, 3 * MSS, MSS / 2));
  peer_expects_nothing();
  last = packet->ms;
  for (i = 1; i < 7; i++) {
    interval = TICKS(LWIP_MIN((TCP_RTO_MIN_MS + 1U) << i, 60000U));
    peer_waits(interval);
    packet = peer_expects(TCP_ACK, WRAPS + 3 * MSS, MSS / 2);
    CHECK(packet->ms - last <= interval && packet->ms - last + TCP_TMR_INTERVAL >= interval);
    peer_expects_nothing();
    last = packet->ms;
  }
  peer_acks(WRAPS + 3 * MSS + MSS / 2, MSS / 2);
  packet = peer_hears();
#if LWIP_TCP_ALT
  ck_assert_ptr_nonnull(packet);
  ck_assert_uint_eq(packet->seq + packet->len, WRAPS + 3 * MSS + MSS / 4 * 3);
  ck_assert(peer_filled(packet->data, packet->seq - WRAPS, packet->len));
#endif
  peer_expects_nothing();
}
END_TEST

/* ---- opening ---- */

static struct tcp_pcb *
own_connect(void)
{
  struct tcp_pcb *pcb = tcp_new();
  ck_assert_ptr_nonnull(pcb);
  tcp_err(pcb, own_err);
  ck_assert_int_eq(tcp_connect(pcb, &peer_ip, PEER_PORT, NULL), ERR_OK);
  return pcb;
}

/* RFC 9293 3.10.7.3, first: an ACK that is not ours is answered by a reset alone; the SYN comes again when
 * its own time has come, and the right answer still opens the connection. */
static void
own_wrong_ack(u8_t flags)
{
  struct tcp_pcb *pcb = own_connect();
  const struct packet *syn = peer_hears();
  struct said said = {0};
  ck_assert_ptr_nonnull(syn);
  said.flags = flags;
  said.seq = PEER_SEQ;
  said.ack = syn->seq - 10;
  said.wnd = 20 * MSS;
  peer_says(&said);
  peer_expects(TCP_RST, syn->seq - 10, 0);
  peer_expects_nothing();
  said.ack = syn->seq; /* does not acknowledge the SYN */
  peer_says(&said);
  peer_expects(TCP_RST, syn->seq, 0);
  peer_expects_nothing();
  CHECK(tcp_state_get(pcb) == SYN_SENT);
  peer_waits(1000);
  peer_expects(TCP_SYN, syn->seq, 0);
  peer_expects_nothing();
  said.flags = TCP_SYN | TCP_ACK;
  said.ack = syn->seq + 1;
  peer_says(&said);
  CHECK(peer_expects(TCP_ACK, syn->seq + 1, 0)->ack == PEER_SEQ + 1);
  CHECK(tcp_state_get(pcb) == ESTABLISHED);
}

START_TEST(own_wrong_syn_ack_in_syn_sent) { own_wrong_ack(TCP_SYN | TCP_ACK); }
END_TEST

START_TEST(own_wrong_ack_in_syn_sent) { own_wrong_ack(TCP_ACK); }
END_TEST

/* RFC 9293 3.10.7.3, second: only a reset that acknowledges the SYN counts. */
START_TEST(own_reset_in_syn_sent)
{
  struct tcp_pcb *pcb = own_connect();
  const struct packet *syn = peer_hears();
  struct said said = {0};
  ck_assert_ptr_nonnull(syn);
  said.flags = TCP_RST;
  said.seq = PEER_SEQ;
  said.ack = syn->seq + 1;
  peer_says(&said);
#if LWIP_TCP_ALT
  CHECK(heard_err == ERR_OK && tcp_state_get(pcb) == SYN_SENT);
  said.flags = TCP_RST | TCP_ACK;
  peer_says(&said);
#else
  LWIP_UNUSED_ARG(pcb); /* gone */
#endif
  CHECK(heard_err == ERR_RST);
  CHECK(tcp_active_pcbs == NULL);
  peer_expects_nothing();
}
END_TEST

/* RFC 6298 2.1, 5.5: a SYN is repeated after 1 s, then 2 s, then 4 s. */
START_TEST(own_syn_again)
{
  static const u32_t at[] = {0, 1000, 3000, 7000};
  size_t i;
  own_connect();
  peer_waits(8000);
  for (i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
    const struct packet *packet = peer_hears();
    CHECK(packet != NULL && packet->flags == TCP_SYN && packet->ms == at[i]);
  }
  peer_expects_nothing();
}
END_TEST

/* RFC 9293 MUST-46, RFC 1122 3.2.1.3: there is nobody at these addresses. */
START_TEST(own_connect_to_nobody)
{
  static const ip_addr_t nobody[] = {
    IPADDR4_INIT_BYTES(0, 0, 0, 0), IPADDR4_INIT_BYTES(255, 255, 255, 255),
    IPADDR4_INIT_BYTES(10, 0, 0, 255), IPADDR4_INIT_BYTES(224, 0, 0, 1)
  };
  struct tcp_pcb *pcb = tcp_new();
  size_t i;
  for (i = 0; i < sizeof(nobody) / sizeof(nobody[0]); i++) {
    CHECK(tcp_connect(pcb, &nobody[i], PEER_PORT, NULL) == ERR_VAL);
    CHECK(tcp_state_get(pcb) == CLOSED);
  }
  peer_expects_nothing();
  tcp_abort(pcb);
}
END_TEST

/* ---- acceptability ---- */

/* RFC 9293 3.10.7.4, fifth: without the ACK flag a segment is dropped, its data and FIN with it. */
START_TEST(own_no_ack_flag)
{
  struct tcp_pcb *pcb = peer_connected(ESTABLISHED, WRAPS, 20 * MSS, 5 * MSS);
  struct said said = {0};
  tcp_recv(pcb, own_recv);
  said.flags = TCP_FIN;
  said.seq = PEER_SEQ;
  said.ack = WRAPS;
  said.wnd = 20 * MSS;
  said.data = "data";
  said.len = 4;
  peer_says(&said);
  CHECK(received == 0 && tcp_state_get(pcb) == ESTABLISHED);
  peer_expects_nothing();
  said.flags = TCP_FIN | TCP_ACK;
  peer_says(&said);
  CHECK(received == 4 && tcp_state_get(pcb) == CLOSE_WAIT);
  CHECK(peer_expects(TCP_ACK, WRAPS, 0)->ack == PEER_SEQ + 5);
}
END_TEST

/* RFC 5961 4.2: a SYN for a connection that exists is answered by a challenge ACK; section 7: not by more
 * than a limit. */
START_TEST(own_syn_in_time_wait)
{
  struct tcp_pcb *pcb = peer_connected(TIME_WAIT, WRAPS, 20 * MSS, 5 * MSS);
  struct said said = {0};
  int i, acks = 0;
  said.flags = TCP_SYN;
  said.seq = PEER_SEQ;
  peer_says(&said);
  CHECK(peer_expects(TCP_ACK, WRAPS, 0)->ack == PEER_SEQ);
  peer_expects_nothing();
  for (i = 0; i < 50; i++) {
    const struct packet *packet;
    peer_says(&said);
    while ((packet = peer_hears()) != NULL) {
      CHECK(packet->flags == TCP_ACK);
      acks++;
    }
  }
  CHECK(acks > 0 && acks < 20);
  CHECK(tcp_state_get(pcb) == TIME_WAIT);
  peer_waits(2000);
  peer_says(&said);
  CHECK(peer_expects(TCP_ACK, WRAPS, 0)->ack == PEER_SEQ);
  peer_expects_nothing();
}
END_TEST

int
main(void)
{
  const TTest *const tests[] = {
    own_limited_transmit, own_timeout, own_timeout_too_early, own_timeout_small, own_small_window, own_gives_up,
    own_gives_up_probing,
    own_wrong_syn_ack_in_syn_sent, own_wrong_ack_in_syn_sent, own_reset_in_syn_sent, own_syn_again,
    own_connect_to_nobody, own_no_ack_flag, own_syn_in_time_wait
  };
  Suite *suite = suite_create("own");
  SRunner *runner;
  int failed;
  size_t i;

  tcpip_init(NULL, NULL);
  for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
    TCase *tcase = tcase_create(tests[i]->name);
    tcase_add_checked_fixture(tcase, peer_start, peer_stop);
    tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
  }
  runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
