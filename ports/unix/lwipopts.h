/* SPDX-License-Identifier: BSD-3-Clause
 * lwIP's options for the POSIX host. NO_SYS is set by the build (default 1). */
#ifndef TCP_ALT_PORTS_UNIX_LWIPOPTS_H
#define TCP_ALT_PORTS_UNIX_LWIPOPTS_H

#ifndef NO_SYS
#define NO_SYS 1
#endif

#define LWIP_SOCKET  (!NO_SYS)
#define LWIP_NETCONN (!NO_SYS)
#define SYS_LIGHTWEIGHT_PROT (!NO_SYS)
#define LWIP_NETIF_LOOPBACK 1
#define LWIP_HAVE_LOOPIF    1

#define LWIP_IPV4 1
#define LWIP_IPV6 1
#define LWIP_IPV6_DUP_DETECT_ATTEMPTS 0 /* the address works at once */
#define IPV6_FRAG_COPYHEADER 1 /* pointers of 8 bytes do not fit into the fragment header */
#define LWIP_DNS  0
#define LWIP_ICMP 1

/* Memory: a host has plenty, but the pools stay lwIP's static ones. */
#define MEM_ALIGNMENT        8
#define MEM_SIZE             (1024 * 1024)
#define MEMP_NUM_TCP_PCB     32
#define MEMP_NUM_TCP_PCB_LISTEN 16
#define MEMP_NUM_TCP_SEG     512
#define MEMP_NUM_PBUF        512
#define MEMP_NUM_NETCONN     32
#define PBUF_POOL_SIZE       512
#define MEMP_NUM_SYS_TIMEOUT (LWIP_NUM_SYS_TIMEOUT_INTERNAL + 8)

#define TCP_MSS          1460
#define TCP_WND          (40 * TCP_MSS)
#define TCP_SND_BUF      (40 * TCP_MSS)
#define TCP_SND_QUEUELEN 200
#define TCP_LISTEN_BACKLOG 1
#define LWIP_TCP_KEEPALIVE 1
#define LWIP_TCP_INFO 1 /* alt's figures, for the status application */

#define TCPIP_MBOX_SIZE           128
#define MEMP_NUM_TCPIP_MSG_INPKT  TCPIP_MBOX_SIZE
#define DEFAULT_TCP_RECVMBOX_SIZE 128
#define DEFAULT_ACCEPTMBOX_SIZE   16
#define TCPIP_THREAD_STACKSIZE    0
#define DEFAULT_THREAD_STACKSIZE  0
#define LWIP_NETCONN_SEM_PER_THREAD 1
#define LWIP_NETCONN_FULLDUPLEX 1
#define LWIP_SO_SNDTIMEO 1
#define LWIP_SO_RCVTIMEO 1
#define LWIP_SO_LINGER   1
#define SO_REUSE         1

/* The HTTP server sends what files.c maps; its headers are made at run time. */
#define LWIP_HTTPD_CUSTOM_FILES    1
#define LWIP_HTTPD_DYNAMIC_HEADERS 1
#define LWIP_HTTPD_MAX_REQUEST_URI_LEN 255

#define LWIP_STATS 1
#define LWIP_STATS_LARGE 1
#define MEMP_STATS 1
#define TCP_STATS  1

#if !NO_SYS
#define LWIP_TCPIP_CORE_LOCKING 1
#ifndef LWIP_TCPIP_CORE_LOCKING_INPUT
#define LWIP_TCPIP_CORE_LOCKING_INPUT 0
#endif
#define LWIP_MARK_TCPIP_THREAD()  unix_mark_tcpip_thread()
#define LOCK_TCPIP_CORE()         unix_lock_tcpip_core()
#define UNLOCK_TCPIP_CORE()       unix_unlock_tcpip_core()
#define LWIP_ASSERT_CORE_LOCKED() unix_check_core_locking()
/* Core locking: LWIP_ASSERT_CORE_LOCKED() verifies who calls. */
void unix_mark_tcpip_thread(void);
void unix_lock_tcpip_core(void);
void unix_unlock_tcpip_core(void);
void unix_check_core_locking(void);
#endif

#endif
