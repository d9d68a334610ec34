/* SPDX-License-Identifier: BSD-3-Clause
 * What applications do wrong and a debug build (LWIP_TCP_PCB_CHECK) tells them: the use of a PCB that has ended, and
 * tcp_abort() in a callback that does not return ERR_ABRT. Each test ends with the assertion. */
#include "groups.h"

#include "lwip/priv/tcp_priv.h"

#include <stdlib.h>

#if LWIP_TCP_ALT && !RFC_OPTIONS /* whose blocks come from malloc: the sanitizer is faster there */

/* ---- a PCB that has ended ---- */

static const ip_addr_t anywhere = IPADDR4_INIT_BYTES(10, 0, 0, 2);

#define USES(X)                                                        \
  X(tcp_arg, tcp_arg(pcb, NULL))                                       \
  X(tcp_recv, tcp_recv(pcb, NULL))                                     \
  X(tcp_sent, tcp_sent(pcb, NULL))                                     \
  X(tcp_err, tcp_err(pcb, NULL))                                       \
  X(tcp_poll, tcp_poll(pcb, NULL, 1))                                  \
  X(tcp_accept, tcp_accept(pcb, NULL))                                 \
  X(tcp_setprio, tcp_setprio(pcb, 1))                                  \
  X(tcp_bind, tcp_bind(pcb, IP4_ADDR_ANY, 81))                         \
  X(tcp_bind_netif, tcp_bind_netif(pcb, NULL))                         \
  X(tcp_listen_with_backlog, tcp_listen(pcb))                          \
  X(tcp_connect, tcp_connect(pcb, &anywhere, 1, NULL))                 \
  X(tcp_write, tcp_write(pcb, "x", 1, 0))                              \
  X(tcp_output, tcp_output(pcb))                                       \
  X(tcp_recved, tcp_recved(pcb, 1))                                    \
  X(tcp_shutdown, tcp_shutdown(pcb, 1, 1))                             \
  X(tcp_close, tcp_close(pcb))                                         \
  X(tcp_abort, tcp_abort(pcb))                                         \
  X(tcp_abandon, tcp_abandon(pcb, 0))                                  \
  X(tcp_backlog_delayed, tcp_backlog_delayed(pcb))                     \
  X(tcp_backlog_accepted, tcp_backlog_accepted(pcb))                   \
  X(tcp_sndbuf, tcp_sndbuf(pcb))                                       \
  X(tcp_sndqueuelen, tcp_sndqueuelen(pcb))                             \
  X(tcp_mss, tcp_mss(pcb))                                             \
  X(tcp_set_flags, tcp_nagle_disable(pcb))                             \
  X(tcp_clear_flags, tcp_nagle_enable(pcb))                            \
  X(tcp_flags_get, (void)tcp_nagle_disabled(pcb))                           \
  X(tcp_state_get, tcp_state_get(pcb))                                 \
  X(tcp_remote_ip_get, tcp_remote_ip_get(pcb))                         \
  X(tcp_remote_port_get, tcp_remote_port_get(pcb))                     \
  X(tcp_local_port_get, tcp_local_port_get(pcb))                       \
  X(tcp_tos_set, tcp_tos_set(pcb, 1))                                  \
  X(tcp_keep_idle_set, tcp_keep_idle_set(pcb, 1))                      \
  X(tcp_keep_idle_get, tcp_keep_idle_get(pcb))                         \
  X(tcp_keep_intvl_get, tcp_keep_intvl_get(pcb))                       \
  X(tcp_keep_cnt_get, tcp_keep_cnt_get(pcb))                           \
  X(tcp_poll_fn_get, (void)tcp_poll_fn_get(pcb))                       \
  X(tcp_poll_interval_get, tcp_poll_interval_get(pcb))                 \
  X(tcp_has_unsent, tcp_has_unsent(pcb))                               \
  X(tcp_has_unacked, tcp_has_unacked(pcb))                             \
  X(tcp_has_ooseq, tcp_has_ooseq(pcb))                                 \
  X(tcp_free_ooseq, tcp_free_ooseq(pcb))                               \
  X(tcp_rst, tcp_rst(pcb, 1, 2, &anywhere, &anywhere, 3, 4))           \
  X(tcp_so_options_set, tcp_so_options_set(pcb, 0))                    \
  X(tcp_tcp_get_tcp_addrinfo, tcp_tcp_get_tcp_addrinfo(pcb, 0, NULL, NULL))

#define USE(name, call) static void use_##name(struct tcp_pcb *pcb) { (void)(call, 0); }
USES(USE)
#undef USE

static const struct {
  const char *message;
  void (*use)(struct tcp_pcb *pcb);
} uses[] = {
#define USE(name, call) { #name "(): this PCB has ended", use_##name },
  USES(USE)
#undef USE
};

START_TEST(after_reset)
{
  struct tcp_pcb *pcb;
  establish();
  pcb = app.pcb;
  say(0, RST | ACK, 0);
  ck_assert_uint_eq(app.errs, 1);
  misuse(uses[_i].message);
  uses[_i].use(pcb);
}
END_TEST

START_TEST(after_abort)
{
  struct tcp_pcb *pcb = tcp_new();
  tcp_abort(pcb);
  misuse("tcp_write(): this PCB has ended");
  tcp_write(pcb, "x", 1, 0);
}
END_TEST

START_TEST(after_listen)
{
  struct tcp_pcb *pcb = tcp_new();
  ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, PORT), ERR_OK);
  ck_assert_ptr_nonnull(tcp_listen(pcb));
  misuse("tcp_close(): this PCB has ended");
  tcp_close(pcb);
}
END_TEST

START_TEST(after_close_of_listener)
{
  struct tcp_pcb *pcb = tcp_new();
  ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, PORT), ERR_OK);
  pcb = tcp_listen(pcb);
  tcp_close(pcb);
  misuse("tcp_accept(): this PCB has ended");
  tcp_accept(pcb, NULL);
}
END_TEST

/* ---- a callback that does not own up ---- */

#define HIDDEN "a callback called tcp_abort() and did not return ERR_ABRT"

static err_t answer;

static err_t
abort_in_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  if (p != NULL) {
    pbuf_free(p);
  }
  tcp_abort(pcb);
  return answer;
}

static err_t
abort_in_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(len);
  tcp_abort(pcb);
  return answer;
}

static err_t
abort_in_poll(void *arg, struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(arg);
  tcp_abort(pcb);
  return answer;
}

static err_t
abort_in_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  tcp_abort(pcb);
  return answer;
}

/* The `n`-th of the callbacks that abort, with this answer. */
static void
provoke(int n, err_t err)
{
  ip_addr_t to = anywhere;
  struct packet syn = syn_of_peer();
  answer = err;
  if (n < 4) {
    establish();
    tcp_recv(app.pcb, abort_in_recv);
    tcp_sent(app.pcb, abort_in_sent);
  }
  switch (n) {
    case 0:
      say(0, ACK, 10);
      break;
    case 1:
      say(0, FIN | ACK, 0);
      break;
    case 2:
      app_send(10);
      take_all();
      break;
    case 3:
      tcp_poll(app.pcb, abort_in_poll, 1);
      world_pass(1000);
      break;
    case 4:
      establish_with(&syn);
      tcp_accept((struct tcp_pcb *)(void *)tcp_listen_pcbs.listen_pcbs, abort_in_accept);
      say(0, ACK, 0);
      break;
    default:
      app.pcb = tcp_new();
      ck_assert_int_eq(tcp_connect(app.pcb, &to, peer.port, abort_in_accept), ERR_OK);
      peer.lwip_port = world_next()->src;
      peer.ack = tcp_alt_test_snd_nxt(the_pcb());
      say(0, SYN | ACK, 0);
      break;
  }
}
#define N_CALLBACKS 6

START_TEST(abort_hidden)
{
  misuse(HIDDEN);
  provoke(_i, ERR_OK);
  ck_assert_int_eq(_i, 3); /* tcp_poll()'s is not asked */
  exit(MISUSED);
}
END_TEST

START_TEST(abort_told)
{
  provoke(_i, ERR_ABRT);
  assert_clean();
}
END_TEST

TCase *
misuse_tests(void)
{
  TCase *group = tcase_create("misuse");
  if (!ALT) {
    return group;
  }
  tcase_add_loop_exit_test(group, after_reset, MISUSED, 0, LWIP_ARRAYSIZE(uses));
  tcase_add_exit_test(group, after_abort, MISUSED);
  tcase_add_exit_test(group, after_listen, MISUSED);
  tcase_add_exit_test(group, after_close_of_listener, MISUSED);
  tcase_add_loop_exit_test(group, abort_hidden, MISUSED, 0, N_CALLBACKS);
  tcase_add_loop_test(group, abort_told, 0, N_CALLBACKS);
  return group;
}

#else

TCase *
misuse_tests(void)
{
  return tcase_create("misuse");
}

#endif
