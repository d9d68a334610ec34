/* SPDX-License-Identifier: BSD-3-Clause
 * What used to be members of the PCB, on every kind of PCB: a fresh one, a connection, a listener, none at all. */
#include "contract.h"

#include "lock.h"

#if LWIP_TCP_ALT /* legacy's members of a listener do not exist */

#include "lwip/tcp_alt_tell.h"
#include "lwip/tcp_soft_error.h"
#if LWIP_TCP_URGENT
#include "lwip/tcp_urgent.h"
#endif

#include <string.h>

static void
on_soft_error(void *arg, struct tcp_pcb *pcb, enum tcp_soft_error error)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(error);
  ck_abort_msg("a listener has no errors");
}

/* Tries to change whatever a connection has and a listener has not. */
static void
set_all(struct tcp_pcb *pcb)
{
  tcp_nagle_disable(pcb);
  tcp_clear_flags(pcb, TF_ACK_NOW);
  tcp_keep_idle_set(pcb, 1);
  tcp_keep_intvl_set(pcb, 1);
  tcp_keep_cnt_set(pcb, 1);
  tcp_free_ooseq(pcb);
  tcp_soft_error(pcb, on_soft_error);
#if LWIP_TCP_USER_TIMEOUT
  tcp_user_timeout_set(pcb, 1);
#endif
#if LWIP_TCP_USER_TIMEOUT_OPTION
  tcp_user_timeout_advertise(pcb, 10);
#endif
#if LWIP_TCP_URGENT
  tcp_urgent(pcb, NULL);
  ck_assert_int_eq(tcp_urgent_mark(pcb), ERR_CONN);
#endif
}

static void
assert_nothing_there(const struct tcp_pcb *pcb)
{
  ck_assert_uint_eq(tcp_remote_port_get(pcb), 0);
  ck_assert_uint_eq(tcp_flags_get(pcb), 0);
  ck_assert_uint_eq(tcp_keep_idle_get(pcb), 0);
  ck_assert_uint_eq(tcp_keep_intvl_get(pcb), 0);
  ck_assert_uint_eq(tcp_keep_cnt_get(pcb), 0);
  ck_assert(tcp_poll_fn_get(pcb) == NULL);
  ck_assert_uint_eq(tcp_poll_interval_get(pcb), 0);
  ck_assert_int_eq(tcp_has_unsent(pcb), 0);
  ck_assert_int_eq(tcp_has_unacked(pcb), 0);
  ck_assert_int_eq(tcp_has_ooseq(pcb), 0);
  ck_assert_uint_eq(tcp_mss(pcb), 0);
  ck_assert_uint_eq(tcp_sndbuf(pcb), 0);
  ck_assert_uint_eq(tcp_sndqueuelen(pcb), 0);
  ck_assert_int_eq(tcp_soft_error_get(pcb), TCP_SOFT_ERROR_NONE);
#if LWIP_WND_SCALE
  ck_assert_uint_eq(RCV_WND_SCALE(pcb, 1000U), 1000);
  ck_assert_uint_eq(SND_WND_SCALE(pcb, 1000U), 1000);
#endif
#if LWIP_TCP_SACK_OUT
  ck_assert(!LWIP_TCP_SACK_VALID(pcb, 0));
#endif
#if LWIP_TCP_USER_TIMEOUT
  ck_assert_uint_eq(tcp_user_timeout_get(pcb), 0);
#endif
#if LWIP_TCP_INFO
  {
    struct tcp_info info;
    ck_assert_int_eq(tcp_info_get(pcb, &info), ERR_ARG);
  }
#endif
#if LWIP_TCP_URGENT
  ck_assert_uint_eq(tcp_urgent_left(pcb), 0);
#endif
}

/* A listener has none of what a connection has, and takes none of it: its children are as they would be. */
START_TEST(of_a_listener)
{
  struct tcp_pcb *l = listen_on(2);
  assert_nothing_there(l);
  set_all(l);
  assert_nothing_there(l);
  ck_assert_int_eq(tcp_shutdown(l, 0, 1), ERR_CONN);
  tcp_ttl_set(l, 7);
  tcp_tos_set(l, 0x28);
  tcp_arg(l, &app);
  tcp_so_options_set(l, SOF_KEEPALIVE);
  tcp_setprio(l, TCP_PRIO_MIN);
  tcp_backlog_set(l, 0); /* means 1 */
  ck_assert(enter_from(1000));
  ck_assert_ptr_eq(app.pcb, the_pcb());
  ck_assert_uint_eq(tcp_ttl_get(app.pcb), 7);
  ck_assert_uint_eq(tcp_tos_get(app.pcb), 0x28);
  ck_assert_ptr_eq(tcp_callback_arg_get(app.pcb), &app);
  ck_assert_uint_eq(tcp_so_options_get(app.pcb), SOF_KEEPALIVE);
  ck_assert_uint_eq(tcp_prio_get(app.pcb), TCP_PRIO_MIN);
  ck_assert_uint_eq(tcp_keep_idle_get(app.pcb), TCP_KEEPIDLE_DEFAULT);
  ck_assert(!tcp_nagle_disabled(app.pcb));
  end_clean();
}
END_TEST

#if LWIP_TCP_CC_PLUGGABLE
static err_t
takes(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  app_install(pcb);
  return ERR_OK;
}

static struct tcp_info
info_of(const struct tcp_pcb *pcb)
{
  struct tcp_info info;
  ck_assert_int_eq(tcp_info_get(pcb, &info), ERR_OK);
  return info;
}

/* What is chosen before the connection, for a listener, and for none; and what is no name. */
START_TEST(chooses_congestion_control)
{
  struct tcp_pcb *pcb = tcp_new(), *l;
  ck_assert_str_eq(tcp_congestion_get(pcb), "cubic"); /* TCP_CC */
  ck_assert_int_eq(tcp_congestion_set(pcb, "vegas"), ERR_VAL);
  ck_assert_int_eq(tcp_congestion_set(pcb, ""), ERR_VAL);
  ck_assert_int_eq(tcp_congestion_set(pcb, NULL), ERR_ARG);
  ck_assert_int_eq(tcp_congestion_set(NULL, "cubic"), ERR_ARG);
  ck_assert_str_eq(tcp_congestion_get(pcb), "cubic");
  ck_assert_int_eq(tcp_congestion_set(pcb, "newreno"), ERR_OK);
  ck_assert_str_eq(tcp_congestion_get(pcb), "newreno");
  ck_assert_str_eq(info_of(pcb).congestion, "newreno");
  /* .. becomes a listener's, and its children's */
  ck_assert_int_eq(tcp_bind(pcb, IP_ADDR_ANY, PORT), ERR_OK);
  l = tcp_listen(pcb);
  tcp_accept(l, takes);
  peer.lwip_port = PORT;
  ck_assert_str_eq(tcp_congestion_get(l), "newreno");
  ck_assert_int_eq(tcp_congestion_set(l, "vegas"), ERR_VAL);
  if (_i == 1) {
    ck_assert_int_eq(tcp_congestion_set(l, "model"), ERR_OK);
  }
  ck_assert(enter_from(1000));
  ck_assert_str_eq(tcp_congestion_get(app.pcb), _i == 1 ? "model" : "newreno");
  ck_assert_int_eq(tcp_congestion_set(app.pcb, "cubic"), ERR_OK);
  ck_assert_str_eq(tcp_congestion_get(l), _i == 1 ? "model" : "newreno"); /* the listener's own */
  tcp_close(l);
  end_clean();
}
END_TEST

/* While data is on its way: the next takes over with the windows as they are, and each goes on from there. */
START_TEST(changes_congestion_control)
{
  static const char *const names[] = { "newreno", "model", "cubic", "model", "newreno", "cubic" };
  struct packet syn = syn_of_peer();
  struct tcp_info before, after;
  unsigned int i;
  syn.wnd = 60000;
  add_mss(&syn, MSS);
  if (_i == 1) {
    add_option(&syn, 4, "", 0);
  }
  establish_with(&syn);
  say(0, ACK, 0);
  world_discard();
  tcp_nagle_disable(app.pcb);
  for (i = 0; i < 6 * LWIP_ARRAYSIZE(names); i++) {
    app_send(3 * MSS);
    world_discard();
    world_pass(20);
    ack(MSS);
    world_discard();
    before = info_of(app.pcb);
    ck_assert_int_eq(tcp_congestion_set(app.pcb, names[i % LWIP_ARRAYSIZE(names)]), ERR_OK);
    after = info_of(app.pcb);
    ck_assert_str_eq(after.congestion, names[i % LWIP_ARRAYSIZE(names)]);
    ck_assert_uint_eq(after.cwnd, before.cwnd);
    ck_assert_uint_eq(after.ssthresh, before.ssthresh);
    ck_assert_int_eq(tcp_congestion_set(app.pcb, "vegas"), ERR_VAL);
    ck_assert_uint_ge(after.cwnd, MSS);
    ack(2 * MSS);
    world_discard();
    if (i == LWIP_ARRAYSIZE(names)) {
      app_send(2 * MSS); /* a timeout under the one, its repair under the next */
      world_pass(3000);
      ck_assert_int_eq(info_of(app.pcb).recovery, TCP_INFO_RTO);
      ck_assert_int_eq(tcp_congestion_set(app.pcb, "cubic"), ERR_OK);
      world_discard();
      ack(2 * MSS);
      ck_assert_int_eq(info_of(app.pcb).recovery, TCP_INFO_OPEN);
    }
  }
  end_clean();
}
END_TEST
#endif

/* Of a connection: what was set is there, what was agreed upon shows in the flags, and queues are told apart. */
START_TEST(of_a_connection)
{
  struct packet syn = syn_of_peer();
  ip_addr_t ip;
  u16_t port;
#if RFC_OPTIONS
  u8_t shift = 3;
  add_ts(&syn, 5, 0);
  add_option(&syn, 3, &shift, 1);
  add_option(&syn, 4, "", 0);
#endif
  establish_with(&syn);
  ck_assert_int_eq((tcp_flags_get(the_pcb()) & TF_BACKLOGPEND) != 0, 1);
  syn = from_peer(0, ACK, 0);
#if RFC_OPTIONS
  add_ts(&syn, 6, 0);
#endif
  inject(&syn);
#if RFC_OPTIONS
  ck_assert_uint_eq(tcp_flags_get(app.pcb), TF_WND_SCALE | TF_TIMESTAMP | TF_SACK);
  ck_assert_uint_eq(SND_WND_SCALE(app.pcb, 1000U), 8000);
  ck_assert_uint_eq(RCV_WND_SCALE(app.pcb, 1600U), 1600 >> TCP_RCV_SCALE);
#else
  ck_assert_uint_eq(tcp_flags_get(app.pcb), 0);
#endif
  tcp_poll(app.pcb, app_poll, 7);
  ck_assert(tcp_poll_fn_get(app.pcb) == app_poll);
  ck_assert_uint_eq(tcp_poll_interval_get(app.pcb), 7);
  tcp_keep_intvl_set(app.pcb, 1234);
  tcp_keep_cnt_set(app.pcb, 5);
  ck_assert_uint_eq(tcp_keep_intvl_get(app.pcb), 1234);
  ck_assert_uint_eq(tcp_keep_cnt_get(app.pcb), 5);
  ck_assert_int_eq(tcp_tcp_get_tcp_addrinfo(app.pcb, 0, &ip, &port), ERR_OK);
  ck_assert(ip_addr_cmp(&ip, tcp_remote_ip_get(app.pcb)));
  ck_assert_uint_eq(port, peer.port);
  ck_assert_int_eq(tcp_tcp_get_tcp_addrinfo(app.pcb, 1, &ip, &port), ERR_OK);
  ck_assert(ip_addr_cmp(&ip, tcp_local_ip_get(app.pcb)));
  ck_assert_uint_eq(port, PORT);
  ck_assert_int_eq(tcp_tcp_get_tcp_addrinfo(app.pcb, 1, NULL, NULL), ERR_OK);
  syn = from_peer(10, ACK, 10);
#if RFC_OPTIONS
  add_ts(&syn, 7, 0);
#endif
  inject(&syn);
  ck_assert(tcp_has_ooseq(app.pcb));
#if LWIP_TCP_SACK_OUT
  ck_assert(LWIP_TCP_SACK_VALID(app.pcb, 0));
  ck_assert(!LWIP_TCP_SACK_VALID(app.pcb, 1));
#endif
  tcp_free_ooseq(app.pcb);
  ck_assert(!tcp_has_ooseq(app.pcb));
  ck_assert(!tcp_has_unsent(app.pcb) && !tcp_has_unacked(app.pcb));
  ck_assert_int_eq(tcp_write(app.pcb, "x", 1, TCP_WRITE_FLAG_COPY), ERR_OK);
  ck_assert(tcp_has_unsent(app.pcb) && !tcp_has_unacked(app.pcb));
  tcp_output(app.pcb);
  ck_assert(!tcp_has_unsent(app.pcb) && tcp_has_unacked(app.pcb));
  driver.answer = ERR_MEM; /* the FIN stays */
  tcp_shutdown(app.pcb, 0, 1);
  ck_assert(tcp_has_unsent(app.pcb));
  driver.answer = ERR_OK;
  tcp_output(app.pcb);
  ck_assert(!tcp_has_unsent(app.pcb));
  end_clean();
}
END_TEST

/* Of none: an error where the call has one, else nothing happens. */
START_TEST(of_none)
{
  ip_addr_t ip = IPADDR4_INIT_BYTES(10, 0, 0, 2);
  struct tcp_pcb *pcb = tcp_new();
  err_t err = ERR_OK;
  tcp_arg(NULL, &ip);
  tcp_recv(NULL, NULL);
  tcp_sent(NULL, NULL);
  tcp_err(NULL, NULL);
  tcp_accept(NULL, NULL);
  tcp_setprio(NULL, 1);
  tcp_poll(NULL, NULL, 1);
  tcp_recved(NULL, 1);
  tcp_abort(NULL);
  tcp_soft_error(NULL, NULL);
  ck_assert_int_eq(tcp_bind(NULL, NULL, 1), ERR_ARG);
  ck_assert_int_eq(tcp_connect(NULL, &ip, 1, NULL), ERR_ARG);
  ck_assert_int_eq(tcp_connect(pcb, NULL, 1, NULL), ERR_ARG); /* nor where to */
  ck_assert_int_eq(tcp_output(pcb), ERR_OK); /* of a PCB that has nothing to send and nobody to send it to */
  tcp_close(pcb);
  ck_assert_ptr_null(tcp_listen_with_backlog_and_err(NULL, 1, &err));
  ck_assert_int_eq(err, ERR_ARG);
  ck_assert_int_eq(tcp_write(NULL, "x", 1, 0), ERR_ARG);
  ck_assert_int_eq(tcp_close(NULL), ERR_ARG);
  ck_assert_int_eq(tcp_shutdown(NULL, 1, 1), ERR_ARG);
  ck_assert_int_eq(tcp_tcp_get_tcp_addrinfo(NULL, 0, &ip, NULL), ERR_VAL);
#if LWIP_TCP_INFO
  {
    struct tcp_info info;
    ck_assert_int_eq(tcp_info_get(NULL, &info), ERR_ARG);
  }
#endif
#if LWIP_TCP_URGENT
  tcp_urgent(NULL, NULL);
  ck_assert_int_eq(tcp_urgent_mark(NULL), ERR_ARG);
#endif
  assert_silence();
  assert_clean();
}
END_TEST

/* Callbacks that are not there: data and FIN are taken, acknowledged, and told to nobody. */
START_TEST(without_callbacks)
{
  establish();
  tcp_recv(app.pcb, NULL);
  tcp_sent(app.pcb, NULL);
  tcp_err(app.pcb, NULL);
  tcp_accept(app.pcb, NULL); /* not a listener: nothing to set */
  peer_data(1000);
  peer_data(1000);
  app_send(10);
  take_all();
  ck_assert_uint_eq(app.taken + app.sent, 0);
  ck_assert_uint_eq(tcp_sndqueuelen(app.pcb), 0);
  say(0, ACK | FIN, 0);
  ck_assert_int_eq(tcp_state_get(app.pcb), CLOSE_WAIT);
  say(1, RST, 0);
  ck_assert_uint_eq(app.errs, 0);
  app.pcb = NULL;
  end_clean();
}
END_TEST

/* A PCB that never got a receive callback discards data, and closes when the peer has closed. */
START_TEST(discards_and_closes)
{
  ip_addr_t to = IPADDR4_INIT_BYTES(10, 0, 0, 2);
  struct tcp_pcb *pcb = tcp_new();
  const struct packet *p;
  ck_assert_int_eq(tcp_connect(pcb, &to, peer.port, NULL), ERR_OK);
  p = only();
  peer.lwip_port = p->src;
  peer.ack = p->seq + 1;
  say(0, SYN | ACK, 0);
  peer.seq++;
  ck_assert_int_eq(tcp_state_get(pcb), ESTABLISHED);
  world_discard();
  peer_data(1000);
  ck_assert_uint_eq(only()->wnd, TCP_WND > 0xffff ? 0xffff : TCP_WND); /* nothing is kept */
  say(0, ACK | FIN, 0);
  assert_state(LAST_ACK);
  peer.seq++;
  take_all();
  end_clean();
}
END_TEST

/* Data that the application refused is discarded when it shuts down receiving; it is not offered again. */
START_TEST(refused_and_shut_down)
{
  establish();
  app.recv_answer = ERR_MEM;
  peer_data(1000);
  ck_assert_uint_eq(app.recvs, 1);
  app.recv_answer = ERR_OK;
  ck_assert_int_eq(tcp_shutdown(app.pcb, 1, 0), ERR_OK);
  world_pass(MINUTE);
  ck_assert_uint_eq(app.recvs, 1);
  ck_assert_uint_eq(app.taken, 0);
  end_clean(); /* it is back in its pool */
}
END_TEST

/* Nobody has called tcp_accept(): who comes is sent away. */
START_TEST(nobody_accepts)
{
  listen_only();
  ck_assert(knock_from(1000));
  say(0, ACK, 0);
  assert_rst_to(1000);
  ck_assert_ptr_null(the_pcb());
  ck_assert(knock_from(1001));
  tcp_accept(tcp_listen_pcbs.pcbs, NULL);
  say(0, ACK, 0);
  assert_rst_to(1001);
  end_clean();
}
END_TEST

/* tcp_free() and tcp_abandon() without a RST. */
START_TEST(silent_ends)
{
  struct tcp_pcb *pcb = tcp_new();
  tcp_free(pcb);
  establish();
  tcp_abandon(app.pcb, 0);
  assert_silence();
  ck_assert_uint_eq(app.errs, 1);
  ck_assert_int_eq(app.err, ERR_ABRT);
  end_clean();
}
END_TEST

/* In TIME-WAIT there is nobody to be reset. */
START_TEST(abandoned_in_time_wait)
{
  reach_held(ESTABLISHED);
  tcp_shutdown(app.pcb, 0, 1);
  take_all();
  say(0, ACK | FIN, 0);
  world_discard();
  ck_assert_int_eq(tcp_state_get(app.pcb), TIME_WAIT);
  tcp_abandon(app.pcb, _i);
  assert_silence();
  app.pcb = NULL;
  end_clean();
}
END_TEST

/* lwIP's name for a RST: numbers and addresses as given, with the connection's TTL, or none's. */
START_TEST(rst_by_hand)
{
  const struct packet *p;
  establish();
  tcp_ttl_set(app.pcb, 9);
  tcp_rst(_i == 0 ? app.pcb : NULL, 77, 88, tcp_local_ip_get(app.pcb), tcp_remote_ip_get(app.pcb), 5, 6);
  p = only();
  ck_assert_uint_eq(p->flags, RST | ACK);
  ck_assert_uint_eq(p->seq, 77);
  ck_assert_uint_eq(p->ack, 88);
  ck_assert_uint_eq(p->src, 5);
  ck_assert_uint_eq(p->dst, 6);
  ck_assert_uint_eq(p->ttl, _i == 0 ? 9 : TCP_TTL);
  end_clean();
}
END_TEST

/* .. and where no way leads nothing leaves. */
START_TEST(rst_without_route)
{
  ip_addr_t local, remote;
  establish();
  ip_addr_copy(local, *tcp_local_ip_get(app.pcb));
  ip_addr_copy(remote, *tcp_remote_ip_get(app.pcb));
  netif_set_down(&netif);
  tcp_rst(_i == 0 ? app.pcb : NULL, 77, 88, &local, &remote, 5, 6);
  assert_silence();
  end_clean();
}
END_TEST

/* ---- the core lock ---- */

static ip_addr_t nowhere = IPADDR4_INIT_BYTES(10, 9, 9, 9);
static struct pbuf *segment;

#if LWIP_TCP_ERR_REASON
#define CALLS_OF_OPTIONS(X) X(err_reason_get, tcp_err_reason_get())
#else
#define CALLS_OF_OPTIONS(X)
#endif
/* Each with the end of its name, or of the function's that asks for it. */
#define CALLS(X)                                                           \
  X(arg, tcp_arg(pcb, NULL))                                               \
  X(recv, tcp_recv(pcb, NULL))                                             \
  X(sent, tcp_sent(pcb, NULL))                                             \
  X(err, tcp_err(pcb, NULL))                                               \
  X(accept, tcp_accept(pcb, NULL))                                         \
  X(setprio, tcp_setprio(pcb, TCP_PRIO_NORMAL))                            \
  X(poll, tcp_poll(pcb, NULL, 1))                                          \
  X(bind, tcp_bind(pcb, &nowhere, 1))                                      \
  X(bind_netif, tcp_bind_netif(pcb, NULL))                                 \
  X(listen_with_backlog_and_err, tcp_listen(pcb))                          \
  X(connect, tcp_connect(pcb, &nowhere, 1, NULL))                          \
  X(write, tcp_write(pcb, "x", 1, TCP_WRITE_FLAG_COPY))                    \
  X(output, tcp_output(pcb))                                               \
  X(txnow, tcp_txnow())                                                    \
  X(recved, tcp_recved(pcb, 0))                                            \
  X(shutdown, tcp_shutdown(pcb, 0, 0))                                     \
  X(close, (app.pcb = NULL, tcp_close(pcb)))                               \
  X(abandon, tcp_abandon(pcb, 1))                                          \
  X(alloc, tcp_free(tcp_alloc(TCP_PRIO_NORMAL)))                           \
  X(backlog_delayed, tcp_backlog_delayed(pcb))                             \
  X(backlog_accepted, tcp_backlog_accepted(pcb))                           \
  X(soft_error, tcp_soft_error(pcb, NULL))                                 \
  X(tick, tcp_tmr())                                                       \
  CALLS_OF_OPTIONS(X)                                                      \
  X(input, tcp_input(segment, &netif))

#define CALL(name, call) static void call_##name(struct tcp_pcb *pcb) { LWIP_UNUSED_ARG(pcb); (void)(call, 0); }
CALLS(CALL)
#undef CALL

static const struct {
  const char *name;
  void (*call)(struct tcp_pcb *pcb);
} calls[] = {
#define CALL(name, call) { #name, call_##name },
  CALLS(CALL)
#undef CALL
};

/* Whoever calls TCP holds the core lock: each call asks, whatever it does then. */
START_TEST(asks_for_the_core_lock)
{
  const char *name = calls[_i].name;
  unsigned int i;
  int asked = 0;
  establish();
  if (strcmp(name, "input") == 0) {
    segment = pbuf_alloc(PBUF_RAW, 4, PBUF_POOL); /* too short for a segment */
  }
  n_lock_asked = 0;
  calls[_i].call(app.pcb);
  for (i = 0; i < LWIP_MIN(n_lock_asked, LOCK_ASKED); i++) {
    const char *who = lock_asked[i];
    asked |= strlen(who) >= strlen(name) && strcmp(who + strlen(who) - strlen(name), name) == 0;
  }
  ck_assert_msg(asked, "tcp_%s() does not ask", name);
  world_discard();
  end_clean();
}
END_TEST

/* TF_ACK_NOW, as applications set it: the next output acknowledges, once. */
START_TEST(acknowledge_now)
{
  establish();
  world_discard();
  tcp_set_flags(app.pcb, TF_ACK_NOW);
  tcp_output(app.pcb);
  assert_ack(0);
  tcp_output(app.pcb);
  assert_silence();
  end_clean();
}
END_TEST

/* A port of one's own for the secret; too few bytes are refused. It changes what initial numbers come of it. */
START_TEST(secret)
{
  static const u8_t key[20] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 };
  u32_t before, after, other;
  ck_assert_int_eq(tcp_alt_secret_set(key, 15), ERR_ARG);
  reach(SYN_SENT);
  before = tcp_next_iss(app.pcb);
  ck_assert_int_eq(tcp_alt_secret_set(key, 16), ERR_OK);
  after = tcp_next_iss(app.pcb);
  ck_assert_uint_ne(after, before);
  ck_assert_int_eq(tcp_alt_secret_set(key, 20), ERR_OK); /* every byte counts */
  other = tcp_next_iss(app.pcb);
  ck_assert_uint_ne(other, after);
  ck_assert_int_eq(tcp_alt_secret_set(key, 16), ERR_OK);
  ck_assert_uint_eq(tcp_next_iss(app.pcb), after);
  tcp_init(); /* it stays */
  ck_assert_uint_eq(tcp_next_iss(app.pcb), after);
  end_clean();
}
END_TEST

#endif

TCase *
access_tests(void)
{
  TCase *tc = tcase_create("access");
#if LWIP_TCP_ALT
  if (!ALT) {
    return tc;
  }
  tcase_add_test(tc, of_a_listener);
  tcase_add_test(tc, of_a_connection);
#if LWIP_TCP_CC_PLUGGABLE
  tcase_add_loop_test(tc, chooses_congestion_control, 0, 2);
  tcase_add_loop_test(tc, changes_congestion_control, 0, 2);
#endif
  tcase_add_test(tc, of_none);
  tcase_add_test(tc, without_callbacks);
  tcase_add_test(tc, discards_and_closes);
  tcase_add_test(tc, refused_and_shut_down);
  tcase_add_test(tc, nobody_accepts);
  tcase_add_test(tc, silent_ends);
  tcase_add_loop_test(tc, abandoned_in_time_wait, 0, 2);
  tcase_add_loop_test(tc, rst_by_hand, 0, 2);
  tcase_add_loop_test(tc, rst_without_route, 0, 2);
  tcase_add_loop_test(tc, asks_for_the_core_lock, 0, LWIP_ARRAYSIZE(calls));
  tcase_add_test(tc, acknowledge_now);
  tcase_add_test(tc, secret);
#endif
  return tc;
}
