/* SPDX-License-Identifier: BSD-3-Clause
 * lwIP for the socket tests. The build sets LWIP_TCPIP_CORE_LOCKING and LWIP_NETCONN_FULLDUPLEX. Small buffers,
 * so that they fill. */
#ifndef TCP_ALT_TESTS_SOCKETS_LWIPOPTS_H
#define TCP_ALT_TESTS_SOCKETS_LWIPOPTS_H

#define NO_SYS               0
#define SYS_LIGHTWEIGHT_PROT 1
#define LWIP_TIMERS          1
#define LWIP_SOCKET          1
#define LWIP_NETCONN         1
#define LWIP_COMPAT_SOCKETS  0 /* the host has functions of these names */
#define LWIP_NETCONN_SEM_PER_THREAD 1
#define LWIP_SO_LINGER       1
#define LWIP_SO_SNDTIMEO     1
#define LWIP_SO_RCVTIMEO     1
#define LWIP_SO_RCVBUF       1
#define SO_REUSE             1
#define LWIP_TCP_KEEPALIVE   1
#ifdef SOCKETS_STRESS
#define TCP_LISTEN_BACKLOG   0 /* it listens with a backlog of 0, and has 50 clients */
#else
#define TCP_LISTEN_BACKLOG   1
#endif

#define LWIP_IPV4     1
#define LWIP_IPV6     1
#define LWIP_ARP      0
#define LWIP_ETHERNET 0
#define LWIP_DNS      0
#define LWIP_UDP      1
#define LWIP_RAW      0
#define IP_REASSEMBLY 0
#define IP_FRAG       0
#define LWIP_IPV6_FRAG  0
#define LWIP_IPV6_REASS 0
#define LWIP_IPV6_MLD 0
#define LWIP_IPV6_AUTOCONFIG 0
#define LWIP_IPV6_DUP_DETECT_ATTEMPTS 0
#define LWIP_IPV6_SEND_ROUTER_SOLICIT 0
#define LWIP_NETIF_LOOPBACK 1
#define LWIP_HAVE_LOOPIF    1

#define MEM_ALIGNMENT     8
#ifdef SOCKETS_STRESS
#define MEM_SIZE          (16 * 1024 * 1024)
#define MEMP_NUM_TCP_PCB  150
#define MEMP_NUM_TCP_SEG  4096
#define MEMP_NUM_NETCONN  200
#define PBUF_POOL_SIZE    4096
#define MEMP_NUM_PBUF     512
#define MEMP_NUM_TCPIP_MSG_API   64
#define MEMP_NUM_TCPIP_MSG_INPKT 512
#define TCPIP_MBOX_SIZE   512
#define DEFAULT_ACCEPTMBOX_SIZE 100
#else
#define MEM_SIZE          (256 * 1024)
#define MEMP_NUM_TCP_PCB  24
#define MEMP_NUM_TCP_SEG  128
#define MEMP_NUM_NETCONN  16
#define PBUF_POOL_SIZE    128
#define MEMP_NUM_PBUF     64
#define MEMP_NUM_TCPIP_MSG_API   16
#define MEMP_NUM_TCPIP_MSG_INPKT 128
#define TCPIP_MBOX_SIZE   128
#define DEFAULT_ACCEPTMBOX_SIZE 4
#endif
#define MEMP_NUM_TCP_PCB_LISTEN 8
#define MEMP_NUM_NETBUF   8
#define MEMP_NUM_SELECT_CB 150

#define TCP_MSS           1000
#ifdef SOCKETS_STRESS
#define TCP_WND           (20 * TCP_MSS)
#define TCP_SND_BUF       (20 * TCP_MSS)
#define TCP_SND_QUEUELEN  80
#else
#define TCP_WND           (4 * TCP_MSS)
#define TCP_SND_BUF       (4 * TCP_MSS)
#define TCP_SND_QUEUELEN  16
#endif
#define TCP_SNDLOWAT      (TCP_SND_BUF / 2)
#define LWIP_TCP_CLOSE_TIMEOUT_MS_DEFAULT 5000

#define DEFAULT_TCP_RECVMBOX_SIZE 32
#define DEFAULT_UDP_RECVMBOX_SIZE 4
#define TCPIP_THREAD_STACKSIZE    0
#define DEFAULT_THREAD_STACKSIZE  0

#define LWIP_STATS       1
#define LWIP_STATS_LARGE 1
#define MEM_STATS        1
#define MEMP_STATS       1
#define TCP_STATS        1
#define LWIP_STATS_DISPLAY 1 /* pools have names */

#define LWIP_MARK_TCPIP_THREAD()  unix_mark_tcpip_thread()
#if LWIP_TCPIP_CORE_LOCKING
#define LOCK_TCPIP_CORE()         unix_lock_tcpip_core()
#define UNLOCK_TCPIP_CORE()       unix_unlock_tcpip_core()
#endif
#define LWIP_ASSERT_CORE_LOCKED() unix_check_core_locking()
void unix_mark_tcpip_thread(void);
void unix_lock_tcpip_core(void);
void unix_unlock_tcpip_core(void);
void unix_check_core_locking(void);

#endif
