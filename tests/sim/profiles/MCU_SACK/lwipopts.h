/* SPDX-License-Identifier: BSD-3-Clause */
/** @file MCU_SACK: the MCU profile that tells what came out of order. */
#define LWIP_TCP_SACK_OUT 1

#include "../MCU/lwipopts.h"
