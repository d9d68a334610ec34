/* SPDX-License-Identifier: BSD-3-Clause
 * See sack.h. */
#include "groups.h"
#include "sack.h"

#if ALT && RFC_OPTIONS

void
sack_path(void)
{
  struct packet syn = syn_of_peer();
  add_mss(&syn, SEG);
  add_option(&syn, 4, "", 0);
  establish_with(&syn);
  world_pass(RTT);
  say(0, ACK, 0);
  world_discard();
  tcp_nagle_disable(app.pcb);
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
