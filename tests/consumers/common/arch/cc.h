/* SPDX-License-Identifier: BSD-3-Clause
 * Compiler and platform definitions of the consumers: a POSIX host, one thread. */
#ifndef CONSUMERS_CC_H
#define CONSUMERS_CC_H

#include <endian.h> /* BYTE_ORDER */
#include <stdlib.h>

/* The tests want the same run every time; a product needs a real source. */
#define LWIP_RAND() ((u32_t)rand())

#endif
