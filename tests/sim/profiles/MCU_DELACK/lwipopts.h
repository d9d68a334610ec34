/* SPDX-License-Identifier: BSD-3-Clause */
/** @file MCU_DELACK: the MCU profile of a peer that delays acknowledgements by 40 ms, as Linux does (alt alone). */
#define TCP_DELACK_MS 40

#include "../MCU/lwipopts.h"
