/* SPDX-License-Identifier: BSD-3-Clause
 * Runs each section in a process of its own and appends what it says to a file. */
#include "parity.h"

#include "lwip/priv/tcp_priv.h"

#include <check.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *file_name;
static jmp_buf *on_assert;

void
say(const char *format, ...)
{
  FILE *out = fopen(file_name, "a");
  va_list args;

  ck_assert_ptr_nonnull(out);
  va_start(args, format);
  vfprintf(out, format, args);
  va_end(args);
  fputc('\n', out);
  fclose(out);
}

const char *
err_name(int err)
{
  static const char *const names[] = { "ERR_OK", "ERR_MEM", "ERR_BUF", "ERR_TIMEOUT", "ERR_RTE", "ERR_INPROGRESS",
    "ERR_VAL", "ERR_WOULDBLOCK", "ERR_USE", "ERR_ALREADY", "ERR_ISCONN", "ERR_CONN", "ERR_IF", "ERR_ABRT",
    "ERR_RST", "ERR_CLSD", "ERR_ARG" };
  return err <= 0 && -err < (int)LWIP_ARRAYSIZE(names) ? names[-err] : "another";
}

void
parity_assert(const char *text)
{
  if (on_assert == NULL) {
    ck_abort_msg("assertion: %s", text);
  }
  longjmp(*on_assert, 1);
}

int
asserts(void (*function)(void))
{
  jmp_buf here;
  volatile int failed = 1;

  on_assert = &here;
  if (setjmp(here) == 0) {
    function();
    failed = 0;
  }
  on_assert = NULL;
  return failed;
}

/* ---- the peer, with options ---- */

static u32_t echo; /* newest timestamp of lwIP's */

static void
put32(u8_t *to, u32_t v)
{
  to[0] = (u8_t)(v >> 24);
  to[1] = (u8_t)(v >> 16);
  to[2] = (u8_t)(v >> 8);
  to[3] = (u8_t)v;
}

static void
inject(u32_t seq, u8_t flags, const void *data, u16_t len)
{
  static const u8_t syn_options[] = { 2, 4, 3, 232, 1, 3, 3, 2, 4, 2 };
  static const u8_t here[4] = { 10, 0, 0, 2 }, there[4] = { 10, 0, 0, 1 };
  struct packet p;
  u8_t bytes[PACKET_MAX];
  struct pbuf *q;
  u16_t total;

  memset(&p, 0, sizeof(p));
  p.src = peer.port;
  p.dst = peer.lwip_port;
  p.seq = seq;
  p.ack = (flags & ACK) ? peer.ack : 0;
  p.flags = flags;
  p.wnd = peer.wnd;
  p.len = len;
  if (len > 0) {
    memcpy(p.data, data, len);
  }
  if (flags & SYN) {
    memcpy(p.opts, syn_options, sizeof(syn_options));
    p.optlen = sizeof(syn_options);
  } else {
    memset(p.opts, 1, 2);
    p.optlen = 2;
  }
  p.opts[p.optlen] = 8;
  p.opts[p.optlen + 1] = 10;
  put32(p.opts + p.optlen + 2, world_now());
  put32(p.opts + p.optlen + 6, echo);
  p.optlen = (u8_t)(p.optlen + 10);
  total = packet_build(bytes, &p, here, there);
  q = pbuf_alloc(PBUF_RAW, total, PBUF_POOL);
  ck_assert_ptr_nonnull(q);
  pbuf_take(q, bytes, total);
  if (netif.input(q, &netif) != ERR_OK) {
    pbuf_free(q);
  }
}

void
hear(u32_t seq, u8_t flags, const void *data, u16_t len)
{
  inject(seq, flags, data, len);
}

/* Takes the timestamp and the sequence number of a SYN of lwIP's. */
static void
learn(const struct packet *p)
{
  int i = 0;

  while (i < p->optlen) {
    if (p->opts[i] == 8) {
      echo = ((u32_t)p->opts[i + 2] << 24) | ((u32_t)p->opts[i + 3] << 16) | ((u32_t)p->opts[i + 4] << 8) | p->opts[i + 5];
    }
    i += p->opts[i] <= 1 ? 1 : p->opts[i + 1];
  }
  peer.ack = p->seq + 1;
}

void
dial_half(u16_t from, u16_t port)
{
  const struct packet *p;

  peer.port = from;
  peer.lwip_port = port;
  peer.seq = 7000;
  inject(peer.seq++, SYN, NULL, 0);
  p = world_await(SYN | ACK, 0);
  ck_assert_ptr_nonnull(p);
  learn(p);
}

void
dial(u16_t from, u16_t port)
{
  dial_half(from, port);
  inject(peer.seq, ACK, NULL, 0);
}

void
answer(const struct packet *syn)
{
  peer.lwip_port = syn->src;
  peer.seq = 7000;
  learn(syn);
  inject(peer.seq++, SYN | ACK, NULL, 0);
}

void
finish(void)
{
  while (tcp_active_pcbs != NULL) {
    tcp_abort(tcp_active_pcbs);
  }
  while (tcp_tw_pcbs != NULL) {
    tcp_abort(tcp_tw_pcbs);
  }
  while (tcp_bound_pcbs != NULL) {
    tcp_close(tcp_bound_pcbs);
  }
  while (tcp_listen_pcbs.pcbs != NULL) {
    tcp_close(tcp_listen_pcbs.pcbs);
  }
  say("left: %u pcbs, %u listeners, %u segments, %u pbufs", pool_used(MEMP_TCP_PCB), pool_used(MEMP_TCP_PCB_LISTEN),
      pool_used(MEMP_TCP_SEG), pool_used(MEMP_PBUF_POOL));
  ck_assert_uint_eq(pool_used(MEMP_TCP_PCB) + pool_used(MEMP_TCP_PCB_LISTEN) + pool_used(MEMP_TCP_SEG) +
                    pool_used(MEMP_PBUF_POOL), 0);
}

/* ---- sections ---- */

static const struct {
  const char *name;
  void (*run)(void);
} sections[] = {
  { "constants", constants }, { "lower_constants", lower_constants }, { "lower_functions", lower_functions },
#if LWIP_EVENT_API
  { "events", events },
#else
  { "windows", windows }, { "passive", passive }, { "active", active }, { "listening", listening },
  { "extension", extension }, { "errors_bind", errors_bind }, { "errors_connect", errors_connect },
  { "errors_connected", errors_connected }, { "errors_memory", errors_memory },
  { "errors_listener", errors_listener }, { "errors_asserted", errors_asserted },
#endif
};

START_TEST(section)
{
  say("== %s", sections[_i].name);
  sections[_i].run();
  finish();
}
END_TEST

int
main(int argc, char **argv)
{
  Suite *suite = suite_create("parity");
  TCase *t = tcase_create("parity");
  SRunner *runner;
  char text[200];
  int failed;

  world_choose_backend();
  if (argc != 2) {
    fprintf(stderr, "usage: %s TAP-FILE\n", argv[0]);
    return 2;
  }
  snprintf(text, sizeof(text), "%s.txt", argv[1]);
  file_name = text;
  remove(file_name);
  tcase_add_checked_fixture(t, world_start, NULL);
  tcase_set_timeout(t, 60);
  tcase_add_loop_test(t, section, 0, (int)LWIP_ARRAYSIZE(sections));
  suite_add_tcase(suite, t);
  runner = srunner_create(suite);
  srunner_set_fork_status(runner, CK_FORK);
  srunner_set_tap(runner, argv[1]);
  srunner_run_all(runner, CK_SILENT);
  failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? 1 : 0;
}
