/* SPDX-License-Identifier: BSD-3-Clause */
/* A small device: IPv4, lwIP's defaults but for the window, no statistics. */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#define NO_SYS               1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN         0
#define LWIP_SOCKET          0
#define MEM_ALIGNMENT        4
#define LWIP_STATS           0

#define TCP_MSS              1460
#define TCP_WND              (8 * TCP_MSS)
#define TCP_SND_BUF          (8 * TCP_MSS)
#define MEMP_NUM_TCP_SEG     64

#define TCP_ALT_PROFILE      TCP_ALT_TINY

#endif /* LWIPOPTS_H */
