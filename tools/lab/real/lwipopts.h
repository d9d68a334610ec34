/* SPDX-License-Identifier: BSD-3-Clause */
/** @file A profile of the simulator (REAL_PROFILE names its lwipopts.h) with what a TAP device needs beside TCP. */
#define LWIP_ETHERNET 1
#define LWIP_ARP 1

#include REAL_PROFILE
