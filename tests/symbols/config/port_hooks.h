/* SPDX-License-Identifier: BSD-3-Clause */
/* lwIP's hooks in TCP, with its arguments. */
#ifndef PORT_HOOKS_H
#define PORT_HOOKS_H

#include "lwip/ip_addr.h"
#include "lwip/err.h"

struct tcp_pcb;
struct tcp_hdr;
struct pbuf;

u32_t port_isn(const ip_addr_t *local_ip, u16_t local_port, const ip_addr_t *remote_ip, u16_t remote_port);
err_t port_inpacket(struct tcp_pcb *pcb, struct tcp_hdr *hdr, u16_t optlen, u16_t opt1len, u8_t *opt2,
                    struct pbuf *p);
u8_t port_optlen(const struct tcp_pcb *pcb, u8_t len);
u32_t *port_add_opts(struct pbuf *p, struct tcp_hdr *hdr, const struct tcp_pcb *pcb, u32_t *opts);

#define LWIP_HOOK_TCP_ISN                                        port_isn
#define LWIP_HOOK_TCP_INPACKET_PCB(pcb, hdr, len, len1, opt2, p) port_inpacket(pcb, hdr, len, len1, opt2, p)
#define LWIP_HOOK_TCP_OUT_TCPOPT_LENGTH(pcb, len)                port_optlen(pcb, len)
#define LWIP_HOOK_TCP_OUT_ADD_TCPOPTS(p, hdr, pcb, opts)         port_add_opts(p, hdr, pcb, opts)

#endif /* PORT_HOOKS_H */
