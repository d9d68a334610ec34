/* SPDX-License-Identifier: BSD-3-Clause
 * Explicit Congestion Notification (RFC 3168): who offers it, who marks what, and one reaction a window of data. */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

#if LWIP_TCP_ALT && LWIP_TCP_ECN

#define ECE 0x40U
#define CWR 0x80U
#define ECT0 2U
#define CE   3U
#define SEG  100U
#define RTT  100U

/* A connection of the peer's whose SYN has these flags besides; returns the SYN-ACK's. */
static u8_t
passive(u8_t offer)
{
  struct tcp_pcb *pcb = tcp_new();
  struct packet syn = syn_of_peer();
  const struct packet *p;
  ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, PORT), ERR_OK);
  pcb = tcp_listen(pcb);
  tcp_accept(pcb, accept_quietly);
  peer.lwip_port = PORT;
  add_mss(&syn, SEG);
  syn.flags |= offer;
  inject(&syn);
  p = only();
  ck_assert_uint_eq(p->tos & 3, 0); /* RFC 3168 6.1.1: a SYN-ACK is not ECN-capable */
  peer.seq = syn.seq + 1;
  peer.ack = p->seq + 1;
  world_pass(RTT);
  say(0, ACK, 0);
  world_discard();
  tcp_nagle_disable(app.pcb);
  return p->flags;
}

/* Our SYN leaves; it is sent again so many times. Returns the last one. */
static const struct packet *
active(unsigned int again)
{
  ip_addr_t to;
  const struct packet *p;
  IP_ADDR4(&to, 10, 0, 0, 2);
  app.pcb = tcp_new();
  ck_assert_int_eq(tcp_connect(app.pcb, &to, peer.port, NULL), ERR_OK);
  p = only();
  ck_assert_uint_eq(p->flags, SYN | ECE | CWR);
  ck_assert_uint_eq(p->tos & 3, 0);
  for (; again != 0; again--) {
    p = world_await(SYN, 2 * MINUTES);
    ck_assert_ptr_nonnull(p);
  }
  peer.lwip_port = p->src;
  peer.ack = p->seq + 1;
  return p;
}

/* The peer answers with these flags besides; ours are told by a segment. Returns its ECN field. */
static u8_t
answered(u8_t flags)
{
  u8_t ect;
  say(0, SYN | ACK | flags, 0);
  peer.seq++;
  world_discard();
  tcp_nagle_disable(app.pcb);
  app_send(SEG);
  ect = only()->tos & 3;
  ack(SEG);
  world_discard();
  return ect;
}

static u32_t
cwnd(void)
{
  struct tcp_info info;
  ck_assert_int_eq(tcp_info_get(app.pcb, &info), ERR_OK);
  return info.cwnd;
}

/* n segments leave; returns the flags of the first. */
static u8_t
flight(unsigned int n)
{
  unsigned int i;
  u8_t flags;
  for (i = 0; i < n; i++) {
    app_send(SEG);
  }
  ck_assert_uint_eq(world_pending(), n);
  flags = world_next()->flags;
  world_discard();
  return flags;
}

/* The peer acknowledges so many segments, with these flags besides. */
static void
acked(unsigned int n, u8_t flags)
{
  peer.ack += n * SEG;
  say(0, ACK | flags, 0);
}

/* A segment of the peer's arrives with this ECN field and these flags; returns what is answered. */
static u8_t
arrives(u8_t field, u8_t flags)
{
  struct packet p = from_peer(0, ACK | flags, SEG);
  const struct packet *answer;
  p.tos = field;
  inject(&p);
  peer.seq += SEG;
  answer = world_await(ACK, 100);
  ck_assert_ptr_nonnull(answer);
  ck_assert_uint_eq(answer->tos & 3, 0); /* RFC 3168 6.1.4: an ACK is not ECN-capable */
  return answer->flags;
}

/* RFC 3168 5-1, 6.1.1-1, 6.1.1-2: an ECN-setup SYN has ECE and CWR, and only that is answered, with ECE alone. */
START_TEST(offered_by_peer)
{
  static const u8_t offers[] = { ECE | CWR, 0, ECE, CWR };
  ck_assert_uint_eq(passive(offers[_i]), SYN | ACK | (_i == 0 ? ECE : 0));
  app_send(SEG);
  ck_assert_uint_eq(only()->tos & 3, _i == 0 ? ECT0 : 0);
  ack(SEG);
}
END_TEST

/* RFC 3168 6.1.1-1: ECE alone accepts; none does not, nor do both, which a host sends that returns reserved bits. */
START_TEST(offered_by_us)
{
  static const u8_t answers[] = { ECE, 0, ECE | CWR, CWR };
  active(0);
  ck_assert_uint_eq(answered(answers[_i]), _i == 0 ? ECT0 : 0);
}
END_TEST

/* RFC 3168 6.1.1-3: who does not answer may be dropping such SYNs: the next offers nothing. 6.1.1: after one without
 * the offer no data is ECN-capable, though the first one's answer comes late. */
START_TEST(syn_lost)
{
  ck_assert_uint_eq(active((unsigned int)_i + 1)->flags, SYN);
  ck_assert_uint_eq(answered(_i == 0 ? ECE : 0), 0);
}
END_TEST

/* RFC 3168 6.1.1-1: the SYN-ACK that is sent again accepts like the first. */
START_TEST(syn_ack_lost)
{
  struct tcp_pcb *pcb = tcp_new();
  struct packet syn = syn_of_peer();
  ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, PORT), ERR_OK);
  pcb = tcp_listen(pcb);
  tcp_accept(pcb, accept_quietly);
  peer.lwip_port = PORT;
  syn.flags |= ECE | CWR;
  inject(&syn);
  world_discard();
  ck_assert_uint_eq(world_await(SYN, MINUTES)->flags, SYN | ACK | ECE);
}
END_TEST

/* RFC 3168 6.1.5-1: what is sent again is not ECN-capable. */
START_TEST(retransmissions)
{
  passive(ECE | CWR);
  app_send(SEG);
  ck_assert_uint_eq(only()->tos & 3, ECT0);
  ck_assert_uint_eq(world_await_data(MINUTES)->tos & 3, 0);
  ack(SEG);
}
END_TEST

/* RFC 3168 6.1.6-1: nor is a window probe. */
START_TEST(window_probes)
{
  passive(ECE | CWR);
  peer.wnd = 0;
  say(0, ACK, 0);
  app_send(SEG);
  assert_silence();
  ck_assert_uint_eq(world_await_data(MINUTES)->tos & 3, 0);
  peer.wnd = 60000;
  say(0, ACK, 0);
  world_discard();
  ack(SEG);
}
END_TEST

/* RFC 3168 6.1.3-1, 6.1.3-2, 6.1.4-1: every ACK says ECE from a CE packet until CWR comes; the CWR of a packet that is marked itself begins
 * anew. */
START_TEST(receiver)
{
  passive(ECE | CWR);
  ck_assert_uint_eq(arrives(ECT0, 0) & ECE, 0);
  ck_assert_uint_eq(arrives(CE, 0) & ECE, ECE);
  ck_assert_uint_eq(arrives(ECT0, 0) & ECE, ECE);
  ck_assert_uint_eq(arrives(ECT0, 0) & ECE, ECE);
  ck_assert_uint_eq(arrives(CE, CWR) & ECE, ECE);
  ck_assert_uint_eq(arrives(ECT0, 0) & ECE, ECE);
  ck_assert_uint_eq(arrives(ECT0, CWR) & ECE, 0);
  ck_assert_uint_eq(arrives(ECT0, 0) & ECE, 0);
}
END_TEST

/* RFC 3168 5-1: where it was not negotiated, marks mean nothing, either way. */
START_TEST(not_negotiated)
{
  u32_t before;
  passive(0);
  ck_assert_uint_eq(arrives(CE, CWR) & ECE, 0);
  flight(4);
  before = cwnd();
  acked(1, ECE);
  ck_assert_uint_ge(cwnd(), before);
  ck_assert_uint_eq(flight(1) & CWR, 0);
  acked(4, 0);
}
END_TEST

/* RFC 3168 6.1.2-1, 6.1.2-3, 6.1.2-4: ECE is taken like a loss, without sending again, once for what was in flight: the ACK of all of that too
 * may still carry it. CWR tells with the next new segment, and only with that. */
START_TEST(one_reaction)
{
  u32_t before, reduced;
  passive(ECE | CWR);
  ck_assert_uint_eq(flight(10) & CWR, 0);
  before = cwnd();
  world_pass(RTT);
  acked(1, ECE);
  reduced = cwnd();
  ck_assert_uint_le(reduced, before * 7 / 10);
  ck_assert_uint_ge(reduced, before / 2);
  assert_silence();
  acked(4, ECE);
  ck_assert_uint_ge(cwnd(), reduced); /* it grows, by a few bytes */
  acked(5, ECE); /* of all that was in flight: the peer cannot know yet */
  ck_assert_uint_ge(cwnd(), reduced); /* it grows, by a few bytes */
  ck_assert_uint_eq(flight(1) & CWR, CWR);
  ck_assert_uint_eq(flight(1) & CWR, 0);
  world_pass(RTT);
  reduced = cwnd();
  acked(2, ECE); /* it knows, and there is congestion again */
  ck_assert_uint_lt(cwnd(), reduced);
  ck_assert_uint_eq(flight(1) & CWR, CWR);
  acked(1, 0);
}
END_TEST

/* RFC 3168 6.1.2-3: a loss and a mark within one window of data: one reaction. */
START_TEST(with_loss)
{
  u32_t before;
  unsigned int i;
  passive(ECE | CWR);
  flight(10);
  before = cwnd();
  world_pass(RTT);
  for (i = 0; i < 3; i++) {
    say(0, ACK | (i == 2 ? ECE : 0), 0);
  }
  assert_data(0, SEG);
  world_discard();
  acked(10, ECE);
  world_discard();
  ck_assert_uint_le(cwnd(), before * 7 / 10);
  ck_assert_uint_ge(cwnd(), LWIP_MIN(2 * SEG, before / 2));
  world_pass(RTT);
  ck_assert_uint_ge(flight(1), ACK);
  acked(1, 0);
}
END_TEST

/* RFC 3168 6.1.2-1: gigabytes after a reaction the next is as prompt. */
START_TEST(unmarked_for_long)
{
  u32_t before;
  unsigned int i;
  passive(ECE | CWR);
  for (i = 0; i < 3; i++) {
    peer.ack += 0x40000000U;
    tcp_alt_test_lastack_set(app.pcb, peer.ack);
    tcp_alt_test_snd_nxt_set(app.pcb, peer.ack);
    tcp_alt_test_snd_lbb_set(app.pcb, peer.ack);
    flight(1);
    acked(1, 0);
  }
  flight(4);
  acked(1, 0);
  before = cwnd();
  acked(1, ECE);
  ck_assert_uint_lt(cwnd(), before);
  acked(2, 0);
}
END_TEST

#endif

TCase *
ecn_tests(void)
{
  TCase *tc = tcase_create("ecn");
#if LWIP_TCP_ALT && LWIP_TCP_ECN
  tcase_add_loop_test(tc, offered_by_peer, 0, 4);
  tcase_add_loop_test(tc, offered_by_us, 0, 4);
  tcase_add_loop_test(tc, syn_lost, 0, 2);
  tcase_add_test(tc, syn_ack_lost);
  tcase_add_test(tc, retransmissions);
  tcase_add_test(tc, window_probes);
  tcase_add_test(tc, receiver);
  tcase_add_test(tc, not_negotiated);
  tcase_add_test(tc, one_reaction);
  tcase_add_test(tc, with_loss);
  tcase_add_test(tc, unmarked_for_long);
#endif
  return tc;
}
