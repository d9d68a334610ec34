/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * SOF_* options of any PCB, in place of the macros of the tree's lwip/ip.h, which includes this.
 *
 * Setting one is a call, since it may move a deadline of a TCP connection (SOF_KEEPALIVE), and
 * sockets.c sets it through the `struct ip_pcb` prefix, where nothing tells the kind of PCB.
 */
#ifndef LWIP_HDR_TCP_ALT_IP_H
#define LWIP_HDR_TCP_ALT_IP_H

#ifdef __cplusplus
extern "C" {
#endif

struct ip_pcb;

/** Sets options (SOF_*) of a PCB of any protocol. */
void tcp_alt_ip_option_set(struct ip_pcb *pcb, u8_t opt);
/** Resets options (SOF_*) of a PCB of any protocol. */
void tcp_alt_ip_option_reset(struct ip_pcb *pcb, u8_t opt);

/** Gets an option; not 0 if it is set. */
#define ip_get_option(pcb, opt)   (((const struct ip_pcb *)(const void *)(pcb))->so_options & (opt))
/** Sets an option. */
#define ip_set_option(pcb, opt)   tcp_alt_ip_option_set((struct ip_pcb *)(void *)(pcb), (u8_t)(opt))
/** Resets an option. */
#define ip_reset_option(pcb, opt) tcp_alt_ip_option_reset((struct ip_pcb *)(void *)(pcb), (u8_t)(opt))

#ifdef __cplusplus
}
#endif

#endif /* LWIP_HDR_TCP_ALT_IP_H */
