/* SPDX-License-Identifier: BSD-3-Clause */
/** @file MCU_NOSACK: the MCU profile, without SACK whatever the default is. */
#define LWIP_TCP_SACK_OUT 0

#include "../MCU/lwipopts.h"
