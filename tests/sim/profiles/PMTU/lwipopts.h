/* SPDX-License-Identifier: BSD-3-Clause */
/** @file PMTU: DUAL with path MTU discovery. */
#define LWIP_TCP_PMTUD 1

#include "../DUAL/lwipopts.h"
