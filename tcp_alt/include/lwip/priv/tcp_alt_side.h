/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * What every file of this backend includes first, in place of lwip/opt.h: with both backends in one program, its
 * public names are others there.
 */
#ifndef LWIP_HDR_TCP_ALT_SIDE_H
#define LWIP_HDR_TCP_ALT_SIDE_H

#define LWIP_TCP_SIDE_ALT

#include "lwip/opt.h"

#if LWIP_TCP_BOTH
#include "lwip/priv/tcp_both_names.h"
#endif

#endif /* LWIP_HDR_TCP_ALT_SIDE_H */
