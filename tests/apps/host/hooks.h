/* SPDX-License-Identifier: BSD-3-Clause
 * The hooks of contrib's addons tcp_isn and tcp_md5. */
#ifndef TCP_ALT_TESTS_APPS_HOOKS_H
#define TCP_ALT_TESTS_APPS_HOOKS_H

#include "lwip/arch.h"
#include "lwip/err.h"
#include "lwip/ip_addr.h"

struct tcp_pcb;
struct tcp_hdr;
struct pbuf;
struct lwip_sock;

u32_t addons_isn(const ip_addr_t *local_ip, u16_t local_port, const ip_addr_t *remote_ip, u16_t remote_port);

/* Declared by tcp_md5.h, which needs headers that cannot be included from here. */
err_t tcp_md5_check_inpacket(struct tcp_pcb *pcb, struct tcp_hdr *hdr, u16_t optlen, u16_t opt1len, u8_t *opt2,
                             struct pbuf *p);
u8_t tcp_md5_get_additional_option_length(const struct tcp_pcb *pcb, u8_t internal_option_length);
u32_t *tcp_md5_add_tx_options(struct pbuf *p, struct tcp_hdr *hdr, const struct tcp_pcb *pcb, u32_t *opts);
int tcp_md5_setsockopt_hook(struct lwip_sock *sock, int level, int optname, const void *optval, u32_t optlen,
                            int *err);
#define LWIP_HOOK_TCP_INPACKET_PCB(pcb, hdr, optlen, opt1len, opt2, p) \
  tcp_md5_check_inpacket(pcb, hdr, optlen, opt1len, opt2, p)
#define LWIP_HOOK_TCP_OUT_TCPOPT_LENGTH(pcb, internal_len) tcp_md5_get_additional_option_length(pcb, internal_len)
/* A RST in answer to a segment for nobody has no PCB, which tcp_md5 does not expect. */
#define LWIP_HOOK_TCP_OUT_ADD_TCPOPTS(p, hdr, pcb, opts) \
  ((pcb) != NULL ? tcp_md5_add_tx_options(p, hdr, pcb, opts) : (opts))
#define LWIP_HOOK_SOCKETS_SETSOCKOPT(s, sock, level, optname, optval, optlen, err) \
  tcp_md5_setsockopt_hook(sock, level, optname, optval, optlen, err)

#endif
