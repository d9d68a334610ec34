/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * What all simulated hosts have in common. A profile's lwipopts.h defines its
 * own values first and includes this file last.
 */
#ifndef SIM_PROFILE_COMMON_H
#define SIM_PROFILE_COMMON_H

/* The raw API alone, one thread, time from the simulator. */
#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0
#ifndef LWIP_ETHERNET /* the same profiles on a TAP device: tools/lab/real */
#define LWIP_ETHERNET 0
#define LWIP_ARP 0
#endif
#define LWIP_UDP 0
#define LWIP_DNS 0
#define LWIP_DHCP 0
#define LWIP_SINGLE_NETIF 0

/* Timers other than TCP's would hide who woke an idle host. */
#define IP_REASSEMBLY 0
#define IP_FRAG 0
#define LWIP_IPV6_REASS 0
#define LWIP_IPV6_FRAG 0
#define LWIP_IPV6_MLD 0
#define LWIP_IPV6_AUTOCONFIG 0
#define LWIP_IPV6_SEND_ROUTER_SOLICIT 0
#define LWIP_IPV6_DUP_DETECT_ATTEMPTS 0
#define LWIP_ND6_QUEUEING 0

/* The oracle counts what is in use. */
#ifndef LWIP_STATS
#define LWIP_STATS 1
#endif
#define MEM_STATS 1
#define MEMP_STATS 1
#define SYS_STATS 0
#define TCP_STATS 1
#define LWIP_STATS_LARGE 1

/* Pools are never the bottleneck, unless a profile wants them to be. */
#ifndef MEMP_NUM_TCP_PCB
#ifdef SIM_FEW_PCBS /* a small device, where alt walks its lists */
#define MEMP_NUM_TCP_PCB 16
#else
#define MEMP_NUM_TCP_PCB 128
#endif
#endif
#ifndef MEMP_NUM_TCP_PCB_LISTEN
#define MEMP_NUM_TCP_PCB_LISTEN 16
#endif
#ifndef MEMP_NUM_TCP_SEG
#define MEMP_NUM_TCP_SEG 4096
#endif
#ifndef MEMP_NUM_PBUF
#define MEMP_NUM_PBUF 2048
#endif
#ifndef PBUF_POOL_SIZE
#define PBUF_POOL_SIZE 1024
#endif
#ifndef MEM_SIZE
#define MEM_SIZE (16 * 1024 * 1024)
#endif
#define PBUF_POOL_BUFSIZE 1536
#define MEMP_NUM_SYS_TIMEOUT 64
#ifndef MEM_ALIGNMENT
#define MEM_ALIGNMENT 8
#endif

/* A report tells why a connection is stuck; where instructions are counted, nobody counts segments. */
#ifndef SIM_FEW_PCBS
#ifndef LWIP_TCP_INFO
#define LWIP_TCP_INFO 1
#endif
#endif

/* The sanitizer builds take pools from the heap, so that a use after memp_free()
 * is a use after free(). */
#if defined(SIM_POOLS_FROM_HEAP)
#undef MEMP_MEM_MALLOC
#define MEMP_MEM_MALLOC 1
#define MEM_LIBC_MALLOC 1
#endif

#endif /* SIM_PROFILE_COMMON_H */
