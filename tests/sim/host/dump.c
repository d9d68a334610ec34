/* SPDX-License-Identifier: BSD-3-Clause */
/** @file A host's connections: in words, and whether any of them waits for an answer. */
#include "host.h"

#include "lwip/priv/tcp_priv.h"
#include "lwip/tcp.h"
#include "lwip/tcp_access.h"

#if LWIP_TCP_ALT && LWIP_TCP_INFO
static void
dump_info(FILE *out, const struct tcp_pcb *pcb)
{
  static const char *const recovery[] = { "open", "recovery", "rto" };
  struct tcp_info info;

  if (tcp_info_get(pcb, &info) == ERR_OK) {
    fprintf(out, "      stopped by: %s; srtt %u rto %u ms, %u timeouts, silent %u ms; cwnd %u (%s) window %u, "
            "ours %u; unacked %u unsent %u; out %u bytes, %u again, %u acked, in %u\n",
            tcp_info_stop_str(info.stop), (unsigned)info.srtt, (unsigned)info.rto, (unsigned)info.timeouts,
            (unsigned)info.silent, (unsigned)info.cwnd, recovery[info.recovery], (unsigned)info.snd_wnd,
            (unsigned)info.rcv_wnd, (unsigned)info.unacked, (unsigned)info.unsent, (unsigned)info.bytes_out,
            (unsigned)info.bytes_again, (unsigned)info.bytes_acked, (unsigned)info.bytes_in);
  }
}
#endif

static void
dump_pcb(FILE *out, const struct tcp_pcb *pcb)
{
  char local[IPADDR_STRLEN_MAX];
  char remote[IPADDR_STRLEN_MAX];
  int has_data = tcp_state_get(pcb) >= SYN_SENT;

  ipaddr_ntoa_r(tcp_local_ip_get(pcb), local, sizeof(local));
  ipaddr_ntoa_r(tcp_remote_ip_get(pcb), remote, sizeof(remote));
  fprintf(out, "    %-12s %s:%u -> %s", tcp_debug_state_str(tcp_state_get(pcb)), local,
          tcp_local_port_get(pcb), remote);
  if (has_data) {
    fprintf(out, ":%u flags %#x%s%s%s sndbuf %lu", tcp_remote_port_get(pcb),
            (unsigned)tcp_flags_get(pcb), tcp_has_unsent(pcb) ? " unsent" : "",
            tcp_has_unacked(pcb) ? " unacked" : "", tcp_has_ooseq(pcb) ? " ooseq" : "",
            (unsigned long)tcp_sndbuf(pcb));
  }
  fputc('\n', out);
#if LWIP_TCP_ALT && LWIP_TCP_INFO
  if (has_data) {
    dump_info(out, pcb);
  }
#endif
}

static void
dump_list(FILE *out, const char *name, const struct tcp_pcb *pcb)
{
  unsigned shown = 0;

  for (; pcb != NULL && shown < 20; pcb = tcp_next_get(pcb), shown++) {
    if (shown == 0) {
      fprintf(out, "   %s:\n", name);
    }
    dump_pcb(out, pcb);
  }
}

void
simhost_dump(FILE *out)
{
  const struct tcp_pcb *pcb;
  unsigned listening = 0;

  for (pcb = tcp_listen_pcbs.pcbs; pcb != NULL; pcb = tcp_next_get(pcb)) {
    listening++;
  }
  fprintf(out, "   listening: %u\n", listening);
  dump_list(out, "bound", tcp_bound_pcbs);
  dump_list(out, "active", tcp_active_pcbs);
  dump_list(out, "time-wait", tcp_tw_pcbs);
}

int
simhost_waits(void)
{
  const struct tcp_pcb *pcb;

  for (pcb = tcp_active_pcbs; pcb != NULL; pcb = tcp_next_get(pcb)) {
    if (tcp_has_unsent(pcb) || tcp_has_unacked(pcb)) {
      return 1;
    }
  }
  return tcp_tw_pcbs != NULL;
}
