/* SPDX-License-Identifier: BSD-3-Clause
 * Every public header and macro of the TCP API, in the words C90 and C++98 have in common. */
#include "lwip/opt.h"
#include "lwip/tcp.h"
#include "lwip/tcp_access.h"
#include "lwip/altcp.h"
#include "lwip/altcp_tcp.h"
#include "lwip/ip.h"
#include "lwip/priv/tcp_priv.h"

int use(struct tcp_pcb *pcb);

int use(struct tcp_pcb *pcb) {
  int sum = 0;
  ip_set_option(pcb, SOF_KEEPALIVE);
  ip_reset_option(pcb, SOF_KEEPALIVE);
  sum += ip_get_option(pcb, SOF_REUSEADDR) != 0;
  tcp_nagle_disable(pcb);
  tcp_nagle_enable(pcb);
  sum += tcp_nagle_disabled(pcb) != 0;
  tcp_set_flags(pcb, TF_ACK_NOW);
  tcp_clear_flags(pcb, TF_ACK_NOW);
  sum += tcp_is_flag_set(pcb, TF_NODELAY) != 0;
  sum += tcp_mss(pcb) + tcp_sndbuf(pcb) + tcp_sndqueuelen(pcb);
  sum += tcp_dbg_get_tcp_state(pcb) == CLOSED;
  sum += tcp_state_get(pcb) == LISTEN;
  sum += tcp_flags_get(pcb) != 0;
  sum += tcp_prio_get(pcb);
  sum += tcp_callback_arg_get(pcb) != NULL;
  sum += tcp_local_port_get(pcb) + tcp_remote_port_get(pcb);
  sum += ip_addr_isany(tcp_local_ip_get(pcb)) + ip_addr_isany(tcp_remote_ip_get(pcb));
  tcp_local_ip_type_set(pcb, IPADDR_TYPE_V4);
  tcp_remote_ip_type_set(pcb, IPADDR_TYPE_V4);
  tcp_tos_set(pcb, tcp_tos_get(pcb));
  tcp_ttl_set(pcb, tcp_ttl_get(pcb));
  tcp_so_options_set(pcb, tcp_so_options_get(pcb));
  tcp_keep_idle_set(pcb, tcp_keep_idle_get(pcb));
#if LWIP_TCP_KEEPALIVE
  tcp_keep_intvl_set(pcb, tcp_keep_intvl_get(pcb));
  tcp_keep_cnt_set(pcb, tcp_keep_cnt_get(pcb));
#endif
#if LWIP_CALLBACK_API
  sum += tcp_poll_fn_get(pcb) != NULL;
#endif
  sum += tcp_poll_interval_get(pcb);
  sum += tcp_next_get(pcb) != NULL;
  sum += tcp_has_unsent(pcb) + tcp_has_unacked(pcb) + tcp_has_ooseq(pcb);
#if TCP_LISTEN_BACKLOG
  tcp_backlog_set(pcb, 2);
#endif
  return sum + (tcp_listen(pcb) == tcp_new());
}
