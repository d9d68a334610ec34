/* SPDX-License-Identifier: BSD-3-Clause
 * The segments of a live connection. A peer that keeps the rules talks to lwIP in both directions; the input says
 * what becomes of each of its packets: lost, doubled, late, older, in pieces, altered. Where it was only the
 * network (the first choice of the input), all bytes must arrive in both directions and both sides end; where
 * anything was altered, what arrives must be right. */
#include "talker.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

#define MOST_LOST  4     /* of an innocent network: fewer than TCP_SYNMAXRTX and TCP_MAXRTX */
#define MOST_TURNS 4000
#define TURN_MS    150U

static struct talker talker;
static struct packet late;
static int has_late, hostile;
static unsigned int lost;

/* The application. */
static struct {
  struct tcp_pcb *pcb;
  u32_t total, written, received, expected, unread;
  int ended, failed;
} host;

/* ---- the wire ---- */

static void
release(void)
{
  if (has_late) {
    has_late = 0;
    inject(&late);
  }
}

static int
may_lose(void)
{
  return hostile || lost++ < MOST_LOST;
}

static void
older(struct packet *p)
{
  u16_t more = (u16_t)food(200), i;
  if ((p->flags & SYN) || (s32_t)(p->seq - more - talker.iss) <= 0) {
    return;
  }
  p->seq -= more;
  p->len = (u16_t)(p->len + more);
  for (i = 0; i < p->len; i++) {
    p->data[i] = fuzz_peers_byte(p->seq + i);
  }
}

/* SACK blocks, of whatever lies ahead of what the peer has acknowledged or just behind: true, false and taken back. What
 * is reported and never comes is sent again all the same (RFC 2018 8). */
static void
add_reports(struct packet *p, u8_t n)
{
  u8_t body[24], i;
  for (i = 0; i < n; i++) {
    u32_t left = talker.rcv_nxt - 900 + food(8) * 300U + food(3);
    put32(body + 8 * i, left);
    put32(body + 8 * i + 4, left + food(8) * 300U + food(1000));
  }
  add_option(p, 5, body, (u8_t)(8 * n));
}

static void
add_noise(struct packet *p)
{
  u8_t body[18];
  u8_t n = (u8_t)food(3), i;
  if (p->optlen > 12) {
    return;
  }
  if (food(4) != 0) {
    add_reports(p, (u8_t)(n + 1));
    return;
  }
  for (i = 0; i < 8 * n; i++) {
    body[i] = (u8_t)food(256);
  }
  add_option(p, hostile ? (u8_t)food(256) : 5, body, (u8_t)(8 * n));
}

/* What only an attacker does. */
static void
attack(struct packet *p)
{
  static const u32_t far[] = { 0x7fffffffU, 0x80000000U, TCP_WND, TCP_WND + 1, 0U - TCP_WND, 1, 0U - 1 };
  u16_t i;
  switch (food(6)) {
    case 0:
      p->seq += food(2) ? far[food(LWIP_ARRAYSIZE(far))] : food(3000);
      break;
    case 1:
      p->ack += food(2) ? far[food(LWIP_ARRAYSIZE(far))] : food(3000);
      break;
    case 2:
      p->flags = (u8_t)food(256);
      break;
    case 3:
      p->ack -= food(3000);
      break;
    case 4:
      p->flags = (u8_t)(RST | food(256));
      p->seq += food(100);
      break;
    default:
      p->len = (u16_t)food(1400);
      break;
  }
  for (i = 0; i < p->len; i++) {
    p->data[i] = fuzz_peers_byte(p->seq + ((p->flags & SYN) ? 1U : 0U) + i);
  }
}

static void
wire(struct talker *t, struct packet *p)
{
  LWIP_UNUSED_ARG(t);
  switch (food_left() > 0 ? food(20) : 19) {
    case 0:
      if (may_lose()) {
        return;
      }
      break;
    case 1:
      inject(p);
      break;
    case 2:
      release();
      late = *p;
      has_late = 1;
      return;
    case 3:
      older(p);
      break;
    case 4:
      p->wnd = (u16_t)(food(4) ? food(2000) : 0);
      break;
    case 5:
      p->flags ^= PSH;
      p->urgent = (u16_t)food(70000);
      p->flags |= food(2) ? URG : 0;
      break;
    case 6:
      add_noise(p);
      break;
    case 7:
      inject_in_pieces(p, (u16_t)(40 + food(p->optlen + p->len + 1U)));
      return;
    case 8:
      if (p->len > 1 && !(p->flags & FIN)) {
        p->len = (u16_t)(1 + food(p->len - 1U));
      }
      break;
    case 9:
      if (may_lose()) {
        fail_alloc = 1 + food(4);
      }
      break;
    case 10:
    case 11:
      if (hostile) {
        attack(p);
      }
      break;
    default:
      break;
  }
  inject(p);
  fail_alloc = 0;
}

/* ---- the application ---- */

static void
write_more(void)
{
  u8_t bytes[1000];
  while (host.pcb != NULL && host.written < host.total) {
    u32_t n = LWIP_MIN(LWIP_MIN(host.total - host.written, sizeof(bytes)), tcp_sndbuf(host.pcb));
    u32_t seq = tcp_alt_test_snd_lbb(host.pcb), i;
    for (i = 0; i < n; i++) {
      bytes[i] = fuzz_our_byte(seq + i);
    }
    if (n == 0 || tcp_write(host.pcb, bytes, (u16_t)n, TCP_WRITE_FLAG_COPY) != ERR_OK) {
      return;
    }
    host.written += n;
  }
}

/* Closes once all is written and the peer has closed; closes the sending direction once all is written. */
static void
close_when_done(void)
{
  if (host.pcb == NULL || host.written < host.total) {
    return;
  }
  if (host.ended) {
    struct tcp_pcb *pcb = host.pcb;
    tcp_arg(pcb, NULL);
    tcp_recv(pcb, NULL);
    tcp_sent(pcb, NULL);
    tcp_err(pcb, NULL);
    host.pcb = NULL;
    ck_assert_int_eq(tcp_close(pcb), ERR_OK);
  } else if (!talker.closes_first) {
    (void)tcp_shutdown(host.pcb, 0, 1);
  }
}

static err_t
on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  u16_t i;
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  if (p == NULL) {
    host.ended = 1;
    return ERR_OK;
  }
  if (food(10) == 9) {
    return ERR_MEM;
  }
  for (i = 0; i < p->tot_len; i++) {
    ck_assert_uint_eq(pbuf_get_at(p, i), fuzz_peers_byte(host.expected + i));
  }
  host.expected += p->tot_len;
  host.received += p->tot_len;
  if (food(4) == 3) {
    host.unread += p->tot_len;
  } else {
    tcp_recved(pcb, p->tot_len);
  }
  pbuf_free(p);
  return ERR_OK;
}

static err_t
on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(len);
  write_more();
  return ERR_OK;
}

static void
on_err(void *arg, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  host.pcb = NULL;
  host.failed = 1;
}

static err_t
on_connection(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  if (err != ERR_OK) {
    return ERR_OK;
  }
  if (host.pcb != NULL && host.pcb != pcb) {
    return ERR_MEM; /* a second one, of an attacker */
  }
  host.pcb = pcb;
  host.expected = tcp_alt_test_rcv_nxt(pcb);
  tcp_recv(pcb, on_recv);
  tcp_sent(pcb, on_sent);
  tcp_err(pcb, on_err);
  write_more();
  return ERR_OK;
}

/* ---- a conversation ---- */

static void
hear_all(void)
{
  const struct packet *p;
  while ((p = world_next()) != NULL) {
    if (food_left() > 0 && food(16) == 15 && may_lose()) {
      continue;
    }
    talker_hear(&talker, p);
  }
}

static void
turn(void)
{
  driver.answer = food_left() > 0 && food(30) == 29 ? ERR_MEM : ERR_OK;
  if (host.unread != 0 && host.pcb != NULL) {
    tcp_recved(host.pcb, (u16_t)host.unread);
    host.unread = 0;
  }
  write_more();
  if (host.pcb != NULL) {
    (void)tcp_output(host.pcb);
  }
  close_when_done();
  hear_all();
  driver.answer = ERR_OK;
  world_pass(TURN_MS);
  hear_all();
  release();
  talker_say(&talker);
}

static struct tcp_pcb *
begin(void)
{
  ip_addr_t to = IPADDR4_INIT_BYTES(10, 0, 0, 2);
  struct tcp_pcb *listener = NULL;
  talker_init(&talker, wire);
  memset(&host, 0, sizeof(host));
  has_late = 0;
  lost = 0;
  hostile = food(2) == 1;
  talker.forged = (u8_t)hostile;
  talker.port = 4000;
  talker.options = food(2) == 1;
  talker.closes_first = food(2) == 1;
  talker.iss = talker.una = food(2) ? 0U - 500 : 7000;
  talker.total = food(6000);
  host.total = food(6000);
  if (food(2)) {
    listener = tcp_new();
    ck_assert_int_eq(tcp_bind(listener, IP4_ADDR_ANY, PORT), ERR_OK);
    listener = tcp_listen(listener);
    tcp_accept(listener, on_connection);
    talker.lwip_port = PORT;
    talker_open(&talker);
  } else {
    host.pcb = tcp_new();
    tcp_err(host.pcb, on_err);
    ck_assert_int_eq(tcp_connect(host.pcb, &to, talker.port, on_connection), ERR_OK);
  }
  return listener;
}

static void
end(struct tcp_pcb *listener)
{
  if (host.pcb != NULL) {
    tcp_recv(host.pcb, NULL);
    tcp_sent(host.pcb, NULL);
    tcp_err(host.pcb, NULL);
    tcp_abort(host.pcb);
  }
  if (listener != NULL) {
    ck_assert_int_eq(tcp_close(listener), ERR_OK);
  }
  while (tcp_active_pcbs != NULL && hostile) {
    tcp_abort(tcp_active_pcbs); /* half open ones of an attacker */
  }
  world_pass(60U * 60U * 1000U);
  world_discard();
}

void
fuzz_one(void)
{
  struct tcp_pcb *listener = begin();
  unsigned int turns = 0;
  while (turns++ < MOST_TURNS && !(talker_done(&talker) && host.pcb == NULL) && !(hostile && food_left() == 0)) {
    turn();
  }
  if (!hostile) {
    ck_assert(!host.failed && !talker.reset);
    ck_assert(talker_done(&talker) && host.pcb == NULL);
    ck_assert_uint_eq(host.received, talker.total);
    ck_assert_uint_eq(talker.rcv_nxt - talker.irs - 2, host.total); /* without SYN and FIN */
  }
  end(listener);
}
