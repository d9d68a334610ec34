/* SPDX-License-Identifier: BSD-3-Clause
 * The hooks of TCP that the build `hooks` has: each calls a function of test_hook.c. */
#ifndef TCP_ALT_TESTS_CONTRACT_HOOKS_H
#define TCP_ALT_TESTS_CONTRACT_HOOKS_H

#include "lwip/arch.h"
#include "lwip/err.h"
#include "lwip/ip_addr.h"

struct pbuf;
struct tcp_hdr;
struct tcp_pcb;

u32_t contract_isn(const ip_addr_t *local_ip, u16_t local_port, const ip_addr_t *remote_ip, u16_t remote_port);
err_t contract_inpacket(struct tcp_pcb *pcb, struct tcp_hdr *hdr, u16_t optlen, u16_t opt1len, u8_t *opt2,
                        struct pbuf *p);
u8_t contract_optlen(const struct tcp_pcb *pcb, u8_t internal);
u32_t *contract_options(struct pbuf *p, struct tcp_hdr *hdr, const struct tcp_pcb *pcb, u32_t *opts);

#define LWIP_HOOK_TCP_ISN(local_ip, local_port, remote_ip, remote_port) \
  contract_isn(local_ip, local_port, remote_ip, remote_port)
#define LWIP_HOOK_TCP_INPACKET_PCB(pcb, hdr, optlen, opt1len, opt2, p) \
  contract_inpacket(pcb, hdr, optlen, opt1len, opt2, p)
#define LWIP_HOOK_TCP_OUT_TCPOPT_LENGTH(pcb, internal) contract_optlen(pcb, internal)
#define LWIP_HOOK_TCP_OUT_ADD_TCPOPTS(p, hdr, pcb, opts) contract_options(p, hdr, pcb, opts)

#endif
