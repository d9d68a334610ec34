/* SPDX-License-Identifier: BSD-3-Clause */
/* Port of lwIP's own unit tests: a failed assertion ends the test's process. */
#ifndef ARCH_CC_H
#define ARCH_CC_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h> /* struct timeval, for lwip/sockets.h */

#define LWIP_TIMEVAL_PRIVATE 0
#define LWIP_ERRNO_STDINCLUDE 1
#define LWIP_RAND() ((u32_t)rand())
#define LWIP_PLATFORM_DIAG(x) do { printf x; } while (0)
#define LWIP_PLATFORM_ASSERT(x)                                                    \
  do {                                                                             \
    fprintf(stderr, "assertion failed: %s at %s:%d\n", (x), __FILE__, __LINE__);   \
    abort();                                                                       \
  } while (0)

#endif /* ARCH_CC_H */
