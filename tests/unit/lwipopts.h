/* SPDX-License-Identifier: BSD-3-Clause */
/* Configuration of the unit tests; what varies between builds comes from the command line. */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#define NO_SYS                1
#define LWIP_NETCONN          0
#define LWIP_SOCKET           0
#define SYS_LIGHTWEIGHT_PROT  0
#define LWIP_STATS            0

/* Few enough to be used up. */
#ifndef TCP_LOCAL_PORT_RANGE_START
#define TCP_LOCAL_PORT_RANGE_START  50000
#define TCP_LOCAL_PORT_RANGE_END    50008
#endif

#endif
