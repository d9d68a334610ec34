/* SPDX-License-Identifier: BSD-3-Clause
 * lwIP's options of the consumers: raw API over the loopback interface, both IP versions. */
#ifndef CONSUMERS_LWIPOPTS_H
#define CONSUMERS_LWIPOPTS_H

#define NO_SYS               1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_SOCKET          0
#define LWIP_NETCONN         0

#ifndef LWIP_IPV4
#define LWIP_IPV4            1
#endif
#ifndef LWIP_IPV6
#define LWIP_IPV6            1
#endif
#define IPV6_FRAG_COPYHEADER 1 /* pointers of 8 bytes do not fit into the fragment header */
#define LWIP_NETIF_LOOPBACK  1
#define LWIP_HAVE_LOOPIF     1

#define MEM_ALIGNMENT        8
#define MEM_SIZE             (64 * 1024)
#define MEMP_NUM_TCP_SEG     64
#define PBUF_POOL_SIZE       64

#define TCP_MSS              1460
#define TCP_WND              (8 * TCP_MSS)
#define TCP_SND_BUF          (8 * TCP_MSS)
#define TCP_SND_QUEUELEN     64
#ifndef TCP_LISTEN_BACKLOG
#define TCP_LISTEN_BACKLOG   1
#endif
#ifndef LWIP_TCP_KEEPALIVE
#define LWIP_TCP_KEEPALIVE   1
#endif

#define LWIP_STATS           1
#define MEMP_STATS           1

#endif
