/* SPDX-License-Identifier: BSD-3-Clause */
/* Port of the unit tests: a failed assertion ends the test program, unless a test is about assertions. */
#ifndef ARCH_CC_H
#define ARCH_CC_H

#include <stdio.h>
#include <stdlib.h>

#define LWIP_RAND() ((u32_t)rand())
#if UNIT_MOCK_ASSERT
void unit_assert(const char *message, const char *file, int line); /* the test's own */
#define LWIP_PLATFORM_ASSERT(x) unit_assert((x), __FILE__, __LINE__)
#else
#define LWIP_PLATFORM_ASSERT(x)                                                    \
  do {                                                                             \
    fprintf(stderr, "assertion failed: %s at %s:%d\n", (x), __FILE__, __LINE__);   \
    abort();                                                                       \
  } while (0)
#endif

#endif
