/* SPDX-License-Identifier: BSD-3-Clause
 * Round-trip times by timestamps: every ACK of new data is a sample (RFC 6298 3, RFC 7323 4.3), and the gains are
 * divided by their number (appendix G). */
#include "groups.h"
#include "sack.h"

#include <string.h>

#if LWIP_TCP_ALT && RFC_OPTIONS && LWIP_TCP_TIMESTAMPS

static u32_t ts;   /* the peer's clock */
static u32_t echo; /* our TSval when our clock is 0 */

/* A connection with timestamps, and with SACK where that is wanted. */
static void
ts_path(int sack_permitted, unsigned int lost)
{
  struct packet syn = syn_of_peer(), p;
  const struct packet *answer;
  u8_t len;
  u32_t at;
  add_mss(&syn, SEG + 12);
  if (sack_permitted) {
    add_option(&syn, 4, "", 0);
  }
  add_ts(&syn, ts, 0);
  answer = open_by(&syn, lost);
  at = answer->at;
  echo = get32(option(answer, 8, &len)) - at;
  world_pass(RTT);
  p = from_peer(0, ACK, 0);
  add_ts(&p, ++ts, echo + at);
  opened(&p);
}

/* An ACK of a segment more, whose timestamp says that it was sent `rtt` ms ago. */
static void
ack_after(u32_t rtt)
{
  struct packet p;
  peer.ack += SEG;
  p = from_peer(0, ACK, 0);
  add_ts(&p, ++ts, echo + world_now() - rtt);
  inject(&p);
}

/* RFC 7323 4.2-1; RFC 6298 3-2: appendix G's gains: as if there were one sample a round trip, of all that it brought. */
START_TEST(gains_are_divided)
{
  static const u32_t rtts[][10] = {
    { 100, 200, 200, 200, 200, 200, 200, 200, 200, 200 },
    { 300, 90, 110, 100, 95, 105, 100, 100, 91, 109 },
    { 400, 400, 400, 400, 400, 400, 400, 400, 400, 400 },
  };
  double srtt = RTT, rttvar = RTT / 2.0;
  unsigned int round, i;
  ts_path(_i, 0);
  for (round = 0; round < 9; round++) {
    flight(10);
    world_pass(10);
    for (i = 0; i < 10; i++) {
      const u32_t rtt = rtts[round % LWIP_ARRAYSIZE(rtts)][i];
      const double samples = (double)((10 - i + 1) / 2), error = rtt > srtt ? rtt - srtt : srtt - rtt;
      struct tcp_info info;
      ack_after(rtt);
      rttvar += (error - rttvar) / 4 / samples;
      srtt += (rtt - srtt) / 8 / samples;
      ck_assert_int_eq(tcp_info_get(app.pcb, &info), ERR_OK);
      ck_assert_msg(info.srtt + 1.5 >= srtt && info.srtt <= srtt + 1.5, "round %u, %u: %u instead of %f", round, i,
                    (unsigned)info.srtt, srtt);
      ck_assert_msg(info.rto + 6 >= srtt + 4 * rttvar && info.rto <= srtt + 4 * rttvar + 6, "round %u, %u: RTO %u, %f",
                    round, i, (unsigned)info.rto, srtt + 4 * rttvar);
    }
    world_discard();
  }
}
END_TEST

/* RFC 6298 5.7-1: after a lost SYN data begins with three seconds, though a timestamp tells the round-trip time; the first
 * answer ends that. */
START_TEST(three_seconds_with_timestamps)
{
  ts_path(0, 1);
  flight(1);
  ck_assert_uint_eq(until_data(0), 3000);
  ack_after(RTT);
  flight(1);
  ck_assert_uint_lt(until_data(0), 1000);
  ack_after(RTT);
}
END_TEST

#endif

TCase *
samples_tests(void)
{
  TCase *tc = tcase_create("samples");
#if LWIP_TCP_ALT && RFC_OPTIONS && LWIP_TCP_TIMESTAMPS
  tcase_add_loop_test(tc, gains_are_divided, 0, 2);
  tcase_add_test(tc, three_seconds_with_timestamps);
#endif
  return tc;
}
