/* SPDX-License-Identifier: BSD-3-Clause
 * Pools that run dry: who makes room, in lwIP's order, and who is told. */
#include "contract.h"

#define N MEMP_NUM_TCP_PCB

static u16_t killed[N];
static unsigned int n_killed;

static void
on_err(void *arg, err_t err)
{
  ck_assert_int_eq(err, ERR_ABRT);
  killed[n_killed++] = (u16_t)(mem_ptr_t)arg;
}

/* N connections from ports 1000 on, a second apart; each tells when it is killed. */
static void
fill(void)
{
  unsigned int i;
  listen_on(N);
  for (i = 0; i < N; i++) {
    ck_assert(enter_from((u16_t)(1000 + i)));
    tcp_arg(app.pcb, (void *)(mem_ptr_t)(1000 + i));
    tcp_err(app.pcb, on_err);
    world_pass(SECOND);
  }
  world_discard();
}

/* Makes a PCB of this priority, or does not; which one made room, or 0. */
static u16_t
room_for(u8_t prio)
{
  struct tcp_pcb *pcb = tcp_alloc(prio);
  if (pcb == NULL) {
    return 0;
  }
  tcp_abort(pcb);
  ck_assert_uint_ge(n_killed, 1);
  return killed[n_killed - 1];
}

/* A lower priority makes room for a higher one, the lowest first, among equals the one idle longest. */
START_TEST(lower_priority_goes)
{
  fill();
  tcp_setprio(pcb_of(1003), TCP_PRIO_MIN + 1);
  tcp_setprio(pcb_of(1005), TCP_PRIO_MIN);
  tcp_setprio(pcb_of(1006), TCP_PRIO_MIN);
  ck_assert_ptr_nonnull(tcp_alloc(TCP_PRIO_NORMAL));
  ck_assert_uint_eq(killed[0], 1005);
  ck_assert_uint_eq(world_next()->flags & RST, RST);
  ck_assert_ptr_nonnull(tcp_alloc(TCP_PRIO_NORMAL));
  ck_assert_uint_eq(killed[1], 1006);
  ck_assert_ptr_nonnull(tcp_alloc(TCP_PRIO_NORMAL));
  ck_assert_uint_eq(killed[2], 1003);
  ck_assert_uint_eq(room_for(TCP_PRIO_NORMAL), 0); /* never one of the same */
  ck_assert_uint_eq(room_for(TCP_PRIO_MIN), 0);
  ck_assert_uint_eq(room_for(TCP_PRIO_NORMAL + 1), 1000);
  ck_assert_uint_eq(n_killed, 4);
}
END_TEST

/* A new connection has its listener's priority. */
START_TEST(listener_priority)
{
  fill();
  ck_assert(!knock_from(3000));
  tcp_setprio(tcp_listen_pcbs.pcbs, TCP_PRIO_MAX);
  ck_assert(knock_from(3000));
  ck_assert_uint_eq(n_killed, 1);
  ck_assert_uint_eq(killed[0], 1000);
}
END_TEST

/* Who has heard from the peer lately is not idle. */
START_TEST(traffic_counts)
{
  fill();
  peer.port = 1000 + N - 1;
  tcp_setprio(pcb_of(1000), TCP_PRIO_MIN);
  tcp_setprio(pcb_of((u16_t)(1000 + N - 1)), TCP_PRIO_MIN);
  world_pass(SECOND);
  peer.port = 1000; /* its numbers are those of the last: a world gives each the same */
  peer.seq = 7001;
  peer.ack = tcp_alt_test_snd_nxt(pcb_of(1000));
  peer_data(10);
  ck_assert_uint_eq(room_for(TCP_PRIO_NORMAL), 1000 + N - 1);
}
END_TEST

/* No room at all: accept hears of it with ERR_MEM, and the peer's SYN stays unanswered. */
static unsigned int told;

static err_t
counting_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  ck_assert_ptr_null(pcb);
  ck_assert_int_eq(err, ERR_MEM);
  told++;
  return ERR_OK;
}

START_TEST(accept_hears_of_no_room)
{
  fill();
  tcp_accept(tcp_listen_pcbs.pcbs, counting_accept);
  ck_assert(!knock_from(3000));
  assert_silence();
  ck_assert_uint_eq(told, 1);
}
END_TEST

/* .. or nobody does, if there is no accept callback; when there is room again, peers get in. */
START_TEST(nobody_hears_of_no_room)
{
  fill();
  tcp_accept(tcp_listen_pcbs.pcbs, NULL);
  ck_assert(!knock_from(3000));
  assert_silence();
  ck_assert_uint_eq(n_killed, 0);
  tcp_abort(pcb_of(1000));
  world_discard();
  ck_assert(knock_from(3000));
}
END_TEST

/* The same at a listener whose application has never called tcp_accept(). */
START_TEST(no_accept_and_no_room)
{
  struct tcp_pcb *pcb = tcp_new();
  struct packet syn;
  ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, PORT + 1), ERR_OK);
  ck_assert_ptr_nonnull(tcp_listen(pcb));
  fill();
  peer.port = 3000;
  peer.lwip_port = PORT + 1;
  syn = syn_of_peer();
  inject(&syn);
  assert_silence();
  ck_assert_ptr_null(pcb_of(3000));
  ck_assert_uint_eq(n_killed, 0);
}
END_TEST

/* There is no priority above the highest: its connections make room for none. */
START_TEST(highest_priority_stays)
{
  unsigned int i;
  fill();
  for (i = 0; i < N; i++) {
    tcp_setprio(pcb_of((u16_t)(1000 + i)), TCP_PRIO_MAX);
  }
  ck_assert_uint_eq(room_for(TCP_PRIO_MAX), 0);
  ck_assert_uint_eq(room_for(255), 0);
  ck_assert_uint_eq(n_killed, 0);
}
END_TEST

/* An error callback that takes the room itself: nobody gets an element twice. */
static struct tcp_pcb *greedy;
static int takes_room;

static void
greedy_err(void *arg, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  greedy = tcp_new();
}

START_TEST(victim_takes_the_room)
{
  struct tcp_pcb *pcb;
  fill();
  tcp_setprio(pcb_of(1000), TCP_PRIO_MIN);
  tcp_err(pcb_of(1000), greedy_err);
  pcb = tcp_alloc(TCP_PRIO_NORMAL);
  ck_assert_ptr_nonnull(greedy);
  ck_assert_ptr_ne(pcb, greedy);
  if (pcb != NULL) {
    tcp_abort(pcb);
  }
  tcp_abort(greedy);
}
END_TEST

/* No PCB for a listener: the bound one is as it was. */
START_TEST(no_listener_left)
{
  struct tcp_pcb *pcb;
  err_t err = ERR_OK;
  u16_t i;
  for (i = 0; i < MEMP_NUM_TCP_PCB_LISTEN; i++) {
    pcb = tcp_new();
    ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, (u16_t)(2000 + i)), ERR_OK);
    ck_assert_ptr_nonnull(tcp_listen(pcb));
  }
  pcb = tcp_new();
  ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, PORT), ERR_OK);
  ck_assert_ptr_null(tcp_listen_with_backlog_and_err(pcb, 1, &err));
  ck_assert_int_eq(err, ERR_MEM);
  ck_assert_int_eq(tcp_state_get(pcb), CLOSED);
  tcp_close(tcp_listen_pcbs.pcbs);
  ck_assert_ptr_nonnull(tcp_listen(pcb));
}
END_TEST

/* A flood of SYNs, none of which is ever answered: memory is bounded, and one who means it gets in, though more of
 * the flood comes between its SYN and its ACK. */
START_TEST(syn_flood)
{
  u32_t ack;
  unsigned int i;
  listen_on(255);
  for (i = 0; i < 500; i++) {
    (void)knock_from((u16_t)(10000 + i));
    world_discard();
    world_pass(20);
  }
  ck_assert(knock_from(2000));
  ack = peer.ack;
  for (i = 0; i < MEMP_NUM_TCP_PCB / 2; i++) {
    (void)knock_from((u16_t)(20000 + i));
    world_discard();
    world_pass(20);
  }
  peer.port = 2000;
  peer.seq = 7001;
  peer.ack = ack;
  say(0, ACK, 10);
  ck_assert_uint_eq(app.accepts, 1);
  ck_assert_uint_eq(app.taken, 10);
  for (i = 0; i < 500; i++) { /* and stays in */
    (void)knock_from((u16_t)(30000 + i));
    world_discard();
  }
  ck_assert_ptr_nonnull(pcb_of(2000));
  ck_assert_uint_eq(app.errs, 0);
  end_clean();
}
END_TEST

/* Who makes room for a SYN closes, when told, the listener that the SYN was for. */
static void
closing_err(void *arg, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  tcp_close(tcp_listen_pcbs.pcbs);
  if (takes_room) {
    greedy = tcp_new();
  }
}

START_TEST(victim_closes_the_listener)
{
  fill();
  takes_room = _i;
  tcp_setprio(pcb_of(1000), TCP_PRIO_MIN);
  tcp_err(pcb_of(1000), closing_err);
  ck_assert(!knock_from(3000));
  assert_silence();
  ck_assert_ptr_null(pcb_of(3000));
  if (greedy != NULL) {
    tcp_abort(greedy);
  }
}
END_TEST

TCase *
pool_tests(void)
{
  TCase *tc = tcase_create("pool");
  tcase_add_test(tc, lower_priority_goes);
  tcase_add_test(tc, listener_priority);
  tcase_add_test(tc, traffic_counts);
  tcase_add_test(tc, accept_hears_of_no_room);
  tcase_add_test(tc, nobody_hears_of_no_room);
  tcase_add_test(tc, highest_priority_stays);
  tcase_add_test(tc, victim_takes_the_room);
  tcase_add_test(tc, no_listener_left);
  if (ALT) {
    tcase_add_test(tc, no_accept_and_no_room); /* legacy aborts NULL */
    tcase_add_test(tc, syn_flood);
    tcase_add_loop_test(tc, victim_closes_the_listener, 0, 2);
  }
  return tc;
}
