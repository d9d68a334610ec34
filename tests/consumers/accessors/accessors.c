/* SPDX-License-Identifier: BSD-3-Clause
 * Calls every accessor of lwip/tcp_access.h, and those of lwip/tcp.h, on a listening PCB. With alt
 * all of them; with legacy those whose member a listener has. Run with the address sanitizer. */
#include <stdio.h>

#include "lwip/init.h"
#include "lwip/ip.h"
#include "lwip/sys.h"
#include "lwip/tcp.h"
#include "lwip/tcp_access.h"

static int failures;

#define EXPECT(condition)                                 \
  do {                                                    \
    if (!(condition)) {                                   \
      printf("line %d: not %s\n", __LINE__, #condition);  \
      failures++;                                         \
    }                                                     \
  } while (0)

u32_t sys_now(void) {
  return 0;
}

static void members_of_both(struct tcp_pcb *pcb, struct tcp_pcb *other) {
  EXPECT(tcp_state_get(pcb) == LISTEN);
  EXPECT(tcp_dbg_get_tcp_state(pcb) == LISTEN);
  EXPECT(tcp_local_port_get(pcb) == 80);
  EXPECT(tcp_next_get(pcb) == other || tcp_next_get(other) == pcb);

  tcp_setprio(pcb, TCP_PRIO_MAX);
  EXPECT(tcp_prio_get(pcb) == TCP_PRIO_MAX);
  tcp_arg(pcb, &failures);
  EXPECT(tcp_callback_arg_get(pcb) == &failures);

  tcp_local_ip_type_set(pcb, IPADDR_TYPE_V6);
  EXPECT(IP_GET_TYPE(tcp_local_ip_get(pcb)) == IPADDR_TYPE_V6);
  tcp_local_ip_type_set(pcb, IPADDR_TYPE_ANY);
  EXPECT(IP_GET_TYPE(tcp_local_ip_get(pcb)) == IPADDR_TYPE_ANY);
  tcp_remote_ip_type_set(pcb, IPADDR_TYPE_V6);
  EXPECT(IP_GET_TYPE(tcp_remote_ip_get(pcb)) == IPADDR_TYPE_V6);

  tcp_tos_set(pcb, 0x2e);
  EXPECT(tcp_tos_get(pcb) == 0x2e);
  tcp_ttl_set(pcb, 7);
  EXPECT(tcp_ttl_get(pcb) == 7);
  tcp_so_options_set(pcb, SOF_REUSEADDR);
  EXPECT(tcp_so_options_get(pcb) == SOF_REUSEADDR);
  ip_set_option(pcb, SOF_KEEPALIVE);
  EXPECT(ip_get_option(pcb, SOF_KEEPALIVE) != 0);
  EXPECT(tcp_so_options_get(pcb) == (SOF_REUSEADDR | SOF_KEEPALIVE));
  ip_reset_option(pcb, SOF_KEEPALIVE);
  EXPECT(ip_get_option(pcb, SOF_KEEPALIVE) == 0);
  tcp_backlog_set(pcb, 3);
}

#if LWIP_TCP_ALT
/* What a listener has not: it reads as nothing, and setting it does nothing. */
static void members_of_a_connection(struct tcp_pcb *pcb) {
  EXPECT(tcp_remote_port_get(pcb) == 0);
  EXPECT(ip_addr_isany_val(*tcp_remote_ip_get(pcb))); /* legacy leaves it as it was */
  EXPECT(tcp_flags_get(pcb) == 0);
  tcp_keep_idle_set(pcb, 1000);
  EXPECT(tcp_keep_idle_get(pcb) == 0);
  tcp_keep_intvl_set(pcb, 1000);
  EXPECT(tcp_keep_intvl_get(pcb) == 0);
  tcp_keep_cnt_set(pcb, 3);
  EXPECT(tcp_keep_cnt_get(pcb) == 0);
  EXPECT(tcp_poll_fn_get(pcb) == NULL);
  EXPECT(tcp_poll_interval_get(pcb) == 0);
  EXPECT(!tcp_has_unsent(pcb));
  EXPECT(!tcp_has_unacked(pcb));
  EXPECT(!tcp_has_ooseq(pcb));

  EXPECT(tcp_mss(pcb) == 0);
  EXPECT(tcp_sndbuf(pcb) == 0);
  EXPECT(tcp_sndqueuelen(pcb) == 0);
  tcp_nagle_disable(pcb);
  EXPECT(!tcp_nagle_disabled(pcb));
  tcp_nagle_enable(pcb);
  tcp_set_flags(pcb, TF_ACK_NOW);
  EXPECT(!tcp_is_flag_set(pcb, TF_ACK_NOW));
  tcp_clear_flags(pcb, TF_ACK_NOW);
}
#endif

static struct tcp_pcb *listener(u16_t port) {
  struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
  if (pcb == NULL || tcp_bind(pcb, IP_ANY_TYPE, port) != ERR_OK) {
    return NULL;
  }
  return tcp_listen(pcb);
}

int main(void) {
  struct tcp_pcb *pcb, *other;
  lwip_init();
  pcb = listener(80);
  other = listener(81);
  if (pcb == NULL || other == NULL) {
    printf("no listener\n");
    return 1;
  }
  members_of_both(pcb, other);
#if LWIP_TCP_ALT
  members_of_a_connection(pcb);
#endif
  /* Nothing of this may have harmed the other one, or the list. */
  EXPECT(tcp_state_get(other) == LISTEN && tcp_local_port_get(other) == 81);
  tcp_close(pcb);
  tcp_close(other);
  printf("%d failures\n", failures);
  return failures != 0;
}
