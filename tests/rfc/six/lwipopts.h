/* SPDX-License-Identifier: BSD-3-Clause
 * lwIP for the RFC tests over IPv6: no IPv6 timer has anything to say, and segments are larger than the smallest MTU. */
#ifndef TCP_ALT_TESTS_RFC_SIX_LWIPOPTS_H
#define TCP_ALT_TESTS_RFC_SIX_LWIPOPTS_H

#include "../lwipopts.h"

#undef LWIP_PLATFORM_ASSERT /* no test here misuses a PCB */

#undef LWIP_IPV6
#define LWIP_IPV6                       1
#define LWIP_IPV6_MLD                   0
#define LWIP_IPV6_AUTOCONFIG            0
#define LWIP_IPV6_DUP_DETECT_ATTEMPTS   0
#define LWIP_IPV6_SEND_ROUTER_SOLICIT   0
#define LWIP_IPV6_SCOPES                1

#undef TCP_MSS
#define TCP_MSS        1440
#define LWIP_TCP_PMTUD 1

#endif
