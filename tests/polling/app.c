/* SPDX-License-Identifier: BSD-3-Clause
 * The application of the polling tests: callbacks that record what they see and
 * answer what the test told them; see world.h. */
#include "world.h"

#include "lwip/mem.h"
#include "lwip/stats.h"
#include "lwip/priv/tcp_priv.h"

#include <check.h>
#include <string.h>

#define PORT     80
#define MAX_HELD 8192

struct app app;

static err_t
on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  ck_assert_int_eq(err, ERR_OK);
  if (p == NULL) {
    app.closes++;
    return ERR_OK;
  }
  if (app.recvs < LWIP_ARRAYSIZE(app.offered_at)) {
    app.offered_at[app.recvs] = world_now();
  }
  app.recvs++;
  if (app.recv_answer == ERR_OK) {
    app.taken += p->tot_len;
    tcp_recved(pcb, p->tot_len);
    pbuf_free(p);
  }
  return app.recv_answer;
}

static err_t
on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(pcb);
  app.sent += len;
  return ERR_OK;
}

err_t
app_poll(void *arg, struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(arg);
  if (app.polls < LWIP_ARRAYSIZE(app.polled_at)) {
    app.polled_at[app.polls] = world_now();
  }
  app.polls++;
  if (app.poll_answer == ERR_ABRT) {
    tcp_abort(pcb);
  }
  return app.poll_answer;
}

static void
on_err(void *arg, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  app.errs++;
  app.err = err;
  app.err_at = world_now();
  app.pcb = NULL;
}

void
app_install(struct tcp_pcb *pcb)
{
  app.pcb = pcb;
  tcp_recv(pcb, on_recv);
  tcp_sent(pcb, on_sent);
  tcp_err(pcb, on_err);
}

static err_t
on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  ck_assert_int_eq(err, ERR_OK);
  app.accepts++;
  app_install(pcb);
  return ERR_OK;
}

static err_t
on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(pcb);
  ck_assert_int_eq(err, ERR_OK);
  app.connects++;
  return ERR_OK;
}

void
knock(void)
{
  struct tcp_pcb *pcb = tcp_new();

  ck_assert_ptr_nonnull(pcb);
  ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, PORT), ERR_OK);
  pcb = tcp_listen(pcb);
  ck_assert_ptr_nonnull(pcb);
  tcp_accept(pcb, on_accept);
  peer.lwip_port = PORT;
  peer_send(SYN, NULL, 0);
}

void
establish(void)
{
  establish_slowly(0);
}

void
establish_slowly(u32_t rtt)
{
  const struct packet *syn_ack;

  knock();
  syn_ack = world_next();
  ck_assert_ptr_nonnull(syn_ack);
  ck_assert_uint_eq(syn_ack->flags, SYN | ACK);
  world_pass(rtt);
  peer_take(syn_ack);
  ck_assert_uint_eq(app.accepts, 1);
  world_discard();
}

err_t
open_active(void)
{
  struct tcp_pcb *pcb = tcp_new();
  ip_addr_t to = IPADDR4_INIT_BYTES(10, 0, 0, 2);

  ck_assert_ptr_nonnull(pcb);
  app_install(pcb);
  return tcp_connect(pcb, &to, peer.port, on_connected);
}

void
close_all(void)
{
  const struct packet *fin;

  ck_assert_int_eq(tcp_close(app.pcb), ERR_OK);
  fin = world_await(FIN, 1000);
  ck_assert_ptr_nonnull(fin);
  peer_take(fin);
  peer_send(FIN | ACK, NULL, 0);
  world_pass(2 * TCP_MSL + 2 * TCP_SLOW_INTERVAL);
  ck_assert_uint_eq(pool_used(MEMP_TCP_PCB), 0);
  ck_assert_uint_eq(pool_used(MEMP_TCP_SEG), 0);
}

void
app_write(u16_t n)
{
  static const u8_t data[TCP_SND_BUF];

  ck_assert_uint_le(n, sizeof(data));
  ck_assert_int_eq(tcp_write(app.pcb, data, n, TCP_WRITE_FLAG_COPY), ERR_OK);
}

unsigned int
pool_used(memp_t pool)
{
  return (unsigned int)lwip_stats.memp[pool]->used;
}

/* ---- memory that is not there ---- */

static void *held_heap[MAX_HELD], *held_segs[MEMP_NUM_TCP_SEG];
static unsigned int n_heap, n_segs;

void
memory_take(void)
{
  mem_size_t size;
  void *p;

  for (size = 8192; size > 0; size /= 2) {
    while ((p = mem_malloc(size)) != NULL) {
      ck_assert_uint_lt(n_heap, MAX_HELD);
      held_heap[n_heap++] = p;
    }
  }
  while ((p = memp_malloc(MEMP_TCP_SEG)) != NULL) {
    held_segs[n_segs++] = p;
  }
}

void
memory_return(void)
{
  while (n_heap > 0) {
    mem_free(held_heap[--n_heap]);
  }
  while (n_segs > 0) {
    memp_free(MEMP_TCP_SEG, held_segs[--n_segs]);
  }
}
