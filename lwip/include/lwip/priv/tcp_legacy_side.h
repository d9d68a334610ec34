/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * In place of lwip/opt.h in legacy's own files: with both backends in one program, its names are others there.
 */
#ifndef LWIP_HDR_TCP_LEGACY_SIDE_H
#define LWIP_HDR_TCP_LEGACY_SIDE_H

#define LWIP_TCP_SIDE_LEGACY

#include "lwip/opt.h"

#if LWIP_TCP_BOTH
#include "lwip/priv/tcp_both_names.h"
#endif

#endif /* LWIP_HDR_TCP_LEGACY_SIDE_H */
