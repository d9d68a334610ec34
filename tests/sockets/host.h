/* SPDX-License-Identifier: BSD-3-Clause
 * One lwIP with tcpip_thread and a link whose far end is the same lwIP: what is sent to the peer's address comes
 * back as from the peer to our own. So both ends of a connection are here, and the link can lose what it is told. */
#ifndef TCP_ALT_TESTS_SOCKETS_HOST_H
#define TCP_ALT_TESTS_SOCKETS_HOST_H

#include "lwip/ip_addr.h"

/** What the host was started with. */
struct host {
  int ipv6;
  int loop; /**< the loopback interface instead of the link: both ends have one address */
  ip_addr_t own, peer;
};
extern struct host host;

/** Starts lwIP; once. */
void host_start(int ipv6, int loop);

/** Runs fn where the core may be used, and returns when it has run. */
void host_on_core(void (*fn)(void *arg), void *arg);

/** Returns when no packet is under way and tcpip_thread has nothing to do. */
void host_settle(void);

/** Waits until the condition holds, which is looked at on the core, at most ms of lwIP's time; whether it holds. */
int host_await(int (*condition)(void *arg), void *arg, unsigned int ms);

/** From here on the link loses every n-th packet; 1 is all, 0 none. */
void host_link_lose(unsigned int every);

/** Takes all that a pool, or the heap ("HEAP"), has; 0 if there is no such pool. */
int host_exhaust(const char *pool);

/** Gives back what host_exhaust() took. */
void host_release(void);

/** Waits until every connection is gone and says what is not back in its pool; NULL if all is. */
const char *host_leak(void);

#endif
