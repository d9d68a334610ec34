/* SPDX-License-Identifier: BSD-3-Clause */
/** @file NEWRENO: the BIG profile with NewReno. */
#define TCP_CC TCP_CC_NEWRENO

#include "../BIG/lwipopts.h"
