/* SPDX-License-Identifier: BSD-3-Clause */
/** @file FEW: the MCU profile with 16 connections at most, as on a small device. */
#define MEMP_NUM_TCP_PCB 16

#include "../MCU/lwipopts.h"
