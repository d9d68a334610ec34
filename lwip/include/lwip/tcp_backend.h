/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file
 * Which TCP is at work. A program that was built with both chooses one, once, before lwip_init(); in others the
 * same calls tell what there is. docs/both.md. C90 and C++98.
 */
#ifndef LWIP_HDR_TCP_BACKEND_H
#define LWIP_HDR_TCP_BACKEND_H

#include "lwip/opt.h"

#if LWIP_TCP /* don't build if not configured for use in lwipopts.h */

#include "lwip/err.h"

#ifdef __cplusplus
extern "C" {
#endif

enum lwip_tcp_backend {
  LWIP_TCP_BACKEND_LEGACY, /**< lwIP's own */
  LWIP_TCP_BACKEND_ALT
};

/** What a program with both uses unless lwip_tcp_backend_select() was called; an option for lwipopts.h. */
#ifndef LWIP_TCP_BACKEND_DEFAULT
#define LWIP_TCP_BACKEND_DEFAULT LWIP_TCP_BACKEND_LEGACY
#endif

/**
 * Chooses the TCP. To be called before lwip_init(), from one thread; without it LWIP_TCP_BACKEND_DEFAULT is used.
 * @return ERR_OK; ERR_VAL: this program does not have that one; ERR_ALREADY: lwip_init() was called
 */
err_t lwip_tcp_backend_select(enum lwip_tcp_backend backend);

/** The TCP that is at work, or will be. */
enum lwip_tcp_backend lwip_tcp_backend_get(void);

#if !LWIP_TCP_BOTH
#if LWIP_TCP_ALT
#define lwip_tcp_backend_get() LWIP_TCP_BACKEND_ALT
#else
#define lwip_tcp_backend_get() LWIP_TCP_BACKEND_LEGACY
#endif
#define lwip_tcp_backend_select(backend) ((err_t)((backend) == lwip_tcp_backend_get() ? ERR_OK : ERR_VAL))
#endif

#ifdef __cplusplus
}
#endif

#endif /* LWIP_TCP */

#endif /* LWIP_HDR_TCP_BACKEND_H */
