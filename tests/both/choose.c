/* SPDX-License-Identifier: BSD-3-Clause
 * usage: choose TEST. A choice is made once in a process, so each test is a process. Prints why it failed. */
#include "lwip/tcp_backend.h"

#include "lwip/init.h"
#include "lwip/memp.h"
#include "lwip/netif.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/stats.h"
#include "lwip/sys.h"
#include "lwip/tcp.h"
#include "lwip/tcp_soft_error.h"
#include "lwip/tcp_urgent.h"
#include "lwip/timeouts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PORT 7

#define demand(condition)                                    \
  do {                                                       \
    if (!(condition)) {                                      \
      printf("line %d: not so: %s\n", __LINE__, #condition); \
      exit(1);                                               \
    }                                                        \
  } while (0)

static u32_t now_ms;

u32_t
sys_now(void)
{
  return now_ms;
}

unsigned int
unix_port_rand(void)
{
  static unsigned int state = 1;
  state = state * 1103515245U + 12345U;
  return state ^ (state >> 15);
}

void
choose_assert(const char *text)
{
  printf("assertion: %s\n", text);
  exit(1);
}

/* ---- the choice ---- */

static void
test_default(void)
{
  const enum lwip_tcp_backend expected = LWIP_TCP_BACKEND_DEFAULT;
  demand(lwip_tcp_backend_get() == expected);
  lwip_init();
  demand(lwip_tcp_backend_get() == expected);
}

static void
test_last_word_counts(void)
{
  demand(lwip_tcp_backend_select(LWIP_TCP_BACKEND_ALT) == ERR_OK);
  demand(lwip_tcp_backend_get() == LWIP_TCP_BACKEND_ALT);
  demand(lwip_tcp_backend_select(LWIP_TCP_BACKEND_LEGACY) == ERR_OK);
  demand(lwip_tcp_backend_get() == LWIP_TCP_BACKEND_LEGACY);
  lwip_init();
  demand(lwip_tcp_backend_get() == LWIP_TCP_BACKEND_LEGACY);
}

static void
test_unknown(void)
{
  const enum lwip_tcp_backend before = lwip_tcp_backend_get();
  demand(lwip_tcp_backend_select((enum lwip_tcp_backend)2) == ERR_VAL);
  demand(lwip_tcp_backend_get() == before);
}

static void
test_too_late(void)
{
  demand(lwip_tcp_backend_select(LWIP_TCP_BACKEND_ALT) == ERR_OK);
  lwip_init();
  demand(lwip_tcp_backend_select(LWIP_TCP_BACKEND_LEGACY) == ERR_ALREADY);
  demand(lwip_tcp_backend_select(LWIP_TCP_BACKEND_ALT) == ERR_ALREADY);
  demand(lwip_tcp_backend_get() == LWIP_TCP_BACKEND_ALT);
}

static void
test_init(void)
{
  lwip_init();
}

/* ---- a connection on the loopback interface, looked at through what used to be members and variables ---- */

static struct tcp_pcb *client, *server;

static err_t
on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  server = pcb;
  return err;
}

static err_t
on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(pcb);
  return err;
}

static void
pass(u32_t ms)
{
  u32_t end = now_ms + ms;
  while (now_ms != end) {
    netif_poll_all();
    now_ms++;
    sys_check_timeouts();
  }
}

static struct tcp_pcb *
listen_on_port(void)
{
  struct tcp_pcb *pcb = tcp_new();
  demand(pcb != NULL && tcp_bind(pcb, IP4_ADDR_ANY, PORT) == ERR_OK && tcp_bound_pcbs == pcb);
  pcb = tcp_listen(pcb);
  demand(pcb != NULL && tcp_listen_pcbs.pcbs == pcb && tcp_bound_pcbs == NULL);
  demand(tcp_state_get(pcb) == LISTEN && tcp_local_port_get(pcb) == PORT);
  tcp_accept(pcb, on_accept);
  return pcb;
}

static void
open_connection(void)
{
  ip_addr_t loopback;
  IP_ADDR4(&loopback, 127, 0, 0, 1);
  client = tcp_new();
  demand(client != NULL && tcp_connect(client, &loopback, PORT, on_connected) == ERR_OK);
  pass(2000);
  demand(server != NULL && tcp_state_get(client) == ESTABLISHED && tcp_state_get(server) == ESTABLISHED);
}

/* Each list is the chosen backend's, and another has nothing in it. */
static void
demand_in_lists(void)
{
  struct tcp_pcb *pcb;
  int i, found = 0;
  for (pcb = tcp_active_pcbs; pcb != NULL; pcb = tcp_next_get(pcb)) {
    found += pcb == client || pcb == server;
  }
  demand(found == 2);
  for (i = 0, found = 0; i < NUM_TCP_PCB_LISTS; i++) {
    found += tcp_pcb_lists[i] == &tcp_active_pcbs;
  }
  demand(found == 1);
}

static void
carry(void)
{
  struct tcp_pcb *listener;
  u32_t ticks;
  lwip_init();
  listener = listen_on_port();
  open_connection();
  demand_in_lists();
  ticks = tcp_ticks;
  tcp_ticks = ticks + 5;
  demand(tcp_ticks == ticks + 5);
  demand(tcp_sndbuf(client) == LWIP_MIN(TCP_SND_BUF, 0xffff) && tcp_mss(client) == TCP_MSS);
  demand(tcp_write(client, "hello", 5, 0) == ERR_OK && tcp_output(client) == ERR_OK);
  demand(tcp_has_unacked(client) && !tcp_has_unsent(client) && tcp_sndqueuelen(client) != 0);
  pass(1000);
  demand(!tcp_has_unacked(client));
  ip_set_option(client, SOF_KEEPALIVE);
  demand(ip_get_option(client, SOF_KEEPALIVE) && tcp_so_options_get(client) == SOF_KEEPALIVE);
  tcp_nagle_disable(client);
  demand(tcp_nagle_disabled(client) && !tcp_nagle_disabled(server));
  demand(tcp_close(client) == ERR_OK && tcp_close(server) == ERR_OK && tcp_close(listener) == ERR_OK);
  pass(1000);
  demand(tcp_tw_pcbs != NULL && tcp_active_pcbs == NULL && tcp_listen_pcbs.pcbs == NULL);
  pass(5U * TCP_MSL / 2U);
  demand(tcp_tw_pcbs == NULL);
  demand(lwip_stats.memp[MEMP_TCP_PCB]->used == 0 && lwip_stats.memp[MEMP_TCP_SEG]->used == 0);
  demand(lwip_stats.memp[MEMP_TCP_PCB_LISTEN]->used == 0 && lwip_stats.memp[MEMP_TCP_PCB]->max >= 2);
}

static void
test_legacy(void)
{
  demand(lwip_tcp_backend_select(LWIP_TCP_BACKEND_LEGACY) == ERR_OK);
  carry();
}

static void
test_alt(void)
{
  demand(lwip_tcp_backend_select(LWIP_TCP_BACKEND_ALT) == ERR_OK);
  carry();
}

/* ---- what only alt has ---- */

static void
on_soft_error(void *arg, struct tcp_pcb *pcb, enum tcp_soft_error error)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(error);
}

static void
on_urgent(void *arg, struct tcp_pcb *pcb, u32_t left)
{
  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(left);
}

static void
demand_answers(int alt)
{
  struct tcp_info info;
  lwip_init();
  listen_on_port();
  open_connection();
  demand(tcp_info_get(client, &info) == (alt ? ERR_OK : ERR_VAL));
  tcp_user_timeout_set(client, 5000);
  demand(tcp_user_timeout_get(client) == (alt ? 5000U : 0U));
  tcp_soft_error(client, on_soft_error);
  demand(tcp_soft_error_get(client) == TCP_SOFT_ERROR_NONE);
  tcp_urgent(client, on_urgent);
  demand(tcp_urgent_left(client) == 0 && tcp_urgent_mark(client) == (alt ? ERR_OK : ERR_VAL));
  demand(tcp_err_reason_get() == TCP_ERR_REASON_NONE);
}

static void
test_answers_of_legacy(void)
{
  static const u8_t key[16] = { 1 };
  demand(tcp_alt_secret_set(key, sizeof(key)) == ERR_OK); /* which nobody will use */
  demand(lwip_tcp_backend_select(LWIP_TCP_BACKEND_LEGACY) == ERR_OK);
  demand_answers(0);
}

static void
test_answers_of_alt(void)
{
  demand(lwip_tcp_backend_select(LWIP_TCP_BACKEND_ALT) == ERR_OK);
  demand_answers(1);
}

int
main(int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*run)(void);
  } tests[] = { { "default", test_default },
                { "last-word-counts", test_last_word_counts },
                { "unknown", test_unknown },
                { "too-late", test_too_late },
                { "init", test_init },
                { "legacy", test_legacy },
                { "alt", test_alt },
                { "answers-of-legacy", test_answers_of_legacy },
                { "answers-of-alt", test_answers_of_alt } };
  size_t i;

  for (i = 0; i < LWIP_ARRAYSIZE(tests); i++) {
    if (argc == 2 && strcmp(argv[1], tests[i].name) == 0) {
      tests[i].run();
      return 0;
    }
  }
  fprintf(stderr, "usage: choose TEST, one of:");
  for (i = 0; i < LWIP_ARRAYSIZE(tests); i++) {
    fprintf(stderr, " %s", tests[i].name);
  }
  fputc('\n', stderr);
  return 2;
}
