/* SPDX-License-Identifier: BSD-3-Clause
 * Compiler and platform definitions for lwIP on a POSIX host. */
#ifndef TCP_ALT_PORTS_UNIX_CC_H
#define TCP_ALT_PORTS_UNIX_CC_H

#include <endian.h> /* BYTE_ORDER */
#include <stdlib.h>

/* Ports and initial sequence numbers come from the kernel's generator. */
unsigned int unix_port_rand(void);
#define LWIP_RAND() ((u32_t)unix_port_rand())

/* The host has errno and struct timeval of its own. */
#define LWIP_ERRNO_STDINCLUDE 1
#define LWIP_TIMEVAL_PRIVATE  0
#include <sys/time.h>

#if !NO_SYS
typedef int sys_prot_t;
#endif

#endif
