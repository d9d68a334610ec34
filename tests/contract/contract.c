/* SPDX-License-Identifier: BSD-3-Clause
 * See contract.h. */
#include "contract.h"

#include <string.h>

static err_t
on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  if (err == ERR_OK) {
    app.accepts++;
    app_install(pcb);
  }
  return ERR_OK;
}

struct tcp_pcb *
listen_on(u8_t backlog)
{
  struct tcp_pcb *pcb = tcp_new();
  ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, PORT), ERR_OK);
  pcb = tcp_listen_with_backlog(pcb, backlog);
  ck_assert_ptr_nonnull(pcb);
  tcp_accept(pcb, on_accept);
  peer.lwip_port = PORT;
  return pcb;
}

int
knock_from(u16_t port)
{
  const struct packet *p;
  struct packet syn;
  peer.port = port;
  peer.lwip_port = PORT;
  peer.seq = 7000;
  syn = syn_of_peer();
  inject(&syn);
  while ((p = world_next()) != NULL && p->dst != port) {
    /* to one that made room */
  }
  if (p == NULL || p->flags != (SYN | ACK)) {
    return 0;
  }
  peer.seq++;
  peer.ack = p->seq + 1;
  return 1;
}

int
enter_from(u16_t port)
{
  if (!knock_from(port)) {
    return 0;
  }
  say(0, ACK, 0);
  return 1;
}

struct tcp_pcb *
pcb_of(u16_t port)
{
  struct tcp_pcb *pcb;
  for (pcb = tcp_active_pcbs; pcb != NULL; pcb = tcp_next_get(pcb)) {
    if (tcp_remote_port_get(pcb) == port) {
      return pcb;
    }
  }
  for (pcb = tcp_tw_pcbs; pcb != NULL; pcb = tcp_next_get(pcb)) {
    if (tcp_remote_port_get(pcb) == port) {
      return pcb;
    }
  }
  return NULL;
}

void
reach_held(enum tcp_state state)
{
  switch ((int)state) {
    case FIN_WAIT_1:
    case FIN_WAIT_2:
    case CLOSING:
      reach(ESTABLISHED);
      ck_assert_int_eq(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
      if (state == CLOSING) {
        say(0, FIN | ACK, 0);
        peer.seq++;
      } else if (state == FIN_WAIT_2) {
        take_all();
      }
      break;
    case LAST_ACK:
      reach(CLOSE_WAIT);
      ck_assert_int_eq(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
      break;
    default:
      reach(state);
      break;
  }
  world_discard();
  assert_state(state);
}

void
end_clean(void)
{
  if (app.pcb != NULL && the_state() != CLOSED) {
    tcp_abort(app.pcb);
  }
  world_discard();
  world_pass(HOUR);
  assert_clean();
}

void
assert_rst_to(u16_t port)
{
  const struct packet *p = only();
  ck_assert_uint_eq(p->flags & (u8_t)~ACK, RST);
  ck_assert_uint_eq(p->src, PORT);
  ck_assert_uint_eq(p->dst, port);
}
