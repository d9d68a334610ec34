/* SPDX-License-Identifier: BSD-3-Clause
 * See sack.h. */
#include "groups.h"
#include "sack.h"

#if LWIP_TCP_ALT && RFC_OPTIONS

const struct packet *
open_by(struct packet *syn, unsigned int lost)
{
  struct tcp_pcb *pcb = tcp_new();
  const struct packet *p;
  ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, PORT), ERR_OK);
  pcb = tcp_listen(pcb);
  tcp_accept(pcb, accept_quietly);
  peer.lwip_port = PORT;
  inject(syn);
  p = only();
  for (; lost != 0; lost--) {
    p = world_await(SYN, MINUTES);
    ck_assert_ptr_nonnull(p);
  }
  peer.seq = syn->seq + 1;
  peer.ack = p->seq + 1;
  return p;
}

void
opened(struct packet *answer)
{
  inject(answer);
  ck_assert_ptr_nonnull(app.pcb);
  world_discard();
  tcp_nagle_disable(app.pcb);
}

void
sack_path_with(u8_t flags, int sack_permitted, unsigned int lost)
{
  struct packet syn = syn_of_peer(), p;
  syn.flags |= flags;
  add_mss(&syn, SEG);
  if (sack_permitted) {
    add_option(&syn, 4, "", 0);
  }
  open_by(&syn, lost);
  world_pass(RTT);
  p = from_peer(0, ACK, 0);
  opened(&p);
}

void
sack_path(void)
{
  sack_path_with(0, 1, 0);
}

void
flight(unsigned int n)
{
  unsigned int i;
  for (i = 0; i < n; i++) {
    app_send(SEG);
  }
  ck_assert_uint_eq(world_pending(), n);
  world_discard();
}

void
sack(unsigned int n, const s32_t *edges)
{
  struct packet p = from_peer(0, ACK, 0);
  u8_t body[32];
  unsigned int i;
  for (i = 0; i < 2 * n; i++) {
    put32(body + 4 * i, peer.ack + (u32_t)(edges[i] * (s32_t)SEG));
  }
  add_option(&p, 5, body, (u8_t)(8 * n));
  inject(&p);
}

u32_t
cwnd(void)
{
  struct tcp_info info;
  ck_assert_int_eq(tcp_info_get(app.pcb, &info), ERR_OK);
  return info.cwnd;
}

enum tcp_info_recovery
recovery(void)
{
  struct tcp_info info;
  ck_assert_int_eq(tcp_info_get(app.pcb, &info), ERR_OK);
  return info.recovery;
}

u32_t
until_data(u32_t off)
{
  const u32_t since = world_now();
  const struct packet *p = world_await_data(PATIENCE);
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->seq - peer.ack, off * SEG);
  return p->at - since;
}

#endif
