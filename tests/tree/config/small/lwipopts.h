/* SPDX-License-Identifier: BSD-3-Clause */
/* lwIP's defaults without an operating system: IPv4, no altcp, no TCP options, no keepalive. */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#define NO_SYS                     1
#define SYS_LIGHTWEIGHT_PROT       0
#define LWIP_NETCONN               0
#define LWIP_SOCKET                0

#endif /* LWIPOPTS_H */
