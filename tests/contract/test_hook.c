/* SPDX-License-Identifier: BSD-3-Clause
 * LWIP_HOOK_TCP_ISN, _INPACKET_PCB, _OUT_TCPOPT_LENGTH and _OUT_ADD_TCPOPTS; and checksums by interface, since no
 * other build has that option. */
#include "contract.h"

#include "lwip/prot/tcp.h"
#if LWIP_TCP_ALT
#include "lwip/tcp_soft_error.h"
#endif

#include <string.h>

/* ---- the hooks ---- */

static u32_t isn = 0x11223344U;
static unsigned int isn_calls, in_calls, on_listener, out_calls, without_pcb;
static u16_t isn_ports[2];
static err_t in_answer;
static struct tcp_pcb *in_pcb;
static struct tcp_hdr in_hdr;
static u16_t in_optlen, in_opt1len;
static int in_opt2, in_payload;
static u8_t extra; /* bytes of options that the hook adds */

u32_t
contract_isn(const ip_addr_t *local_ip, u16_t local_port, const ip_addr_t *remote_ip, u16_t remote_port)
{
  ck_assert(ip4_addr_cmp(ip_2_ip4(local_ip), netif_ip4_addr(&netif)));
  ck_assert_uint_eq(ip4_addr4(ip_2_ip4(remote_ip)), 2);
  isn_ports[0] = local_port;
  isn_ports[1] = remote_port;
  isn_calls++;
  return isn;
}

err_t
contract_inpacket(struct tcp_pcb *pcb, struct tcp_hdr *hdr, u16_t optlen, u16_t opt1len, u8_t *opt2, struct pbuf *p)
{
  in_calls++;
  on_listener += tcp_state_get(pcb) == LISTEN;
  in_pcb = pcb;
  in_hdr = *hdr;
  in_optlen = optlen;
  in_opt1len = opt1len;
  in_opt2 = opt2 != NULL ? *opt2 : -1;
  in_payload = p->tot_len;
  return in_answer;
}

u8_t
contract_optlen(const struct tcp_pcb *pcb, u8_t internal)
{
  LWIP_UNUSED_ARG(pcb);
  return (u8_t)(internal + extra);
}

u32_t *
contract_options(struct pbuf *p, struct tcp_hdr *hdr, const struct tcp_pcb *pcb, u32_t *opts)
{
  u8_t *b = (u8_t *)opts;
  out_calls++;
  without_pcb += pcb == NULL;
  ck_assert_ptr_eq(p->payload, hdr);
  if (extra != 0) {
    memset(b, 1, extra);
    b[0] = 253; /* RFC 3692: for experiments */
    b[1] = extra;
  }
  return opts + extra / 4;
}

/* ---- the tests ---- */

START_TEST(isn_hook)
{
  if (_i == 0) {
    reach(SYN_SENT);
  } else {
    reach(SYN_RCVD);
  }
  ck_assert_uint_eq(isn_calls, 1);
  ck_assert_uint_eq(peer.ack, ALT || _i == 1 ? isn + 1 : isn); /* legacy's SYN has one less */
  ck_assert_uint_eq(isn_ports[0], peer.lwip_port);
  ck_assert_uint_eq(isn_ports[1], peer.port);
}
END_TEST

/* Called for a connection, and for a listener with the listener's PCB; the header in host byte order. */
START_TEST(in_hook_sees)
{
  knock();
  ck_assert_uint_eq(in_calls, 1);
  ck_assert_uint_eq(on_listener, 1);
  ck_assert_ptr_eq(in_pcb, tcp_listen_pcbs.pcbs);
  ck_assert_uint_eq(in_hdr.src, peer.port);
  ck_assert_uint_eq(in_hdr.dest, PORT);
  ck_assert_uint_eq(in_hdr.seqno, peer.seq - 1);
  ck_assert_uint_eq(in_hdr.wnd, peer.wnd);
  ck_assert_uint_eq(in_payload, 0);
  peer.ack = world_next()->seq + 1;
  say(0, ACK, 0);
  say(0, ACK, 10);
  ck_assert_uint_eq(in_calls, 3);
  ck_assert_uint_eq(on_listener, 1);
  ck_assert_ptr_eq(in_pcb, app.pcb);
  ck_assert_uint_eq(in_hdr.ackno, peer.ack);
  ck_assert_uint_eq(in_payload, 10);
}
END_TEST

/* Options that lie in two pbufs come in two pieces. */
START_TEST(in_hook_options_in_pieces)
{
  struct packet p;
  establish();
  p = from_peer(0, ACK, 5);
  add_ts(&p, 1, 2);
  if (_i == 0) {
    inject(&p);
    ck_assert_uint_eq(in_optlen, 12);
    ck_assert_uint_eq(in_opt1len, 12);
    ck_assert_int_eq(in_opt2, -1);
  } else {
    inject_in_pieces(&p, 20 + 20 + 3);
    ck_assert_uint_eq(in_optlen, 12);
    ck_assert_uint_eq(in_opt1len, 3);
    ck_assert_int_eq(in_opt2, 10); /* two NOPs, the kind, and behind that the length */
  }
}
END_TEST

/* Another answer than ERR_OK: the segment is dropped, in whatever state; a later one is not. */
START_TEST(in_hook_drops)
{
  static const enum tcp_state states[] = { SYN_SENT, SYN_RCVD, ESTABLISHED, FIN_WAIT_2, TIME_WAIT };
  reach(states[_i]);
  in_answer = ERR_VAL;
  say(0, states[_i] == SYN_SENT ? RST | ACK : RST, 0);
  say(0, ACK, 10);
  assert_state(states[_i]);
  assert_silence();
  in_answer = ERR_OK;
  say(0, states[_i] == SYN_SENT ? RST | ACK : RST, 0);
  if (states[_i] != TIME_WAIT) { /* RFC 1337: it stays */
    ck_assert_ptr_null(the_pcb());
  }
}
END_TEST

START_TEST(in_hook_drops_syn)
{
  in_answer = ERR_VAL;
  knock();
  assert_silence();
  ck_assert_ptr_null(the_pcb());
}
END_TEST

/* Room for the hook's options is made in every segment, data is cut to fit, and TCP's own options stay. */
START_TEST(out_hooks)
{
  const struct packet *p;
  struct packet syn = syn_of_peer();
  u8_t len, largest = 0;
  unsigned int data = 0;
  if (_i == 1) {
    add_ts(&syn, 5, 0);
  }
  extra = 12;
  p = establish_with(&syn);
  ck_assert_ptr_nonnull(option(p, 253, &len));
  ck_assert_uint_eq(len, extra - 2);
  ck_assert_ptr_nonnull(option(p, 2, &len));
  syn = from_peer(0, ACK, 0);
  if (_i == 1) {
    add_ts(&syn, 6, 0);
  }
  inject(&syn);
  tcp_nagle_disable(app.pcb);
  app_send(3000);
  while ((p = world_next()) != NULL) {
    ck_assert_ptr_nonnull(option(p, 253, &len));
    ck_assert_int_eq(option(p, 8, &len) != NULL, _i == 1);
    ck_assert_uint_le(p->len + p->optlen, 1000);
    largest = LWIP_MAX(largest, p->optlen);
    data += p->len;
  }
  ck_assert(data == 3000 || !ALT); /* legacy's initial window is smaller */
  if (ALT) { /* legacy forgets the hook's */
    ck_assert_uint_eq(tcp_mss(app.pcb), 1000 - largest);
  }
  world_discard();
  world_pass(3 * SECOND); /* again: no option is added twice */
  p = world_next();
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->optlen, largest);
  tcp_abort(app.pcb);
  p = world_await(RST, 0);
  ck_assert_ptr_nonnull(p);
  ck_assert_ptr_nonnull(option(p, 253, &len));
  peer.port++;
  say(0, ACK, 0); /* for nobody */
  p = world_await(RST, 0);
  ck_assert_ptr_nonnull(p);
  ck_assert_ptr_nonnull(option(p, 253, &len));
  ck_assert_uint_ge(without_pcb, 1);
}
END_TEST

/* ---- checksums by interface ---- */

static u16_t sent_checksum;
static netif_output_fn real_output;

static err_t
looking_output(struct netif *nif, struct pbuf *p, const ip4_addr_t *to)
{
  u8_t bytes[40];
  pbuf_copy_partial(p, bytes, sizeof(bytes), 0);
  sent_checksum = (u16_t)((bytes[36] << 8) | bytes[37]);
  return real_output(nif, p, to);
}

START_TEST(checksum_flags_of_netif)
{
  static const u8_t from[4] = { 10, 0, 0, 2 }, to[4] = { 10, 0, 0, 1 };
  u8_t bytes[PACKET_MAX];
  struct packet p;
  struct pbuf *q;
  u16_t total;
  establish();
  real_output = netif.output;
  netif.output = looking_output;
  NETIF_SET_CHECKSUM_CTRL(&netif, NETIF_CHECKSUM_ENABLE_ALL &
                          ~(_i == 0 ? 0 : NETIF_CHECKSUM_GEN_TCP | NETIF_CHECKSUM_CHECK_TCP));
  app_send(10);
  ck_assert_int_eq(sent_checksum == 0, _i);
  p = from_peer(0, ACK, 10);
  p.src = peer.port;
  p.dst = peer.lwip_port;
  total = packet_build(bytes, &p, from, to);
  bytes[total - 1] ^= 1;
  q = pbuf_alloc(PBUF_RAW, total, PBUF_POOL);
  pbuf_take(q, bytes, total);
  ck_assert_int_eq(netif.input(q, &netif), ERR_OK);
  ck_assert_uint_eq(app.taken, _i == 0 ? 0 : 10);
}
END_TEST

#if LWIP_TCP_ALT

/* An ICMP message with a wrong checksum counts only where the interface has checked it. */
START_TEST(checksum_of_icmp)
{
  static const u8_t from[4] = { 10, 0, 0, 9 }, to[4] = { 10, 0, 0, 1 };
  u8_t bytes[PACKET_MAX], quoted[PACKET_MAX];
  struct icmp m = { 3, 1, 0, quoted, QUOTE };
  u16_t total;
  establish();
  app_send(10);
  build_ours(quoted, only());
  NETIF_SET_CHECKSUM_CTRL(&netif, NETIF_CHECKSUM_ENABLE_ALL & ~(_i == 0 ? 0 : NETIF_CHECKSUM_CHECK_ICMP));
  total = icmp_build(bytes, &m, from, to);
  bytes[22] ^= 1; /* the message's checksum */
  inject_bytes(bytes, total);
  ck_assert_int_eq(tcp_soft_error_get(app.pcb), _i == 0 ? TCP_SOFT_ERROR_NONE : TCP_SOFT_ERROR_HOST);
}
END_TEST

/* A hook that wants more room than there was when the data was written: the segment waits until it fits. */
START_TEST(out_hook_grows)
{
  const struct packet *p;
  establish();
  ck_assert_int_eq(tcp_write(app.pcb, "abc", 3, TCP_WRITE_FLAG_COPY), ERR_OK);
  extra = 40;
  tcp_output(app.pcb);
  assert_silence();
  world_pass(10 * SECOND);
  ck_assert_uint_eq(app.errs, 0);
  world_discard();
  extra = 0;
  p = world_await_data(MINUTE);
  ck_assert_ptr_nonnull(p);
  ck_assert_uint_eq(p->len, 3);
  ck_assert_int_eq(memcmp(p->data, "abc", 3), 0);
  peer.ack += 3;
  say(0, ACK, 0);
  ck_assert_uint_eq(app.sent, 3);
  end_clean();
}
END_TEST

#endif

TCase *
hook_tests(void)
{
  TCase *tc = tcase_create("hook");
  tcase_add_loop_test(tc, isn_hook, 0, 2);
  tcase_add_test(tc, in_hook_sees);
  tcase_add_loop_test(tc, in_hook_options_in_pieces, 0, ALT ? 2 : 1); /* legacy drops them */
  tcase_add_loop_test(tc, in_hook_drops, 0, 5);
  tcase_add_test(tc, in_hook_drops_syn);
  tcase_add_loop_test(tc, out_hooks, 0, 2);
  tcase_add_loop_test(tc, checksum_flags_of_netif, 0, 2);
#if LWIP_TCP_ALT
  if (ALT) {
    tcase_add_loop_test(tc, checksum_of_icmp, 0, 2);
    tcase_add_test(tc, out_hook_grows);
  }
#endif
  return tc;
}
