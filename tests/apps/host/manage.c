/* SPDX-License-Identifier: BSD-3-Clause
 * What SNMP needs: lwIP's agent, and a server whose connections stay in the state they were led into. */
#include "parts.h"

#include "lwip/apps/snmp.h"
#include "lwip/apps/snmp_mib2.h"
#include "lwip/tcp.h"

#define HELD_PORT  7002
#define HELD_PORT4 7004 /* a listener for IPv4 alone, as tcpConnTable knows no other */

/* The byte 'c' closes our side; nothing else has an effect, nor has the peer's FIN. */
static err_t
held_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
  int close;

  LWIP_UNUSED_ARG(arg);
  LWIP_UNUSED_ARG(err);
  if (p == NULL) {
    return ERR_OK;
  }
  close = pbuf_get_at(p, 0) == 'c';
  tcp_recved(pcb, p->tot_len);
  pbuf_free(p);
  if (close) {
    tcp_shutdown(pcb, 0, 1);
  }
  return ERR_OK;
}

static err_t
held_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
  LWIP_UNUSED_ARG(arg);
  if (err != ERR_OK || pcb == NULL) {
    return ERR_VAL;
  }
  tcp_recv(pcb, held_recv);
  return ERR_OK;
}

static int
held_listen(u8_t type, const ip_addr_t *any, u16_t port)
{
  struct tcp_pcb *pcb = tcp_new_ip_type(type);

  if (pcb == NULL || tcp_bind(pcb, any, port) != ERR_OK || (pcb = tcp_listen(pcb)) == NULL) {
    return 0;
  }
  tcp_accept(pcb, held_accept);
  return 1;
}

int
held_serve(const char *unused)
{
  LWIP_UNUSED_ARG(unused);
  return held_listen(IPADDR_TYPE_ANY, IP_ANY_TYPE, HELD_PORT) && held_listen(IPADDR_TYPE_V4, IP4_ADDR_ANY, HELD_PORT4);
}

int
snmp_serve(const char *unused)
{
  static const struct snmp_mib *mibs[] = { &mib2 };

  LWIP_UNUSED_ARG(unused);
  snmp_set_mibs(mibs, LWIP_ARRAYSIZE(mibs));
  snmp_init();
  return 1;
}
