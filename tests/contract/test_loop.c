/* SPDX-License-Identifier: BSD-3-Clause
 * The loopback interface: a connection with its other end in the same stack, and with itself. */
#include "contract.h"

#include "lwip/priv/tcp_priv.h"

#include <string.h>

#define LOOP_PORT 7777

/* One end. */
static struct end {
  struct tcp_pcb *pcb;
  u32_t written, received, total;
  int closed;
} ends[2];

static u8_t
byte_at(const struct end *e, u32_t n)
{
  return (u8_t)(n * 13 + (e == &ends[1] ? 7 : 0));
}

static void
write_more(struct end *e)
{
  while (e->written < e->total && tcp_sndbuf(e->pcb) != 0) {
    u8_t byte[97];
    u16_t n = (u16_t)LWIP_MIN(sizeof(byte), e->total - e->written), i;
    n = LWIP_MIN(n, (u16_t)tcp_sndbuf(e->pcb));
    for (i = 0; i < n; i++) {
      byte[i] = byte_at(e, e->written + i);
    }
    if (tcp_write(e->pcb, byte, n, TCP_WRITE_FLAG_COPY) != ERR_OK) {
      break;
    }
    e->written += n;
  }
  tcp_output(e->pcb);
}

static err_t
on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  struct end *e = (struct end *)arg;
  const struct end *from = ends[1].pcb == NULL ? e : e == ends ? &ends[1] : &ends[0];
  u16_t i;
  ck_assert_int_eq(err, ERR_OK);
  if (p == NULL) {
    e->closed = 1;
    return ERR_OK;
  }
  for (i = 0; i < p->tot_len; i++) {
    ck_assert_uint_eq(pbuf_get_at(p, i), byte_at(from, e->received + i));
  }
  e->received += p->tot_len;
  tcp_recved(pcb, p->tot_len);
  pbuf_free(p);
  return ERR_OK;
}

static err_t
on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(len);
  write_more((struct end *)arg);
  return ERR_OK;
}

static err_t
begin(void *arg, struct tcp_pcb *pcb, err_t err)
{
  struct end *e = (struct end *)arg;
  ck_assert_int_eq(err, ERR_OK);
  e->pcb = pcb;
  tcp_recv(pcb, on_recv);
  tcp_sent(pcb, on_sent);
  write_more(e);
  return ERR_OK;
}

static void
run(u32_t ms)
{
  u32_t end = world_now() + ms;
  while ((s32_t)(end - world_now()) > 0) {
    netif_poll_all();
    world_pass(5);
  }
}

static void
finish(void)
{
  unsigned int i;
  for (i = 0; i < 2 && ends[i].pcb != NULL; i++) {
    ck_assert_uint_eq(ends[i].written, ends[i].total);
    ck_assert_int_eq(tcp_close(ends[i].pcb), ERR_OK);
  }
  run(5 * SECOND);
  ck_assert_ptr_null(tcp_active_pcbs);
  run(3 * MINUTE);
  ck_assert_ptr_null(tcp_tw_pcbs);
}

/* Over 127.0.0.1, and over the interface's own address. */
static const ip_addr_t *
own_address(int turn)
{
  static ip_addr_t addr;
  if (turn % 2) {
    ip_addr_copy_from_ip4(addr, *netif_ip4_addr(&netif));
  } else {
    IP_ADDR4(&addr, 127, 0, 0, 1);
  }
  return &addr;
}

START_TEST(client_and_server)
{
  struct tcp_pcb *l = tcp_new(), *pcb = tcp_new();
  ends[0].total = 50000;
  ends[1].total = 70000;
  ck_assert_int_eq(tcp_bind(l, IP4_ADDR_ANY, LOOP_PORT), ERR_OK);
  l = tcp_listen(l);
  tcp_arg(l, &ends[1]);
  tcp_accept(l, begin);
  tcp_arg(pcb, &ends[0]);
  ck_assert_int_eq(tcp_connect(pcb, own_address(_i), LOOP_PORT, begin), ERR_OK);
  run(60 * SECOND);
  ck_assert_uint_eq(ends[0].received, ends[1].total);
  ck_assert_uint_eq(ends[1].received, ends[0].total);
  finish();
  tcp_close(l);
  end_clean();
}
END_TEST

/* RFC 9293 3.5 (figure 8) with one end in both roles: bound to a port, connected to the same. */
START_TEST(self_connect)
{
  struct tcp_pcb *pcb = tcp_new();
  ends[0].total = 30000;
  ck_assert_int_eq(tcp_bind(pcb, own_address(_i), LOOP_PORT), ERR_OK);
  tcp_arg(pcb, &ends[0]);
  ck_assert_int_eq(tcp_connect(pcb, own_address(_i), LOOP_PORT, begin), ERR_OK);
  run(60 * SECOND);
  ck_assert_uint_eq(ends[0].received, ends[0].total);
  finish();
  ck_assert(ends[0].closed);
  end_clean();
}
END_TEST

/* Nobody listens: refused at once. */
START_TEST(refused_by_oneself)
{
  struct tcp_pcb *pcb = tcp_new();
  app_install(pcb);
  ck_assert_int_eq(tcp_connect(pcb, own_address(_i), LOOP_PORT, begin), ERR_OK);
  run(100);
  ck_assert_uint_eq(app.errs, 1);
  ck_assert_int_eq(app.err, ERR_RST);
  end_clean();
}
END_TEST

TCase *
loop_tests(void)
{
  TCase *tc = tcase_create("loop");
  tcase_add_loop_test(tc, client_and_server, 0, 2);
  if (ALT) {
    tcase_add_loop_test(tc, self_connect, 0, 2);
  }
  tcase_add_loop_test(tc, refused_by_oneself, 0, 2);
  return tc;
}
