/* SPDX-License-Identifier: BSD-3-Clause
 * The option parser: any bytes as options (and any data offset and piece boundary) in SYNs to a listener, in
 * SYN-ACKs, and in segments of a connection. Whatever they are, the listener and connections that were not reset
 * work afterwards. */
#include "fuzz.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

static u32_t delivered, expected;
static struct tcp_pcb *accepted;

static err_t
on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  u16_t i;
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  if (p == NULL) {
    return ERR_OK;
  }
  for (i = 0; i < p->tot_len; i++) {
    ck_assert_uint_eq(pbuf_get_at(p, i), fuzz_peers_byte(expected + i));
  }
  expected += p->tot_len;
  delivered += p->tot_len;
  tcp_recved(pcb, p->tot_len);
  pbuf_free(p);
  return ERR_OK;
}

static void
on_err(void *arg, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  accepted = NULL;
}

static err_t
on_connection(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  if (err == ERR_OK) {
    accepted = pcb;
    expected = peer.seq;
    tcp_recv(pcb, on_recv);
    tcp_err(pcb, on_err);
  }
  return ERR_OK;
}

static void
eat_options(struct packet *p)
{
  u8_t n = (u8_t)food(11), i;
  p->optlen = (u8_t)(4 * n);
  for (i = 0; i < p->optlen; i++) {
    p->opts[i] = (u8_t)food(256);
  }
}

static void
send_fuzzed(struct packet *p)
{
  u16_t i;
  eat_options(p);
  p->len = (p->flags & SYN) ? 0 : (u16_t)food(64);
  for (i = 0; i < p->len; i++) {
    p->data[i] = fuzz_peers_byte(p->seq + i);
  }
  if (food(4) == 0) {
    inject_in_pieces(p, (u16_t)(40 + food(p->optlen + p->len + 1U)));
  } else {
    inject(p);
  }
}

/* Whether lwIP has acknowledged everything the peer sent: the peer then goes on behind it. */
static void
follow(void)
{
  const struct packet *p;
  while ((p = world_next()) != NULL) {
    if ((p->flags & ACK) && !(p->flags & RST) && (s32_t)(p->ack - peer.seq) > 0) {
      peer.seq = p->ack;
    }
  }
}

static void
finish(struct tcp_pcb *pcb)
{
  if (pcb != NULL) {
    tcp_recv(pcb, NULL);
    tcp_err(pcb, NULL);
    tcp_abort(pcb);
  }
  world_pass(10U * 60U * 1000U);
  world_discard();
}

/* A SYN or a SYN-ACK with these options, then segments of the connection. */
static void
converse(int active)
{
  struct packet p;
  const struct packet *syn;
  struct tcp_pcb *pcb = NULL;
  accepted = NULL;
  if (active) {
    ip_addr_t to = IPADDR4_INIT_BYTES(10, 0, 0, 2);
    pcb = tcp_new();
    tcp_err(pcb, on_err);
    ck_assert_int_eq(tcp_connect(pcb, &to, peer.port, on_connection), ERR_OK);
    syn = only();
    peer.lwip_port = syn->src;
    peer.ack = syn->seq + 1;
    p = from_peer(0, SYN | ACK, 0);
  } else {
    peer.lwip_port = PORT;
    peer.ack = 0;
    p = from_peer(0, SYN, 0);
  }
  peer.seq++;
  send_fuzzed(&p);
  syn = world_next();
  if (syn != NULL && (syn->flags & SYN)) {
    peer.ack = syn->seq + 1;
  }
  p = from_peer(0, ACK, 0);
  send_fuzzed(&p);
  follow();
  while (food_left() > 0 && the_pcb() != NULL) {
    u32_t n = food(8);
    p = from_peer(food(3) == 0 ? food(200) : 0, ACK, 0);
    send_fuzzed(&p);
    world_pass(n == 0 ? 300 : 0);
    if (accepted != NULL && n == 1) {
      app.pcb = accepted;
      (void)tcp_write(accepted, "abc", 3, TCP_WRITE_FLAG_COPY);
      (void)tcp_output(accepted);
    }
    follow();
  }
  if (active && accepted == NULL && the_pcb() == NULL) {
    pcb = NULL; /* reset by what came: a SYN-ACK that was none */
  }
  finish(active && the_pcb() != NULL ? pcb : accepted);
}

/* Whatever came: a plain connection works. */
static void
prove_listener(void)
{
  struct packet syn;
  const struct packet *answer;
  u8_t bytes[10];
  u16_t i;
  accepted = NULL;
  delivered = 0;
  peer.port++;
  peer.lwip_port = PORT;
  peer.seq = 50000;
  syn = from_peer(0, SYN, 0);
  inject(&syn);
  answer = only();
  ck_assert_uint_eq(answer->flags, SYN | ACK);
  peer.seq++;
  peer.ack = answer->seq + 1;
  for (i = 0; i < sizeof(bytes); i++) {
    bytes[i] = fuzz_peers_byte(peer.seq + i);
  }
  say(0, ACK, 0);
  peer_send(ACK, bytes, sizeof(bytes));
  ck_assert_uint_eq(delivered, sizeof(bytes));
  world_discard();
  finish(accepted);
}

void
fuzz_one(void)
{
  struct tcp_pcb *listener = tcp_new();
  ck_assert_int_eq(tcp_bind(listener, IP4_ADDR_ANY, PORT), ERR_OK);
  listener = tcp_listen(listener);
  tcp_accept(listener, on_connection);
  converse((int)food(2));
  while (the_pcb() != NULL) {
    tcp_abort(the_pcb()); /* half open */
  }
  prove_listener();
  ck_assert_int_eq(tcp_close(listener), ERR_OK);
}
