/* SPDX-License-Identifier: BSD-3-Clause
 * The eleven states (RFC 9293 3.3.2, 3.5, 3.6), and which segments each takes (3.10.7, RFC 5961, RFC 1337). */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

static const enum tcp_state synchronized[] = {
  ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT
};
#define N_SYNCHRONIZED ((int)LWIP_ARRAYSIZE(synchronized))

/* SND.NXT - peer.ack after reach(): our FIN where it is not acknowledged. */
static u32_t
in_flight(void)
{
  enum tcp_state s = the_state();
  return s == FIN_WAIT_1 || s == CLOSING || s == LAST_ACK ? 1 : 0;
}

static void
assert_alive(enum tcp_state state)
{
  assert_state(state);
  ck_assert_uint_eq(app.errs, 0);
}

/* ---- opening ---- */

START_TEST(active_open)
{
  reach(SYN_SENT);
  say(0, SYN | ACK, 0);
  peer.seq++;
  assert_ack(0);
  assert_state(ESTABLISHED);
  ck_assert_uint_eq(app.connects, 1);
}
END_TEST

START_TEST(passive_open)
{
  reach(SYN_RCVD);
  ck_assert_uint_eq(app.accepts, 0);
  say(0, ACK, 0);
  assert_silence();
  assert_state(ESTABLISHED);
  ck_assert_uint_eq(app.accepts, 1);
}
END_TEST

/* RFC 9293 figure 8, with both ways to end it: a SYN-ACK, or an ACK. */
START_TEST(simultaneous_open)
{
  const struct packet *p;
  u32_t iss;
  reach(SYN_SENT);
  iss = peer.ack - 1;
  say(0, SYN, 0);
  p = only();
  ck_assert_uint_eq(p->flags, SYN | ACK);
  ck_assert_uint_eq(p->seq, iss);
  ck_assert_uint_eq(p->ack, peer.seq + 1);
  assert_state(SYN_RCVD);
  if (_i == 0) {
    say(0, SYN | ACK, 0);
  } else {
    say(1, ACK, 0);
  }
  peer.seq++;
  assert_state(ESTABLISHED);
  ck_assert_uint_eq(app.connects, 1);
  ck_assert_uint_eq(app.accepts, 0);
  world_discard();
  app_send(5);
  ck_assert_uint_eq(only()->seq, iss + 1);
  peer_data(5);
  ck_assert_uint_eq(app.taken, 5);
}
END_TEST

/* Simultaneous open, the peer's FIN or a reset before it ends; and close by the application. */
START_TEST(simultaneous_open_reset)
{
  reach(SYN_SENT);
  say(0, SYN, 0);
  world_discard();
  say(1, RST | ACK, 0);
  assert_state(CLOSED);
  ck_assert_uint_eq(app.errs, 1);
  ck_assert_int_eq(app.err, ERR_RST);
}
END_TEST

START_TEST(simultaneous_open_then_close)
{
  const struct packet *p;
  reach(SYN_SENT);
  say(0, SYN, 0);
  world_discard();
  ck_assert_int_eq(tcp_close(app.pcb), ERR_OK);
  say(0, SYN | ACK, 0);
  world_pass(3000);
  say(1, ACK, 0);
  peer.seq++;
  p = world_await(FIN, 3000);
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->seq, peer.ack);
  peer.ack = p->seq + 1;
  say(0, ACK, 0);
  assert_state(FIN_WAIT_2);
}
END_TEST

/* A connection to oneself, over lwIP's loopback interface. */
START_TEST(self_connect)
{
  struct tcp_pcb *pcb = tcp_new();
  ip_addr_t self = IPADDR4_INIT_BYTES(127, 0, 0, 1);
  int i;
  ck_assert_int_eq(tcp_bind(pcb, &self, 5555), ERR_OK);
  app.pcb = pcb;
  ck_assert_int_eq(tcp_connect(pcb, &self, 5555, NULL), ERR_OK);
  for (i = 0; i < 20; i++) {
    netif_poll_all();
  }
  assert_state(ESTABLISHED);
  ck_assert_int_eq(tcp_write(pcb, "hello", 5, TCP_WRITE_FLAG_COPY), ERR_OK);
  tcp_output(pcb);
  for (i = 0; i < 20; i++) {
    netif_poll_all();
  }
  assert_state(ESTABLISHED);
  ck_assert_uint_eq(tcp_sndbuf(pcb), TCP_SND_BUF);
  tcp_close(pcb);
  for (i = 0; i < 20; i++) {
    netif_poll_all();
  }
  assert_state(TIME_WAIT);
  world_pass(2 * TCP_MSL + 1000);
  assert_clean();
}
END_TEST

/* ---- LISTEN ---- */

static void
listening(void)
{
  struct tcp_pcb *pcb = tcp_new();
  ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, PORT), ERR_OK);
  tcp_listen(pcb);
  peer.lwip_port = PORT;
}

START_TEST(listen_ignores_rst)
{
  listening();
  say(0, RST, 0);
  say(0, RST | ACK, 0);
  say(0, RST | SYN, 0);
  assert_silence();
  assert_clean();
}
END_TEST

START_TEST(listen_resets_ack)
{
  listening();
  peer.ack = 4711;
  say(0, ACK, _i == 0 ? 0 : 10);
  assert_rst(4711);
  say(0, SYN | ACK, 0);
  assert_rst(4711);
  say(0, FIN | ACK, 0);
  assert_rst(4711);
  assert_clean();
}
END_TEST

/* Flags that open nothing: null, xmas, SYN with FIN, with RST. */
START_TEST(listen_odd_flags)
{
  static const u8_t flags[] = { 0, FIN, PSH, URG, FIN | PSH | URG, SYN | FIN, SYN | RST, SYN | FIN | RST,
                                SYN | FIN | PSH | URG | RST, FIN | PSH };
  size_t i;
  listening();
  for (i = 0; i < sizeof(flags); i++) {
    say(0, flags[i], 0);
    say(0, flags[i], 5);
  }
  assert_silence();
  assert_clean();
}
END_TEST

/* CVE-1999-0016 */
START_TEST(land)
{
  struct packet p = syn_of_peer();
  struct pbuf *q;
  u8_t bytes[PACKET_MAX];
  const u8_t self[4] = { 10, 0, 0, 1 };
  u16_t total;
  listening();
  p.src = p.dst = PORT;
  total = packet_build(bytes, &p, self, self);
  q = pbuf_alloc(PBUF_RAW, total, PBUF_RAM);
  pbuf_take(q, bytes, total);
  if (netif.input(q, &netif) != ERR_OK) {
    pbuf_free(q);
  }
  world_pass(5000);
  assert_silence();
  assert_clean();
}
END_TEST

/* What a SYN carries besides itself is not acknowledged, and taken when it comes again. */
START_TEST(syn_with_data)
{
  struct packet p = syn_of_peer();
  const struct packet *syn_ack;
  p.len = 10;
  memset(p.data, 'x', 10);
  syn_ack = establish_with(&p);
  ck_assert_uint_eq(syn_ack->ack, p.seq + 1);
  say(0, ACK, 10);
  peer.seq += 10;
  assert_state(ESTABLISHED);
  assert_ack(0);
}
END_TEST

START_TEST(closed_port)
{
  peer.lwip_port = 81;
  peer.ack = 99;
  say(0, SYN, 0);
  {
    const struct packet *p = only();
    ck_assert_uint_eq(p->flags, RST | ACK);
    ck_assert_uint_eq(p->seq, 0);
    ck_assert_uint_eq(p->ack, peer.seq + 1);
  }
  say(0, FIN, 5);
  ck_assert_uint_eq(only()->ack, peer.seq + 6);
  say(0, ACK, 5);
  assert_rst(99);
  say(0, RST, 0);
  say(0, RST | ACK, 0);
  assert_silence();
}
END_TEST

/* ---- SYN-SENT ---- */

START_TEST(syn_sent_unacceptable_ack)
{
  static const u32_t off[] = { 0xffffffffU, 1, 0x80000000U, 0xfffff000U };
  size_t i;
  reach(SYN_SENT);
  for (i = 0; i < LWIP_ARRAYSIZE(off); i++) {
    say_ack(0, ACK, 0, off[i]);
    assert_rst(peer.ack + off[i]);
    say_ack(0, SYN | ACK, 0, off[i]);
    assert_rst(peer.ack + off[i]);
    say_ack(0, RST | ACK, 0, off[i]);
    assert_silence();
  }
  assert_alive(SYN_SENT);
}
END_TEST

START_TEST(syn_sent_drops)
{
  static const u8_t flags[] = { 0, FIN, PSH, URG, FIN | URG | PSH, ACK, ACK | FIN, RST };
  size_t i;
  reach(SYN_SENT);
  for (i = 0; i < sizeof(flags); i++) {
    say(0, flags[i], 0);
    say(0, flags[i], 5);
  }
  assert_silence();
  assert_alive(SYN_SENT);
}
END_TEST

START_TEST(syn_sent_refused)
{
  reach(SYN_SENT);
  say(0, RST | ACK, 0);
  assert_state(CLOSED);
  ck_assert_int_eq(app.err, ERR_RST);
  assert_silence();
  assert_clean();
}
END_TEST

/* Data and FIN with the SYN-ACK. */
START_TEST(syn_ack_with_data_and_fin)
{
  reach(SYN_SENT);
  say(0, SYN | FIN | ACK, 0);
  world_discard();
  ck_assert_uint_eq(app.connects, 1);
  assert_state(CLOSE_WAIT);
}
END_TEST

/* ---- SYN-RECEIVED ---- */

START_TEST(syn_rcvd_bad_ack)
{
  static const u32_t off[] = { 0xffffffffU, 1, 0x80000001U, 1000 };
  size_t i;
  reach(SYN_RCVD);
  peer.seq = 7001;
  for (i = 0; i < LWIP_ARRAYSIZE(off); i++) {
    say_ack(0, ACK, 0, off[i]);
    assert_rst(peer.ack + off[i]);
  }
  assert_state(SYN_RCVD);
}
END_TEST

START_TEST(syn_rcvd_again)
{
  const struct packet *p;
  reach(SYN_RCVD);
  say(0xffffffffU, SYN, 0);
  p = only();
  ck_assert_uint_eq(p->flags, SYN | ACK);
  ck_assert_uint_eq(p->seq, peer.ack - 1);
  ck_assert_uint_eq(p->ack, peer.seq);
}
END_TEST

START_TEST(syn_rcvd_rst)
{
  reach(SYN_RCVD);
  say(1, RST, 0); /* in window */
  assert_state(SYN_RCVD);
  assert_ack(0);
  say(0xfffffff0U, RST, 0);
  assert_silence();
  assert_state(SYN_RCVD);
  say(0, RST, 0);
  assert_state(CLOSED);
  assert_silence();
  assert_clean();
}
END_TEST

START_TEST(syn_rcvd_ack_with_data_and_fin)
{
  reach(SYN_RCVD);
  say(0, ACK | FIN, 10);
  peer.seq += 11;
  ck_assert_uint_eq(app.accepts, 1);
  ck_assert_uint_eq(app.taken, 10);
  ck_assert_uint_eq(app.closes, 1);
  assert_state(CLOSE_WAIT);
  assert_ack(0);
}
END_TEST

START_TEST(syn_rcvd_times_out)
{
  const struct packet *p;
  reach(SYN_RCVD);
  while ((p = world_await(SYN, 120000)) != NULL) {
    ck_assert_uint_eq(p->seq, peer.ack - 1);
  }
  assert_clean();
}
END_TEST

/* ---- synchronized states: RST, SYN, ACK ---- */

START_TEST(rst_exact)
{
  enum tcp_state s = synchronized[_i];
  reach(s);
  say(0, RST, _i % 2 == 0 ? 0 : 7); /* SHLD-2: with data too */
  assert_silence();
  if (s == TIME_WAIT) {
    assert_state(TIME_WAIT); /* RFC 1337 */
  } else {
    ck_assert_ptr_null(the_pcb());
    if (s == ESTABLISHED || s == CLOSE_WAIT) {
      ck_assert_int_eq(app.err, ERR_RST);
    }
  }
}
END_TEST

START_TEST(rst_in_window)
{
  enum tcp_state s = synchronized[_i];
  reach(s);
  say(1, RST, 0);
  if (s == TIME_WAIT) {
    assert_silence();
  } else {
    assert_ack(in_flight());
  }
  say(1000, RST | ACK, 0);
  if (s == TIME_WAIT) {
    assert_silence();
  } else {
    assert_ack(in_flight());
  }
  assert_alive(s);
}
END_TEST

START_TEST(rst_outside)
{
  enum tcp_state s = synchronized[_i];
  reach(s);
  say(0xffffffffU, RST, 0);
  say(TCP_WND + 1, RST, 0);
  say(0x80000000U, RST, 0);
  say(0xffffff00U, RST | ACK, 0);
  assert_silence();
  assert_alive(s);
}
END_TEST

START_TEST(rst_with_closed_window)
{
  establish();
  tcp_recv(app.pcb, hoard);
  while (app.taken < TCP_WND) {
    peer_data(1000);
  }
  world_discard();
  say(1, RST, 0);
  say(0xffffffffU, RST, 0);
  ck_assert_uint_le(world_pending(), 1); /* dropped, or a challenge ACK at the edge */
  assert_alive(ESTABLISHED);
  world_discard();
  say(0, RST, 0);
  ck_assert_int_eq(app.err, ERR_RST);
}
END_TEST

/* RFC 5961 4.2: whatever its sequence number */
START_TEST(syn_in_synchronized_state)
{
  static const u32_t off[] = { 0, 1, 1000, 0xffffffffU, 0xffffff00U, 0x80000000U };
  enum tcp_state s = synchronized[_i];
  size_t i;
  reach(s);
  for (i = 0; i < LWIP_ARRAYSIZE(off); i++) {
    if (s == TIME_WAIT && (s32_t)off[i] >= 0) {
      continue; /* see syn_reopens_time_wait */
    }
    say(off[i], SYN, 0);
    assert_ack(in_flight());
    say(off[i], SYN | ACK, 0);
    assert_ack(in_flight());
  }
  assert_alive(s);
}
END_TEST

START_TEST(no_ack_flag)
{
  static const u8_t flags[] = { 0, PSH, URG, FIN, FIN | PSH | URG };
  enum tcp_state s = synchronized[_i];
  size_t i;
  reach(s);
  for (i = 0; i < sizeof(flags); i++) {
    say(0, flags[i], 0);
    say(0, flags[i], 10);
  }
  assert_silence();
  assert_alive(s);
  ck_assert_uint_eq(app.taken, 0);
}
END_TEST

START_TEST(ack_of_unsent)
{
  enum tcp_state s = synchronized[_i];
  reach(s);
  say_ack(0, ACK, 10, in_flight() + 1);
  assert_ack(in_flight());
  say_ack(0, ACK, 0, 0x7fffffffU);
  assert_ack(in_flight());
  assert_alive(s);
  ck_assert_uint_eq(app.taken, 0);
}
END_TEST

/* RFC 5961 5.2: SND.UNA - MAX.SND.WND <= SEG.ACK */
START_TEST(ack_too_old)
{
  establish();
  say_ack(0, ACK, 10, 0U - peer.wnd - 1);
  assert_ack(0);
  ck_assert_uint_eq(app.taken, 0);
  say_ack(0, ACK, 10, 0U - peer.wnd);
  peer.seq += 10;
  assert_ack(0);
  ck_assert_uint_eq(app.taken, 10);
}
END_TEST

/* RFC 5961 7, per connection: a second one still answers. */
/* Two ends that each find the other's ACK unacceptable must not answer each other for ever. */
START_TEST(unacceptable_ack_limit)
{
  unsigned int i, n;
  establish();
  for (i = 0; i < 100; i++) {
    say(0U - 1000000U, ACK, 0);
  }
  n = world_pending();
  ck_assert_uint_ge(n, 1);
  ck_assert_uint_le(n, 20);
  world_discard();
  say(0U - 1000000U, ACK, 10); /* with data it may be a retransmission: always answered */
  assert_ack(0);
}
END_TEST

START_TEST(challenge_limit)
{
  unsigned int i, n;
  establish();
  for (i = 0; i < 100; i++) {
    say(1, RST, 0);
  }
  n = world_pending();
  ck_assert_uint_ge(n, 1);
  ck_assert_uint_le(n, 20);
  world_discard();
  {
    struct packet syn;
    u16_t port = peer.port;
    peer.port = 4001;
    peer.seq = 90000;
    syn = syn_of_peer();
    inject(&syn);
    peer.ack = only()->seq + 1;
    peer.seq++;
    say(0, ACK, 0);
    say(1, RST, 0);
    assert_ack(0);
    peer.port = port;
  }
  world_pass(3000);
  peer.port = 4001;
  say(1, RST, 0);
  assert_ack(0);
}
END_TEST

/* ---- acceptability (3.10.7.4 first) ---- */

START_TEST(unacceptable)
{
  static const struct { u32_t off; u16_t len; } bad[] = {
    { 0xffffffffU, 0 }, { 0xffffffffU, 1 }, { 0xffffff00U, 256 }, { 0xffffff00U, 10 },
    { TCP_WND, 1 }, { TCP_WND + 1, 0 }, { TCP_WND + 1, 5 }, { 0x80000000U, 1 }, { 0x7fffffffU, 1 },
  };
  enum tcp_state s = synchronized[_i];
  size_t i;
  reach(s);
  for (i = 0; i < LWIP_ARRAYSIZE(bad); i++) {
    if ((s == TIME_WAIT || s == CLOSING || s == LAST_ACK || s == CLOSE_WAIT) && bad[i].off <= TCP_WND) {
      continue; /* the FIN has moved the window */
    }
    say(bad[i].off, ACK, bad[i].len);
    assert_ack(in_flight());
  }
  assert_alive(s);
  ck_assert_uint_eq(app.taken, 0);
}
END_TEST

/* MUST-66: at a closed window a probe's data is not taken, its ACK is; and a FIN. */
START_TEST(acceptable_at_closed_window)
{
  establish();
  tcp_recv(app.pcb, hoard);
  while (app.taken < TCP_WND) {
    peer_data(1000);
  }
  app_send(5);
  world_discard();
  say(1, ACK, 0); /* neither in the window nor at its edge: see simultaneous_probes */
  world_discard();
  say_ack(0, ACK, 1, 5);
  peer.ack += 5;
  assert_ack(0);
  ck_assert_uint_eq(app.taken, TCP_WND);
  ck_assert_uint_eq(app.sent, 5);
  say(0, FIN | ACK, 0);
  peer.seq++;
  assert_ack(0);
  assert_state(CLOSE_WAIT);
}
END_TEST

/* ---- closing ---- */

START_TEST(active_close)
{
  const struct packet *p;
  establish();
  tcp_close(app.pcb);
  p = only();
  ck_assert_uint_eq(p->flags & (FIN | ACK), FIN | ACK);
  assert_state(FIN_WAIT_1);
  peer.ack++;
  say(0, ACK, 0);
  assert_state(FIN_WAIT_2);
  assert_silence();
  say(0, FIN | ACK, 0);
  peer.seq++;
  assert_state(TIME_WAIT);
  assert_ack(0);
  world_pass(2 * TCP_MSL - 1000);
  assert_state(TIME_WAIT);
  world_pass(1100);
  assert_clean();
}
END_TEST

START_TEST(passive_close)
{
  establish();
  say(0, FIN | ACK, 0);
  peer.seq++;
  assert_ack(0);
  ck_assert_uint_eq(app.closes, 1);
  assert_state(CLOSE_WAIT);
  tcp_close(app.pcb);
  ck_assert_uint_eq(only()->flags & FIN, FIN);
  assert_state(LAST_ACK);
  peer.ack++;
  say(0, ACK, 0);
  assert_silence();
  assert_clean();
  ck_assert_uint_eq(app.errs, 0);
}
END_TEST

START_TEST(simultaneous_close)
{
  reach(CLOSING);
  say_ack(0, ACK, 0, 1);
  assert_state(TIME_WAIT);
  assert_silence();
  world_pass(2 * TCP_MSL + 100);
  assert_clean();
}
END_TEST

/* FIN and the ACK of ours in one segment: FIN-WAIT-1 to TIME-WAIT. */
START_TEST(fin_with_ack_of_fin)
{
  reach(FIN_WAIT_1);
  peer.ack++;
  say(0, FIN | ACK, 0);
  peer.seq++;
  assert_state(TIME_WAIT);
  assert_ack(0);
}
END_TEST

START_TEST(half_close_by_us)
{
  establish();
  ck_assert_int_eq(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  ck_assert_uint_eq(only()->flags & FIN, FIN);
  peer.ack++;
  say(0, ACK, 0);
  assert_state(FIN_WAIT_2);
  ck_assert_int_eq(tcp_write(app.pcb, "x", 1, TCP_WRITE_FLAG_COPY), ERR_CONN);
  peer_data(500);
  ck_assert_uint_eq(app.taken, 500);
  world_pass(10 * 60 * 1000);
  assert_state(FIN_WAIT_2); /* the application still receives */
  peer_data(500);
  ck_assert_uint_eq(app.taken, 1000);
  say(0, FIN | ACK, 0);
  ck_assert_uint_eq(app.closes, 1);
  assert_state(TIME_WAIT);
}
END_TEST

START_TEST(half_close_by_peer)
{
  reach(CLOSE_WAIT);
  app_send(700);
  take_all();
  take_all();
  ck_assert_uint_eq(app.sent, 700);
  tcp_close(app.pcb);
  assert_state(LAST_ACK);
}
END_TEST

/* RFC 9293 3.6.1 */
START_TEST(close_with_unread_data)
{
  establish();
  tcp_recv(app.pcb, hoard);
  peer_data(100);
  world_discard();
  tcp_close(app.pcb);
  assert_rst(peer.ack);
  assert_clean();
}
END_TEST

START_TEST(data_after_close)
{
  reach(_i == 0 ? FIN_WAIT_1 : FIN_WAIT_2);
  say(0, ACK, 10);
  assert_rst(peer.ack + (_i == 0 ? 1 : 0));
  assert_clean();
}
END_TEST

START_TEST(text_after_fin)
{
  enum tcp_state s = _i == 0 ? CLOSE_WAIT : _i == 1 ? LAST_ACK : _i == 2 ? CLOSING : TIME_WAIT;
  reach(s);
  app.taken = 0;
  say(0, ACK, 100);
  assert_ack(in_flight());
  say(0xffffffffU, ACK, 100); /* overlapping the FIN */
  assert_ack(in_flight());
  say(0, ACK | FIN, 100);
  assert_ack(in_flight());
  assert_state(s);
  ck_assert_uint_eq(app.taken, 0);
}
END_TEST

START_TEST(fin_out_of_order)
{
  establish();
  say(100, FIN | ACK, 100);
  assert_ack(0);
  assert_state(ESTABLISHED);
  say(0, ACK, 100);
  peer.seq += 201;
  ck_assert_uint_eq(app.taken, 200);
  ck_assert_uint_eq(app.closes, 1);
  assert_state(CLOSE_WAIT);
  assert_ack(0);
}
END_TEST

START_TEST(bare_fin_out_of_order)
{
  establish();
  say(100, FIN | ACK, 0);
  assert_ack(0);
  say(150, ACK, 50); /* behind the FIN: ignored */
  assert_ack(0);
  say(0, ACK, 100);
  peer.seq += 101;
  ck_assert_uint_eq(app.taken, 100);
  ck_assert_uint_eq(app.closes, 1);
  assert_ack(0);
  assert_state(CLOSE_WAIT);
}
END_TEST

/* Data and FIN of the peer, refused by the application, survive the way into TIME-WAIT. */
START_TEST(refused_data_survives_time_wait)
{
  establish();
  tcp_shutdown(app.pcb, 0, 1);
  app.recv_answer = ERR_MEM;
  say(0, ACK | FIN, 100);
  peer.seq += 101;
  assert_state(CLOSING);
  world_discard();
  peer.ack++;
  say(0, ACK, 0);
  assert_state(TIME_WAIT);
  app.recv_answer = ERR_OK;
  world_pass(1000);
  ck_assert_uint_eq(app.taken, 100);
  ck_assert_uint_eq(app.closes, 1);
}
END_TEST

/* ---- TIME-WAIT ---- */

START_TEST(fin_restarts_time_wait)
{
  reach(TIME_WAIT);
  world_pass(2 * TCP_MSL - 5000);
  say(0xffffffffU, FIN | ACK, 0);
  assert_ack(0);
  world_pass(2 * TCP_MSL - 1000);
  assert_state(TIME_WAIT);
  world_pass(1100);
  assert_clean();
}
END_TEST

/* Only the peer's FIN does that, not any segment with the flag. */
START_TEST(stray_fin_does_not_restart_time_wait)
{
  reach(TIME_WAIT);
  world_pass(2 * TCP_MSL - 5000);
  say(0x40000000U, FIN | ACK, 0);
  world_pass(5100);
  assert_clean();
}
END_TEST

START_TEST(syn_reopens_time_wait)
{
  struct packet syn;
  const struct packet *p;
  u32_t old;
  reach(TIME_WAIT);
  old = peer.ack;
  peer.seq += 100;
  syn = syn_of_peer();
  inject(&syn);
  p = only();
  ck_assert_uint_eq(p->flags, SYN | ACK);
  ck_assert_uint_eq(p->ack, syn.seq + 1);
  ck_assert_int_gt((s32_t)(p->seq - old), 0); /* beyond all that the old connection used */
  peer.seq++;
  peer.ack = p->seq + 1;
  say(0, ACK, 0);
  assert_state(ESTABLISHED);
}
END_TEST

/* The same after a transfer that ran ahead of the ISN's clock (RFC 9293 3.10.7.4, MAY-2 (1)). */
START_TEST(reopened_beyond_a_fast_transfer)
{
  struct packet syn;
  const struct packet *p;
  u32_t old;
  int i;
  establish();
  tcp_nagle_disable(app.pcb);
  for (i = 0; i < 200; i++) {
    app_send(5000);
    world_discard();
    peer.ack += 5000;
    say(0, ACK, 0);
    world_discard();
  }
  tcp_close(app.pcb);
  peer.ack++;
  say(0, FIN | ACK, 0);
  peer.seq++;
  assert_state(TIME_WAIT);
  world_discard();
  old = peer.ack;
  peer.seq += 100;
  syn = syn_of_peer();
  inject(&syn);
  p = only();
  ck_assert_uint_eq(p->flags, SYN | ACK);
  ck_assert_int_gt((s32_t)(p->seq - old), 0);
}
END_TEST

/* A blind SYN must not end TIME-WAIT where nobody listens (RFC 5961 4.2). */
START_TEST(syn_in_time_wait_without_listener)
{
  establish();
  tcp_close(app.pcb);
  peer.ack++;
  say(0, FIN | ACK, 0);
  peer.seq++;
  world_discard();
  tcp_close(tcp_listen_pcbs.pcbs);
  say(100, SYN, 0);
  assert_ack(0);
  assert_state(TIME_WAIT);
}
END_TEST

/* An application that has only shut down its sending side still holds the PCB: it hears of its end. */
START_TEST(time_wait_held_by_application)
{
  establish();
  tcp_shutdown(app.pcb, 0, 1);
  peer.ack++;
  say(0, FIN | ACK, 0);
  peer.seq++;
  assert_state(TIME_WAIT);
  ck_assert_uint_eq(app.closes, 1);
  if (_i == 0) {
    world_pass(2 * TCP_MSL + 1000);
  } else {
    struct packet syn;
    peer.seq += 100;
    syn = syn_of_peer();
    inject(&syn);
  }
  ck_assert_uint_eq(app.errs, 1);
  ck_assert_ptr_null(app.pcb);
}
END_TEST

START_TEST(rst_in_time_wait)
{
  reach(TIME_WAIT);
  say(0, RST, 0);
  say(0, RST | ACK, 0);
  say(0xffffffffU, RST, 0);
  assert_silence();
  assert_state(TIME_WAIT);
}
END_TEST

/* ---- abort ---- */

START_TEST(abort_in_each_state)
{
  enum tcp_state s = synchronized[_i];
  reach(s);
  if (s == ESTABLISHED || s == CLOSE_WAIT) {
    tcp_abort(app.pcb);
    assert_rst(peer.ack + in_flight());
    ck_assert_int_eq(app.err, ERR_ABRT);
    assert_clean();
  }
}
END_TEST

TCase *
state_tests(void)
{
  TCase *tc = tcase_create("state");
  tcase_add_test(tc, active_open);
  tcase_add_test(tc, passive_open);
  tcase_add_loop_test(tc, simultaneous_open, 0, 2);
  tcase_add_test(tc, simultaneous_open_reset);
  tcase_add_test(tc, simultaneous_open_then_close);
  tcase_add_test(tc, self_connect);
  tcase_add_test(tc, listen_ignores_rst);
  tcase_add_loop_test(tc, listen_resets_ack, 0, 2);
  tcase_add_test(tc, listen_odd_flags);
  tcase_add_test(tc, land);
  tcase_add_test(tc, syn_with_data);
  tcase_add_test(tc, closed_port);
  tcase_add_test(tc, syn_sent_unacceptable_ack);
  tcase_add_test(tc, syn_sent_drops);
  tcase_add_test(tc, syn_sent_refused);
  tcase_add_test(tc, syn_ack_with_data_and_fin);
  tcase_add_test(tc, syn_rcvd_bad_ack);
  tcase_add_test(tc, syn_rcvd_again);
  tcase_add_test(tc, syn_rcvd_rst);
  tcase_add_test(tc, syn_rcvd_ack_with_data_and_fin);
  tcase_add_test(tc, syn_rcvd_times_out);
  tcase_add_loop_test(tc, rst_exact, 0, N_SYNCHRONIZED);
  tcase_add_loop_test(tc, rst_in_window, 0, N_SYNCHRONIZED);
  tcase_add_loop_test(tc, rst_outside, 0, N_SYNCHRONIZED);
  tcase_add_test(tc, rst_with_closed_window);
  tcase_add_loop_test(tc, syn_in_synchronized_state, 0, N_SYNCHRONIZED);
  tcase_add_loop_test(tc, no_ack_flag, 0, N_SYNCHRONIZED);
  tcase_add_loop_test(tc, ack_of_unsent, 0, N_SYNCHRONIZED);
  tcase_add_test(tc, ack_too_old);
  tcase_add_test(tc, challenge_limit);
  tcase_add_test(tc, unacceptable_ack_limit);
  tcase_add_loop_test(tc, unacceptable, 0, N_SYNCHRONIZED);
  tcase_add_test(tc, acceptable_at_closed_window);
  tcase_add_test(tc, active_close);
  tcase_add_test(tc, passive_close);
  tcase_add_test(tc, simultaneous_close);
  tcase_add_test(tc, fin_with_ack_of_fin);
  tcase_add_test(tc, half_close_by_us);
  tcase_add_test(tc, half_close_by_peer);
  tcase_add_test(tc, close_with_unread_data);
  tcase_add_loop_test(tc, data_after_close, 0, 2);
  tcase_add_loop_test(tc, text_after_fin, 0, 4);
  tcase_add_test(tc, fin_out_of_order);
  tcase_add_test(tc, bare_fin_out_of_order);
  tcase_add_test(tc, refused_data_survives_time_wait);
  tcase_add_test(tc, fin_restarts_time_wait);
  tcase_add_test(tc, stray_fin_does_not_restart_time_wait);
  tcase_add_test(tc, syn_reopens_time_wait);
  tcase_add_test(tc, reopened_beyond_a_fast_transfer);
  tcase_add_test(tc, syn_in_time_wait_without_listener);
  tcase_add_loop_test(tc, time_wait_held_by_application, 0, 2);
  tcase_add_test(tc, rst_in_time_wait);
  tcase_add_loop_test(tc, abort_in_each_state, 0, N_SYNCHRONIZED);
  return tc;
}
