/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Component demux: lwIP's four lists and the connection a segment belongs to, by walking the lists.
 * With TCP_ALT_HASH, tcp_alt_demux_hash.c does it in constant time instead.
 */
#include "lwip/priv/tcp_alt_side.h"

#if LWIP_TCP && LWIP_TCP_ALT /* compiles to nothing unless this backend is selected */

#include "lwip/priv/tcp_alt_demux.h"
#include "lwip/stats.h"
#include "lwip/priv/tcp_alt_component.h"

struct tcp_pcb *tcp_bound_pcbs;
union tcp_listen_pcbs_t tcp_listen_pcbs;
struct tcp_pcb *tcp_active_pcbs;
struct tcp_pcb *tcp_tw_pcbs;

/* In lwIP's order: the first three are those without TIME-WAIT. */
struct tcp_pcb **const tcp_pcb_lists[NUM_TCP_PCB_LISTS] = {
  &tcp_listen_pcbs.pcbs, &tcp_bound_pcbs, &tcp_active_pcbs, &tcp_tw_pcbs
};

void
tcp_alt_demux_list_add(struct tcp_pcb **list, struct tcp_pcb *pcb)
{
  pcb->next = *list;
  *list = pcb;
}

void
tcp_alt_demux_list_remove(struct tcp_pcb **list, struct tcp_pcb *pcb)
{
  for (; *list != NULL; list = &(*list)->next) {
    if (*list == pcb) {
      *list = pcb->next;
      pcb->next = NULL;
      return;
    }
  }
}

#if !TCP_ALT_HASH

/* What points to the connection in a list, or the list's last link. */
static inline struct tcp_pcb **
link_of(struct tcp_pcb **list, const struct tcp_alt_tuple *t)
{
  while ((*list != NULL) && !tcp_alt_demux_is_tuple(*list, t)) {
    list = &(*list)->next;
  }
  return list;
}

/**
 * The connection a segment belongs to. It moves to the front, for segments come in runs; TIME-WAIT
 * hears too little for that.
 */
struct tcp_pcb *
tcp_alt_demux_find(const struct tcp_alt_tuple *t)
{
  struct tcp_pcb **link = link_of(&tcp_active_pcbs, t);
  struct tcp_pcb *pcb = *link;

  if (pcb == NULL) {
    return *link_of(&tcp_tw_pcbs, t);
  }
  if (pcb == tcp_active_pcbs) {
    TCP_STATS_INC(tcp.cachehit);
  } else {
    *link = pcb->next;
    tcp_alt_demux_list_add(&tcp_active_pcbs, pcb);
  }
  return pcb;
}

#if SO_REUSE
struct tcp_pcb *
tcp_alt_demux_tuple_in_use(const struct tcp_alt_tuple *t)
{
  struct tcp_pcb *pcb = *link_of(&tcp_active_pcbs, t);

  return (pcb != NULL) ? pcb : *link_of(&tcp_tw_pcbs, t);
}
#endif /* SO_REUSE */

#endif /* !TCP_ALT_HASH */

#endif /* LWIP_TCP && LWIP_TCP_ALT */
