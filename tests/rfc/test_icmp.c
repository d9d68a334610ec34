/* SPDX-License-Identifier: BSD-3-Clause
 * What ICMP errors do to a connection (RFC 9293 3.9.2.2, RFC 1122 4.2.3.9, RFC 5461), and what forged ones must
 * not do (RFC 5927). */
#include "groups.h"

#include "lwip/tcp_soft_error.h"

#include <string.h>

#define UNREACHABLE   3
#define SOURCE_QUENCH 4
#define TIME_EXCEEDED 11
#define PARAMETER     12
#define NET  0
#define HOST 1
#define PROTOCOL_CODE 2
#define PORT_CODE     3

#if LWIP_TCP_ALT && LWIP_TCP_ERR_REASON
#define assert_unreachable() ck_assert_int_eq(told.reason, TCP_ERR_REASON_UNREACHABLE)
#else
#define assert_unreachable()
#endif

static struct {
  enum tcp_soft_error last;
  unsigned int calls;
  int reason; /* what tcp_err_reason_get() said in the err callback */
  err_t (*act)(struct tcp_pcb *pcb); /* what the callback does besides */
} told;

static void
on_soft_error(void *arg, struct tcp_pcb *pcb, enum tcp_soft_error error)
{
  ck_assert_ptr_eq(arg, &told);
  told.calls++;
  told.last = error;
  if (told.act != NULL) {
    (void)told.act(pcb);
  }
}

static void
on_err(void *arg, err_t err)
{
  ck_assert_ptr_eq(arg, &told);
  app.errs++;
  app.err = err;
  app.pcb = NULL;
#if LWIP_TCP_ALT
  told.reason = tcp_err_reason_get();
#endif
}

/* The segment of ours at peer.ack + off. */
static struct packet
ours(u32_t off, u8_t flags, u16_t len)
{
  struct packet p;
  memset(&p, 0, sizeof(p));
  p.src = peer.lwip_port;
  p.dst = peer.port;
  p.seq = peer.ack + off;
  p.ack = peer.seq;
  p.flags = flags;
  p.len = len;
  return p;
}

/* A connection in this state that listens to soft errors, with ten bytes in flight where it may send. */
static void
listening(enum tcp_state state)
{
  reach(state);
  memset(&told, 0, sizeof(told));
  tcp_arg(the_pcb(), &told);
  tcp_soft_error(the_pcb(), on_soft_error);
  tcp_err(the_pcb(), on_err);
  if (state == ESTABLISHED || state == CLOSE_WAIT) {
    app_send(10);
    world_discard();
  }
}

/* A router says this of ten bytes at peer.ack + off. */
static void
hear(u32_t off, u8_t type, u8_t code)
{
  struct packet p = ours(off, ACK, 10);
  icmp_about(&p, type, code, 0, QUOTE);
}

static void
hear_of_syn(u8_t type, u8_t code)
{
  struct packet p = ours(0U - 1, SYN, 0);
  icmp_about(&p, type, code, 0, QUOTE);
}

/* Nothing has happened: the data is sent again, taken, and the next goes out. */
static void
assert_goes_on(void)
{
  const struct packet *p;
  assert_state(ESTABLISHED);
  ck_assert_uint_eq(app.errs, 0);
  p = world_await_data(PATIENCE);
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->seq, peer.ack);
  ck_assert_uint_eq(p->len, 10);
  peer_take(p);
  ck_assert_uint_eq(app.sent, 10);
  app_send(10);
  ck_assert_uint_eq(only()->seq, peer.ack);
}

static void
assert_told(enum tcp_soft_error error)
{
  ck_assert_uint_eq(told.calls, 1);
  ck_assert_int_eq(told.last, error);
  ck_assert_int_eq(tcp_soft_error_get(the_pcb()), error);
  told.calls = 0;
}

static const struct {
  u8_t type, code;
  enum tcp_soft_error means;
} errors[] = {
  { UNREACHABLE, 0, TCP_SOFT_ERROR_NET },         { UNREACHABLE, 1, TCP_SOFT_ERROR_HOST },
  { UNREACHABLE, 2, TCP_SOFT_ERROR_PROTOCOL },    { UNREACHABLE, 3, TCP_SOFT_ERROR_PORT },
  { UNREACHABLE, 5, TCP_SOFT_ERROR_SOURCE_ROUTE },
  { UNREACHABLE, 6, TCP_SOFT_ERROR_NET },         { UNREACHABLE, 7, TCP_SOFT_ERROR_HOST },
  { UNREACHABLE, 8, TCP_SOFT_ERROR_HOST },        { UNREACHABLE, 9, TCP_SOFT_ERROR_PROHIBITED },
  { UNREACHABLE, 10, TCP_SOFT_ERROR_PROHIBITED }, { UNREACHABLE, 11, TCP_SOFT_ERROR_NET },
  { UNREACHABLE, 12, TCP_SOFT_ERROR_HOST },       { UNREACHABLE, 13, TCP_SOFT_ERROR_PROHIBITED },
  { UNREACHABLE, 14, TCP_SOFT_ERROR_PROHIBITED }, { UNREACHABLE, 15, TCP_SOFT_ERROR_PROHIBITED },
  { TIME_EXCEEDED, 0, TCP_SOFT_ERROR_HOPS },      { TIME_EXCEEDED, 1, TCP_SOFT_ERROR_REASSEMBLY },
  { PARAMETER, 0, TCP_SOFT_ERROR_HEADER },        { PARAMETER, 2, TCP_SOFT_ERROR_HEADER }
};
#define N_ERRORS ((int)LWIP_ARRAYSIZE(errors))

/* ---- what they do ---- */

/* RFC 9293 MUST-54: acted on. RFC 9293 MUST-47: there is a way to report soft errors. RFC 9293 SHLD-25: the application
 * gets to know. RFC 9293 MUST-56: none aborts. RFC 5927 5.2: in a synchronized state not even a hard one. */
START_TEST(told_and_goes_on)
{
  listening(ESTABLISHED);
  hear(0, errors[_i].type, errors[_i].code);
  assert_silence();
  assert_told(errors[_i].means);
  assert_goes_on();
}
END_TEST

/* RFC 9293 SHLD-26, RFC 5461 4.1: a hard error ends a connection that is being opened. RFC 9293 MUST-56: the others do not. */
START_TEST(while_opening)
{
  enum tcp_soft_error means = errors[_i].means;
  int hard = means == TCP_SOFT_ERROR_PROTOCOL || means == TCP_SOFT_ERROR_PORT;
  listening(SYN_SENT);
  hear_of_syn(errors[_i].type, errors[_i].code);
  assert_silence();
  if (hard) {
    assert_state(CLOSED);
    ck_assert_uint_eq(app.errs, 1);
    ck_assert_int_eq(app.err, ERR_RTE);
    assert_unreachable();
    ck_assert_uint_eq(told.calls, 0);
    assert_clean();
  } else {
    assert_told(means);
    say(0, SYN | ACK, 0);
    peer.seq++;
    assert_state(ESTABLISHED);
  }
}
END_TEST

/* The same for one that a peer opens, which the application does not know yet. */
START_TEST(hard_error_in_syn_received)
{
  reach(SYN_RCVD);
  hear_of_syn(UNREACHABLE, HOST);
  assert_state(SYN_RCVD);
  hear_of_syn(UNREACHABLE, PORT_CODE);
  assert_state(CLOSED);
  assert_silence();
  ck_assert_uint_eq(app.accepts, 0);
  ck_assert_uint_eq(app.errs, 0);
  peer_send(SYN, NULL, 0); /* the listener is there still */
  ck_assert_uint_eq(only()->flags, SYN | ACK);
}
END_TEST

/* RFC 5927 5.2: no hard error ends a connection that has been open, whatever its state. */
START_TEST(hard_error_in_synchronized_state)
{
  static const enum tcp_state states[] = { ESTABLISHED, CLOSE_WAIT, FIN_WAIT_1, CLOSING, LAST_ACK };
  enum tcp_state state = states[_i];
  listening(state); /* with data or a FIN in flight */
  hear(0, UNREACHABLE, PORT_CODE);
  hear(0, UNREACHABLE, PROTOCOL_CODE);
  assert_state(state);
  ck_assert_uint_eq(app.errs, 0);
  ck_assert_uint_eq(told.calls, 2);
}
END_TEST

/* RFC 9293 MUST-55, RFC 5927 6.2-1: silently. */
START_TEST(source_quench)
{
  u32_t cwnd;
  listening(ESTABLISHED);
  cwnd = tcp_alt_test_cwnd(app.pcb);
  hear(0, SOURCE_QUENCH, 0);
  ck_assert_uint_eq(told.calls, 0);
  ck_assert_uint_eq(tcp_alt_test_cwnd(app.pcb), cwnd);
  assert_silence();
  assert_goes_on();
}
END_TEST

/* What is no error: echo replies, redirects, unknown types and codes, whatever they carry. */
START_TEST(other_messages)
{
  static const u8_t others[][2] = { { 0, 0 }, { 5, 1 }, { UNREACHABLE, 16 }, { UNREACHABLE, 255 }, { 13, 0 }, { 255, 0 } };
  size_t i;
  listening(ESTABLISHED);
  for (i = 0; i < LWIP_ARRAYSIZE(others); i++) {
    hear(0, others[i][0], others[i][1]);
  }
  ck_assert_uint_eq(told.calls, 0);
  assert_goes_on();
}
END_TEST

/* RFC 9293 SHLD-20: who does not want reports gets none, which is the default; the last one can be asked for. */
START_TEST(no_callback)
{
  listening(ESTABLISHED);
  tcp_soft_error(app.pcb, NULL);
  ck_assert_int_eq(tcp_soft_error_get(app.pcb), TCP_SOFT_ERROR_NONE);
  hear(0, UNREACHABLE, HOST);
  ck_assert_uint_eq(told.calls, 0);
  ck_assert_int_eq(tcp_soft_error_get(app.pcb), TCP_SOFT_ERROR_HOST);
  hear(0, TIME_EXCEEDED, 0);
  ck_assert_int_eq(tcp_soft_error_get(app.pcb), TCP_SOFT_ERROR_HOPS);
  assert_goes_on();
}
END_TEST

static err_t
act_abort(struct tcp_pcb *pcb)
{
  tcp_abort(pcb);
  return ERR_ABRT;
}

/* RFC 9293 SHLD-9, SHLD-10, MUST-47: and that nothing is answered, at the third retransmission; of a SYN as well. What the
 * callback does then is done: the connection goes on, or not. */
START_TEST(retransmissions_are_told)
{
  int i;
  listening(_i == 0 ? SYN_SENT : ESTABLISHED);
  told.act = _i == 2 ? act_abort : NULL;
  for (i = 0; i < 2; i++) {
    ck_assert_ptr_nonnull(_i == 0 ? world_await(SYN, MINUTES) : world_await_data(MINUTES));
    ck_assert_uint_eq(told.calls, 0);
  }
  world_pass(MINUTES);
  ck_assert_uint_eq(told.calls, 1);
  ck_assert_int_eq(told.last, TCP_SOFT_ERROR_RETRANSMISSIONS);
  ck_assert_uint_eq(app.errs, _i == 2 ? 1 : 0);
}
END_TEST

static err_t
act_close(struct tcp_pcb *pcb)
{
  return tcp_close(pcb);
}

static err_t
act_write(struct tcp_pcb *pcb)
{
  ck_assert_int_eq(tcp_write(pcb, "more", 4, TCP_WRITE_FLAG_COPY), ERR_OK);
  return tcp_output(pcb);
}

static err_t (*const acts[])(struct tcp_pcb *) = { act_abort, act_close, act_write };

/* The callback may do what it likes with its connection. */
START_TEST(callback_acts)
{
  const struct packet *p;
  listening(ESTABLISHED);
  tcp_nagle_disable(app.pcb);
  told.act = acts[_i];
  hear(0, UNREACHABLE, HOST);
  ck_assert_uint_eq(told.calls, 1);
  p = only();
  if (acts[_i] == act_abort) {
    ck_assert_uint_eq(p->flags, RST | ACK);
    assert_clean();
  } else if (acts[_i] == act_close) {
    ck_assert_uint_eq(p->flags & FIN, FIN);
    assert_state(FIN_WAIT_1);
  } else {
    ck_assert_uint_eq(p->len, 4);
    ck_assert_uint_eq(p->seq, peer.ack + 10);
  }
}
END_TEST

START_TEST(callback_aborts_while_opening)
{
  listening(SYN_SENT);
  told.act = act_abort;
  hear_of_syn(UNREACHABLE, NET);
  ck_assert_int_eq(app.err, ERR_ABRT);
  assert_silence(); /* the peer knows nothing of us */
  assert_clean();
}
END_TEST

/* ---- what they must not do ---- */

/* RFC 5927 4.1: SND.UNA <= quoted SEQ < SND.NXT, or it is nobody's. */
START_TEST(sequence_not_in_flight)
{
  static const u32_t off[] = { 10, 11, 1000, 0xffffffffU, 0xfffffff6U, 0x7fffffffU, 0x80000000U };
  size_t i;
  listening(ESTABLISHED);
  for (i = 0; i < LWIP_ARRAYSIZE(off); i++) {
    hear(off[i], UNREACHABLE, HOST);
    hear(off[i], UNREACHABLE, PORT_CODE);
  }
  ck_assert_uint_eq(told.calls, 0);
  ck_assert_int_eq(tcp_soft_error_get(app.pcb), TCP_SOFT_ERROR_NONE);
  hear(9, UNREACHABLE, HOST); /* the last byte in flight counts */
  assert_told(TCP_SOFT_ERROR_HOST);
  assert_goes_on();
}
END_TEST

START_TEST(nothing_in_flight)
{
  reach(ESTABLISHED);
  hear(0, UNREACHABLE, PORT_CODE);
  hear(0U - 1, UNREACHABLE, PORT_CODE);
  ck_assert_int_eq(tcp_soft_error_get(app.pcb), TCP_SOFT_ERROR_NONE);
  assert_state(ESTABLISHED);
}
END_TEST

/* RFC 5927 5.2: in SYN-SENT one number in 2^32 fits. */
START_TEST(syn_not_guessed)
{
  static const u32_t off[] = { 0, 1, 0xfffffffeU, 0x7fffffffU };
  size_t i;
  listening(SYN_SENT);
  for (i = 0; i < LWIP_ARRAYSIZE(off); i++) {
    hear(off[i], UNREACHABLE, PORT_CODE);
  }
  assert_state(SYN_SENT);
  ck_assert_uint_eq(told.calls, 0);
}
END_TEST

/* Another connection's, a listener's, one that is in TIME-WAIT, nobody's. */
START_TEST(other_connections)
{
  struct packet p;
  listening(ESTABLISHED);
  p = ours(0, ACK, 10);
  p.dst++;
  icmp_about(&p, UNREACHABLE, PORT_CODE, 0, QUOTE);
  p = ours(0, ACK, 10);
  p.src++;
  icmp_about(&p, UNREACHABLE, PORT_CODE, 0, QUOTE);
  ck_assert_uint_eq(told.calls, 0);
  assert_goes_on();
}
END_TEST

START_TEST(in_time_wait)
{
  listening(TIME_WAIT);
  hear(0U - 1, UNREACHABLE, PORT_CODE);
  hear(0, UNREACHABLE, PORT_CODE);
  assert_state(TIME_WAIT);
  ck_assert_uint_eq(told.calls, 0);
}
END_TEST

/* ---- what is broken ---- */

/* An IP packet as icmp_about() makes it, to be broken. */
static u16_t
whole(u8_t *bytes)
{
  static const u8_t router[4] = { 10, 9, 9, 9 }, us[4] = { 10, 0, 0, 1 };
  u8_t quoted[PACKET_MAX];
  struct packet p = ours(0, ACK, 10);
  struct icmp m = { UNREACHABLE, HOST, 0, NULL, QUOTE };
  build_ours(quoted, &p);
  m.quoted = quoted;
  return icmp_build(bytes, &m, router, us);
}

#define INNER (20 + 8) /* IP and ICMP header in front of what is quoted */

/* Makes ICMP's checksum right again. */
static void
mend(u8_t *bytes, u16_t total)
{
  u32_t sum = 0;
  u16_t i;
  bytes[22] = bytes[23] = 0;
  for (i = 20; i < total; i++) {
    sum += (i & 1U) ? bytes[i] : (u32_t)bytes[i] << 8;
  }
  sum = (sum & 0xffffU) + (sum >> 16);
  sum = ~((sum & 0xffffU) + (sum >> 16));
  bytes[22] = (u8_t)(sum >> 8);
  bytes[23] = (u8_t)sum;
}

START_TEST(truncated)
{
  u16_t len;
  listening(ESTABLISHED);
  for (len = 0; len < QUOTE; len++) {
    struct packet p = ours(0, ACK, 10);
    hear(0, UNREACHABLE, HOST); /* so that the rest lies about */
    assert_told(TCP_SOFT_ERROR_HOST);
    icmp_about(&p, UNREACHABLE, HOST, 0, len);
    ck_assert_uint_eq(told.calls, 0);
  }
}
END_TEST

START_TEST(wrong_checksum)
{
  u8_t bytes[PACKET_MAX];
  u16_t i, total;
  listening(ESTABLISHED);
  total = whole(bytes);
  for (i = 20; i < total; i++) {
    bytes[i] ^= 0x10;
    inject_bytes(bytes, total);
    bytes[i] ^= 0x10;
    ck_assert_uint_eq(told.calls, 0);
  }
  inject_bytes(bytes, total);
  assert_told(TCP_SOFT_ERROR_HOST);
  assert_goes_on();
}
END_TEST

/* In what is quoted: no IPv4, a header too short or too long, a fragment further on, no TCP, not from us, not to
 * the peer. The second value is the one that is right. */
START_TEST(quoted_header)
{
  static const struct { u8_t at, wrong; } breaks[] = {
    { 0, 0x65 }, { 0, 0x44 }, { 0, 0x46 }, { 0, 0x4f }, { 6, 0x1f }, { 7, 1 }, { 9, 17 }, { 9, 1 },
    { 12, 11 }, { 15, 9 }, { 15, 255 }, { 16, 11 }, { 19, 9 }
  };
  u8_t bytes[PACKET_MAX];
  u16_t total;
  size_t i;
  listening(ESTABLISHED);
  total = whole(bytes);
  for (i = 0; i < LWIP_ARRAYSIZE(breaks); i++) {
    u8_t *b = &bytes[INNER + breaks[i].at], right = *b;
    *b = breaks[i].wrong;
    mend(bytes, total);
    inject_bytes(bytes, total);
    ck_assert_msg(told.calls == 0, "%u", (unsigned int)i);
    *b = right;
  }
  mend(bytes, total);
  inject_bytes(bytes, total);
  assert_told(TCP_SOFT_ERROR_HOST);
}
END_TEST

/* With IP options in what is quoted, and with as much of the packet as a router likes. */
START_TEST(quoted_generously)
{
  u8_t quoted[PACKET_MAX], with_options[PACKET_MAX], bytes[PACKET_MAX];
  static const u8_t router[4] = { 10, 9, 9, 9 }, us[4] = { 10, 0, 0, 1 };
  struct packet p;
  struct icmp m = { UNREACHABLE, HOST, 0, with_options, QUOTE + 4 };
  listening(ESTABLISHED);
  p = ours(0, ACK, 10);
  icmp_about(&p, UNREACHABLE, HOST, 0, PACKET_MAX);
  assert_told(TCP_SOFT_ERROR_HOST);
  build_ours(quoted, &p);
  memcpy(with_options, quoted, 20);
  with_options[0] = 0x46;
  memset(with_options + 20, 1, 4);
  memcpy(with_options + 24, quoted + 20, 8);
  inject_bytes(bytes, icmp_build(bytes, &m, router, us));
  assert_told(TCP_SOFT_ERROR_HOST);
}
END_TEST

static u32_t state;

static u32_t
dice(u32_t n)
{
  state = state * 1664525U + 1013904223U;
  return (state >> 8) % n;
}

/* Random changes, with the checksum mended, in one piece and in many: an open connection lives on. */
START_TEST(random_messages)
{
  u8_t bytes[PACKET_MAX], broken[PACKET_MAX];
  unsigned int turn;
  u16_t total;
  state = (u32_t)_i;
  listening(ESTABLISHED);
  total = whole(bytes);
  for (turn = 0; turn < 3000; turn++) {
    u16_t len = (u16_t)(dice(4) == 0 ? 20 + dice(total - 20U + 1) : total);
    u32_t changes = dice(6);
    memcpy(broken, bytes, total);
    while (changes-- > 0) {
      broken[20 + dice(total - 20U)] = (u8_t)dice(256);
    }
    broken[2] = (u8_t)(len >> 8);
    broken[3] = (u8_t)len;
    ip_checksum(broken);
    mend(broken, len);
    inject_bytes_in_pieces(broken, len, (u16_t)(20 + dice(3) * 4));
    while (world_next() != NULL) {
    }
  }
  assert_state(ESTABLISHED);
  ck_assert_uint_eq(app.errs, 0);
}
END_TEST

TCase *
icmp_tests(void)
{
  TCase *group = tcase_create("icmp");
  tcase_add_loop_test(group, told_and_goes_on, 0, N_ERRORS);
  tcase_add_loop_test(group, while_opening, 0, N_ERRORS);
  tcase_add_test(group, hard_error_in_syn_received);
  tcase_add_loop_test(group, hard_error_in_synchronized_state, 0, 5);
  tcase_add_test(group, source_quench);
  tcase_add_test(group, other_messages);
  tcase_add_test(group, no_callback);
  tcase_add_loop_test(group, retransmissions_are_told, 0, 3);
  tcase_add_loop_test(group, callback_acts, 0, (int)LWIP_ARRAYSIZE(acts));
  tcase_add_test(group, callback_aborts_while_opening);
  tcase_add_test(group, sequence_not_in_flight);
  tcase_add_test(group, nothing_in_flight);
  tcase_add_test(group, syn_not_guessed);
  tcase_add_test(group, other_connections);
  tcase_add_test(group, in_time_wait);
  tcase_add_test(group, truncated);
  tcase_add_test(group, wrong_checksum);
  tcase_add_test(group, quoted_header);
  tcase_add_test(group, quoted_generously);
  tcase_add_loop_test(group, random_messages, 0, 4);
  return group;
}
