/* SPDX-License-Identifier: BSD-3-Clause */
/** @file MODELB: the BIG profile with the model-based control. */
#define TCP_CC TCP_CC_MODEL

#include "../BIG/lwipopts.h"
