/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * What a simulated host needs, whatever a user's lwipopts.h says: included
 * after it. tools/ab prints which of these lines changed something.
 *
 * Not forced: everything of TCP, the sizes of pools and heap, checksums on copy,
 * path MTU discovery.
 */
#ifndef SIM_PROFILE_FORCED_H
#define SIM_PROFILE_FORCED_H

/* The raw API alone, one thread, time from the simulator. */
#undef NO_SYS
#define NO_SYS 1
#undef SYS_LIGHTWEIGHT_PROT
#define SYS_LIGHTWEIGHT_PROT 0
#undef LWIP_NETCONN
#define LWIP_NETCONN 0
#undef LWIP_SOCKET
#define LWIP_SOCKET 0
#undef LWIP_TCPIP_CORE_LOCKING
#define LWIP_TCPIP_CORE_LOCKING 0
#undef LWIP_NETIF_API
#define LWIP_NETIF_API 0
#undef LWIP_TIMERS
#define LWIP_TIMERS 1
#undef LWIP_TIMERS_CUSTOM
#define LWIP_TIMERS_CUSTOM 0
#undef LWIP_TCP
#define LWIP_TCP 1
#undef LWIP_EVENT_API
#define LWIP_EVENT_API 0
#undef LWIP_CALLBACK_API
#define LWIP_CALLBACK_API 1
#undef LWIP_ALTCP
#define LWIP_ALTCP 0

/* IPv4 on a netif without a link layer. */
#undef LWIP_IPV4
#define LWIP_IPV4 1
#undef LWIP_IPV6
#define LWIP_IPV6 0
#undef LWIP_ICMP
#define LWIP_ICMP 1
#undef LWIP_ETHERNET
#define LWIP_ETHERNET 0
#undef LWIP_ARP
#define LWIP_ARP 0
#undef ETH_PAD_SIZE
#define ETH_PAD_SIZE 0
#undef PPP_SUPPORT
#define PPP_SUPPORT 0
#undef LWIP_HAVE_LOOPIF
#define LWIP_HAVE_LOOPIF 0
#undef LWIP_NETIF_LOOPBACK
#define LWIP_NETIF_LOOPBACK 0
#undef LWIP_SINGLE_NETIF
#define LWIP_SINGLE_NETIF 0

/* Other protocols and their timers. */
#undef LWIP_UDP
#define LWIP_UDP 0
#undef LWIP_RAW
#define LWIP_RAW 0
#undef LWIP_DNS
#define LWIP_DNS 0
#undef LWIP_DHCP
#define LWIP_DHCP 0
#undef LWIP_AUTOIP
#define LWIP_AUTOIP 0
#undef LWIP_ACD
#define LWIP_ACD 0
#undef LWIP_IGMP
#define LWIP_IGMP 0
#undef LWIP_SNMP
#define LWIP_SNMP 0
#undef IP_REASSEMBLY
#define IP_REASSEMBLY 0
#undef IP_FRAG
#define IP_FRAG 0

/* The network damages packets: checksums that hardware does elsewhere are done here. */
#undef LWIP_CHECKSUM_CTRL_PER_NETIF
#define LWIP_CHECKSUM_CTRL_PER_NETIF 0
#undef CHECKSUM_GEN_IP
#define CHECKSUM_GEN_IP 1
#undef CHECKSUM_GEN_TCP
#define CHECKSUM_GEN_TCP 1
#undef CHECKSUM_GEN_ICMP
#define CHECKSUM_GEN_ICMP 1
#undef CHECKSUM_CHECK_IP
#define CHECKSUM_CHECK_IP 1
#undef CHECKSUM_CHECK_TCP
#define CHECKSUM_CHECK_TCP 1
#undef CHECKSUM_CHECK_ICMP
#define CHECKSUM_CHECK_ICMP 1

/* What is in use is counted, and must come back. */
#undef LWIP_STATS
#define LWIP_STATS 1
#undef LWIP_STATS_LARGE
#define LWIP_STATS_LARGE 1
#undef MEM_STATS
#define MEM_STATS 1
#undef MEMP_STATS
#define MEMP_STATS 1
#undef TCP_STATS
#define TCP_STATS 1
#undef SYS_STATS
#define SYS_STATS 0
#undef MIB2_STATS
#define MIB2_STATS 0
#undef LWIP_STATS_DISPLAY
#define LWIP_STATS_DISPLAY 0
#undef MEM_LIBC_MALLOC
#define MEM_LIBC_MALLOC 0
#undef MEMP_MEM_MALLOC
#define MEMP_MEM_MALLOC 0
#undef MEM_USE_POOLS
#define MEM_USE_POOLS 0
#undef MEMP_USE_CUSTOM_POOLS
#define MEMP_USE_CUSTOM_POOLS 0
#undef LWIP_TCP_INFO
#define LWIP_TCP_INFO 1

/* The applications' and the simulator's own timeouts. */
#undef MEMP_NUM_SYS_TIMEOUT
#define MEMP_NUM_SYS_TIMEOUT 64

/* What the port provides: here arch/cc.h of the simulator. */
#undef LWIP_RAND
#define LWIP_RAND() simhost_rand()
#undef LWIP_PLATFORM_ASSERT
#define LWIP_PLATFORM_ASSERT(message) simhost_assert(message, __FILE__, __LINE__)
#undef LWIP_PLATFORM_DIAG
#define LWIP_PLATFORM_DIAG(arguments) simhost_diag arguments
#undef LWIP_ERRNO_STDINCLUDE
#define LWIP_ERRNO_STDINCLUDE 1
#undef LWIP_TIMEVAL_PRIVATE
#define LWIP_TIMEVAL_PRIVATE 0
#undef LWIP_HOOK_FILENAME
#undef LWIP_HOOK_IP4_INPUT
#undef LWIP_HOOK_IP4_ROUTE
#undef LWIP_HOOK_IP4_ROUTE_SRC
#undef LWIP_HOOK_IP4_CANFORWARD
#undef LWIP_HOOK_TCP_ISN
#undef LWIP_HOOK_TCP_INPACKET_PCB
#undef LWIP_HOOK_TCP_OUT_TCPOPT_LENGTH
#undef LWIP_HOOK_TCP_OUT_ADD_TCPOPTS
#undef LWIP_HOOK_MEMP_AVAILABLE
#undef LWIP_ASSERT_CORE_LOCKED
#undef LWIP_MARK_TCPIP_THREAD
#undef SYS_DEBUG
#undef LWIP_DEBUG

#endif /* SIM_PROFILE_FORCED_H */
