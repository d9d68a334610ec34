/* SPDX-License-Identifier: BSD-3-Clause */
/** @file The simulated machine, as lwIP sees it. */
#ifndef SIM_ARCH_CC_H
#define SIM_ARCH_CC_H

#include <stdint.h>
#include <sys/time.h>

#define LWIP_TIMEVAL_PRIVATE 0
#define LWIP_ERRNO_STDINCLUDE 1
#define LWIP_RAND() simhost_rand()
#define LWIP_PLATFORM_ASSERT(message) simhost_assert(message, __FILE__, __LINE__)
#define LWIP_PLATFORM_DIAG(arguments) simhost_diag arguments

uint32_t simhost_rand(void);
void simhost_assert(const char *message, const char *file, int line);
void simhost_diag(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* SIM_ARCH_CC_H */
