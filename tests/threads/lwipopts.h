/* SPDX-License-Identifier: BSD-3-Clause
 * lwIP with tcpip_thread and core locking, and no timer but TCP's: IPv4 without ARP,
 * reassembly or anything cyclic. LWIP_TCPIP_CORE_LOCKING_INPUT is set by the build. */
#ifndef TCP_ALT_TESTS_THREADS_LWIPOPTS_H
#define TCP_ALT_TESTS_THREADS_LWIPOPTS_H

#define NO_SYS                  0
#define SYS_LIGHTWEIGHT_PROT    1
#define LWIP_TIMERS             1
#define LWIP_TCPIP_CORE_LOCKING 1

#define LWIP_SOCKET  1
#define LWIP_NETCONN 1
#define LWIP_NETCONN_SEM_PER_THREAD 1
#define LWIP_SO_LINGER 1

#define LWIP_IPV4     1
#define LWIP_IPV6     0
#define LWIP_ARP      0
#define LWIP_ETHERNET 0
#define LWIP_UDP      0
#define LWIP_RAW      0
#define LWIP_ICMP     0
#define LWIP_DNS      0
#define IP_REASSEMBLY 0
#define IP_FRAG       0

#define MEM_ALIGNMENT     8
#define MEM_SIZE          (128 * 1024)
#define MEMP_NUM_TCP_PCB  16
#define MEMP_NUM_NETCONN  16
#define MEMP_NUM_TCP_SEG  64
#define PBUF_POOL_SIZE    64
#define TCP_MSS           1000
#define TCP_WND           (16 * TCP_MSS)
#define TCP_SND_BUF       (16 * TCP_MSS)
#define TCP_SND_QUEUELEN  64

#define TCPIP_MBOX_SIZE           16
#define DEFAULT_TCP_RECVMBOX_SIZE 64
#define DEFAULT_ACCEPTMBOX_SIZE   8
#define TCPIP_THREAD_STACKSIZE    0
#define DEFAULT_THREAD_STACKSIZE  0

#define LWIP_MARK_TCPIP_THREAD()  unix_mark_tcpip_thread()
#define LOCK_TCPIP_CORE()         unix_lock_tcpip_core()
#define UNLOCK_TCPIP_CORE()       unix_unlock_tcpip_core()
#define LWIP_ASSERT_CORE_LOCKED() unix_check_core_locking()
void unix_mark_tcpip_thread(void);
void unix_lock_tcpip_core(void);
void unix_unlock_tcpip_core(void);
void unix_check_core_locking(void);

#endif
