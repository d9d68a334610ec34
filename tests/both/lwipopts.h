/* SPDX-License-Identifier: BSD-3-Clause
 * lwIP for the program that chooses: what only alt has is on, so that legacy can be asked for it. DISAGREE: as in a
 * lwipopts.h that gives legacy another window. */
#ifndef TCP_ALT_TESTS_BOTH_LWIPOPTS_H
#define TCP_ALT_TESTS_BOTH_LWIPOPTS_H

#define NO_SYS               1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_SOCKET          0
#define LWIP_NETCONN         0
#define LWIP_IPV4            1
#define LWIP_IPV6            0
#define LWIP_ARP             0
#define LWIP_ETHERNET        0
#define LWIP_UDP             0
#define LWIP_NETIF_LOOPBACK  1
#define LWIP_HAVE_LOOPIF     1
#define LWIP_STATS           1
#define MEM_ALIGNMENT        8

#if defined(DISAGREE) && defined(LWIP_TCP_SIDE_LEGACY)
#define TCP_WND              4000
#else
#define TCP_WND              (4 * TCP_MSS)
#endif

#define LWIP_TCP_ICMP        1
#define LWIP_TCP_URGENT      1
#define LWIP_TCP_INFO        1
#define LWIP_TCP_ERR_REASON  1
#define LWIP_TCP_USER_TIMEOUT 1
#define TCP_LISTEN_BACKLOG   1

void choose_assert(const char *text);
#define LWIP_PLATFORM_ASSERT(text) choose_assert(text)

#endif
