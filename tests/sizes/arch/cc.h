/* SPDX-License-Identifier: BSD-3-Clause */
/* A port for weighing objects only: nothing of it ever runs, and it adds no code of its own. */
#ifndef ARCH_CC_H
#define ARCH_CC_H

#define LWIP_RAND()                board_random()
#define LWIP_PLATFORM_DIAG(x)
#define LWIP_PLATFORM_ASSERT(text)
#define LWIP_NOASSERT

typedef int sys_prot_t;

unsigned int board_random(void);

#endif /* ARCH_CC_H */
