/* SPDX-License-Identifier: BSD-3-Clause */
/* As much of lwIP switched on as one build can hold, so that every access to a PCB is compiled. */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#define LWIP_DEBUG                 1
#define NO_SYS                     0
#define LWIP_TCPIP_CORE_LOCKING    1
#define LWIP_IPV4                  1
#define LWIP_IPV6                  1
#define LWIP_IPV6_MLD              1
#define LWIP_RAW                   1
#define LWIP_DNS                   1
#define LWIP_DHCP                  1
#define LWIP_AUTOIP                1
#define LWIP_IGMP                  1
#define LWIP_NETIF_API             1
#define LWIP_SO_LINGER             1
#define LWIP_SO_RCVTIMEO           1
#define LWIP_SO_SNDTIMEO           1
#define LWIP_SO_RCVBUF             1
#define SO_REUSE                   1
#define LWIP_NETCONN_FULLDUPLEX    1
#define LWIP_NETCONN_SEM_PER_THREAD 1
#define LWIP_NETCONN_THREAD_SEM_GET() ((sys_sem_t *)0)
#define LWIP_NETCONN_THREAD_SEM_ALLOC()
#define LWIP_NETCONN_THREAD_SEM_FREE()
#define LWIP_COMPAT_SOCKETS        0
#ifndef LWIP_ALTCP
#define LWIP_ALTCP                 1
#endif
#define LWIP_SNMP                  1
#define SNMP_USE_RAW               1
#define MIB2_STATS                 1
#define LWIP_STATS                 1
#define LWIP_STATS_DISPLAY         1
#define PPP_SUPPORT                1
#define PPPOE_SUPPORT              1
#define LWIP_MDNS_RESPONDER        1
#define LWIP_NUM_NETIF_CLIENT_DATA 2
#define LWIP_NETIF_HOSTNAME        1
#define LWIP_NETIF_STATUS_CALLBACK 1
#define LWIP_NETIF_EXT_STATUS_CALLBACK 1
#define LWIP_TIMEVAL_PRIVATE       0
#define LWIP_ERRNO_STDINCLUDE      1

#define LWIP_TCP_KEEPALIVE         1
#define LWIP_TCP_TIMESTAMPS        1
#define LWIP_TCP_SACK_OUT          1
#define LWIP_WND_SCALE             1
#define TCP_RCV_SCALE              2
#define TCP_LISTEN_BACKLOG         1
#define LWIP_TCP_PCB_NUM_EXT_ARGS  2
#define TCP_MSS                    1460
#define TCP_WND                    (8 * TCP_MSS)
#define TCP_SND_BUF                (8 * TCP_MSS)
#define MEMP_NUM_TCP_SEG           64
#define MEM_SIZE                   100000

#endif /* LWIPOPTS_H */
