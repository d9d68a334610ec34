/* SPDX-License-Identifier: BSD-3-Clause */
/* The minimal profile's device with all of loss recovery (TCP_ALT_FULL), and what a large window needs. */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#define NO_SYS               1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN         0
#define LWIP_SOCKET          0
#define MEM_ALIGNMENT        4
#define LWIP_STATS           0

#define TCP_MSS              1460
#define TCP_WND              (256 * 1024)
#define TCP_SND_BUF          (256 * 1024)
#define LWIP_WND_SCALE       1
#define TCP_RCV_SCALE        3
#define LWIP_TCP_SACK_OUT    1
#define LWIP_TCP_TIMESTAMPS  1
#define MEMP_NUM_TCP_SEG     1024
#define TCP_SND_QUEUELEN     1024

#define TCP_ALT_PROFILE      TCP_ALT_FULL

#endif /* LWIPOPTS_H */
