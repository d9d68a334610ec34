/* SPDX-License-Identifier: BSD-3-Clause
 * Urgent data (RFC 9293 3.8.5): the mark is told and sent; and whatever a peer points to, the stream is intact. */
#include "groups.h"

#include "lwip/tcp_urgent.h"
#include "lwip/priv/tcp_priv.h"

#include <string.h>

/* ---- with the option or without: the stream is intact ---- */

static u32_t stream_seq; /* number of the next byte that the application is to get */

static err_t
on_stream(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  u16_t i;
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  if (p != NULL) {
    for (i = 0; i < p->tot_len; i++) {
      ck_assert_uint_eq(pbuf_get_at(p, i), (u8_t)stream_seq);
      stream_seq++;
    }
    tcp_recved(pcb, p->tot_len);
    pbuf_free(p);
  }
  return ERR_OK;
}

static void
stream(void)
{
  establish();
  world_discard();
  stream_seq = peer.seq;
  tcp_recv(app.pcb, on_stream);
}

/* A segment of the peer with an urgent pointer. */
static void
urge(u32_t off, u8_t flags, u16_t len, u16_t pointer)
{
  struct packet p = from_peer(off, flags | URG, len);
  p.urgent = pointer;
  inject(&p);
}

/* CVE-2019-12255, -12260, -12261, -12263, AMNESIA:33, CVE-2021-31400: pointers at nothing, at the last byte, one
 * behind, far away; on segments in order, out of order, old, empty; with FIN. */
START_TEST(any_pointer)
{
  static const u16_t pointers[] = { 0, 1, 9, 10, 11, 100, 1000, 0x7fff, 0x8000, 0xffff };
  u16_t at = pointers[_i];
  u32_t first;
  stream();
  first = peer.seq;
  urge(0, ACK, 10, at);
  peer.seq += 10;
  urge(20, ACK, 10, at); /* out of order */
  urge(10, ACK, 10, at);
  urge(0, ACK, 10, at);  /* fills the gap */
  peer.seq += 30;
  urge(0U - 20, ACK, 10, at); /* old */
  urge(0, ACK, 0, at);
  urge(0, ACK | PSH, 10, at);
  peer.seq += 10;
  urge(0, ACK | FIN, 10, at);
  peer.seq += 11;
  ck_assert_uint_eq(stream_seq, first + 60);
  assert_state(CLOSE_WAIT);
  ck_assert_uint_eq(app.errs, 0);
}
END_TEST

/* Not on a connection: SYN, SYN-ACK and RST with URG are what they are without. */
START_TEST(pointer_in_syn)
{
  struct packet p = syn_of_peer();
  p.flags |= URG;
  p.urgent = 0xffff;
  establish_with(&p);
  urge(0, ACK, 0, 5);
  assert_state(ESTABLISHED);
  peer_data(10);
  ck_assert_uint_eq(app.taken, 10);
  urge(0, RST, 0, 1);
  ck_assert_int_eq(app.err, ERR_RST);
}
END_TEST

#if LWIP_TCP_ALT && LWIP_TCP_URGENT

/* ---- receiving ---- */

static struct {
  unsigned int calls;
  u32_t left;
  int acts; /* 1: abort, 2: write */
} told;

static void
on_urgent(void *arg, struct tcp_pcb *pcb, u32_t left)
{
  ck_assert_ptr_eq(arg, &told);
  told.calls++;
  told.left = left;
  ck_assert_uint_eq(left, tcp_urgent_left(pcb));
  if (told.acts == 1) {
    tcp_abort(pcb);
  } else if (told.acts == 2) {
    ck_assert_int_eq(tcp_write(pcb, "yes", 3, TCP_WRITE_FLAG_COPY), ERR_OK);
    ck_assert_int_eq(tcp_output(pcb), ERR_OK);
  }
}

static void
listening(void)
{
  stream();
  memset(&told, 0, sizeof(told));
  tcp_arg(app.pcb, &told);
  tcp_urgent(app.pcb, on_urgent);
}

/* RFC 9293 MUST-30, RFC 9293 MUST-32: told when a mark appears, and whenever it moves on. RFC 9293 MUST-33: how much is
 * left. RFC 9293 MUST-62: the pointer is the number behind the last urgent byte. */
START_TEST(mark_told)
{
  listening();
  ck_assert_uint_eq(tcp_urgent_left(app.pcb), 0);
  urge(0, ACK, 10, 4); /* all in this segment: told before it is read */
  peer.seq += 10;
  ck_assert_uint_eq(told.calls, 1);
  ck_assert_uint_eq(told.left, 4);
  ck_assert_uint_eq(tcp_urgent_left(app.pcb), 0);
  urge(0, ACK, 10, 25); /* reaches beyond the segment */
  peer.seq += 10;
  ck_assert_uint_eq(told.calls, 2);
  ck_assert_uint_eq(told.left, 25);
  ck_assert_uint_eq(tcp_urgent_left(app.pcb), 15);
  urge(0, ACK, 10, 15); /* the same mark: no news */
  peer.seq += 10;
  ck_assert_uint_eq(told.calls, 2);
  ck_assert_uint_eq(tcp_urgent_left(app.pcb), 5);
  urge(0, ACK, 10, 2); /* nor one that lies before it */
  peer.seq += 10;
  ck_assert_uint_eq(told.calls, 2);
  ck_assert_uint_eq(tcp_urgent_left(app.pcb), 0);
  urge(0, ACK, 10, 30); /* further on */
  peer.seq += 10;
  urge(0, ACK, 0, 40);
  ck_assert_uint_eq(told.calls, 4);
  ck_assert_uint_eq(told.left, 40);
  peer_data(10);
  ck_assert_uint_eq(tcp_urgent_left(app.pcb), 30);
}
END_TEST

/* RFC 9293 MUST-31: urgent data of any length; the mark of 65535 bytes moves on as they come. */
START_TEST(any_length)
{
  u32_t end;
  unsigned int i;
  listening();
  end = peer.seq + 200000;
  for (i = 0; i < 400; i++) {
    u32_t ahead = end - peer.seq;
    urge(0, ACK, 500, (u16_t)LWIP_MIN(ahead, 0xffffU));
    peer.seq += 500;
    ck_assert_uint_eq(tcp_urgent_left(app.pcb), LWIP_MIN(end - peer.seq, 0xffffU - 500));
    world_discard();
  }
  ck_assert_uint_eq(peer.seq, end);
  ck_assert_uint_eq(stream_seq, end);
  peer_data(10);
  ck_assert_uint_eq(tcp_urgent_left(app.pcb), 0);
}
END_TEST

/* RFC 9293 MUST-66: at a closed window, with data that does not fit and without data. */
START_TEST(closed_window)
{
  unsigned int i;
  listening();
  tcp_recv(app.pcb, hoard);
  for (i = 0; i < TCP_WND / 500; i++) {
    peer_data(500);
  }
  world_discard();
  if (_i == 0) {
    urge(0, ACK, 0, 3);
  } else {
    urge(0, ACK, 10, 3);
  }
  ck_assert_uint_eq(told.calls, 1);
  ck_assert_uint_eq(told.left, 3);
  ck_assert_uint_eq(app.taken, TCP_WND);
}
END_TEST

/* Data that the application refused is not given yet: it counts as left. */
START_TEST(refused_data)
{
  listening();
  tcp_recv(app.pcb, NULL);
  app_install(app.pcb);
  app.recv_answer = ERR_MEM;
  urge(0, ACK, 10, 15);
  peer.seq += 10;
  ck_assert_uint_eq(tcp_urgent_left(app.pcb), 15);
  app.recv_answer = ERR_OK;
  world_pass(1000);
  ck_assert_uint_eq(app.taken, 10);
  ck_assert_uint_eq(tcp_urgent_left(app.pcb), 5);
}
END_TEST

/* Not for segments that are not acceptable, nor behind the peer's FIN. */
START_TEST(not_acceptable)
{
  listening();
  urge(0x10000, ACK, 10, 100);
  urge(0U - 100, ACK, 10, 50);
  urge(0, 0, 10, 5);
  ck_assert_uint_eq(told.calls, 0);
  say(0, FIN | ACK, 0);
  peer.seq++;
  urge(0, ACK, 0, 100);
  ck_assert_uint_eq(told.calls, 0);
  ck_assert_uint_eq(tcp_urgent_left(app.pcb), 0);
}
END_TEST

START_TEST(urgent_callback_acts)
{
  listening();
  told.acts = _i + 1;
  world_discard();
  urge(0, ACK, 10, 4);
  if (_i == 0) {
    ck_assert_uint_eq(world_next()->flags & RST, RST);
    assert_clean();
  } else {
    ck_assert_uint_eq(world_await_data(PATIENCE)->len, 3);
    ck_assert_uint_eq(stream_seq, peer.seq + 10);
  }
}
END_TEST

/* Nobody listens: the mark is noted all the same. */
START_TEST(no_urgent_callback)
{
  stream();
  urge(0, ACK, 10, 14);
  peer.seq += 10;
  ck_assert_uint_eq(tcp_urgent_left(app.pcb), 4);
  peer_data(10);
  ck_assert_uint_eq(tcp_urgent_left(app.pcb), 0);
}
END_TEST

/* A mark that lies behind does not come back when 2 GB have passed. */
START_TEST(old_mark)
{
  listening();
  urge(0, ACK, 10, 5);
  peer.seq += 10;
  say(0, ACK, 0);
  tcp_alt_test_rcv_nxt_set(app.pcb, peer.seq + 0x80000010U);
  ck_assert_uint_eq(tcp_urgent_left(app.pcb), 0);
}
END_TEST

/* ---- sending ---- */

static const struct packet *
expect_mark(u32_t off, u16_t len, u16_t pointer)
{
  const struct packet *p = world_next();
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->seq, peer.ack + off);
  ck_assert_uint_eq(p->len, len);
  ck_assert_uint_eq((p->flags & URG) != 0, pointer != 0);
  ck_assert_uint_eq(p->urgent, pointer);
  return p;
}

/* RFC 9293 MUST-62, RFC 9293 MUST-31: on each segment before the mark, retransmissions too, and on none behind. */
START_TEST(mark_sent)
{
  const struct packet *p;
  stream();
  tcp_nagle_disable(app.pcb);
  ck_assert_int_eq(tcp_write(app.pcb, "0123456789", 10, TCP_WRITE_FLAG_COPY), ERR_OK);
  ck_assert_int_eq(tcp_urgent_mark(app.pcb), ERR_OK);
  ck_assert_int_eq(tcp_output(app.pcb), ERR_OK);
  expect_mark(0, 10, 10);
  assert_silence();
  app_send(5);
  expect_mark(10, 5, 0);
  p = world_await_data(PATIENCE); /* lost: again */
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->seq, peer.ack);
  ck_assert_uint_eq(p->urgent, 10);
  world_discard();
  peer.ack += 15;
  say(0, ACK, 0);
  app_send(5);
  expect_mark(0, 5, 0);
}
END_TEST

/* A mark ahead of more than one segment. */
START_TEST(mark_of_many)
{
  u8_t bytes[1500];
  stream();
  memset(bytes, 1, sizeof(bytes));
  tcp_nagle_disable(app.pcb);
  ck_assert_int_eq(tcp_write(app.pcb, bytes, 1000, TCP_WRITE_FLAG_COPY), ERR_OK);
  ck_assert_int_eq(tcp_urgent_mark(app.pcb), ERR_OK);
  ck_assert_int_eq(tcp_write(app.pcb, bytes, 72, TCP_WRITE_FLAG_COPY), ERR_OK);
  tcp_output(app.pcb);
  expect_mark(0, 536, 1000);
  expect_mark(536, 536, 464);
  assert_silence();
}
END_TEST

/* A closed window: the mark goes on an ACK, at once. */
START_TEST(mark_at_closed_window)
{
  stream();
  peer.wnd = 0;
  say(0, ACK, 0);
  world_discard();
  app_send(100);
  assert_silence();
  ck_assert_int_eq(tcp_urgent_mark(app.pcb), ERR_OK);
  tcp_output(app.pcb);
  expect_mark(0, 0, 100);
}
END_TEST

/* Nothing to be urgent, or nobody to hear it. */
START_TEST(mark_of_nothing)
{
  stream();
  ck_assert_int_eq(tcp_urgent_mark(app.pcb), ERR_OK);
  tcp_output(app.pcb);
  assert_silence();
  app_send(5);
  expect_mark(0, 5, 0);
  tcp_close(app.pcb);
  ck_assert_int_eq(tcp_urgent_mark(app.pcb), ERR_CONN);
}
END_TEST

/* The peer has closed and listens on: there may be something urgent for it still, until it has it. */
START_TEST(mark_after_peers_fin)
{
  stream();
  say(0, ACK | FIN, 0);
  peer.seq++;
  assert_state(CLOSE_WAIT);
  world_discard();
  tcp_nagle_disable(app.pcb);
  ck_assert_int_eq(tcp_write(app.pcb, "0123456789", 10, TCP_WRITE_FLAG_COPY), ERR_OK);
  ck_assert_int_eq(tcp_urgent_mark(app.pcb), ERR_OK);
  tcp_output(app.pcb);
  expect_mark(0, 10, 10);
  peer.ack += 4; /* some of it */
  say(0, ACK, 0);
  world_discard();
  ck_assert_uint_eq(world_await_data(PATIENCE)->urgent, 10); /* the segment again, from its beginning */
}
END_TEST

#endif

TCase *
urgent_tests(void)
{
  TCase *group = tcase_create("urgent");
  tcase_add_loop_test(group, any_pointer, 0, 10);
  tcase_add_test(group, pointer_in_syn);
#if LWIP_TCP_ALT && LWIP_TCP_URGENT
  tcase_add_test(group, mark_told);
  tcase_add_test(group, any_length);
  tcase_add_loop_test(group, closed_window, 0, 2);
  tcase_add_test(group, refused_data);
  tcase_add_test(group, not_acceptable);
  tcase_add_loop_test(group, urgent_callback_acts, 0, 2);
  tcase_add_test(group, no_urgent_callback);
  tcase_add_test(group, old_mark);
  tcase_add_test(group, mark_sent);
  tcase_add_test(group, mark_of_many);
  tcase_add_test(group, mark_at_closed_window);
  tcase_add_test(group, mark_of_nothing);
  tcase_add_test(group, mark_after_peers_fin);
#endif
  return group;
}
