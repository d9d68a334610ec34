/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Which TCP this file is compiled for. lwip/opt.h of the tree includes this behind lwipopts.h.
 *
 * LWIP_TCP_ALT, from the user: 0 legacy, 1 alt, 2 both in one program. From here on LWIP_TCP_ALT is 0 or 1, and
 * LWIP_TCP_BOTH tells whether the other one is there as well. With both, a backend's own files say
 * LWIP_TCP_SIDE_LEGACY or _ALT; all others see alt's headers, whose structures are closed.
 */
#ifndef LWIP_HDR_TCP_SIDE_H
#define LWIP_HDR_TCP_SIDE_H

#ifndef LWIP_TCP_ALT
#define LWIP_TCP_ALT 0
#endif

#if LWIP_TCP_ALT == 2
#undef LWIP_TCP_ALT
#define LWIP_TCP_BOTH 1
#ifdef LWIP_TCP_SIDE_LEGACY
#define LWIP_TCP_ALT 0
#else
#define LWIP_TCP_ALT 1
#endif
#else
#define LWIP_TCP_BOTH 0
#endif

#endif /* LWIP_HDR_TCP_SIDE_H */
