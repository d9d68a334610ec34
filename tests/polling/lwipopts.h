/* SPDX-License-Identifier: BSD-3-Clause
 * lwIP for the polling tests: TCP over IPv4 and nothing else that owns a timer, so
 * that every wake-up seen is TCP's. LWIP_TIMERS is set by the build. */
#ifndef TCP_ALT_TESTS_POLLING_LWIPOPTS_H
#define TCP_ALT_TESTS_POLLING_LWIPOPTS_H

#define NO_SYS               1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_SOCKET          0
#define LWIP_NETCONN         0

#define LWIP_IPV4       1
#define LWIP_IPV6       0
#define LWIP_ARP        0
#define LWIP_ETHERNET   0
#define LWIP_ICMP       0
#define LWIP_RAW        0
#define LWIP_UDP        0
#define IP_REASSEMBLY   0
#define IP_FRAG         0
#define LWIP_NETIF_LINK_CALLBACK 0

#define MEM_ALIGNMENT    8
#define MEM_SIZE         (64 * 1024)
#define MEMP_NUM_TCP_PCB 8
#define MEMP_NUM_TCP_SEG 32
#define PBUF_POOL_SIZE   32

#define TCP_MSS              1000
#define TCP_WND              (8 * TCP_MSS)
#define TCP_SND_BUF          (8 * TCP_MSS)
#define TCP_SND_QUEUELEN     32
#define LWIP_TCP_KEEPALIVE   1
#define TCP_LISTEN_BACKLOG   1
#define TCP_QUEUE_OOSEQ      1

#define LWIP_STATS   1
#define MEMP_STATS   1

#endif
