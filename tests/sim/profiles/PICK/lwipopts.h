/* SPDX-License-Identifier: BSD-3-Clause */
/** @file PICK: the BIG profile in which each connection chooses its congestion control. */
#define LWIP_TCP_CC_PLUGGABLE 1

#include "../BIG/lwipopts.h"
