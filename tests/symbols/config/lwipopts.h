/* SPDX-License-Identifier: BSD-3-Clause */
/* What every configuration has in common; tests/symbols/variants adds options on the command line. */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#ifndef NO_SYS
#define NO_SYS                     1
#endif
#if NO_SYS
#define SYS_LIGHTWEIGHT_PROT       0
#define LWIP_NETCONN               0
#define LWIP_SOCKET                0
#endif

#define MEM_ALIGNMENT              4
#ifndef TCP_MSS
#define TCP_MSS                    1460
#endif
#ifndef TCP_WND
#define TCP_WND                    (8 * TCP_MSS)
#endif
#ifndef TCP_SND_BUF
#define TCP_SND_BUF                (8 * TCP_MSS)
#endif
#ifndef MEMP_NUM_TCP_SEG
#define MEMP_NUM_TCP_SEG           64
#endif

#endif /* LWIPOPTS_H */
