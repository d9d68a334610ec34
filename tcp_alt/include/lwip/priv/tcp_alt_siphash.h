/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Ground: SipHash-2-4, the keyed hash behind initial sequence numbers and port numbers.
 */
#ifndef LWIP_HDR_TCP_ALT_SIPHASH_H
#define LWIP_HDR_TCP_ALT_SIPHASH_H

#include "lwip/opt.h"

#if LWIP_TCP && LWIP_TCP_ALT /* nothing to declare unless this backend is selected */

#include "lwip/arch.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * SipHash-2-4 over `nwords` 32-bit numbers, each fed as four bytes, least significant first; so the
 * result is the same on every machine. key[0] is the first four bytes of the key, read likewise.
 *
 * @return the low 32 bits of the 64-bit tag
 */
u32_t tcp_alt_siphash(const u32_t key[4], const u32_t *words, u8_t nwords);

#ifdef __cplusplus
}
#endif

#endif /* LWIP_TCP && LWIP_TCP_ALT */

#endif /* LWIP_HDR_TCP_ALT_SIPHASH_H */
