/* SPDX-License-Identifier: BSD-3-Clause */
/* A port for compiling only: nothing of it ever runs. */
#ifndef ARCH_CC_H
#define ARCH_CC_H

#include <sys/time.h> /* struct timeval and fd_set, which some of lwIP's apps bring in too */

typedef int sys_prot_t;

#define LWIP_PLATFORM_DIAG(x)      test_diag x
#define LWIP_PLATFORM_ASSERT(text) test_assert(text, __FILE__, __LINE__)
#define LWIP_RAND()                test_rand()

void test_diag(const char *format, ...);
void test_assert(const char *text, const char *file, int line);
unsigned int test_rand(void);

#endif /* ARCH_CC_H */
