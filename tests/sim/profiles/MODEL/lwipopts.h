/* SPDX-License-Identifier: BSD-3-Clause */
/** @file MODEL: the MCU_SACK profile with the model-based control. */
#define TCP_CC TCP_CC_MODEL

#include "../MCU_SACK/lwipopts.h"
