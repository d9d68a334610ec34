/* SPDX-License-Identifier: BSD-3-Clause */
/* A port for compiling only: nothing of it ever runs. */
#ifndef ARCH_CC_H
#define ARCH_CC_H

#include <string.h>

typedef int sys_prot_t;

#define LWIP_PLATFORM_DIAG(x)      port_diag x
#define LWIP_PLATFORM_ASSERT(text) port_assert(text, __FILE__, __LINE__)
#ifndef PORT_WITHOUT_RAND
#define LWIP_RAND()                port_random()
#endif

void port_diag(const char *format, ...);
void port_assert(const char *text, const char *file, int line);
unsigned int port_random(void);

#endif /* ARCH_CC_H */
