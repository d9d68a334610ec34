/* SPDX-License-Identifier: BSD-3-Clause
 * lwIP for the contract tests: that of the RFC tests, and what a build of CMakeLists.txt adds. */
#ifndef TCP_ALT_TESTS_CONTRACT_LWIPOPTS_H
#define TCP_ALT_TESTS_CONTRACT_LWIPOPTS_H

#include "../rfc/lwipopts.h"

#define LWIP_NETIF_REMOVE_CALLBACK 0
#define LWIP_LOOPBACK_MAX_PBUFS    0
#define MIB2_STATS                 1

/* As in a product: a callback that hides its tcp_abort() is survived, not told (tests/rfc/test_misuse.c has that). */
#undef LWIP_TCP_PCB_CHECK
#define LWIP_TCP_PCB_CHECK         0

/* Who asks whether the core is locked: test_access.c. */
void contract_core_locked(const char *function);
#define LWIP_ASSERT_CORE_LOCKED()  contract_core_locked(__func__)

#if CONTRACT_HOOKS
#define LWIP_HOOK_FILENAME         "hooks.h"
#define LWIP_TCP_PCB_NUM_EXT_ARGS  2
#define LWIP_CHECKSUM_CTRL_PER_NETIF 1
#undef TCP_WND
#define TCP_WND                    150000
#undef TCP_SND_BUF
#define TCP_SND_BUF                150000
#undef TCP_SND_QUEUELEN
#define TCP_SND_QUEUELEN           400
#define TCP_SNDLOWAT               4000
#endif

#if CONTRACT_EVENT
#define LWIP_EVENT_API    1
#define LWIP_CALLBACK_API 0
#define LWIP_ALTCP        0
#endif

#if CONTRACT_DEBUG
void contract_diag(const char *format, ...);
#undef LWIP_PLATFORM_DIAG
#define LWIP_PLATFORM_DIAG(x) do { contract_diag x; } while (0)
#define LWIP_DEBUG         1
#define TCP_DEBUG          LWIP_DBG_ON
#define TCP_INPUT_DEBUG    LWIP_DBG_ON
#define TCP_OUTPUT_DEBUG   LWIP_DBG_ON
#define TCP_FR_DEBUG       LWIP_DBG_ON
#define TCP_RTO_DEBUG      LWIP_DBG_ON
#define TCP_CWND_DEBUG     LWIP_DBG_ON
#endif

#if CONTRACT_DUAL
#undef LWIP_IPV6
#define LWIP_IPV6          1
#define LWIP_IPV6_SCOPES   1
#define LWIP_IPV6_MLD      0
#define LWIP_IPV6_FRAG     0
#define LWIP_IPV6_REASS    0
#define LWIP_IPV6_DUP_DETECT_ATTEMPTS 0
#define LWIP_IPV6_SEND_ROUTER_SOLICIT 0
#define LWIP_IPV6_AUTOCONFIG 0
#define LWIP_ICMP6         1
#endif

/* legacy wants a word for it, too, where a program has both TCPs */
#ifdef TCP_LOCAL_PORT_RANGE_START
#define TCP_ENSURE_LOCAL_PORT_RANGE(port) \
  ((u16_t)(TCP_LOCAL_PORT_RANGE_START + (port) % (TCP_LOCAL_PORT_RANGE_END - TCP_LOCAL_PORT_RANGE_START)))
#endif

#endif
