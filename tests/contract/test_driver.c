/* SPDX-License-Identifier: BSD-3-Clause
 * Drivers: what they are handed, who computes checksums, what they keep and what they refuse. Drivers that keep a
 * segment while it is due again, or that answer at once, are in tests/rfc (driver group), refusals in tests/polling. */
#include "contract.h"

#include <string.h>

static netif_output_fn real_output;
static unsigned int in_pieces, wrong, zero, packets;

/* ---- checksums and shape ---- */

/* Over pseudo header and segment; 0 when it is right. Independent of lwIP's. */
static u16_t
checksum(const u8_t *ip, u16_t total)
{
  u32_t sum = 6U + (total - 20U), i;
  for (i = 12; i < 20; i += 2) {
    sum += (u32_t)(ip[i] << 8) | ip[i + 1];
  }
  for (i = 20; i < total; i += 2) {
    sum += (u32_t)(ip[i] << 8) | (i + 1 < total ? ip[i + 1] : 0U);
  }
  while (sum >> 16) {
    sum = (sum & 0xffffU) + (sum >> 16);
  }
  return (u16_t)~sum;
}

static err_t
looking_output(struct netif *nif, struct pbuf *p, const ip4_addr_t *to)
{
  u8_t bytes[PACKET_MAX];
  pbuf_copy_partial(p, bytes, p->tot_len, 0);
  packets++;
  in_pieces += p->next != NULL;
  zero += bytes[36] == 0 && bytes[37] == 0;
  wrong += checksum(bytes, p->tot_len) != 0;
  return real_output(nif, p, to);
}

static void
look(void)
{
  real_output = netif.output;
  netif.output = looking_output;
}

/* All kinds of segments: SYN, ACK, data of odd lengths copied, referenced and mixed, retransmissions, a window
 * probe, a keepalive probe, FIN, RST with and without a connection. */
static void
all_kinds(void)
{
  static const u8_t bytes[] = "the bytes of a write that is not copied, and odd in number.";
  unsigned int i;
  look();
  establish();
  for (i = 1; i < 30; i++) {
    ck_assert_int_eq(tcp_write(app.pcb, bytes, (u16_t)i, i % 2 ? TCP_WRITE_FLAG_COPY : 0), ERR_OK);
    ck_assert_int_eq(tcp_write(app.pcb, bytes, 3, i % 3 ? TCP_WRITE_FLAG_COPY : 0), ERR_OK);
    if (i % 4 == 0) {
      tcp_output(app.pcb);
      take_all();
    }
  }
  app_send(2999);
  world_pass(5 * SECOND); /* again */
  take_all();
  world_pass(SECOND);
  take_all();
  peer_data(33);
  peer.wnd = 0;
  say(0, ACK, 0);
  app_send(77);
  world_pass(5 * SECOND); /* probes */
  peer.wnd = 60000;
  say(0, ACK, 0);
  world_pass(MINUTE);
  take_all();
  ip_set_option(app.pcb, SOF_KEEPALIVE);
  tcp_keep_idle_set(app.pcb, SECOND);
  say(0, ACK, 0);
  world_pass(2 * SECOND);
  take_all();
  peer.port++;
  say(0, ACK, 0); /* nobody's */
  peer.port--;
  tcp_shutdown(app.pcb, 0, 1);
  tcp_abort(app.pcb);
  ck_assert_uint_ge(packets, 15);
}

START_TEST(checksum_of_all_kinds)
{
  all_kinds();
#if CHECKSUM_GEN_TCP
  ck_assert_uint_eq(wrong, 0);
#else
  ck_assert_uint_eq(zero, packets); /* the hardware's to fill */
#endif
#if LWIP_NETIF_TX_SINGLE_PBUF
  ck_assert_uint_eq(in_pieces, 0);
#endif
  end_clean();
}
END_TEST

/* A damaged segment is dropped, unless the driver has vouched for checksums. */
START_TEST(checksum_of_input)
{
  struct packet p;
  u8_t bytes[PACKET_MAX];
  static const u8_t from[4] = { 10, 0, 0, 2 }, to[4] = { 10, 0, 0, 1 };
  struct pbuf *q;
  u16_t total;
  establish();
  p = from_peer(0, ACK, 10);
  p.src = peer.port;
  p.dst = peer.lwip_port;
  total = packet_build(bytes, &p, from, to);
  bytes[total - 1] ^= 1;
  q = pbuf_alloc(PBUF_RAW, total, PBUF_POOL);
  pbuf_take(q, bytes, total);
  ck_assert_int_eq(netif.input(q, &netif), ERR_OK);
  ck_assert_uint_eq(app.taken, CHECKSUM_CHECK_TCP ? 0 : 10);
#if !RFC_OPTIONS
  ck_assert_uint_eq(lwip_stats.tcp.chkerr, CHECKSUM_CHECK_TCP ? 1 : 0);
#endif
  end_clean();
}
END_TEST

/* ---- refusals ---- */

/* tcp_txnow() after a refusal sends for each connection that was refused, not waiting for any timer; a connection
 * that has waited for something else stays as it is. */
START_TEST(txnow_for_all)
{
  static const u16_t ports[] = { 1000, 1001, 1002 };
  const struct packet *p;
  unsigned int i, seen = 0;
  listen_on(8);
  for (i = 0; i < 3; i++) {
    ck_assert(enter_from(ports[i]));
  }
  world_discard();
  driver.answer = ERR_MEM;
  for (i = 0; i < 2; i++) {
    ck_assert_int_eq(tcp_write(pcb_of(ports[i]), "data", 4, TCP_WRITE_FLAG_COPY), ERR_OK);
    ck_assert_int_eq(tcp_output(pcb_of(ports[i])), ERR_MEM);
  }
  ck_assert_int_eq(tcp_write(pcb_of(ports[2]), "data", 4, TCP_WRITE_FLAG_COPY), ERR_OK);
  tcp_txnow(); /* still full */
  assert_silence();
  driver.answer = ERR_OK;
  tcp_txnow();
  while ((p = world_next()) != NULL) {
    ck_assert_uint_eq(p->len, 4);
    ck_assert_uint_ne(p->dst, ports[2]);
    seen++;
  }
  ck_assert_uint_eq(seen, 2);
  tcp_txnow();
  assert_silence();
  for (i = 0; i < 3; i++) {
    tcp_abort(pcb_of(ports[i]));
  }
  app.pcb = NULL;
  end_clean();
}
END_TEST

/* .. over an interface that answers at once, to an application that then aborts the others. */
static err_t
resetting_output(struct netif *nif, struct pbuf *p, const ip4_addr_t *to)
{
  struct packet rst;
  const struct packet *out;
  err_t err = real_output(nif, p, to);
  netif.output = real_output; /* once */
  out = world_next();
  ck_assert_ptr_nonnull(out);
  peer.port = out->dst;
  peer.seq = out->ack;
  rst = from_peer(0, RST, 0);
  inject(&rst);
  return err;
}

static void
merciless_err(void *arg, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  while (tcp_active_pcbs != NULL) {
    tcp_err(tcp_active_pcbs, NULL);
    tcp_abort(tcp_active_pcbs);
  }
}

START_TEST(txnow_and_all_are_aborted)
{
  unsigned int i;
  listen_on(8);
  for (i = 0; i < 4; i++) {
    ck_assert(enter_from((u16_t)(1000 + i)));
    tcp_err(app.pcb, merciless_err);
    ck_assert_int_eq(tcp_write(app.pcb, "data", 4, TCP_WRITE_FLAG_COPY), ERR_OK);
    driver.answer = ERR_MEM;
    ck_assert_int_eq(tcp_output(app.pcb), ERR_MEM);
    driver.answer = ERR_OK;
  }
  world_discard();
  real_output = netif.output;
  netif.output = resetting_output;
  tcp_txnow();
  ck_assert_ptr_null(tcp_active_pcbs);
  app.pcb = NULL;
  end_clean();
}
END_TEST

/* ---- a driver that keeps packets ---- */

static struct pbuf *kept[64];
static unsigned int n_kept;

static err_t
keeping_output(struct netif *nif, struct pbuf *p, const ip4_addr_t *to)
{
  ck_assert_uint_lt(n_kept, LWIP_ARRAYSIZE(kept));
  pbuf_ref(p);
  kept[n_kept++] = p;
  return real_output(nif, p, to);
}

/* Small writes follow while the driver has the last segment still: its bytes stay, the new ones arrive. */
START_TEST(writes_behind_a_kept_segment)
{
  static u8_t before[200], after[200];
  u16_t n, i;
  establish();
  if (_i == 1) {
    tcp_nagle_disable(app.pcb);
  }
  app_send(10);
  take_all(); /* not the first: that has spare room behind it */
  real_output = netif.output;
  netif.output = keeping_output;
  ck_assert_int_eq(tcp_write(app.pcb, "0123456789", 10, TCP_WRITE_FLAG_COPY | TCP_WRITE_FLAG_MORE), ERR_OK);
  tcp_output(app.pcb);
  ck_assert_uint_eq(n_kept, 1);
  n = pbuf_copy_partial(kept[0], before, sizeof(before), 0);
  for (i = 0; i < 20; i++) {
    ck_assert_int_eq(tcp_write(app.pcb, "x", 1, TCP_WRITE_FLAG_COPY), ERR_OK);
  }
  tcp_output(app.pcb);
  ck_assert_uint_eq(pbuf_copy_partial(kept[0], after, sizeof(after), 0), n);
  ck_assert_int_eq(memcmp(before, after, n), 0);
  while (n_kept > 0) {
    pbuf_free(kept[--n_kept]);
  }
  netif.output = real_output;
  for (i = 0; i < 10 && app.sent != 40; i++) {
    take_all();
    world_pass(SECOND);
  }
  ck_assert_uint_eq(app.sent, 40);
  end_clean();
}
END_TEST

TCase *
driver_tests(void)
{
  TCase *tc = tcase_create("driver");
  tcase_add_test(tc, checksum_of_all_kinds);
  tcase_add_test(tc, checksum_of_input);
  tcase_add_test(tc, txnow_for_all);
  if (ALT) {
    tcase_add_test(tc, txnow_and_all_are_aborted);
  }
  tcase_add_loop_test(tc, writes_behind_a_kept_segment, 0, 2);
  return tc;
}
