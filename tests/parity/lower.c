/* SPDX-License-Identifier: BSD-3-Clause
 * The functions and lists of lwip/priv/tcp_priv.h that both backends have. */
#include "parity.h"

#include "lwip/priv/tcp_priv.h"

/* LWIP_TIMERS' own has this name already; that it is declared is enough. */
static void (*const needed)(void) = tcp_timer_needed;
static void (*const input)(struct pbuf *p, struct netif *inp) = tcp_input;

static unsigned int
length(const struct tcp_pcb *pcb)
{
  unsigned int n = 0;

  for (; pcb != NULL; pcb = tcp_next_get(pcb)) {
    n++;
  }
  return n;
}

static void
lists(const char *when)
{
  int i;

  say("%s: active %u, bound %u, listening %u, TIME-WAIT %u", when, length(tcp_active_pcbs), length(tcp_bound_pcbs),
      length(tcp_listen_pcbs.pcbs), length(tcp_tw_pcbs));
  for (i = 0; i < NUM_TCP_PCB_LISTS; i++) {
    say("list %d: %u", i, length(*tcp_pcb_lists[i]));
  }
}

void
lower_functions(void)
{
  union tcp_listen_pcbs_t *listeners = &tcp_listen_pcbs;
  struct tcp_pcb *pcb, *other;
  ip_addr_t here, there;
  u32_t ticks = tcp_ticks;

  say("%d %d", needed != NULL, input != NULL);
  pcb = tcp_alloc(TCP_PRIO_MIN);
  say("priority %d", tcp_prio_get(pcb));
  say("bind %s", err_name(tcp_bind(pcb, IP_ANY_TYPE, 5000)));
  say("two ISNs %s", tcp_next_iss(pcb) != tcp_next_iss(pcb) ? "differ" : "are the same");
  tcp_ack_now(pcb);
  say("ACK now %d", tcp_is_flag_set(pcb, TF_ACK_NOW));
  tcp_clear_flags(pcb, TF_ACK_NOW);
  say("output %s", err_name(tcp_output_nagle(pcb)));
  lists("bound");
  other = tcp_listen(tcp_new());
  say("listens %d", listeners->listen_pcbs == (struct tcp_pcb_listen *)(void *)other);
  lists("listening");
  tcp_free_ooseq(pcb);
  tcp_abandon(pcb, 1);
  lists("abandoned");
  pcb = tcp_alloc(TCP_PRIO_NORMAL);
  tcp_free(pcb);
  IP_ADDR4(&here, 10, 0, 0, 1);
  IP_ADDR4(&there, 10, 0, 0, 3);
  world_discard();
  tcp_rst(NULL, 1234, 5678, &here, &there, 80, 4000);
  {
    const struct packet *p = world_next();
    say("RST %lu %lu %u %u %u", (unsigned long)p->seq, (unsigned long)p->ack, p->flags, p->src, p->dst);
  }
  tcp_netif_ip_addr_changed(&here, &there);
  tcp_txnow();
  tcp_tmr();
  tcp_fasttmr();
  tcp_slowtmr();
  say("ticks %s", tcp_ticks >= ticks ? "go on" : "went back");
  say("sane %d", tcp_pcbs_sane());
  tcp_debug_print(NULL);
  tcp_debug_print_flags(0);
  tcp_debug_print_state(CLOSED);
  tcp_debug_print_pcbs();
  tcp_init();
}
