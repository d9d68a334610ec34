/* SPDX-License-Identifier: BSD-3-Clause
 * Extension arguments: kept, handed on by a listener, and destroyed once, before the PCB is freed and before err is
 * told. */
#include "contract.h"

static u8_t id;
static unsigned int destroyed, opened;
static void *last_data;
static err_t open_answer;
static enum { JUST_COUNT, IN_DESTROY_NEW, IN_DESTROY_ABORT_OTHER, IN_DESTROY_CLOSE_LISTENER } deed;
static struct tcp_pcb *other;

static void
on_destroy(u8_t which, void *data)
{
  ck_assert_uint_eq(which, id);
  destroyed++;
  last_data = data;
  ck_assert(app.errs == 0 || !ALT); /* legacy: err comes first */
  if (destroyed > 1) {
    return;
  }
  if (deed == IN_DESTROY_NEW) {
    tcp_abort(tcp_new());
  } else if (deed == IN_DESTROY_ABORT_OTHER) {
    tcp_abort(other);
  } else if (deed == IN_DESTROY_CLOSE_LISTENER) {
    tcp_close(tcp_listen_pcbs.pcbs);
  }
}

static err_t
on_passive_open(u8_t which, struct tcp_pcb_listen *listener, struct tcp_pcb *pcb)
{
  ck_assert_uint_eq(which, id);
  ck_assert_ptr_eq(listener, tcp_listen_pcbs.listen_pcbs);
  ck_assert_int_eq(tcp_state_get(pcb), SYN_RCVD);
  opened++;
  if (open_answer == ERR_OK) {
    static const struct tcp_ext_arg_callbacks callbacks = { on_destroy, on_passive_open };
    tcp_ext_arg_set_callbacks(pcb, which, &callbacks);
    tcp_ext_arg_set(pcb, which, &opened);
  }
  return open_answer;
}

static const struct tcp_ext_arg_callbacks callbacks = { on_destroy, on_passive_open };

static void
attach(struct tcp_pcb *pcb, void *data)
{
  tcp_ext_arg_set_callbacks(pcb, id, &callbacks);
  tcp_ext_arg_set(pcb, id, data);
}

static struct tcp_pcb *
listener_with_arg(void)
{
  struct tcp_pcb *l = listen_on(8);
  id = tcp_ext_arg_alloc_id();
  attach(l, &id);
  return l;
}

/* Each kind has its own place, and what was not set is NULL. */
START_TEST(kept_apart)
{
  u8_t a = tcp_ext_arg_alloc_id(), b = tcp_ext_arg_alloc_id();
  struct tcp_pcb *pcb = tcp_new();
  ck_assert_uint_ne(a, b);
  ck_assert_ptr_null(tcp_ext_arg_get(pcb, a));
  tcp_ext_arg_set(pcb, a, &a);
  tcp_ext_arg_set(pcb, b, &b);
  ck_assert_ptr_eq(tcp_ext_arg_get(pcb, a), &a);
  ck_assert_ptr_eq(tcp_ext_arg_get(pcb, b), &b);
  tcp_abort(pcb);
}
END_TEST

/* A PCB becomes a listener: its argument goes along and is not destroyed on the way. */
START_TEST(listener_takes_it_along)
{
  struct tcp_pcb *pcb = tcp_new();
  id = tcp_ext_arg_alloc_id();
  attach(pcb, &deed);
  ck_assert_int_eq(tcp_bind(pcb, IP4_ADDR_ANY, PORT), ERR_OK);
  pcb = tcp_listen(pcb);
  ck_assert_uint_eq(destroyed, 0);
  ck_assert_ptr_eq(tcp_ext_arg_get(pcb, id), &deed);
  tcp_close(pcb);
  ck_assert_uint_eq(destroyed, 1);
  ck_assert_ptr_eq(last_data, &deed);
}
END_TEST

/* At each SYN, before anything is answered; an error: the child is freed silently. */
START_TEST(passive_open)
{
  open_answer = _i == 0 ? ERR_OK : ERR_MEM;
  listener_with_arg();
  if (_i == 0) {
    ck_assert(enter_from(1000));
    ck_assert_uint_eq(opened, 1);
    ck_assert_ptr_eq(tcp_ext_arg_get(app.pcb, id), &opened);
  } else {
    ck_assert(!knock_from(1000));
    assert_silence();
    ck_assert_ptr_null(the_pcb());
    ck_assert_uint_eq(opened, 1);
    ck_assert_uint_eq(app.errs, 0);
    open_answer = ERR_OK;
    ck_assert(knock_from(1001)); /* nor does it count in the backlog */
  }
}
END_TEST

/* However a connection ends, destroy comes once, before err, and may do what it likes. */
START_TEST(destroyed_once)
{
  const int how = _i % 5;
  deed = (int)(_i / 5);
  listener_with_arg();
  ck_assert(enter_from(1001));
  other = app.pcb;
  tcp_err(other, NULL);
  ck_assert(enter_from(1000));
  tcp_ext_arg_set(app.pcb, id, &app);
  switch (how) {
    case 0:
      say(0, RST, 0);
      break;
    case 1:
      tcp_abort(app.pcb);
      break;
    case 2: /* times out */
      app_send(10);
      world_pass(HOUR);
      break;
    case 3: /* closed by both sides */
      tcp_err(app.pcb, NULL);
      tcp_close(app.pcb);
      peer.ack++;
      say(0, FIN | ACK, 0);
      ck_assert_uint_eq(destroyed, 0); /* TIME-WAIT has it still */
      world_pass(HOUR);
      break;
    default: /* closed with data that nobody read */
      tcp_recv(app.pcb, hoard);
      peer_data(10);
      tcp_err(app.pcb, NULL);
      tcp_close(app.pcb);
      break;
  }
  ck_assert_uint_eq(destroyed, deed == IN_DESTROY_ABORT_OTHER ? 2 : deed == IN_DESTROY_CLOSE_LISTENER ? 2 : 1);
  if (deed != IN_DESTROY_ABORT_OTHER) {
    app.errs = 0;
    tcp_abort(other);
  }
  app.pcb = NULL;
  app.errs = 0;
  if (tcp_listen_pcbs.pcbs != NULL) {
    tcp_close(tcp_listen_pcbs.pcbs);
  }
  world_pass(HOUR);
  assert_clean();
}
END_TEST

/* passive_open that ends the child itself, or closes the listener and with it the child. */
static err_t
on_passive_open_and_end(u8_t which, struct tcp_pcb_listen *listener, struct tcp_pcb *pcb)
{
  LWIP_UNUSED_ARG(which);
  opened++;
  if (open_answer == ERR_ABRT) {
    tcp_abort(pcb);
  } else {
    tcp_close((struct tcp_pcb *)(void *)listener);
  }
  return open_answer;
}

START_TEST(passive_open_ends_it)
{
  static const struct tcp_ext_arg_callbacks ending = { NULL, on_passive_open_and_end };
  static const err_t answers[] = { ERR_ABRT, ERR_OK, ERR_MEM };
  struct tcp_pcb *l = listen_on(8);
  open_answer = answers[_i];
  id = tcp_ext_arg_alloc_id();
  tcp_ext_arg_set_callbacks(l, id, &ending);
  ck_assert(!knock_from(1000));
  ck_assert_uint_eq(opened, 1);
  ck_assert_ptr_null(the_pcb());
  if (tcp_listen_pcbs.pcbs != NULL) {
    tcp_close(tcp_listen_pcbs.pcbs);
  }
  world_pass(HOUR);
  assert_clean();
}
END_TEST

/* tcp_free(): a PCB in no list, with its argument. */
START_TEST(freed)
{
  struct tcp_pcb *pcb = tcp_new();
  id = tcp_ext_arg_alloc_id();
  attach(pcb, &deed);
  tcp_free(pcb);
  ck_assert_uint_eq(destroyed, 1);
  ck_assert_ptr_eq(last_data, &deed);
  assert_clean();
}
END_TEST

/* A listener's argument without passive_open: its children are opened, and have none. */
START_TEST(no_passive_open)
{
  static const struct tcp_ext_arg_callbacks quiet = { on_destroy, NULL };
  struct tcp_pcb *l = listen_on(8);
  id = tcp_ext_arg_alloc_id();
  tcp_ext_arg_set_callbacks(l, id, &quiet);
  tcp_ext_arg_set(l, id, &id);
  ck_assert(enter_from(1000));
  ck_assert_uint_eq(app.accepts, 1);
  ck_assert_ptr_null(tcp_ext_arg_get(app.pcb, id));
  end_clean();
  ck_assert_uint_eq(destroyed, 0); /* the listener has it */
}
END_TEST

TCase *
ext_tests(void)
{
  TCase *tc = tcase_create("ext");
  tcase_add_test(tc, kept_apart);
  tcase_add_test(tc, no_passive_open);
  if (ALT) {
    tcase_add_test(tc, freed);
    tcase_add_test(tc, listener_takes_it_along); /* legacy: destroyed, and taken along */
    tcase_add_loop_test(tc, passive_open_ends_it, 0, 3);
  }
  tcase_add_loop_test(tc, passive_open, 0, 2);
  tcase_add_loop_test(tc, destroyed_once, 0, ALT ? 20 : 5);
  return tc;
}
