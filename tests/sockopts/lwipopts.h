/* SPDX-License-Identifier: BSD-3-Clause
 * lwIP for the socket options: that of the threads' tests, with a loopback interface. */
#ifndef TCP_ALT_TESTS_SOCKOPTS_LWIPOPTS_H
#define TCP_ALT_TESTS_SOCKOPTS_LWIPOPTS_H

#include "../threads/lwipopts.h"

#define LWIP_COMPAT_SOCKETS   0
#undef LWIP_UDP
#define LWIP_UDP              1 /* sockets that are not TCP's */
#define LWIP_NETIF_LOOPBACK   1
#define LWIP_HAVE_LOOPIF      1
#define LWIP_TCP_ERR_REASON   1
#define LWIP_TCP_USER_TIMEOUT 1
#define LWIP_TCP_INFO         1
#define LWIP_TCP_SOCKET_OPTS  1
#define LWIP_TCP_CC_PLUGGABLE 1

/* A hook of the application's own, behind ours. */
int own_hook(int optname, int *err);
#define TCP_NEXT_HOOK_GETSOCKOPT(s, sock, level, optname, optval, optlen, err) own_hook(optname, err)
#define TCP_NEXT_HOOK_SETSOCKOPT(s, sock, level, optname, optval, optlen, err) own_hook(optname, err)

#endif
