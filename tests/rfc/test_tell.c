/* SPDX-License-Identifier: BSD-3-Clause
 * What TCP tells the application: why a connection ended. */
#include "groups.h"

#if RFC_OPTIONS && LWIP_TCP_ALT

#include "lwip/priv/tcp_priv.h"

/* What the err callback heard, and what it could ask there. */
static struct {
  unsigned int errs;
  err_t err;
  enum tcp_err_reason reason;
  struct tcp_pcb *abort_then; /* another connection that the callback ends */
  enum tcp_err_reason reason_then;
} heard;

static void
hear(void *arg, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  heard.errs++;
  heard.err = err;
  heard.reason = tcp_err_reason_get();
  app.pcb = NULL;
  if (heard.abort_then != NULL) {
    struct tcp_pcb *pcb = heard.abort_then;
    enum tcp_err_reason before = heard.reason;
    heard.abort_then = NULL;
    tcp_abort(pcb);
    heard.reason_then = heard.reason;
    heard.reason = tcp_err_reason_get();
    ck_assert_int_eq(heard.reason, before);
  }
}

/* A connection in a state, whose end will be heard of. */
static void
listen_closely(enum tcp_state state)
{
  reach(state);
  tcp_err(the_pcb(), hear);
}

static void
assert_heard(err_t err, enum tcp_err_reason reason)
{
  ck_assert_uint_eq(heard.errs, 1);
  ck_assert_int_eq(heard.err, err);
  ck_assert_int_eq(heard.reason, reason);
  ck_assert_int_eq(tcp_err_reason_get(), TCP_ERR_REASON_NONE); /* outside the callback */
  assert_clean();
}

/* ---- why it ended ---- */

START_TEST(reason_refused)
{
  listen_closely(SYN_SENT);
  say(0, RST | ACK, 0);
  assert_heard(ERR_RST, TCP_ERR_REASON_REFUSED);
}
END_TEST

/* RFC 9293 3.10.7.4, second: in SYN-RECEIVED after an active OPEN, "connection refused". */
START_TEST(reason_refused_in_simultaneous_open)
{
  listen_closely(SYN_SENT);
  say(0, SYN, 0);
  peer.seq++;
  assert_state(SYN_RCVD);
  say(0, RST, 0);
  assert_heard(ERR_RST, TCP_ERR_REASON_REFUSED);
}
END_TEST

START_TEST(reason_reset)
{
  listen_closely(ESTABLISHED);
  say(0, RST | ACK, 0);
  assert_heard(ERR_RST, TCP_ERR_REASON_RESET);
}
END_TEST

START_TEST(reason_syn_timed_out)
{
  listen_closely(SYN_SENT);
  world_pass(300000);
  assert_heard(ERR_ABRT, TCP_ERR_REASON_TIMED_OUT);
}
END_TEST

START_TEST(reason_timed_out)
{
  listen_closely(ESTABLISHED);
  app_send(100);
  world_pass(2000000);
  assert_heard(ERR_ABRT, TCP_ERR_REASON_TIMED_OUT);
}
END_TEST

START_TEST(reason_keepalive)
{
  listen_closely(ESTABLISHED);
  ip_set_option(app.pcb, SOF_KEEPALIVE);
  tcp_keep_idle_set(app.pcb, 1000);
  tcp_keep_intvl_set(app.pcb, 1000);
  tcp_keep_cnt_set(app.pcb, 3);
  world_pass(10000);
  assert_heard(ERR_ABRT, TCP_ERR_REASON_KEEPALIVE);
}
END_TEST

START_TEST(reason_aborted)
{
  listen_closely(ESTABLISHED);
  tcp_abort(app.pcb);
  assert_heard(ERR_ABRT, TCP_ERR_REASON_ABORTED);
}
END_TEST

START_TEST(reason_unread)
{
  listen_closely(ESTABLISHED);
  ck_assert_int_eq(tcp_shutdown(app.pcb, 1, 0), ERR_OK);
  say(0, ACK, 10);
  assert_heard(ERR_ABRT, TCP_ERR_REASON_UNREAD);
}
END_TEST

/* The application sends no more and still holds the PCB when the peer's FIN comes: that is an end, too. */
START_TEST(reason_closed)
{
  listen_closely(ESTABLISHED);
  say(0, FIN | ACK, 0);
  peer.seq++;
  ck_assert_int_eq(tcp_shutdown(app.pcb, 0, 1), ERR_OK);
  peer.ack++;
  say(0, ACK, 0);
  assert_heard(ERR_CLSD, TCP_ERR_REASON_CLOSED);
}
END_TEST

START_TEST(reason_memory)
{
  struct tcp_pcb *pcb;
  listen_closely(ESTABLISHED);
  tcp_setprio(app.pcb, TCP_PRIO_MIN);
  fail_alloc = 1; /* the pool is dry */
  pcb = tcp_new();
  ck_assert_ptr_nonnull(pcb);
  tcp_abort(pcb);
  assert_heard(ERR_ABRT, TCP_ERR_REASON_MEMORY);
}
END_TEST

START_TEST(reason_address)
{
  ip_addr_t old, none = IPADDR4_INIT(0);
  listen_closely(ESTABLISHED);
  ip_addr_copy(old, *tcp_local_ip_get(app.pcb));
  tcp_netif_ip_addr_changed(&old, &none);
  assert_heard(ERR_ABRT, TCP_ERR_REASON_ADDRESS);
}
END_TEST

/* An err callback that ends another connection hears that one's reason, and then its own again. */
START_TEST(reason_within_reason)
{
  struct tcp_pcb *other = tcp_new();
  tcp_err(other, hear);
  listen_closely(ESTABLISHED);
  heard.abort_then = other;
  say(0, RST | ACK, 0);
  ck_assert_uint_eq(heard.errs, 2);
  ck_assert_int_eq(heard.reason_then, TCP_ERR_REASON_ABORTED);
  ck_assert_int_eq(heard.reason, TCP_ERR_REASON_RESET);
  assert_clean();
}
END_TEST

TCase *
tell_tests(void)
{
  TCase *group = tcase_create("tell");
  tcase_add_test(group, reason_refused);
  tcase_add_test(group, reason_refused_in_simultaneous_open);
  tcase_add_test(group, reason_reset);
  tcase_add_test(group, reason_syn_timed_out);
  tcase_add_test(group, reason_timed_out);
  tcase_add_test(group, reason_keepalive);
  tcase_add_test(group, reason_aborted);
  tcase_add_test(group, reason_unread);
  tcase_add_test(group, reason_closed);
  tcase_add_test(group, reason_memory);
  tcase_add_test(group, reason_address);
  tcase_add_test(group, reason_within_reason);
  return group;
}

#else

/* The option is off: who asks hears nothing, and pays nothing. */
START_TEST(no_reason)
{
#if LWIP_TCP_ALT
  ck_assert_int_eq(tcp_err_reason_get(), TCP_ERR_REASON_NONE);
#endif
}
END_TEST

TCase *
tell_tests(void)
{
  TCase *group = tcase_create("tell");
  tcase_add_test(group, no_reason);
  return group;
}

#endif
