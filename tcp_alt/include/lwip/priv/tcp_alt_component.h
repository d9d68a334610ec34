/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * The last thing a component's file includes: from here on no const is cast away, so that peers stay
 * what they are to a component, something to read.
 */
#ifndef LWIP_HDR_TCP_ALT_COMPONENT_H
#define LWIP_HDR_TCP_ALT_COMPONENT_H

#undef LWIP_CONST_CAST
#if defined(__GNUC__)
#pragma GCC poison LWIP_CONST_CAST
#endif

#endif /* LWIP_HDR_TCP_ALT_COMPONENT_H */
