/* SPDX-License-Identifier: BSD-3-Clause */
/* Everything: dual stack, every TCP option, many connections, every feature that changes TCP's code. */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#define NO_SYS                     1
#define SYS_LIGHTWEIGHT_PROT       0
#define LWIP_NETCONN               0
#define LWIP_SOCKET                0
#define MEM_ALIGNMENT              4
#define LWIP_IPV4                  1
#define LWIP_IPV6                  1
#define LWIP_STATS                 1
#define MIB2_STATS                 1

#define TCP_MSS                    1460
#define TCP_WND                    (256 * 1024)
#define TCP_SND_BUF                (256 * 1024)
#define LWIP_WND_SCALE             1
#define TCP_RCV_SCALE              3
#define LWIP_TCP_SACK_OUT          1
#define LWIP_TCP_TIMESTAMPS        1
#define LWIP_TCP_KEEPALIVE         1
#define TCP_LISTEN_BACKLOG         1
#define LWIP_TCP_PCB_NUM_EXT_ARGS  1
#define SO_REUSE                   1
#define LWIP_NETIF_TX_SINGLE_PBUF  0
#define MEMP_NUM_TCP_PCB           1000
#define MEMP_NUM_TCP_SEG           4096
#define TCP_SND_QUEUELEN           1024

#endif /* LWIPOPTS_H */
