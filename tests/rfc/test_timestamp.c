/* SPDX-License-Identifier: BSD-3-Clause
 * Timestamps and PAWS (RFC 7323 3 to 5). */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

#if RFC_OPTIONS

#define DAYS (24U * 3600U * 1000U)

static u32_t ts; /* the peer's clock */

static const struct packet *
establish_ts(void)
{
  struct packet syn = syn_of_peer();
  const struct packet *p;
  u8_t len;
  ts = 1000000;
  add_ts(&syn, ts, 0);
  p = establish_with(&syn);
  ck_assert_ptr_nonnull(option(p, 8, &len));
  ck_assert_uint_eq(get32(option(p, 8, &len) + 4), ts);
  {
    struct packet ack = from_peer(0, ACK, 0);
    add_ts(&ack, ts, get32(option(p, 8, &len)));
    inject(&ack);
  }
  assert_state(ESTABLISHED);
  world_discard();
  tcp_recv(app.pcb, NULL);
  return p;
}

static void
say_ts(u32_t off, u8_t flags, u16_t n, u32_t val)
{
  struct packet p = from_peer(off, flags, n);
  add_ts(&p, val, 0);
  inject(&p);
}

static u32_t
echoed(void)
{
  const struct packet *p = only();
  u8_t len;
  const u8_t *b = option(p, 8, &len);
  ck_assert_ptr_nonnull(b);
  ck_assert_uint_eq(p->ack, peer.seq);
  return get32(b + 4);
}

/* RFC 7323 5.3-1 */
START_TEST(paws)
{
  establish_ts();
  say_ts(0, ACK, 100, ts + 10);
  peer.seq += 100;
  ck_assert_uint_eq(echoed(), ts + 10);
  say_ts(0, ACK, 100, ts + 9); /* 5.3 R1: dropped, acknowledged */
  ck_assert_uint_eq(echoed(), ts + 10);
  say_ts(0, ACK, 100, ts + 10);
  peer.seq += 100;
  ck_assert_uint_eq(echoed(), ts + 10);
}
END_TEST

/* RFC 7323 3.2-3, 3.2-4: never demanded of a RST, though. */
START_TEST(without_timestamp)
{
  establish_ts();
  say(0, ACK, 100);
  assert_silence();
  say(0, RST, 0);
  assert_state(CLOSED); /* never demanded of a RST */
}
END_TEST

/* RFC 7323 5.2-1 */
START_TEST(rst_with_old_timestamp)
{
  establish_ts();
  say_ts(0, RST, 0, ts - 1000);
  assert_state(CLOSED);
}
END_TEST

/* RFC 7323 4.3-1: what fills a gap is echoed, not what came behind it. */
START_TEST(ts_recent_rule)
{
  establish_ts();
  say_ts(100, ACK, 100, ts + 20);
  ck_assert_uint_eq(echoed(), ts);
  say_ts(0, ACK, 100, ts + 10);
  peer.seq += 200;
  ck_assert_uint_eq(echoed(), ts + 10);
}
END_TEST

/* RFC 7323 5.5-1 */
START_TEST(ts_recent_expires)
{
  establish_ts();
  world_pass(25 * DAYS);
  ts -= 5000; /* the peer's clock went round */
  say_ts(0, ACK, 100, ts);
  peer.seq += 100;
  ck_assert_uint_eq(echoed(), ts);
  say_ts(0, ACK, 100, ts - 1);
  ck_assert_uint_eq(echoed(), ts); /* and PAWS works again */
}
END_TEST

/* RFC 9293 MUST-16; RFC 7323 3.2-1 */
START_TEST(timestamps_in_every_segment)
{
  const struct packet *p;
  u8_t len;
  establish_ts();
  app_send(3000);
  say_ts(0, ACK, 100, ts);
  tcp_close(app.pcb);
  while ((p = world_next()) != NULL) {
    ck_assert_ptr_nonnull(option(p, 8, &len));
    ck_assert_uint_le(p->len, 1000 - 12);
  }
}
END_TEST

START_TEST(syn_without_timestamp)
{
  establish_ts();
  say(0, SYN, 0); /* RFC 5961 4.2: a peer that came back without timestamps learns of the old connection */
  ck_assert_uint_eq(only()->flags, ACK);
}
END_TEST

/* RFC 7323 3.2-5, 3.2-6: offered in our SYN, echoing nothing; in a SYN-ACK only if the SYN had them. */
START_TEST(timestamps_are_offered)
{
  const struct packet *p;
  u8_t len;
  if (_i == 0) {
    struct packet syn = syn_of_peer();
    ck_assert_ptr_null(option(establish_with(&syn), 8, &len));
    return;
  }
  ck_assert_int_eq(open_active(), ERR_OK);
  p = only();
  ck_assert_ptr_nonnull(option(p, 8, &len));
  ck_assert_uint_eq(len, 8);
  ck_assert_uint_eq(get32(option(p, 8, &len) + 4), 0);
}
END_TEST

static u32_t
clock_of(const struct packet *p)
{
  u8_t len;
  const u8_t *b = option(p, 8, &len);
  ck_assert_ptr_nonnull(b);
  return get32(b);
}

/* RFC 7323 5.4-1: between a tick each millisecond and one each second. */
START_TEST(timestamp_clock)
{
  u32_t then;
  establish_ts();
  app_send(10);
  then = clock_of(only());
  world_pass(100);
  world_discard();
  peer.ack += 10;
  say_ts(0, ACK, 0, ts);
  world_pass(9900);
  app_send(10);
  then = clock_of(only()) - then;
  ck_assert_uint_ge(then, 10);
  ck_assert_uint_le(then, 10000);
}
END_TEST

/* RFC 7323 5.4-2: nobody can compare our connections by their clocks. */
START_TEST(clocks_differ)
{
  struct packet syn = syn_of_peer();
  u32_t first;
  add_ts(&syn, 1, 0);
  listen_only();
  inject(&syn);
  first = clock_of(only());
  peer.port++;
  inject(&syn);
  first -= clock_of(only());
  ck_assert(first > 1000 && 0U - first > 1000);
}
END_TEST

static void
ack_ts(u32_t bytes, u32_t ecr)
{
  struct packet p;
  peer.ack += bytes;
  p = from_peer(0, ACK, 0);
  add_ts(&p, ts, ecr);
  inject(&p);
}

/* A segment goes, and comes back after rtt; returns the timestamp it had. */
static u32_t
exchange(u32_t rtt)
{
  u32_t sent_at;
  app_send(100);
  sent_at = clock_of(only());
  world_pass(rtt);
  ack_ts(100, sent_at);
  world_discard();
  return sent_at;
}

/* RFC 7323 4.1-1: an ACK of nothing new says nothing about the round-trip time. */
START_TEST(rtt_of_new_data_only)
{
  u32_t then;
  establish_ts();
  then = exchange(10);
  world_pass(5000);
  app_send(100);
  world_discard();
  ack_ts(0, then);
  ack_ts(100, then + 5010);
  app_send(100);
  world_discard();
  ck_assert_uint_le(wait_again(0), 400);
}
END_TEST

/* RFC 7323 4.2-1: a flight of eight segments has eight ACKs with a timestamp each: each is a sample, with gains divided as if
 * every second segment of what is in flight were acknowledged (appendix G). With whole gains RTTVAR would be forgotten faster. */
START_TEST(rtt_history)
{
  double srtt = 1, var = 0.5, whole = 0.5, whole_srtt = 1; /* of 1 ms, in the handshake */
  u32_t got, i;
  static const u32_t rtt[] = { 50, 200, 20, 220, 20 };
  establish_ts();
  tcp_nagle_disable(app.pcb);
  for (i = 0; i < LWIP_ARRAYSIZE(rtt); i++) {
    u32_t k, sent_at;
    app_send(4000);
    ck_assert_uint_ge(world_pending(), 5);
    sent_at = clock_of(world_next());
    world_pass(rtt[i]);
    world_discard();
    for (k = 0; k < 8; k++) {
      const double samples = (double)((4000 - 500 * k + 2 * tcp_mss(app.pcb) - 1) / (2 * tcp_mss(app.pcb)));
      ack_ts(500, sent_at);
      var += ((rtt[i] > srtt ? rtt[i] - srtt : srtt - rtt[i]) - var) / 4 / samples;
      srtt += (rtt[i] - srtt) / 8 / samples;
      whole += ((rtt[i] > whole_srtt ? rtt[i] - whole_srtt : whole_srtt - rtt[i]) - whole) / 4;
      whole_srtt += (rtt[i] - whole_srtt) / 8;
    }
    world_discard();
  }
  ck_assert(srtt + 4 * var > whole_srtt + 4 * whole + 50 || srtt + 4 * var < whole_srtt + 4 * whole - 50); /* can be seen */
  app_send(100);
  world_discard();
  got = wait_again(0);
  ck_assert_msg(got + 12 >= srtt + 4 * var && got <= srtt + 4 * var + 12, "RTO %u instead of %f", (unsigned)got, srtt + 4 * var);
}
END_TEST

/* ---- TIME-WAIT (RFC 6191) ---- */

/* In TIME-WAIT; with timestamps, or without. */
static void
time_wait_ts(int with)
{
  if (with) {
    establish_ts();
    tcp_close(app.pcb);
    world_discard();
    peer.ack++;
    say_ts(0, FIN | ACK, 0, ts);
    peer.seq++;
  } else {
    reach(TIME_WAIT);
  }
  assert_state(TIME_WAIT);
  world_discard();
}

static void
syn_with_ts(u32_t off, u32_t val)
{
  struct packet syn;
  peer.seq += off;
  syn = syn_of_peer();
  add_ts(&syn, val, 0);
  inject(&syn);
  peer.seq -= off;
}

/* RFC 9293 SHLD-4; RFC 6191 2-1: a later timestamp opens, whatever the sequence number. */
START_TEST(later_timestamp_reopens)
{
  time_wait_ts(1);
  syn_with_ts(_i == 0 ? 100 : 0U - 100000, ts + 1);
  ck_assert_uint_eq(only()->flags, SYN | ACK);
  assert_state(SYN_RCVD);
}
END_TEST

/* RFC 6191 2-2: the same timestamp leaves it to the sequence number. */
START_TEST(same_timestamp_reopens_by_number)
{
  time_wait_ts(1);
  syn_with_ts(0U - 100, ts);
  ck_assert_uint_eq(only()->flags, ACK);
  assert_state(TIME_WAIT);
  syn_with_ts(100, ts);
  ck_assert_uint_eq(only()->flags, SYN | ACK);
}
END_TEST

/* RFC 6191 2-3: an older one is of an old SYN. */
START_TEST(older_timestamp_does_not_reopen)
{
  time_wait_ts(1);
  syn_with_ts(100, ts - 1);
  ck_assert_uint_eq(only()->flags, ACK);
  assert_state(TIME_WAIT);
}
END_TEST

/* RFC 6191 2-4: where there were none, timestamps are new as such. */
START_TEST(new_timestamp_reopens)
{
  time_wait_ts(0);
  syn_with_ts(0U - 100, 1);
  ck_assert_uint_eq(only()->flags, SYN | ACK);
  assert_state(SYN_RCVD);
}
END_TEST

#endif /* RFC_OPTIONS */

TCase *
timestamp_tests(void)
{
  TCase *tc = tcase_create("timestamp");
#if RFC_OPTIONS
  tcase_add_test(tc, paws);
  tcase_add_test(tc, without_timestamp);
  tcase_add_test(tc, rst_with_old_timestamp);
  tcase_add_test(tc, ts_recent_rule);
  tcase_add_test(tc, ts_recent_expires);
  tcase_add_test(tc, timestamps_in_every_segment);
  tcase_add_test(tc, syn_without_timestamp);
  tcase_add_loop_test(tc, timestamps_are_offered, 0, 2);
  tcase_add_test(tc, timestamp_clock);
  tcase_add_test(tc, clocks_differ);
  tcase_add_test(tc, rtt_of_new_data_only);
  tcase_add_test(tc, rtt_history);
  tcase_add_loop_test(tc, later_timestamp_reopens, 0, 2);
  tcase_add_test(tc, same_timestamp_reopens_by_number);
  tcase_add_test(tc, older_timestamp_does_not_reopen);
  tcase_add_test(tc, new_timestamp_reopens);
#endif
  return tc;
}
